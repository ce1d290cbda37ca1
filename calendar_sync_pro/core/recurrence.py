"""Series: which occurrences a rule has, and how it is shortened and split.

Rules are kept raw; nothing here rewrites one that nobody edited. Occurrences are computed in the
series' wall-clock time and turned into instants one by one, so that they keep their local hour
across DST (RFC 5545 §3.3.10, §3.8.5).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from . import timezones
from .changes import Window
from .rule_starts import local_starts
from .rule_text import canonical_lines, same
from .rules import Moment, Rule, Rules, broken, parse, zone_of
from .when import When, slot_of, slot_start

__all__ = [
    "apply_overrides",
    "canonical_lines",
    "dates_line",
    "expand",
    "is_on_rule",
    "same",
    "split",
    "until",
    "with_exdates",
]

MAX_SCANNED = 20_000
"""More occurrences than this are never looked at, whatever the rule says."""

_SLACK = timedelta(days=2)
"""More than any zone's distance from UTC and any DST change."""


def expand(
    when: When, lines: Sequence[str], window: Window, *, limit: int = 500
) -> tuple[When, ...]:
    """The first `limit` occurrences that start inside `window`, in time order, without overrides.

    The series' own start always counts as its first occurrence, also where the rule does not meet
    it. An occurrence lasts exactly as long as the first one (RFC 5545 §3.8.5.3). The work is
    bounded by the window's end, also for rules that never match. Raises Malformed for a rule that
    is broken, refused (more often than hourly) or endless in practice.
    """
    rules = parse(lines, when)
    excluded = _excluded(when, rules, window)
    is_open = bool(rules.ex_rules or rules.ex_days)
    most = None if is_open else limit + len(rules.ex_dates)
    starts = sorted(
        start
        for start in _starts(when, rules, window, most)
        if start not in excluded and _is_inside(start, window)
    )
    if rules.ex_days:
        tz = zone_of(when)
        starts = [s for s in starts if timezones.to_local(s, tz).date() not in rules.ex_days]
    return _occurrences(when, starts[:limit], dict(rules.periods))


def apply_overrides(
    occurrences: Sequence[When], overrides: Mapping[str, When | None], window: Window
) -> tuple[tuple[str, When], ...]:
    """The series as people see it in `window`: (slot, when) in time order.

    `overrides` maps a slot to where that occurrence was moved, or to None when it was cancelled;
    one that is moved into the window from outside shows, one for a slot that the rule does not
    have shows too.
    """
    kept = [(each.slot, each) for each in occurrences if each.slot not in overrides]
    moved = [
        (slot, each)
        for slot, each in overrides.items()
        if each is not None and _is_inside(each.start, window)
    ]
    return tuple(sorted(kept + moved, key=lambda pair: (slot_of(pair[1].start), pair[0])))


def with_exdates(lines: Sequence[str], slots: Sequence[str], when: When) -> tuple[str, ...]:
    """The lines with the occurrences at `slots` left out; those already left out stay as written.

    The new line has the form of the series' start: zone, UTC or date (RFC 5545 §3.8.5.1).
    """
    known = {slot_of(moment) for moment in parse(lines, when).ex_dates}
    missing = sorted(set(slots) - known)
    if not missing:
        return tuple(lines)
    return (*lines, dates_line("EXDATE", [slot_start(slot) for slot in missing], when))


def until(lines: Sequence[str], last_slot: str, when: When) -> tuple[str, ...]:
    """The lines so that the occurrence at `last_slot` is the last one.

    UNTIL is that slot itself, never "the day before": zones would gain or lose one. Added dates
    after it go.
    """
    end = slot_start(last_slot)
    return tuple(
        kept
        for line in lines
        if (kept := _bounded_line(line, f"UNTIL={last_slot}", when, lambda start: start <= end))
    )


def split(
    when: When, lines: Sequence[str], slot: str
) -> tuple[tuple[str, ...], When, tuple[str, ...]]:
    """Cut a series at `slot`: lines of the first part, start and lines of the second.

    Both parts together have the occurrences of the whole. COUNT is shared out. Raises Malformed
    when `slot` is not a later occurrence of the rule.
    """
    at = slot_start(slot)
    rules = parse(lines, when)
    whole = _until(when, at)
    before = [start for start in _starts(when, rules, whole) if start < at]
    on_rule = sorted({s for rule in rules.rules for s in _rule_starts(when, rule, whole)})
    kept = bisect_left(on_rule, at)
    if not before or kept == len(on_rule) or on_rule[kept] != at:
        raise broken("not_an_occurrence")
    is_counted = len(rules.rules) == 1 and rules.rules[0].count is not None
    head_end = f"COUNT={kept}" if is_counted else f"UNTIL={slot_of(max(before))}"
    head = (_bounded_line(line, head_end, when, lambda start: start < at) for line in lines)
    tail_end = f"COUNT={rules.rules[0].count - kept}" if is_counted else ""
    tail = (_bounded_line(line, tail_end, when, lambda start: start >= at) for line in lines)
    second = When(at, at + (when.stop - when.start), when.tz)
    return tuple(filter(None, head)), second, tuple(filter(None, tail))


