"""Offers and explanations against a brute-force grid of minutes with code of its own.

The oracle looks at every minute of an appointment by the wall clock of `zoneinfo`; it knows neither
intervals nor layers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ....booking import layers
from ....booking.explain import tell
from ....booking.hours import WeeklyHours, whole_days
from ....booking.intervals import IntervalSet, instant
from ....booking.layers import Taken
from ....booking.rules import BookingRules
from ....booking.slots import Person, Search, slots

WEEKS = (  # a zone and a day in the middle of which its clocks change (or an ordinary one)
    ("Europe/Berlin", date(2025, 3, 30)),
    ("Europe/Berlin", date(2025, 10, 26)),
    ("America/New_York", date(2025, 3, 9)),
    ("America/New_York", date(2025, 11, 2)),
    ("Australia/Lord_Howe", date(2025, 4, 6)),
    ("Australia/Lord_Howe", date(2025, 10, 5)),
    ("Asia/Beirut", date(2025, 3, 30)),
    ("America/Havana", date(2025, 11, 2)),
    ("America/Santiago", date(2025, 9, 7)),
    ("Asia/Kathmandu", date(2025, 6, 15)),
    ("UTC", date(2025, 6, 15)),
)
MINUTE, QUARTER = 60, 15
AHEAD = 3 * 24 * 60


def quarters(low: int, high: int):
    """Minutes in steps of a quarter of an hour, and now and then an odd one."""
    even = st.integers(-(-low // QUARTER), high // QUARTER).map(lambda each: each * QUARTER)
    return st.one_of(even, even, st.integers(low, high))


STRETCHES = st.lists(
    st.tuples(quarters(0, AHEAD), quarters(1, 300)).map(lambda each: (each[0], sum(each))),
    max_size=5,
)
RANGES = st.lists(
    st.tuples(quarters(0, 1425), quarters(15, 1440)).map(
        lambda each: (each[0], min(1440, max(sum(each) % 1441, each[0] + QUARTER)))
    ),
    max_size=3,
)


@st.composite
def worlds(draw):
    """One person in a zone, rules in a zone, and the same as plain minutes for the oracle."""
    tz, middle = draw(st.sampled_from(WEEKS))
    rules_tz = draw(st.sampled_from([tz, tz, "UTC", "America/St_Johns"]))
    base = int(datetime.combine(middle - timedelta(days=1), datetime.min.time(), UTC).timestamp())
    rules = BookingRules(
        notice_min=draw(quarters(0, 400)),
        advance_days=draw(st.integers(0, 3)),
        buffer_before_min=draw(st.sampled_from([0, 0, 10, 15, 60])),
        buffer_after_min=draw(st.sampled_from([0, 0, 5, 15, 45])),
        duration_min=draw(st.sampled_from([15, 30, 45, 60, 170])),
        step_min=draw(st.sampled_from([15, 30, 60, 45, 50, 7])),
        per_day=draw(st.integers(0, 2)),
        tz=rules_tz,
    )
    world = {
        "tz": tz,
        "base": base,
        "rules": rules,
        "week": tuple(tuple(draw(RANGES)) for _day in range(7)),
        "off": draw(st.sets(st.sampled_from([middle, middle + timedelta(days=1)]), max_size=1)),
        "blocked": draw(STRETCHES),
        "busy": draw(STRETCHES),
        "taken": [
            (*each, *draw(st.tuples(st.sampled_from([0, 15]), st.sampled_from([0, 20]))))
            for each in draw(STRETCHES)
        ],
        "now": base + draw(quarters(-600, 900)) * MINUTE,
    }
    return world


def search_of(world) -> Search:
    """The world as the product sees it."""
    base, tz = world["base"], world["tz"]

    def seconds(pairs):
        return [(base + start * MINUTE, base + stop * MINUTE) for start, stop in pairs]

    hours = WeeklyHours(world["week"], tz).within(base - 3 * 86400, base + 9 * 86400)
    rows = [
        Taken(number, *seconds([(start, stop)])[0], before * 60, after * 60, bool(number % 2))
        for number, (start, stop, before, after) in enumerate(world["taken"], 1)
    ]
    person = Person(
        1,
        hours,
        (
            layers.off(whole_days(world["off"], tz)),
            layers.blocked(IntervalSet.of(seconds(world["blocked"])), 3),
            layers.busy(7, seconds(world["busy"])),
            *layers.taken_layers(rows),
        ),
    )
    return Search((person,), world["rules"], world["now"])


class Oracle:
    """Minute by minute."""

    def __init__(self, world) -> None:
        self.world, self.rules = world, world["rules"]
        self.zone, self.rules_zone = ZoneInfo(world["tz"]), ZoneInfo(self.rules.tz)
        self.blocked = self.minutes(world["blocked"])
        self.busy = self.minutes(world["busy"])

    def minutes(self, pairs) -> set[int]:
        """Every minute since the base that the pairs hold."""
        return {minute for start, stop in pairs for minute in range(start, stop)}

    def local(self, minute: int, zone) -> datetime:
        """The wall clock at a minute."""
        at = self.world["base"] + minute * MINUTE
        return datetime.fromtimestamp(at, UTC).astimezone(zone)

    def is_working(self, minute: int) -> bool:
        """The wall clock shows a time in a range, on a day that is not off."""
        local = self.local(minute, self.zone)
        clock = local.hour * 60 + local.minute
        ranges = self.world["week"][local.weekday()]
        return local.date() not in self.world["off"] and any(a <= clock < b for a, b in ranges)

    def is_by_the_rules(self, minute: int) -> bool:
        """Notice, advance, grid and limit."""
        rules, local = self.rules, self.local(minute, self.rules_zone)
        now = datetime.fromtimestamp(self.world["now"], UTC).astimezone(self.rules_zone)
        if self.world["base"] + minute * MINUTE < self.world["now"] + rules.notice_min * MINUTE:
            return False
        if (local.date() - now.date()).days > rules.advance_days:
            return False
        if local.fold or (local.hour * 60 + local.minute) % rules.step_min:
            return False
        dates = [self.local(start, self.rules_zone).date() for start, *_rest in self.world["taken"]]
        return not rules.per_day or dates.count(local.date()) < rules.per_day

    def is_alone(self, minute: int) -> bool:
        """Nothing else within the buffers."""
        rules, stop = self.rules, minute + self.rules.duration_min
        around = range(minute - rules.buffer_before_min, stop + rules.buffer_after_min)
        if any(each in self.busy for each in around):
            return False
        for start, end, before, after in self.world["taken"]:
            if set(range(start - before, end + after)) & set(around):
                return False
        return True

    def is_free(self, minute: int) -> bool:
        """Whether an appointment may start at this minute."""
        whole = range(minute, minute + self.rules.duration_min)
        return (
            self.is_by_the_rules(minute)
            and self.is_alone(minute)
            and all(self.is_working(each) and each not in self.blocked for each in whole)
        )


@given(worlds())
def test_offers_are_exactly_those_of_a_grid_of_minutes(world):
    """S0-21, S2-50, D-07: none that breaks a rule, none missing, clock changes included."""
    oracle, search, base = Oracle(world), search_of(world), world["base"]
    window = range(0, AHEAD)
    expected = [base + minute * MINUTE for minute in window if oracle.is_free(minute)]
    assert [slot.start for slot in slots(search, base, base + AHEAD * MINUTE)] == expected


@given(worlds(), st.data())
def test_a_time_is_offered_exactly_when_nothing_is_said_against_it(world, data):
    """B-08: the explanation and the offer are one."""
    search, base = search_of(world), world["base"]
    offered = {slot.start for slot in slots(search, base, base + AHEAD * MINUTE)}
    chosen = data.draw(st.lists(quarters(0, AHEAD - 1), min_size=1, max_size=40))
    for at in [*(base + minute * MINUTE for minute in chosen), *list(offered)[:20]]:
        told = tell(search, at)
        assert told.is_offered == (not told.reasons[1]) == (at in offered)


@given(worlds(), st.lists(STRETCHES, min_size=1, max_size=3))
def test_a_team_is_the_union_of_its_people_and_together_the_intersection(world, others):
    """S2-25, S2-27: who is free is said right."""
    base, lone = world["base"], search_of(world)
    first = lone.people[0]
    people = [first] + [
        replace(
            first,
            person_id=number,
            layers=(layers.busy(7, [(base + a * 60, base + b * 60) for a, b in each]),),
        )
        for number, each in enumerate(others, 2)
    ]
    alone = {
        person.person_id: {
            slot.start
            for slot in slots(replace(lone, people=(person,)), base, base + AHEAD * MINUTE)
        }
        for person in people
    }
    team = replace(lone, people=tuple(people))
    found = slots(team, base, base + AHEAD * MINUTE)
    assert {slot.start: set(slot.free) for slot in found} == {
        start: {number for number, starts in alone.items() if start in starts}
        for start in set().union(*alone.values())
    }
    everybody = slots(replace(team, is_collective=True), base, base + AHEAD * MINUTE)
    assert {slot.start for slot in everybody} == set.intersection(*alone.values())


@given(worlds())
def test_two_offers_that_do_not_overlap_as_stored_can_both_be_booked(world):
    """S2-47: after the first is taken, the second is still offered exactly then."""
    search, base = search_of(replace_rules(world, per_day=0)), world["base"]
    offered = [slot.start for slot in slots(search, base, base + AHEAD * MINUTE)]
    if not offered:
        return
    first, rules = offered[0], search.rules
    row = Taken(99, first, first + rules.duration_s, rules.before_s, rules.after_s)
    person = search.people[0]
    booked = replace(person, layers=(*person.layers, *layers.taken_layers([row])))
    left = slots(replace(search, people=(booked,)), base, base + AHEAD * MINUTE)
    stop = rules.stored_range(first)[1]
    expected = [each for each in offered if rules.stored_range(each)[0] >= stop]
    assert [slot.start for slot in left] == expected


def replace_rules(world, **changes):
    """The world under other rules."""
    return world | {"rules": replace(world["rules"], **changes)}


def test_the_oracle_itself_refuses_and_accepts():
    """The published example by the oracle alone."""
    world = {
        "tz": "UTC",
        "base": instant(datetime(2025, 6, 16)),
        "rules": BookingRules(0, 1, 0, 0, 60, 60),
        "week": (((540, 1020),),) * 7,
        "off": set(),
        "blocked": [],
        "busy": [(840, 900)],
        "taken": [],
        "now": instant(datetime(2025, 6, 16)),
    }
    oracle = Oracle(world)
    free = [minute // 60 for minute in range(1440) if oracle.is_free(minute)]
    assert free == [9, 10, 11, 12, 13, 15, 16]
