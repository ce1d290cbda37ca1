"""The starts that one rule gives, in wall-clock time (RFC 5545 §3.3.10).

Walks period by period (year, month, week, day or hour) between two bounds, so the work is bounded
also for rules that never match; dateutil only notices its end when something matches (30 February
takes it seconds).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import MAXYEAR, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count, islice

from .rules import Rule

_DAY = timedelta(days=1)
Days = Callable[[date], bool]


def local_starts(
    rule: Rule, first: datetime, since: datetime, stop: datetime
) -> Iterator[datetime]:
    """Naive starts from `first` up to `stop` (inclusive), in time order.

    What lies well before `since` is left out where the rule has no COUNT.
    """
    until = rule.until
    if until is not None:
        is_time = isinstance(until, datetime)
        stop = min(stop, until if is_time else datetime.combine(until, time(23, 59, 59)))
    if rule.count is not None:
        since = first
    starts = _starts(rule, first, max(since, first), stop)
    return starts if rule.count is None else islice(starts, rule.count)


def _starts(rule: Rule, first: datetime, since: datetime, stop: datetime) -> Iterator[datetime]:
    is_day = _day_test(rule, first.date())
    times = _times(rule, first)
    positions = rule.values("BYSETPOS")
    for begin, days in _periods(rule, first, since):
        if begin > stop:
            return
        at_times = times if rule.freq != "HOURLY" else _times_in_hour(rule, begin, times)
        starts = [datetime.combine(day, at) for day in days if is_day(day) for at in at_times]
        for start in _at_positions(starts, positions) if positions else starts:
            if start > stop:
                return
            if start >= first:
                yield start


def _at_positions(starts: list[datetime], positions: tuple[int, ...]) -> list[datetime]:
    """BYSETPOS: the n-th of the period's starts, from the end where negative."""
    size = len(starts)
    indexes = {n - 1 if n > 0 else size + n for n in positions}
    return [starts[index] for index in sorted(indexes) if 0 <= index < size]


def _times(rule: Rule, first: datetime) -> list[time]:
    """Times of day; an hourly rule only has minutes and seconds here."""
    hours = (0,) if rule.freq == "HOURLY" else rule.values("BYHOUR") or (first.hour,)
    minutes = rule.values("BYMINUTE") or (first.minute,)
    seconds = rule.values("BYSECOND") or (first.second,)
    return [
        time(hour, minute, second) for hour in hours for minute in minutes for second in seconds
    ]


def _times_in_hour(rule: Rule, begin: datetime, times: list[time]) -> list[time]:
    hours = rule.values("BYHOUR")
    if hours and begin.hour not in hours:
        return []
    return [at.replace(hour=begin.hour) for at in times]


def _periods(
    rule: Rule, first: datetime, since: datetime
) -> Iterator[tuple[datetime, Iterator[date] | list[date]]]:
    """(begin, days) of each period that the interval meets, from about `since` on."""
    match rule.freq:
        case "YEARLY":
            return _years(rule, first, since)
        case "MONTHLY":
            return _months(rule, first, since)
        case "WEEKLY":
            return _weeks(rule, first, since)
        case "DAILY":
            return _steps(_DAY * rule.interval, datetime.combine(first.date(), time()), since)
    return _steps(timedelta(hours=rule.interval), _whole_hour(first), since)


def _years(rule: Rule, first: datetime, since: datetime) -> Iterator[tuple[datetime, list[date]]]:
    months = rule.values("BYMONTH")
    if not months and not (_has_days(rule)):
        months = (first.month,)
    skipped = max(since.year - 1 - first.year, 0) // rule.interval
    for year in range(first.year + skipped * rule.interval, MAXYEAR, rule.interval):
        days = (day for month in months for day in month_days(year, month))
        yield datetime(year, 1, 1), days if months else _year_days(year)


def _months(rule: Rule, first: datetime, since: datetime) -> Iterator[tuple[datetime, list[date]]]:
    begin = first.year * 12 + first.month - 1
    skipped = max(since.year * 12 + since.month - 2 - begin, 0) // rule.interval
    for index in range(begin + skipped * rule.interval, MAXYEAR * 12, rule.interval):
        year, month = divmod(index, 12)
        yield datetime(year, month + 1, 1), month_days(year, month + 1)


