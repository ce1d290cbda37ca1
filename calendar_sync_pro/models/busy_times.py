"""How long an event that is not imported blocks time: never more than start, stop and kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, time

from ..core.changes import BusyTime, Window
from ..core.event import EventFields
from ..core.recurrence import expand
from ..core.when import When, slot_start

MAX_TIMES = 500


def busy_times(
    fields: EventFields, window: Window, taken: Collection[str] = ()
) -> Iterator[BusyTime]:
    """The stretches in `window` that the event blocks, without occurrences in `taken` slots.

    Times are naive UTC, as the table keeps them. Whole days are days in UTC.
    """
    if fields.recurrence:
        occurrences = expand(fields.when, fields.recurrence, window, limit=MAX_TIMES)
    else:
        occurrences = (fields.when,)
    for when in occurrences:
        if when.slot not in taken or not fields.recurrence:
            start, stop = span(when)
            yield BusyTime(start, stop, fields.show_as.value)


def span(when: When) -> tuple[datetime, datetime]:
    """Naive UTC start and stop."""
    if when.is_all_day:
        return datetime.combine(when.start, time()), datetime.combine(when.stop, time())
    return tuple(at.astimezone(UTC).replace(tzinfo=None) for at in (when.start, when.stop))


def slot_instant(slot: str) -> datetime:
    """Naive UTC start of the occurrence with this slot."""
    start = slot_start(slot)
    return span(When(start, start))[0]
