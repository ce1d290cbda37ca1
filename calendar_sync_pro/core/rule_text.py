"""Recurrence lines in one form, so that rules which say the same are equal.

Servers write parts in another order, leave out what the start implies, or end a rule at another
moment of the same day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from icalendar import vRecur

from . import timezones
from .errors import Malformed
from .rules import WEEKDAYS, Moment, Rule, parse, zone_of
from .when import When, slot_of


def canonical_lines(lines: Sequence[str], when: When) -> tuple[str, ...]:
    """The lines in one form: equal for rules that say the same in other words.

    Parts in one order, what the start implies written out, dates as slots, UNTIL as the end of
    the last local day. Lines that cannot be read are kept as they are, sorted.
    """
    return _canonical_lines(tuple(lines), replace(when, stop=when.start))


@lru_cache(maxsize=8192)
def _canonical_lines(lines: tuple[str, ...], when: When) -> tuple[str, ...]:
    try:
        rules = parse(lines, when)
    except Malformed:
        return tuple(sorted(line.strip() for line in lines))
    written = [f"RRULE:{_rule_text(rule, when)}" for rule in rules.rules]
    written += [f"EXRULE:{_rule_text(rule, when)}" for rule in rules.ex_rules]
    written += _canonical_dates("RDATE", rules.dates - dict(rules.periods).keys())
    written += _canonical_dates("EXDATE", rules.ex_dates)
    written += _canonical_dates("EXDATE", rules.ex_days)
    written += [
        f"RDATE;VALUE=PERIOD:{slot_of(start)}/{slot_of(start + length)}"
        for start, length in rules.periods
    ]
    return tuple(sorted(set(written)))


def _canonical_dates(name: str, moments: frozenset[Moment]) -> list[str]:
    if not moments:
        return []
    kind = "" if isinstance(next(iter(moments)), datetime) else ";VALUE=DATE"
    return [f"{name}{kind}:{','.join(sorted(slot_of(moment) for moment in moments))}"]


def _rule_text(rule: Rule, when: When) -> str:
    local = when.start if when.is_all_day else timezones.to_local(when.start, zone_of(when))
    by = dict(rule.by) or _implied(rule, local)
    if rule.freq == "YEARLY" and by.keys() == {"BYMONTH"}:
        by["BYMONTHDAY"] = (local.day,)
    if "BYDAY" in by:
        by["BYDAY"] = tuple(f"{n or ''}{WEEKDAYS[day]}" for n, day in by["BYDAY"])
    parts = {"FREQ": rule.freq, **by}
    if rule.count is not None:
        parts["COUNT"] = rule.count
    if rule.interval != 1:
        parts["INTERVAL"] = rule.interval
    if rule.until is not None:
        parts["UNTIL"] = _last(rule, local, when)
    if rule.wkst and ((rule.freq == "WEEKLY" and rule.interval > 1) or "BYWEEKNO" in by):
        parts["WKST"] = WEEKDAYS[rule.wkst]
    return vRecur(parts).to_ical().decode()


def _implied(rule: Rule, local: Moment) -> dict[str, tuple]:
    """What the start says when the rule does not (RFC 5545 §3.3.10)."""
    if rule.freq == "WEEKLY":
        return {"BYDAY": ((0, local.weekday()),)}
    if rule.freq == "MONTHLY":
        return {"BYMONTHDAY": (local.day,)}
    if rule.freq == "YEARLY":
        return {"BYMONTH": (local.month,), "BYMONTHDAY": (local.day,)}
    return {}


def _last(rule: Rule, local: Moment, when: When) -> Moment:
    """The end of the last local day that can have an occurrence, in UTC; a date as it is."""
    if when.is_all_day:
        return rule.until
    tz = zone_of(when)
    has_own_times = {"BYHOUR", "BYMINUTE", "BYSECOND"} & dict(rule.by).keys()
    if rule.freq == "HOURLY" or has_own_times:
        return timezones.to_utc(rule.until, tz)
    last: date = rule.until.date()
    if rule.until.time() < local.time():
        last -= timedelta(days=1)
    return timezones.to_utc(datetime.combine(last, time(23, 59, 59)), tz)
