"""Google's guest list: reading it, and changing it without taking anybody's place or answer.

PATCH replaces the whole array, so a change starts from the list as it is now. Other people's
answers are sent back exactly as they came; only the calendar's own entry (`self`) carries our
answer. A list that is cut or hidden is never written. Source: discovery document, Event.attendees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from ...core.errors import Forbidden
from ...core.event import Attendee, Response

_FROM = {
    "needsAction": Response.NEEDS_ACTION,
    "accepted": Response.ACCEPTED,
    "tentative": Response.TENTATIVE,
    "declined": Response.DECLINED,
}
_TO = {value: name for name, value in _FROM.items()}
_READ_ONLY = frozenset({"self", "organizer", "id"})


def attendees_from(item: Mapping[str, Any]) -> tuple[Attendee, ...]:
    """The invited people, sorted by address; an entry without an address is left out."""
    guests = item.get("attendees")
    if not guests:
        return ()
    found = [_attendee(guest) for guest in guests if "email" in guest]
    found.sort(key=attrgetter("email"))
    return tuple(found)


def _attendee(guest: Mapping[str, Any]) -> Attendee:
    return Attendee(
        email=guest["email"].strip().lower(),
        name=guest.get("displayName", ""),
        response=_FROM.get(guest.get("responseStatus", ""), Response.NEEDS_ACTION),
        is_optional=guest.get("optional", False),
        is_resource=guest.get("resource", False),
        comment=guest.get("comment", ""),
    )


def new_guests(attendees: Sequence[Attendee], own_email: str = "") -> list[dict[str, Any]]:
    """The guest list of a new event: nobody's answer but our own."""
    return [_new_guest(one, own_email) for one in attendees]


def _new_guest(attendee: Attendee, own_email: str) -> dict[str, Any]:
    guest: dict[str, Any] = {"email": attendee.email}
    if attendee.name:
        guest["displayName"] = attendee.name
    if attendee.is_optional:
        guest["optional"] = True
    if attendee.is_resource:
        guest["resource"] = True
    if attendee.email == own_email:
        guest["responseStatus"] = _TO[attendee.response]
    return guest


def changed_guests(
    item: Mapping[str, Any],
    attendees: Sequence[Attendee],
    *,
    is_hidden: bool,
    can_edit: bool,
) -> dict[str, Any]:
    """Members that bring the list of `item` to `attendees`; {} when it already is.

    On a list that we may not change, or cannot see whole, only one's own answer is written.
    Raises Forbidden when more than that was asked for.
    """
    guests = [guest for guest in item.get("attendees", ()) if "email" in guest]
    current = {guest["email"].strip().lower(): guest for guest in guests}
    wanted = {one.email: one for one in attendees}
    own = next((email for email, guest in current.items() if guest.get("self")), "")
    if not is_hidden and can_edit:
        merged = [_merged(one, current.get(one.email)) for one in attendees]
        return {} if _same(merged, current) else {"attendees": merged}
    if current.keys() != wanted.keys():
        raise Forbidden("hidden_guests" if is_hidden else "guest_list_not_ours")
    if not own or _TO[wanted[own].response] == current[own].get("responseStatus"):
        return {}
    return {"attendees": [_merged(wanted[own], current[own])], "attendeesOmitted": True}


def _merged(attendee: Attendee, guest: Mapping[str, Any] | None) -> dict[str, Any]:
    """The entry to send for one person: as it is now, with what we may say about it."""
    if guest is None:
        return _new_guest(attendee, "")
    entry = {name: value for name, value in guest.items() if name not in _READ_ONLY}
    entry["optional"] = attendee.is_optional
    if guest.get("self"):
        entry["responseStatus"] = _TO[attendee.response]
        if attendee.comment:
            entry["comment"] = attendee.comment
    return entry


def _same(merged: list[dict[str, Any]], current: Mapping[str, Mapping[str, Any]]) -> bool:
    """True when the merged list says nothing new."""
    if len(merged) != len(current):
        return False
    for entry in merged:
        known = current.get(entry["email"].lower(), {})
        if known.get("responseStatus") != entry.get("responseStatus"):
            return False
        if bool(known.get("optional")) != bool(entry.get("optional")) or not known:
            return False
    return True
