"""What the rules of a booking calendar take away, each by its boundary."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ...booking.rules import BookingRules, Service, able
from .desk import PLAIN, Desk, at


def desk_with(**rules) -> Desk:
    """One person, 9 to 17 in Berlin."""
    desk = Desk(replace(PLAIN, **rules))
    desk.hires(1)
    return desk


def test_the_published_example_leaves_exactly_the_free_hours():
    """S0-26, S0-21: 9–17 with a meeting 14–15 leaves 9–14 and 15–17."""
    desk = desk_with(duration_min=60, step_min=60)
    desk.busy(1, "14:00", "15:00")
    assert desk.starts() == ["09:00", "10:00", "11:00", "12:00", "13:00", "15:00", "16:00"]


def test_fewer_hours_mean_fewer_slots_at_once():
    """S0-22, S2-54: nothing is kept from the search before."""
    desk = desk_with()
    assert desk.starts()[-1] == "16:30"
    desk.hires(1, (540, 720))
    assert desk.starts()[-1] == "11:30"


def test_minimum_notice_begins_now():
    """S2-16: two hours from ten o'clock is twelve, also to the second."""
    desk = desk_with(notice_min=120)
    desk.now = at("2027-03-01 10:00")
    assert desk.starts()[0] == "12:00"
    desk.now += 1
    assert desk.starts()[0] == "12:30"


def test_nothing_is_offered_in_the_past_without_any_notice():
    desk = desk_with()
    desk.now = at("2027-03-01 12:15")
    assert desk.starts()[0] == "12:30"


def test_maximum_advance_counts_local_days():
    """S2-17: the thirtieth day yes, the day after no, whatever the hour is now."""
    desk = desk_with(advance_days=30)
    desk.now = at("2027-03-01 23:30")
    assert desk.starts("2027-03-31")[-1] == "16:30"
    assert desk.starts("2027-04-01") == []


def test_the_buffer_before_keeps_its_distance():
    """S2-18: busy until 10:00, so the first is at 10:15."""
    desk = desk_with(buffer_before_min=15, step_min=15)
    desk.busy(1, "08:00", "10:00")
    assert desk.starts()[0] == "10:15"


def test_the_buffer_after_keeps_its_distance():
    """S2-19: busy from 12:00, so the last ends at 11:45."""
    desk = desk_with(buffer_after_min=15, step_min=15)
    desk.busy(1, "12:00", "17:00")
    assert desk.starts()[-1] == "11:15"


def test_between_two_bookings_lie_the_buffers_of_both():
    """S2-18, S2-19: the after of the first plus the before of the second."""
    desk = desk_with(buffer_before_min=10, buffer_after_min=5, step_min=5)
    desk.taken(1, "12:00", "13:00", before_s=20 * 60, after_s=30 * 60)
    starts = desk.starts()
    assert max(each for each in starts if each < "12:00") == "11:05"  # 11:35 + 5 + 20 = 12:00
    assert min(each for each in starts if each > "12:00") == "13:40"  # 13:00 + 30 + 10


def test_stored_ranges_touch_exactly_when_the_distance_is_enough():
    """S2-47: what the database compares is what the offer keeps free."""
    first = replace(PLAIN, duration_min=60, buffer_before_min=20, buffer_after_min=30)
    second = replace(PLAIN, buffer_before_min=10, buffer_after_min=5)
    noon = at("2027-03-01 12:00")
    assert first.stored_range(noon)[1] == second.stored_range(noon + 100 * 60)[0]
    assert second.stored_range(noon - 55 * 60)[1] == first.stored_range(noon)[0]


def test_hours_and_breaks_may_be_touched():
    """S2-18: buffers are a distance to appointments; the day still begins at nine."""
    desk = desk_with(buffer_before_min=15, buffer_after_min=15)
    assert (desk.starts()[0], desk.starts()[-1]) == ("09:00", "16:30")


def test_a_longer_service_starts_on_the_same_grid():
    """S2-20: 45 minutes on a grid of 30."""
    desk = desk_with(duration_min=45, step_min=30)
    desk.hires(1, (540, 660))
    assert desk.starts() == ["09:00", "09:30", "10:00"]


def test_the_daily_limit_closes_the_local_day_only():
    """S2-50: two a day, holds count, the next day is open."""
    desk = desk_with(per_day=2)
    desk.taken(1, "09:00", "09:30", booking_id=1)
    assert desk.starts()
    desk.taken(1, "10:00", "10:30", booking_id=2, is_hold=True)
    assert desk.starts() == []
    assert len(desk.starts("2027-03-02")) == 16


def test_the_daily_limit_counts_in_the_zone_of_the_booking_calendar():
    """S2-50: an evening in New York is the next day in Berlin, but not in the calendar's words."""
    desk = Desk(replace(PLAIN, per_day=1, tz="America/New_York"))
    desk.hires(1, (0, 1440))
    desk.taken(1, "22:00", "22:30")
    assert desk.starts() == []
    assert desk.starts("2027-03-02")[0] == "00:00"


@pytest.mark.parametrize(
    ("kind", "is_blocking"),
    [
        ("busy", True),
        ("out_of_office", True),
        ("tentative", False),
        ("free", False),
        ("elsewhere", False),
    ],
)
def test_which_kinds_of_time_block(kind, is_blocking):
    """S0-23, S0-24, S0-25: busy and out of office do, by default nothing else."""
    assert PLAIN.blocks(kind) is is_blocking
    assert not replace(PLAIN, all_day_blocks=False).blocks(kind, is_all_day=True)


def test_tentative_blocks_where_the_calendar_says_so():
    """S0-25, C8: the setting."""
    assert replace(PLAIN, tentative_blocks=True).blocks("tentative")
    assert not replace(PLAIN, tentative_blocks=True).blocks("free")


def test_a_service_changes_what_it_names_and_nothing_else():
    """S2-20: its own duration and buffers; the rest is the calendar's."""
    rules = BookingRules(step_min=15).of_service(Service(duration_min=45, buffer_after_min=0))
    assert (rules.duration_min, rules.buffer_after_min) == (45, 0)
    assert (rules.buffer_before_min, rules.step_min, rules.notice_min) == (15, 15, 120)


def test_a_service_leads_to_those_who_can_do_it():
    """S2-29, S2-30: a repair never to a sales rep, a consultation never to a technician."""
    team = [("tech", {"repair"}), ("rep", {"sales"}), ("both", {"repair", "sales"})]
    assert able(team, {"repair"}) == ("tech", "both")
    assert able(team, {"sales"}) == ("rep", "both")
    assert able(team, ()) == ("tech", "rep", "both")


def test_rules_that_make_no_sense_are_refused():
    for wrong in ({"step_min": 0}, {"duration_min": 0}, {"notice_min": -1}, {"step_min": 1441}):
        with pytest.raises(ValueError, match=r"."):
            BookingRules(**wrong)
