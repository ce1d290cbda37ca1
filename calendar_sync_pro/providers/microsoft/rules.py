"""Graph's patternedRecurrence <-> RRULE lines, both ways. Pure.

Graph repeats at most once a day, by one pattern and one range. A rule that says more is refused by
`recurrence_of` and left where it is: it is neither approximated nor rewritten. Source: Graph v1.0
recurrencePattern and recurrenceRange; RFC 5545 §3.3.10.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from ...core import timezones
from ...core.errors import Malformed
from ...core.recurrence import is_on_rule
from ...core.rules import WEEKDAYS, Rule, parse
from ...core.when import When

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
INDEXES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
MAX_COUNT = 999
_INDEX_NAMES = {number: name for name, number in INDEXES.items()}
_CODES = dict(zip(DAYS, WEEKDAYS, strict=True))
_LEAP_YEAR = 2000
_ONE_DAY = timedelta(days=1)


# -- reading ---------------------------------------------------------------------------------------


def lines_of(recurrence: Mapping[str, Any], when: When) -> tuple[str, ...]:
    """The RRULE line of a series master. Raises KeyError or ValueError for what makes no sense.

    Unused members are filled with zeros by Graph, so everything is read by `type`.
    """
    pattern, span = recurrence["pattern"], recurrence["range"]
    kind = pattern["type"]
    parts = [f"FREQ={_FREQUENCIES[kind]}"]
    interval = int(pattern.get("interval") or 1)
    if interval != 1:
        parts.append(f"INTERVAL={interval}")
    parts += _READ[kind](pattern, interval) + _end_parts(span, when)
    return ("RRULE:" + ";".join(parts),)


def _daily(_pattern: Mapping[str, Any], _interval: int) -> list[str]:
    return []


def _weekly(pattern: Mapping[str, Any], interval: int) -> list[str]:
    """The first day of the week only matters where weeks are skipped."""
    first = pattern.get("firstDayOfWeek") or "sunday"
    parts = [f"BYDAY={','.join(_codes(pattern))}"]
    return [*parts, f"WKST={_CODES[first]}"] if interval > 1 else parts


def _codes(pattern: Mapping[str, Any]) -> list[str]:
    return sorted((_CODES[day] for day in pattern["daysOfWeek"]), key=WEEKDAYS.index)


def _absolute(pattern: Mapping[str, Any], _interval: int) -> list[str]:
    month = int(pattern["month"]) if pattern["type"].endswith("Yearly") else 0
    return [*_month(month), *_day_of_month(int(pattern["dayOfMonth"]), month)]


def _month(month: int) -> list[str]:
    return [f"BYMONTH={month}"] if month else []


def _day_of_month(day: int, month: int) -> list[str]:
    """Outlook takes the last day where a month has no such day; RFC 5545 would skip it."""
    shortest = _shortest(month)
    if day <= shortest:
        return [f"BYMONTHDAY={day}"]
    days = ",".join(str(number) for number in range(shortest, day + 1))
    return [f"BYMONTHDAY={days}", "BYSETPOS=-1"]


def _shortest(month: int) -> int:
    """Days that this month (0: any month) has in every year."""
    return 28 if month in (0, 2) else monthrange(_LEAP_YEAR, month)[1]


def _relative(pattern: Mapping[str, Any], _interval: int) -> list[str]:
    month = int(pattern["month"]) if pattern["type"].endswith("Yearly") else 0
    codes, index = _codes(pattern), INDEXES[pattern.get("index") or "first"]
    if len(codes) == 1:
        return [*_month(month), f"BYDAY={index}{codes[0]}"]
    return [*_month(month), f"BYDAY={','.join(codes)}", f"BYSETPOS={index}"]


_FREQUENCIES = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "absoluteMonthly": "MONTHLY",
    "relativeMonthly": "MONTHLY",
    "absoluteYearly": "YEARLY",
    "relativeYearly": "YEARLY",
}
_READ = {
    "daily": _daily,
    "weekly": _weekly,
    "absoluteMonthly": _absolute,
    "relativeMonthly": _relative,
    "absoluteYearly": _absolute,
    "relativeYearly": _relative,
}


def _end_parts(span: Mapping[str, Any], when: When) -> list[str]:
    match span["type"]:
        case "noEnd":
            return []
        case "numbered":
            return [f"COUNT={int(span['numberOfOccurrences'])}"]
        case "endDate":
            return [f"UNTIL={_until(date.fromisoformat(span['endDate'][:10]), when)}"]
    raise ValueError("unknown range")


def _until(last: date, when: When) -> str:
    """The last local day, inclusive, as RFC 5545 wants it beside this start."""
    if when.is_all_day:
        return last.strftime("%Y%m%d")
    end = timezones.to_utc(datetime.combine(last, time(23, 59, 59)), when.tz)
    return end.strftime("%Y%m%dT%H%M%SZ")


# -- writing ---------------------------------------------------------------------------------------


def recurrence_of(lines: Sequence[str], when: When) -> dict[str, Any] | None:
    """The pattern and range that say the same as `lines`; None for an event that does not repeat.

    Raises Malformed(`not_expressible`) for a rule that Graph cannot say exactly.
    """
    if not lines:
        return None
    rules = parse(lines, when)
    others = (rules.ex_rules, rules.dates, rules.ex_dates, rules.ex_days)
    if len(rules.rules) != 1 or any(others):
        raise _refused()
    (rule,) = rules.rules
    if not is_on_rule(when, lines):
        raise _refused()  # Exchange would move the series to its first fitting day
    first = _local_start(when)
    pattern = {"interval": rule.interval, **_pattern_of(rule, first)}
    return {"pattern": pattern, "range": _range_of(rule, first, when)}


def _refused() -> Malformed:
    return Malformed("not_expressible", field="recurrence")


def _local_start(when: When) -> date:
    return when.start if when.is_all_day else timezones.to_local(when.start, when.tz).date()


def _pattern_of(rule: Rule, first: date) -> dict[str, Any]:
    write = {"DAILY": _to_daily, "WEEKLY": _to_weekly, "MONTHLY": _to_month, "YEARLY": _to_month}
    if rule.freq not in write:
        raise _refused()
    return write[rule.freq](rule, dict(rule.by), first)


def _to_daily(rule: Rule, by: dict[str, tuple], _first: date) -> dict[str, Any]:
    """Every day, or certain days of every week."""
    if not by:
        return {"type": "daily"}
    if by.keys() == {"BYDAY"} and rule.interval == 1:
        return _week_days(by["BYDAY"], 0)
    raise _refused()


def _to_weekly(rule: Rule, by: dict[str, tuple], first: date) -> dict[str, Any]:
    if by.keys() - {"BYDAY"}:
        raise _refused()
    return _week_days(by.get("BYDAY") or ((0, first.weekday()),), rule.wkst)


def _week_days(days: tuple, wkst: int) -> dict[str, Any]:
    if any(number for number, _day in days):
        raise _refused()
    return {"type": "weekly", "daysOfWeek": _names(days), "firstDayOfWeek": DAYS[wkst]}


def _names(days: tuple) -> list[str]:
    return [DAYS[day] for _number, day in sorted(days, key=lambda one: one[1])]


def _to_month(rule: Rule, by: dict[str, tuple], first: date) -> dict[str, Any]:
    """A day of every n-th month, or of one month of every n-th year."""
    is_yearly = rule.freq == "YEARLY"
    months = by.pop("BYMONTH", ())
    if is_yearly and by and not months:
        raise _refused()  # in every month, or counted over the whole year
    if len(months) > 1 or (months and not is_yearly):
        raise _refused()
    month = {"month": months[0] if months else first.month} if is_yearly else {}
    kind = "Yearly" if is_yearly else "Monthly"
    if by.keys() & {"BYDAY"}:
        return {"type": f"relative{kind}", **month, **_to_relative(by)}
    day = _to_day(by or {"BYMONTHDAY": (first.day,)}, month.get("month", 0))
    if day is None:
        return {"type": f"relative{kind}", **month, "daysOfWeek": list(DAYS), "index": "last"}
    return {"type": f"absolute{kind}", **month, "dayOfMonth": day}


def _to_relative(by: dict[str, tuple]) -> dict[str, Any]:
    """`2TU`, or several days of which BYSETPOS takes one."""
    if by.keys() - {"BYDAY", "BYSETPOS"}:
        raise _refused()
    days, places = by["BYDAY"], by.get("BYSETPOS", ())
    numbers = {number for number, _day in days}
    if len(days) == 1 and not places:
        index = numbers.pop()
    elif numbers == {0} and len(places) == 1:
        index = places[0]
    else:
        raise _refused()
    if index not in _INDEX_NAMES:
        raise _refused()
    return {"daysOfWeek": _names(days), "index": _INDEX_NAMES[index]}


def _to_day(by: dict[str, tuple], month: int) -> int | None:
    """The day of the month; None for the last day of any month."""
    days, shortest = by.get("BYMONTHDAY", ()), _shortest(month)
    if by.keys() == {"BYMONTHDAY"} and len(days) == 1:
        if days[0] == -1:
            return None
        if 1 <= days[0] <= shortest:
            return days[0]
    is_last = by.keys() == {"BYMONTHDAY", "BYSETPOS"} and by["BYSETPOS"] == (-1,)
    if is_last and len(days) > 1 and days == tuple(range(shortest, days[-1] + 1)):
        return days[-1]
    raise _refused()


def _range_of(rule: Rule, first: date, when: When) -> dict[str, Any]:
    span: dict[str, Any] = {"type": "noEnd", "startDate": first.isoformat()}
    if not when.is_all_day:
        span["recurrenceTimeZone"] = when.tz or "UTC"
    if rule.count is not None:
        if not 1 <= rule.count <= MAX_COUNT or rule.until is not None:
            raise _refused()
        return {**span, "type": "numbered", "numberOfOccurrences": rule.count}
    if rule.until is not None:
        return {**span, "type": "endDate", "endDate": _last_day(rule, when).isoformat()}
    return span


def _last_day(rule: Rule, when: When) -> date:
    """The last local day that may have an occurrence. Raises Malformed when there is none."""
    last, first = rule.until, _local_start(when)
    if isinstance(last, datetime):
        clock = timezones.to_local(when.start, when.tz).time()
        last = last.date() if last.time() >= clock else last.date() - _ONE_DAY
    if last < first:
        raise _refused()
    return last
