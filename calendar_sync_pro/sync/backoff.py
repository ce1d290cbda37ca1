"""When to try again, and when an account is due next. Pure: `now` is an argument."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

FIRST_DELAY_S = 15
LONGEST_DELAY_S = 300
TRIES_IN_THE_FIRST_HOUR = 14
PATIENT_DELAY_S = 900
LONGEST_QUARANTINE_S = 6 * 3600


def delay_s(attempts: int) -> int:
    """Seconds to wait after `attempts` failures in a row (1 or more).

    Doubles from 15 s up to 5 min, so that after a short outage everything is sent within the
    promised 15 minutes; after about an hour of failures a try every 15 min is enough.
    """
    if attempts > TRIES_IN_THE_FIRST_HOUR:
        return PATIENT_DELAY_S
    return min(FIRST_DELAY_S * 2 ** max(attempts - 1, 0), LONGEST_DELAY_S)


def quarantine_delay_s(attempts: int) -> int:
    """Seconds until an event in quarantine is tried again: 5 min, doubling, at most 6 hours."""
    return min(LONGEST_DELAY_S * 2 ** min(max(attempts - 1, 0), 10), LONGEST_QUARANTINE_S)


def next_run(
    now: datetime,
    *,
    is_working_time: bool,
    failures: int,
    retry_at: datetime | None = None,
    minutes_in_hours: int = 5,
    minutes_outside: int = 15,
) -> datetime:
    """When the account is due next: every few minutes in working hours, less often outside.

    After failures the back-off decides. `retry_at`, the provider's own wish, is never undercut.
    """
    if failures:
        due = now + timedelta(seconds=delay_s(failures))
    else:
        due = now + timedelta(minutes=minutes_in_hours if is_working_time else minutes_outside)
    return max(due, retry_at) if retry_at else due


def as_stored(moment: datetime) -> datetime:
    """A moment to wait for as the database keeps it: naive UTC in whole seconds, rounded up, so
    that a provider's wish is not undercut by a fraction."""
    whole = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return whole + timedelta(seconds=1) if moment.microsecond else whole
