"""The calendar file of an invitation that is sent by mail (RFC 5545, 5546 §3.2). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import icalendar

from ..core.event import Attendee, EventFields, Response
from ..core.timezones import to_local
from .html_text import text_of

PRODUCT = "-//Calendar Sync Pro//Invitations//EN"
_ANSWERS = {
    Response.NEEDS_ACTION: "NEEDS-ACTION",
    Response.ACCEPTED: "ACCEPTED",
    Response.TENTATIVE: "TENTATIVE",
    Response.DECLINED: "DECLINED",
}


@dataclass(frozen=True, slots=True)
class Invitation:
    """A meeting as its guests' calendars take it in.

    `uid` stays the same for ever and `sequence` grows with every mail, so that a calendar changes
    its entry instead of adding another. `slot_of` names the original start of an occurrence of a
    series that is told on its own. `stamp` is aware UTC.
    """

    uid: str
    sequence: int
    stamp: datetime
    fields: EventFields
    organizer_email: str = ""
    organizer_name: str = ""
    slot_of: datetime | date | None = None
    is_cancelled: bool = False


def invitation_file(invitation: Invitation) -> bytes:
    """A request (also an update, by its higher sequence) or a cancellation."""
    file = icalendar.Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("method", "CANCEL" if invitation.is_cancelled else "REQUEST")
    file.add_component(_event(invitation))
    file.add_missing_timezones()
    return file.to_ical()


def _event(invitation: Invitation) -> icalendar.Event:
    fields, event = invitation.fields, icalendar.Event()
    event.add("uid", invitation.uid)
    event.add("dtstamp", invitation.stamp)
    event.add("sequence", invitation.sequence)
    event.add("status", "CANCELLED" if invitation.is_cancelled else "CONFIRMED")
    event.add("summary", fields.title)
    if invitation.slot_of is not None:
        event.add("recurrence-id", invitation.slot_of)
    _add_times(event, fields)
    texts = {
        "description": text_of(fields.description),
        "location": fields.location,
        "url": fields.conference_url,
    }
    for name, text in texts.items():
        if text:
            event.add(name, text)
    if invitation.organizer_email:
        event.add("organizer", _address(invitation.organizer_email, invitation.organizer_name))
    for guest in fields.attendees:
        event.add("attendee", _guest(guest))
    return event


def _add_times(event: icalendar.Event, fields: EventFields) -> None:
    """A single event in UTC; a series on the clock of its zone, where its rule counts."""
    when = fields.when
    is_local = bool(fields.recurrence) and not when.is_all_day and bool(when.tz)
    for name, moment in (("dtstart", when.start), ("dtend", when.stop)):
        if is_local:
            event.add(name, to_local(moment, when.tz), parameters={"TZID": when.tz})
        else:
            event.add(name, moment)
    for line in fields.recurrence:
        name, _colon, rule = line.partition(":")
        if name.upper() == "RRULE":
            event.add("rrule", icalendar.vRecur.from_ical(rule))


def _guest(guest: Attendee) -> icalendar.vCalAddress:
    person = _address(guest.email, guest.name)
    person.params["PARTSTAT"] = icalendar.vText(_ANSWERS[guest.response])
    person.params["ROLE"] = icalendar.vText(
        "OPT-PARTICIPANT" if guest.is_optional else "REQ-PARTICIPANT"
    )
    person.params["RSVP"] = icalendar.vText("TRUE")
    return person


def _address(email: str, name: str) -> icalendar.vCalAddress:
    person = icalendar.vCalAddress(f"mailto:{email}")
    if name:
        # A quoted parameter knows no escape for its own quotes (RFC 5545, section 3.2).
        person.params["CN"] = icalendar.vText(name.replace('"', "'"))
    return person
