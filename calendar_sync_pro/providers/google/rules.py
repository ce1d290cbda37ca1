"""Recurrence lines in the form that Google takes.

No DTSTART or DTEND among them; UNTIL in UTC with `Z` where the start is timed, a date where it is
whole days (RFC 5545 §3.3.10 and the discovery document's Event.recurrence).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from ...core import timezones
from ...core.when import When

_TAKEN = ("RRULE", "RDATE", "EXDATE", "EXRULE")
_UNTIL = re.compile(r"\bUNTIL=(\d{8})(?:T(\d{6})(Z?))?")


def lines_to(lines: Sequence[str], when: When) -> list[str]:
    """The lines to send; their UNTIL is converted, never just given another ending."""
    return [_line(line, when) for line in lines if line.upper().startswith(_TAKEN)]


def _line(line: str, when: When) -> str:
    return _UNTIL.sub(lambda found: f"UNTIL={_until(found, when)}", line)


def _until(found: re.Match, when: When) -> str:
    day, clock, is_utc = found.groups()
    if when.is_all_day:
        return day
    if is_utc:
        return f"{day}T{clock}Z"
    moment = datetime.strptime(day + (clock or "235959"), "%Y%m%d%H%M%S")
    return timezones.to_utc(moment, when.tz).strftime("%Y%m%dT%H%M%SZ")
