"""The form of one event: make, edit, answer, delete."""

from datetime import date, datetime, timedelta
from urllib.parse import quote

from ..google.accounts import accounts
from ..google.when import zone
from ..http.message import redirect
from ..service import ApiError
from .acts import act, event_path
from .frame import e, page, user_url

REPEATS = {
    "": "Does not repeat",
    "RRULE:FREQ=DAILY;COUNT=5": "Daily, 5 times",
    "RRULE:FREQ=WEEKLY;COUNT=8": "Weekly, 8 times",
    "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": "Every weekday",
}
ANSWERS = (("accepted", "Yes"), ("tentative", "Maybe"), ("declined", "No"))


def new_event(world, request):
    """`GET …/new?day=`: an empty form."""
    user = accounts(world)[request.args["email"]]
    day = request.param("day", "") or world.clock.now().date().isoformat()
    draft = {"start": {"dateTime": f"{day}T10:00"}, "end": {"dateTime": f"{day}T11:00"}}
    return page("New event", form(world, user, user["email"], draft))


def edit_event(world, request):
    """`GET …/event?cal=&id=`."""
    user, cal, event_id = accounts(world)[request.args["email"]], request.param("cal", ""), request.param("id", "")
    try:
        event = act(world, user["email"], "GET", event_path(cal, event_id))
    except ApiError as error:
        return page("Gone", f"<main class=narrow><h1>{e(error.message)}</h1><a class=btn href='{user_url(user['email'])}'>Back</a></main>", 404)
    return page(event.get("summary", "Event"), form(world, user, cal, event))


def form(world, user, cal, event, error=""):
    """The page's body for a new event or an existing one."""
    tz, here = zone(user["timezone"]), user_url(user["email"])
    is_new = "id" not in event
    entries = act(world, user["email"], "GET", "/users/me/calendarList")["items"]
    role = next((c["accessRole"] for c in entries if c["id"] == cal), "reader")
    may_edit = is_new or role in ("owner", "writer") and bool((event.get("organizer") or {}).get("self") or event.get("guestsCanModify"))
    locked = "" if may_edit else " disabled"
    first, start, last, stop, whole = times_of(event, tz)
    note = f"<p class=error role=alert>{e(error)}</p>" if error else ""
    calendars = "".join(
        f"<option value='{e(c['id'])}'{' selected' if c['id'] == cal else ''}>{e(c['summary'])}</option>"
        for c in entries
        if c["accessRole"] in ("owner", "writer") or c["id"] == cal
    )
    guests = ", ".join(g["email"] for g in event.get("attendees", []) if not g.get("self"))
    hidden = "".join(f"<input type=hidden name={n} value='{e(v)}'>" for n, v in (("cal", cal), ("id", event.get("id", ""))))
    fields = f"""<label>Title<input name=summary value="{e(event.get('summary', ''))}" autofocus{locked}></label>
<div class=pair><label>Day<input type=date name=first value="{first}" required{locked}></label>
<label>From<input type=time name=start value="{start}"{locked}></label></div>
<div class=pair><label>Until<input type=date name=last value="{last}" required{locked}></label>
<label>To<input type=time name=stop value="{stop}"{locked}></label></div>
<label class=check><input type=checkbox name=whole{' checked' if whole else ''}{locked}> All day</label>
<label>Place<input name=location value="{e(event.get('location', ''))}"{locked}></label>
<label>Text<textarea name=description rows=4{locked}>{e(event.get('description', ''))}</textarea></label>
<label>Guests (addresses, with commas)<input name=guests value="{e(guests)}"{locked}></label>"""
    if is_new:
        fields += f"<label>Calendar<select name=target>{calendars}</select></label><label>Repeat<select name=repeat>"
        fields += "".join(f"<option value='{e(k)}'>{e(v)}</option>" for k, v in REPEATS.items()) + "</select></label>"
    if event.get("recurringEventId") and may_edit:
        fields += """<fieldset><legend>Changes apply to</legend><label class=check><input type=radio name=reach value=one checked>
This event</label><label class=check><input type=radio name=reach value=all> All events of the series</label></fieldset>"""
    fields += f"<label class=check><input type=checkbox name=notify value=all{locked}> Mail the guests</label>"
    delete = "" if is_new else "<button class=warn name=do value=delete formnovalidate>Delete</button>"
    save = "" if not may_edit else "<button class='btn go' name=do value=save>Save</button>"
    return f"""<main class=narrow><h1>{'New event' if is_new else e(event.get('summary') or 'Event')}</h1>{note}{people(event)}
<form method=post action="{here}/event">{hidden}{answer_buttons(event)}{fields}
<div class=row>{save}<a class=btn href="{here}?week={first}">Cancel</a><span class=gap></span>{delete}</div></form></main>"""


def people(event):
    """Organizer and guests with their answers."""
    guests = "".join(f"<li>{e(g['email'])} <small>{e(g['responseStatus'])}</small></li>" for g in event.get("attendees", []))
    who = (event.get("organizer") or {}).get("email", "")
    return f"<p class=quiet>Organized by {e(who)}</p><ul class=people>{guests}</ul>" if guests else ""


def answer_buttons(event):
    """Yes, maybe, no: for guests."""
    mine = next((g for g in event.get("attendees", []) if g.get("self")), None)
    if mine is None or (event.get("organizer") or {}).get("self"):
        return ""
    buttons = "".join(
        f"<button class='btn{' go' if mine['responseStatus'] == key else ''}' name=do value={key} formnovalidate>{label}</button>"
        for key, label in ANSWERS
    )
    return f"<div class=row role=group aria-label=Answer><span>Going?</span>{buttons}</div>"


