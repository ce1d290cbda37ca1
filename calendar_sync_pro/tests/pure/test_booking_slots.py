"""Who is free when, for one person and for teams."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import islice

from ...booking import layers
from ...booking.layers import BusyRow, Own
from ...booking.reading import Connection, Reading, unread_layers
from ...booking.slots import Search, by_day, is_offered
from ...booking.suggest import next_free
from .desk import PLAIN, Desk, at, clock


def team(*people: int, **rules) -> Desk:
    """Several people with the same hours."""
    desk = Desk(replace(PLAIN, **rules))
    for person_id in people:
        desk.hires(person_id)
    return desk


def test_a_slot_says_who_is_free():
    """S2-27: the earliest slot over all members; only the second is free at nine."""
    desk = team(1, 2)
    desk.busy(1, "09:00", "10:00")
    first, second, third = islice(desk.offered(), 3)
    assert (clock(first.start), first.free) == ("09:00", (2,))
    assert (clock(second.start), second.free) == ("09:30", (2,))
    assert (clock(third.start), third.free) == ("10:00", (1, 2))
    assert first.stop - first.start == 1800


def test_a_collective_appointment_needs_everybody():
    """S2-26: one of three away is enough for no slot."""
    desk = team(1, 2, 3)
    desk.is_collective = True
    desk.busy(2, "09:00", "12:00")
    desk.busy(3, "13:00", "17:00")
    assert desk.starts() == ["12:00", "12:30"]
    assert {slot.free for slot in desk.offered()} == {(1, 2, 3)}


def test_people_in_two_zones_share_one_grid():
    """D-06: nine to five in Berlin and in New York meet from 15:00 to 17:00."""
    desk = Desk()
    desk.hires(1)
    desk.hires(2, tz="America/New_York")
    desk.is_collective = True
    assert desk.starts() == ["15:00", "15:30", "16:00", "16:30"]


def test_a_team_without_people_offers_nothing():
    desk = Desk()
    assert desk.offered() == []
    desk.is_collective = True
    assert desk.offered() == []
    assert not is_offered(desk.search, at("2027-03-01 10:00"))


def test_every_ticked_calendar_blocks():
    """S2-32: a private calendar's busy time takes the slot as the working one's does."""
    desk = team(1)
    desk.busy(1, "09:00", "10:00", calendar_id=70)
    desk.busy(1, "10:00", "11:00", calendar_id=71)
    assert desk.starts()[0] == "11:00"


def test_rows_of_the_busy_table_count_by_their_kind():
    """S0-23, S0-24, S0-25: from rows to layers, one per calendar."""
    ten, eleven = datetime(2027, 3, 1, 9), datetime(2027, 3, 1, 10)
    rows = [
        BusyRow(7, ten, eleven, "busy"),
        BusyRow(7, ten, eleven, "free"),
        BusyRow(8, ten, eleven, "tentative"),
        BusyRow(9, ten, eleven, "busy", is_all_day=True),
    ]
    rules = replace(PLAIN, all_day_blocks=False)
    (only,) = layers.busy_layers(rows, rules)
    assert only.source == 7
    assert only.ranges == ((at("2027-03-01 10:00"), at("2027-03-01 11:00")),)
    both = layers.busy_layers(rows, replace(rules, tentative_blocks=True))
    assert {each.source for each in both} == {7, 8}


def test_an_appointment_without_length_takes_no_time():
    """S0-21: a reminder at 9:10 is in nobody's way."""
    desk = team(1, buffer_before_min=15)
    desk.busy(1, "09:10", "09:10")
    assert len(desk.starts()) == 16


def test_holds_and_own_appointments_take_their_time():
    """S2-47: what somebody is just filling in is not offered to somebody else."""
    desk = team(1)
    desk.taken(1, "09:00", "10:00", is_hold=True)
    desk.adds(1, layers.appointments([(501, *desk.span("10:00", "11:00"))]))
    assert desk.starts()[0] == "11:00"


def test_who_cannot_be_read_is_not_offered_and_the_others_are():
    """B-05, S2-64: fail closed, for that person only."""
    desk = team(1, 2)
    desk.adds(1, *unread_layers(Connection.BROKEN, (), desk.now))
    assert {slot.free for slot in desk.offered()} == {(2,)}
    desk.is_collective = True
    assert desk.offered() == []


def test_when_a_calendar_counts_as_read():
    """B-05: it failed, was never read, or was read too long ago."""
    now = 10_000
    fresh, stale = Reading(1, now - 1800), Reading(2, now - 1801)
    failed, never = Reading(3, now, has_failed=True), Reading(4, None)
    found = unread_layers(Connection.ACTIVE, [fresh, stale, failed, never], now)
    assert [layer.source for layer in found] == [2, 3, 4]
    trusting = unread_layers(Connection.ACTIVE, [stale], now, trusted_s=3600)
    assert trusting == []


def test_beyond_what_was_read_nothing_is_offered():
    """B-05: an empty calendar and an unread one look the same; the day before is known."""
    desk = team(1)
    until = at("2027-03-02 12:00")
    reading = Reading(70, desk.now, known_until=until)
    desk.adds(1, *unread_layers(Connection.ACTIVE, [reading], desk.now))
    assert len(desk.starts()) == 16
    assert desk.starts("2027-03-02")[-1] == "11:30"
    assert desk.starts("2027-03-03") == []


def test_who_never_connected_is_out_unless_odoo_is_enough():
    """S2-26: the booking calendar may say "Odoo calendar only"; a broken one stays out."""
    assert unread_layers(Connection.NEVER, (), 0)
    assert unread_layers(Connection.NEVER, (), 0, is_odoo_enough=True) == []
    assert unread_layers(Connection.BROKEN, (), 0, is_odoo_enough=True)


