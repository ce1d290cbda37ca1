"""Free slots, and why a time is not one of them: the same layers answer both.

A `Search` holds the people, the rules and the clock. `slots` and `by_day` offer, `explain` tells
the reasons; a start is offered to a person exactly when no reason is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import NamedTuple

from . import days
from .intervals import FUTURE, PAST, IntervalSet, Span
from .layers import OF_RULES, Layer, Reason, Shape, Why, opened, unskilled
from .rules import BookingRules


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be booked: working hours, everything in the way, and skills."""

    person_id: int
    hours: IntervalSet
    layers: tuple[Layer, ...] = ()
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `now` is in UTC seconds.

    Any one of `people` is enough, or with `is_collective` all of them are needed. For a specific
    person pass only that one. Working hours, busy times and bookings must be known from `now` to
    the end of the time that is looked at: what is not in the layers is taken to be free.
    """

    people: tuple[Person, ...]
    rules: BookingRules
    now: int
    is_collective: bool = False


class Slot(NamedTuple):
    """An offered time in UTC seconds, and who is free: ids in the order of the search's people."""

    start: int
    stop: int
    free: tuple[int, ...]


def slots(search: Search, start: int, stop: int) -> list[Slot]:
    """All slots that start in `[start, stop)`, in time order."""
    return _offered(search, _closed(search), start, stop)


def by_day(search: Search, first: date, count: int) -> Iterator[tuple[date, list[Slot]]]:
    """The slots of `count` local days of the booking calendar, each worked out when asked for."""
    closed = _closed(search)
    for day in (first + timedelta(days=number) for number in range(count)):
        yield day, _offered(search, closed, *days.day_span(day, search.rules.tz))


def explain(search: Search, at: int) -> dict[int, list[Why]]:
    """For each person the reasons against a start at `at`; an empty list means: is free."""
    return {
        person.person_id: list(
            chain.from_iterable(
                layer.reasons(at, search.rules)
                for layer in (*layers_of(search, person), _off_grid(search.rules, at))
            )
        )
        for person in search.people
    }


def is_enough(search: Search, reasons: dict[int, list[Why]]) -> bool:
    """Whether these reasons of `explain` leave enough people for a slot."""
    free = [not each for each in reasons.values()]
    return bool(free) and (all(free) if search.is_collective else any(free))


def is_offered(search: Search, at: int) -> bool:
    """Whether a start is a slot: what every booking request is checked with before it is kept."""
    return is_enough(search, explain(search, at))


def fits(search: Search, person: Person, at: int) -> list[Why]:
    """The reasons against a start, the booking rules aside: hours, days off and other appointments.

    For an appointment that already has its time and only needs somebody else.
    """
    layers = [layer for layer in layers_of(search, person) if layer.reason not in OF_RULES]
    return [why for layer in layers for why in layer.reasons(at, search.rules)]


def layers_of(search: Search, person: Person) -> list[Layer]:
    """Everything that can stand in a person's way, but for the grid."""
    rules = search.rules
    layers = [opened(person.hours), *person.layers]
    if not rules.required_skills <= person.skills:
        layers.append(unskilled())
    layers.append(_starts(Reason.NOTICE, rules.too_soon(search.now)))
    layers.append(_starts(Reason.ADVANCE, rules.too_far(search.now)))
    if rules.per_day:
        layers.append(_starts(Reason.LIMIT, rules.full_days(_taken(person))))
    return layers


def _taken(person: Person) -> Iterator[int]:
    """Starts of the bookings and holds that count for the limit per day."""
    for layer in person.layers:
        if layer.reason in (Reason.BOOKING, Reason.HOLD):
            yield from (start for start, _stop in layer.ranges)


def _starts(reason: Reason, ranges: tuple[Span, ...]) -> Layer:
    return Layer(reason, ranges, shape=Shape.STARTS)


def _off_grid(rules: BookingRules, at: int) -> Layer:
    """The grid's refusal of one start: it is the same grid that slots are taken from."""
    is_on = any(at in points for points in _grid(rules, at, at + 1))
    return _starts(Reason.STEP, () if is_on else ((PAST, FUTURE),))


def _grid(rules: BookingRules, start: int, stop: int) -> list[range]:
    return days.grid(start, stop, rules.step_min * 60, rules.tz)


def _closed(search: Search) -> list[IntervalSet]:
    """For each person the starts that any layer forbids."""
    return [
        IntervalSet.of(
            chain.from_iterable(
                layer.forbidden(search.rules) for layer in layers_of(search, person)
            )
        )
        for person in search.people
    ]


def _offered(search: Search, closed: list[IntervalSet], start: int, stop: int) -> list[Slot]:
    grid = _grid(search.rules, start, stop)
    free: dict[int, list[int]] = {}
    for person, refused in zip(search.people, closed, strict=True):
        for at in _open_points(refused, grid):
            if at in free:
                free[at].append(person.person_id)
            else:
                free[at] = [person.person_id]
    needed = len(search.people) if search.is_collective else 1
    length = search.rules.duration_s
    return [
        Slot(at, at + length, tuple(free[at])) for at in sorted(free) if len(free[at]) >= needed
    ]


def _open_points(refused: IntervalSet, grid: list[range]) -> list[int]:
    """The grid's points that lie in no refused interval."""
    found: list[int] = []
    for points in grid:
        base, step = points.start, points.step
        for first, last in refused.gaps(base, points.stop):
            found += range(first + (base - first) % step, last, step)
    return found
