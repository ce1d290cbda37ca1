"""`calendar.event` values to shared words and back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ...core.event import Privacy, Response, ShowAs
from ...core.when import When
from ...sync.normalise import canonical
from ...sync.odoo_values import (
    NO_TITLE,
    EventRow,
    event_fields,
    event_values,
    fine_show_as,
    response_from,
    show_as_from,
    state_from,
)
from .events import event, hour


def row_of(values: dict, **more) -> EventRow:
    """The row that Odoo holds after writing `values`."""
    return EventRow(**{name: value for name, value in values.items() if name != "duration"}, **more)


def test_two_whole_days_end_inclusive_in_odoo():
    """S1-24: 08:00 to 18:00, stop_date inclusive, 34 hours; exclusive again outside."""
    days = When(date(2027, 1, 4), date(2027, 1, 6))
    values = event_values({"when": days})
    assert values == {
        "allday": True,
        "start_date": date(2027, 1, 4),
        "stop_date": date(2027, 1, 5),
        "start": datetime(2027, 1, 4, 8),
        "stop": datetime(2027, 1, 5, 18),
        "duration": 34.0,
    }
    assert event_fields(row_of(values, name="x")).when == days


def test_whole_day_without_an_end_is_one_day():
    """S1-24: old data with an end equal to its start."""
    same = When(date(2027, 1, 4), date(2027, 1, 4))
    assert event_values({"when": same})["stop_date"] == date(2027, 1, 4)


def test_timed_event_is_naive_utc_in_odoo():
    """S1-24: instants and the zone it was made in; a whole-day event becomes timed."""
    values = event_values({"when": hour(9, hours=1.5)})
    assert values == {
        "allday": False,
        "start_date": False,
        "stop_date": False,
        "start": datetime(2027, 1, 4, 9),
        "stop": datetime(2027, 1, 4, 10, 30),
        "duration": 1.5,
        "event_tz": "Europe/Berlin",
    }
    assert event_fields(row_of(values, name="x")).when == hour(9, hours=1.5)


@pytest.mark.parametrize(
    ("theirs", "in_odoo"),
    [
        (ShowAs.FREE, "free"),
        (ShowAs.BUSY, "busy"),
        (ShowAs.TENTATIVE, "busy"),
        (ShowAs.OUT_OF_OFFICE, "busy"),
        (ShowAs.ELSEWHERE, "free"),
    ],
)
def test_finer_show_as_survives_odoos_two_values(theirs, in_odoo):
    """B-06: the finer kind is remembered on the link and not destroyed."""
    assert event_values({"show_as": theirs}) == {"show_as": in_odoo}
    assert show_as_from(in_odoo, fine_show_as(theirs)) is theirs


def test_finer_show_as_gives_way_when_the_user_changes_odoos_field():
    """B-06: tentative, then set to free in Odoo, is free."""
    assert show_as_from("free", "tentative") is ShowAs.FREE
    assert show_as_from("busy", "elsewhere") is ShowAs.BUSY


def test_missing_title_is_none_outside_and_a_stand_in_inside():
    """S1-25: Odoo requires a title; the stand-in never travels."""
    assert event_values({"title": " "}) == {"name": NO_TITLE}
    assert event_fields(row_of(event_values(event("")))).title == ""


def test_only_named_fields_are_written():
    """B-06: nobody's other edits are touched."""
    assert event_values(event("New", location="X"), ["location"]) == {"location": "X"}
    assert event_values({"reminders": (10,), "attendees": ()}) == {}


def test_empty_values_are_false_in_odoo():
    """S1-26: cleared in the calendar is cleared in Odoo."""
    values = event_values(event(description="", location="", conference_url=""))
    assert values["description"] is values["location"] is values["videocall_location"] is False
    assert values["privacy"] is False


@pytest.mark.parametrize(
    "fields",
    [
        event(description="a\nb & c", location="Berlin", privacy=Privacy.PRIVATE),
        event(show_as=ShowAs.FREE, conference_url="https://meet.example/x"),
        event(when=When(date(2027, 3, 28), date(2027, 3, 29))),
    ],
)
def test_round_trip_through_odoo_changes_nothing(fields):
    """S4-14: remote → Odoo → push writes nothing."""
    assert canonical(event_fields(row_of(event_values(fields)))) == canonical(fields)


def test_stop_before_start_does_not_break_the_sync():
    """S1-24: a bad row counts as without length."""
    bad = EventRow("x", datetime(2027, 1, 4, 10), datetime(2027, 1, 4, 9))
    assert event_fields(bad).when.stop == datetime(2027, 1, 4, 10, tzinfo=UTC)


def test_answers_have_odoos_names():
    """B-06: needsAction, accepted, tentative, declined."""
    assert state_from(Response.ACCEPTED) == "accepted"
    assert state_from(Response.NEEDS_ACTION) == "needsAction"
    assert response_from("tentative") is Response.TENTATIVE
    assert response_from(False) is Response.NEEDS_ACTION
