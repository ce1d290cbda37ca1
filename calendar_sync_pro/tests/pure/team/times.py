"""Events of the small world as `e2e/search` shows and writes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache

from e2e.search.views import DAY, View

from ....core.changes import Window
from ....core.event import EventFields
from ....core.recurrence import expand
from ....core.when import When
from ....sync.series import at_slot

EVER = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC))


def hour_from(start: datetime, tz: str = "") -> When:
    """An hour from a naive UTC or aware moment."""
    start = start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC)
    return When(start, start + timedelta(hours=1), tz)


def day_at(day: date) -> When:
    """A whole day."""
    return When(day, day + timedelta(days=1))


def weekly(count: int) -> tuple[str, ...]:
    """The rule of a weekly series."""
    return (f"RRULE:FREQ=WEEKLY;COUNT={count}",)


def slots_of(fields: EventFields) -> list[str]:
    """Original starts of a series, in order; none for a single event."""
    return list(_slots(fields.when, fields.recurrence)) if fields.recurrence else []


@cache
def _slots(when: When, rules: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each.slot for each in expand(when, rules, EVER))


def occurrences(fields: EventFields, parts, cut) -> Iterator[tuple[str, EventFields]]:
    """(slot, fields) of each occurrence that takes place; a single event has slot ''."""
    if not fields.recurrence:
        yield "", fields
    for slot in slots_of(fields):
        if slot not in cut:
            yield slot, parts.get(slot) or at_slot(fields, slot)


def view(fields: EventFields, handle: str, slot: str, uid: str) -> View:
    """One event or occurrence, as a person sees it."""
    start, stop = fields.when.start, fields.when.stop
    is_day = fields.when.is_all_day
    return View(
        fields.title,
        f"{start:{DAY}}" if is_day else f"{start:%Y-%m-%d %H:%M:%S}",
        f"{stop - timedelta(days=1):{DAY}}" if is_day else f"{stop:%Y-%m-%d %H:%M:%S}",
        fields.location,
        is_day,
        f"{handle}#{slot}" if slot else handle,
        handle if slot else "",
        slot,
        uid,
    )
