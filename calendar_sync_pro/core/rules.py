"""Reading the lines of a recurrence (RFC 5545 §3.8.5): strict where guessing would be wrong."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from icalendar import vDDDTypes, vRecur
from icalendar.parser import Contentline

from . import timezones
from .errors import Malformed
from .when import When

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY_NUMBERS = {"BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_TIME_NUMBERS = {"BYHOUR": 23, "BYMINUTE": 59, "BYSECOND": 59}
Moment = datetime | date


@dataclass(frozen=True, slots=True)
class Rule:
    """One RRULE. `by` maps BY… names to their values: numbers, or (n, weekday 0–6) for BYDAY.

    `until` is naive local time or a date, inclusive. `count` 0 means that only DTSTART is left.
    """

    freq: str
    interval: int = 1
    count: int | None = None
    until: Moment | None = None
    wkst: int = 0
    by: tuple[tuple[str, tuple], ...] = ()

    def values(self, name: str) -> tuple:
        """The values of one BY… part, () when it is not given."""
        return dict(self.by).get(name, ())

    @property
    def weeks(self) -> int:
        """How many times a weekday can come in the month or year that BYDAY counts in."""
        return 5 if self.freq == "MONTHLY" or self.values("BYMONTH") else 53


@dataclass(frozen=True, slots=True)
class Rules:
    """All lines of one series. Dates that are added or left out are UTC instants or dates.

    `ex_days` are whole local days left out of a timed series. `periods` maps an added instant to
    its own length.
    """

    rules: tuple[Rule, ...] = ()
    ex_rules: tuple[Rule, ...] = ()
    dates: frozenset[Moment] = frozenset()
    ex_dates: frozenset[Moment] = frozenset()
    ex_days: frozenset[date] = frozenset()
    periods: tuple[tuple[datetime, timedelta], ...] = ()


def broken(reason: str) -> Malformed:
    """The error for a rule that cannot be kept."""
    return Malformed(reason, field="recurrence")


def parse(lines: Sequence[str], when: When) -> Rules:
    """Read the lines of the series that starts at `when`.

    Raises Malformed for what makes no sense, and for rules that are refused because they repeat
    more often than hourly.
    """
    try:
        return _parse(tuple(lines), zone_of(when), when.is_all_day)
    except (ValueError, OverflowError) as error:
        raise broken("broken_rule") from error


def zone_of(when: When) -> str:
    """The IANA zone in which a series repeats. Raises Malformed for a zone nobody knows."""
    if when.is_all_day:
        return ""
    tz = timezones.resolve(when.tz or "UTC")
    if not tz:
        raise broken("unknown_zone")
    return tz


@lru_cache(maxsize=4096)
def _parse(lines: tuple[str, ...], tz: str, is_all_day: bool) -> Rules:
    found: dict[str, list] = {"RRULE": [], "EXRULE": [], "RDATE": [], "EXDATE": []}
    for line in lines:
        if "\n" in line.strip():
            raise broken("broken_rule")
        name, parameters, text = Contentline(line.strip()).parts()
        name = name.upper()
        if name not in found:
            raise broken("unknown_line")
        if name.endswith("RULE"):
            found[name].append(_rule(text, tz, is_all_day))
        else:
            found[name] += _dates(text, str(parameters.get("TZID") or tz), is_all_day)
    added = {_start_of_day(start, tz, is_all_day): length for start, length in found["RDATE"]}
    left_out = {start for start, _length in found["EXDATE"]}
    days = set() if is_all_day else {each for each in left_out if not isinstance(each, datetime)}
    return Rules(
        tuple(found["RRULE"]),
        tuple(found["EXRULE"]),
        frozenset(added),
        frozenset(left_out - days),
        frozenset(days),
        tuple(sorted((start, length) for start, length in added.items() if length is not None)),
    )


def _dates(text: str, tz: str, is_all_day: bool) -> Iterator[tuple[Moment, timedelta | None]]:
    """The values of RDATE or EXDATE; a period has a length of its own."""
    for value in filter(None, text.upper().split(",")):
        found = vDDDTypes.from_ical(value.strip())
        start, end = found if isinstance(found, tuple) else (found, None)
        if not isinstance(start, date):
            raise broken("broken_date")
        start = _moment(start, tz, is_all_day)
        if end is None or is_all_day:
            yield start, None
        else:
            yield start, end if isinstance(end, timedelta) else _moment(end, tz, False) - start


def _moment(value: Moment, tz: str, is_all_day: bool) -> Moment:
    """A date as it is, a time as UTC instant; of a series of whole days only the date counts."""
    if not isinstance(value, datetime):
        return value
    if is_all_day:
        return value.date()
    return value.astimezone(UTC) if value.tzinfo else timezones.to_utc(value, tz)


def _start_of_day(start: Moment, tz: str, is_all_day: bool) -> Moment:
    if is_all_day or isinstance(start, datetime):
        return start
    return timezones.to_utc(datetime.combine(start, time()), tz)


def _rule(text: str, tz: str, is_all_day: bool) -> Rule:
    """Read by icalendar, which leaves ranges and unknown parts to us."""
    read = vRecur.from_ical(text.upper().replace(" ", ""))
    ignored = tuple(_TIME_NUMBERS) if is_all_day else ()  # as RFC 5545 §3.3.10 says
    parts = {name: read[name] for name in read if not name.startswith(("X-", *ignored))}
    (freq,) = parts.pop("FREQ", [""])
    (until,) = parts.pop("UNTIL", [None])
    (count,) = parts.pop("COUNT", [None])
    (interval,) = parts.pop("INTERVAL", [1])
    (wkst,) = parts.pop("WKST", ["MO"])
    rule = Rule(
        freq=str(freq),
        interval=interval,
        count=count,
        until=None if until is None else _until(until, tz, is_all_day),
        wkst=WEEKDAYS.index(wkst),
        by=tuple((name, _by(name, values)) for name, values in sorted(parts.items())),
    )
    _check(rule)
    return rule


def _until(until: Moment, tz: str, is_all_day: bool) -> Moment:
    """Inclusive end as local time. A DATE on a timed series means its whole local day."""
    if not isinstance(until, datetime):
        return until if is_all_day else datetime.combine(until, time(23, 59, 59))
    if is_all_day:
        return until.date()
    return timezones.to_local(until, tz) if until.tzinfo else until


def _by(name: str, values: list) -> tuple:
    if name == "BYDAY":
        return tuple(sorted({(day.relative or 0, WEEKDAYS.index(day.weekday)) for day in values}))
    return tuple(sorted({int(value) for value in values}))


def _check(rule: Rule) -> None:
    """Raise Malformed for parts and numbers that RFC 5545 §3.3.10 does not have."""
    if rule.freq not in FREQUENCIES:
        is_too_often = rule.freq in ("SECONDLY", "MINUTELY")
        raise broken("refused_rule" if is_too_often else "broken_rule")
    if not 1 <= rule.interval < 10**6 or (rule.count or 0) < 0:
        raise broken("broken_rule")
    if not all(_is_in_range(rule, name, values) for name, values in rule.by):
        raise broken("broken_rule")
    if any(len(rule.values(name)) > 1 for name in ("BYMINUTE", "BYSECOND")):
        raise broken("refused_rule")
    if rule.freq == "HOURLY" and rule.values("BYSETPOS"):
        raise broken("refused_rule")  # an hour has one start; the second would be looked for long


def _is_in_range(rule: Rule, name: str, values: tuple) -> bool:
    if name == "BYDAY":
        return all(abs(n) <= rule.weeks for n, _day in values)
    if name == "BYMONTH":
        return all(1 <= value <= 12 for value in values)
    if name in _TIME_NUMBERS:
        return all(0 <= value <= _TIME_NUMBERS[name] for value in values)
    return name in _DAY_NUMBERS and all(1 <= abs(value) <= _DAY_NUMBERS[name] for value in values)


def has_days(rule: Rule) -> bool:
    """False when no month of the rule has any of its days: 30 February."""
    months, days = rule.values("BYMONTH") or range(1, 13), rule.values("BYMONTHDAY")
    longest = max(monthrange(2000, month)[1] for month in months)
    return not days or min(abs(day) for day in days) <= longest
