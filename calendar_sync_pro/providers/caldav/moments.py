"""Dates and times of a component: reading any form, writing in the form that is there. Pure.

Instants come back in UTC, whole days as dates. Source: RFC 5545 §3.3.4 to §3.3.6, §3.8.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from ...core import timezones
from ...core.errors import Malformed
from ...core.when import When
from .lines import Component, Property, put_together
from .zones import Zones

_DAY = timedelta(days=1)
_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{8})T(\d{6})(Z?)")
_LENGTH = re.compile(
    r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII
)
Moment = datetime | date


@dataclass(frozen=True, slots=True)
class Form:
    """How a time is written. `kind` is 'date', 'utc', 'zoned' or 'floating'; `tz` the IANA zone
    behind `tzid` ('' where it has none)."""

    kind: str
    tzid: str = ""
    tz: str = ""


def form_of(found: Property, zones: Zones) -> Form:
    """The form of a DATE or DATE-TIME property."""
    if found.param("VALUE").upper() == "DATE" or "T" not in found.value.upper():
        return Form("date")
    if found.value.strip().upper().endswith("Z"):
        return Form("utc")
    tzid = found.param("TZID")
    if not tzid:
        return Form("floating", tz=zones.floating)
    return Form("zoned", tzid, zones.name(tzid))


def moment_of(value: str, form: Form, zones: Zones) -> Moment:
    """One value of a property. Raises Malformed for what is no date, or an unknown zone."""
    value = value.strip().upper()
    try:
        if form.kind == "date":
            return _date(value)
        found = _TIME.fullmatch(value)
        if not found:
            raise ValueError(value)
        second = "59" if found[2].endswith("60") else found[2][4:]  # a leap second, RFC 5545
        naive = datetime.combine(
            _date(found[1]), time(int(found[2][:2]), int(found[2][2:4]), int(second))
        )
        if found[3]:
            return naive.replace(tzinfo=UTC)
        if form.kind == "zoned":
            return zones.instant(naive, form.tzid)
        return timezones.to_utc(naive, form.tz)
    except (ValueError, OverflowError):
        raise Malformed("missing_time", field="when") from None


def _date(value: str) -> date:
    found = _DATE.match(value)
    if not found:
        raise ValueError(value)
    return date(*(int(part) for part in found.groups()))


def when_of(event: Component, zones: Zones) -> When:
    """Start and stop of an event, by DTEND, DURATION, or what their absence means.

    Raises Malformed when there is no start, or the zone of a series is unknown.
    """
    found = event.first("DTSTART")
    if found is None:
        raise Malformed("missing_time", field="when")
    form = form_of(found, zones)
    start = moment_of(found.value, form, zones)
    if form.kind == "zoned" and not form.tz and event.lines("RRULE", "RDATE"):
        raise Malformed("unknown_zone", field="when")
    stop = max(start, _stop_of(event, start, form, zones))
    if form.kind == "date":
        return When(start, max(stop, start + _DAY))
    if is_marked_all_day(event):
        days = _as_days(start, stop, form.tz)
        if days:
            return days
    return When(start, stop, form.tz)


def _stop_of(event: Component, start: Moment, form: Form, zones: Zones) -> Moment:
    end = event.first("DTEND")
    if end is not None:
        stop = moment_of(end.value, form_of(end, zones), zones)
        if isinstance(stop, datetime) != isinstance(start, datetime):
            raise Malformed("missing_time", field="when")
        return stop
    length = event.first("DURATION")
    if length is not None:
        return _after(start, length.value, form.tz)
    return start


def _after(start: Moment, length: str, tz: str) -> Moment:
    """Days count on the wall clock, hours exactly (RFC 5545 §3.3.6)."""
    days, exact = parts_of(length)
    if not isinstance(start, datetime):
        return start + days + timedelta(days=exact // _DAY)
    local = timezones.to_local(start, tz) + days
    return timezones.to_utc(local, tz) + exact


def parts_of(length: str) -> tuple[timedelta, timedelta]:
    """The nominal days and the exact rest of a DURATION. Raises Malformed."""
    found = _LENGTH.fullmatch(length.strip().upper())
    if not found or not any(found.groups()[1:]):
        raise Malformed("missing_time", field="when")
    sign = -1 if found[1] == "-" else 1
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    try:
        nominal = timedelta(weeks=weeks, days=days)
        exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        raise Malformed("missing_time", field="when") from None
    return sign * nominal, sign * exact


def is_marked_all_day(event: Component) -> bool:
    """True for Exchange's mark of whole days written as times from midnight to midnight."""
    return event.value("X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE"


def _as_days(start: datetime, stop: datetime, tz: str) -> When | None:
    local = [timezones.to_local(moment, tz) for moment in (start, stop)]
    if any(moment.time() != time() for moment in local) or local[0] == local[1]:
        return None
    return When(local[0].date(), local[1].date())


# -- writing ---------------------------------------------------------------------------------------


def line_of(name: str, moment: Moment, form: Form) -> str:
    """A property with this one value."""
    if form.kind == "date":
        return put_together(name, text_of(moment, form), [("VALUE", "DATE")])
    params = [("TZID", form.tzid)] if form.kind == "zoned" else []
    return put_together(name, text_of(moment, form), params)


def text_of(moment: Moment, form: Form) -> str:
    """The value as text in that form."""
    if form.kind == "date" or not isinstance(moment, datetime):
        return moment.strftime("%Y%m%d")
    if form.kind == "utc":
        return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S}Z"
    return f"{timezones.to_local(moment, form.tz):%Y%m%dT%H%M%S}"


def form_for(when: When, stored: Form | None) -> Form:
    """The form in which to write `when` over what is stored: as it is while that still fits."""
    if when.is_all_day:
        return Form("date")
    is_local = stored is not None and stored.kind in ("zoned", "floating")
    if is_local and stored.tz and when.tz in ("", stored.tz):
        return stored
    if not when.tz or when.tz == "UTC":
        return Form("utc")
    return Form("zoned", when.tz, when.tz)
