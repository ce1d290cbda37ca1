"""Series in CalDAV resources: what people see, and what happens when one day is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ...core.errors import Forbidden, NotFound
from ...core.when import When
from ...providers.caldav import writes
from ...providers.caldav.resource import Resource
from ...providers.port import EventDraft
from .caldav_texts import ANN, NOW, PATH, YEARS, calendar, event, resource, seen_in
from .series_files import VECTORS, read, window_of

ICAL = [vector for vector in VECTORS if vector["format"] == "ical"]
WEEKLY = """DTSTART;TZID=Europe/Berlin:20270322T100000
DTEND;TZID=Europe/Berlin:20270322T110000
SUMMARY:Weekly
RRULE:FREQ=WEEKLY;COUNT=5"""
IN_A_CLOCK_CHANGE = {"r22-dst-gap", "r23-dst-overlap"}


def moment(text: str) -> datetime | date:
    """A vector's moment."""
    return datetime.fromisoformat(text).astimezone(UTC) if "T" in text else date.fromisoformat(text)


def berlin(day: int, hour: int, month: int = 3, minutes: int = 60) -> When:
    """An appointment in 2027; hours are UTC."""
    start = datetime(2027, month, day, hour, tzinfo=UTC)
    return When(start, start + timedelta(minutes=minutes), "Europe/Berlin")


def change(found: Resource, slot: str, names: set[str], **fields) -> bool:
    """Write `names` of the event, or of one occurrence."""
    now = found.at(slot, "update").fields
    draft = EventDraft(now.replace(**fields))
    return writes.change(found, slot, draft, names, NOW, is_told=False, is_loud=True)


def again(found: Resource) -> Resource:
    """The resource as it would be read back."""
    return Resource(PATH, found.text(), '"2"', own=(ANN,))


@pytest.mark.parametrize("vector", ICAL, ids=lambda vector: vector["id"])
def test_series_shows_the_occurrences_that_every_calendar_shows(vector):
    """S4-22, S4-30: exceptions, zones of any kind, added and removed dates."""
    window = window_of(vector)
    found = Resource(PATH, vector["ical"], "", floating=vector.get("floating_tz", ""))
    told = found.told(window)
    assert not told.unreadable
    seen = seen_in(told, window)
    assert [when.start for _slot, when in seen] == [
        moment(one["start"]) for one in vector["expected"]
    ]
    if vector["id"] not in IN_A_CLOCK_CHANGE:
        stops = [moment(one["end"]) for one in vector["expected"]]
        assert [when.stop for _slot, when in seen] == stops


@pytest.mark.parametrize("vector", ICAL, ids=lambda vector: vector["id"])
def test_reading_agrees_with_the_files_own_reader(vector):
    """S4-22: slots are those of the original starts, also where an occurrence moved."""
    window = window_of(vector)
    found = Resource(PATH, vector["ical"], "", floating=vector.get("floating_tz", ""))
    expected = {slot for slot, _when in read(vector).seen_in(window)}
    assert {slot for slot, _when in seen_in(found.told(window), window)} == expected


@pytest.mark.parametrize("vector", ICAL, ids=lambda vector: vector["id"])
def test_writing_nothing_changes_nothing(vector):
    """S4-30: a title is written into any series and every occurrence stays where it was."""
    window = window_of(vector)
    found = Resource(PATH, vector["ical"], "", floating=vector.get("floating_tz", ""))
    before = seen_in(found.told(window), window)
    assert change(found, "", {"title"}, title="Another title")
    after = Resource(PATH, found.text(), "", floating=vector.get("floating_tz", ""))
    assert seen_in(after.told(window), window) == before
    assert after.at("", "get").fields.title == "Another title"


def test_removed_day_is_gone_and_the_rule_does_not_speak_of_it():
    """S1-27, S4-30: an EXDATE is an occurrence that is gone, whatever its form."""
    for line in ("EXDATE;TZID=Europe/Berlin:20270329T100000", "EXDATE:20270329T080000Z"):
        told = resource(event(WEEKLY, line)).told(YEARS)
        assert [(g.slot, g.master_id) for g in told.gone] == [("20270329T080000Z", PATH)]
        assert told.events[0].fields.recurrence == ("RRULE:FREQ=WEEKLY;COUNT=5",)


def test_removed_days_long_past_of_an_endless_series_are_not_told_again():
    """S1-22: a standing meeting of many years does not bring every missed week with it."""
    rule = WEEKLY.replace(";COUNT=5", "").replace("2027", "2019")
    told = resource(event(rule, "EXDATE:20190329T090000Z,20270305T090000Z")).told(YEARS)
    assert [one.slot for one in told.gone] == ["20270305T090000Z"]


