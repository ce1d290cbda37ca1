"""Series: which occurrences a rule has.

Rules are kept raw; nothing here rewrites one. dateutil finds the occurrences in the series'
wall-clock time, and they are turned into instants one by one, so that they keep their local hour
across DST (RFC 5545 §3.3.10, §3.8.5).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import MAXYEAR, UTC, datetime, time, timedelta
from itertools import islice

from dateutil import rrule

from . import timezones
from .changes import Window
from .rules import Moment, Rule, Rules, broken, has_days, parse, zone_of
from .when import When, instant_of

MAX_SCANNED = 100_000
"""More occurrences than this are never looked at, whatever the rule says."""

_SLACK = timedelta(days=2)
"""More than any zone's distance from UTC and any DST change."""

_CYCLE = 400
"""Years after which the calendar repeats, weekdays included: 146,097 days are 20,871 weeks."""


def expand(
    when: When, lines: Sequence[str], window: Window, *, limit: int = 500
) -> tuple[When, ...]:
    """The first `limit` occurrences that start inside `window`, in time order, without overrides.

    The series' own start always counts as its first occurrence, also where the rule does not meet
    it. An occurrence lasts exactly as long as the first one (RFC 5545 §3.8.5.3). The work is
    bounded, also for rules that never match. Raises Malformed for a rule that is broken, refused
    (more often than hourly) or endless in practice.
    """
    rules = parse(lines, when)
    left_out = rules.ex_dates.union(*(_starts(when, rule, window) for rule in rules.ex_rules))

    def is_kept(start: Moment) -> bool:
        return start not in left_out and not _is_on_free_day(start, when, rules)

    starts = {start for start in (when.start, *rules.dates) if _is_inside(start, window)}
    starts = set(filter(is_kept, starts))
    for rule in rules.rules:
        starts.update(islice(filter(is_kept, _starts(when, rule, window)), limit))
    length, own = when.stop - when.start, dict(rules.periods)
    found = sorted(starts)[:limit]
    return tuple(When(start, start + own.get(start, length), when.tz) for start in found)


def is_on_rule(when: When, lines: Sequence[str]) -> bool:
    """True when the series' start is an occurrence of its rule."""
    start = instant_of(when.start)
    window = Window(start, start + timedelta(seconds=1))
    return any(when.start in _starts(when, rule, window) for rule in parse(lines, when).rules)


def _is_on_free_day(start: Moment, when: When, rules: Rules) -> bool:
    """True for a timed start on a local day that is left out as a whole."""
    if not rules.ex_days:
        return False
    return timezones.to_local(start, zone_of(when)).date() in rules.ex_days


def _is_inside(start: Moment, window: Window) -> bool:
    return window.start <= instant_of(start) < window.stop


def _starts(when: When, rule: Rule, window: Window) -> Iterator[Moment]:
    """Starts that the rule gives inside the window. COUNT counts from the series' start."""
    tz = zone_of(when)
    since, stop = (at.astimezone(UTC).replace(tzinfo=None) for at in (window.start, window.stop))
    first = timezones.to_local(instant_of(when.start), tz)
    for local in _local_starts(rule, first, stop + _SLACK):
        if local < since - _SLACK:
            continue
        start = local.date() if when.is_all_day else timezones.to_utc(local, tz)
        if _is_inside(start, window):
            yield start


def _local_starts(rule: Rule, first: datetime, last: datetime) -> Iterator[datetime]:
    """Naive starts from `first` to `last`.

    dateutil looks for the next start up to the year 9999, seconds long for a rule that has none.
    So it works in the last cycle of the calendar, where every day has the same place and the end
    is near.
    """
    if rule.until is not None:
        is_time = isinstance(rule.until, datetime)
        last = min(last, rule.until if is_time else datetime.combine(rule.until, time.max))
    if first > last:
        return
    later = (MAXYEAR - last.year) // _CYCLE * _CYCLE
    found = _dateutil_rule(rule, first.replace(year=first.year + later))
    for scanned, start in enumerate(found):
        local = start.replace(year=start.year - later)
        if local > last:
            return
        if scanned >= MAX_SCANNED:
            raise broken("too_many_occurrences")
        yield local


def _dateutil_rule(rule: Rule, first: datetime) -> Iterator[datetime]:
    if not has_days(rule):
        return iter(())
    by = {name.lower(): values for name, values in rule.by if name != "BYDAY"}
    by["byweekday"] = _weekdays(rule) or None
    try:
        return iter(
            rrule.rrule(
                getattr(rrule, rule.freq),
                dtstart=first,
                interval=rule.interval,
                count=rule.count,
                wkst=rule.wkst,
                **by,
            )
        )
    except ValueError:  # its word for an hourly rule that never meets its hours
        return iter(())


def _weekdays(rule: Rule) -> list[rrule.weekday]:
    """BYDAY for dateutil, which keeps of `MO,1MO` what both name; meant is what either names."""
    days = rule.values("BYDAY")
    if len({n == 0 for n, _day in days}) > 1:
        every = range(1, rule.weeks + 1)
        days = [(n, day) for number, day in days for n in ([number] if number else every)]
    return [rrule.weekday(day, n or None) for n, day in days]
