"""Cleaning up: what becomes of one event that we created in a calendar."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from ..core.event import EventFields, RemoteEvent

CLEANED_UP = "cleaned_up"
"""Problem code of a link, and rule of the journal, for an event that a clean-up removed."""


class Choice(StrEnum):
    """What a person decided about an event with guests."""

    NONE = ""
    QUIET = "quiet"
    TELL = "tell"


class Fate(StrEnum):
    """What a clean-up does with an event as the calendar shows it now."""

    REMOVE = "remove"
    ASK = "ask"
    KEEP = "keep"
    GONE = "gone"
    STAY = "stay"


@dataclass(frozen=True, slots=True)
class Ours:
    """What makes a remote event ours: one of `guids`. `own` are its owner's addresses."""

    guids: frozenset[str]
    own: frozenset[str]
    choice: Choice = Choice.NONE


def fate(remote: RemoteEvent | None, ours: Ours) -> Fate:
    """What to do with `remote` (None: it is no longer there).

    An event that carries somebody else's GUID is a copy that a person made of ours, and one that
    another person organizes by now is theirs: both are kept. Guests need a person's decision.
    """
    if remote is None:
        return Fate.GONE
    if not remote.is_organizer or (remote.guid and remote.guid not in ours.guids):
        return Fate.KEEP
    if guests(remote.fields, ours.own) and ours.choice is Choice.NONE:
        return Fate.ASK
    return Fate.REMOVE


def guests(fields: EventFields | None, own: Collection[str]) -> frozenset[str]:
    """Addresses of the people who are invited beside the calendar's owner."""
    people = fields.attendees if fields else ()
    return frozenset(person.email for person in people) - set(own)
