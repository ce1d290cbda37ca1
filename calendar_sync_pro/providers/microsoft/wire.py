"""Graph's event resource <-> our values, one small pair of functions per field. Pure.

`X_from(item)` reads the field out of an event resource; `X_to(fields)` gives the members to
write. `PARTS` lists the pairs; adding a field touches no loop. Times are read in UTC (`Prefer:
outlook.timezone`), the zone in which an event was made stands beside them. Source: Graph v1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ...core import timezones
from ...core.errors import Malformed
from ...core.event import EventFields, Privacy, ShowAs
from ...core.when import When
from .guests import attendees_from, entries_of
from .rules import lines_of, recurrence_of
from .text import body_of, description_of

LOSES = frozenset({"privacy", "conference_url", "reminders"})
"""Written values that may come back coarser: "public" is ordinary here, conference links are made
by Outlook alone, and an event has one reminder."""

DEFAULT_REMINDER_MIN = 15
MAX_TITLE = 255
_SHOW_AS = {
    "free": ShowAs.FREE,
    "tentative": ShowAs.TENTATIVE,
    "busy": ShowAs.BUSY,
    "oof": ShowAs.OUT_OF_OFFICE,
    "workingElsewhere": ShowAs.ELSEWHERE,
}
_SHOW_AS_NAMES = {value: name for name, value in _SHOW_AS.items()}
_PRIVACY = {
    "normal": Privacy.DEFAULT,
    "personal": Privacy.PRIVATE,
    "private": Privacy.PRIVATE,
    "confidential": Privacy.CONFIDENTIAL,
}
_SENSITIVITY = {
    Privacy.DEFAULT: "normal",
    Privacy.PUBLIC: "normal",
    Privacy.PRIVATE: "private",
    Privacy.CONFIDENTIAL: "confidential",
}


# -- time ------------------------------------------------------------------------------------------


def moment_from(point: Mapping[str, str]) -> datetime:
    """One `start` or `end` as aware UTC. Its zone is named beside it, in Windows' or IANA's words;
    seven digits of a second are cut to six. Raises ValueError for an unknown zone."""
    naive = datetime.fromisoformat(point["dateTime"][:26])
    if naive.tzinfo is not None:
        return naive.astimezone(UTC)
    return timezones.to_utc(naive, point.get("timeZone") or "UTC")


def day_from(point: Mapping[str, str]) -> date:
    """The day of one end of whole days: the date as it stands there, in whatever zone."""
    return date.fromisoformat(point["dateTime"][:10])


def when_from(item: Mapping[str, Any]) -> When:
    """Start and stop; an all-day stop is exclusive on both sides.

    A zone that nobody knows (`tzone://Microsoft/Custom`) is dropped from a single event. A series
    repeats in the zone of its range. Raises Malformed when that is unknown.
    """
    if item.get("isAllDay"):
        start, stop = day_from(item["start"]), day_from(item["end"])
        return When(start, stop if stop > start else start.fromordinal(start.toordinal() + 1))
    repeats = ((item.get("recurrence") or {}).get("range") or {}).get("recurrenceTimeZone", "")
    tz = zone_of(repeats or "") or zone_of(item.get("originalStartTimeZone") or "")
    if not tz and item.get("recurrence"):
        raise Malformed("unknown_zone", field="when", where=str(item.get("id", "")))
    return When(moment_from(item["start"]), moment_from(item["end"]), tz)


def zone_of(name: str) -> str:
    """The IANA name of a zone, '' when nobody knows it."""
    return timezones.resolve(name)


def when_to(fields: EventFields, zone: str = "UTC") -> dict[str, Any]:
    """Both ends and whether they are days, always together. Whole days need midnight in one zone:
    `zone` is the mailbox's own, or the days would spread over two in other clients."""
    when = fields.when
    if when.is_all_day:
        ends = [f"{day.isoformat()}T00:00:00" for day in (when.start, when.stop)]
    else:
        zone = _zone_to_write(fields)
        ends = [timezones.to_local(at, zone).isoformat() for at in (when.start, when.stop)]
    start, end = ({"dateTime": text, "timeZone": zone} for text in ends)
    return {"start": start, "end": end, "isAllDay": when.is_all_day}


