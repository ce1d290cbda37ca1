"""Short ways to write events in tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ...core.event import Attendee, EventFields, RemoteEvent, Response
from ...core.when import When

ANN, BOB, CARL = "ann@acme.example", "bob@client.example", "carl@client.example"


def at(hour: int, minute: int = 0, *, day: int = 4) -> datetime:
    """An instant in January 2027."""
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def hour(start: int, *, day: int = 4, tz: str = "Europe/Berlin", hours: float = 1) -> When:
    """An hour from `start` o'clock UTC."""
    return When(at(start, day=day), at(start, day=day) + timedelta(hours=hours), tz)


def person(email: str, response: Response = Response.NEEDS_ACTION, **flags) -> Attendee:
    """A guest."""
    return Attendee(email, response=response, **flags)


def event(title: str = "Demo", start: int = 9, **fields) -> EventFields:
    """An event of an hour."""
    return EventFields(when=fields.pop("when", None) or hour(start), title=title, **fields)


def remote(fields: EventFields | None = None, remote_id: str = "r1", **more) -> RemoteEvent:
    """The event as a calendar shows it."""
    uid = more.pop("ical_uid", f"{remote_id}@calendar.example")
    return RemoteEvent(remote_id, '"1"', uid, fields or event(), **more)
