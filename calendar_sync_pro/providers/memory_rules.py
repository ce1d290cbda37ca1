"""Small rules of the in-memory provider: what is listed, and who may change what on whose copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from ..core import recurrence
from ..core.changes import Gone, Listing, Window
from ..core.errors import Forbidden
from ..core.event import PERSONAL_FIELDS, Attendee, EventFields, RemoteEvent
from ..core.when import When, slot_start
from .port import Capabilities

FULL = "full"
QUIET = Capabilities(has_private_source=True, has_rooms=True, has_busy_of_others=True)
LOUD = replace(QUIET, has_silent_writes=False, quiet_fields=frozenset({"reminders", "source"}))
"""What the provider can do, and what it can in a world that mails guests by itself."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A message that the provider would have sent."""

    to: str
    about: str


@dataclass(slots=True)
class Entry:
    """What one calendar holds under one id: an event or what is left of it, and its revision."""

    event: RemoteEvent | None
    gone: Gone | None
    revision: int


def faulty(method: Callable) -> Callable:
    """Give the switchboard its say before and after a call."""

    def call(self, *args, **kwargs):
        self.world.take_fault(method.__name__, is_after=False)
        result = method(self, *args, **kwargs)
        self.world.take_fault(method.__name__, is_after=True)
        return result

    call.__name__, call.__doc__ = method.__name__, method.__doc__
    return call


def people_of(fields: EventFields) -> set[str]:
    """Addresses of the guests who read mail: rooms don't."""
    return {one.email for one in fields.attendees if not one.is_resource}


def changed_parts(entries: Mapping[str, Entry], master_id: str) -> list[Gone]:
    """What is gone together with a series: its changed occurrences."""
    events = [entry.event for entry in entries.values() if entry.event]
    return [Gone(e.remote_id, e.slot, master_id) for e in events if e.master_id == master_id]


def capabilities(*, is_loud: bool = False) -> Capabilities:
    """What the provider can do, in a world that mails guests by itself or in a silent one."""
    return LOUD if is_loud else QUIET


def listing_kind(kind: str, has_more: bool) -> Listing:
    """What to call a page."""
    if kind != FULL:
        return Listing.INCREMENTAL
    return Listing.PARTIAL if has_more else Listing.COMPLETE


def in_listing(entry: Entry, start: datetime) -> bool:
    """A full listing has living events that end in the window, and removed occurrences."""
    if entry.event is None:
        return bool(entry.gone.slot)
    return entry.event.is_series or span(entry.event.fields.when)[1] > start


def span(when: When) -> tuple[datetime, datetime]:
    """The time taken, whole days in UTC."""
    if not when.is_all_day:
        return when.start, when.stop
    return tuple(datetime.combine(day, time(), UTC) for day in (when.start, when.stop))


def occurrence_at(fields: EventFields, slot: str) -> When | None:
    """The occurrence whose original start is `slot`, None when the series has none there."""
    try:
        start: datetime | date = slot_start(slot)
    except ValueError:
        return None
    around = datetime(start.year, start.month, start.day, tzinfo=UTC)
    window = Window(around - timedelta(days=2), around + timedelta(days=3))
    found = recurrence.expand(fields.when, fields.recurrence, window)
    return next((when for when in found if when.slot == slot), None)


def guest_list(event: RemoteEvent, fields: EventFields, own: str) -> tuple[Attendee, ...]:
    """The wanted list, with other people's answers as they are now."""
    known = {a.email: a for a in event.fields.attendees}
    if not event.can_edit and known.keys() != {a.email for a in fields.attendees}:
        raise Forbidden("guest_list_not_ours", operation="update")
    return tuple(
        a
        if a.email == own or a.email not in known
        else replace(a, response=known[a.email].response)
        for a in fields.attendees
    )


def check_silence(event: RemoteEvent, names: set[str], fields: EventFields, own: str) -> None:
    """Raises Forbidden(`would_notify`) when guests of the owner's event would hear of a change."""
    if not event.is_organizer:
        return
    there, wanted = (people_of(one) - {own} for one in (event.fields, fields))
    silent = LOUD.quiet_fields | ({"attendees"} if there == wanted else set())
    if names - silent and (there | wanted):
        raise Forbidden("would_notify", operation="update")


def shared(event: RemoteEvent, copy: RemoteEvent) -> RemoteEvent:
    """The other person's copy after a change of `event`; personal fields stay that person's."""
    if not event.is_organizer:
        return replace(copy, fields=copy.fields.replace(attendees=event.fields.attendees))
    own = {name: getattr(copy.fields, name) for name in PERSONAL_FIELDS}
    return replace(copy, fields=event.fields.replace(**own))
