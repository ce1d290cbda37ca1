"""Working hours, days off and blocked times, written in local time, as intervals in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from ..core.changes import Window
from ..core.recurrence import expand
from ..core.when import When
from . import days
from .intervals import IntervalSet, Span, instant, moment

MAX_OCCURRENCES = 5000
"""More occurrences of one blocked time than this are not looked at in one search."""


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The ranges in which somebody works, per weekday, on the wall clock of a zone.

    `week` has seven tuples from Monday on; a range is (start, stop) in minutes after midnight, and
    the end of the day is 1440. Raises ValueError for anything else.
    """

    week: tuple[tuple[tuple[int, int], ...], ...]
    tz: str = "UTC"

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        for start, stop in (each for day in self.week for each in day):
            if not 0 <= start < stop <= 1440:
                raise ValueError("a range of hours lies inside one day")

    def within(self, start: int, stop: int) -> IntervalSet:
        """The working hours inside `[start, stop)`, in UTC.

        An instant belongs to them when the local clock shows a time inside a range. So a range
        that starts in a skipped hour begins when the clocks have changed, and a repeated hour
        counts twice where it lies inside a range.
        """
        found = []
        for day in days.days_between(start, stop, self.tz):
            ranges = self.week[day.weekday()]
            found += [span for each in ranges for span in _on_day(day, each, self.tz)]
        return IntervalSet.of(found).clip(start, stop)


def _on_day(day: date, minutes: tuple[int, int], tz: str) -> Iterable[Span]:
    midnight = instant(datetime.combine(day, time()))
    for piece in days.pieces(day, tz):
        start, stop = (midnight + each * 60 - piece.offset for each in minutes)
        if max(start, piece.start) < min(stop, piece.stop):
            yield max(start, piece.start), min(stop, piece.stop)


def whole_days(dates: Iterable[date], tz: str) -> IntervalSet:
    """Public holidays and days of leave, from local midnight to local midnight."""
    return IntervalSet.of(days.day_span(day, tz) for day in dates)


def blocked_times(
    when: When, lines: Sequence[str], start: int, stop: int, tz: str = "UTC"
) -> IntervalSet:
    """What a blocked time takes of `[start, stop)`, once or by recurrence lines (RFC 5545).

    A timed one repeats on the wall clock of its own zone; whole days are days of `tz`. Raises
    Malformed for a rule that cannot be kept.
    """
    if not lines:
        return IntervalSet.of((_taken(when, tz),)).clip(start, stop)
    early = moment(start) - (when.stop - when.start) - timedelta(days=2)
    window = Window(early, moment(stop) + timedelta(days=2))
    found = expand(when, lines, window, limit=MAX_OCCURRENCES)
    return IntervalSet.of(_taken(each, tz) for each in found).clip(start, stop)


def _taken(when: When, tz: str) -> Span:
    if when.is_all_day:
        return days.day_span(when.start, tz)[0], days.day_span(when.stop, tz)[0]
    return instant(when.start.astimezone(UTC)), instant(when.stop.astimezone(UTC))
