"""What stands in the way of a slot: one named layer per cause, and nothing besides.

A layer says which *starts* it forbids. Free slots are the starts on the grid that no layer forbids,
and the explanation of a start is the list of layers that forbid it. Both ask `forbidden`, so what
is offered and what is explained cannot differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from .intervals import FUTURE, PAST, IntervalSet, Span, spans
from .rules import BookingRules


class Reason(StrEnum):
    """Why a start is not offered. Words for people are the caller's."""

    HOURS = "hours"
    LEAVE = "leave"
    BLOCKED = "blocked"
    BUSY = "busy"
    APPOINTMENT = "appointment"
    BOOKING = "booking"
    HOLD = "hold"
    BUFFER = "buffer"
    NOTICE = "notice"
    ADVANCE = "advance"
    STEP = "step"
    LIMIT = "limit"
    SKILL = "skill"
    UNREADABLE = "unreadable"


OF_RULES = frozenset({Reason.NOTICE, Reason.ADVANCE, Reason.STEP, Reason.LIMIT})
"""Reasons that come from the booking rules, not from what a person does at the time."""


class Shape(StrEnum):
    """How the ranges of a layer are meant."""

    OPEN = "open"  # an appointment lies inside one of them
    TAKEN = "taken"  # an appointment touches none of them
    STARTS = "starts"  # no appointment starts inside


class Why(NamedTuple):
    """One reason against a start.

    `start` and `stop` say what stands there, in UTC seconds, where that is known. `source` is its
    id: the calendar of a busy time, the event of an appointment, the booking, the blocked time.
    `of` is set for `Reason.BUFFER`: what the buffer keeps its distance from.
    """

    reason: Reason
    start: int | None = None
    stop: int | None = None
    source: int = 0
    of: Reason | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """Stretches of time with one cause.

    `ids` names each range where ranges have names of their own, else `source` names them all.
    `before_s` and `after_s` are the ranges' own buffers, as other bookings have them.
    """

    reason: Reason
    ranges: tuple[Span, ...]
    source: int = 0
    ids: tuple[int, ...] = ()
    shape: Shape = Shape.TAKEN
    is_buffered: bool = False
    before_s: int = 0
    after_s: int = 0

    def forbidden(self, rules: BookingRules) -> list[Span]:
        """The starts that this layer refuses, one span per range (of hours: per gap).

        A range without length takes no time, so it refuses nothing.
        """
        match self.shape:
            case Shape.STARTS:
                return list(self.ranges)
            case Shape.OPEN:
                return list(_outside(self.ranges, rules.duration_s))
        first, last = self._distances(rules)
        return [
            (start - first, stop + last) if start < stop else (start, start)
            for start, stop in self.ranges
        ]

    def reasons(self, at: int, rules: BookingRules) -> Iterator[Why]:
        """Why this layer refuses a start; nothing when it does not."""
        for place, (first, last) in enumerate(self.forbidden(rules)):
            if first <= at < last:
                yield self._why(place, at, rules)

    def _distances(self, rules: BookingRules) -> tuple[int, int]:
        """How long before a range starts begin to be refused, and how long after its end."""
        first, last = rules.duration_s - 1, 0
        if self.is_buffered:
            first += rules.after_s + self.before_s
            last += rules.before_s + self.after_s
        return first, last

    def _why(self, place: int, at: int, rules: BookingRules) -> Why:
        if self.shape is not Shape.TAKEN or self.reason is Reason.UNREADABLE:
            return Why(self.reason, source=self.source)
        start, stop = self.ranges[place]
        source = self.ids[place] if self.ids else self.source
        if start < at + rules.duration_s and at < stop:
            return Why(self.reason, start, stop, source)
        return Why(Reason.BUFFER, start, stop, source, self.reason)


def _outside(hours: tuple[Span, ...], duration_s: int) -> Iterator[Span]:
    """Where an appointment can't start if it has to lie inside one of these sorted ranges."""
    refused = PAST
    for start, stop in hours:
        if stop - start >= duration_s:
            yield refused, start
            refused = stop - duration_s + 1
    yield refused, FUTURE


class BusyRow(NamedTuple):
    """A busy time as a calendar tells it, in naive UTC. Never a title."""

    calendar_id: int
    start: datetime
    stop: datetime
    kind: str = "busy"
    is_all_day: bool = False


class Taken(NamedTuple):
    """A booking or hold of a person: the appointment itself in UTC seconds, and its own buffers."""

    booking_id: int
    start: int
    stop: int
    before_s: int = 0
    after_s: int = 0
    is_hold: bool = False


def opened(hours: IntervalSet) -> Layer:
    """Working hours."""
    return Layer(Reason.HOURS, hours.spans, shape=Shape.OPEN)


