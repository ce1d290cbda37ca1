"""What a write may do, decided before it is sent. Pure.

Graph has no "send no mail": a change by the organizer of a meeting mails its guests, and so do a
deletion and a longer guest list. A silent write that would do so is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core.errors import Conflict, Forbidden, NotFound
from ...core.event import FIELD_NAMES, PERSONAL_FIELDS, EventFields
from . import guests, text, wire

QUIET = frozenset({"reminders", "guid", "source"})
"""What can be written without anybody being told. A Teams link changes the body."""

_NOT_WRITTEN = frozenset({"guid", "source", "conference_url"})
Item = Mapping[str, Any]


def check_version(item: Item, etag: str, operation: str) -> None:
    """Raises NotFound for a cancelled event, Conflict for another version than `etag`."""
    if item.get("isCancelled"):
        raise NotFound("cancelled", operation=operation)
    if etag and item.get("@odata.etag") != etag:
        raise Conflict("ErrorIrresolvableConflict", operation=operation)


def check_silence(item: Item, names: set[str], fields: EventFields, operation: str) -> None:
    """Raises Forbidden(`would_notify`) when Outlook would mail somebody about this change."""
    told = guests.others(item)
    loud = names - QUIET - {"attendees"}
    if "attendees" in names and guests.changed_list(item, fields.attendees):
        told |= guests.people(fields.attendees)
        loud.add("attendees")
    if told and loud:
        raise Forbidden("would_notify", operation=operation)


def check_guest(item: Item, names: set[str]) -> None:
    """Raises Forbidden when a guest would change what everybody shares."""
    if names - PERSONAL_FIELDS - _NOT_WRITTEN - {"attendees"}:
        raise Forbidden("not_organizer", operation="update")


def personal(names: set[str]) -> set[str]:
    """The fields that a guest's own copy takes."""
    return names & PERSONAL_FIELDS


def needs_current(
    fields: EventFields, names: Sequence[str], etag: str, *, is_occurrence: bool
) -> bool:
    """True when the event must be read before it is changed.

    Not when the version that we write against had no guests as far as we know: then nobody can
    have been added since, or the version would be another one.
    """
    own_read = {"attendees", "description", "conference_url"}
    return is_occurrence or not etag or bool(fields.attendees) or not own_read.isdisjoint(names)


def with_join_text(body: dict[str, Any], item: Item | None) -> dict[str, Any]:
    """The same members with the join text of the event's online meeting kept in its body.

    Raises Forbidden when that cannot be told apart: a body without it would end the meeting. A
    mailbox without a licence has neither link nor join text.
    """
    if "body" not in body or not item or not item.get("isOnlineMeeting"):
        return body
    content, link = (item.get("body") or {}).get("content") or "", wire.conference_from(item)
    if not link and not text.has_line(content):
        return body
    blob = text.blob_of(content, link)
    if not blob:
        raise Forbidden("online_meeting_text", operation="update")
    description = body["body"]["content"]
    return body | {"body": text.body_of(description, blob)}


def without_join_text(description: str, item: Item | None) -> dict[str, Any]:
    """The members that take a Teams meeting off an event: its body without the join text."""
    if not item or not item.get("isOnlineMeeting"):
        return {}
    return {"body": text.body_of(description)}


def shared_names(names: Sequence[str]) -> set[str]:
    """`names` as far as anybody knows them."""
    return set(names) & {*FIELD_NAMES, "guid", "source"}
