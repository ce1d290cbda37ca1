"""When an event takes place: timed in UTC, or whole days. And the text form of a slot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class When:
    """`[start, stop)`: two aware UTC datetimes, or two dates (stop exclusive) for whole days.

    `tz` is the IANA zone in which a timed event was made and in which a series repeats; it is ''
    for whole days, which belong to no zone. Raises ValueError for naive or mixed values and for
    a stop before the start.
    """

    start: datetime | date
    stop: datetime | date
    tz: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.start, datetime) != isinstance(self.stop, datetime):
            raise ValueError("start and stop must both be datetimes or both dates")
        if isinstance(self.start, datetime) and (
            self.start.utcoffset() != timedelta(0) or self.stop.utcoffset() != timedelta(0)
        ):
            raise ValueError("timed events are in aware UTC")
        if self.stop < self.start:
            raise ValueError("stop is before start")

    @property
    def is_all_day(self) -> bool:
        """True for whole days."""
        return not isinstance(self.start, datetime)

    @property
    def instant(self) -> datetime:
        """The start as an aware UTC datetime; of whole days their first midnight."""
        return instant_of(self.start)

    @property
    def slot(self) -> str:
        """The slot text of this start."""
        return slot_of(self.start)


def instant_of(start: datetime | date) -> datetime:
    """A start as an aware UTC datetime; a date stands for its midnight."""
    return start if isinstance(start, datetime) else datetime.combine(start, time(), UTC)


def slot_of(start: datetime | date) -> str:
    """Text form of an occurrence's original start: `20270329T080000Z` or `20270329`.

    Instants are compared in UTC, whole days as dates, so the text is equal exactly when the
    recurrence ids are (RFC 5545 §3.8.4.4). It sorts in time order within one kind.
    """
    if isinstance(start, datetime):
        return start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return start.strftime("%Y%m%d")


def slot_start(slot: str) -> datetime | date:
    """The start that `slot` names. Raises ValueError when it is not a slot."""
    if "T" in slot:
        return datetime.strptime(slot, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return datetime.strptime(slot, "%Y%m%d").date()
