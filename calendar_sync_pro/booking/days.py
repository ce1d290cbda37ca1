"""Local days of a zone as stretches of UTC, and the grid of wall-clock times on them.

A day on which the clocks change falls into pieces with one distance from UTC each. Working hours
and the grid are both read from these pieces, so a skipped hour is in neither and a repeated one is
seen for what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from ..core import timezones
from .intervals import Span, instant, moment

DAY = 86400


@dataclass(frozen=True, slots=True)
class Piece:
    """`[start, stop)` in UTC seconds, with the seconds to add for the wall clock."""

    start: int
    stop: int
    offset: int


def local_day(at: int, tz: str) -> date:
    """The date that the wall clock of a zone shows at an instant."""
    return timezones.to_local(moment(at), tz).date()


def day_span(day: date, tz: str) -> Span:
    """The whole local day in UTC: 23, 24 or 25 hours, or nothing where a zone skipped a date."""
    return _midnight(day, tz), _midnight(day + timedelta(days=1), tz)


def days_between(start: int, stop: int, tz: str) -> Iterator[date]:
    """The local dates that `[start, stop)` touches."""
    day, last = local_day(start, tz), local_day(max(start, stop - 1), tz)
    while day <= last:
        yield day
        day += timedelta(days=1)


@lru_cache(maxsize=8192)
def pieces(day: date, tz: str) -> tuple[Piece, ...]:
    """The local day in pieces with one offset each, in time order."""
    start, stop = day_span(day, tz)
    found = []
    while start < stop:
        offset = _offset(start, tz)
        end = _change(start, stop, offset, tz)
        found.append(Piece(start, end, offset))
        start = end
    return tuple(found)


def grid(start: int, stop: int, step: int, tz: str) -> list[range]:
    """The wall-clock times every `step` seconds from local midnight, inside `[start, stop)`.

    Each is one instant: a skipped time is none, a repeated one is its first. Days without a clock
    change are joined where the step divides the day.
    """
    joined: list[range] = []
    for day in days_between(start, stop, tz):
        for part in _day_grid(day, step, tz):
            if (
                joined
                and part.start == joined[-1].stop
                and not (part.start - joined[-1].start) % step
            ):
                joined[-1] = range(joined[-1].start, part.stop, step)
            else:
                joined.append(part)
    return [part for one in joined if (part := _clip(one, start, stop))]


def _clip(points: range, start: int, stop: int) -> range:
    first = points.start + max(0, -(-(start - points.start) // points.step)) * points.step
    return range(first, min(points.stop, stop), points.step)


@lru_cache(maxsize=8192)
def _day_grid(day: date, step: int, tz: str) -> tuple[range, ...]:
    midnight, shown, found = instant(datetime.combine(day, time())), 0, []
    for piece in pieces(day, tz):
        since = max(shown, piece.start + piece.offset - midnight)
        first = midnight - piece.offset - (-since // step) * step
        if first < piece.stop:
            found.append(range(first, piece.stop, step))
        shown = max(shown, piece.stop + piece.offset - midnight)
    return tuple(found)


@lru_cache(maxsize=8192)
def _midnight(day: date, tz: str) -> int:
    return instant(timezones.to_utc(datetime.combine(day, time()), tz))


def _offset(at: int, tz: str) -> int:
    return instant(timezones.to_local(moment(at), tz)) - at


def _change(start: int, stop: int, offset: int, tz: str) -> int:
    """The first instant after `start` with another offset, or `stop`. No day has three changes."""
    if _offset(stop - 1, tz) == offset:
        return stop
    low, high = start, stop - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, tz) == offset else (low, middle)
    return high
