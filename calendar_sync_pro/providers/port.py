"""The port: what every provider can do, in the product's words, and the registry of providers.

Adapters are plain Python. They return core values and raise `core.errors`; no client library's
type leaves an adapter, and nothing above names a provider.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from ..core.changes import BusyTime, ChangePage, Window
from ..core.event import EventFields, RemoteEvent
from .connecting import (
    AdminApproval,
    Endpoints,
    Grant,
    Identity,
    Login,
    OAuthApp,
    PasswordSignIn,
    Permission,
    Preset,
    Purpose,
    SignIn,
)
from .console import Console, ConsoleStep, Shown
from .notices import ADDRESS_REFUSED, Channel, NoticeKind, NoticeReader, Watch, Watching

__all__ = [
    "ADDRESS_REFUSED",
    "AccessRole",
    "AdminApproval",
    "BusyTimes",
    "BusyUnreadable",
    "Capabilities",
    "Channel",
    "Console",
    "ConsoleStep",
    "Endpoints",
    "EventDraft",
    "Grant",
    "Identity",
    "Login",
    "NoticeKind",
    "NoticeReader",
    "OAuthApp",
    "PasswordSignIn",
    "Permission",
    "Preset",
    "Provider",
    "Purpose",
    "Registration",
    "RemoteCalendar",
    "RemoteRoom",
    "Shown",
    "SignIn",
    "Watch",
    "provider",
    "providers",
    "register",
]


class AccessRole(StrEnum):
    """What the user may do with a calendar. Unknown roles are read as READER."""

    OWNER = "owner"
    WRITER = "writer"
    READER = "reader"
    FREE_BUSY = "free_busy"

    @property
    def can_write(self) -> bool:
        """True when events can be created there."""
        return self in (AccessRole.OWNER, AccessRole.WRITER)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an adapter can do, so that nothing above it asks for its name.

    Without `has_silent_writes` a silent write that would mail somebody raises
    Forbidden(`would_notify`); only `quiet_fields` of a meeting can be written there without mails.
    `has_answer_comments`: a guest's words go with the answer (`Attendee.comment`).
    `has_lasting_keys` means that the key of a deleted event stays taken,
    so that a late repeat of its create makes no second one. `has_rooms`: it can list rooms that
    are booked by inviting them; `has_busy_of_others`: it may be asked when other people are busy.
    `calls_per_minute`, `app_calls_per_minute`: requests that are taken from one account, and from
    all of an app; 0 where no limit is published.
    """

    has_cursor: bool = True
    has_private_source: bool = False
    has_silent_writes: bool = True
    has_push_channel: bool = False
    has_conference: bool = False
    has_answer_comments: bool = False
    has_lasting_keys: bool = True
    has_rooms: bool = False
    has_busy_of_others: bool = False
    calls_per_minute: int = 0
    app_calls_per_minute: int = 0
    quiet_fields: frozenset[str] = frozenset()
    loses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RemoteCalendar:
    """A calendar of the account. `can_invite`: its provider mails invitations when asked to."""

    remote_id: str
    name: str
    role: AccessRole
    color: str = ""
    tz: str = ""
    is_primary: bool = False
    is_own: bool = True
    can_invite: bool = True


@dataclass(frozen=True, slots=True)
class RemoteRoom:
    """A room that is booked by inviting its address. `capacity` is seats, 0 where nobody says."""

    address: str
    name: str
    capacity: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class EventDraft:
    """What to write. `fields.description` already carries our text block.

    `guid` is our lasting id, stored privately. `source_url`/`source_title` is the Show Lead link
    for providers with a private place for it ('' removes it). `wants_conference` asks for a
    Meet/Teams link.
    """

    fields: EventFields
    guid: str = ""
    ical_uid: str = ""
    source_url: str = ""
    source_title: str = ""
    wants_conference: bool = False


class BusyTimes(tuple[BusyTime, ...]):
    """Busy times of a calendar. `is_more_sent`: its server sends whole events although nothing but
    times is asked for; the rest was dropped unread."""

    is_more_sent: bool

    def __new__(cls, times: Iterable[BusyTime] = (), *, is_more_sent: bool = False) -> BusyTimes:
        """The times as a tuple, and how they came."""
        self = super().__new__(cls, times)
        self.is_more_sent = is_more_sent
        return self


@dataclass(frozen=True, slots=True)
class BusyUnreadable:
    """The calendar's busy times could not be read; treat the person as not available."""

    reason: str


