"""Series: what is refused, what is bounded, and which rules say the same."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from ...core.changes import Window
from ...core.errors import Malformed
from ...core.recurrence import expand, is_on_rule
from ...core.when import When, slot_of
from .series_files import same


def _at(text: str, hours: float = 1, tz: str = "Europe/Berlin") -> When:
    start = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return When(start, start + timedelta(hours=hours), tz)


MONDAY = _at("2027-01-04T09:00")
YEAR = Window(datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
DAYS = When(date(2027, 1, 4), date(2027, 1, 5))


def _slots(when, lines, window=YEAR):
    return [each.slot for each in expand(when, lines, window)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=3",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=FORTNIGHTLY",
        "COUNT=3",
        "",
        "RSCALE=CHINESE;FREQ=YEARLY",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;BYMINUTE=0,1,2",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=MONTHLY;BYDAY=53MO",
        "FREQ=HOURLY;BYSETPOS=2",
        "FREQ=DAILY\nRRULE:FREQ=DAILY",
    ],
)
def test_rule_that_makes_no_sense_is_refused_with_a_reason(rule):
    """S4-22: one bad rule costs one event, so it is an error that names the field."""
    with pytest.raises(Malformed) as refused:
        expand(MONDAY, [f"RRULE:{rule}"], YEAR)
    assert refused.value.field == "recurrence"


def test_series_in_a_zone_nobody_knows_is_refused():
    """S4-22: a wrong hour would be worse than an error."""
    with pytest.raises(Malformed, match="unknown_zone"):
        expand(_at("2027-01-04T09:00", tz="Foo/Bar"), ["RRULE:FREQ=DAILY;COUNT=2"], YEAR)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;INTERVAL=99999",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
    ],
)
def test_rule_that_never_matches_ends_at_once_with_the_first_occurrence(rule):
    """S4-22: the work is bounded by the window, not by the year 9999."""
    began = time.process_time()
    assert _slots(MONDAY, [f"RRULE:{rule}"]) == [MONDAY.slot]
    assert time.process_time() - began < 1


def test_daily_series_since_1970_is_found_quickly():
    """S4-22: an old endless series costs less than its occurrences."""
    old = _at("1970-01-01T09:00")
    assert len(expand(old, ["RRULE:FREQ=DAILY"], YEAR)) == 365
    assert _best(lambda: expand(old, ["RRULE:FREQ=DAILY"], YEAR)) < 0.5


def test_daily_series_of_fifteen_years_costs_little_in_a_window_of_months():
    """S4-22: its occurrences before the window cost next to nothing."""
    old, window = _at("2012-01-02T09:00"), Window(YEAR.start, datetime(2027, 5, 1, tzinfo=UTC))
    assert len(expand(old, ["RRULE:FREQ=DAILY"], window)) == 120
    assert _best(lambda: expand(old, ["RRULE:FREQ=DAILY"], window)) < 0.2


def test_too_many_occurrences_are_cut_at_the_limit():
    """S4-22: at most 500 rows of one series, in time order from the window's start."""
    found = expand(MONDAY, ["RRULE:FREQ=HOURLY"], YEAR)
    assert len(found) == 500
    assert found[0].start == MONDAY.start


def test_hundred_weekly_series_expand_in_time():
    """S4-22: 100 weekly masters of 10 occurrences cost little."""
    masters = [
        (
            When(MONDAY.start + timedelta(hours=n), MONDAY.stop + timedelta(hours=n), MONDAY.tz),
            [f"RRULE:FREQ=WEEKLY;COUNT=10;X-N={n}"],
        )
        for n in range(100)
    ]
    assert _best(lambda: [expand(w, lines, YEAR) for w, lines in masters]) < 0.25


def _best(work) -> float:
    """Seconds of the processor, of the quickest of five runs: other processes don't count."""

    def seconds() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(seconds() for _ in range(5))


def test_plain_and_numbered_weekdays_add_up():
    """S4-22: `MO,1TU` is every Monday and the first Tuesday (RFC 5545 §3.3.10)."""
    rule = ["RRULE:FREQ=MONTHLY;BYDAY=MO,1TU;COUNT=7"]
    days = ["04", "05", "11", "18", "25"]
    expected = [f"202701{day}T090000Z" for day in days] + ["20270201T090000Z", "20270202T090000Z"]
    assert _slots(MONDAY, rule) == expected


