"""Series inside one resource: the rule, the days that were taken out, the changed occurrences.

A removed occurrence is an EXDATE (or a cancelled override) here; everybody else hears of it as an
occurrence that is gone, so the rule's lines hold no EXDATE. Source: RFC 5545 §3.8.4.4, §3.8.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from ...core import timezones
from ...core.changes import Window
from ...core.errors import Malformed
from ...core.recurrence import expand
from ...core.when import When, slot_of, slot_start
from .lines import Component, Property, put_together, taken_apart
from .moments import Form, Moment, form_of, line_of, moment_of, text_of
from .zones import Zones

RULES = ("RRULE", "RDATE", "EXRULE")
_UNTIL = re.compile(r"\bUNTIL=(\d{8})(?:T(\d{6})(Z?))?", re.IGNORECASE)
_DAY = timedelta(days=1)
_MAX_DAY = 5000


def lines_of(master: Component, zones: Zones) -> tuple[str, ...]:
    """The rule's raw lines; dates in a zone without a name become instants."""
    return tuple(_raw(found, zones) for found in master.all(*RULES))


def _raw(found: Property, zones: Zones) -> str:
    tzid = found.param("TZID")
    if found.name.endswith("RULE"):
        return f"{found.name}:{found.value.strip()}"
    if tzid and not timezones.resolve(tzid):
        dates = (text_of(each, Form("utc")) for each in _dates(found, zones))
        return f"{found.name}:{','.join(dates)}"
    params = [(name, found.params[name]) for name in ("VALUE", "TZID") if name in found.params]
    return put_together(found.name, found.value.strip(), params)


def _dates(found: Property, zones: Zones) -> Iterator[Moment]:
    """The values of a date list; of a period its start."""
    form = form_of(found, zones)
    for value in filter(None, found.value.split(",")):
        own = form if not value.strip().upper().endswith("Z") else Form("utc")
        yield moment_of(value.partition("/")[0], own, zones)


def slot_of_override(event: Component, master: When | None, zones: Zones) -> str:
    """The slot that RECURRENCE-ID names, in the kind of its series. Raises Malformed.

    Some programs name only the day of a timed occurrence, or a time for a whole day.
    """
    found = event.first("RECURRENCE-ID")
    if found is None:
        raise Malformed("missing_time", field="slot")
    if found.param("RANGE"):
        raise Malformed("refused_rule", field="recurrence")
    moment = moment_of(found.value, form_of(found, zones), zones)
    if master is None or isinstance(moment, datetime) != master.is_all_day:
        return slot_of(moment)
    if master.is_all_day:
        local = timezones.to_local(moment, zones.floating) if moment.time() != time() else moment
        return slot_of(local.date())
    start = timezones.to_local(master.start, master.tz)
    return slot_of(timezones.to_utc(datetime.combine(moment, start.time()), master.tz))


def removed_slots(
    master: Component, when: When, lines: Sequence[str], window: Window | None, zones: Zones
) -> list[str]:
    """Slots that the rule has and EXDATE takes out; of an endless rule not those long past.

    A rule that cannot be read has none: it is reported where it is used.
    """
    try:
        moments = [each for one in master.all("EXDATE") for each in _dates(one, zones)]
        if not moments:
            return []
        instants = [_instant(each) for each in moments]
        span = Window(min(instants) - 2 * _DAY, max(instants) + 2 * _DAY)
        if window is not None and _is_endless(lines):
            span = Window(max(span.start, window.start), span.stop)
        on_rule = [each.slot for each in expand(when, lines, span, limit=_MAX_DAY)]
    except Malformed:
        return []
    days = {slot_of(each) for each in moments if not isinstance(each, datetime)}
    slots = {slot_of(each) for each in moments}
    if when.is_all_day:
        slots = {slot[:8] for slot in slots}
        return [slot for slot in on_rule if slot in slots]
    return [slot for slot in on_rule if slot in slots or _local_day(slot, when.tz) in days]


def _instant(moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)


def _local_day(slot: str, tz: str) -> str:
    return slot_of(timezones.to_local(slot_start(slot), tz).date())


def _is_endless(lines: Sequence[str]) -> bool:
    rules = [line for line in lines if line.upper().startswith("RRULE")]
    return any("COUNT=" not in rule.upper() and "UNTIL=" not in rule.upper() for rule in rules)


def occurrence(when: When, lines: Sequence[str], slot: str) -> When | None:
    """The occurrence whose original start is `slot`, None when the rule has none there."""
    try:
        start = _instant(slot_start(slot))
    except ValueError:
        return None
    found = expand(when, lines, Window(start - _DAY, start + _DAY), limit=_MAX_DAY)
    return next((each for each in found if each.slot == slot), None)


# -- writing ---------------------------------------------------------------------------------------


