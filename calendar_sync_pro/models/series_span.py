"""How far a series is looked at: from its first start to far beyond any real end."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from ..core.changes import Window
from ..core.when import When

YEARS_AHEAD = 60


def whole(when: When) -> Window:
    """A window that holds every occurrence of a series with an end."""
    start = when.start
    if not isinstance(start, datetime):
        start = datetime.combine(start, time(), UTC)
    start -= timedelta(days=2)
    return Window(start, start + timedelta(days=366 * YEARS_AHEAD))
