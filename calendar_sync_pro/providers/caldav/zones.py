"""Time zones of an iCalendar text: names of any kind, and definitions without a known name.

A name that means something wins over its definition. Without one, the definition's offsets are
compared with those of the IANA zones, because a series has to repeat in a zone that we know.
All arithmetic is `core.timezones`'s. Source: RFC 5545 §3.6.5.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import pytz
from icalendar import Timezone

from ...core import timezones
from ...core.errors import Malformed
from .lines import Component, parse, written

_YEARS = 2
"""How many years two zones must agree to count as the same."""

_WRITTEN_YEARS = 30
_ERRORS = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)


class Zones:
    """The zones of one resource. `floating` is the IANA zone of times that name none."""

    def __init__(self, calendar: Component, floating: str = "") -> None:
        self.floating = floating or "UTC"
        self._defined = {}
        for zone in calendar.inner("VTIMEZONE"):
            self._defined.setdefault(_bare(zone.value("TZID")), zone)

    def name(self, tzid: str) -> str:
        """The IANA name of a TZID, '' when there is none."""
        known = timezones.resolve(tzid)
        zone = self._defined.get(_bare(tzid))
        if known or zone is None:
            return known
        return timezones.resolve(zone.value("X-LIC-LOCATION")) or _equal_zone(written(zone))

    def instant(self, local: datetime, tzid: str) -> datetime:
        """The aware UTC instant of a naive time. Raises Malformed for a zone nobody knows."""
        name = self.name(tzid)
        if name:
            return timezones.to_utc(local, name)
        zone = self._defined.get(_bare(tzid))
        offset = _offset(written(zone), local) if zone is not None else None
        if offset is None:
            raise Malformed("unknown_zone", field="when")
        return local.replace(tzinfo=UTC) - offset


def _bare(tzid: str) -> str:
    return tzid.strip().strip('"')


@lru_cache(maxsize=256)
def _tzinfo(text: str):
    """The definition as icalendar computes it, None when it makes no sense."""
    try:
        return Timezone.from_ical(text).to_tz(lookup_tzid=False)
    except _ERRORS:
        return None


def _offset(text: str, local: datetime) -> timedelta | None:
    tz = _tzinfo(text)
    try:
        return None if tz is None else local.replace(tzinfo=tz).utcoffset()
    except _ERRORS:
        return None


@lru_cache(maxsize=256)
def _equal_zone(text: str) -> str:
    """The IANA zone whose offsets are the definition's in the coming years, '' when none is."""
    year = datetime.now(UTC).year
    days = [datetime(year, 1, 1) + timedelta(days=n, hours=12) for n in range(366 * _YEARS)]
    offsets = [_offset(text, day) for day in days]
    if None in offsets:
        return ""
    return next((name for name in pytz.common_timezones if _agrees(name, days, offsets)), "")


def _agrees(name: str, days: list[datetime], offsets: list[timedelta]) -> bool:
    zone = pytz.timezone(name)
    probes = sorted(range(len(days)), key=lambda n: n % 181)  # the seasons first
    return all(zone.utcoffset(days[n], is_dst=False) == offsets[n] for n in probes)


def definition(tz: str, start: date) -> Component:
    """The VTIMEZONE of an IANA zone for an event that begins at `start`."""
    return parse(_definition(tz, start.year)).inner("VTIMEZONE")[0]


@lru_cache(maxsize=256)
def _definition(tz: str, year: int) -> str:
    first, last = date(year - 1, 1, 1), date(min(year + _WRITTEN_YEARS, 9999), 1, 1)
    zone = Timezone.from_tzid(tz, first_date=first, last_date=last)
    zone.pop("COMMENT", None)
    text = zone.to_ical().decode()
    return f"BEGIN:VCALENDAR\r\n{text}END:VCALENDAR\r\n"


def used(component: Component) -> Iterator[str]:
    """Every TZID that an event's own lines name."""
    for item in component.items:
        if isinstance(item, str) and ";TZID=" in item.upper():
            yield from (one.param("TZID") for one in component.all(item.split(";")[0].upper()))
