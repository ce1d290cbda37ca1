"""Who gets a booking when several people are free."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from .days import DAY
from .intervals import PAST

LOOK_BACK_S = 30 * DAY
"""Bookings that started longer ago than this no longer count for the balance."""


class Mode(StrEnum):
    """How a team shares its bookings."""

    ROUND_ROBIN = "round_robin"  # whoever is free; among several, in turn
    BALANCED = "balanced"  # whoever has the fewest for their weight
    COLLECTIVE = "collective"  # everybody takes part


class Because(StrEnum):
    """Why somebody got it."""

    SALESPERSON = "salesperson"
    ONLY_ONE = "only_one"
    TURN = "turn"
    FEWEST = "fewest"


class Booked(NamedTuple):
    """A booking that somebody has or had, in UTC seconds; `made_at` is when it was given."""

    start: int
    made_at: int
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """How much a person has. Weight 2 takes twice as many; weight 0 only when nobody else can."""

    person_id: int
    weight: int = 1
    bookings: int = 0
    last_at: int = PAST

    def __post_init__(self) -> None:
        if self.weight < 0:
            raise ValueError("weights are not negative")

    def plus(self, at: int) -> Load:
        """With one booking more, given at `at`."""
        return replace(self, bookings=self.bookings + 1, last_at=max(self.last_at, at))

    @property
    def share(self) -> Fraction:
        """Bookings per weight if this person took the next one."""
        return Fraction(self.bookings + 1, self.weight)


class Assignment(NamedTuple):
    """Who gets it and why."""

    person_id: int
    because: Because


def load_of(person_id: int, weight: int, booked: Iterable[Booked], now: int) -> Load:
    """What counts: bookings from 30 days back onwards, also upcoming ones; cancelled don't."""
    kept = [each for each in booked if not each.is_cancelled and each.start >= now - LOOK_BACK_S]
    last_at = max((each.made_at for each in kept), default=PAST)
    return Load(person_id, weight, len(kept), last_at)


def assign(
    free: Collection[int], loads: Mapping[int, Load], mode: Mode, salesperson: int = 0
) -> Assignment | None:
    """Choose one of the people who are free; None when there is nobody.

    The lead's own salesperson comes first where given and free. Then, balanced: the fewest
    bookings for the weight, then longest since the last. In turn: longest since the last, then
    the fewest. Who is still equal goes by the order of `free`. A person without a load counts as
    new.
    """
    if salesperson in free:
        return Assignment(salesperson, Because.SALESPERSON)
    known = [loads.get(person_id) or Load(person_id) for person_id in free]
    known = [load for load in known if load.weight] or [replace(load, weight=1) for load in known]
    if not known:
        return None
    if len(known) == 1:
        return Assignment(known[0].person_id, Because.ONLY_ONE)
    if mode is Mode.BALANCED:
        chosen = min(known, key=lambda load: (load.share, load.last_at))
        return Assignment(chosen.person_id, Because.FEWEST)
    chosen = min(known, key=lambda load: (load.last_at, load.share))
    return Assignment(chosen.person_id, Because.TURN)
