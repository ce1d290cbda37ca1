"""How much we ask of a provider. Pure: `now` is an argument.

Providers publish how many requests a minute they take from one account and from one app. We stay
below that, so that the limit is a safeguard and not the pace.
"""

from __future__ import annotations

from datetime import datetime, timedelta

SHARE = 0.8
"""Of what a provider allows: people use their calendars with other programs, too."""
UNLIMITED = 2**31 - 1
FIRST_PAUSE_S = 15.0
"""An app's pause where the provider names no time."""
SAME_MOMENT_S = 60
"""Two accounts that are told to slow down within that time are told so for the app they share."""
SPREAD_S = 60
"""After a pause the accounts of an app come back one by one, over as long as the pause was, but no
longer than this."""


def budget(allowed: int) -> int:
    """Requests a minute that we make where `allowed` are taken; 0 means that no limit is known."""
    return max(1, int(allowed * SHARE)) if allowed else UNLIMITED


def minute_of(now: datetime) -> datetime:
    """The minute in which requests are counted."""
    return now.replace(second=0, microsecond=0)


def pause(now: datetime, retry_after_s: float | None) -> datetime:
    """Until when an app waits; what the provider asks for is never undercut."""
    wait_s = FIRST_PAUSE_S if retry_after_s is None else max(retry_after_s, 1.0)
    return now + timedelta(seconds=wait_s)
