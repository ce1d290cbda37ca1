"""A whole event resource: identity, rights and what is written beside the fields. Pure.

The fields themselves are in `wire.py`. Source: discovery document calendar.v3 revision 20261030.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ...core.changes import Gone, Unreadable
from ...core.errors import Malformed, NotFound
from ...core.event import EventFields, EventKind, RemoteEvent
from ...core.when import slot_of
from ..port import EventDraft
from .wire import READERS, WRITERS, moment_from

GUID_PROPERTY = "cspGuid"
EVENT_FIELDS = (
    "id,etag,status,htmlLink,updated,summary,description,location,organizer(email,displayName,self),"
    "start,end,recurrence,recurringEventId,originalStartTime,transparency,visibility,iCalUID,"
    "sequence,attendees,attendeesOmitted,extendedProperties/private,hangoutLink,"
    "conferenceData/entryPoints,reminders,eventType,locked,guestsCanModify,guestsCanSeeOtherGuests"
)
"""The members that are asked for, as a `fields` mask."""

_PART_REASONS = {"when": "missing_time", "recurrence": "broken_rule"}
_KINDS = {
    "default": EventKind.DEFAULT,
    "outOfOffice": EventKind.OUT_OF_OFFICE,
    "focusTime": EventKind.FOCUS,
    "workingLocation": EventKind.WORKING_LOCATION,
    "birthday": EventKind.BIRTHDAY,
    "fromGmail": EventKind.FROM_MAIL,
}


def fields_from(item: Mapping[str, Any]) -> EventFields:
    """The fields of a living event. Raises Malformed naming the part that made no sense."""
    name = "item"
    values = {}
    try:
        for name, read in READERS:
            values[name] = read(item)
    except (KeyError, ValueError, TypeError, AttributeError):
        reason = _PART_REASONS.get(name, "malformed")
        raise Malformed(reason, field=name, where=str(item.get("id", ""))) from None
    return EventFields(**values)


def event_from(item: Mapping[str, Any]) -> RemoteEvent:
    """A living event resource as a value. Raises Malformed."""
    fields = fields_from(item)
    try:
        return _event(item, fields)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Malformed("malformed", field="item", where=str(item.get("id", ""))) from None


def _event(item: Mapping[str, Any], fields: EventFields) -> RemoteEvent:
    organizer = item.get("organizer", {})
    is_organizer = organizer.get("self", not organizer)
    return RemoteEvent(
        remote_id=item["id"],
        etag=item.get("etag", ""),
        ical_uid=item.get("iCalUID", ""),
        fields=fields,
        slot=slot_from(item),
        master_id=item.get("recurringEventId", ""),
        guid=item.get("extendedProperties", {}).get("private", {}).get(GUID_PROPERTY, ""),
        sequence=item.get("sequence", 0),
        updated=datetime.fromisoformat(item["updated"]) if "updated" in item else None,
        organizer_email=organizer.get("email", "").lower(),
        organizer_name=organizer.get("displayName", ""),
        is_organizer=is_organizer,
        can_edit=_can_edit(item, is_organizer),
        has_hidden_guests=has_hidden_guests(item, is_organizer),
        is_tentative=item.get("status") == "tentative",
        kind=_KINDS.get(item.get("eventType", "default"), EventKind.DEFAULT),
        web_url=item.get("htmlLink", ""),
    )


def _can_edit(item: Mapping[str, Any], is_organizer: bool) -> bool:
    """Only ordinary events, unlocked, and either ours or open to guests."""
    if item.get("locked", False) or item.get("eventType", "default") != "default":
        return False
    return is_organizer or item.get("guestsCanModify", False)


def has_hidden_guests(item: Mapping[str, Any], is_organizer: bool) -> bool:
    """True when the list is cut, or hidden from this guest, or names somebody without address."""
    if item.get("attendeesOmitted", False):
        return True
    if not is_organizer and not item.get("guestsCanSeeOtherGuests", True):
        return True
    return not all("email" in guest for guest in item.get("attendees", ()))


def slot_from(item: Mapping[str, Any]) -> str:
    """The original start of an occurrence, wherever it was moved to; '' otherwise."""
    original = item.get("originalStartTime")
    return slot_of(moment_from(original)) if original else ""


def is_cancelled(item: Mapping[str, Any]) -> bool:
    """True for a deleted event or a removed occurrence: then nothing else may be read."""
    return item.get("status") == "cancelled"


def gone_from(item: Mapping[str, Any]) -> Gone:
    """A cancelled item. Raises Malformed when its original start makes no sense."""
    try:
        return Gone(item["id"], slot_from(item), item.get("recurringEventId", ""))
    except (KeyError, ValueError, TypeError):
        where = str(item.get("id", ""))
        raise Malformed("malformed", field="slot", where=where) from None


def sorted_items(
    items: Sequence[Mapping[str, Any]],
) -> tuple[tuple[RemoteEvent, ...], tuple[Gone, ...], tuple[Unreadable, ...]]:
    """A page's items as living events, gone ones, and those that made no sense."""
    events, gone, unreadable = [], [], []
    for item in items:
        try:
            if is_cancelled(item):
                gone.append(gone_from(item))
            else:
                events.append(event_from(item))
        except Malformed as error:
            unreadable.append(Unreadable(error.where, error))
        except (AttributeError, TypeError):
            unreadable.append(Unreadable("", Malformed("malformed", field="item")))
    return tuple(events), tuple(gone), tuple(unreadable)


def living(item: Mapping[str, Any], operation: str) -> RemoteEvent:
    """The item as a value. Raises NotFound for a cancelled one, which Google still answers."""
    if is_cancelled(item):
        raise NotFound("deleted", operation=operation)
    return event_from(item)


def members(fields: EventFields, names: Iterable[str]) -> dict[str, Any]:
    """The members to write for `names`; None clears one. Unknown names are left out.

    Making an event repeat sends its times too: Google wants the zone beside the rule.
    """
    wanted = set(names)
    if fields.recurrence and "recurrence" in wanted:
        wanted.add("when")
    body: dict[str, Any] = {}
    for name in sorted(wanted & WRITERS.keys()):
        body |= WRITERS[name](fields)
    return body


def extras(draft: EventDraft, names: Iterable[str]) -> dict[str, Any]:
    """Members beside the fields: our lasting id and the link that only its creator sees."""
    body: dict[str, Any] = {}
    if "guid" in names:
        body["extendedProperties"] = {"private": {GUID_PROPERTY: draft.guid or None}}
    if "source" in names:
        body["source"] = (
            {"url": draft.source_url, "title": draft.source_title} if draft.source_url else None
        )
    return body


def conference_request(request_id: str) -> dict[str, Any]:
    """Ask for a Meet link; the same request id twice makes one."""
    kind = {"type": "hangoutsMeet"}
    request = {"requestId": request_id, "conferenceSolutionKey": kind}
    return {"conferenceData": {"createRequest": request}}


def conference_change(draft: EventDraft, request_id: str) -> dict[str, Any]:
    """Members that make a Meet link, or take off the one that is there; no link is given from
    outside."""
    if draft.wants_conference:
        return conference_request(request_id)
    return {} if draft.fields.conference_url else {"conferenceData": None}


def without_nulls(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same members for a new event, where there is nothing to clear."""
    return {
        name: without_nulls(value) if isinstance(value, dict) else value
        for name, value in body.items()
        if value is not None
    }
