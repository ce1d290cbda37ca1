"""Why (not) this slot: a day as a person sees it, with the reasons of `slots.explain`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from . import days
from .layers import Why
from .slots import Search, explain, is_enough


class Told(NamedTuple):
    """A start on the grid, whether it is offered, and the reasons against each person."""

    start: int
    stop: int
    is_offered: bool
    reasons: dict[int, list[Why]]


def tell(search: Search, at: int) -> Told:
    """The answer for one start, on the grid or not."""
    reasons = explain(search, at)
    return Told(at, at + search.rules.duration_s, is_enough(search, reasons), reasons)


def timeline(search: Search, day: date) -> Iterator[Told]:
    """Every start of the grid on a local day of the booking calendar."""
    start, stop = days.day_span(day, search.rules.tz)
    for points in days.grid(start, stop, search.rules.step_min * 60, search.rules.tz):
        for at in points:
            yield tell(search, at)
