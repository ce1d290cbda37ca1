"""Whose event is this? Same meeting, one record, once on each calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..core.event import EventKey, RemoteEvent
from ..core.when import When


class MatchKind(StrEnum):
    """LINK: known here. ADOPT: the meeting exists, this calendar gets a link to it. TWIN: a second
    copy of a linked event, listed as duplicate and not imported. COPY: a copy that somebody made
    of a linked event, an event of its own with a new GUID. NEW: nothing is known about it."""

    LINK = "link"
    ADOPT = "adopt"
    TWIN = "twin"
    COPY = "copy"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class GuidOwner:
    """The meeting that carries one of our GUIDs, and what tells a twin from a copy."""

    meeting_id: int
    title: str
    when: When


@dataclass(frozen=True, slots=True)
class Index:
    """What is known about a page's events, for one calendar.

    `by_remote`: remote id → link id, for living links and for pending creates of this calendar.
    `by_uid`: iCalUID + slot → meeting id, on any calendar. `by_key`: remote id → meeting id, for
    invitations to a meeting that a colleague's calendar is just creating (its answer, and with it
    the iCalUID, is not written down yet, but the chosen id is) and for what a former sync brought
    in. `by_guid`: GUID → its meeting.
    `living`: meeting id → id of its living link on THIS calendar.
    """

    by_remote: Mapping[str, int] = field(default_factory=dict)
    by_uid: Mapping[EventKey, int] = field(default_factory=dict)
    by_key: Mapping[str, int] = field(default_factory=dict)
    by_guid: Mapping[str, GuidOwner] = field(default_factory=dict)
    living: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """The answer. For a twin or copy `link_id` is the living link of the first one."""

    kind: MatchKind
    link_id: int | None = None
    meeting_id: int | None = None


def match(remote: RemoteEvent, index: Index) -> Match:
    """Find the meeting of `remote`: by remote id, then iCalUID and slot, then a colleague's
    pending create, then our GUID, which only adopts where that meeting has no living link here."""
    if remote.remote_id in index.by_remote:
        return Match(MatchKind.LINK, link_id=index.by_remote[remote.remote_id])
    if remote.ical_uid and remote.key in index.by_uid:
        return _by_meeting(index.by_uid[remote.key], index)
    if remote.remote_id in index.by_key:
        return _by_meeting(index.by_key[remote.remote_id], index)
    owner = index.by_guid.get(remote.guid) if remote.guid else None
    return _by_guid(remote, owner, index) if owner else Match(MatchKind.NEW)


def _by_meeting(meeting_id: int, index: Index) -> Match:
    """A second resource with the same identity on one calendar is a twin, never a second link."""
    link_id = index.living.get(meeting_id)
    kind = MatchKind.ADOPT if link_id is None else MatchKind.TWIN
    return Match(kind, link_id=link_id, meeting_id=meeting_id)


def _by_guid(remote: RemoteEvent, owner: GuidOwner, index: Index) -> Match:
    link_id = index.living.get(owner.meeting_id)
    if link_id is None:
        return Match(MatchKind.ADOPT, meeting_id=owner.meeting_id)
    kind = MatchKind.TWIN if _is_same(remote, owner) else MatchKind.COPY
    return Match(kind, link_id=link_id, meeting_id=owner.meeting_id)


def _is_same(remote: RemoteEvent, owner: GuidOwner) -> bool:
    """Same title, start and stop."""
    when = remote.fields.when
    return (
        " ".join(remote.fields.title.split()) == " ".join(owner.title.split())
        and when.start == owner.when.start
        and when.stop == owner.when.stop
    )
