"""What Odoo's own recurrence can hold, and what its fields say as a rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ...core.changes import Window
from ...core.recurrence import expand
from ...core.when import When
from ...sync.odoo_recurrence import lines_from_odoo, native_values, week_start
from .series_files import VECTORS, read, same

NEW_YORK = When(
    datetime(2027, 3, 2, 1, tzinfo=UTC), datetime(2027, 3, 2, 2, tzinfo=UTC), "America/New_York"
)  # Monday 20:00 there
BERLIN = When(
    datetime(2027, 1, 4, 9, tzinfo=UTC), datetime(2027, 1, 4, 10, tzinfo=UTC), "Europe/Berlin"
)
DAYS = When(date(2027, 1, 4), date(2027, 1, 5))
WINDOW = Window(datetime(2027, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))

# r20 and r21 went wrong by parsing UNTIL's UTC day; the local day in `until` is right. r23 (an hour
# that exists twice) is for the proof in memory.
RIGHT_AS_FIELDS = {"r20-until-tokyo", "r21-until-newyork", "r23-dst-overlap"}


def test_weekday_is_the_local_one():
    """S4-22: Monday evening in New York is Tuesday in UTC; Odoo would repeat on Tuesday."""
    values = native_values(NEW_YORK, ["RRULE:FREQ=WEEKLY;COUNT=4"])
    assert values["mon"] is True
    assert values["tue"] is False
    assert (values["event_tz"], values["end_type"], values["count"]) == (
        "America/New_York",
        "count",
        4,
    )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=3;COUNT=5", {"rrule_type": "daily", "interval": 3}),
        ("FREQ=MONTHLY;COUNT=5", {"month_by": "date", "day": 4}),
        ("FREQ=MONTHLY;BYMONTHDAY=4;COUNT=5", {"month_by": "date", "day": 4}),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=5", {"month_by": "day", "byday": "1", "weekday": "MON"}),
        ("FREQ=YEARLY;COUNT=5", {"rrule_type": "yearly"}),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=4;COUNT=5", {"rrule_type": "yearly"}),
        ("FREQ=DAILY;UNTIL=20270120T090000Z", {"end_type": "end_date", "until": date(2027, 1, 20)}),
    ],
)
def test_simple_rule_may_be_native(rule, expected):
    """S4-22: given to Odoo as fields."""
    values = native_values(BERLIN, [f"RRULE:{rule}"])
    assert {name: values[name] for name in expected} == expected


@pytest.mark.parametrize(
    "lines",
    [
        ["RRULE:FREQ=DAILY"],
        ["RRULE:FREQ=DAILY;COUNT=721"],
        ["RRULE:FREQ=DAILY;UNTIL=99991231T000000Z"],
        ["RRULE:FREQ=DAILY;UNTIL=20270120T080000Z"],
        ["RRULE:FREQ=HOURLY;COUNT=3"],
        ["RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3"],
        ["RRULE:FREQ=MONTHLY;BYDAY=MO;COUNT=3"],
        ["RRULE:FREQ=MONTHLY;BYDAY=1MO,3MO;COUNT=3"],
        ["RRULE:FREQ=MONTHLY;BYDAY=5MO;COUNT=3"],
        ["RRULE:FREQ=YEARLY;BYMONTH=3;COUNT=3"],
        ["RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3"],
        ["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU;COUNT=3"],
        ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20270111T090000Z"],
        ["RDATE:20270111T090000Z"],
        ["RRULE:FREQ=WEEKLY;COUNT=3", "RRULE:FREQ=DAILY;COUNT=2"],
        ["RRULE:nonsense"],
    ],
)
def test_rule_that_odoo_would_get_wrong_is_never_native(lines):
    """S4-22: materialised instead; Odoo raises on some and makes wrong dates of others."""
    assert native_values(BERLIN, lines) is None


@pytest.mark.parametrize(
    "vector",
    [v for v in VECTORS if v.get("odoo19_native", {}).get("matches") is False],
    ids=lambda vector: vector["id"],
)
def test_vector_that_odoo_was_seen_to_get_wrong_is_not_native(vector):
    """S4-22: with the week start (Sunday) of the language it was seen with."""
    series = read(vector)
    if vector["id"] not in RIGHT_AS_FIELDS:
        assert native_values(series.when, series.lines, wkst=6) is None


@pytest.mark.parametrize(
    ("when", "lines"),
    [
        (BERLIN, ("RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=7",)),
        (BERLIN, ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20270401T215959Z",)),
        (BERLIN, ("RRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=7",)),
        (NEW_YORK, ("RRULE:FREQ=MONTHLY;COUNT=4",)),
        (NEW_YORK, ("RRULE:FREQ=DAILY;UNTIL=20270307T010000Z",)),
        (DAYS, ("RRULE:FREQ=DAILY;UNTIL=20270120",)),
        (DAYS, ("RRULE:FREQ=YEARLY;COUNT=3",)),
    ],
)
def test_fields_and_lines_say_the_same(when, lines):
    """S4-30: there and back the rule has the same occurrences, and compares equal."""
    back = lines_from_odoo(native_values(when, lines), when)
    assert expand(when, back, WINDOW) == expand(when, lines, WINDOW)
    assert same(back, lines, when)


def test_until_of_odoo_is_the_whole_local_day():
    """S4-30: 23:59:59 there as UTC; a date for whole days."""
    values = {"rrule_type": "daily", "interval": 1, "end_type": "end_date"}
    values["until"] = date(2027, 3, 9)
    assert lines_from_odoo(values, NEW_YORK) == ("RRULE:FREQ=DAILY;UNTIL=20270310T045959Z",)
    assert lines_from_odoo(values, DAYS) == ("RRULE:FREQ=DAILY;UNTIL=20270309",)


def test_endless_series_of_odoo_has_no_end():
    """S4-30: forever is not COUNT=720."""
    values = {"rrule_type": "weekly", "interval": 2, "end_type": "forever", "tue": True}
    assert lines_from_odoo(values, BERLIN, wkst=6) == (
        "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU",
    )


def test_rule_made_native_keeps_its_occurrences_beyond_dst():
    """S4-22: local hour stays."""
    values = native_values(NEW_YORK, ["RRULE:FREQ=WEEKLY;COUNT=4"])
    starts = [each.start for each in expand(NEW_YORK, lines_from_odoo(values, NEW_YORK), WINDOW)]
    assert starts[1] - starts[0] == timedelta(days=7)
    assert starts[2] - starts[1] == timedelta(days=7, hours=-1)


@pytest.mark.parametrize(("wkst", "usual"), [(0, 6), (6, 0), (5, 6)])
def test_rows_tell_with_which_day_their_weeks_begin(wkst, usual):
    """S4-30: every other week on Tuesday and Sunday is other days for people whose weeks begin on a
    Sunday; a worker's own language must not change what somebody made."""
    values = {"rrule_type": "weekly", "interval": 2, "end_type": "count", "count": 6} | {
        "tue": True, "sun": True, "sat": wkst == 5,
    }  # fmt: skip
    when = When(datetime(2027, 1, 5, 9, tzinfo=UTC), datetime(2027, 1, 5, 10, tzinfo=UTC), "UTC")
    window = Window(when.start, datetime(2027, 6, 1, tzinfo=UTC))
    slots = [each.slot for each in expand(when, lines_from_odoo(values, when, wkst=wkst), window)]
    assert week_start(values, when, slots, usual) == wkst
    assert week_start(values, when, slots[:1], usual) == usual, "one row tells nothing"
