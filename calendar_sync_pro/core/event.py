"""An event as both sides understand it: normalised fields and identity."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum

from .when import When


class ShowAs(StrEnum):
    """How an event counts for availability. Absent means busy (RFC 5545 §3.8.2.7)."""

    FREE = "free"
    TENTATIVE = "tentative"
    BUSY = "busy"
    OUT_OF_OFFICE = "out_of_office"
    ELSEWHERE = "elsewhere"


class Privacy(StrEnum):
    """Who may read the details. DEFAULT leaves it to the calendar."""

    DEFAULT = "default"
    PUBLIC = "public"
    PRIVATE = "private"
    CONFIDENTIAL = "confidential"


class Response(StrEnum):
    """One person's answer to an invitation (RFC 5545 §3.2.12)."""

    NEEDS_ACTION = "needs_action"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


class EventKind(StrEnum):
    """What sort of entry this is. Everything but DEFAULT is never written by us."""

    DEFAULT = "default"
    OUT_OF_OFFICE = "out_of_office"
    FOCUS = "focus"
    WORKING_LOCATION = "working_location"
    BIRTHDAY = "birthday"
    FROM_MAIL = "from_mail"


@dataclass(frozen=True, slots=True, order=True)
class Attendee:
    """One invited person or room. `email` is normalised (lower case, trimmed). `comment` was given
    with the answer; it comes and goes with one and is compared with nothing."""

    email: str
    name: str = field(default="", compare=False)
    response: Response = Response.NEEDS_ACTION
    is_optional: bool = False
    is_resource: bool = False
    comment: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class EventFields:
    """The fields that travel between Odoo and a calendar.

    `description` is HTML (plain text is HTML without tags) without our own text block.
    `recurrence` holds raw RFC 5545 lines (`RRULE:…`, `RDATE…`, `EXDATE…`) of a series master.
    `attendees` is sorted by address. `reminders` are minutes before the start, sorted; None means
    the calendar's own defaults. `conference_url` is the join link.
    """

    when: When
    title: str = ""
    description: str = ""
    location: str = ""
    recurrence: tuple[str, ...] = ()
    attendees: tuple[Attendee, ...] = ()
    show_as: ShowAs = ShowAs.BUSY
    privacy: Privacy = Privacy.DEFAULT
    reminders: tuple[int, ...] | None = None
    conference_url: str = ""

    def replace(self, **changes) -> EventFields:
        """The same fields with `changes` applied."""
        return replace(self, **changes)


FIELD_NAMES: tuple[str, ...] = tuple(f.name for f in fields(EventFields))
PERSONAL_FIELDS: frozenset[str] = frozenset({"show_as", "privacy", "reminders"})
"""Fields that belong to each person's own copy; all others are shared by everybody invited."""


@dataclass(frozen=True, slots=True)
class EventKey:
    """Which meeting this is, the same on every calendar: iCalUID plus recurrence id (a slot)."""

    ical_uid: str
    slot: str = ""


@dataclass(frozen=True, slots=True)
class RemoteEvent:
    """One event as a provider shows it to one user.

    `slot` is the original start of an override ('' for singles and masters), `master_id` the
    remote id of its series. `guid` is our own id when we wrote it. `is_organizer` says whether
    this calendar owns the event; `can_edit` whether its shared fields may be written from here;
    `has_hidden_guests` that the guest list is cut or hidden and must not be written back.
    `create_key` is the key of the `create` that made it, where the provider chooses ids itself and
    tells ours beside them: a pending create of ours is recognised by it.
    """

    remote_id: str
    etag: str
    ical_uid: str
    fields: EventFields
    slot: str = ""
    master_id: str = ""
    guid: str = ""
    sequence: int = 0
    updated: datetime | None = None
    organizer_email: str = ""
    organizer_name: str = ""
    is_organizer: bool = True
    can_edit: bool = True
    has_hidden_guests: bool = False
    is_tentative: bool = False
    kind: EventKind = EventKind.DEFAULT
    web_url: str = ""
    create_key: str = ""

    @property
    def key(self) -> EventKey:
        """Identity across calendars."""
        return EventKey(self.ical_uid, self.slot)

    @property
    def is_series(self) -> bool:
        """True for a series master."""
        return bool(self.fields.recurrence)