def test_hours_mean_nothing_in_a_series_of_whole_days():
    """S4-22: they are ignored there (RFC 5545 §3.3.10)."""
    assert _slots(DAYS, ["RRULE:FREQ=DAILY;BYHOUR=9,15;COUNT=2"]) == ["20270104", "20270105"]


def test_start_that_the_rule_does_not_meet_still_shows():
    """S4-22: Google and Apple show the first event of such a series."""
    rule = ["RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=2"]
    assert _slots(MONDAY, rule) == ["20270104T090000Z", "20270106T090000Z", "20270113T090000Z"]
    assert not is_on_rule(MONDAY, rule)
    assert is_on_rule(MONDAY, ["RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=2"])


def test_count_zero_leaves_the_first_event():
    """S4-22: nothing vanishes because of a strange number."""
    assert _slots(MONDAY, ["RRULE:FREQ=DAILY;COUNT=0"]) == [MONDAY.slot]


def test_exdate_of_a_whole_day_takes_that_local_day_out():
    """S4-22: Outlook writes such lines for timed series."""
    late = _at("2027-01-04T23:30")  # already the 5th in Berlin
    lines = ["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20270106"]
    assert _slots(late, lines) == ["20270104T233000Z", "20270106T233000Z"]


def test_until_as_a_date_includes_that_local_day():
    """S4-22: invalid by RFC 5545 but written; people mean the whole day."""
    lines = ["RRULE:FREQ=DAILY;UNTIL=20270106"]
    assert len(_slots(MONDAY, lines)) == 3


def test_added_period_keeps_its_own_length():
    """S4-22: RDATE;VALUE=PERIOD."""
    lines = ["RDATE;VALUE=PERIOD:20270105T090000Z/PT3H"]
    second = expand(MONDAY, lines, YEAR)[1]
    assert second.stop - second.start == timedelta(hours=3)


def test_occurrence_across_dst_keeps_its_exact_length():
    """S4-22: RFC 5545 §3.8.5.3: a day and a night of 24 hours stay 24 hours."""
    friday = _at("2027-03-26T11:00", hours=24)
    across = expand(friday, ["RRULE:FREQ=DAILY;COUNT=3"], YEAR)
    assert {each.stop - each.start for each in across} == {timedelta(hours=24)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FREQ=WEEKLY;COUNT=3", "COUNT=3;FREQ=WEEKLY;BYDAY=MO;INTERVAL=1;WKST=SU"),
        ("freq=monthly;count=3", "FREQ=MONTHLY;BYMONTHDAY=4;COUNT=3"),
        ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=1"),
        ("FREQ=DAILY;UNTIL=20270120T090000Z", "FREQ=DAILY;UNTIL=20270120T225959Z"),
        ("FREQ=DAILY;UNTIL=20270120T225959Z", "FREQ=DAILY;UNTIL=20270120"),
        ("FREQ=DAILY;UNTIL=20270120T080000Z", "FREQ=DAILY;UNTIL=20270119T225959Z"),
        ("FREQ=WEEKLY;BYDAY=WE,MO", "FREQ=WEEKLY;BYDAY=MO,WE"),
    ],
)
def test_rules_that_say_the_same_are_equal(one, other):
    """S4-22: servers rewrite rules; that must never look like an edit."""
    assert same([f"RRULE:{one}"], [f"RRULE:{other}"], MONDAY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FREQ=WEEKLY;COUNT=3", "FREQ=WEEKLY;COUNT=4"),
        ("FREQ=DAILY;UNTIL=20270120T080000Z", "FREQ=DAILY;UNTIL=20270120T090000Z"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU"),
    ],
)
def test_rules_that_differ_by_one_occurrence_are_not_equal(one, other):
    """S4-22: a real edit is never swallowed."""
    assert not same([f"RRULE:{one}"], [f"RRULE:{other}"], MONDAY)


def test_exdates_are_compared_as_moments():
    """S4-22: one server writes Z, the other TZID; slot names are equal."""
    zoned = ["RRULE:FREQ=DAILY", "EXDATE;TZID=Europe/Berlin:20270105T100000,20270106T100000"]
    in_utc = ["EXDATE:20270106T090000Z", "EXDATE:20270105T090000Z", "RRULE:FREQ=DAILY"]
    assert same(zoned, in_utc, MONDAY)
    assert slot_of(MONDAY.start) == "20270104T090000Z"
