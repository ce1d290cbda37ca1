"""Free slots of 25 people with 500 busy times each over 60 days, against a bare sweep.

The bare sweep only counts: it knows one grid in UTC and no rules, no reasons, no people. Both begin
with the same naive datetimes as the database gives them, in one process, in turn. Both must find
the same slots.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from calendar_sync_pro.booking import layers
from calendar_sync_pro.booking.hours import WeeklyHours
from calendar_sync_pro.booking.intervals import IntervalSet, instant, moment, spans
from calendar_sync_pro.booking.rules import BookingRules
from calendar_sync_pro.booking.slots import Person, Search, slots

NAME = "booking"
PEOPLE, BUSY, DAYS, STEP_MIN, ROUNDS = 25, 500, 60, 30, 21
LIMIT = 1.5
TZ = "Europe/Brussels"
_TODAY = datetime.now(UTC).date()
FIRST = datetime.fromordinal(_TODAY.toordinal() + 7 - _TODAY.weekday())
WEEK = ((((480, 720), (780, 1020)),) * 5) + ((), ())
RULES = BookingRules(0, 365, 0, 0, 30, STEP_MIN, tz=TZ)

Stretches = list[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Work:
    """Per person the working hours and the busy times, in naive UTC."""

    hours: list[Stretches]
    busy: list[Stretches]


def workload() -> Work:
    """A 40-hour week from next Monday on, and busy times all over it."""
    dice, start = random.Random(7), instant(FIRST)
    hours = [
        (moment(first).replace(tzinfo=None), moment(last).replace(tzinfo=None))
        for first, last in WeeklyHours(WEEK, TZ).within(start, start + DAYS * 86400)
    ]
    return Work([hours] * PEOPLE, [_busy(dice) for _person in range(PEOPLE)])


def _busy(dice: random.Random) -> Stretches:
    starts = (
        FIRST + timedelta(days=dice.randrange(DAYS), minutes=5 * dice.randrange(84, 228))
        for _number in range(BUSY)
    )
    return [(at, at + timedelta(minutes=dice.choice((15, 25, 30, 45, 60)))) for at in starts]


def ours(work: Work) -> int:
    """The product: slots with the people who are free."""
    people = tuple(
        Person(number, IntervalSet.of(spans(hours)), (layers.busy(1, spans(busy)),))
        for number, (hours, busy) in enumerate(zip(work.hours, work.busy, strict=True))
    )
    start = instant(FIRST)
    found = slots(Search(people, RULES, start), start, start + DAYS * 86400)
    return sum(len(slot.free) for slot in found)


def bare(work: Work) -> int:
    """The bare sweep: how many slots there are."""
    return sum(
        _count(_minutes(hours), sorted(_minutes(busy)))
        for hours, busy in zip(work.hours, work.busy, strict=True)
    )


def _minutes(stretches: Stretches) -> list[tuple[int, int]]:
    return [
        (
            int((start - FIRST).total_seconds()) // 60,
            int((stop - FIRST).total_seconds()) // 60,
        )
        for start, stop in stretches
    ]


def _count(hours: list[tuple[int, int]], busy: list[tuple[int, int]]) -> int:
    found = first = 0
    for start, stop in hours:
        cursor = start
        while first < len(busy) and busy[first][1] <= cursor:
            first += 1
        place = first
        while cursor < stop:
            is_busy = place < len(busy) and busy[place][0] < stop
            until = busy[place][0] if is_busy else stop
            at = -(-cursor // STEP_MIN) * STEP_MIN
            if until - at >= STEP_MIN:
                found += (until - at) // STEP_MIN
            cursor = max(cursor, busy[place][1]) if is_busy else stop
            place += 1
    return found


def measure(work: Work) -> tuple[int, dict[str, list[float]]]:
    """The number of slots and the seconds of each contestant, in turn. Both must agree."""
    contestants: dict[str, Callable[[Work], int]] = {"ours": ours, "bare sweep": bare}
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    counts = set()
    for _round in range(ROUNDS):
        for name, contestant in contestants.items():
            started = time.perf_counter()
            counts.add(contestant(work))
            seconds[name].append(time.perf_counter() - started)
    if len(counts) != 1:
        raise AssertionError(f"the contestants disagree: {counts}")
    return counts.pop(), seconds


def report() -> bool:
    """Print the figures; True when the bar holds."""
    count, seconds = measure(workload())
    print(f"\nfree slots: {PEOPLE} people, {BUSY} busy times each, {DAYS} days, {count} slots\n")
    print("| contestant | median s | best s |\n|---|---|---|")
    for name, times in seconds.items():
        print(f"| {name} | {statistics.median(times):.4f} | {min(times):.4f} |")
    ratio = min(seconds["ours"]) / min(seconds["bare sweep"])  # the least disturbed rounds
    holds = ratio <= LIMIT
    print("\n| promise | measured | bar | holds |\n|---|---|---|---|")
    print(
        f"| slots, times the bare sweep | {ratio:.2f} | <= {LIMIT} | {'yes' if holds else 'NO'} |"
    )
    return holds
