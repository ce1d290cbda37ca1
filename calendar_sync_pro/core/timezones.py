"""Time zones: names that providers use, and wall-clock time to instants and back.

All arithmetic is on pytz's data, as in Odoo itself; the system's zone files may be of another
release and disagree.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import pytz
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_WEEKS = tuple(datetime(2020, 1, 1) + timedelta(weeks=n) for n in range(12 * 52))
"""When clocks are compared: twelve years of weeks, so that every change of theirs is met."""

_OFFSET = re.compile(r"(?:GMT|UTC)\s*([+-])(\d{1,2}):?(\d{2})?")


@lru_cache(maxsize=1)
def _by_lower_name() -> dict[str, str]:
    """IANA and Windows names in lower case → IANA name."""
    names = {name.lower(): iana for name, iana in WINDOWS_TO_OLSON.items()}
    return names | {name.lower(): name for name in pytz.all_timezones} | {"z": "UTC", "gmt": "UTC"}


@lru_cache(maxsize=1024)
def resolve(name: str) -> str:
    """The IANA name for what a provider calls a zone, '' when it means nothing to us.

    Understands IANA names in any case, Windows names (CLDR windowsZones, territory 001), a vendor
    prefix (`/example.org/2024/Europe/Berlin`) and whole-hour offsets (`GMT+0200`).
    """
    name = name.strip().strip('"').strip()
    if not name:
        return ""
    known = _by_lower_name()
    parts = name.lower().strip("/").split("/")
    for first in range(len(parts)):
        if (suffix := "/".join(parts[first:])) in known:
            return known[suffix]
    return _offset_zone(name)


def _offset_zone(name: str) -> str:
    """`GMT+0200` → `Etc/GMT-2` (POSIX counts the other way). Half hours have no such zone."""
    found = _OFFSET.fullmatch(name.upper())
    if not found or int(found[3] or 0):
        return ""
    hours = int(found[2])
    zone = f"Etc/GMT{'-' if found[1] == '+' else '+'}{hours}" if hours else "UTC"
    return zone if zone in pytz.all_timezones_set else ""


@lru_cache(maxsize=1024)
def _zone(tz_name: str):
    """The pytz zone. Raises ValueError for a name that `resolve` does not know."""
    iana = resolve(tz_name or "UTC")
    if not iana:
        raise ValueError("unknown time zone")
    return pytz.timezone(iana)


def to_utc(naive: datetime, tz_name: str) -> datetime:
    """The aware UTC instant of a wall-clock time in a zone ('' is UTC).

    A time that exists twice is the first one, one that is skipped is read with the offset before
    the gap (RFC 5545 §3.3.5). Raises ValueError for an unknown zone.
    """
    zone = _zone(tz_name)
    if zone is pytz.utc:
        return naive.replace(tzinfo=UTC)
    try:
        local = zone.localize(naive, is_dst=None)
    except pytz.AmbiguousTimeError:
        local = zone.localize(naive, is_dst=True)
    except pytz.NonExistentTimeError:
        local = zone.localize(naive, is_dst=False)
    return local.replace(tzinfo=None).replace(tzinfo=UTC) - local.utcoffset()


def to_local(utc: datetime, tz_name: str) -> datetime:
    """The naive wall-clock time of an aware instant in a zone ('' is UTC)."""
    return utc.astimezone(_zone(tz_name)).replace(tzinfo=None)


@lru_cache(maxsize=1)
def _common() -> tuple[str, ...]:
    """The zones that Windows has, UTC first."""
    return ("UTC", *sorted(set(WINDOWS_TO_OLSON.values())))


@lru_cache(maxsize=1024)
def alike(name: str) -> str:
    """One name for all zones whose clocks go alike (2020 to 2031); an unknown zone keeps its own.

    Some providers know fewer zones than IANA has: Vienna comes back as Berlin, and nobody has
    changed anything.
    """
    iana = resolve(name)
    if not iana:
        return name
    return next((other for other in _common() if _goes_alike(iana, other)), iana)


def _goes_alike(one: str, other: str) -> bool:
    zones = pytz.timezone(one), pytz.timezone(other)
    return all(len({zone.fromutc(at).utcoffset() for zone in zones}) == 1 for at in _WEEKS)
