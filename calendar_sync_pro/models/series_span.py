"""How far a series is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from ..core.changes import Window
from ..core.when import When, instant_of, slot_start

YEARS_AHEAD = 60


def around(slots: Iterable[str], made: Window) -> Window:
    """The smallest window that holds all these occurrences and `made`."""
    starts = [instant_of(slot_start(slot)) for slot in slots]
    first, last = min(starts, default=made.start), max(starts, default=made.start)
    return Window(min(first, made.start), max(last + timedelta(seconds=1), made.stop))


def whole(when: When) -> Window:
    """A window from the first start to far beyond any real end."""
    start = when.instant - timedelta(days=2)
    return Window(start, start + timedelta(days=366 * YEARS_AHEAD))
