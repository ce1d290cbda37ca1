"""The one clock from which everything that becomes due is computed.

What is due, waits, expires or is retried is compared with `now()`, and with nothing else: whoever
lets hours pass in minutes, as a soak does, has one place to turn.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment as the database keeps it: naive UTC, in whole seconds."""
    return aware().replace(tzinfo=None, microsecond=0)


def aware() -> datetime:
    """This moment, aware UTC."""
    return datetime.now(UTC)