def test_day_named_without_a_time_takes_out_that_days_occurrence():
    """S4-22: Outlook writes dates where times belong."""
    told = resource(event(WEEKLY, "EXDATE;VALUE=DATE:20270329")).told(YEARS)
    assert [one.slot for one in told.gone] == ["20270329T080000Z"]
    part = "RECURRENCE-ID;VALUE=DATE:20270405\nDTSTART:20270405T150000Z\nDTEND:20270405T160000Z"
    told = resource(event(WEEKLY), event(part)).told(YEARS)
    assert [one.slot for one in told.events] == ["", "20270405T080000Z"]


def test_cancelled_occurrence_and_cancelled_series_are_gone():
    """S1-27: STATUS:CANCELLED is not an event any more."""
    part = "RECURRENCE-ID:20270329T080000Z\nSTATUS:CANCELLED\nDTSTART:20270329T080000Z"
    told = resource(event(WEEKLY), event(part)).told(YEARS)
    assert [one.slot for one in told.gone] == ["20270329T080000Z"]
    assert [one.slot for one in told.events] == [""]
    told = resource(event(WEEKLY, "STATUS:CANCELLED"), event(part)).told(YEARS)
    assert [(one.remote_id, one.slot) for one in told.gone] == [(PATH, "")]
    assert not told.events


def test_one_occurrence_moves_and_the_rest_stays():
    """S4-30: an override is made of the series as it is, other people's lines included."""
    alarm = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM"
    found = resource(event(WEEKLY, "X-OTHER:kept", "LOCATION:Here", alarm))
    assert change(found, "20270405T080000Z", {"when"}, when=berlin(7, 12, 4))
    told = again(found).told(YEARS)
    master, part = told.events
    assert (part.slot, part.master_id) == ("20270405T080000Z", PATH)
    assert part.remote_id == f"{PATH}#20270405T080000Z"
    assert part.fields.when == berlin(7, 12, 4)
    assert (part.fields.title, part.fields.location) == ("Weekly", "Here")
    assert part.fields.reminders == (5,)
    assert master.fields.recurrence == ("RRULE:FREQ=WEEKLY;COUNT=5",)
    assert found.text().count("X-OTHER:kept") == 2
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20270405T100000" in found.text()


def test_occurrence_is_changed_twice_in_one_place():
    """S4-30: the second change finds the first one's override."""
    found = resource(event(WEEKLY))
    assert change(found, "20270405T080000Z", {"title"}, title="Once")
    found = again(found)
    assert change(found, "20270405T080000Z", {"location"}, location="There")
    told = again(found).told(YEARS)
    assert [(e.slot, e.fields.title, e.fields.location) for e in told.events] == [
        ("", "Weekly", ""),
        ("20270405T080000Z", "Once", "There"),
    ]


def test_version_of_an_occurrence_is_its_own():
    """S4-14: a new title for the series is no conflict with an edit of one of its days."""
    part = "RECURRENCE-ID:20270329T080000Z\nDTSTART:20270329T100000Z\nDTEND:20270329T110000Z"
    found = resource(event(WEEKLY), event(part))
    before = found.at("20270329T080000Z", "get").etag
    assert change(found, "", {"title"}, title="New")
    assert again(found).at("20270329T080000Z", "get").etag == before
    assert change(found, "20270329T080000Z", {"title"}, title="Other")
    assert again(found).at("20270329T080000Z", "get").etag != before


def test_occurrence_that_is_taken_out_is_gone_and_cannot_be_found():
    """S1-27, S4-30: EXDATE in the form of the start; a changed one goes with its override."""
    part = "RECURRENCE-ID:20270329T080000Z\nDTSTART:20270329T100000Z\nDTEND:20270329T110000Z"
    found = resource(event(WEEKLY), event(part))
    for slot in ("20270329T080000Z", "20270405T080000Z"):
        assert writes.remove_occurrence(found, slot, NOW)
        found = again(found)
        with pytest.raises(NotFound):
            found.find(slot, "get")
    told = found.told(YEARS)
    assert {one.slot for one in told.gone} == {"20270329T080000Z", "20270405T080000Z"}
    assert [one.slot for one in told.events] == [""]
    assert "EXDATE;TZID=Europe/Berlin:20270405T100000" in found.text()


