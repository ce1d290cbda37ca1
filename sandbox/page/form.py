"""The form of one event: make, edit, answer, delete."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from urllib.parse import quote

from ..html import NOTHING, Html, each, render, when
from ..http.message import redirect
from ..service import ApiError
from .desk import desk_of
from .frame import page

REPEATS = {
    "": "Does not repeat",
    "RRULE:FREQ=DAILY;COUNT=5": "Daily, 5 times",
    "RRULE:FREQ=WEEKLY;COUNT=8": "Weekly, 8 times",
    "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": "Every weekday",
}
LINK = re.compile(r'<a\s[^>]*?href="(https?://[^"]+)"[^>]*>(.*?)</a>', re.IGNORECASE | re.DOTALL)
ANSWERS = (("accepted", "Yes"), ("tentative", "Maybe"), ("declined", "No"))
GIVEN = {**dict(ANSWERS), "needsAction": "No answer yet"}


def new_event(world, request):
    """`GET …/new?day=`: an empty form."""
    desk = desk_of(world, request)
    day = request.param("day", "") or world.clock.now().date().isoformat()
    draft = {"start": {"dateTime": f"{day}T10:00"}, "end": {"dateTime": f"{day}T11:00"}}
    return page("New event", form(desk, desk.side.home(desk.email), draft))


def edit_event(world, request):
    """`GET …/event?cal=&id=`."""
    return show(desk_of(world, request), request.param("cal", ""), request.param("id", ""))


def show(desk, cal, event_id):
    """The form of an event, or that it is gone."""
    try:
        event = desk.side.get(desk.email, cal, event_id)
    except ApiError as error:
        return page("Gone", render("gone", text=error.message, back=desk.url()), 404)
    return page(event.get("summary", "Event"), form(desk, cal, event))


def form(desk, cal, event, error=""):
    """The page's body for a new event or an existing one."""
    is_new = "id" not in event
    entries = desk.side.calendars(desk.email)
    writable = [c for c in entries if c["accessRole"] in ("owner", "writer")]
    may_edit = is_new or (cal in {c["id"] for c in writable} and may_change(event))
    new = render("form_new", calendars=calendar_options(writable, cal), repeats=repeat_options())
    one_of_many = may_edit and event.get("recurringEventId")
    guests = [g["email"] for g in event.get("attendees", []) if not g.get("self")]
    save = "<button class='btn go' name=do value=save>Save</button>"
    delete = "<button class=warn name=do value=delete formnovalidate>Delete</button>"
    return render(
        "form",
        heading="New event" if is_new else event.get("summary") or "Event",
        note=render("form_error", text=error) if error else NOTHING,
        people=people(event),
        links=links(event),
        here=desk.url(),
        cal=cal,
        id=event.get("id", ""),
        answers=answer_buttons(event),
        **{name: event.get(name, "") for name in ("summary", "location", "description")},
        **times_of(event, desk.zone),
        guests=", ".join(guests),
        locked=when(not may_edit, " disabled"),
        new=new if is_new else NOTHING,
        notify=notice(desk, may_edit),
        reach=render("form_reach") if one_of_many else NOTHING,
        save=when(may_edit, save),
        delete=when(not is_new, delete),
    )


def notice(desk, may_edit):
    """The box that lets guests be mailed, or that they are mailed anyway."""
    if not desk.side.asks_before_mailing:
        return render("form_mails", side=desk.side.label)
    return render("form_notify", locked=when(not may_edit, " disabled"))


def may_change(event):
    """Whether shared fields may be edited from this calendar."""
    return bool((event.get("organizer") or {}).get("self") or event.get("guestsCanModify"))


def calendar_options(entries, chosen):
    """Calendars that can take a new event."""
    rows = [
        {"value": c["id"], "label": c["summary"], "selected": when(c["id"] == chosen, " selected")}
        for c in entries
    ]
    return each("option", rows)


def repeat_options():
    """Rules on offer."""
    return each("option", [{"value": k, "label": v, "selected": ""} for k, v in REPEATS.items()])


def people(event):
    """Organizer and guests with their answers."""
    guests = [
        {"email": g["email"], "answer": GIVEN[g["responseStatus"]]}
        for g in event.get("attendees", [])
    ]
    organizer = (event.get("organizer") or {}).get("email", "")
    if not guests:
        return NOTHING
    return render("form_people", organizer=organizer, guests=each("form_guest", guests))


def links(event):
    """Links of the text, to click as in the provider's own view of an event."""
    found = LINK.findall(event.get("description") or "")
    rows = [
        {"url": unescape(url), "label": unescape(re.sub(r"<[^>]*>", "", label)).strip() or url}
        for url, label in found
    ]
    return render("form_links", links=each("form_link", rows)) if rows else NOTHING


def answer_buttons(event):
    """Yes, maybe, no: for guests."""
    mine = next((g for g in event.get("attendees", []) if g.get("self")), None)
    if mine is None or (event.get("organizer") or {}).get("self"):
        return NOTHING
    rows = [
        {"key": key, "label": label, "go": when(mine["responseStatus"] == key, " go")}
        for key, label in ANSWERS
    ]
    return render("form_answers", buttons=each("form_answer", rows))