class Provider(Watching, Protocol):
    """One connected account. Every method may raise the errors of `core.errors`."""

    can: Capabilities

    def close(self) -> None:
        """Let go of connections. The provider is not used afterwards."""

    def calendars(self) -> list[RemoteCalendar]:
        """All calendars of the account, every page."""

    def changes(self, calendar_id: str, cursor: str, window: Window) -> ChangePage:
        """The next page of changes. An empty cursor starts a full listing of `window`.

        Raises SyncTokenExpired when the cursor is refused.
        """

    def get(self, calendar_id: str, remote_id: str) -> RemoteEvent:
        """One event as it is now. Raises NotFound when it is gone (cancelled counts as gone)."""

    def find(self, calendar_id: str, key: str) -> RemoteEvent | None:
        """The event that an earlier `create` with `key` made, also a slow or timed-out one."""

    def create(
        self, calendar_id: str, draft: EventDraft, key: str, *, is_notifying: bool = False
    ) -> RemoteEvent:
        """Create; the same `key` twice gives the same event, never a second one."""

    def update(
        self,
        calendar_id: str,
        remote_id: str,
        etag: str,
        draft: EventDraft,
        names: Sequence[str],
        *,
        is_notifying: bool = False,
    ) -> RemoteEvent:
        """Write only the fields in `names` (of FIELD_NAMES, or 'guid', 'source').

        Raises Conflict when the event no longer has `etag` ('' = do not check), NotFound when gone.
        """

    def delete(
        self, calendar_id: str, remote_id: str, etag: str, *, is_notifying: bool = False
    ) -> None:
        """Remove; already gone is success. Raises Conflict on another etag."""

    def occurrence_id(self, calendar_id: str, master_id: str, slot: str) -> str:
        """Remote id under which the occurrence with this original start is read and written."""

    def busy(
        self, calendar_ids: Sequence[str], window: Window
    ) -> Mapping[str, tuple[BusyTime, ...] | BusyUnreadable]:
        """Busy times per calendar, without asking for anything but times."""

    def busy_of(
        self, addresses: Sequence[str], window: Window
    ) -> Mapping[str, tuple[BusyTime, ...] | BusyUnreadable]:
        """Busy times of other people and of rooms, by address, as far as they let this account
        see them. Only times are asked for; who can't be read is told as such."""

    def rooms(self) -> list[RemoteRoom]:
        """The rooms that this account may invite; none where `can.has_rooms` is False.

        Raises Forbidden(`rooms_not_allowed`) when the permission to list them was not given.
        """


@dataclass(frozen=True, slots=True)
class Registration:
    """A provider as the rest of the product sees it: label, sign-in, and how to open it.

    `has_tenants`: an app may belong to one organisation, whose name is part of the addresses.
    `has_room_permission`: rooms are listed with a permission of their own, asked for when wanted.
    `grants_url`: where people take their permission back themselves, of a provider that lets no
    app do it.
    `missing_invitations`: when an invitation isn't in its calendar at all although it was sent, in
    English; "" where every invitation gets there.
    `notices`: how its notices of changes are read, where `can.has_push_channel`.
    `console`: how an administrator registers an app there.
    `daily_quota`: requests a day that one app may make; 0 where no such limit is known.
    """

    name: str
    label: str
    sign_in: SignIn | None
    factory: Any
    web_label: str = ""
    password_sign_in: PasswordSignIn | None = None
    has_tenants: bool = False
    has_room_permission: bool = False
    grants_url: str = ""
    missing_invitations: str = ""
    notices: NoticeReader | None = None
    console: Console | None = None
    daily_quota: int = 0

    @property
    def can(self) -> Capabilities:
        """What the adapter can do, without opening it."""
        return getattr(self.factory, "can", Capabilities())

    def open(self, app: OAuthApp, grant: Grant, *, timeout_s: float = 20.0) -> Provider:
        """A provider for one run. Nothing is requested yet. `timeout_s` bounds each request."""
        return self.factory(app, grant, timeout_s=timeout_s)


_REGISTRY: dict[str, Registration] = {}


def register(registration: Registration) -> Registration:
    """Make a provider known. Raises ValueError when the name is taken by another one."""
    known = _REGISTRY.get(registration.name)
    if known is not None and known.factory is not registration.factory:
        raise ValueError(f"provider {registration.name} is registered twice")
    _REGISTRY[registration.name] = registration
    return registration


def providers() -> Mapping[str, Registration]:
    """All registered providers by name."""
    return dict(_REGISTRY)


def provider(name: str) -> Registration:
    """The registration of `name`. Raises KeyError for an unknown provider."""
    return _REGISTRY[name]
