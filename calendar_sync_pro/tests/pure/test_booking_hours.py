"""Working hours, days off and blocked times across the year."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ...booking import layers
from ...booking.days import day_span, grid
from ...booking.hours import WeeklyHours, blocked_times, whole_days
from ...booking.intervals import IntervalSet
from ...core.errors import Malformed
from ...core.when import When
from .desk import BERLIN, Desk, at, clock, week


def shown(intervals, tz=BERLIN) -> list[tuple[str, str]]:
    """Intervals on the wall clock."""
    return [(clock(start, tz), clock(stop, tz)) for start, stop in intervals]


def test_a_split_day_has_two_ranges_and_the_weekend_none():
    """S2-15: weekly hours, several ranges a day."""
    hours = WeeklyHours((((480, 720), (780, 1020)),) * 5 + ((), ()), BERLIN)
    monday, saturday = day_span(date(2027, 3, 1), BERLIN), day_span(date(2027, 3, 6), BERLIN)
    assert shown(hours.within(*monday)) == [("08:00", "12:00"), ("13:00", "17:00")]
    assert not hours.within(*saturday)


def test_hours_stay_at_local_time_when_the_clocks_change():
    """D-07: nine o'clock is nine o'clock, before and after; the instant moves."""
    hours = WeeklyHours(week((540, 1020)), BERLIN)
    before, after = date(2027, 3, 27), date(2027, 3, 28)
    assert shown(hours.within(*day_span(before, BERLIN))) == [("09:00", "17:00")]
    assert shown(hours.within(*day_span(after, BERLIN))) == [("09:00", "17:00")]
    assert hours.within(*day_span(before, BERLIN)).spans[0][0] % 86400 == 8 * 3600
    assert hours.within(*day_span(after, BERLIN)).spans[0][0] % 86400 == 7 * 3600


def test_a_range_in_the_skipped_hour_is_nothing_and_one_over_it_is_shorter():
    """D-07: 2:00 to 3:00 does not exist in Berlin on 28 March 2027."""
    day = day_span(date(2027, 3, 28), BERLIN)
    assert not WeeklyHours(week((120, 180)), BERLIN).within(*day)
    ((start, stop),) = WeeklyHours(week((150, 240)), BERLIN).within(*day)
    assert (clock(start), clock(stop), stop - start) == ("03:00", "04:00", 3600)
    ((start, stop),) = WeeklyHours(week((60, 150)), BERLIN).within(*day)
    assert stop - start == 3600


def test_no_slot_in_the_skipped_hour_and_one_in_the_repeated():
    """D-07: night hours in Berlin, spring and autumn."""
    desk = Desk(day="2027-03-28")
    desk.hires(1, (0, 300))
    assert desk.starts() == ["00:00", "00:30", "01:00", "01:30", "03:00", "03:30", "04:00", "04:30"]
    desk = Desk(day="2027-10-31")
    desk.hires(1, (0, 300))
    assert desk.starts().count("02:30") == 1
    assert desk.offered()[5].start == at("2027-10-31 02:30")


@pytest.mark.parametrize(
    ("tz", "day", "hours"),
    [
        ("Europe/Berlin", date(2027, 3, 28), 23),
        ("Europe/Berlin", date(2027, 10, 31), 25),
        ("Asia/Beirut", date(2027, 3, 28), 23),
        ("America/Havana", date(2025, 11, 2), 25),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Asia/Kathmandu", date(2027, 3, 28), 24),
    ],
)
def test_local_days_are_as_long_as_they_are(tz, day, hours):
    """D-07: also where midnight is skipped or comes twice, and a date that is none."""
    start, stop = day_span(day, tz)
    assert stop - start == hours * 3600


def test_the_grid_is_counted_on_the_wall_clock_of_odd_zones():
    """S2-20: a full hour in Kathmandu is a quarter past in UTC."""
    start, stop = day_span(date(2027, 3, 1), "Asia/Kathmandu")
    points = [at_ for part in grid(start, stop, 3600, "Asia/Kathmandu") for at_ in part]
    assert [clock(each, "Asia/Kathmandu") for each in points] == [f"{n:02}:00" for n in range(24)]


def test_a_step_that_does_not_divide_the_day_begins_anew_at_midnight():
    """S2-20: the same times every day."""
    start, stop = at("2027-03-01 00:00"), at("2027-03-04 00:00")
    points = [clock(each) for part in grid(start, stop, 50 * 60, BERLIN) for each in part]
    assert points[:2] == ["00:00", "00:50"]
    assert points[:29] == points[29:58] == points[58:]


def test_a_public_holiday_takes_its_local_day():
    """S2-24: nothing that day, everything the day before and after."""
    desk = Desk(day="2027-04-30")
    desk.hires(1)
    desk.adds(1, layers.off(whole_days([date(2027, 5, 1)], BERLIN)))
    assert desk.starts("2027-05-01") == []
    assert len(desk.starts("2027-04-30")) == len(desk.starts("2027-05-02")) == 16


def test_a_daily_lunch_break_stays_at_noon_when_the_clocks_change():
    """S2-21, D-07: made in winter, still 12 to 13 in summer."""
    lunch = When(datetime(2027, 3, 1, 11, tzinfo=UTC), datetime(2027, 3, 1, 12, tzinfo=UTC), BERLIN)
    found = blocked_times(
        lunch, ["RRULE:FREQ=DAILY"], at("2027-03-26 00:00"), at("2027-03-31 00:00")
    )
    assert shown(found) == [("12:00", "13:00")] * 5
    desk = Desk(day="2027-03-29")
    desk.hires(1)
    desk.adds(1, layers.blocked(found))
    assert not {"11:45", "12:00", "12:30"} & set(desk.starts())
    assert {"11:30", "13:00"} <= set(desk.starts())


def test_a_team_meeting_blocks_every_member_and_an_errand_only_its_owner():
    """S2-22, S2-23: the same times on all, or on one."""
    desk = Desk()
    desk.hires(1)
    desk.hires(2)
    meeting = layers.blocked(IntervalSet.of([desk.span("10:00", "11:00")]), 5)
    for person_id in (1, 2):
        desk.adds(person_id, meeting)
    desk.adds(1, layers.blocked(IntervalSet.of([desk.span("14:00", "15:00")]), 6))
    free = {clock(slot.start): slot.free for slot in desk.offered()}
    assert "10:00" not in free
    assert free["14:00"] == (2,)
    assert free["13:30"] == (1, 2)


def test_blocked_whole_days_are_days_of_the_person():
    """S2-23: from midnight to midnight where the person is."""
    away = When(date(2027, 3, 2), date(2027, 3, 4))
    found = blocked_times(away, (), at("2027-03-01 00:00"), at("2027-03-10 00:00"), BERLIN)
    assert found.spans == ((at("2027-03-02 00:00"), at("2027-03-04 00:00")),)


def test_a_blocked_time_that_began_before_the_window_still_blocks_it():
    long = When(datetime(2027, 3, 1, 8, tzinfo=UTC), datetime(2027, 3, 3, 8, tzinfo=UTC), BERLIN)
    since, until = at("2027-03-10 00:00"), at("2027-03-11 00:00")
    weekly = blocked_times(long, ["RRULE:FREQ=WEEKLY"], since, until)
    assert weekly.spans == ((since, at("2027-03-10 09:00")),)


def test_hours_and_rules_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="one day"):
        WeeklyHours(week((600, 540)))
    with pytest.raises(ValueError, match="seven"):
        WeeklyHours(((),) * 6)
    lunch = When(datetime(2027, 3, 1, 11, tzinfo=UTC), datetime(2027, 3, 1, 12, tzinfo=UTC))
    with pytest.raises(Malformed):
        blocked_times(lunch, ["RRULE:FREQ=SOMETIMES"], 0, 1)
