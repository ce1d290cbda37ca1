"""The base as a link stores it: canonical fields as plain JSON values, defaults left out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ..core.event import Attendee, EventFields, Privacy, Response, ShowAs
from ..core.when import When
from .normalise import canonical

_INSTANT = "%Y-%m-%dT%H:%M:%SZ"
_TEXTS = ("title", "description", "location", "conference_url")


def dump(fields: EventFields) -> dict[str, Any]:
    """JSON-able form of the canonical `fields`; `load(dump(x)) == canonical(x)`."""
    fields = canonical(fields)
    stored: dict[str, Any] = {"when": _dump_when(fields.when)}
    stored |= {name: text for name in _TEXTS if (text := getattr(fields, name))}
    if fields.recurrence:
        stored["recurrence"] = list(fields.recurrence)
    if fields.attendees:
        stored["attendees"] = [_dump_attendee(attendee) for attendee in fields.attendees]
    if fields.show_as is not ShowAs.BUSY:
        stored["show_as"] = fields.show_as.value
    if fields.privacy is not Privacy.DEFAULT:
        stored["privacy"] = fields.privacy.value
    if fields.reminders is not None:
        stored["reminders"] = list(fields.reminders)
    return stored


def load(stored: dict[str, Any] | None) -> EventFields | None:
    """The fields that `dump` stored, unknown keys ignored; None when nothing was agreed yet."""
    if not stored:
        return None
    reminders = stored.get("reminders")
    return EventFields(
        when=_load_when(stored["when"]),
        recurrence=tuple(stored.get("recurrence", ())),
        attendees=tuple(_load_attendee(person) for person in stored.get("attendees", ())),
        show_as=ShowAs(stored.get("show_as", ShowAs.BUSY)),
        privacy=Privacy(stored.get("privacy", Privacy.DEFAULT)),
        reminders=None if reminders is None else tuple(reminders),
        **{name: stored.get(name, "") for name in _TEXTS},
    )


def dump_value(name: str, value: Any) -> Any:
    """One field's value in a JSON-able form, for the journal."""
    if isinstance(value, When):
        return _dump_when(value)
    if isinstance(value, Attendee):
        return _dump_attendee(value)
    if name == "attendees" and value is not None:
        return [_dump_attendee(attendee) for attendee in value]
    return list(value) if isinstance(value, tuple) else value


def load_value(name: str, stored: Any) -> Any:
    """What `dump_value` wrote, as a field value again, for one-click restore."""
    if stored is None:
        return None
    match name:
        case "when":
            return _load_when(stored)
        case "attendees":
            people = [stored] if isinstance(stored, dict) else stored
            return tuple(_load_attendee(person) for person in people)
        case "recurrence" | "reminders":
            return tuple(stored)
        case "show_as":
            return ShowAs(stored)
        case "privacy":
            return Privacy(stored)
    return stored


def _dump_when(when: When) -> dict[str, str]:
    if when.is_all_day:
        return {"start": when.start.isoformat(), "stop": when.stop.isoformat()}
    stored = {"start": when.start.strftime(_INSTANT), "stop": when.stop.strftime(_INSTANT)}
    return stored | ({"tz": when.tz} if when.tz else {})


def _load_when(stored: dict[str, str]) -> When:
    start, stop = (_moment(stored[end]) for end in ("start", "stop"))
    return When(start, stop, stored.get("tz", ""))


def _moment(text: str) -> datetime | date:
    if "T" in text:
        return datetime.fromisoformat(text)
    return date.fromisoformat(text)


def _dump_attendee(attendee: Attendee) -> dict[str, Any]:
    stored: dict[str, Any] = {"email": attendee.email}
    if attendee.name:
        stored["name"] = attendee.name
    if attendee.response is not Response.NEEDS_ACTION:
        stored["response"] = attendee.response.value
    flags = ("is_optional", "is_resource")
    return stored | {flag: True for flag in flags if getattr(attendee, flag)}


def _load_attendee(stored: dict[str, Any]) -> Attendee:
    return Attendee(
        email=stored["email"],
        name=stored.get("name", ""),
        response=Response(stored.get("response", Response.NEEDS_ACTION)),
        is_optional=stored.get("is_optional", False),
        is_resource=stored.get("is_resource", False),
    )