def put_rules(master: Component, lines: Sequence[str], when: When, form: Form) -> None:
    """The rule's lines. Days that were taken out stay out."""
    rules = [line.strip() for line in lines]
    fresh = [line for line in rules if line.upper().startswith("EXDATE")]
    old = [line for line in master.lines("EXDATE") if line not in fresh]
    kept = [_with_until(line, when, form) for line in rules if line not in fresh]
    for name in RULES:
        master.put(name, *(line for line in kept if taken_apart(line).name == name))
    master.put("EXDATE", *([*old, *fresh] if rules else []))


def _with_until(line: str, when: When, form: Form) -> str:
    """UNTIL in the kind of the start: a date, an instant, or local time of a floating series."""
    if not line.upper().startswith(("RRULE", "EXRULE")):
        return line
    return _UNTIL.sub(lambda found: f"UNTIL={_until(found, when, form)}", line)


def _until(found: re.Match, when: When, form: Form) -> str:
    day, clock, is_utc = found.groups()
    if when.is_all_day:
        return day
    moment = datetime.strptime(day + (clock or "235959"), "%Y%m%d%H%M%S")
    tz = form.tz or when.tz
    instant = moment.replace(tzinfo=UTC) if is_utc else timezones.to_utc(moment, tz)
    if form.kind == "floating":
        return text_of(instant, form)
    return text_of(instant, Form("utc"))


def take_out(master: Component, slot: str, form: Form) -> None:
    """One more day on which the series does not happen."""
    line = line_of("EXDATE", slot_start(slot), form)
    master.put("EXDATE", *master.lines("EXDATE"), line)


def new_override(master: Component, when: When, form: Form) -> Component:
    """The occurrence at `when` as an event of its own, so far as its series says."""
    event = master.copy()
    event.drop(*RULES, "EXDATE")
    event.put("RECURRENCE-ID", line_of("RECURRENCE-ID", when.start, form))
    put_times(event, when, form)
    return event


def put_times(event: Component, when: When, form: Form) -> None:
    """Start and stop. An event without length has no DTEND (RFC 5545 §3.6.1)."""
    event.put("DTSTART", line_of("DTSTART", when.start, form))
    event.drop("DURATION")
    has_length = when.stop > when.start
    event.put("DTEND", *([line_of("DTEND", when.stop, form)] if has_length else []))
    mark = "X-MICROSOFT-CDO-ALLDAYEVENT"
    if event.lines(mark):
        event.put(mark, f"{mark}:{'TRUE' if when.is_all_day else 'FALSE'}")


def shift(
    calendar: Component, master: Component, old: When, new: When, form: Form, zones: Zones
) -> None:
    """After a series moved as a whole: what was taken out or changed belongs to the new times.

    `calendar` still holds the old RECURRENCE-IDs and EXDATEs, `master` the new start already.
    """
    moved = [_moved(each, old, new) for one in master.all("EXDATE") for each in _dates(one, zones)]
    lines = [line_of("EXDATE", each, form) for each in moved]
    master.put("EXDATE", *lines)
    for event in calendar.inner("VEVENT"):
        if not event.lines("RECURRENCE-ID"):
            continue
        slot = slot_start(slot_of_override(event, old, zones))
        place = _moved(slot, old, new)
        event.put("RECURRENCE-ID", line_of("RECURRENCE-ID", place, form))
        _follow(event, slot, place, form, zones)


def _follow(event: Component, slot: Moment, place: Moment, form: Form, zones: Zones) -> None:
    """An occurrence that was changed but not moved moves with its series."""
    found = event.first("DTSTART")
    own = form_of(found, zones) if found else form
    if found is None or moment_of(found.value, own, zones) != slot:
        return
    end = event.first("DTEND")
    if end is not None and isinstance(slot, datetime) == isinstance(place, datetime):
        length = moment_of(end.value, form_of(end, zones), zones) - slot
        put_times(event, When(place, place + length, form.tz), form)
    elif isinstance(slot, datetime) == isinstance(place, datetime):
        event.put("DTSTART", line_of("DTSTART", place, form))


def _moved(moment: Moment, old: When, new: When) -> Moment:
    """The same occurrence after the series moved: by days and clock time, not by seconds."""
    before, after = (_local(each.start, each.tz) for each in (old, new))
    if new.is_all_day:
        local = _local(moment, old.tz)
        return (local + (datetime.combine(after.date(), time()) - _midnight(before))).date()
    local = _local(moment, old.tz)
    if not isinstance(moment, datetime) or old.is_all_day:
        local = datetime.combine(local.date(), time())
    return timezones.to_utc(local + (after - before), new.tz)


def _local(moment: Moment, tz: str) -> datetime:
    if isinstance(moment, datetime):
        return timezones.to_local(moment, tz)
    return datetime.combine(moment, time())


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time())


def as_zone(when: When, form: Form) -> When:
    """`when` in the zone in which it is written."""
    return when if when.is_all_day or not form.tz else replace(when, tz=form.tz)


def day_of(moment: Moment) -> date:
    """The day for which a zone's definition must begin."""
    return moment.date() if isinstance(moment, datetime) else moment