def off(leave: IntervalSet) -> Layer:
    """Public holidays and leave."""
    return Layer(Reason.LEAVE, leave.spans)


def blocked(times: IntervalSet, blocked_id: int = 0) -> Layer:
    """One blocked time with all its repetitions."""
    return Layer(Reason.BLOCKED, times.spans, blocked_id)


def busy(calendar_id: int, ranges: Iterable[Span]) -> Layer:
    """The busy times of one calendar that count, in seconds."""
    return Layer(Reason.BUSY, tuple(ranges), calendar_id, is_buffered=True)


def busy_layers(rows: Iterable[BusyRow], rules: BookingRules) -> list[Layer]:
    """One layer per calendar, of those rows that block."""
    pairs: dict[int, list[tuple[datetime, datetime]]] = {}
    for row in rows:
        if rules.blocks(row.kind, row.is_all_day):
            pairs.setdefault(row.calendar_id, []).append((row.start, row.stop))
    return [busy(calendar_id, spans(each)) for calendar_id, each in pairs.items()]


def appointments(rows: Sequence[tuple[int, int, int]]) -> Layer:
    """Events in Odoo that block: (event id, start, stop) in seconds."""
    ranges = tuple((start, stop) for _id, start, stop in rows)
    ids = tuple(event_id for event_id, _start, _stop in rows)
    return Layer(Reason.APPOINTMENT, ranges, ids=ids, is_buffered=True)


def taken_layers(rows: Iterable[Taken]) -> list[Layer]:
    """Bookings and holds, one layer per kind and buffers."""
    groups: dict[tuple, list[Taken]] = {}
    for row in rows:
        groups.setdefault((row.is_hold, row.before_s, row.after_s), []).append(row)
    return [
        Layer(
            Reason.HOLD if is_hold else Reason.BOOKING,
            tuple((row.start, row.stop) for row in group),
            ids=tuple(row.booking_id for row in group),
            is_buffered=True,
            before_s=before_s,
            after_s=after_s,
        )
        for (is_hold, before_s, after_s), group in groups.items()
    ]


def unreadable(source: int = 0, since: int = PAST) -> Layer:
    """A calendar that can't be read, or was read up to `since` only, refuses everything from then
    on: a booking fails closed."""
    return Layer(Reason.UNREADABLE, ((since, FUTURE),), source, is_buffered=True)


def unskilled() -> Layer:
    """Somebody who can't do the service is never offered for it."""
    return Layer(Reason.SKILL, ((PAST, FUTURE),), shape=Shape.STARTS)


def with_live(
    layers: Iterable[Layer], live: Mapping[int, Sequence[Span] | None], within: Span
) -> list[Layer]:
    """The layers with what calendars say right now about the time `within`; None: can't be read.

    There the latest answer counts in both directions: what is gone frees its slot. About any other
    time nothing was asked, so what was known stays.
    """
    asked, replaced = IntervalSet.of((within,)), (Reason.BUSY, Reason.UNREADABLE)
    kept = [
        replace(each, ranges=(IntervalSet.of(each.ranges) - asked).spans)
        if each.reason in replaced and each.source in live
        else each
        for each in layers
    ]
    return kept + [
        unreadable(calendar_id)
        if ranges is None
        else busy(calendar_id, IntervalSet.of(ranges) & asked)
        for calendar_id, ranges in live.items()
    ]


class Own(NamedTuple):
    """The appointment that is being moved: its time, its bookings (one per person), its event."""

    start: int
    stop: int
    booking_ids: frozenset[int] = frozenset()
    event_id: int = 0


def without_own(layers: Iterable[Layer], own: Own) -> list[Layer]:
    """The layers as if the appointment that is being moved were not there.

    Its booking and event are left out by id. A calendar tells no ids, so there the time itself is
    taken out, also from the middle of a longer busy time.
    """
    return [_without(layer, own) for layer in layers]


def _without(layer: Layer, own: Own) -> Layer:
    match layer.reason:
        case Reason.BUSY:
            mine = IntervalSet.of(((own.start, own.stop),))
            return replace(layer, ranges=(IntervalSet.of(layer.ranges) - mine).spans)
        case Reason.APPOINTMENT:
            return _without_ids(layer, {own.event_id})
        case Reason.BOOKING | Reason.HOLD:
            return _without_ids(layer, own.booking_ids)
    return layer


def _without_ids(layer: Layer, own: Collection[int]) -> Layer:
    kept = [place for place, each in enumerate(layer.ids) if each not in own]
    return replace(
        layer,
        ranges=tuple(layer.ranges[place] for place in kept),
        ids=tuple(layer.ids[place] for place in kept),
    )
