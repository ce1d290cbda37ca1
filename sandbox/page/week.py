"""The week of one account."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from ..google.accounts import accounts
from ..google.when import zone
from ..html import NOTHING, Html, each, render, when
from .acts import week_of
from .frame import page, user_url
from .layout import blocks_by_day
from .panel import faults_panel, mails_panel

ANSWER_MARKS = {"accepted": "✓", "declined": "✗", "tentative": "?", "needsAction": "○"}
PX_PER_MIN = 0.8


def show_week(world, request):
    """`GET /page/google/{email}?week=2026-11-23`."""
    user = accounts(world).get(request.args["email"])
    if user is None:
        return page("Not found", render("gone", text="No such account", back="/page"), 404)
    tz = zone(user["timezone"])
    now = world.clock.now().astimezone(tz)
    monday = monday_of(request.param("week", ""), now.date())
    low = datetime.combine(monday, time(), tz)
    pairs = week_of(world, user["email"], low, low + timedelta(days=7))
    last = monday + timedelta(days=6)
    body = render(
        "week",
        here=user_url(user["email"]),
        accounts=account_options(world, user, monday),
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        label=f"{monday.day} {monday:%b} – {last.day} {last:%b %Y}",
        day=now.date() if monday <= now.date() <= last else monday,
        hours=each("hour", [{"top": h * 48, "text": f"{h:02d}:00"} for h in range(1, 24)]),
        days=days(user, monday, blocks_by_day(pairs, monday, tz), tz, now),
        faults=faults_panel(world, user),
        mails=mails_panel(world, user),
    )
    return page(f"{user['name']} – Google (sandbox)", body)


def monday_of(text, today):
    """The Monday of the week that was asked for, else of this week."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    return day - timedelta(days=day.weekday())


def account_options(world, user, monday):
    """The chooser of accounts; it stays in the week."""
    rows = [
        {
            "value": user_url(u["email"], f"?week={monday}"),
            "label": f"{u['name']} ({u['email']})",
            "selected": when(u is user, " selected"),
        }
        for u in accounts(world).values()
    ]
    return each("option", rows)


def days(user, monday, placed, tz, now):
    """Seven columns; on a phone they become a list."""
    rows = []
    for offset, (whole, timed) in enumerate(zip(*placed, strict=True)):
        day = monday + timedelta(days=offset)
        is_today = day == now.date()
        line = render("now", top=round((now.hour * 60 + now.minute) * PX_PER_MIN))
        rows.append(
            {
                "mark": when(is_today, " today"),
                "name": f"{day:%A} {day.day} {day:%B}",
                "here": user_url(user["email"]),
                "day": day,
                "weekday": f"{day:%a}",
                "number": day.day,
                "wholes": Html("".join(whole_day(user, *pair) for pair in whole)),
                "line": line if is_today else NOTHING,
                "blocks": Html("".join(timed_block(user, block, tz) for block in timed)),
            }
        )
    return each("day", rows)


def event_url(user, entry, event):
    """Address of an event's form."""
    query = urlencode({"cal": entry["id"], "id": event["id"]})
    return f"{user_url(user['email'])}/event?{query}"


def own_answer(event):
    """How the owner of this calendar answered, or nothing."""
    mine = next((g for g in event.get("attendees", []) if g.get("self")), None)
    return mine["responseStatus"] if mine else ""


def common(user, entry, event):
    """What all-day and timed events have in common."""
    answer = own_answer(event)
    marks = {"free": event.get("transparency") == "transparent"}
    marks |= {"declined": answer == "declined", "asked": answer == "needsAction"}
    mark = render("event_answer", answer=answer, mark=ANSWER_MARKS[answer]) if answer else NOTHING
    hidden = "Busy" if event.get("visibility") == "private" else "(No title)"
    return {
        "classes": " ".join(["event", *(name for name, is_on in marks.items() if is_on)]),
        "colour": entry["backgroundColor"],
        "url": event_url(user, entry, event),
        "answer": mark,
        "title": event.get("summary") or hidden,
        "series": when(event.get("recurringEventId"), "↻ "),
    }


def whole_day(user, entry, event):
    """An event above the hours."""
    rest = dict.fromkeys(("place", "drag", "time", "where"), NOTHING)
    return render("event", **common(user, entry, event), **rest)


def timed_block(user, block, tz):
    """An event among the hours; its owner may drag it."""
    event, entry = block.event, block.entry
    ends = (datetime.fromisoformat(event[name]["dateTime"]) for name in ("start", "end"))
    start, stop = (f"{moment.astimezone(tz):%H:%M}" for moment in ends)
    may_write = entry["accessRole"] in ("owner", "writer")
    may_move = may_write and (event.get("organizer") or {}).get("self")
    drag = render("event_drag", cal=entry["id"], id=event["id"], start=start)
    where = event.get("location")
    return render(
        "event",
        **common(user, entry, event),
        place=placed(block),
        drag=drag if may_move else NOTHING,
        time=render("event_time", start=start, stop=stop),
        where=render("event_where", place=where) if where else NOTHING,
    )


def placed(block):
    """CSS of a block's place in its column."""
    width = 100 / block.lanes
    height = max((block.stop - block.start) * PX_PER_MIN - 2, 18)
    down = f"top:{block.start * PX_PER_MIN:.0f}px;height:{height:.0f}px"
    return f"{down};left:{block.lane * width:.2f}%;width:calc({width:.2f}% - 3px)"
