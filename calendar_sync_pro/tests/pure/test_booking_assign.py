"""Who gets it, and whether it is fair in the long run."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...booking import layers
from ...booking.assign import Because, Booked, Load, Mode, assign, load_of
from ...booking.days import DAY
from ...booking.handover import Upcoming, plan_handover
from ...booking.layers import Reason
from ...booking.slots import slots
from .desk import PLAIN, Desk, at

SHARED = st.sampled_from([Mode.ROUND_ROBIN, Mode.BALANCED])


def deal(mode: Mode, loads: dict[int, Load], count: int, free=None) -> Counter:
    """Give `count` bookings, one a minute; `free` says who is there for the n-th."""
    given_: Counter = Counter()
    for number in range(count):
        there = free(number) if free else tuple(loads)
        chosen = assign(there, loads, mode).person_id
        loads[chosen] = loads[chosen].plus(number * 60)
        given_[chosen] += 1
    return given_


@pytest.mark.parametrize("mode", [Mode.ROUND_ROBIN, Mode.BALANCED])
def test_eight_bookings_over_four_equal_people_are_two_each(mode):
    """S2-25, S2-28."""
    loads = {number: Load(number) for number in (1, 2, 3, 4)}
    assert deal(mode, loads, 8) == {1: 2, 2: 2, 3: 2, 4: 2}


@given(SHARED, st.integers(2, 9), st.integers(0, 120))
def test_equal_availability_never_differs_by_more_than_one(mode, size, count):
    """S2-28: at every moment, not only at the end."""
    loads = {number: Load(number) for number in range(1, size + 1)}
    for _each in range(count):
        deal(mode, loads, 1)
        shares = [load.bookings for load in loads.values()]
        assert max(shares) - min(shares) <= 1


def test_a_season_of_bookings_is_shared_evenly():
    """S2-28: customers pick times as they like, and who is booked then is not free."""
    desk, dice = Desk(), random.Random(8)
    for person_id in (1, 2, 3, 4, 5):
        desk.hires(person_id)
    loads = {number: Load(number) for number in desk.people}
    for number in range(300):
        day = desk.now + dice.randrange(40) * DAY
        slot = dice.choice(slots(desk.search, day, day + DAY))
        chosen = assign(slot.free, loads, Mode.BALANCED).person_id
        loads[chosen] = loads[chosen].plus(desk.now + number)
        desk.adds(chosen, *layers.taken_layers([layers.Taken(number, slot.start, slot.stop)]))
    shares = [load.bookings for load in loads.values()]
    assert sum(shares) == 300
    assert max(shares) - min(shares) <= 1


def test_who_works_less_is_not_overrun_when_back():
    """S2-28: in turn, an absence is not made up for by a flood; balanced, it is."""

    def away(number):
        return (1,) if number < 10 else (1, 2)

    in_turn = deal(Mode.ROUND_ROBIN, {1: Load(1), 2: Load(2)}, 20, away)
    balanced = deal(Mode.BALANCED, {1: Load(1), 2: Load(2)}, 20, away)
    assert in_turn == {1: 15, 2: 5}
    assert balanced == {1: 10, 2: 10}


def test_a_weight_of_two_takes_twice_as_many():
    """S2-28: weights."""
    loads = {1: Load(1, weight=2), 2: Load(2), 3: Load(3)}
    assert deal(Mode.BALANCED, loads, 40) == {1: 20, 2: 10, 3: 10}


def test_a_weight_of_nothing_is_only_for_emergencies():
    loads = {1: Load(1, weight=0), 2: Load(2)}
    assert assign((1, 2), loads, Mode.BALANCED).person_id == 2
    assert assign((1,), loads, Mode.BALANCED) == (1, Because.ONLY_ONE)
    with pytest.raises(ValueError, match="weights"):
        Load(1, weight=-1)


def test_old_and_cancelled_bookings_count_for_nothing():
    """S2-28: from 30 days back onwards, upcoming ones too."""
    now = 100 * DAY
    booked = [
        Booked(now - 31 * DAY, now - 40 * DAY),
        Booked(now - 30 * DAY, now - 35 * DAY),
        Booked(now + 10 * DAY, now - 5 * DAY),
        Booked(now + 11 * DAY, now - 1 * DAY, is_cancelled=True),
    ]
    assert load_of(1, 1, booked, now) == Load(1, 1, 2, now - 5 * DAY)


def test_a_tie_goes_to_whoever_waited_longest():
    """S2-28: then longest since the last; a newcomer waited longest of all."""
    loads = {1: Load(1, bookings=3, last_at=500), 2: Load(2, bookings=3, last_at=400)}
    assert assign((1, 2), loads, Mode.BALANCED) == (2, Because.FEWEST)
    assert assign((1, 2), loads, Mode.ROUND_ROBIN) == (2, Because.TURN)
    assert assign((1, 2, 3), loads, Mode.ROUND_ROBIN).person_id == 3


def test_the_leads_own_salesperson_comes_first_when_free():
    """S2-27: and does not when busy."""
    loads = {1: Load(1), 2: Load(2, bookings=99)}
    assert assign((1, 2), loads, Mode.BALANCED, salesperson=2) == (2, Because.SALESPERSON)
    assert assign((1,), loads, Mode.BALANCED, salesperson=2) == (1, Because.ONLY_ONE)
    assert assign((), loads, Mode.BALANCED, salesperson=2) is None


def handed(desk: Desk, *upcoming: Upcoming, loads=None) -> list:
    """The plan for the desk's people."""
    people = desk.people.values()
    return plan_handover(upcoming, people, loads or {}, Mode.BALANCED, desk.now)


