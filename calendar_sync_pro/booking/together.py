"""When several people can meet: their working hours without what anybody is busy with. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from .intervals import FUTURE, PAST, IntervalSet, Span

_ALWAYS = IntervalSet(((PAST, FUTURE),))


def together(working: Iterable[IntervalSet], busy: Iterable[IntervalSet]) -> IntervalSet:
    """The time in which everybody works and nobody is busy. Without any working hours given,
    every hour counts as one."""
    common = reduce(lambda one, other: one & other, working, _ALWAYS)
    return reduce(lambda left, taken: left - taken, busy, common)


def starts(free: IntervalSet, within: Span, length_s: int, step_s: int) -> Iterator[int]:
    """Starts from the beginning of `within` on, every `step_s`, of meetings of `length_s` that lie
    in `within` and in one stretch of `free`."""
    first, last = within
    for start in range(first, last - length_s + 1, step_s):
        if free.covers(start, start + length_s):
            yield start
