"""Short ways to write iCalendar texts, and to read what a resource of them says."""

from __future__ import annotations

from datetime import UTC, datetime

from ...core.changes import Window
from ...core.recurrence import expand
from ...providers.caldav.resource import Resource, Told

PATH = "/ann/work/one.ics"
ANN, BOB = "ann@sales.example", "bob@client.example"
NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
YEARS = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC))


def calendar(*parts: str) -> str:
    """A VCALENDAR of these parts, each of several lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Someone//Else//EN"]
    for part in parts:
        lines += [line.strip() for line in part.strip().splitlines()]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def event(*lines: str, uid: str = "one@client.example") -> str:
    """A VEVENT of these lines; without a DTSTART it takes place on 2 March 2027 at 10 UTC."""
    given = "\n".join(lines)
    times = "" if "DTSTART" in given else "DTSTART:20270302T100000Z\nDTEND:20270302T110000Z\n"
    return f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\n{times}{given}\nEND:VEVENT"


def resource(*parts: str, own=(ANN,), floating: str = "", path: str = PATH) -> Resource:
    """The stored resource of these parts."""
    return Resource(path, calendar(*parts), '"1"', own=own, floating=floating)


def only(*parts: str, **more):
    """The one living event that these parts say."""
    (found,) = resource(*parts, **more).told(YEARS).events
    return found


def seen_in(told: Told, window: Window):
    """[(slot, when)] as a person sees a series: what is gone is not there, what moved is where it
    went."""
    seen = {}
    for one in told.events:
        if not one.slot:
            found = expand(one.fields.when, one.fields.recurrence, window)
            seen |= {when.slot: when for when in found}
    for one in told.gone:
        seen.pop(one.slot, None)
    for one in told.events:
        if one.slot:
            seen[one.slot] = one.fields.when
    inside = ((slot, when) for slot, when in seen.items() if _is_in(when, window))
    return sorted(inside, key=lambda pair: str(pair[1].start))


def _is_in(when, window: Window) -> bool:
    start, stop = (each.date() if when.is_all_day else each for each in (window.start, window.stop))
    return start <= when.start < stop
