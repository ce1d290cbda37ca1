"""Times of CalDAV events: every form is read, and written in the form that was there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from ...core.event import EventFields
from ...core.when import When
from ...providers.caldav import writes
from ...providers.caldav.resource import Resource
from ...providers.port import EventDraft
from .caldav_texts import NOW, PATH, YEARS, event, only, resource

START = datetime(2027, 3, 29, 8, tzinfo=UTC)
WEEKLY = """DTSTART;TZID=Europe/Berlin:20270322T100000
DTEND;TZID=Europe/Berlin:20270322T110000
RRULE:FREQ=WEEKLY;COUNT=5"""
TIMED = When(START, START + timedelta(hours=1), "Europe/Berlin")


@pytest.mark.parametrize(
    ("stored", "start", "stop"),
    [
        ("DTSTART;TZID=Europe/Berlin:20270302T100000\nDURATION:PT1H",
         "DTSTART;TZID=Europe/Berlin:20270329T100000", "DTEND;TZID=Europe/Berlin:20270329T110000"),
        ("DTSTART;TZID=W. Europe Standard Time:20270302T100000",
         "DTSTART;TZID=W. Europe Standard Time:20270329T100000",
         "DTEND;TZID=W. Europe Standard Time:20270329T110000"),
        ("DTSTART:20270302T100000",
         "DTSTART:20270329T100000", "DTEND:20270329T110000"),
        ("DTSTART;VALUE=DATE:20270302",
         "DTSTART;TZID=Europe/Berlin:20270329T100000", "DTEND;TZID=Europe/Berlin:20270329T110000"),
    ],
)  # fmt: skip
def test_time_is_written_in_the_form_that_was_there(stored, start, stop):
    """S4-22: a Windows name, a floating time and a zone stay what they are."""
    found = resource(event(stored), floating="Europe/Berlin")
    draft = EventDraft(found.at("", "get").fields.replace(when=TIMED))
    assert writes.change(found, "", draft, {"when"}, NOW, is_told=False, is_loud=True)
    assert found.master.lines("DTSTART", "DTEND", "DURATION") == [start, stop]
    again = Resource(PATH, found.text(), "", floating="Europe/Berlin")
    assert again.at("", "get").fields.when == TIMED


def test_whole_days_that_exchange_writes_as_times_are_whole_days():
    """S4-27: midnight to midnight with its mark; without it, it is a time."""
    times = "DTSTART;TZID=Europe/Berlin:20270302T000000\nDTEND;TZID=Europe/Berlin:20270304T000000"
    marked = resource(event(times, "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"))
    assert marked.at("", "get").fields.when == When(date(2027, 3, 2), date(2027, 3, 4))
    assert not resource(event(times)).at("", "get").fields.when.is_all_day


@pytest.mark.parametrize(
    ("times", "stop"),
    [
        ("DTSTART;VALUE=DATE:20270302", date(2027, 3, 3)),
        ("DTSTART;VALUE=DATE:20270302\nDTEND;VALUE=DATE:20270302", date(2027, 3, 3)),
        ("DTSTART;VALUE=DATE:20270302\nDURATION:P2D", date(2027, 3, 4)),
        ("DTSTART:20270302T100000Z", datetime(2027, 3, 2, 10, tzinfo=UTC)),
        ("DTSTART:20270302T100000Z\nDTEND:20270302T090000Z", datetime(2027, 3, 2, 10, tzinfo=UTC)),
        ("DTSTART;TZID=Europe/Berlin:20270327T120000\nDURATION:P1D",
         datetime(2027, 3, 28, 10, tzinfo=UTC)),
        ("DTSTART;TZID=Europe/Berlin:20270327T120000\nDURATION:PT24H",
         datetime(2027, 3, 28, 11, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_end_is_told_in_many_ways(times, stop):
    """S4-27: days count on the clock, hours exactly, and nothing ends before it starts."""
    assert resource(event(times)).at("", "get").fields.when.stop == stop


def test_zone_that_only_the_file_knows_is_recognised_by_its_offsets():
    """S4-22: a definition without a known name repeats in the zone that does the same."""
    zone = """BEGIN:VTIMEZONE
    TZID:Our Office
    BEGIN:STANDARD
    DTSTART:20001029T030000
    RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
    TZOFFSETFROM:+0200
    TZOFFSETTO:+0100
    END:STANDARD
    BEGIN:DAYLIGHT
    DTSTART:20000326T020000
    RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
    TZOFFSETFROM:+0100
    TZOFFSETTO:+0200
    END:DAYLIGHT
    END:VTIMEZONE"""
    found = only(zone, event(WEEKLY.replace("Europe/Berlin", '"Our Office"')))
    assert found.fields.when.start == datetime(2027, 3, 22, 9, tzinfo=UTC)
    assert found.fields.when.tz in (
        "Europe/Amsterdam",
        "Europe/Berlin",
        "Europe/Paris",
        "Africa/Ceuta",
    )


@pytest.mark.parametrize(
    ("tzid", "tz"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("GMT+0200", "Etc/GMT-2"),
    ],
)
def test_zone_names_of_other_programs_are_understood(tzid, tz):
    """S4-22: Windows names, vendor prefixes, other case, offsets."""
    assert only(event(WEEKLY.replace("Europe/Berlin", tzid))).fields.when.tz == tz


def test_zone_that_nobody_knows_is_said_not_guessed():
    """S4-22: a wrong hour in a customer's calendar is worse than a question."""
    told = resource(event(WEEKLY.replace("Europe/Berlin", "Foo/Bar"))).told(YEARS)
    assert [one.error.reason for one in told.unreadable] == ["unknown_zone"]


def test_new_series_says_what_its_zone_is():
    """S4-30: servers guess a zone that is named but not defined."""
    fields = EventFields(TIMED, "Weekly", recurrence=("RRULE:FREQ=WEEKLY;COUNT=5",))
    text = writes.new_text(EventDraft(fields), "u1", (), NOW, is_told=False)
    assert "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin" in text
    assert Resource(PATH, text, "").at("", "get").fields == fields
    (found,) = Calendar.from_ical(text).walk("VEVENT")
    assert found["DTSTART"].dt.utcoffset() == timedelta(hours=2)
