"""Sets of instants as sorted, disjoint, half-open intervals `[start, stop)`.

Instants are whole seconds since 1970 in UTC: plain integers, so that a sweep over thousands of busy
times costs milliseconds. Every operation is one pass over sorted spans. What touches is one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

Span = tuple[int, int]
"""`[start, stop)` in seconds since 1970 UTC."""

PAST, FUTURE = -(2**40), 2**40
"""Before and after any time that an appointment can have (some 34,000 years away)."""

_EPOCH, _DAY = datetime(1970, 1, 1), 86400
_BEFORE = 2 * PAST


def instant(utc: datetime) -> int:
    """Seconds of a UTC datetime, aware or naive as the database keeps it."""
    since = utc.replace(tzinfo=None) - _EPOCH
    return since.days * _DAY + since.seconds


def moment(seconds: int) -> datetime:
    """The aware UTC datetime of an instant."""
    return datetime.fromtimestamp(seconds, UTC)


def spans(pairs: Iterable[tuple[datetime, datetime]]) -> list[Span]:
    """Pairs of naive UTC datetimes, as the database gives them, in seconds."""
    return [
        (
            (a := start - _EPOCH).days * _DAY + a.seconds,
            (b := stop - _EPOCH).days * _DAY + b.seconds,
        )
        for start, stop in pairs
    ]


@dataclass(frozen=True, slots=True)
class IntervalSet:
    """Sorted, disjoint, non-empty, non-touching spans. Make one with `IntervalSet.of`."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[Span]) -> IntervalSet:
        """The union of spans in any order; empty and reversed ones count for nothing."""
        merged: list[Span] = []
        first = last = _BEFORE
        for start, stop in sorted(pairs):
            if start > last:
                if start < stop:
                    merged.append((first, last))
                    first, last = start, stop
            elif stop > last:
                last = stop
        merged.append((first, last))
        return cls(tuple(merged[1:]))

    def __iter__(self) -> Iterator[Span]:
        return iter(self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __contains__(self, at: int) -> bool:
        return self.covers(at, at + 1)

    def __or__(self, other: IntervalSet) -> IntervalSet:
        return IntervalSet.of((*self.spans, *other.spans))

    def __sub__(self, other: IntervalSet) -> IntervalSet:
        return IntervalSet(tuple(_minus(self.spans, other.spans)))

    def __and__(self, other: IntervalSet) -> IntervalSet:
        return IntervalSet(tuple(_common(self.spans, other.spans)))

    def covers(self, start: int, stop: int) -> bool:
        """True when the whole of `[start, stop)` lies inside one interval."""
        place = bisect_right(self.spans, (start, FUTURE)) - 1
        return place >= 0 and stop <= self.spans[place][1]

    def shift(self, seconds: int) -> IntervalSet:
        """Everything later by `seconds` (earlier when negative)."""
        return IntervalSet(tuple((a + seconds, b + seconds) for a, b in self.spans))

    def grow(self, before: int, after: int) -> IntervalSet:
        """Each interval longer by so many seconds at its ends; negative values shrink it."""
        return IntervalSet.of((a - before, b + after) for a, b in self.spans)

    def clip(self, start: int, stop: int) -> IntervalSet:
        """What lies inside `[start, stop)`."""
        return IntervalSet(tuple(_common(self._near(start, stop), ((start, stop),))))

    def gaps(self, start: int, stop: int) -> Iterator[Span]:
        """What is missing inside `[start, stop)`, in time order; only the spans near it are met."""
        for first, last in self._near(start, stop):
            if first > start:
                yield start, first
            start = last
        if start < stop:
            yield start, stop

    def _near(self, start: int, stop: int) -> tuple[Span, ...]:
        """The spans that meet `[start, stop)`."""
        low = bisect_right(self.spans, (start, FUTURE)) - 1
        if low < 0 or self.spans[low][1] <= start:
            low += 1
        return self.spans[low : bisect_right(self.spans, (stop - 1, FUTURE), low)]


def _minus(ours: tuple[Span, ...], theirs: tuple[Span, ...]) -> Iterator[Span]:
    at = 0
    for begin, stop in ours:
        start = begin
        while at < len(theirs) and theirs[at][1] <= start:
            at += 1
        following = at
        while following < len(theirs) and theirs[following][0] < stop:
            first, last = theirs[following]
            if first > start:
                yield start, first
            start = last
            following += 1
        if start < stop:
            yield start, stop


def _common(ours: tuple[Span, ...], theirs: tuple[Span, ...]) -> Iterator[Span]:
    mine = other = 0
    while mine < len(ours) and other < len(theirs):
        start = max(ours[mine][0], theirs[other][0])
        stop = min(ours[mine][1], theirs[other][1])
        if start < stop:
            yield start, stop
        if ours[mine][1] < theirs[other][1]:
            mine += 1
        else:
            other += 1
