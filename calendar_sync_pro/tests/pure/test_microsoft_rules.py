"""Graph's patterns and RRULE lines: the table both ways, what is refused, and a search for gaps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...core.changes import Window
from ...core.errors import Malformed
from ...core.recurrence import expand
from ...core.rule_text import canonical_lines
from ...core.when import When
from ...providers.microsoft.rules import DAYS, lines_of, recurrence_of

START = datetime(2027, 3, 2, 9, tzinfo=UTC)  # a Tuesday, ten o'clock in Berlin
BERLIN = When(START, START + timedelta(hours=1), "Europe/Berlin")
WHOLE = When(date(2027, 3, 2), date(2027, 3, 3))
FIVE = list(DAYS[:5])

TABLE = [
    ("FREQ=DAILY", {"type": "daily", "interval": 1}),
    ("FREQ=DAILY;INTERVAL=3", {"type": "daily", "interval": 3}),
    (
        "FREQ=WEEKLY;BYDAY=TU,TH",
        {"type": "weekly", "daysOfWeek": ["tuesday", "thursday"], "firstDayOfWeek": "monday"},
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
        {
            "type": "weekly",
            "interval": 2,
            "daysOfWeek": ["tuesday", "sunday"],
            "firstDayOfWeek": "sunday",
        },
    ),
    ("FREQ=MONTHLY;BYMONTHDAY=2", {"type": "absoluteMonthly", "dayOfMonth": 2}),
    (
        "FREQ=MONTHLY;BYDAY=1TU",
        {"type": "relativeMonthly", "daysOfWeek": ["tuesday"], "index": "first"},
    ),
    (
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=2",
        {"type": "absoluteYearly", "month": 3, "dayOfMonth": 2},
    ),
    (
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYDAY=1TU",
        {
            "type": "relativeYearly",
            "interval": 2,
            "month": 3,
            "daysOfWeek": ["tuesday"],
            "index": "first",
        },
    ),
]
SAID_OTHERWISE = [
    ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TU"),
    ("FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=2"),
    ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=2"),
    ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1", "FREQ=MONTHLY;BYDAY=1TU"),
]
REFUSED = [
    "FREQ=HOURLY;INTERVAL=4",
    "FREQ=DAILY;BYMONTH=3",
    "FREQ=DAILY;INTERVAL=2;BYDAY=TU",
    "FREQ=WEEKLY;BYDAY=TU;BYMONTH=3",
    "FREQ=MONTHLY;BYMONTHDAY=2,15",
    "FREQ=MONTHLY;BYMONTHDAY=-2",
    "FREQ=MONTHLY;BYDAY=TU",
    "FREQ=MONTHLY;BYDAY=1TU,3TU",
    "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1,2",
    "FREQ=MONTHLY;BYDAY=TU,TH;BYMONTHDAY=2",
    "FREQ=YEARLY;BYDAY=10TU",
    "FREQ=YEARLY;BYMONTHDAY=2",
    "FREQ=YEARLY;BYMONTH=3,6;BYMONTHDAY=2",
    "FREQ=YEARLY;BYYEARDAY=61",
    "FREQ=YEARLY;BYWEEKNO=9;BYDAY=TU",
    "FREQ=DAILY;BYHOUR=9,15",
    "FREQ=DAILY;COUNT=1000",
    "FREQ=WEEKLY;BYDAY=WE",
]


def rule(text):
    """Lines of one RRULE."""
    return (f"RRULE:{text}",)


def starts(lines, when, days=900):
    """When the series happens in its first years."""
    begin = when.start if isinstance(when.start, datetime) else START
    window = Window(begin - timedelta(days=1), begin + timedelta(days=days))
    return [one.start for one in expand(when, lines, window, limit=2000)]


@pytest.mark.parametrize(("text", "pattern"), TABLE, ids=[text for text, _pattern in TABLE])
def test_rule_and_pattern_are_the_same_both_ways(text, pattern):
    """S4-30: nothing is added to a rule on its way there and back."""
    made = recurrence_of(rule(text), BERLIN)
    assert made["pattern"] == {"interval": 1} | pattern
    assert made["range"] == {
        "type": "noEnd",
        "startDate": "2027-03-02",
        "recurrenceTimeZone": "Europe/Berlin",
    }
    assert lines_of(made, BERLIN) == rule(text)


@pytest.mark.parametrize(("text", "other"), SAID_OTHERWISE)
def test_rule_that_outlook_words_otherwise_means_the_same(text, other):
    """S4-30: what the start implies is written out, and happens on the same days."""
    back = lines_of(recurrence_of(rule(text), BERLIN), BERLIN)
    assert back == rule(other)
    assert starts(back, BERLIN) == starts(rule(text), BERLIN)


@pytest.mark.parametrize("text", REFUSED)
def test_rule_that_graph_cannot_express_is_refused_not_changed(text):
    """S4-30: neither lost nor rewritten: the series stays as it is where it is."""
    with pytest.raises(Malformed) as refused:
        recurrence_of(rule(text), BERLIN)
    assert (refused.value.reason, refused.value.field) == ("not_expressible", "recurrence")


@pytest.mark.parametrize(
    "line",
    [
        "RDATE:20270310T090000Z",
        "EXDATE:20270309T090000Z",
        "EXRULE:FREQ=MONTHLY",
        "RRULE:FREQ=DAILY",
    ],
)
def test_second_line_beside_the_rule_is_refused(line):
    """S4-30: dates that are added or left out have no place in a pattern."""
    with pytest.raises(Malformed):
        recurrence_of((*rule("FREQ=WEEKLY;BYDAY=TU"), line), BERLIN)


def test_series_that_starts_off_its_rule_is_refused():
    """S4-30: Exchange would move it to its first fitting day."""
    with pytest.raises(Malformed):
        recurrence_of(rule("FREQ=WEEKLY;BYDAY=FR"), BERLIN)


def test_ends_are_counted_or_the_last_local_day():
    """S4-28, S4-30: inclusive, in the zone of the series, whatever UTC says."""
    counted = recurrence_of(rule("FREQ=DAILY;COUNT=5"), BERLIN)
    assert (counted["range"]["type"], counted["range"]["numberOfOccurrences"]) == ("numbered", 5)
    assert lines_of(counted, BERLIN) == rule("FREQ=DAILY;COUNT=5")
    auckland = When(START, START + timedelta(hours=1), "Pacific/Auckland")
    last = recurrence_of(rule("FREQ=DAILY;UNTIL=20270310T090000Z"), auckland)
    assert last["range"]["endDate"] == "2027-03-10"
    early = recurrence_of(rule("FREQ=DAILY;UNTIL=20270310T085959Z"), auckland)
    assert early["range"]["endDate"] == "2027-03-09"
    assert lines_of(last, auckland) == rule("FREQ=DAILY;UNTIL=20270310T105959Z")
    whole = recurrence_of(rule("FREQ=DAILY;UNTIL=20270310"), WHOLE)
    assert lines_of(whole, WHOLE) == rule("FREQ=DAILY;UNTIL=20270310")


def test_fillers_of_unused_members_are_not_read():
    """S4-30: quirk first_day_sunday:
    Graph fills what a pattern does not use with zeros and year one."""
    recurrence = {
        "pattern": {
            "type": "weekly",
            "interval": 1,
            "month": 0,
            "dayOfMonth": 0,
            "daysOfWeek": ["tuesday"],
            "firstDayOfWeek": "sunday",
            "index": "first",
        },
        "range": {
            "type": "noEnd",
            "startDate": "2027-03-02",
            "endDate": "0001-01-01",
            "recurrenceTimeZone": "W. Europe Standard Time",
            "numberOfOccurrences": 0,
        },
    }
    assert lines_of(recurrence, BERLIN) == rule("FREQ=WEEKLY;BYDAY=TU")


@pytest.mark.parametrize(
    ("pattern", "first", "days"),
    [
        ({"type": "absoluteMonthly", "dayOfMonth": 31}, date(2027, 1, 31), [31, 28, 31, 30]),
        ({"type": "absoluteMonthly", "dayOfMonth": 30}, date(2027, 1, 30), [30, 28, 30, 30]),
        ({"type": "absoluteYearly", "month": 2, "dayOfMonth": 29}, date(2028, 2, 29), [29, 28]),
        ({"type": "absoluteYearly", "month": 1, "dayOfMonth": 31}, date(2027, 1, 31), [31, 31]),
    ],
)
def test_day_that_short_months_do_not_have_is_their_last_one(pattern, first, days):
    """S4-30: Outlook does not skip the month, so the rule must not either."""
    when = When(first, first + timedelta(days=1))
    span = {"type": "noEnd", "startDate": first.isoformat()}
    lines = lines_of({"pattern": {"interval": 1, **pattern}, "range": span}, when)
    window = Window(datetime(2027, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
    found = [one.start.day for one in expand(when, lines, window)]
    assert found[: len(days)] == days
    assert recurrence_of(lines, when)["pattern"] == {"interval": 1, **pattern}


def test_thirty_first_of_every_month_as_the_rfc_means_it_is_refused():
    """S4-30: it would come up in February too."""
    when = When(date(2027, 3, 31), date(2027, 4, 1))
    with pytest.raises(Malformed):
        recurrence_of(rule("FREQ=MONTHLY;BYMONTHDAY=31"), when)


def test_last_day_of_the_month_is_the_last_of_all_seven():
    """S4-30: exact in both directions."""
    when = When(date(2027, 3, 31), date(2027, 4, 1))
    made = recurrence_of(rule("FREQ=MONTHLY;BYMONTHDAY=-1"), when)
    assert made["pattern"]["index"] == "last"
    assert set(made["pattern"]["daysOfWeek"]) == set(DAYS)
    back = lines_of(made, when)
    assert starts(back, when) == starts(rule("FREQ=MONTHLY;BYMONTHDAY=-1"), when)


def test_nothing_repeats_without_lines():
    """S4-30: the rule is taken away by null."""
    assert recurrence_of((), BERLIN) is None


patterns = st.one_of(
    st.fixed_dictionaries({"type": st.just("daily")}),
    st.fixed_dictionaries(
        {
            "type": st.just("weekly"),
            "daysOfWeek": st.lists(st.sampled_from(DAYS), min_size=1, unique=True),
            "firstDayOfWeek": st.sampled_from(DAYS),
        }
    ),
    st.fixed_dictionaries({"type": st.just("absoluteMonthly"), "dayOfMonth": st.integers(1, 31)}),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["relativeMonthly", "relativeYearly"]),
            "month": st.integers(1, 12),
            "daysOfWeek": st.lists(st.sampled_from(DAYS), min_size=1, unique=True),
            "index": st.sampled_from(["first", "second", "third", "fourth", "last"]),
        }
    ),
)
ends = st.one_of(
    st.just({"type": "noEnd"}),
    st.integers(1, 40).map(lambda n: {"type": "numbered", "numberOfOccurrences": n}),
    st.dates(date(2031, 1, 1), date(2032, 1, 1)).map(
        lambda day: {"type": "endDate", "endDate": day.isoformat()}
    ),
)
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland", "UTC"])


@given(pattern=patterns, interval=st.integers(1, 4), span=ends, tz=zones, is_day=st.booleans())
def test_every_pattern_of_graph_can_be_written_back_as_it_was_read(
    pattern, interval, span, tz, is_day
):
    """S4-30: reading, and writing what was read, says the same again."""
    read = {"pattern": {**pattern, "interval": interval}, "range": span}
    base = WHOLE if is_day else When(BERLIN.start, BERLIN.stop, tz)
    found = starts(lines_of(read, base), base, days=3000)
    first = found[1] if len(found) > 1 else found[0]  # Graph's own series start on their pattern
    when = When(first, first + (base.stop - base.start), base.tz)
    lines = lines_of(read, when)
    try:
        made = recurrence_of(lines, when)
    except Malformed:
        assert len(found) == 1  # it never happened again: the start alone is not on the pattern
        return
    assert canonical_lines(lines_of(made, when), when) == canonical_lines(lines, when)


def maybe(name, values):
    """A BY… part, or nothing."""
    joined = st.lists(values, min_size=1, max_size=3, unique=True).map(
        lambda found: f";{name}={','.join(map(str, found))}"
    )
    return st.one_of(st.just(""), joined)


rule_texts = st.tuples(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]).map("FREQ={}".format),
    st.integers(1, 3).map(";INTERVAL={}".format),
    maybe("BYDAY", st.sampled_from(["MO", "TU", "WE", "1TU", "-1FR", "SU"])),
    maybe("BYMONTHDAY", st.sampled_from([1, 2, 28, 31, -1])),
    maybe("BYMONTH", st.sampled_from([2, 3])),
    maybe("BYSETPOS", st.sampled_from([1, 2, -1])),
    st.sampled_from(["", ";COUNT=7", ";UNTIL=20280302T090000Z", ";WKST=SU"]),
).map("".join)


@given(text=rule_texts)
def test_whatever_is_accepted_happens_on_exactly_the_same_days(text):
    """S4-30: a rule is refused or kept, never approximated."""
    try:
        made = recurrence_of(rule(text), BERLIN)
    except Malformed:
        return
    assert starts(lines_of(made, BERLIN), BERLIN) == starts(rule(text), BERLIN)
