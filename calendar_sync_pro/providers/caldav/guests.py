"""Organizer and attendees: reading them, and changing the list without anybody's answer. Pure.

A server with scheduling mails everybody whom the organizer's copy names, unless the entry says
SCHEDULE-AGENT=CLIENT. So a silent write says that of every guest, and a write that shall invite
says nothing. Going from the server's hands to silence would call the meeting off by mail
(RFC 6638 §3.2.1), so it is never done. Source: RFC 5545 §3.8.4.1, RFC 6638 §7.1.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import attrgetter

from ...core.errors import Forbidden
from ...core.event import Attendee, Response
from .lines import Component, Property, put_together, taken_apart

_FROM = {
    "ACCEPTED": Response.ACCEPTED,
    "TENTATIVE": Response.TENTATIVE,
    "DECLINED": Response.DECLINED,
}
_TO = {value: name for name, value in _FROM.items()} | {Response.NEEDS_ACTION: "NEEDS-ACTION"}
_THINGS = frozenset({"ROOM", "RESOURCE"})
_AGENT = "SCHEDULE-AGENT"
_BY_SERVER = frozenset({"", "SERVER"})


def address_of(person: Property | None) -> str:
    """The normalised address of an ORGANIZER or ATTENDEE, '' when there is none."""
    if person is None:
        return ""
    value = person.value.strip()
    if value.lower().startswith("mailto:"):
        return value[7:].strip().lower()
    return person.param("EMAIL").strip().lower() or (value.lower() if "@" in value else "")


def organizer_of(event: Component) -> tuple[str, str]:
    """Address and name of the organizer; two empty texts without one."""
    found = event.first("ORGANIZER")
    return address_of(found), found.param("CN") if found else ""


def is_organizer(event: Component, own: Collection[str]) -> bool:
    """True for an event that nobody else organizes."""
    found = event.first("ORGANIZER")
    return found is None or address_of(found) in own


def attendees_of(event: Component) -> tuple[Attendee, ...]:
    """The invited people, sorted by address; an entry without an address is left out."""
    found: dict[str, Attendee] = {}
    for person in event.all("ATTENDEE"):
        email = address_of(person)
        if email:
            found.setdefault(email, _attendee(email, person))
    return tuple(sorted(found.values(), key=attrgetter("email")))


def _attendee(email: str, person: Property) -> Attendee:
    return Attendee(
        email=email,
        name=person.param("CN"),
        response=_FROM.get(person.param("PARTSTAT").upper(), Response.NEEDS_ACTION),
        is_optional=person.param("ROLE").upper() == "OPT-PARTICIPANT",
        is_resource=person.param("CUTYPE").upper() in _THINGS,
    )


def told_by_server(event: Component, own: Collection[str]) -> set[str]:
    """Addresses of the guests whom a scheduling server tells about the organizer's changes."""
    if not event.lines("ORGANIZER"):
        return set()
    guests = event.all("ATTENDEE")
    told = {address_of(one) for one in guests if one.param(_AGENT).upper() in _BY_SERVER}
    return told - set(own) - {""}


def put_guests(
    event: Component, attendees: Sequence[Attendee], own: Sequence[str], *, is_told: bool
) -> None:
    """Bring the organizer's list to `attendees`. Entries that stay keep what they say.

    `own` are the calendar owner's addresses, the first of which organizes; `is_told`: the server
    shall invite.
    """
    stored = {address_of(taken_apart(line)): line for line in event.lines("ATTENDEE")}
    nameless = [line for line in event.lines("ATTENDEE") if not address_of(taken_apart(line))]
    lines = [_changed(one, stored.get(one.email), own, is_told) for one in attendees]
    lines += nameless
    event.put("ATTENDEE", *lines)
    if not lines:
        event.drop("ORGANIZER")
    elif own and not event.lines("ORGANIZER"):
        event.put("ORGANIZER", put_together("ORGANIZER", f"mailto:{own[0]}"))


def hand_over(event: Component, own: Sequence[str]) -> None:
    """From now on the server invites everybody on the list."""
    lines = [_with(line, {_AGENT: None}) for line in event.lines("ATTENDEE")]
    event.put("ATTENDEE", *lines)
    if lines and own and not event.lines("ORGANIZER"):
        event.put("ORGANIZER", put_together("ORGANIZER", f"mailto:{own[0]}"))


def _changed(guest: Attendee, line: str | None, own: Collection[str], is_told: bool) -> str:
    """The entry of one person: a new one, or the stored one with what we may say about it."""
    if line is None:
        return _new(guest, own, is_told)
    changes: dict[str, str | None] = {}
    found = _attendee(guest.email, taken_apart(line))
    if found.is_optional != guest.is_optional:
        changes["ROLE"] = "OPT-PARTICIPANT" if guest.is_optional else None
    if guest.email in own and found.response is not guest.response:
        changes["PARTSTAT"] = _TO[guest.response]
    if is_told:
        changes[_AGENT] = None
    return _with(line, changes)


def _new(guest: Attendee, own: Collection[str], is_told: bool) -> str:
    params = [("CN", guest.name)] if guest.name else []
    if guest.is_resource:
        params.append(("CUTYPE", "RESOURCE"))
    if guest.is_optional:
        params.append(("ROLE", "OPT-PARTICIPANT"))
    is_own = guest.email in own
    params.append(("PARTSTAT", _TO[guest.response] if is_own else "NEEDS-ACTION"))
    if not is_own:
        params.append(("RSVP", "TRUE"))
        if not is_told:
            params.append((_AGENT, "CLIENT"))
    return put_together("ATTENDEE", f"mailto:{guest.email}", params)


def _with(line: str, changes: dict[str, str | None]) -> str:
    """The line with some parameters set, or taken out for None; untouched without changes."""
    found = taken_apart(line)
    params = {name: value for name, value in (found.params | changes).items() if value is not None}
    if params == found.params:
        return line
    return put_together(found.name, found.value, params.items())


def answer(event: Component, attendees: Sequence[Attendee], own: Collection[str]) -> bool:
    """On a guest's copy: write the owner's own answer. False when it is the same already.

    Raises Forbidden when more than one's own answer would change.
    """
    current = {one.email: one for one in attendees_of(event)}
    wanted = {one.email: one for one in attendees}
    if current.keys() != wanted.keys():
        raise Forbidden("guest_list_not_ours", operation="update")
    mine = [email for email in own if email in wanted]
    if not mine or wanted[mine[0]].response is current[mine[0]].response:
        return False
    change = {"PARTSTAT": _TO[wanted[mine[0]].response], "RSVP": None}
    event.put(
        "ATTENDEE",
        *(
            _with(line, change) if address_of(taken_apart(line)) == mine[0] else line
            for line in event.lines("ATTENDEE")
        ),
    )
    return True
