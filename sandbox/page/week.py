"""The week of one account."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from ..google.accounts import accounts
from ..google.when import zone
from .acts import week_of
from .frame import e, page, user_url
from .layout import blocks_by_day
from .panel import faults_panel, mails_panel

ANSWER_MARKS = {"accepted": "✓", "declined": "✗", "tentative": "?", "needsAction": "○"}


def show_week(world, request):
    """`GET /page/google/{email}?week=2026-11-23`."""
    user = accounts(world).get(request.args["email"])
    if user is None:
        return page("Not found", "<main class=narrow><h1>No such account</h1></main>", 404)
    tz = zone(user["timezone"])
    today = world.clock.now().astimezone(tz).date()
    monday = monday_of(request.param("week", ""), today)
    low = datetime.combine(monday, time(), tz)
    pairs = week_of(world, user["email"], low, low + timedelta(days=7))
    body = top_bar(world, user, monday, today) + "<main class=split>"
    body += grid(user, monday, today, blocks_by_day(pairs, monday, tz), tz, world.clock.now())
    body += f"<aside>{faults_panel(world, user)}{mails_panel(world, user)}</aside></main>"
    return page(f"{user['name']} – Google (sandbox)", body)


def monday_of(text, today):
    """The Monday of the week that was asked for, else of this week."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    return day - timedelta(days=day.weekday())


def top_bar(world, user, monday, today):
    """Who, when, and the way to a new event."""
    options = "".join(
        f"<option value='{e(user_url(u['email'], f'?week={monday}'))}'{' selected' if u is user else ''}>"
        f"{e(u['name'])} ({e(u['email'])})</option>"
        for u in accounts(world).values()
    )
    last = monday + timedelta(days=6)
    label = f"{monday.day} {monday:%b} – {last.day} {last:%b %Y}"
    here = user_url(user["email"])
    day = today if monday <= today <= last else monday
    return f"""<header class=bar><a class=brand href=/page>The other side <b>Google</b></a>
<form class=who action=/page/go><label><span class=hidden>Account</span><select name=to data-go>{options}</select></label>
<noscript><button>Show</button></noscript></form>
<nav aria-label=Week><a class=btn href="{here}?week={monday - timedelta(days=7)}" aria-label="Previous week">‹</a>
<a class=btn href="{here}">Today</a><a class=btn href="{here}?week={monday + timedelta(days=7)}" aria-label="Next week">›</a></nav>
<h1>{label}</h1><a class="btn go" href="{here}/new?day={day}">New event</a></header>"""


def grid(user, monday, today, placed, tz, now):
    """Seven columns; on a phone they become a list."""
    whole, timed = placed
    local = now.astimezone(tz)
    hours = "".join(f"<span style='top:{h * 48}px'>{h:02d}:00</span>" for h in range(1, 24))
    columns = []
    for offset in range(7):
        day = monday + timedelta(days=offset)
        mark = " today" if day == today else ""
        line = f"<i class=now style='top:{(local.hour * 60 + local.minute) * 0.8:.0f}px'></i>" if mark else ""
        wholes = "".join(_whole(user, *pair) for pair in whole[offset])
        blocks = "".join(_block(user, block, tz) for block in timed[offset])
        columns.append(
            f"""<section class="day{mark}" aria-label="{day:%A} {day.day} {day:%B}"><h2><a href="{user_url(user['email'])}/new?day={day}"
title="New event on this day">{day:%a} <b>{day.day}</b></a></h2><div class=whole>{wholes}</div>
<div class=hours data-day="{day}">{line}{blocks}</div></section>"""
        )
    address = user_url(user["email"])
    return f"""<div class=week data-user="{address}" data-stamp><div class=ruler aria-hidden=true>{hours}</div>
<div class=days>{''.join(columns)}</div></div>"""


def event_url(user, entry, event):
    """Address of an event's form."""
    query = urlencode({"cal": entry["id"], "id": event["id"]})
    return f"{user_url(user['email'])}/event?{query}"


def _own_answer(event):
    mine = next((g for g in event.get("attendees", []) if g.get("self")), None)
    return mine["responseStatus"] if mine else ""


def _words(event):
    title = event.get("summary") or ("Busy" if event.get("visibility") == "private" else "(No title)")
    answer = _own_answer(event)
    mark = f"<span title='{answer}'>{ANSWER_MARKS[answer]}</span> " if answer else ""
    return f"{mark}<b>{e(title)}</b>"


def _classes(event):
    names = ["event"]
    names += ["free"] if event.get("transparency") == "transparent" else []
    names += ["declined"] if _own_answer(event) == "declined" else []
    return " ".join(names + (["asked"] if _own_answer(event) == "needsAction" else []))


def _whole(user, entry, event):
    colour = e(entry["backgroundColor"])
    return f"<a class='{_classes(event)}' style='--c:{colour}' href='{e(event_url(user, entry, event))}'>{_words(event)}</a>"


def _block(user, block, tz):
    event, entry = block.event, block.entry
    start, stop = (datetime.fromisoformat(event[n]["dateTime"]).astimezone(tz) for n in ("start", "end"))
    width = 100 / block.lanes
    place = f"top:{block.start * 0.8:.0f}px;height:{max((block.stop - block.start) * 0.8 - 2, 18):.0f}px"
    place += f";left:{block.lane * width:.2f}%;width:calc({width:.2f}% - 3px)"
    movable = entry["accessRole"] in ("owner", "writer") and (event.get("organizer") or {}).get("self")
    drag = f" data-cal='{e(entry['id'])}' data-id='{e(event['id'])}' data-start='{start:%H:%M}'" if movable else ""
    series = " ↻" if event.get("recurringEventId") else ""
    where = f"<small>{e(event['location'])}</small>" if event.get("location") else ""
    return f"""<a class='{_classes(event)}' style='--c:{e(entry["backgroundColor"])};{place}'{drag}
href='{e(event_url(user, entry, event))}'>{_words(event)}{series} <time>{start:%H:%M}–{stop:%H:%M}</time>{where}</a>"""