def is_on_rule(when: When, lines: Sequence[str]) -> bool:
    """True when the series' start is an occurrence of its rule."""
    whole = _until(when, when.start)
    return any(
        next(_rule_starts(when, rule, whole), None) == when.start
        for rule in parse(lines, when).rules
    )


def dates_line(name: str, moments: Sequence[Moment], when: When) -> str:
    """An EXDATE or RDATE line in the form of the series' start."""
    if when.is_all_day:
        return f"{name};VALUE=DATE:{','.join(slot_of(moment) for moment in moments)}"
    tz = zone_of(when)
    if tz == "UTC":
        return f"{name}:{','.join(slot_of(moment) for moment in moments)}"
    local = (timezones.to_local(moment, tz).strftime("%Y%m%dT%H%M%S") for moment in moments)
    return f"{name};TZID={tz}:{','.join(local)}"


def _until(when: When, last: Moment) -> Window:
    """The window from the series' start up to an occurrence that starts at `last`."""
    start, stop = (
        each if isinstance(each, datetime) else datetime.combine(each, time(), UTC)
        for each in (when.start, last)
    )
    return Window(start, stop + timedelta(seconds=1))


def _is_inside(start: Moment, window: Window) -> bool:
    if not isinstance(start, datetime):
        start = datetime.combine(start, time(), UTC)
    return window.start <= start < window.stop


def _starts(when: When, rules: Rules, window: Window, most: int | None = None) -> set[Moment]:
    """The first start, the added ones, and of each rule at most `most` inside the window."""
    starts: set[Moment] = {when.start, *rules.dates}
    for rule in rules.rules:
        inside = (each for each in _rule_starts(when, rule, window) if _is_inside(each, window))
        starts.update(islice(inside, most))
    return starts


def _excluded(when: When, rules: Rules, window: Window) -> frozenset[Moment]:
    from_rules = (start for rule in rules.ex_rules for start in _rule_starts(when, rule, window))
    return rules.ex_dates.union(from_rules) if rules.ex_rules else rules.ex_dates


def _rule_starts(when: When, rule: Rule, window: Window) -> Iterator[Moment]:
    """Starts that the rule gives before the window's end. COUNT counts from the series' start."""
    since, stop = _naive(window.start) - _SLACK, _naive(window.stop)
    if when.is_all_day:
        first = datetime.combine(when.start, time())
        return (local.date() for local in _scan(local_starts(rule, first, since, stop)))
    tz = zone_of(when)
    first = timezones.to_local(when.start, tz)
    starts = _scan(local_starts(rule, first, since, stop + _SLACK))
    return (start for local in starts if (start := timezones.to_utc(local, tz)) < window.stop)


def _naive(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)


def _scan(starts: Iterator[datetime]) -> Iterator[datetime]:
    for scanned, start in enumerate(starts):
        if scanned >= MAX_SCANNED:
            raise broken("too_many_occurrences")
        yield start


def _occurrences(
    when: When, starts: Sequence[Moment], periods: Mapping[datetime, timedelta]
) -> tuple[When, ...]:
    length = when.stop - when.start
    return tuple(When(start, start + periods.get(start, length), when.tz) for start in starts)


def _bounded_line(line: str, end: str, when: When, is_kept) -> str:
    """One line with a new end; RDATE and EXDATE keep the dates that `is_kept` accepts.

    With `end` '' the rule keeps the end it has. '' means that nothing is left of the line.
    """
    head, colon, text = line.strip().partition(":")
    name = head.split(";")[0].upper() if colon else "RRULE"
    if name in ("RRULE", "EXRULE"):
        return f"{head}:{_bounded_rule(text, end)}" if colon else _bounded_rule(head, end)
    rules = parse([line], when)
    if rules.periods or rules.ex_days:
        return line
    moments = sorted(moment for moment in rules.dates | rules.ex_dates if is_kept(moment))
    return dates_line(name, moments, when) if moments else ""


def _bounded_rule(text: str, end: str) -> str:
    if not end:
        return text
    parts = [part for part in text.split(";") if part]
    parts = [p for p in parts if p.partition("=")[0].upper() not in ("COUNT", "UNTIL")]
    return ";".join([*parts, end])
