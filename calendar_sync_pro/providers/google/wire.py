"""Google's event resource <-> our values, one small pair of functions per field. Pure.

`X_from(item)` reads the field out of an event resource; `X_to(fields)` gives the members to
write, with None for a member that must be cleared (PATCH null). `PARTS` lists the pairs; adding a
field touches no loop. Source: discovery document calendar.v3 revision 20261030.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ...core import timezones
from ...core.errors import Malformed
from ...core.event import EventFields, Privacy, ShowAs
from ...core.when import When
from .guests import attendees_from, new_guests
from .rules import lines_to

LOSES = frozenset({"show_as", "conference_url", "reminders"})
"""Written values that may come back coarser: Google knows busy and free only, makes its own
conference links, and keeps five reminders of at most four weeks."""

_MAX_REMINDERS = 5
_MAX_REMINDER_MIN = 40320
_PRIVACY = {value.value: value for value in Privacy}


# -- time ------------------------------------------------------------------------------------------


def moment_from(point: Mapping[str, str]) -> datetime | date:
    """One `start`, `end` or `originalStartTime`: aware UTC, or a date for whole days."""
    if "dateTime" in point:
        moment = datetime.fromisoformat(point["dateTime"])
        if moment.tzinfo is None:
            return timezones.to_utc(moment, point["timeZone"])
        return moment.astimezone(UTC)
    return date.fromisoformat(point["date"])


def when_from(item: Mapping[str, Any]) -> When:
    """Start and stop; an all-day stop is exclusive on both sides.

    A zone that nobody knows is dropped from a single event. A series cannot do without:
    raises Malformed.
    """
    start = item["start"]
    name = start.get("timeZone", "") if "dateTime" in start else ""
    tz = timezones.resolve(name) if name else ""
    if name and not tz and "recurrence" in item:
        raise Malformed("unknown_zone", field="when", where=str(item.get("id", "")))
    return When(moment_from(start), moment_from(item["end"]), tz)


def when_to(fields: EventFields) -> dict[str, Any]:
    """Both ends, with the members of the other kind cleared; a series always names its zone."""
    when = fields.when
    if when.is_all_day:
        return {"start": _day(when.start), "end": _day(when.stop)}
    tz = when.tz or ("UTC" if fields.recurrence else "")
    return {"start": _instant(when.start, tz), "end": _instant(when.stop, tz)}


def _day(day: date) -> dict[str, str | None]:
    return {"date": day.isoformat(), "dateTime": None, "timeZone": None}


def _instant(moment: datetime, tz: str) -> dict[str, str | None]:
    named = {"timeZone": tz} if tz else {}
    return {"dateTime": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "date": None, **named}


# -- text ------------------------------------------------------------------------------------------


def title_from(item: Mapping[str, Any]) -> str:
    """The title; a private event seen by others has none."""
    return item.get("summary", "")


def title_to(fields: EventFields) -> dict[str, Any]:
    """The title, cleared when empty."""
    return {"summary": fields.title or None}


def description_from(item: Mapping[str, Any]) -> str:
    """The text, HTML as Google keeps it."""
    return item.get("description", "")


def description_to(fields: EventFields) -> dict[str, Any]:
    """The text, cleared when empty."""
    return {"description": fields.description or None}


def location_from(item: Mapping[str, Any]) -> str:
    """The place."""
    return item.get("location", "")


def location_to(fields: EventFields) -> dict[str, Any]:
    """The place, cleared when empty."""
    return {"location": fields.location or None}


# -- series ----------------------------------------------------------------------------------------


def recurrence_from(item: Mapping[str, Any]) -> tuple[str, ...]:
    """The raw lines of a series master; () for singles and occurrences."""
    return tuple(item.get("recurrence", ()))


def recurrence_to(fields: EventFields) -> dict[str, Any]:
    """The lines in the form that Google takes; cleared when the event does not repeat."""
    return {"recurrence": lines_to(fields.recurrence, fields.when) or None}


# -- how it shows ----------------------------------------------------------------------------------


def show_as_from(item: Mapping[str, Any]) -> ShowAs:
    """Free when transparent, else busy; an out-of-office entry says so."""
    if item.get("transparency") == "transparent":
        return ShowAs.FREE
    return ShowAs.OUT_OF_OFFICE if item.get("eventType") == "outOfOffice" else ShowAs.BUSY


def show_as_to(fields: EventFields) -> dict[str, Any]:
    """Only free is transparent; the finer kinds of busy are lost (`LOSES`)."""
    return {"transparency": "transparent" if fields.show_as is ShowAs.FREE else "opaque"}


def privacy_from(item: Mapping[str, Any]) -> Privacy:
    """Who may read it; an unknown value counts as private, to be on the safe side."""
    return _PRIVACY.get(item.get("visibility", "default"), Privacy.PRIVATE)


def privacy_to(fields: EventFields) -> dict[str, Any]:
    """Who may read it."""
    return {"visibility": fields.privacy.value}


def reminders_from(item: Mapping[str, Any]) -> tuple[int, ...] | None:
    """Minutes before the start, each once; None for the calendar's defaults."""
    reminders = item.get("reminders")
    if reminders is None or reminders.get("useDefault", False):
        return None
    return tuple(sorted({one["minutes"] for one in reminders.get("overrides", ())}))


def reminders_to(fields: EventFields) -> dict[str, Any]:
    """At most five pop-ups, the nearest to the start."""
    if fields.reminders is None:
        return {"reminders": {"useDefault": True, "overrides": None}}
    minutes = [m for m in fields.reminders if 0 <= m <= _MAX_REMINDER_MIN][:_MAX_REMINDERS]
    overrides = [{"method": "popup", "minutes": m} for m in minutes]
    return {"reminders": {"useDefault": False, "overrides": overrides}}


def conference_from(item: Mapping[str, Any]) -> str:
    """The join link: Meet's own, else the first video entry of another conference."""
    if "hangoutLink" in item:
        return item["hangoutLink"]
    entries = item.get("conferenceData", {}).get("entryPoints", ())
    return next((e["uri"] for e in entries if e.get("entryPointType") == "video"), "")


def conference_to(fields: EventFields) -> dict[str, Any]:
    """Nothing: Google takes no link from outside, it makes one on request (`draft_extras`)."""
    return {}


def guests_to(fields: EventFields) -> dict[str, Any]:
    """The guest list of a new event. Changes to an existing list go through `guests.py`."""
    return {"attendees": new_guests(fields.attendees) or None}


PARTS = (
    ("when", when_from, when_to),
    ("title", title_from, title_to),
    ("description", description_from, description_to),
    ("location", location_from, location_to),
    ("recurrence", recurrence_from, recurrence_to),
    ("attendees", attendees_from, guests_to),
    ("show_as", show_as_from, show_as_to),
    ("privacy", privacy_from, privacy_to),
    ("reminders", reminders_from, reminders_to),
    ("conference_url", conference_from, conference_to),
)
READERS = tuple((name, read) for name, read, _write in PARTS)
WRITERS = {name: write for name, _read, write in PARTS}
