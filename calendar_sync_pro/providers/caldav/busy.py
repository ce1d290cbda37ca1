"""Free/busy: the server's own answer where it has one, else the times of the events.

The second way asks for nothing but times; a server that sends more all the same is noted, and
what came beside the times is dropped before anything else sees it. Source: RFC 4791 §7.10, §9.6.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from ...core import timezones
from ...core.changes import BusyTime, Window
from ...core.errors import Forbidden, Malformed, NotFound, Unavailable
from ...core.recurrence import expand
from ...core.when import When
from ..port import BusyTimes, BusyUnreadable
from . import bodies
from .dav import MAX_GET, Dav
from .lines import Component, name_of, parse, written
from .moments import Form, moment_of, parts_of, when_of
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
    """By a query for times only, and whether the server sent more than that.

    A server that cannot send a part of a text says that it has none; the whole is taken then:
    unknown is never free.
    """
    answer = dav.report(path, "busy", bodies.query_times(window))
    rows = [row for row in answer.rows if row.status < 400 and not row.path.endswith("/")]
    contents = [row.raw("C:calendar-data") for row in rows]
    missing = [row.path for row, text in zip(rows, contents, strict=True) if not text]
    for first in range(0, len(missing), MAX_GET):
        found = dav.get_many(path, missing[first : first + MAX_GET], "busy")
        contents += [text for text, _etag in found.values()]
    times: list[BusyTime] = []
    has_more = False
    for content in filter(None, contents):
        bare, is_more = _bare(content)
        has_more = has_more or is_more
        times += _times_of(bare, window, floating)
    return times, has_more


def _bare(content: str) -> tuple[str, bool]:
    """The times in a text; '' for one that makes no sense."""
    try:
        return only_times(content)
    except Malformed:
        return "", True


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


def _times_of(content: str, window: Window, floating: str) -> list[BusyTime]:
    """When the events of one resource keep their owner busy. Of a series that cannot be computed
    only its own start counts; what has no time that makes sense takes none."""
    try:
        found = Resource("/", content, "", floating=floating)
        overrides = found.overrides()
        whens = list(_of_series(found, overrides, window, floating))
        for part in overrides.values():
            if not is_cancelled(part) and _blocks(part):
                whens.append(when_of(part, found.zones))
    except Malformed:
        return []
    return [one for when in whens for one in _inside(when, window, floating)]


def _of_series(
    found: Resource, overrides: Collection[str], window: Window, floating: str
) -> Iterator[When]:
    """Occurrences of the master, or its one time, without those that were changed."""
    event = found.master
    if event is None or is_cancelled(event) or not _blocks(event):
        return
    master, lines = found.when(), [*found.lines(), *_taken_out(found)]
    start, stop = _span(master, floating)
    wide = Window(window.start - (stop - start), window.stop)
    try:
        occurrences = expand(master, lines, wide, limit=MAX_TIMES)
    except Malformed:
        occurrences = (master,)
    yield from (when for when in occurrences if when.slot not in overrides)


def _taken_out(found: Resource) -> list[str]:
    slots = found.removed()
    kind = ";VALUE=DATE" if found.when().is_all_day else ""
    return [f"EXDATE{kind}:{','.join(slots)}"] if slots else []


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
