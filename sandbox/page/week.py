"""The week of one account."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from ..html import NOTHING, Html, each, render, when
from .desk import desk_of, desks
from .frame import page
from .layout import blocks_by_day
from .panel import faults_panel, mails_panel

ANSWER_MARKS = {"accepted": "✓", "declined": "✗", "tentative": "?", "needsAction": "○"}
PX_PER_MIN = 0.8


def show_week(world, request):
    """`GET /page/google/{email}?week=2026-11-23`."""
    desk = desk_of(world, request)
    tz = desk.zone
    now = world.clock.now().astimezone(tz)
    monday = monday_of(request.param("week", ""), now.date())
    low = datetime.combine(monday, time(), tz)
    pairs = desk.side.week(desk.email, low, low + timedelta(days=7))
    last = monday + timedelta(days=6)
    body = render(
        "week",
        side=desk.side.label,
        here=desk.url(),
        accounts=account_options(desk, monday),
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        label=f"{monday.day} {monday:%b} – {last.day} {last:%b %Y}",
        day=now.date() if monday <= now.date() <= last else monday,
        hours=each("hour", [{"top": h * 48, "text": f"{h:02d}:00"} for h in range(1, 24)]),
        days=days(desk, monday, blocks_by_day(pairs, monday, tz), tz, now),
        faults=faults_panel(desk),
        mails=mails_panel(desk),
    )
    return page(f"{desk.user['name']} – {desk.side.label} (sandbox)", body)


def monday_of(text, today):
    """The Monday of the week that was asked for, else of this week."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    return day - timedelta(days=day.weekday())


def account_options(desk, monday):
    """The chooser of accounts; it stays in the week."""
    rows = [
        {
            "value": other.url(f"?week={monday}"),
            "label": f"{other.user['name']} ({other.email}, {other.side.label})",
            "selected": when(other.url() == desk.url(), " selected"),
        }
        for other in desks(desk.world)
    ]
    return each("option", rows)


def days(desk, monday, placed, tz, now):
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
                "here": desk.url(),
                "day": day,
                "weekday": f"{day:%a}",
                "number": day.day,
                "wholes": Html("".join(whole_day(desk, *pair) for pair in whole)),
                "line": line if is_today else NOTHING,
                "blocks": Html("".join(timed_block(desk, block, tz) for block in timed)),
            }
        )
    return each("day", rows)


def event_url(desk, entry, event):
    """Address of an event's form."""
    query = urlencode({"cal": entry["id"], "id": event["id"]})
    return desk.url(f"/event?{query}")


def own_answer(event):
    """How the owner of this calendar answered, or nothing."""
    mine = next((g for g in event.get("attendees", []) if g.get("self")), None)
    return mine["responseStatus"] if mine else ""


def common(desk, entry, event):
    """What all-day and timed events have in common."""
    answer = own_answer(event)
    marks = {"free": event.get("transparency") == "transparent"}
    marks |= {"declined": answer == "declined", "asked": answer == "needsAction"}
    mark = render("event_answer", answer=answer, mark=ANSWER_MARKS[answer]) if answer else NOTHING
    hidden = "Busy" if event.get("visibility") == "private" else "(No title)"
    return {
        "classes": " ".join(["event", *(name for name, is_on in marks.items() if is_on)]),
        "colour": entry["backgroundColor"],
        "url": event_url(desk, entry, event),
        "answer": mark,
        "title": event.get("summary") or hidden,
        "series": when(event.get("recurringEventId"), "↻ "),
    }


def whole_day(desk, entry, event):
    """An event above the hours."""
    rest = dict.fromkeys(("place", "drag", "time", "where"), NOTHING)
    return render("event", **common(desk, entry, event), **rest)


def timed_block(desk, block, tz):
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
        **common(desk, entry, event),
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
