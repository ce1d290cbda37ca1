"""Our occurrences beside those of libraries that read the same text themselves."""

from __future__ import annotations

import datetime as real_datetime
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import takewhile

import pytest
import recurring_ical_events
from dateutil import rrule as dateutil_rrule
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from ....core.changes import Window
from ....core.recurrence import expand
from ....core.rule_text import canonical_lines
from ....core.when import When

DAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
FIRST = datetime(2027, 1, 4, 10, 0)
WINDOW = Window(datetime(2026, 12, 1, tzinfo=UTC), datetime(2029, 6, 1, tzinfo=UTC))


class _EndsIn2031:
    """dateutil looks for rules that never match up to the year 9999, seconds each; not here."""

    MAXYEAR = 2031

    def __getattr__(self, name):
        return getattr(real_datetime, name)


@contextmanager
def _impatient_witness():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dateutil_rrule, "datetime", _EndsIn2031())
        yield


def _some(values, size=3):
    return st.lists(values, min_size=1, max_size=size, unique=True).map(
        lambda chosen: ",".join(str(each) for each in chosen)
    )


MONTH_DAYS = _some(st.integers(1, 31) | st.integers(-31, -1))
# Not mixed: of `MO,1MO` dateutil keeps what both name, RFC 5545 what either names.
NUMBERED_DAYS = _some(DAYS) | _some(
    st.builds(lambda n, day: f"{n}{day}", st.sampled_from([1, 2, 5, -1, -2]), DAYS)
)
PARTS = {
    "YEARLY": {
        "BYMONTH": _some(st.integers(1, 12)),
        "BYMONTHDAY": MONTH_DAYS,
        "BYDAY": NUMBERED_DAYS,
        "BYYEARDAY": _some(st.integers(1, 366) | st.integers(-366, -1)),
        "BYSETPOS": _some(st.sampled_from([1, 2, -1])),
    },
    "MONTHLY": {
        "BYMONTH": _some(st.integers(1, 12)),
        "BYMONTHDAY": MONTH_DAYS,
        "BYDAY": NUMBERED_DAYS,
        "BYSETPOS": _some(st.sampled_from([1, 2, -1])),
    },
    "WEEKLY": {
        "BYMONTH": _some(st.integers(1, 12)),
        "BYDAY": _some(DAYS),
        "BYHOUR": _some(st.integers(0, 23)),
        "WKST": DAYS,
    },
    "DAILY": {
        "BYMONTH": _some(st.integers(1, 12)),
        "BYMONTHDAY": MONTH_DAYS,
        "BYDAY": _some(DAYS),
        "BYHOUR": _some(st.integers(0, 23)),
    },
    "HOURLY": {"BYDAY": _some(DAYS), "BYHOUR": _some(st.integers(0, 23))},
}


@st.composite
def rules(draw, frequencies=tuple(PARTS)):
    """A rule as people and programs write them, mostly sensible."""
    freq = draw(st.sampled_from(frequencies))
    chosen = draw(st.lists(st.sampled_from(sorted(PARTS[freq])), max_size=3, unique=True))
    parts = [f"FREQ={freq}"] + [f"{name}={draw(PARTS[freq][name])}" for name in chosen]
    if set(chosen) == {"BYSETPOS"}:
        parts.append("BYDAY=MO,TU,WE,TH,FR")
    interval = draw(st.integers(1, 4))
    parts += [f"INTERVAL={interval}"] if interval > 1 else []
    end = draw(st.sampled_from(["", "COUNT=7", "UNTIL=20280301T100000"]))
    return ";".join(parts + ([end] if end else []))


@st.composite
def week_numbers(draw):
    """Yearly rules by week number, with any first day of the week.

    Not week 1 counted from the end: dateutil forgets its days in the year before.
    """
    weeks = draw(_some(st.integers(1, 53) | st.integers(-50, -1)))
    return f"FREQ=YEARLY;BYWEEKNO={weeks};BYDAY={draw(_some(DAYS))};WKST={draw(DAYS)}"


def _by_dateutil(rule: str, limit: int = 400) -> list[datetime]:
    stop = WINDOW.stop.replace(tzinfo=None)
    with _impatient_witness():
        try:
            found = takewhile(lambda at: at < stop, rrulestr(rule, dtstart=FIRST))
        except ValueError:  # its word for an hourly rule that never meets its hours
            return []
        return [at for _n, at in zip(range(limit), found, strict=False)]


def _ours(rule: str, tz: str = "UTC", limit: int = 400) -> list[datetime]:
    when = When(FIRST.replace(tzinfo=UTC), FIRST.replace(tzinfo=UTC) + timedelta(hours=1), tz)
    found = expand(when, [f"RRULE:{rule}"], WINDOW, limit=limit + 1)
    return [each.start.replace(tzinfo=None) for each in found]


@given(rules() | week_numbers())
def test_same_occurrences_as_dateutil(rule):
    """S4-22: any rule; the series' own start counts in addition."""
    theirs = _by_dateutil(rule)
    ours = _ours(rule)
    assert [at for at in ours if at in set(theirs) or at != FIRST][:400] == theirs[:400]
    assert ours[0] == FIRST


@given(rules(("YEARLY", "MONTHLY", "WEEKLY", "DAILY")))
def test_same_occurrences_as_recurring_ical_events_across_dst(rule):
    """S4-22: in a zone with clock changes, starts as instants."""
    rule = rule.replace("T100000", "T093000Z")
    text = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTART;TZID=Europe/Berlin:20270104T100000\r\n"
        f"DTEND;TZID=Europe/Berlin:20270104T110000\r\nRRULE:{rule}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    window = Window(WINDOW.start, datetime(2028, 1, 1, tzinfo=UTC))
    query = recurring_ical_events.of(Calendar.from_ical(text))
    with _impatient_witness():
        found = query.between(window.start, window.stop)
    theirs = sorted({each["DTSTART"].dt.astimezone(UTC) for each in found})
    start = datetime(2027, 1, 4, 9, tzinfo=UTC)
    when = When(start, start + timedelta(hours=1), "Europe/Berlin")
    assert [each.start for each in expand(when, [f"RRULE:{rule}"], window, limit=5000)] == theirs


@given(rules())
def test_canonical_rule_has_the_same_occurrences(rule):
    """S4-22: comparing never changes what a rule means."""
    when = When(FIRST.replace(tzinfo=UTC), FIRST.replace(tzinfo=UTC), "Europe/Berlin")
    lines = canonical_lines([f"RRULE:{rule}"], when)
    assert expand(when, lines, WINDOW) == expand(when, [f"RRULE:{rule}"], WINDOW)
    assert canonical_lines(lines, when) == lines
