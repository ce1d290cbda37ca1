"""When to warn that a grant ends: in time for its owner, and not for most of its life. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

LONGEST_NOTICE = timedelta(days=2)
SHARE_OF_LIFE = 4
TOLERANCE = timedelta(minutes=5)


def warn_from(now: datetime, ends_at: datetime) -> datetime:
    """From when on the owner of a grant that was given now, or of which only now is known that it
    ends, hears of it: for its last two days, of a short one for the last quarter of its life."""
    return ends_at - min(LONGEST_NOTICE, (ends_at - now) / SHARE_OF_LIFE)


def is_same(one: datetime | None, other: datetime | None) -> bool:
    """Whether two answers name the same end: what is told in seconds left differs a little."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= TOLERANCE
