"""Occurrences that Outlook puts back into their series: no row of theirs says so."""

from datetime import timedelta

import pytest

from calendar_sync_pro.providers.port import EventDraft
from calendar_sync_pro.tests.pure.contract.backend import at, draft, new_key, read_all

from .microsoft_world import fresh_world, sent


@pytest.fixture
def world(google_box):
    """Ann and Bob at Microsoft; faults and settings are put back."""
    yield from fresh_world(google_box)


WEEKLY = ("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=4",)


def weekly(world):
    """Ann's series with its second Tuesday moved and its third taken out: (ann, home, series)."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Weekly", at(10), recurrence=WEEKLY), new_key())
    second, third = (slot_of_week(event, n) for n in (1, 2))
    later = EventDraft(event.fields.replace(when=at(15, day=10), recurrence=()))
    ann.update(home, ann.occurrence_id(home, event.remote_id, second), "", later, ["when"])
    ann.delete(home, ann.occurrence_id(home, event.remote_id, third), "")
    return ann, home, event


def slot_of_week(event, number):
    start = event.fields.when.start + timedelta(weeks=number)
    return start.strftime("%Y%m%dT%H%M%SZ")


def wholes(pages):
    return {key: slots for page in pages for key, slots in page.wholes.items()}


def test_page_says_which_occurrences_are_not_as_their_series(world):
    """S4-30: quirk reset_occurrence:
    the moved and the cancelled one, in a first listing as later on."""
    ann, home, event = weekly(world)
    pages = read_all(ann, home)
    different = frozenset(slot_of_week(event, n) for n in (1, 2))
    assert wholes(pages) == {event.remote_id: different}


def test_series_that_is_edited_there_puts_its_occurrences_back(world):
    """S4-30: one more week, and Outlook drops all exceptions; the page says that none is left."""
    ann, home, event = weekly(world)
    cursor = read_all(ann, home)[-1].cursor
    path = f"/me/calendars/{home}/events/{event.remote_id}"
    rule = world.api("GET", path)["recurrence"]
    rule["range"]["numberOfOccurrences"] = 5
    world.api("PATCH", path, {"recurrence": rule})
    world.box.clear_requests()
    pages = read_all(ann, home, cursor)
    assert wholes(pages) == {event.remote_id: frozenset()}
    assert len([one for one in sent(world) if one[1] != "calendarView.delta"]) <= 1
    again = ann.get(home, ann.occurrence_id(home, event.remote_id, slot_of_week(event, 1)))
    assert again.fields.when.start == event.fields.when.start + timedelta(weeks=1)