def _zone_to_write(fields: EventFields) -> str:
    """The event's zone; UTC for a single event in the second of two equal hours in autumn, which
    a wall clock cannot say."""
    when, tz = fields.when, fields.when.tz or "UTC"
    ends = (when.start, when.stop)
    is_said = all(timezones.to_utc(timezones.to_local(at, tz), tz) == at for at in ends)
    return tz if is_said or fields.recurrence else "UTC"


# -- text ------------------------------------------------------------------------------------------


def title_from(item: Mapping[str, Any]) -> str:
    """The title."""
    return item.get("subject") or ""


def title_to(fields: EventFields) -> dict[str, Any]:
    """The title, as long as Outlook takes it."""
    return {"subject": fields.title[:MAX_TITLE]}


def description_from(item: Mapping[str, Any]) -> str:
    """The text without Exchange's frame and without the join text of an online meeting."""
    content = (item.get("body") or {}).get("content") or ""
    return description_of(content, conference_from(item))


def description_to(fields: EventFields) -> dict[str, Any]:
    """The text. The join text of an existing online meeting is added by the caller."""
    return {"body": body_of(fields.description)}


def location_from(item: Mapping[str, Any]) -> str:
    """The place."""
    return (item.get("location") or {}).get("displayName") or ""


def location_to(fields: EventFields) -> dict[str, Any]:
    """The place, cleared when empty. Where it is an invited room, Outlook wants its address too."""
    name = fields.location
    room = next((one for one in fields.attendees if one.is_resource and one.name == name), None)
    if not name or room is None:
        return {"location": {"displayName": name}}
    kind = {"locationType": "conferenceRoom", "locationEmailAddress": room.email}
    return {"location": {"displayName": name} | kind}


# -- series ----------------------------------------------------------------------------------------


def recurrence_from(item: Mapping[str, Any]) -> tuple[str, ...]:
    """The rule of a series master as an RRULE line; () for singles and occurrences."""
    recurrence = item.get("recurrence")
    return lines_of(recurrence, when_from(item)) if recurrence else ()


def recurrence_to(fields: EventFields) -> dict[str, Any]:
    """The rule as pattern and range; null when the event does not repeat. Raises Malformed."""
    return {"recurrence": recurrence_of(fields.recurrence, fields.when)}


# -- how it shows ----------------------------------------------------------------------------------


def show_as_from(item: Mapping[str, Any]) -> ShowAs:
    """How it counts; an unknown value counts as busy, to be on the safe side."""
    return _SHOW_AS.get(item.get("showAs") or "", ShowAs.BUSY)


def show_as_to(fields: EventFields) -> dict[str, Any]:
    """How it counts."""
    return {"showAs": _SHOW_AS_NAMES[fields.show_as]}


def privacy_from(item: Mapping[str, Any]) -> Privacy:
    """Who may read it; an unknown value counts as private, to be on the safe side."""
    return _PRIVACY.get(item.get("sensitivity") or "normal", Privacy.PRIVATE)


def privacy_to(fields: EventFields) -> dict[str, Any]:
    """Who may read it."""
    return {"sensitivity": _SENSITIVITY[fields.privacy]}


def reminders_from(item: Mapping[str, Any]) -> tuple[int, ...] | None:
    """Minutes before the start; None for what Outlook gives an event by itself."""
    if not item.get("isReminderOn", False):
        return ()
    minutes = int(item.get("reminderMinutesBeforeStart") or 0)
    return None if minutes == DEFAULT_REMINDER_MIN else (minutes,)


def reminders_to(fields: EventFields) -> dict[str, Any]:
    """The one nearest to the start."""
    if fields.reminders == ():
        return {"isReminderOn": False}
    minutes = DEFAULT_REMINDER_MIN if fields.reminders is None else min(fields.reminders)
    return {"isReminderOn": True, "reminderMinutesBeforeStart": minutes}


def conference_from(item: Mapping[str, Any]) -> str:
    """The join link; it may come late, or never where there is no licence."""
    return (item.get("onlineMeeting") or {}).get("joinUrl") or ""


def conference_to(fields: EventFields) -> dict[str, Any]:
    """Nothing: Outlook takes no link from outside, it makes one on request."""
    return {}


def guests_to(fields: EventFields) -> dict[str, Any]:
    """The guest list of a new event. Changes to an existing list go through `guests.py`."""
    return {"attendees": entries_of(fields.attendees)}


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
