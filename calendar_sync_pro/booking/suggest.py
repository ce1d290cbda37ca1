"""What to offer when a slot was lost to somebody else."""

from __future__ import annotations

from itertools import islice

from . import days
from .slots import Search, Slot, by_day


def next_free(search: Search, wanted: int, count: int = 3) -> list[Slot]:
    """The next `count` slots from the wanted start on, in time order.

    Where fewer are left up to the last bookable day, the latest ones before it fill up. The search
    must be a fresh one, with what took the wanted slot in it.
    """
    tz, first = search.rules.tz, max(wanted, search.now)
    last = days.local_day(search.rules.too_far(search.now)[0][0] - 1, tz)
    day = days.local_day(first, tz)
    later = (
        slot
        for _day, slots in by_day(search, day, (last - day).days + 1)
        for slot in slots
        if slot.start >= first
    )
    found = list(islice(later, count))
    if len(found) == count:
        return found
    today = days.local_day(search.now, tz)
    earlier = [
        slot
        for _day, slots in by_day(search, today, (day - today).days + 1)
        for slot in slots
        if slot.start < first
    ]
    return earlier[len(found) - count :] + found