def times_of(event, tz):
    """Values of the date and time fields."""
    if "date" in event["start"]:
        last = date.fromisoformat(event["end"]["date"]) - timedelta(days=1)
        days = {"first": event["start"]["date"], "last": last}
        return {**days, "start": "10:00", "stop": "11:00", "whole": Html(" checked")}
    moments = [datetime.fromisoformat(event[name]["dateTime"]) for name in ("start", "end")]
    first, last = (m.astimezone(tz) if m.tzinfo else m for m in moments)
    clock = {"start": f"{first:%H:%M}", "stop": f"{last:%H:%M}", "whole": NOTHING}
    return {"first": f"{first:%Y-%m-%d}", "last": f"{last:%Y-%m-%d}", **clock}


def save_event(world, request):
    """`POST …/event`: whatever button was pressed."""
    desk, values = desk_of(world, request), request.form()
    try:
        _do(desk, values)
    except (ApiError, ValueError) as error:
        cal = values.get("cal") or desk.side.home(desk.email)
        return page("Event", form(desk, cal, _shown_again(values), str(error)), 400)
    return redirect(desk.url(f"?week={quote(values.get('first', ''))}"), 303)


def _do(desk, values):
    side, email, notify = desk.side, desk.email, bool(values.get("notify"))
    cal, event_id = values.get("cal", ""), values.get("id", "")
    if values.get("do") == "delete":
        side.delete(email, cal, _reached(desk, values), notify)
    elif values.get("do") in dict(ANSWERS):
        side.answer(email, cal, event_id, values["do"])
    elif event_id:
        _update(desk, values, notify)
    else:
        side.create(email, values["target"], body_of(desk, values), values.get("repeat"), notify)


def _update(desk, values, notify):
    old = desk.side.get(desk.email, values["cal"], values["id"])
    body = body_of(desk, values, old)
    if values.get("reach") == "all":
        body = {k: v for k, v in body.items() if k not in ("start", "end")}
    desk.side.update(desk.email, values["cal"], _reached(desk, values), body, notify)


def _reached(desk, values):
    """Id of the event, or of its series when all of it is meant."""
    if values.get("reach") != "all":
        return values["id"]
    event = desk.side.get(desk.email, values["cal"], values["id"])
    return event.get("recurringEventId") or values["id"]


def body_of(desk, values, old=None):
    """The form as an API body; guests keep the answers that they have given."""
    known = {g["email"]: g for g in (old or {}).get("attendees", [])}
    wanted = [m.strip().lower() for m in values.get("guests", "").split(",") if m.strip()]
    mine = [g["email"] for g in known.values() if g.get("self")] or (
        [desk.email] if wanted and not known else []
    )
    own = {"email": desk.email, "responseStatus": "accepted", "self": True}
    new = {desk.email: own}
    guests = [
        known.get(m) or new.get(m) or {"email": m}
        for m in [*mine, *(m for m in wanted if m not in mine)]
    ]
    none = {"date": None, "dateTime": None, "timeZone": None}
    if values.get("whole"):
        end = date.fromisoformat(values["last"]) + timedelta(days=1)
        start, stop = {**none, "date": values["first"]}, {**none, "date": end.isoformat()}
    else:
        tz = desk.user["timezone"]
        start = {
            "date": None,
            "dateTime": f"{values['first']}T{values['start']}:00",
            "timeZone": tz,
        }
        stop = {"date": None, "dateTime": f"{values['last']}T{values['stop']}:00", "timeZone": tz}
    body = {name: values.get(name, "") for name in ("summary", "location", "description")}
    return {**body, "start": start, "end": stop, "attendees": guests}


def _shown_again(values):
    draft = {name: values.get(name, "") for name in ("summary", "location", "description")}
    if values.get("id"):
        draft["id"] = values["id"]
        draft["organizer"] = {"self": True}
    day = values.get("first") or values.get("last") or "2026-01-01"
    draft["start"] = {"dateTime": f"{values.get('first') or day}T{values.get('start') or '10:00'}"}
    draft["end"] = {"dateTime": f"{values.get('last') or day}T{values.get('stop') or '11:00'}"}
    return draft


def move_event(world, request):
    """`POST …/move` of a drag: `cal`, `id`, `start` (local, to the minute); length stays."""
    desk, values = desk_of(world, request), request.form()
    event = desk.side.get(desk.email, values["cal"], values["id"])
    start, stop = (datetime.fromisoformat(event[n]["dateTime"]) for n in ("start", "end"))
    begin = datetime.fromisoformat(values["start"]).replace(tzinfo=desk.zone)
    body = {
        name: {"dateTime": moment.isoformat(), "timeZone": event[name].get("timeZone")}
        for name, moment in (("start", begin), ("end", begin + (stop - start)))
    }
    desk.side.update(desk.email, values["cal"], values["id"], body, False)
    return redirect(desk.url(), 303)