def test_lone_occurrence_that_is_removed_leaves_nothing():
    """S1-27: invited to one day of somebody's series, and declined."""
    part = "RECURRENCE-ID:20270329T080000Z\nDTSTART:20270329T080000Z\nDTEND:20270329T090000Z"
    found = resource(event(part))
    assert found.told(YEARS).events[0].slot == "20270329T080000Z"
    assert not writes.remove_occurrence(found, "20270329T080000Z", NOW)


@pytest.mark.parametrize("hour", [7, 13])
def test_series_that_moves_takes_its_changed_and_removed_days_along(hour):
    """S4-30: what a person did to one week belongs to that week, also at the new time."""
    moved = (
        "RECURRENCE-ID:20270329T080000Z",
        "SUMMARY:Late",
        "DTSTART:20270330T140000Z",
        "DTEND:20270330T150000Z",
    )
    named = (
        "RECURRENCE-ID:20270412T080000Z",
        "SUMMARY:Named",
        "DTSTART:20270412T080000Z",
        "DTEND:20270412T090000Z",
    )
    zone = "EXDATE;TZID=Europe/Berlin:20270405T100000"
    found = resource(event(WEEKLY, zone), event(*moved), event(*named))
    assert change(found, "", {"when"}, when=berlin(22, hour))
    told = again(found).told(YEARS)
    summer = hour - 1
    assert {one.slot for one in told.gone} == {f"20270405T{summer:02}0000Z"}
    parts = {one.fields.title: (one.slot, one.fields.when.start) for one in told.events}
    assert parts["Late"] == (f"20270329T{summer:02}0000Z", datetime(2027, 3, 30, 14, tzinfo=UTC))
    start = datetime(2027, 4, 12, summer, tzinfo=UTC)
    assert parts["Named"] == (f"20270412T{summer:02}0000Z", start)


def test_series_becomes_whole_days_with_all_that_was_done_to_it():
    """S1-24: the other kind of time, for the exceptions too."""
    found = resource(event(WEEKLY, "EXDATE:20270405T080000Z"))
    days = When(date(2027, 3, 22), date(2027, 3, 23))
    assert change(found, "", {"when"}, when=days)
    told = again(found).told(YEARS)
    assert told.events[0].fields.when == days
    assert [one.slot for one in told.gone] == ["20270405"]


def test_rule_that_is_taken_away_leaves_a_single_event():
    """S4-30: no exception of the old series stays behind."""
    part = "RECURRENCE-ID:20270329T080000Z\nDTSTART:20270329T100000Z\nDTEND:20270329T110000Z"
    found = resource(event(WEEKLY, "EXDATE:20270405T080000Z"), event(part))
    assert change(found, "", {"recurrence"}, recurrence=())
    (only_one,) = again(found).told(YEARS).events
    assert not only_one.is_series
    assert "EXDATE" not in found.text()


def test_shorter_rule_keeps_what_was_taken_out():
    """S4-30: changing the end of a series brings no removed day back."""
    found = resource(event(WEEKLY, "EXDATE:20270405T080000Z"))
    until = ("RRULE:FREQ=WEEKLY;UNTIL=20270412T235959",)
    assert change(found, "", {"recurrence"}, recurrence=until)
    told = again(found).told(YEARS)
    assert told.events[0].fields.recurrence == ("RRULE:FREQ=WEEKLY;UNTIL=20270412T215959Z",)
    assert [one.slot for one in told.gone] == ["20270405T080000Z"]


def test_change_of_all_following_occurrences_is_not_misread():
    """S4-22: RANGE=THISANDFUTURE would show every later day wrongly."""
    part = "RECURRENCE-ID;RANGE=THISANDFUTURE:20270329T080000Z\nDTSTART:20270329T120000Z"
    told = resource(event(WEEKLY), event(part)).told(YEARS)
    assert [one.error.reason for one in told.unreadable] == ["refused_rule"]
    assert not told.events


def test_two_events_in_one_text_are_refused():
    """S4-04: which of them an edit would mean is not clear."""
    with pytest.raises(Exception, match="malformed"):
        resource(event("SUMMARY:A", uid="a"), event("SUMMARY:B", uid="b"))


def test_guest_cannot_move_one_day_of_somebody_elses_series():
    """S4-14: an occurrence belongs to its organizer like the series."""
    people = f"ORGANIZER:mailto:boss@acme.example\nATTENDEE:mailto:{ANN}"
    found = resource(event(WEEKLY, people))
    with pytest.raises(Forbidden, match="not_organizer"):
        change(found, "20270405T080000Z", {"when"}, when=berlin(7, 12, 4))
    assert calendar(event(WEEKLY, people)) == found.text()
