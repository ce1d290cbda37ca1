"""An appointment for the customer's own calendar: a file (RFC 5545, 5546) and links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

import icalendar

PRODUCT = "-//Calendar Sync Pro//Booking//EN"
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Appointment:
    """What the customer's calendar shows. Times are aware UTC, addresses bare.

    `uid` stays the same for ever and `sequence` grows with each change, so that a calendar moves
    its entry instead of adding another.
    """

    uid: str
    title: str
    start: datetime
    stop: datetime
    stamp: datetime
    sequence: int = 0
    text: str = ""
    place: str = ""
    organizer_name: str = ""
    organizer_email: str = ""
    customer_name: str = ""
    customer_email: str = ""
    is_cancelled: bool = False


def calendar_file(appointment: Appointment, *, is_download: bool = False) -> bytes:
    """The file for a mail: a request, or a cancellation. Downloaded, it is only for reading.

    Nobody is asked to answer: whoever booked has said yes already (RFC 5546, section 3.2.2).
    """
    method = "CANCEL" if appointment.is_cancelled else "REQUEST"
    file = icalendar.Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("method", "PUBLISH" if is_download else method)
    file.add_component(_event(appointment, is_download))
    return file.to_ical()


def _event(appointment: Appointment, is_download: bool) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", appointment.uid)
    event.add("dtstamp", appointment.stamp)
    event.add("dtstart", appointment.start)
    event.add("dtend", appointment.stop)
    event.add("sequence", appointment.sequence)
    event.add("summary", appointment.title)
    event.add("status", "CANCELLED" if appointment.is_cancelled else "CONFIRMED")
    for name, text in (("description", appointment.text), ("location", appointment.place)):
        if text:
            event.add(name, text)
    if appointment.organizer_email:
        event.add("organizer", _person(appointment.organizer_email, appointment.organizer_name))
    if appointment.customer_email and not is_download:
        event.add("attendee", _customer(appointment))
    return event


def _customer(appointment: Appointment) -> icalendar.vCalAddress:
    person = _person(appointment.customer_email, appointment.customer_name)
    person.params["PARTSTAT"] = icalendar.vText("ACCEPTED")
    person.params["ROLE"] = icalendar.vText("REQ-PARTICIPANT")
    person.params["RSVP"] = icalendar.vText("FALSE")
    return person


def _person(email: str, name: str) -> icalendar.vCalAddress:
    person = icalendar.vCalAddress(f"mailto:{email}")
    if name:
        # A quoted parameter knows no escape for its own quotes (RFC 5545, section 3.2).
        person.params["CN"] = icalendar.vText(name.replace('"', "'"))
    return person


def google_link(appointment: Appointment) -> str:
    """The page of Google Calendar with a new entry filled in."""
    times = f"{appointment.start:{_STAMP}}/{appointment.stop:{_STAMP}}"
    asked = {
        "action": "TEMPLATE",
        "text": appointment.title,
        "dates": times,
        "details": appointment.text,
        "location": appointment.place,
    }
    return f"https://calendar.google.com/calendar/render?{urlencode(asked, quote_via=quote)}"


def outlook_link(appointment: Appointment) -> str:
    """The same for Outlook."""
    asked = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": appointment.title,
        "startdt": f"{appointment.start:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{appointment.stop:%Y-%m-%dT%H:%M:%SZ}",
        "body": appointment.text,
        "location": appointment.place,
    }
    address = "https://outlook.live.com/calendar/0/deeplink/compose"
    return f"{address}?{urlencode(asked, quote_via=quote)}"
