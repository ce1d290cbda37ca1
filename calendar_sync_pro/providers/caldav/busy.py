"""Free/busy: the server's own answer where it has one, else the times of the events.

The second way asks for nothing but times; a server that sends more all the same is noted, and
what came beside the times is dropped before anything else sees it. Source: RFC 4791 §7.10, §9.6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from ...core import timezones
from ...core.changes import BusyTime, Window
from ...core.errors import Forbidden, Malformed, NotFound, Unavailable
from ...core.recurrence import expand
from ...core.when import When
from ..port import BusyTimes, BusyUnreadable
from . import bodies
from .dav import Dav
from .lines import Component, name_of, parse, written
from .moments import Form, moment_of, parts_of
from .resource import Resource, is_cancelled
from .zones import Zones

_KINDS = {"BUSY-TENTATIVE": "tentative", "BUSY-UNAVAILABLE": "out_of_office", "FREE": ""}
_TIMES = frozenset(bodies.TIMES)
_ENVELOPE = frozenset({"VERSION", "PRODID", "CALSCALE", "DTSTAMP", "METHOD"})
MAX_TIMES = 5000


def read_busy(
    dav: Dav, calendar_ids: Sequence[str], window: Window, floating: str = ""
) -> dict[str, BusyTimes | BusyUnreadable]:
    """Busy times per calendar, sorted and joined, or why they could not be read."""
    ids = dict.fromkeys(calendar_ids)
    return {one: _read(dav, one, window, floating) for one in ids}


def _read(dav: Dav, path: str, window: Window, floating: str) -> BusyTimes | BusyUnreadable:
    if not path.startswith("/"):
        return BusyUnreadable("notFound")
    try:
        times = _asked(dav, path, window)
        if times is not None:
            return BusyTimes(joined(times))
        times, has_more = _computed(dav, path, window, floating)
        return BusyTimes(joined(times), is_more_sent=has_more)
    except (NotFound, Forbidden, Malformed) as error:
        return BusyUnreadable(error.reason)


# -- the server's answer ---------------------------------------------------------------------------


def _asked(dav: Dav, path: str, window: Window) -> list[BusyTime] | None:
    """By free-busy-query; None where the server has none."""
    body = bodies.free_busy(window)
    try:
        answer = dav.ask("REPORT", path, "busy", body=body, headers={"Depth": "1"})
    except (Forbidden, Malformed):
        return None
    except Unavailable as error:
        if not error.reason.startswith("status_5"):
            raise
        return None
    try:
        found = parse(answer.body.decode("utf-8", "replace"))
        return [one for part in found.inner("VFREEBUSY") for one in _periods(part)]
    except Malformed:
        return None


def _periods(part: Component) -> Iterator[BusyTime]:
    zones = Zones(Component("VCALENDAR"))
    for line in part.all("FREEBUSY"):
        kind = _KINDS.get(line.param("FBTYPE").upper(), "busy")
        if not kind:
            continue
        for period in filter(None, line.value.split(",")):
            first, _, last = period.strip().partition("/")
            start = moment_of(first, Form("utc", tz="UTC"), zones)
            if last.upper().startswith(("P", "+P")):
                stop = start + sum(parts_of(last), timedelta())
            else:
                stop = moment_of(last, Form("utc", tz="UTC"), zones)
            if start < stop:
                yield BusyTime(start, stop, kind)


# -- computed from the events' times ---------------------------------------------------------------


def _computed(dav: Dav, path: str, window: Window, floating: str) -> tuple[list[BusyTime], bool]:
    """By a query for times only, and whether the server sent more than that."""
    answer = dav.report(path, "busy", bodies.query_times(window))
    times: list[BusyTime] = []
    has_more = False
    for row in answer.rows:
        content = row.raw("C:calendar-data")
        if content:
            bare, is_more = only_times(content)
            has_more = has_more or is_more
            times += _times_of(bare, window, floating)
    return times, has_more


def only_times(content: str) -> tuple[str, bool]:
    """The text with nothing but times in it, and whether there was more."""
    calendar = parse(content)
    had_more = False
    for event in calendar.inner("VEVENT"):
        kept = [one for one in event.items if isinstance(one, str) and name_of(one) in _TIMES]
        names = {name_of(one) for one in event.items if isinstance(one, str)}
        had_more = had_more or bool(names - _TIMES - _ENVELOPE) or bool(event.inner("VALARM"))
        event.items = kept
    kinds = ("VEVENT", "VTIMEZONE")
    calendar.items = [part for kind in kinds for part in calendar.inner(kind)]
    return written(calendar), had_more


def _times_of(content: str, window: Window, floating: str) -> Iterator[BusyTime]:
    """When the events of one resource keep their owner busy. One that makes no sense is busy as
    far as its start can be told; unknown is never free."""
    found = Resource("/", content, "", floating=floating)
    overrides = found.overrides()
    if found.master is not None and not is_cancelled(found.master) and _blocks(found.master):
        master, lines = found.when(), [*found.lines(), *found.master.lines("EXDATE")]
        length = _span(master, floating)[1] - _span(master, floating)[0]
        wide = Window(window.start - length, window.stop)
        for when in expand(master, lines, wide, limit=MAX_TIMES):
            if when.slot not in overrides:
                yield from _inside(when, window, floating)
    for part in overrides.values():
        if not is_cancelled(part) and _blocks(part):
            yield from _inside(found.event(part).fields.when, window, floating)


def _blocks(event: Component) -> bool:
    return event.value("TRANSP").upper() != "TRANSPARENT"


def _inside(when: When, window: Window, floating: str) -> Iterator[BusyTime]:
    start, stop = _span(when, floating)
    start, stop = max(start, window.start), min(stop, window.stop)
    if start < stop:
        yield BusyTime(start, stop)


def _span(when: When, floating: str) -> tuple[datetime, datetime]:
    """The time taken; whole days are those of the calendar's own zone."""
    if not when.is_all_day:
        return when.start, when.stop
    midnights = (datetime.combine(day, time()) for day in (when.start, when.stop))
    start, stop = (timezones.to_utc(each, floating) for each in midnights)
    return start.astimezone(UTC), stop.astimezone(UTC)


def joined(times: Sequence[BusyTime]) -> list[BusyTime]:
    """Sorted times; those of one kind that touch or overlap made one."""
    result: list[BusyTime] = []
    for one in sorted(times, key=lambda each: (each.kind, each.start, each.stop)):
        last = result[-1] if result else None
        if last and last.kind == one.kind and one.start <= last.stop:
            result[-1] = BusyTime(last.start, max(last.stop, one.stop), one.kind)
        else:
            result.append(one)
    return sorted(result, key=lambda each: (each.start, each.stop))