def _weeks(rule: Rule, first: datetime, since: datetime) -> Iterator[tuple[datetime, list[date]]]:
    monday = first.date() - _DAY * ((first.weekday() - rule.wkst) % 7)
    steps = _steps(7 * _DAY * rule.interval, datetime.combine(monday, time()), since)
    for begin, _days in steps:
        day = begin.date()
        yield begin, [day + _DAY * offset for offset in range(7)]


def _steps(
    step: timedelta, begin: datetime, since: datetime
) -> Iterator[tuple[datetime, list[date]]]:
    skipped = max((since - begin) // step - 1, 0)
    for index in count(skipped):
        try:
            at = begin + step * index
        except OverflowError:
            return
        yield at, [at.date()]


def _whole_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


@lru_cache(maxsize=512)
def month_days(year: int, month: int) -> tuple[date, ...]:
    """All days of a month."""
    begin = date(year, month, 1)
    return tuple(day for offset in range(31) if (day := begin + _DAY * offset).month == month)


def _year_days(year: int) -> list[date]:
    return [day for month in range(1, 13) for day in month_days(year, month)]


def _has_days(rule: Rule) -> bool:
    """True when the rule itself says which days; else the start does."""
    return any(rule.values(name) for name in ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"))


def _day_test(rule: Rule, first: date) -> Days:
    """Whether a day of a period counts: all BY… parts that name days must agree."""
    tests: list[Days] = []
    if months := rule.values("BYMONTH"):
        tests.append(lambda day: day.month in months)
    if numbers := rule.values("BYMONTHDAY"):
        tests.append(_month_day_test(numbers))
    if numbers := rule.values("BYYEARDAY"):
        tests.append(_year_day_test(numbers))
    if numbers := rule.values("BYWEEKNO"):
        tests.append(_week_test(numbers, rule.wkst))
    if days := rule.values("BYDAY"):
        tests.append(_weekday_test(rule, days))
    if not _has_days(rule) and rule.freq in ("YEARLY", "MONTHLY"):
        tests.append(lambda day: day.day == first.day)
    if not _has_days(rule) and rule.freq == "WEEKLY":
        tests.append(lambda day: day.weekday() == first.weekday())
    if len(tests) == 1:
        return tests[0]
    return lambda day: all(test(day) for test in tests)


def _month_day_test(numbers: tuple[int, ...]) -> Days:
    if min(numbers) > 0:
        return lambda day: day.day in numbers

    def is_month_day(day: date) -> bool:
        length = len(month_days(day.year, day.month))
        return day.day in numbers or day.day - length - 1 in numbers

    return is_month_day


def _year_day_test(numbers: tuple[int, ...]) -> Days:
    def is_year_day(day: date) -> bool:
        number = day.timetuple().tm_yday
        length = date(day.year, 12, 31).timetuple().tm_yday
        return number in numbers or number - length - 1 in numbers

    return is_year_day


def _week_test(numbers: tuple[int, ...], wkst: int) -> Days:
    """Weeks as in ISO 8601, beginning on `wkst`: the first one has four days of its year."""

    def middle(day: date) -> date:
        return day + _DAY * (3 - (day.weekday() - wkst) % 7)

    def number(day: date) -> int:
        return (middle(day).timetuple().tm_yday - 1) // 7 + 1

    def is_in_week(day: date) -> bool:
        week = number(day)
        last = date(middle(day).year, 12, 31)
        if middle(last).year != last.year:
            last -= _DAY * 7
        return week in numbers or week - number(last) - 1 in numbers

    return is_in_week


def _weekday_test(rule: Rule, days: tuple[tuple[int, int], ...]) -> Days:
    """BYDAY; numbers count within the month, or within the year of a yearly rule without
    BYMONTH, and mean nothing in a weekly or daily one."""
    plain = {day for n, day in days if not n or rule.freq not in ("MONTHLY", "YEARLY")}
    if len(plain) == len({day for _n, day in days}) and all(not n for n, _day in days):
        return lambda day: day.weekday() in plain
    in_year = rule.freq == "YEARLY" and not rule.values("BYMONTH")

    def is_weekday(day: date) -> bool:
        if day.weekday() in plain:
            return True
        if in_year:
            ordinal = day.timetuple().tm_yday
            length = date(day.year, 12, 31).timetuple().tm_yday
        else:
            ordinal, length = day.day, len(month_days(day.year, day.month))
        from_start, from_end = (ordinal - 1) // 7 + 1, -((length - ordinal) // 7 + 1)
        return (from_start, day.weekday()) in days or (from_end, day.weekday()) in days

    return is_weekday
