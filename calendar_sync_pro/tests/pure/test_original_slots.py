"""Rows of a series find the date they belong to, whatever the former sync kept of it."""

from datetime import UTC, datetime, timedelta

from calendar_sync_pro.core.when import When
from calendar_sync_pro.sync.original_slots import original_slots

BERLIN = "Europe/Berlin"
FIRST = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)  # in Berlin it is the 2nd
WEEK = timedelta(weeks=1)
DATES = tuple(
    When(FIRST + WEEK * n, FIRST + WEEK * n + timedelta(hours=1), BERLIN) for n in range(4)
)
SLOTS = [each.slot for each in DATES]


def test_a_row_at_its_own_time_is_that_date():
    """B-03: nothing was moved."""
    rows = [(n, slot, "") for n, slot in enumerate(SLOTS)]
    assert original_slots(rows, DATES, {}) == dict(enumerate(SLOTS))


def test_an_id_that_names_the_start_counts_more_than_the_time():
    """B-03: the second date was moved to where the third is, and the third is gone."""
    rows = [(1, SLOTS[0], ""), (2, SLOTS[2], SLOTS[1])]
    assert original_slots(rows, DATES, {}) == {1: SLOTS[0], 2: SLOTS[1]}


def test_a_day_is_read_on_the_clock_of_the_series():
    """D-07: shortly before midnight UTC it is the next day where the series takes place."""
    assert original_slots([(1, "20261209T080000Z", "20261209")], DATES, {}) == {1: SLOTS[1]}


def test_an_exception_of_the_calendar_tells_whose_row_it_is():
    """B-03: nothing else tells, but the calendar lists an exception at just that time."""
    rows = [(1, SLOTS[0], ""), (2, "20261221T120000Z", "")]
    assert original_slots(rows, DATES, {"20261221T120000Z": SLOTS[1]})[2] == SLOTS[1]


def test_a_row_without_any_trace_takes_the_nearest_free_date():
    """B-03: it is near the third date, which no other row has."""
    rows = [(1, SLOTS[1], ""), (2, "20261215T120000Z", "")]
    assert original_slots(rows, DATES, {}) == {1: SLOTS[1], 2: SLOTS[2]}


def test_more_rows_than_dates_leaves_rows_without_one():
    """B-03: the former sync kept a date too many: it has no place in the series."""
    rows = [(n, slot, "") for n, slot in enumerate([*SLOTS, "20270101"])]
    assert original_slots(rows, DATES, {})[4] is None
