"""Three-way merge per field, and per person for the guest list."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ..core.event import FIELD_NAMES, Attendee, EventFields

Side = Literal["local", "remote"]
SERIES_TIMES = ("when", "recurrence")
_PERSON_PARTS = ("response", "is_optional", "is_resource")


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A value that lost, for the journal. For 'attendees' the values are one person's entry."""

    name: str
    was: Any
    here: Any
    there: Any
    winner: Side

    @property
    def lost(self) -> Any:
        """The value that did not survive."""
        return self.there if self.winner == "local" else self.here


@dataclass(frozen=True, slots=True)
class Merge:
    """What must travel so that both sides end equal, by field name."""

    to_remote: dict[str, Any] = field(default_factory=dict)
    to_local: dict[str, Any] = field(default_factory=dict)
    conflicts: tuple[FieldConflict, ...] = ()


def merge(base: EventFields | None, local: EventFields, remote: EventFields, wins: Side) -> Merge:
    """Say which fields must travel so that both sides end equal. All values are canonical.

    A field changed on one side only travels to the other. Changed on both, `wins` picks and the
    pair is kept in `conflicts`. Equal on both sides: nothing travels, even if the base differs.
    Start and rule of a series belong together: exceptions are named by their original start.
    Guests merge one by one. Without a base, every difference counts as changed on both sides and
    no guest is removed.
    """
    to_remote: dict[str, Any] = {}
    to_local: dict[str, Any] = {}
    conflicts: list[FieldConflict] = []
    for names in _units(local, remote):
        here, there = _values(local, names), _values(remote, names)
        if here == there:
            continue
        was = _values(base, names) if base else None
        winner = _winner(was, here, there, wins)
        differing = [name for name in names if getattr(local, name) != getattr(remote, name)]
        source, target = (local, to_remote) if winner == "local" else (remote, to_local)
        target.update({name: getattr(source, name) for name in differing})
        if was not in (here, there):
            conflicts += [_conflict(name, base, local, remote, winner) for name in differing]
    attendees, quarrels = merge_people(base, local, remote, wins)
    if attendees != remote.attendees:
        to_remote["attendees"] = attendees
    if attendees != local.attendees:
        to_local["attendees"] = attendees
    return Merge(to_remote, to_local, tuple(conflicts) + quarrels)


def merge_people(
    base: EventFields | None, local: EventFields, remote: EventFields, wins: Side
) -> tuple[tuple[Attendee, ...], tuple[FieldConflict, ...]]:
    """The merged guest list as a map by address, sorted, and what lost.

    A person added on either side stays, one removed on either side goes, and each answer is
    merged for itself. Taking a guest off is stronger than that guest's answer at the same time.
    """
    if local.attendees == remote.attendees:
        return local.attendees, ()
    was = {person.email: person for person in base.attendees} if base else {}
    here = {person.email: person for person in local.attendees}
    there = {person.email: person for person in remote.attendees}
    merged: list[Attendee] = []
    conflicts: list[FieldConflict] = []
    for email in sorted(here.keys() | there.keys()):
        sides = (was.get(email), here.get(email), there.get(email))
        person, winner = _merge_person(*sides, wins)
        if person is not None:
            merged.append(person)
        if winner:
            conflicts.append(FieldConflict("attendees", *sides, winner))
    return tuple(merged), tuple(conflicts)


def _merge_person(
    was: Attendee | None, here: Attendee | None, there: Attendee | None, wins: Side
) -> tuple[Attendee | None, Side | None]:
    """One person's entry, and who won where both sides changed it."""
    if there in (here, was):
        return here, None
    if here == was:
        return there, None
    if here is None or there is None:
        return None, "local" if here is None else "remote"
    parts: dict[str, Any] = {}
    is_conflict = False
    for name in _PERSON_PARTS:
        before, ours, theirs = (getattr(side, name, None) for side in (was, here, there))
        parts[name] = ours if _winner(before, ours, theirs, wins) == "local" else theirs
        is_conflict |= ours != theirs and before not in (ours, theirs)
    return replace(here if here.name else there, **parts), wins if is_conflict else None


def _units(local: EventFields, remote: EventFields) -> list[tuple[str, ...]]:
    """Names that are decided together."""
    names = [name for name in FIELD_NAMES if name != "attendees"]
    if not (local.recurrence or remote.recurrence):
        return [(name,) for name in names]
    return [SERIES_TIMES, *((name,) for name in names if name not in SERIES_TIMES)]


def _values(fields: EventFields, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(fields, name) for name in names)


def _winner(was: Any, here: Any, there: Any, wins: Side) -> Side:
    """Whose value stays: of the only side that changed it, else of `wins`."""
    if there == was:
        return "local"
    return "remote" if here == was else wins


def _conflict(
    name: str, base: EventFields | None, local: EventFields, remote: EventFields, winner: Side
) -> FieldConflict:
    was = getattr(base, name) if base else None
    return FieldConflict(name, was, getattr(local, name), getattr(remote, name), winner)
