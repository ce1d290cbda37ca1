"""The sandbox's own clock: real time plus an offset that tests may advance."""

import time
from datetime import UTC, datetime

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


class Clock:
    """Wall clock of the simulated world; every expiry and every time stamp reads it."""

    def __init__(self, offset_s=0.0):
        self.offset_s = float(offset_s)

    def timestamp(self):
        """Seconds since the epoch in the simulated world."""
        return time.time() + self.offset_s

    def now(self):
        """The simulated instant as an aware UTC datetime."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def advance(self, seconds):
        """Move the simulated world forward (or back, with a negative number)."""
        self.offset_s += float(seconds)

    def set(self, instant):
        """Make `instant` (aware datetime) the present of the simulated world."""
        self.offset_s = instant.timestamp() - time.time()


def rfc3339(instant):
    """`2026-11-21T09:00:00.000Z`, the form in which Google writes its own time stamps."""
    return (
        instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.")
        + f"{instant.microsecond // 1000:03d}Z"
    )


def parse_instant(text):
    """Read an RFC 3339 text into an aware datetime; raises ValueError when it has no offset."""
    if len(text) > 10 and text[10] == " ":  # a '+' that a client left unescaped in a query
        raise ValueError("space instead of T")
    value = datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00"))
    if value.tzinfo is None:
        raise ValueError("offset missing")
    return value


def http_date(instant):
    """Date header of RFC 9110 for an aware datetime."""
    utc = instant.astimezone(UTC)
    day, month = DAYS[utc.weekday()], MONTHS[utc.month - 1]
    return f"{day}, {utc.day:02d} {month} {utc.year} {utc:%H:%M:%S} GMT"