def test_a_reschedule_does_not_stand_in_its_own_way():
    """S2-66: booking, event and the calendar's own copy of it are left out; nothing else is."""
    desk = team(1, buffer_before_min=30, buffer_after_min=30)
    start, stop = desk.span("11:00", "12:00")
    desk.taken(1, "11:00", "12:00", booking_id=5, before_s=1800, after_s=1800)
    desk.adds(1, layers.appointments([(501, start, stop), (502, *desk.span("15:00", "16:00"))]))
    desk.busy(1, "11:00", "12:00")
    before = desk.starts()
    moved = layers.without_own(desk.people[1].layers, Own(start, stop, frozenset({5}), 501))
    desk.people[1] = replace(desk.people[1], layers=tuple(moved))
    assert set(desk.starts()) - set(before) == {
        f"{hour}:{minute}" for hour in (10, 11, 12) for minute in ("00", "30")
    } - {"09:30"}
    assert "15:00" not in desk.starts()


def test_a_meeting_around_the_moved_appointment_still_blocks():
    """S2-66: only the appointment's own time is taken out of the calendar's busy times."""
    desk = team(1)
    start, stop = desk.span("11:00", "12:00")
    desk.busy(1, "10:00", "13:00")
    moved = layers.without_own(desk.people[1].layers, Own(start, stop, frozenset({5})))
    desk.people[1] = replace(desk.people[1], layers=tuple(moved))
    assert {each for each in desk.starts() if "09:30" < each < "13:00"} == {"11:00", "11:30"}


def test_the_live_answer_counts_in_both_directions():
    """S2-41, S2-42: what was just added blocks, what was just deleted is free."""
    desk = team(1)
    desk.busy(1, "09:00", "10:00", calendar_id=70)
    desk.busy(1, "10:00", "11:00", calendar_id=71)
    live = {70: [desk.span("12:00", "13:00")]}
    answered = layers.with_live(desk.people[1].layers, live, desk.span("00:00", "23:59"))
    desk.people[1] = replace(desk.people[1], layers=tuple(answered))
    assert desk.starts()[:2] == ["09:00", "09:30"]
    assert not {"10:00", "10:30", "12:00", "12:30"} & set(desk.starts())


def test_a_calendar_that_fails_in_the_live_check_takes_its_owner_out():
    """S2-41, B-05: no answer is not "free"; an answer ends an earlier failure."""
    desk = team(1)
    failing = layers.with_live((), {70: None}, desk.span("10:00", "11:00"))
    desk.adds(1, *failing)
    assert desk.offered() == []
    again = layers.with_live(failing, {70: []}, desk.span("09:30", "11:00"))
    desk.people[1] = replace(desk.people[1], layers=tuple(again))
    assert desk.starts() == ["09:30", "10:00", "10:30"]


def test_the_live_answer_about_one_time_says_nothing_about_others():
    """S2-42: what was asked is replaced, all else stays as it was known."""
    desk = team(1)
    desk.busy(1, "09:00", "12:00")
    desk.busy(1, "15:00", "16:00")
    answered = layers.with_live(
        desk.people[1].layers, {70: [desk.span("10:30", "17:00")]}, desk.span("10:00", "11:00")
    )
    desk.people[1] = replace(desk.people[1], layers=tuple(answered))
    assert "10:00" in desk.starts()
    assert not {"09:30", "10:30", "11:00", "15:00"} & set(desk.starts())
    assert {"12:00", "16:00"} <= set(desk.starts())


def test_days_are_worked_out_one_by_one():
    """A page asks for a week and gets the same as the whole search cut into days."""
    desk = team(1, 2)
    desk.busy(1, "09:00", "17:00")
    days = list(islice(by_day(desk.search, date(2027, 3, 1), 400), 7))
    assert [day for day, _slots in days] == [date(2027, 3, number) for number in range(1, 8)]
    assert days[0][1] == desk.offered()
    assert days[6][1] == desk.offered("2027-03-07")


def test_a_lost_slot_is_answered_with_the_next_three():
    """S2-44, S2-61: the same people and rules; the lost one is not among them."""
    desk = team(1)
    desk.taken(1, "10:00", "10:30", is_hold=True)
    found = next_free(desk.search, at("2027-03-01 10:00"))
    assert [clock(slot.start) for slot in found] == ["10:30", "11:00", "11:30"]


def test_the_next_slots_may_be_days_away_or_before():
    """S2-44: tomorrow when today is full; earlier ones when nothing later is left."""
    desk = team(1, advance_days=1)
    desk.busy(1, "10:00", "17:00")
    tomorrow = next_free(desk.search, at("2027-03-01 16:00"), 1)
    assert tomorrow[0].start == at("2027-03-02 09:00")
    last = next_free(desk.search, at("2027-03-02 16:30"), 3)
    assert [clock(slot.start) for slot in last] == ["15:30", "16:00", "16:30"]
    desk.adds(1, layers.busy(70, [desk.span("09:00", "17:00", "2027-03-02")]))
    assert [clock(slot.start) for slot in next_free(desk.search, at("2027-03-02 16:30"), 3)] == [
        "09:00",
        "09:30",
    ]


def test_nothing_left_is_an_empty_answer():
    """S2-46: not an error."""
    desk = team(1, advance_days=0)
    desk.busy(1, "09:00", "17:00")
    assert next_free(desk.search, at("2027-03-01 10:00")) == []
    assert next_free(Search((), desk.rules, desk.now), at("2027-03-01 10:00")) == []
