"""What customers type is cleaned, and the calendar's file holds whatever they typed."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_sync_pro.booking import customer
from calendar_sync_pro.booking.calendar_file import (
    Appointment,
    calendar_file,
    google_link,
    outlook_link,
)

START, STOP = datetime(2027, 3, 1, 9, tzinfo=UTC), datetime(2027, 3, 1, 9, 30, tzinfo=UTC)


def appointment(**values):
    """Mia's consultation."""
    facts = {
        "uid": "booking-1@northwind.example",
        "title": "Consultation – Anna Berg",
        "start": START,
        "stop": STOP,
        "stamp": START,
        "organizer_email": "anna@northwind.example",
        "customer_email": "mia@fjordline.example",
    }
    return Appointment(**{**facts, **values})


def event_of(file):
    """The only event of a file."""
    [event] = icalendar.Calendar.from_ical(file).walk("VEVENT")
    return event


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("+49 (0)30 123 456", "+4930123456"),
        ("0049 30 123456", "+4930123456"),
        ("030/123456", "+4930123456"),
        ("+1 (212) 555-0100", "+12125550100"),
        ("12", ""),
        ("+49 30 123456; DROP", ""),
        ("+0030123456", ""),
        ("+123456789012345678", ""),
        ("", ""),
    ],
)
def test_numbers_become_international_or_nothing(typed, expected):
    """S2-34: as people write them in Germany and America."""
    assert customer.international(typed, 49) == expected


def test_a_national_number_needs_a_country():
    """S2-34: guessing one would send the SMS to a stranger."""
    assert customer.international("030 123456") == ""


@pytest.mark.parametrize(
    "name", ["", "  ", "12", "!", "Win https://spam.example", "www.spam.example"]
)
def test_what_is_no_name_is_refused(name):
    """S2-66: mails greet by it, so it must not carry a link to strangers."""
    assert not customer.is_name(customer.one_line(name))


def test_people_have_all_kinds_of_names():
    """S2-33: none of these is refused."""
    for name in ("Ng", "Æ", "José Ñ.", "李小龍", "O'Brien-Smith", "Ł", "Renée d'Arc", "محمد"):
        assert customer.is_name(customer.one_line(name)), name


@given(st.text(max_size=300))
def test_a_line_is_one_visible_line(text):
    """S2-33: whatever comes in, no line end and no direction mark gets further."""
    line = customer.one_line(text)
    assert len(line) <= customer.LONGEST_LINE
    assert line.isprintable() or not line
    assert customer.one_line(line) == line


def test_a_text_keeps_its_lines_and_nothing_else():
    """S2-36: notes of several lines."""
    assert customer.plain_text("a\r\nb\x00\x1b[31m\u202e c\n" + "x" * 3000)[:9] == "a\nb[31m c"[:9]
    assert len(customer.plain_text("x" * 5000)) == customer.LONGEST_TEXT


@given(st.text(max_size=120), st.text(max_size=120))
def test_no_text_breaks_out_of_its_line_of_the_file(name, title):
    """S2-38: a name with line ends, quotes and colons adds no property and no guest."""
    name, title = customer.one_line(name), customer.one_line(title)
    event = event_of(calendar_file(appointment(customer_name=name, title=title, text=title)))
    assert event["attendee"] == "mailto:mia@fjordline.example"
    assert event["organizer"] == "mailto:anna@northwind.example"
    allowed = {"uid", "dtstamp", "dtstart", "dtend", "sequence", "summary", "status"}
    assert {key.lower() for key in event} - {"description"} <= allowed | {"organizer", "attendee"}
    assert str(event["summary"]) == title


def test_the_file_asks_nobody_to_answer_and_cancels():
    """S2-38: whoever booked has said yes; the cancellation has the same id."""
    booked = appointment(customer_name='Mia "M" Lindqvist')
    event = event_of(calendar_file(booked))
    assert (event["attendee"].params["PARTSTAT"], event["attendee"].params["RSVP"]) == (
        "ACCEPTED",
        "FALSE",
    )
    gone = appointment(is_cancelled=True, sequence=1)
    file = calendar_file(gone)
    assert b"METHOD:CANCEL" in file
    assert (event_of(file)["status"], event_of(file)["uid"]) == ("CANCELLED", booked.uid)


def test_links_fill_in_a_new_entry():
    """S2-38: title and times arrive whole, with characters that mean something in an address."""
    here = appointment(title="Tea & <cake> #1", place="Pier 7 + 8")
    asked = parse_qs(urlsplit(google_link(here)).query)
    assert (asked["text"], asked["location"]) == ([here.title], [here.place])
    assert asked["dates"] == ["20270301T090000Z/20270301T093000Z"]
    asked = parse_qs(urlsplit(outlook_link(here)).query)
    assert (asked["subject"], asked["startdt"]) == ([here.title], ["2027-03-01T09:00:00Z"])
