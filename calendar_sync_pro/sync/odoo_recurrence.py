"""What Odoo's own recurrence can say, and what its fields mean as lines of RFC 5545.

This is only the cheap check before the proof: whether Odoo really computes the same occurrences is
tried in memory by the models.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from ..core import timezones
from ..core.changes import Window
from ..core.errors import Malformed
from ..core.recurrence import expand, is_on_rule
from ..core.rules import WEEKDAYS, Rule, parse, zone_of
from ..core.when import When, instant_of, slot_of, slot_start

MAX_ROWS = 720
"""Odoo never makes more occurrences of one series (`MAX_RECURRENT_EVENT`)."""

DAY_FIELDS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TYPES = {"DAILY": "daily", "WEEKLY": "weekly", "MONTHLY": "monthly", "YEARLY": "yearly"}
_DAY_NUMBERS = (1, 2, 3, 4, -1)
_WEEK_STARTS = (0, 6, 5)
"""Monday, Sunday and Saturday: with what weeks begin in the world."""


def native_values(when: When, lines: Sequence[str], *, wkst: int = 0) -> dict[str, Any] | None:
    """Values of `calendar.recurrence` for a rule that Odoo can hold, or None.

    `wkst` is the first day of the week (Monday 0) that Odoo will use, which comes from the user's
    language. Weekdays and month days are always given, read from the local start: Odoo would take
    them from the UTC one. Endless rules are never native.
    """
    rule = _only_rule(when, lines)
    if rule is None or not _has_odoo_parts(rule, when, wkst):
        return None
    return {
        "rrule_type": _TYPES[rule.freq],
        "interval": rule.interval,
        "event_tz": "UTC" if when.is_all_day else zone_of(when),
        **_end_values(rule, when),
        **_day_values(rule, when),
    }


def lines_from_odoo(values: Mapping[str, Any], when: When, *, wkst: int = 0) -> tuple[str, ...]:
    """The lines for a series made in Odoo, from its fields (the stored text has noise in it).

    `values` holds the fields of `calendar.recurrence`; `wkst` is the first day of the week as
    Odoo counts it for the user. `until` is a local day and means all of it. Raises Malformed for
    a rule type that Odoo does not have.
    """
    freq = next((f for f, kind in _TYPES.items() if kind == values["rrule_type"]), "")
    if not freq:
        raise Malformed("broken_rule", field="recurrence")
    parts = [f"FREQ={freq}"]
    interval = values.get("interval") or 1
    if interval > 1:
        parts.append(f"INTERVAL={interval}")
    parts += _by_parts(freq, values, when)
    parts += _end_parts(values, when)
    if freq == "WEEKLY" and interval > 1:
        parts.append(f"WKST={WEEKDAYS[wkst]}")
    return ("RRULE:" + ";".join(parts),)


def week_start(values: Mapping[str, Any], when: When, slots: Iterable[str], usual: int) -> int:
    """The first day of the week (Monday 0) by which Odoo made these rows.

    Odoo takes it from the language of whoever saves a series and doesn't keep it. Where it counts,
    the rows' original starts tell; `usual` when they don't.
    """
    days = sum(bool(values.get(name)) for name in DAY_FIELDS)
    if values["rrule_type"] != "weekly" or (values.get("interval") or 1) < 2 or days < 2:
        return usual
    made = {*slots, when.slot}
    window = Window(when.instant, instant_of(slot_start(max(made))) + timedelta(days=1))

    def strays(wkst: int) -> int:
        lines = lines_from_odoo(values, when, wkst=wkst)
        return len(made - {each.slot for each in expand(when, lines, window, limit=MAX_ROWS)})

    return min((usual, *_WEEK_STARTS), key=strays)


def _only_rule(when: When, lines: Sequence[str]) -> Rule | None:
    """The rule of a series that has exactly one, no other lines, and starts on it."""
    try:
        rules = parse(lines, when)
        is_plain = len(rules.rules) == 1 and len(lines) == 1
        return rules.rules[0] if is_plain and is_on_rule(when, lines) else None
    except Malformed:
        return None


def _has_odoo_parts(rule: Rule, when: When, wkst: int) -> bool:
    if rule.count is None and rule.until is None:
        return False
    if rule.count is not None and not 0 < rule.count <= MAX_ROWS:
        return False
    if rule.freq not in _TYPES or not _is_until_native(rule, when):
        return False
    return _has_odoo_days(rule, when, wkst)


def _is_until_native(rule: Rule, when: When) -> bool:
    """Odoo keeps only the day of UNTIL, and has no limit of rows for it."""
    if rule.until is None:
        return True
    local = _local_start(when)
    last = rule.until.date() if isinstance(rule.until, datetime) else rule.until
    first = local.date() if isinstance(local, datetime) else local
    days = {"DAILY": 1, "WEEKLY": 1, "MONTHLY": 28, "YEARLY": 365}[rule.freq]
    is_short = (last - first).days / (days * rule.interval) < MAX_ROWS
    is_whole_day = when.is_all_day or rule.until.time() >= local.time()
    return is_short and is_whole_day


def _has_odoo_days(rule: Rule, when: When, wkst: int) -> bool:
    parts = dict(rule.by)
    days = parts.get("BYDAY", ())
    match rule.freq:
        case "DAILY":
            return not parts
        case "WEEKLY":
            is_week_equal = rule.interval == 1 or len(days) < 2 or rule.wkst == wkst
            return parts.keys() <= {"BYDAY"} and not any(n for n, _ in days) and is_week_equal
        case "MONTHLY":
            return _is_native_month(parts)
    local = _local_start(when)
    implied = {"BYMONTH": (local.month,), "BYMONTHDAY": (local.day,)}
    return not parts or parts == implied


def _is_native_month(parts: Mapping[str, tuple]) -> bool:
    """Nothing, one day of the month from its start, or one numbered weekday."""
    if not parts:
        return True
    if len(parts) != 1:
        return False
    name, values = next(iter(parts.items()))
    if len(values) != 1:
        return False
    if name == "BYMONTHDAY":
        return values[0] > 0
    return name == "BYDAY" and values[0][0] in _DAY_NUMBERS


def _local_start(when: When) -> datetime | date:
    return when.start if when.is_all_day else timezones.to_local(when.start, zone_of(when))


def _end_values(rule: Rule, when: When) -> dict[str, Any]:
    if rule.count is not None:
        return {"end_type": "count", "count": rule.count, "until": False}
    last = rule.until.date() if isinstance(rule.until, datetime) else rule.until
    return {"end_type": "end_date", "until": last}


def _day_values(rule: Rule, when: When) -> dict[str, Any]:
    local = _local_start(when)
    if rule.freq == "WEEKLY":
        days = {day for _n, day in rule.values("BYDAY")} or {local.weekday()}
        return {name: index in days for index, name in enumerate(DAY_FIELDS)}
    if rule.freq != "MONTHLY":
        return {}
    if numbered := rule.values("BYDAY"):
        n, day = numbered[0]
        return {"month_by": "day", "byday": str(n), "weekday": DAY_FIELDS[day].upper()}
    return {"month_by": "date", "day": (rule.values("BYMONTHDAY") or (local.day,))[0]}


def _by_parts(freq: str, values: Mapping[str, Any], when: When) -> list[str]:
    local = _local_start(when)
    if freq == "WEEKLY":
        days = [WEEKDAYS[i] for i, name in enumerate(DAY_FIELDS) if values.get(name)]
        return ["BYDAY=" + ",".join(days or [WEEKDAYS[local.weekday()]])]
    if freq != "MONTHLY":
        return []
    if values.get("month_by") == "day":
        day = WEEKDAYS[DAY_FIELDS.index(values["weekday"].lower())]
        return [f"BYDAY={values['byday']}{day}"]
    return [f"BYMONTHDAY={values.get('day') or local.day}"]


def _end_parts(values: Mapping[str, Any], when: When) -> list[str]:
    end_type = values.get("end_type")
    if end_type == "count":
        return [f"COUNT={values['count']}"]
    if end_type != "end_date" or not values.get("until"):
        return []
    last: date = values["until"]
    if when.is_all_day:
        return [f"UNTIL={slot_of(last)}"]
    end = timezones.to_utc(datetime.combine(last, time(23, 59, 59)), zone_of(when))
    return [f"UNTIL={slot_of(end.astimezone(UTC))}"]
