"""The booking API's document checks what is sent."""

import json

import pytest

from calendar_sync_pro.booking import api_schema

CUSTOMER = {"name": "Dana Fox", "email": "dana@example.com"}
HOLD = "0123456789abcdef0123456789abcdef"


def wrong(schema, value):
    """Where a body is not what it has to be."""
    return {problem.at for problem in api_schema.check(schema, value)}


def test_every_operation_has_a_name_and_says_what_it_answers():
    """B-08: whoever makes a client from the document finds each thing that it refers to."""
    document = api_schema.document()
    operations = [each for path in document["paths"].values() for each in path.values()]
    names = [each["operationId"] for each in operations]
    assert len(set(names)) == len(names) == 10
    text = json.dumps(document)
    for place in set(text.split('"$ref": "#/')[1:]):
        steps = place.split('"')[0].split("/")
        found = document
        for step in steps:
            found = found[step]


def test_a_booking_is_of_a_hold_or_of_a_time_and_never_of_both():
    """S2-33: name and a way to reach the customer are needed; the rest may be left out."""
    slot = {"calendar": 1, "service": 2, "start": "2027-03-01T09:00:00+01:00"}
    assert not wrong("NewBooking", {"customer": CUSTOMER, "hold": HOLD})
    assert not wrong("NewBooking", {"customer": CUSTOMER, "slot": slot, "notes": "two\nlines"})
    assert wrong("NewBooking", {"customer": CUSTOMER}) == {"request"}
    assert wrong("NewBooking", {"customer": CUSTOMER, "hold": HOLD, "slot": slot}) == {"request"}
    assert wrong("NewBooking", {"customer": {"name": "Dana"}, "hold": HOLD}) == {"customer"}


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "http://voice.example.com", "https://", "https://a b", "https://x\n"],
)
def test_a_transcript_is_a_page_on_https(url):
    """S2-37: anything else is refused before it is stored."""
    body = {"customer": CUSTOMER, "hold": HOLD}
    assert wrong("NewBooking", {**body, "transcript_url": url}) == {"transcript_url"}
    assert not wrong("NewBooking", {**body, "transcript_url": "https://voice.example.com/c/1?a=b"})


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-02T00:00:00Z", 86400),
        ("1970-01-01t01:00:00.999+01:00", 0),
        ("1970-01-01T00:00:60z", 59),
        ("0001-01-01T00:00:00+05:00", -62135614800),
        ("9999-12-31T23:59:59-05:00", 253402318799),
    ],
)
def test_times_are_those_of_rfc_3339(text, seconds):
    """D-07: a moment says its offset; the edges of what can be written are times like others."""
    assert api_schema.instant(text) == seconds


@pytest.mark.parametrize(
    "text", ["2027-02-30T09:00:00Z", "2027-03-01T09:00:00", "2027-03-01", "tomorrow", "９" * 20]
)
def test_what_names_no_moment_is_refused(text):
    """S2-50: a time without its offset could be any of two dozen."""
    choice = {"calendar": 1, "service": 2, "start": text}
    assert wrong("SlotChoice", choice) == {"start"}


def test_parameters_are_read_from_their_texts():
    """B-08: numbers are numbers, defaults are filled in, and what is wrong is named."""
    given = {"calendar": "7", "service": "2", "limit": "9", "unknown": "x"}
    values, problems = api_schema.read_parameters("findSlots", given)
    assert values == {"calendar": 7, "service": 2, "limit": 9, "days": 7}
    assert not problems
    _values, problems = api_schema.read_parameters(
        "findSlots", {"calendar": "7", "days": "99", "time_zone": "Mars/Base"}
    )
    assert {problem.at for problem in problems} == {"service", "days", "time_zone"}
