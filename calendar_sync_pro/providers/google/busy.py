"""Free/busy: only times are asked for, in chunks that Google answers.

A calendar that reports an error in any chunk is unreadable as a whole: unknown is never free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ...core.changes import BusyTime, Window
from ..port import BusyUnreadable
from .client import Client

CHUNK = timedelta(days=30)
MAX_CALENDARS = 50
_FIELDS = "calendars"


def read_busy(
    client: Client, calendar_ids: Sequence[str], window: Window
) -> dict[str, tuple[BusyTime, ...] | BusyUnreadable]:
    """Busy times per calendar, sorted and joined, or why they could not be read."""
    found: dict[str, list[BusyTime] | BusyUnreadable] = {one: [] for one in calendar_ids}
    ids = list(found)
    for first in range(0, len(ids), MAX_CALENDARS):
        some = ids[first : first + MAX_CALENDARS]
        for chunk in chunks(window):
            answer = client.run(
                client.freebusy.query(body=_body(some, chunk), fields=_FIELDS), "busy"
            )
            _take(found, some, answer.get("calendars", {}))
    return {
        one: times if isinstance(times, BusyUnreadable) else joined(times)
        for one, times in found.items()
    }


def chunks(window: Window) -> Iterator[Window]:
    """The window in pieces of at most `CHUNK`."""
    start = window.start
    while start < window.stop:
        stop = min(start + CHUNK, window.stop)
        yield Window(start, stop)
        start = stop


def joined(times: Sequence[BusyTime]) -> tuple[BusyTime, ...]:
    """Sorted times, those that touch or overlap made one (a chunk's border cuts them)."""
    result: list[BusyTime] = []
    for time in sorted(times, key=lambda one: (one.start, one.stop)):
        if result and time.start <= result[-1].stop:
            result[-1] = BusyTime(result[-1].start, max(result[-1].stop, time.stop))
        else:
            result.append(time)
    return tuple(result)


def _body(calendar_ids: Sequence[str], window: Window) -> dict[str, Any]:
    return {
        "timeMin": _text(window.start),
        "timeMax": _text(window.stop),
        "items": [{"id": one} for one in calendar_ids],
    }


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _take(found: dict, calendar_ids: Sequence[str], answer: Mapping[str, Any]) -> None:
    for one in calendar_ids:
        times = _times(answer.get(one))
        if isinstance(times, BusyUnreadable) or isinstance(found[one], BusyUnreadable):
            found[one] = times if isinstance(times, BusyUnreadable) else found[one]
        else:
            found[one] += times


def _times(entry: Any) -> list[BusyTime] | BusyUnreadable:
    """The stretches of one calendar's entry."""
    if not isinstance(entry, dict):
        return BusyUnreadable("missing")
    if entry.get("errors"):
        return BusyUnreadable(str(entry["errors"][0].get("reason", "unknown")))
    try:
        return [BusyTime(_moment(one["start"]), _moment(one["end"])) for one in entry["busy"]]
    except (KeyError, ValueError, TypeError):
        return BusyUnreadable("unreadable")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
