"""The workload: deterministic events of one calendar. How a provider tells them: `stub/`.

Every tenth event is a weekly master of ten, every fifth has a location, each has two guests drawn
from 200 addresses of which the first half are known contacts. So 1,000 events make 1,900 rows of
`calendar.event`, 5,700 attendees and 100 recurrences. Starts lie within 175 days of today.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

TODAY = datetime.combine(datetime.now(UTC).date(), time())
GUESTS = 200
KNOWN_GUESTS = GUESTS // 2
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONG_AGO = "2020-01-01T00:00:00.000Z"


def guest(number: int) -> str:
    """Address of the guest with this number, modulo the pool."""
    return f"guest{number % GUESTS:03d}@example.net"


def owner(account: str) -> str:
    """Address of the calendar's owner."""
    return f"bench{account}@example.org"


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


@dataclass(slots=True)
class Entry:
    """One event of the workload; `weeks` > 1 makes it a weekly master."""

    key: str
    title: str
    start: datetime
    stop: datetime
    weeks: int
    guests: tuple[str, str]
    location: str
    text: str

    @property
    def is_series(self) -> bool:
        """True for the weekly masters."""
        return self.weeks > 1


def entry(account: str, number: int) -> Entry:
    """Event `number` of `account`, the same at every call of a day."""
    dice = random.Random(f"{account}/{number}")
    is_series = number % 10 == 9
    day = dice.randrange(-170, 91) if is_series else dice.randrange(-175, 176)
    start = TODAY + timedelta(days=day, minutes=15 * dice.randrange(28, 72))
    first_guest = dice.randrange(GUESTS)
    return Entry(
        key=f"b{account}x{number:05d}",
        title=f"Meeting {number:05d} of account {account}",
        start=start,
        stop=start + timedelta(minutes=dice.choice((30, 45, 60, 90))),
        weeks=10 if is_series else 1,
        guests=(guest(first_guest), guest(first_guest + 1 + dice.randrange(GUESTS - 1))),
        location=f"Room {number % 40}, 1 Example Street" if number % 5 == 0 else "",
        text=f"Agenda of meeting {number}: review, numbers, next steps. " * 3,
    )
