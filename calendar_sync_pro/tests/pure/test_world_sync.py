"""Scenes from the life of one Odoo and one calendar, faults included."""

from __future__ import annotations

import pytest

from ...core.settings import ConflictWinner, Policy, RemoteDelete
from .events import ANN, BOB, CARL, event, hour, person
from .world import World


@pytest.fixture
def world():
    """Demo is on both sides."""
    world = World()
    world.books(event("Demo", description="<p>Agenda</p>"))
    world.settle()
    world.calendar.writes.clear()
    return world


DEMO, THEIR_ID = "event1", "own-event1"


def test_booking_appears_once_in_the_calendar(world):
    """S4-03: and a second cycle writes nothing."""
    assert world.shown_in_calendar() == world.shown_in_odoo()
    world.settle()
    assert world.calendar.writes == []


def test_timeout_after_the_calendar_created_the_event_leaves_one_copy():
    """S4-25: the answer was lost, the event is there."""
    world = World()
    world.loses_answers()
    world.books(event("Demo"))
    world.sync()
    world.settle()
    assert [each.title for each in world.shown_in_calendar()] == ["Demo"]
    assert world.calendar.writes == [("create", THEIR_ID)]
    assert world.shown_in_odoo() == world.shown_in_calendar()


def test_edit_while_the_answer_was_lost_still_arrives():
    """S4-25: create times out, the user goes on editing."""
    world = World()
    world.loses_answers()
    world.books(event("Demo"))
    world.sync()
    world.edits(DEMO, title="Workshop")
    world.settle()
    assert [each.title for each in world.shown_in_calendar()] == ["Workshop"]
    assert len(world.records) == 1


def test_deleting_while_the_answer_was_lost_leaves_nothing():
    """S4-25: no ghost in the calendar."""
    world = World()
    world.loses_answers()
    world.books(event("Demo"))
    world.sync()
    world.deletes(DEMO)
    world.settle()
    assert world.shown_in_calendar() == world.shown_in_odoo() == []


def test_time_moved_there_and_agenda_edited_here_both_survive(world):
    """B-06: per field."""
    world.they_edit(THEIR_ID, when=hour(15))
    world.edits(DEMO, description="<p>New agenda</p>")
    world.settle()
    (shown,) = world.shown_in_calendar()
    assert (shown.when, shown.description) == (hour(15, tz=""), "New agenda")
    assert world.shown_in_odoo() == [shown]
    assert world.lost_values() == []


def test_guest_added_there_survives_a_guest_added_here(world):
    """B-06: by address."""
    world.edits(DEMO, attendees=(person(ANN), person(BOB)))
    world.settle()
    world.they_edit(THEIR_ID, attendees=(person(ANN), person(BOB), person(CARL)))
    world.edits(DEMO, attendees=(person(ANN),))
    world.settle()
    (shown,) = world.shown_in_calendar()
    assert [each.email for each in shown.attendees] == [ANN, CARL]


@pytest.mark.parametrize(
    ("winner", "title"),
    [(ConflictWinner.LATEST, "Here"), (ConflictWinner.CALENDAR, "There")],
)
def test_same_field_on_both_sides_keeps_one_and_journals_the_other(world, winner, title):
    """B-06: the edit in Odoo was later."""
    world.policy = Policy(conflict_winner=winner)
    world.they_edit(THEIR_ID, title="There")
    world.edits(DEMO, title="Here")
    world.settle()
    assert [each.title for each in world.shown_in_calendar()] == [title]
    assert world.lost_values() == [({"Here", "There"} - {title}).pop()]


def test_deleted_there_is_cancelled_here_and_stays_as_a_record(world):
    """S1-27: never unlinked; an edit of the same minute is in the journal."""
    world.edits(DEMO, title="Important")
    world.they_delete(THEIR_ID)
    world.settle()
    assert world.records[DEMO].is_cancelled
    assert world.lost_values() == ["Important"]


def test_deleted_there_can_be_kept_here(world):
    """S1-27: setting C1."""
    world.policy = Policy(remote_delete=RemoteDelete.KEEP)
    world.they_delete(THEIR_ID)
    world.settle()
    assert not world.records[DEMO].is_cancelled


def test_expired_cursor_deletes_nothing_and_finds_what_was_deleted(world):
    """S4-07: a full listing ends in the same state as an incremental one."""
    world.they_book("theirs", event("Lunch", 12))
    world.they_delete(THEIR_ID)
    world.forgets_cursors()
    world.settle()
    assert [each.title for each in world.shown_in_odoo()] == ["Lunch"]
    assert world.records[DEMO].is_cancelled


def test_full_listing_again_changes_nothing(world):
    """S4-07: always safe."""
    before = world.shown_in_odoo(), world.shown_in_calendar()
    world.cursor = None
    world.settle()
    assert (world.shown_in_odoo(), world.shown_in_calendar()) == before
    assert world.calendar.writes == []


def test_worker_that_dies_in_the_middle_of_a_page_does_it_again(world):
    """S4-25: replaying a page changes nothing."""
    for number in range(4):
        world.they_book(f"theirs{number}", event(f"Lunch {number}", 12))
    world.pull(most=2)
    world.settle()
    assert len(world.records) == 5
    assert world.shown_in_odoo() == world.shown_in_calendar()


def test_edit_there_between_our_reading_and_writing_is_merged(world):
    """S4-25: 412 is read again, merged and retried."""
    world.edits(DEMO, title="Workshop")
    world.pull()
    world.they_edit(THEIR_ID, location="Room 2")
    world.push()
    world.settle()
    (shown,) = world.shown_in_calendar()
    assert (shown.title, shown.location) == ("Workshop", "Room 2")
