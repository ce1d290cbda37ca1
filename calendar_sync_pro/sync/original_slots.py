"""Which occurrence a row of a series is, when the sync that kept it did not write that down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from ..core import timezones
from ..core.when import When, slot_of, slot_start


def original_slots(
    rows: Iterable[tuple[int, str, str]], occurrences: Sequence[When], moved: Mapping[str, str]
) -> dict[int, str | None]:
    """{row: the slot it had before anybody moved it}.

    `rows` are (row, own start, hint), all starts as slots; a hint is a slot or only its day.
    `moved` is {where an exception is now: its slot}. A row that nothing tells of gets the nearest
    date that no other row has.
    """
    slots = [each.slot for each in occurrences]
    by_day = {_local_day(each): each.slot for each in occurrences}
    free, found, left = dict.fromkeys(slots), {}, []
    for row, own, hint in rows:
        slot = next(
            (one for one in (hint, by_day.get(hint), moved.get(own), own) if one in free), ""
        )
        if slot:
            found[row] = slot
            del free[slot]
        else:
            left.append((row, own))
    for row, own in left:
        near = min(free, key=lambda slot, own=own: _distance(slot, own), default=None)
        found[row] = near
        free.pop(near, None)
    return found


def _distance(slot: str, other: str) -> timedelta:
    """How far two starts lie apart."""
    starts = (slot_start(one) for one in (slot, other))
    first, second = (
        one if isinstance(one, datetime) else datetime.combine(one, time(), UTC) for one in starts
    )
    return abs(first - second)


def _local_day(when: When) -> str:
    """The day of an occurrence on the wall clock of its series."""
    if when.is_all_day:
        return when.slot
    return slot_of(timezones.to_local(when.start, when.tz or "UTC").date())
