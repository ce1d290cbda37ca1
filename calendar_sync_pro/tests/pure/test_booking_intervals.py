"""Interval sets against plain Python sets of integers."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ...booking.intervals import IntervalSet, instant, moment, spans

PAIRS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)
BOUNDS = st.tuples(st.integers(-5, 65), st.integers(-5, 65))


def points(pairs) -> set[int]:
    """Every integer that the pairs hold."""
    return {each for start, stop in pairs for each in range(start, stop)}


@given(PAIRS)
def test_a_set_is_sorted_disjoint_and_says_the_same(pairs):
    found = IntervalSet.of(pairs)
    assert points(found) == points(pairs)
    assert all(a < b for a, b in found)
    assert all(
        first[1] < then[0] for first, then in zip(found.spans, found.spans[1:], strict=False)
    )


@given(PAIRS, PAIRS)
def test_union_difference_and_intersection_are_those_of_sets(left, right):
    one, other = IntervalSet.of(left), IntervalSet.of(right)
    assert points(one | other) == points(left) | points(right)
    assert points(one - other) == points(left) - points(right)
    assert points(one & other) == points(left) & points(right)
    for made in (one | other, one - other, one & other):
        assert made == IntervalSet.of(made.spans)


@given(PAIRS, PAIRS)
def test_what_is_left_after_busy_times_never_meets_them(hours, busy):
    """S0-21: (open − busy) ∩ busy = ∅, and nothing else is lost."""
    open_, taken = IntervalSet.of(hours), IntervalSet.of(busy)
    assert not (open_ - taken) & taken
    assert (open_ - taken) | (open_ & taken) == open_


@given(PAIRS, BOUNDS)
def test_clipping_and_gaps_share_out_the_window(pairs, bounds):
    found, (start, stop) = IntervalSet.of(pairs), bounds
    inside = set(range(start, stop))
    assert points(found.clip(start, stop)) == points(pairs) & inside
    assert points(found.gaps(start, stop)) == inside - points(pairs)


@given(PAIRS, st.integers(-9, 9), st.integers(0, 9))
def test_moved_and_grown_sets_move_and_grow_every_point(pairs, by, more):
    found = IntervalSet.of(pairs)
    assert points(found.shift(by)) == {each + by for each in points(pairs)}
    grown = {each + d for each in points(pairs) for d in range(-more, more + 1)}
    assert points(found.grow(more, more)) == grown


@given(PAIRS, BOUNDS)
def test_a_stretch_is_covered_when_all_of_it_is_inside(pairs, bounds):
    found, (start, stop) = IntervalSet.of(pairs), bounds
    if start < stop:
        assert found.covers(start, stop) == (set(range(start, stop)) <= points(pairs))
    assert (start in found) == (start in points(pairs))


def test_instants_are_utc_seconds_from_aware_and_naive_times():
    aware = datetime(2027, 3, 28, 1, 0, 5, tzinfo=UTC)
    naive = aware.replace(tzinfo=None)
    assert instant(aware) == instant(naive) == int(aware.timestamp())
    assert moment(instant(naive)) == aware
    assert spans([(naive, naive.replace(hour=3))]) == [(instant(naive), instant(naive) + 7200)]
