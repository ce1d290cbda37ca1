"""Reading the lines of a recurrence (RFC 5545 §3.8.5): strict where guessing would be wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from . import timezones
from .errors import Malformed
from .when import When

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NUMBERS = {
    "BYMONTHDAY": 31,
    "BYYEARDAY": 366,
    "BYWEEKNO": 53,
    "BYSETPOS": 366,
    "BYMONTH": 12,
    "BYHOUR": 23,
    "BYMINUTE": 59,
    "BYSECOND": 59,
}
_UNSIGNED = frozenset({"BYMONTH", "BYHOUR", "BYMINUTE", "BYSECOND"})
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
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
    return _parse(tuple(lines), zone_of(when), when.is_all_day)


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
    rules: dict[str, list[Rule]] = {"RRULE": [], "EXRULE": []}
    dates: dict[str, set] = {"RDATE": set(), "EXDATE": set()}
    ex_days: set[date] = set()
    periods: dict[datetime, timedelta] = {}
    for line in lines:
        name, parameters, text = _line(line)
        if name in rules:
            rules[name].append(_rule(text, tz, is_all_day))
            continue
        if name not in dates:
            raise broken("unknown_line")
        for value in filter(None, text.split(",")):
            moment, length = _value(value.strip(), parameters.get("TZID", tz), is_all_day)
            if not is_all_day and not isinstance(moment, datetime):
                if name == "EXDATE":
                    ex_days.add(moment)
                    continue
                moment = timezones.to_utc(datetime.combine(moment, time()), tz)
            dates[name].add(moment)
            if length is not None:
                periods[moment] = length
    return Rules(
        tuple(rules["RRULE"]),
        tuple(rules["EXRULE"]),
        frozenset(dates["RDATE"]),
        frozenset(dates["EXDATE"]),
        frozenset(ex_days),
        tuple(sorted(periods.items())),
    )


def _line(line: str) -> tuple[str, dict[str, str], str]:
    """`RDATE;TZID=Europe/Berlin:2027…` → name, parameters, value. A bare rule is an RRULE."""
    head, colon, text = line.strip().partition(":")
    if not colon:
        head, text = "RRULE", head
    name, *parameters = head.split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return name.upper(), {key.upper(): value.strip('"') for key, _, value in pairs}, text


def _value(text: str, tz: str, is_all_day: bool) -> tuple[Moment, timedelta | None]:
    """One value of RDATE or EXDATE; for a period also its length."""
    start_text, slash, end_text = text.partition("/")
    start = _moment(start_text, tz)
    if is_all_day:
        return (_as_date(start_text), None)
    if not slash:
        return start, None
    if end_text.upper().startswith("P"):
        return start, _duration(end_text)
    return start, _moment(end_text, tz) - start


def _moment(text: str, tz: str) -> Moment:
    """A DATE or DATE-TIME; local times are turned into UTC instants."""
    if "T" not in text.upper():
        return _as_date(text)
    local = _as_naive(text)
    if text.upper().endswith("Z"):
        return local.replace(tzinfo=UTC)
    try:
        return timezones.to_utc(local, tz)
    except ValueError as error:
        raise broken("unknown_zone") from error


def _as_date(text: str) -> date:
    try:
        return datetime.strptime(text[:8], "%Y%m%d").date()
    except ValueError as error:
        raise broken("broken_date") from error


def _as_naive(text: str) -> datetime:
    try:
        return datetime.strptime(text.upper().rstrip("Z"), "%Y%m%dT%H%M%S")
    except ValueError as error:
        raise broken("broken_date") from error


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text.upper())
    if not found:
        raise broken("broken_period")
    return timedelta(**{unit: int(amount) for unit, amount in found.groupdict("0").items()})


def _rule(text: str, tz: str, is_all_day: bool) -> Rule:
    parts = _parts(text)
    freq = parts.pop("FREQ", "")
    if freq not in FREQUENCIES:
        raise broken("refused_rule" if freq in ("SECONDLY", "MINUTELY") else "broken_rule")
    until = parts.pop("UNTIL", None)
    wkst = parts.pop("WKST", "MO")
    if wkst not in WEEKDAYS:
        raise broken("broken_rule")
    count = parts.pop("COUNT", None)
    rule = Rule(
        freq=freq,
        interval=_number(parts.pop("INTERVAL", "1"), 1),
        count=None if count is None else _number(count, 0),
        until=None if until is None else _until(until, tz, is_all_day),
        wkst=WEEKDAYS.index(wkst),
        by=tuple((name, _by(name, value)) for name, value in sorted(parts.items())),
    )
    if sum(len(rule.values(name)) > 1 for name in ("BYMINUTE", "BYSECOND")):
        raise broken("refused_rule")
    return rule


def _parts(text: str) -> dict[str, str]:
    """`FREQ=DAILY;COUNT=3` → {'FREQ': 'DAILY', …}; private X- parts are left out."""
    parts: dict[str, str] = {}
    for part in filter(None, text.upper().replace(" ", "").split(";")):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise broken("broken_rule")
        if not name.startswith("X-"):
            parts[name] = value
    return parts


def _number(text: str, at_least: int) -> int:
    if not text.lstrip("+").isdecimal() or len(text) > 6 or int(text) < at_least:
        raise broken("broken_rule")
    return int(text)


def _until(text: str, tz: str, is_all_day: bool) -> Moment:
    """Inclusive end as local time. A DATE on a timed series means its whole local day."""
    if is_all_day or "T" not in text:
        day = _as_date(text)
        return day if is_all_day else datetime.combine(day, time(23, 59, 59))
    naive = _as_naive(text)
    return timezones.to_local(naive.replace(tzinfo=UTC), tz) if text.endswith("Z") else naive


def _by(name: str, text: str) -> tuple:
    if name == "BYDAY":
        return tuple(sorted({_weekday(day) for day in text.split(",")}))
    if name not in _NUMBERS:
        raise broken("broken_rule")
    return tuple(sorted({_by_number(name, number) for number in text.split(",")}))


def _weekday(text: str) -> tuple[int, int]:
    found = _DAY.fullmatch(text)
    if not found or (found[1] and not 1 <= abs(int(found[1])) <= 53):
        raise broken("broken_rule")
    return int(found[1] or 0), WEEKDAYS.index(found[2])


def _by_number(name: str, text: str) -> int:
    try:
        number = int(text)
    except ValueError as error:
        raise broken("broken_rule") from error
    is_low = number < 0 if name in _UNSIGNED else number == 0
    if is_low or (name == "BYMONTH" and number == 0) or abs(number) > _NUMBERS[name]:
        raise broken("broken_rule")
    return number
