"""Graph's attendees: reading them, and changing the list without taking anybody's place. Pure.

PATCH replaces the whole list, answers are read-only there. A guest's own answer stands in
`responseStatus`, not in the list, and is given by an action of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from ...core.errors import Forbidden
from ...core.event import Attendee, Response

_FROM = {
    "accepted": Response.ACCEPTED,
    "organizer": Response.ACCEPTED,
    "tentativelyAccepted": Response.TENTATIVE,
    "declined": Response.DECLINED,
}
ACTIONS = {
    Response.ACCEPTED: "accept",
    Response.TENTATIVE: "tentativelyAccept",
    Response.DECLINED: "decline",
}
"""The action that gives this answer. There is none that takes an answer back."""


def address_of(person: Mapping[str, Any] | None) -> str:
    """The normalised address of an organizer or attendee, '' when there is none."""
    return str(((person or {}).get("emailAddress") or {}).get("address") or "").strip().lower()


def attendees_from(item: Mapping[str, Any], owner: str = "") -> tuple[Attendee, ...]:
    """The invited people, sorted by address. `owner` is whose calendar this is: a guest's copy
    tells only that person's answer, and not in the list."""
    own = "" if item.get("isOrganizer", True) else owner
    found = {}
    for guest in item.get("attendees") or ():
        email = address_of(guest)
        if email:
            status = item.get("responseStatus") if email == own else guest.get("status")
            found.setdefault(email, _attendee(email, guest, status or {}))
    return tuple(sorted(found.values(), key=attrgetter("email")))


def _attendee(email: str, guest: Mapping[str, Any], status: Mapping[str, Any]) -> Attendee:
    return Attendee(
        email=email,
        name=guest["emailAddress"].get("name") or "",
        response=_FROM.get(status.get("response", ""), Response.NEEDS_ACTION),
        is_optional=guest.get("type") == "optional",
        is_resource=guest.get("type") == "resource",
    )


def entries_of(attendees: Sequence[Attendee]) -> list[dict[str, Any]]:
    """The list to write. Nobody's answer is in it."""
    return [_entry(one) for one in attendees]


def _entry(attendee: Attendee) -> dict[str, Any]:
    mail = {"address": attendee.email} | ({"name": attendee.name} if attendee.name else {})
    kind = "optional" if attendee.is_optional else "required"
    return {"emailAddress": mail, "type": "resource" if attendee.is_resource else kind}


def people(attendees: Sequence[Attendee]) -> set[str]:
    """Addresses of those who read their mail: a room answers by itself, and tells nobody."""
    return {one.email for one in attendees if not one.is_resource}


def others(item: Mapping[str, Any]) -> set[str]:
    """Addresses of the people whom Outlook would tell about a change by the organizer."""
    organizer = address_of(item.get("organizer"))
    guests = (one for one in item.get("attendees") or () if one.get("type") != "resource")
    return {address_of(guest) for guest in guests} - {organizer, ""}


def changed_list(item: Mapping[str, Any], attendees: Sequence[Attendee]) -> dict[str, Any]:
    """Members that bring the organizer's list to `attendees`; {} when it already is.

    Names and rooms of those who stay are kept as they are.
    """
    current = {address_of(guest): guest for guest in item.get("attendees") or ()}
    merged = [_merged(one, current.get(one.email)) for one in attendees]
    kinds = {address_of(entry): entry["type"] for entry in merged}
    if kinds == {email: guest.get("type", "required") for email, guest in current.items()}:
        return {}
    return {"attendees": merged}


def _merged(attendee: Attendee, guest: Mapping[str, Any] | None) -> dict[str, Any]:
    if guest is None:
        return _entry(attendee)
    return _entry(attendee) | {"emailAddress": guest["emailAddress"]}


def own_answer(
    item: Mapping[str, Any], attendees: Sequence[Attendee], owner: str
) -> Response | None:
    """The answer that `owner`, a guest, gives now; None when it is not another one.

    Raises Forbidden when more than one's own answer would change.
    """
    current = {one.email: one for one in attendees_from(item, owner)}
    wanted = {one.email: one for one in attendees}
    if current.keys() != wanted.keys():
        is_hidden = item.get("hideAttendees", False)
        raise Forbidden("hidden_guests" if is_hidden else "guest_list_not_ours")
    if owner not in wanted or wanted[owner].response is current[owner].response:
        return None
    return wanted[owner].response


def comment_of(attendees: Sequence[Attendee], owner: str) -> dict[str, str]:
    """The member that carries `owner`'s comment on the answer; {} without one."""
    said = next((one.comment for one in attendees if one.email == owner), "")
    return {"comment": said} if said else {}