def appointment(number: int, start: str, stop: str, desk: Desk, **more) -> Upcoming:
    """An appointment on the desk's day."""
    return Upcoming(number, *desk.span(start, stop), **more)


def two_colleagues() -> Desk:
    """Somebody is ill, 2 and 3 are there."""
    desk = Desk(replace(PLAIN, notice_min=600, advance_days=0))
    desk.hires(2)
    desk.hires(3, skills={"repair"})
    return desk


def test_twenty_appointments_of_somebody_ill_are_shared_evenly():
    """B-14: short notice is no obstacle, since the time was agreed."""
    desk = two_colleagues()
    hours = [
        Upcoming(n, start, start + 1800)
        for n in range(20)
        for start in [at(f"2027-03-{1 + n // 10:02} 09:00") + n % 10 * 2700]
    ]
    moves = handed(desk, *hours)
    assert Counter(move.assignment.person_id for move in moves) == {2: 10, 3: 10}


def test_nobody_takes_over_two_at_once():
    """B-14, S2-47: what was just given counts, with its buffers; what is left says why."""
    desk = two_colleagues()
    moves = handed(
        desk,
        appointment(1, "10:00", "11:00", desk, after_s=900),
        appointment(2, "10:30", "11:30", desk),
        appointment(3, "11:00", "12:00", desk),
    )
    assert [move.assignment and move.assignment.person_id for move in moves] == [2, 3, None]
    left = moves[2].hindrances
    assert [(why.reason, why.of) for why in left[2]] == [(Reason.BUFFER, Reason.BOOKING)]
    assert [(why.reason, why.source) for why in left[3]] == [(Reason.BOOKING, 2)]


def test_a_handover_asks_for_the_skill_and_prefers_the_salesperson():
    """B-14, S2-29."""
    desk = two_colleagues()
    desk.busy(3, "14:00", "15:00")
    moves = handed(
        desk,
        appointment(1, "10:00", "11:00", desk, required_skills=frozenset({"repair"})),
        appointment(2, "12:00", "13:00", desk, salesperson=3),
        appointment(3, "14:00", "15:00", desk, salesperson=3),
    )
    assert [move.assignment for move in moves] == [
        (3, Because.ONLY_ONE),
        (3, Because.SALESPERSON),
        (2, Because.ONLY_ONE),
    ]
    assert moves[0].hindrances == {}
