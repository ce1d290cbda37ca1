"""Times of CalDAV events: every form is read, and written in the form that was there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ...core.when import When
from ...providers.caldav import writes
from ...providers.caldav.resource import Resource
from ...providers.port import EventDraft
from .caldav_texts import NOW, PATH, event, resource

START = datetime(2027, 3, 29, 8, tzinfo=UTC)
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