def times_of(event, tz):
    """Values of the date and time fields: first day, start, last day, stop, all day?"""
    if "date" in event["start"]:
        last = date.fromisoformat(event["end"]["date"]) - timedelta(days=1)
        return event["start"]["date"], "10:00", last.isoformat(), "11:00", True
    moments = [datetime.fromisoformat(event[name]["dateTime"]) for name in ("start", "end")]
    first, last = (m.astimezone(tz) if m.tzinfo else m for m in moments)
    return f"{first:%Y-%m-%d}", f"{first:%H:%M}", f"{last:%Y-%m-%d}", f"{last:%H:%M}", False


def save_event(world, request):
    """`POST …/event`: whatever button was pressed."""
    user, values = accounts(world)[request.args["email"]], request.form()
    send = {"sendUpdates": "all" if values.get("notify") else "none"}
    try:
        _do(world, user, values, send)
    except (ApiError, ValueError) as error:
        draft = _shown_again(user, values)
        return page("Event", form(world, user, values.get("cal") or user["email"], draft, str(error)), 400)
    week = values.get("first", "")
    return redirect(f"{user_url(user['email'])}?week={quote(week)}", 303)


def _do(world, user, values, send):
    email, path = user["email"], event_path(values.get("cal", ""), values.get("id", ""))
    if values.get("do") == "delete":
        if values.get("reach") == "all":
            path = _series_path(world, user, values)
        act(world, email, "DELETE", path, **send)
    elif values.get("do") in dict(ANSWERS):
        own = {"attendeesOmitted": True, "attendees": [{"email": email, "responseStatus": values["do"]}]}
        act(world, email, "PATCH", path, own, sendUpdates="all")
    elif values.get("id"):
        _update(world, user, values, path, send)
    else:
        body = {k: v for k, v in body_of(user, values).items() if v not in (None, "")}
        if values.get("repeat"):
            body["recurrence"] = [values["repeat"]]
        act(world, email, "POST", f"/calendars/{quote(values['target'], safe='')}/events", body, **send)


def _update(world, user, values, path, send):
    old = act(world, user["email"], "GET", path)
    body = body_of(user, values, old)
    if values.get("reach") == "all":
        path = _series_path(world, user, values)
        body = {k: v for k, v in body.items() if k not in ("start", "end")}
    act(world, user["email"], "PATCH", path, body, **send)


def _series_path(world, user, values):
    event = act(world, user["email"], "GET", event_path(values["cal"], values["id"]))
    return event_path(values["cal"], event.get("recurringEventId") or values["id"])


def body_of(user, values, old=None):
    """The form as an API body; guests keep the answers that they have given."""
    known = {g["email"]: g for g in (old or {}).get("attendees", [])}
    wanted = [m.strip().lower() for m in values.get("guests", "").split(",") if m.strip()]
    mine = [g["email"] for g in known.values() if g.get("self")] or ([user["email"]] if wanted and not known else [])
    new = {user["email"]: {"email": user["email"], "responseStatus": "accepted"}}
    guests = [known.get(m) or new.get(m) or {"email": m} for m in [*mine, *(m for m in wanted if m not in mine)]]
    none = {"date": None, "dateTime": None, "timeZone": None}
    if values.get("whole"):
        end = date.fromisoformat(values["last"]) + timedelta(days=1)
        start, stop = {**none, "date": values["first"]}, {**none, "date": end.isoformat()}
    else:
        tz = user["timezone"]
        start = {"date": None, "dateTime": f"{values['first']}T{values['start']}:00", "timeZone": tz}
        stop = {"date": None, "dateTime": f"{values['last']}T{values['stop']}:00", "timeZone": tz}
    body = {name: values.get(name, "") for name in ("summary", "location", "description")}
    return {**body, "start": start, "end": stop, "attendees": guests}


def _shown_again(user, values):
    draft = {name: values.get(name, "") for name in ("summary", "location", "description")}
    if values.get("id"):
        draft["id"] = values["id"]
        draft["organizer"] = {"self": True}
    day = date.today().isoformat()
    draft["start"] = {"dateTime": f"{values.get('first') or day}T{values.get('start') or '10:00'}"}
    draft["end"] = {"dateTime": f"{values.get('last') or day}T{values.get('stop') or '11:00'}"}
    return draft


def move_event(world, request):
    """`POST …/move` of a drag: `cal`, `id`, `start` (local, to the minute); length stays."""
    user, values = accounts(world)[request.args["email"]], request.form()
    path, tz = event_path(values["cal"], values["id"]), zone(user["timezone"])
    event = act(world, user["email"], "GET", path)
    start, stop = (datetime.fromisoformat(event[n]["dateTime"]) for n in ("start", "end"))
    begin = datetime.fromisoformat(values["start"]).replace(tzinfo=tz)
    body = {
        "start": {"dateTime": begin.isoformat(), "timeZone": event["start"].get("timeZone")},
        "end": {"dateTime": (begin + (stop - start)).isoformat(), "timeZone": event["end"].get("timeZone")},
    }
    act(world, user["email"], "PATCH", path, body, sendUpdates="none")
    return redirect(user_url(user["email"]), 303)
