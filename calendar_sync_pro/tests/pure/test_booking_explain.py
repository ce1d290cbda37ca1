"""Why (not) this slot: one seeded cause each, named with what stands there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ...booking import layers
from ...booking.explain import tell, timeline
from ...booking.intervals import IntervalSet
from ...booking.layers import Reason, Why
from ...booking.slots import explain, is_offered
from .desk import PLAIN, Desk, at


def why(desk: Desk, time: str, person_id: int = 1) -> list[Why]:
    """The reasons against a time on the desk's day."""
    return explain(desk.search, at(f"{desk.day} {time}"))[person_id]


def desk_with(**rules) -> Desk:
    """One person, 9 to 17 in Berlin."""
    desk = Desk(replace(PLAIN, **rules))
    desk.hires(1)
    return desk


def test_a_free_slot_has_no_reason():
    """B-08: the empty list is the offer."""
    desk = desk_with()
    assert why(desk, "09:00") == []
    assert is_offered(desk.search, at("2027-03-01 09:00"))


def test_working_hours_and_busy_times_are_told_apart():
    """S0-32: "outside the hours" is never said of a busy time, nor the other way round."""
    desk = desk_with()
    desk.busy(1, "10:00", "11:00", calendar_id=70)
    assert why(desk, "08:30") == [Why(Reason.HOURS)]
    assert why(desk, "10:30") == [Why(Reason.BUSY, *desk.span("10:00", "11:00"), 70)]


def test_the_calendar_that_is_busy_is_named():
    """B-08: which of two calendars."""
    desk = desk_with()
    desk.busy(1, "10:00", "11:00", calendar_id=70)
    desk.busy(1, "10:00", "12:00", calendar_id=71)
    assert {each.source for each in why(desk, "10:00")} == {70, 71}
    assert {each.source for each in why(desk, "11:00")} == {71}


def test_a_buffer_says_what_it_keeps_its_distance_from():
    """B-08, S2-18: not "busy", because the time itself is free."""
    desk = desk_with(buffer_before_min=15)
    desk.busy(1, "10:00", "11:00", calendar_id=70)
    assert why(desk, "11:00") == [Why(Reason.BUFFER, *desk.span("10:00", "11:00"), 70, Reason.BUSY)]
    assert why(desk, "11:30") == []


def test_another_booking_a_hold_and_an_own_appointment_are_named():
    """B-08: each with its id."""
    desk = desk_with()
    desk.taken(1, "09:00", "10:00", booking_id=41)
    desk.taken(1, "10:00", "11:00", booking_id=42, is_hold=True)
    desk.adds(1, layers.appointments([(501, *desk.span("11:00", "12:00"))]))
    found = [why(desk, time)[0] for time in ("09:00", "10:00", "11:00")]
    assert [(each.reason, each.source) for each in found] == [
        (Reason.BOOKING, 41),
        (Reason.HOLD, 42),
        (Reason.APPOINTMENT, 501),
    ]


def test_blocked_times_and_days_off_are_named():
    """B-08, S2-21, S2-24."""
    desk = desk_with()
    desk.adds(1, layers.blocked(IntervalSet.of([desk.span("12:00", "13:00")]), 9))
    desk.adds(1, layers.off(IntervalSet.of([desk.span("14:00", "17:00")])))
    assert why(desk, "12:30")[0][:1] == (Reason.BLOCKED,)
    assert why(desk, "12:30")[0].source == 9
    assert [each.reason for each in why(desk, "14:00")] == [Reason.LEAVE]


@pytest.mark.parametrize(
    ("rules", "time", "reason"),
    [
        ({"notice_min": 600}, "09:30", Reason.NOTICE),
        ({"advance_days": 0}, "09:30", None),
        ({"step_min": 60}, "09:30", Reason.STEP),
        ({"step_min": 60}, "10:00", None),
        ({}, "09:31", Reason.STEP),
    ],
)
def test_each_rule_is_named_at_its_boundary(rules, time, reason):
    """B-08, S2-50: a forged time is refused with the rule's name."""
    desk = desk_with(**rules)
    found = [each.reason for each in why(desk, time)]
    assert found == ([reason] if reason else [])
    assert is_offered(desk.search, at(f"2027-03-01 {time}")) is not bool(reason)


def test_the_horizon_and_the_daily_limit_are_named():
    """B-08, S2-17."""
    desk = desk_with(advance_days=1, per_day=1)
    desk.taken(1, "09:00", "09:30")
    assert [each.reason for each in why(desk, "11:00")] == [Reason.LIMIT]
    desk.day = "2027-03-03"
    assert [each.reason for each in why(desk, "11:00")] == [Reason.ADVANCE]


def test_a_missing_skill_and_an_unreadable_calendar_are_named():
    """B-08, S2-29, B-05."""
    desk = desk_with(required_skills=frozenset({"repair"}))
    desk.adds(1, layers.unreadable(70))
    assert {(each.reason, each.source) for each in why(desk, "09:00")} == {
        (Reason.SKILL, 0),
        (Reason.UNREADABLE, 70),
    }


def test_all_reasons_at_once_are_told():
    """B-08: not only the first one found."""
    desk = desk_with(notice_min=60)
    desk.now = at("2027-03-01 12:00")
    desk.busy(1, "08:00", "09:00")
    found = {each.reason for each in why(desk, "08:45")}
    assert found == {Reason.NOTICE, Reason.HOURS, Reason.BUSY, Reason.STEP}


def test_the_second_pass_of_a_repeated_hour_is_not_on_the_grid():
    """D-07: and the explanation says so."""
    desk = Desk(day="2027-10-31")
    desk.hires(1, (0, 300))
    first = at("2027-10-31 02:30")
    assert explain(desk.search, first)[1] == []
    assert explain(desk.search, first + 3600)[1] == [Why(Reason.STEP)]


def test_a_timeline_tells_every_start_of_the_day_for_everybody():
    """B-08: for the team; offered as soon as one of them has no reason."""
    desk = desk_with()
    desk.hires(2)
    desk.busy(1, "09:00", "17:00")
    told = list(timeline(desk.search, date(2027, 3, 1)))
    assert len(told) == 48
    nine = next(each for each in told if each.start == at("2027-03-01 09:00"))
    assert nine.is_offered
    assert [each.reason for each in nine.reasons[1]] == [Reason.BUSY]
    assert nine.reasons[2] == []
    assert {each.start for each in told if each.is_offered} == {
        slot.start for slot in desk.offered()
    }


def test_collective_needs_the_empty_list_of_everybody():
    desk = desk_with()
    desk.hires(2)
    desk.is_collective = True
    desk.busy(2, "09:00", "10:00")
    assert not tell(desk.search, at("2027-03-01 09:00")).is_offered
    assert tell(desk.search, at("2027-03-01 10:00")).is_offered
