"""Somebody is ill or leaves: upcoming appointments go to colleagues, as a plan to look at first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .assign import Assignment, Load, Mode, assign
from .intervals import PAST, IntervalSet, Span
from .layers import Layer, Reason, Taken, Why, taken_layers, with_live
from .rules import BookingRules
from .slots import Person, Search, fits

_ELSEWHERE = frozenset({Reason.BUSY, Reason.APPOINTMENT, Reason.BOOKING, Reason.HOLD})
"""What nobody can be given an appointment over, however it was planned."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """An appointment that needs somebody else, in UTC seconds, with its own buffers and skills."""

    appointment_id: int
    start: int
    stop: int
    before_s: int = 0
    after_s: int = 0
    required_skills: frozenset[str] = frozenset()
    salesperson: int = 0


class Move(NamedTuple):
    """Who takes an appointment over, or None and what hinders each colleague."""

    appointment_id: int
    assignment: Assignment | None
    hindrances: dict[int, list[Why]]


@dataclass(frozen=True, slots=True)
class Answers:
    """What calendars said about the time `within` (UTC seconds) a moment ago: {person id:
    {calendar id: busy spans, or None when it did not answer}}."""

    within: Span = (PAST, PAST)
    said: Mapping[int, Mapping[int, Iterable[Span] | None]] = field(default_factory=dict)

    def layers_of(self, person: Person, own: Iterable[Span] = ()) -> tuple[Layer, ...]:
        """The person's layers with these answers, in which the times `own` are not busy."""
        mine = IntervalSet.of(own)
        told = {
            calendar_id: spans if spans is None else (IntervalSet.of(spans) - mine).spans
            for calendar_id, spans in self.said.get(person.person_id, {}).items()
        }
        return tuple(with_live(person.layers, told, self.within))

    def is_silent(self, person_id: int) -> bool:
        """Whether one of this person's calendars did not answer."""
        return None in self.said.get(person_id, {}).values()


NOBODY = Answers()
"""Nobody was asked."""


def plan_handover(
    upcoming: Iterable[Upcoming],
    colleagues: Iterable[Person],
    loads: Mapping[int, Load],
    mode: Mode,
    now: int,
) -> list[Move]:
    """Give each appointment, in time order, to a colleague who can take it when it is.

    Times stay. The rules for new bookings (notice, advance, step, limit per day) don't apply,
    working hours, days off, other appointments, buffers and skills do. What is given counts at
    once, for who is free and for whose turn it is.
    """
    people, shares, moves = {each.person_id: each for each in colleagues}, dict(loads), []
    for each in sorted(upcoming, key=lambda one: (one.start, one.appointment_id)):
        against = {person_id: _against(each, person, now) for person_id, person in people.items()}
        free = [person_id for person_id, reasons in against.items() if not reasons]
        chosen = assign(free, shares, mode, each.salesperson)
        moves.append(Move(each.appointment_id, chosen, {} if chosen else against))
        if chosen:
            taker = chosen.person_id
            people[taker] = _with(people[taker], each)
            shares[taker] = (shares.get(taker) or Load(taker)).plus(now)
    return moves


def is_elsewhere(each: Upcoming, person: Person, now: int) -> bool:
    """Whether the person has something else at the time of the appointment."""
    return any(why.reason in _ELSEWHERE for why in _against(each, person, now))


def _against(each: Upcoming, person: Person, now: int) -> list[Why]:
    rules = BookingRules(
        duration_min=-(-(each.stop - each.start) // 60),
        buffer_before_min=-(-each.before_s // 60),
        buffer_after_min=-(-each.after_s // 60),
        required_skills=each.required_skills,
    )
    return fits(Search((person,), rules, now), person, each.start)


def _with(person: Person, each: Upcoming) -> Person:
    row = Taken(each.appointment_id, each.start, each.stop, each.before_s, each.after_s)
    return replace(person, layers=(*person.layers, *taken_layers([row])))
