"""Free/busy: only times and how they count are asked for.

A calendar of the mailbox is read by its view; an address (a colleague, a room, or one's own with
little permission) by getSchedule. What cannot be read is told as such: unknown is never free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ...core.changes import BusyTime, Window
from ...core.errors import Forbidden, Malformed, NotFound
from ..port import BusyUnreadable
from . import wire
from .graph import Graph, segment
from .rounds import owner_of

CHUNK = timedelta(days=30)
MAX_ADDRESSES = 20
_KINDS = {"tentative": "tentative", "oof": "out_of_office", "busy": "busy", "unknown": "busy"}
_FREE = ("free", "workingElsewhere")
_PAGE = "500"
Found = dict[str, "list[BusyTime] | BusyUnreadable"]


def read_busy(
    graph: Graph, calendar_ids: Sequence[str], window: Window
) -> dict[str, tuple[BusyTime, ...] | BusyUnreadable]:
    """Busy times per calendar, sorted, or why they could not be read."""
    ids = list(dict.fromkeys(calendar_ids))
    found: Found = {one: _viewed(graph, one, window) for one in ids if "@" not in one}
    addresses = [one for one in ids if "@" in one]
    for first in range(0, len(addresses), MAX_ADDRESSES):
        found |= _scheduled(graph, addresses[first : first + MAX_ADDRESSES], window)
    return {
        one: times if isinstance(times, BusyUnreadable) else joined(times)
        for one, times in found.items()
    }


def joined(times: Sequence[BusyTime]) -> tuple[BusyTime, ...]:
    """Sorted times; those of one kind that touch or overlap made one."""
    result: list[BusyTime] = []
    for time in sorted(times, key=lambda one: (one.kind, one.start, one.stop)):
        last = result[-1] if result else None
        if last and last.kind == time.kind and time.start <= last.stop:
            result[-1] = BusyTime(last.start, max(last.stop, time.stop), time.kind)
        else:
            result.append(time)
    return tuple(sorted(result, key=lambda one: (one.start, one.stop)))


# -- calendars -------------------------------------------------------------------------------------


def _viewed(graph: Graph, calendar_id: str, window: Window) -> list[BusyTime] | BusyUnreadable:
    return _view(graph, f"/me/calendars/{segment(calendar_id)}", window)


def _view(graph: Graph, path: str, window: Window) -> list[BusyTime] | BusyUnreadable:
    query = {
        "startDateTime": _text(window.start),
        "endDateTime": _text(window.stop),
        "_select": "start,end,showAs,isCancelled",
        "_top": _PAGE,
    }
    try:
        items = list(graph.every(f"{path}/calendarView", "busy", **query))
        return [one for item in items if (one := _time(item, item.get("showAs")))]
    except (Forbidden, NotFound, Malformed) as error:
        return BusyUnreadable(error.reason)
    except (KeyError, ValueError, TypeError):
        return BusyUnreadable("unreadable")


def _time(item: Mapping[str, Any], shown: str | None) -> BusyTime | None:
    """The stretch that an item takes; None for one that takes none."""
    if item.get("isCancelled") or shown in _FREE:
        return None
    start, stop = wire.moment_from(item["start"]), wire.moment_from(item["end"])
    return BusyTime(start, stop, _KINDS.get(shown or "", "busy"))


# -- addresses -------------------------------------------------------------------------------------


def _scheduled(graph: Graph, addresses: Sequence[str], window: Window) -> Found:
    found: Found = {one: [] for one in addresses}
    try:
        for chunk in chunks(window):
            body = _question(addresses, chunk)
            answer = graph.ask("POST", "/me/calendar/getSchedule", "busy", body, is_write=False)
            entries = {str(e.get("scheduleId") or "").lower(): e for e in answer.get("value") or ()}
            for address in addresses:
                _take(found, address, entries.get(address.lower()))
    except (Forbidden, NotFound, Malformed) as error:
        return _without_schedules(graph, addresses, window, error.reason)
    return found


def _without_schedules(
    graph: Graph, addresses: Sequence[str], window: Window, reason: str
) -> Found:
    """Personal accounts have no getSchedule: one's own times are read, others' stay unknown."""
    own = owner_of(graph, "/me/calendar", "busy")
    return {
        one: _view(graph, "/me/calendar", window) if one.lower() == own else BusyUnreadable(reason)
        for one in addresses
    }


def chunks(window: Window) -> Iterator[Window]:
    """The window in pieces of at most `CHUNK`: getSchedule refuses more than 62 days."""
    start = window.start
    while start < window.stop:
        stop = min(start + CHUNK, window.stop)
        yield Window(start, stop)
        start = stop


def _question(addresses: Sequence[str], window: Window) -> dict[str, Any]:
    times = {"startTime": window.start, "endTime": window.stop}
    points = {name: {"dateTime": _text(at)[:-1], "timeZone": "UTC"} for name, at in times.items()}
    return {"schedules": list(addresses), **points, "availabilityViewInterval": 60}


def _take(found: Found, address: str, entry: Mapping[str, Any] | None) -> None:
    if isinstance(found[address], BusyUnreadable):
        return
    if entry is None or entry.get("error"):
        error = (entry or {}).get("error") or {"responseCode": "missing"}
        found[address] = BusyUnreadable(str(error.get("responseCode") or "unknown"))
        return
    try:
        items = entry["scheduleItems"]
        found[address] += [one for item in items if (one := _time(item, item.get("status")))]
    except (KeyError, ValueError, TypeError):
        found[address] = BusyUnreadable("unreadable")


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
