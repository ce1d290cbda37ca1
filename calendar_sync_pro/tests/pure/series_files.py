"""Reading the recurrence vectors: iCalendar, Google and Graph forms to start, lines, overrides."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from icalendar import Calendar

from ...core import timezones
from ...core.changes import Window
from ...core.recurrence import expand
from ...core.rule_text import canonical_lines
from ...core.rules import WEEKDAYS
from ...core.when import When, slot_of

VECTORS = json.loads((Path(__file__).parent / "data" / "recurrence_vectors.json").read_text())[
    "vectors"
]
_INDEX = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_FREQ = {"absoluteMonthly": "MONTHLY", "absoluteYearly": "YEARLY"} | {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "relativeMonthly": "MONTHLY",
    "relativeYearly": "YEARLY",
}


class Series(NamedTuple):
    """A master and what was done to its occurrences (slot → moved to, or None)."""

    when: When
    lines: tuple[str, ...]
    overrides: dict[str, When | None]

    def seen_in(self, window: Window) -> list[tuple[str, When]]:
        """(slot, when) as a person sees them: what was moved shows where it went."""
        found = {each.slot: each for each in expand(self.when, self.lines, window)}
        return sorted(
            (
                (slot, each)
                for slot, each in (found | self.overrides).items()
                if each and (slot not in self.overrides or _is_in(each, window))
            ),
            key=lambda pair: slot_of(pair[1].start),
        )


def same(lines_a, lines_b, when: When) -> bool:
    """True when both sets of lines say the same about a series that starts at `when`."""
    return canonical_lines(lines_a, when) == canonical_lines(lines_b, when)


def _is_in(when: When, window: Window) -> bool:
    start, stop = (each.date() if when.is_all_day else each for each in (window.start, window.stop))
    return start <= when.start < stop


def read(vector: dict) -> Series:
    """The series of a vector, whatever its format."""
    reader = {"ical": _from_ical, "google": _from_google, "graph": _from_graph}[vector["format"]]
    return reader(vector)


def window_of(vector: dict) -> Window:
    """The vector's window."""
    start, stop = (datetime.fromisoformat(vector["window"][end]) for end in ("start", "end"))
    return Window(start, stop)


def _from_ical(vector: dict) -> Series:
    calendar = Calendar.from_ical(vector["ical"])
    floating = vector.get("floating_tz", "UTC")
    zones = {str(zone["TZID"]): zone for zone in calendar.walk("VTIMEZONE")}
    master, overrides = None, {}
    for event in calendar.walk("VEVENT"):
        when = _ical_when(event, floating, zones)
        if "RECURRENCE-ID" not in event:
            master = (when, _ical_lines(vector["ical"]))
            continue
        slot = slot_of(_ical_moment(event["RECURRENCE-ID"], floating, zones))
        overrides[slot] = None if event.get("STATUS") == "CANCELLED" else when
    return Series(*master, overrides)


def _ical_lines(text: str) -> tuple[str, ...]:
    names = ("RRULE", "RDATE", "EXDATE", "EXRULE")
    return tuple(line for line in text.split("\r\n") if line.startswith(names))


def _ical_when(event, floating: str, zones: dict) -> When:
    start = _ical_moment(event["DTSTART"], floating, zones)
    stop = _ical_moment(event["DTEND"], floating, zones)
    tzid = event["DTSTART"].params.get("TZID", "")
    tz = _zone(tzid, zones) if tzid else floating
    return When(start, stop, tz if isinstance(start, datetime) else "")


def _ical_moment(prop, floating: str, zones: dict) -> datetime | date:
    moment = prop.dt
    if not isinstance(moment, datetime):
        return moment
    if "TZID" not in prop.params and moment.tzinfo:
        return moment.astimezone(UTC)
    tzid = prop.params.get("TZID", "")
    return timezones.to_utc(moment.replace(tzinfo=None), _zone(tzid, zones) or floating)


def _zone(tzid: str, zones: dict) -> str:
    """A zone defined in the file itself is a fixed +05:30 in the vectors, which is India's."""
    if tzid in zones and not timezones.resolve(tzid):
        offset = zones[tzid].walk("STANDARD")[0]["TZOFFSETTO"].td
        assert offset == timedelta(hours=5, minutes=30)
        return "Asia/Kolkata"
    return timezones.resolve(tzid)


def _from_google(vector: dict) -> Series:
    master = vector["input"]["master"]
    when = _google_when(master)
    overrides = {}
    for each in vector["input"]["exceptions"]:
        slot = slot_of(_google_moment(each["originalStartTime"]))
        overrides[slot] = None if each["status"] == "cancelled" else _google_when(each)
    return Series(when, tuple(master["recurrence"]), overrides)


def _google_when(event: dict) -> When:
    tz = event["start"].get("timeZone", "")
    return When(_google_moment(event["start"]), _google_moment(event["end"]), tz)


def _google_moment(value: dict) -> datetime | date:
    if "date" in value:
        return date.fromisoformat(value["date"])
    return datetime.fromisoformat(value["dateTime"]).astimezone(UTC)


def _from_graph(vector: dict) -> Series:
    master = vector["input"]["master"]
    when = _graph_when(master)
    lines: tuple[str, ...] = (_graph_rule(master["recurrence"], when),)
    overrides = {}
    for each in vector["input"]["exceptions"]:
        if "cancelled" in each:
            local = timezones.to_local(when.start, when.tz)
            day = date.fromisoformat(each["cancelled"])
            start = timezones.to_utc(datetime.combine(day, local.time()), when.tz)
            lines += (f"EXDATE:{slot_of(start)}",)
        else:
            slot = slot_of(datetime.fromisoformat(each["originalStart"]))
            overrides[slot] = _graph_when(each)
    return Series(when, lines, overrides)


def _graph_when(event: dict) -> When:
    tz = timezones.resolve(event["start"]["timeZone"])
    start, stop = (
        timezones.to_utc(datetime.fromisoformat(event[end]["dateTime"]), tz)
        for end in ("start", "end")
    )
    return When(start, stop, tz)


def _graph_rule(recurrence: dict, when: When) -> str:
    pattern, span = recurrence["pattern"], recurrence["range"]
    parts = [f"FREQ={_FREQ[pattern['type']]}", f"INTERVAL={pattern['interval']}"]
    days = [name[:2].upper() for name in pattern.get("daysOfWeek", ())]
    index = _INDEX.get(pattern.get("index", ""))
    if index and len(days) == 1:
        parts.append(f"BYDAY={index}{days[0]}")
    elif days:
        parts += [f"BYDAY={','.join(days)}"] + ([f"BYSETPOS={index}"] if index else [])
    if "month" in pattern:
        parts.append(f"BYMONTH={pattern['month']}")
    if pattern["type"] == "weekly":
        first = pattern["firstDayOfWeek"][:2].upper()
        assert first in WEEKDAYS
        parts.append(f"WKST={first}")
    if span["type"] == "numbered":
        parts.append(f"COUNT={span['numberOfOccurrences']}")
    elif span["type"] == "endDate":
        last = datetime.fromisoformat(span["endDate"] + "T23:59:59")
        parts.append(f"UNTIL={slot_of(timezones.to_utc(last, when.tz))}")
    return "RRULE:" + ";".join(parts)
