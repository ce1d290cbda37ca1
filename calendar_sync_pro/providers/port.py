"""The port: what every provider can do, in the product's words, and the registry of providers.

Adapters are plain Python. They return core values and raise `core.errors`; no client library's
type leaves an adapter, and nothing above names a provider.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from ..core.changes import BusyTime, ChangePage, Window
from ..core.event import EventFields, RemoteEvent


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


class Purpose(StrEnum):
    """What a connection is for; decides the scopes that are asked for."""

    SYNC = "sync"
    BUSY_ONLY = "busy_only"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an adapter can do, so that nothing above it asks for its name.

    Without `has_silent_writes` a silent write that would mail somebody raises
    Forbidden(`would_notify`). `has_lasting_keys` means that the key of a deleted event stays taken,
    so that a late repeat of its create makes no second one.
    """

    has_cursor: bool = True
    has_private_source: bool = False
    has_silent_writes: bool = True
    has_push_channel: bool = False
    has_conference: bool = False
    has_lasting_keys: bool = True
    loses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Base addresses of a provider's sign-in and API; national clouds and proxies differ."""

    auth_url: str = ""
    token_url: str = ""
    revoke_url: str = ""
    userinfo_url: str = ""
    api_url: str = ""


@dataclass(frozen=True, slots=True)
class OAuthApp:
    """The registered application that asks for consent."""

    client_id: str
    client_secret: str = field(repr=False)
    endpoints: Endpoints = Endpoints()
    tenant: str = ""
    trusted_hosts: frozenset[str] = frozenset()
    """Hosts (or host:port) that the administrator allows although they are private or plain http;
    for providers whose address a user types in."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a user granted. Secrets never appear in its repr. `expires_at` is aware UTC.

    Of a provider that is reached with a password, `access_token` is that password, `username` who
    it belongs to, and `home_url` where discovery found the user's calendars.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False, default="")
    expires_at: datetime | None = None
    scopes: frozenset[str] = frozenset()
    username: str = ""
    home_url: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in at the provider. `remote_id` never changes, `email` may."""

    remote_id: str
    email: str
    name: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Permission:
    """One row of the table shown before connecting, and the scopes behind it."""

    name: str
    what_it_does: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoteCalendar:
    """A calendar of the account."""

    remote_id: str
    name: str
    role: AccessRole
    color: str = ""
    tz: str = ""
    is_primary: bool = False
    is_own: bool = True


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


@dataclass(frozen=True, slots=True)
class BusyUnreadable:
    """The calendar's busy times could not be read; treat the person as not available."""

    reason: str


class SignIn(Protocol):
    """OAuth 2 at one provider. All calls but `authorize_url` do HTTP."""

    default_endpoints: Endpoints

    def permissions(self, purpose: Purpose) -> tuple[Permission, ...]:
        """The rows of the permissions table, with the real scopes of `purpose` behind them."""

    def authorize_url(
        self,
        app: OAuthApp,
        *,
        redirect_uri: str,
        state: str,
        code_challenge: str,
        purpose: Purpose = Purpose.SYNC,
        login_hint: str = "",
    ) -> str:
        """Where to send the browser (PKCE S256, RFC 7636)."""

    def exchange(self, app: OAuthApp, *, redirect_uri: str, code: str, code_verifier: str) -> Grant:
        """Turn the code into a grant. Raises AuthExpired, AppMisconfigured, Unavailable."""

    def refresh(self, app: OAuthApp, grant: Grant) -> Grant:
        """A fresh access token; keeps the old refresh token when no new one comes.

        Raises AuthExpired(is_revoked=True) when the user must sign in again,
        AppMisconfigured when the app is refused, Unavailable/RateLimited for later.
        """

    def revoke(self, app: OAuthApp, grant: Grant) -> bool:
        """Take the grant back at the provider; True when it was (or already had been)."""

    def identity(self, app: OAuthApp, grant: Grant) -> Identity:
        """Who signed in."""

    def missing_permissions(self, grant: Grant, purpose: Purpose) -> tuple[Permission, ...]:
        """Permissions that the user did not grant although `purpose` needs them."""

    def check_app(self, app: OAuthApp, redirect_uri: str) -> str:
        """Test client id, secret and redirect URI; '' when right, else a reason code."""


@runtime_checkable
class AdminApproval(Protocol):
    """What a `SignIn` offers beside the rest where an organisation's administrator can allow an
    app for everybody. Optional: ask with `isinstance`."""

    def needs_admin(self, description: str) -> bool:
        """True when a refused sign-in's `error_description` says that an administrator must act."""

    def admin_consent_url(self, app: OAuthApp, *, redirect_uri: str, state: str) -> str:
        """Where the administrator allows it; the browser comes back with `state`, no code."""


@dataclass(frozen=True, slots=True)
class Login:
    """What a user types in to connect with a password. `address` is a server URL, or "" where the
    provider knows it (or finds it by the domain of `username`)."""

    address: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Preset:
    """A well-known service: its label, its address, and how a user gets a password for it."""

    name: str
    label: str
    address: str
    help_url: str = ""
    needs_app_password: bool = False


@runtime_checkable
class PasswordSignIn(Protocol):
    """Connecting with a user name and a password, where there is no OAuth."""

    presets: tuple[Preset, ...]
    needs_address: bool
    """True when the form asks for a server's address (a preset fills it in)."""

    def permissions(self, purpose: Purpose) -> tuple[Permission, ...]:
        """The rows of the permissions table."""

    def sign_in(self, app: OAuthApp, login: Login) -> tuple[Grant, Identity]:
        """Find the user's calendars (RFC 6764, RFC 5397) and prove that they can be read.

        Raises AuthExpired, Forbidden, NotFound, Unavailable or Malformed with a reason code that
        the form tells in words: wrong password, password of the wrong kind, no calendars, TLS,
        not such a server, address not allowed.
        """


class Provider(Protocol):
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


@dataclass(frozen=True, slots=True)
class Registration:
    """A provider as the rest of the product sees it: label, sign-in, and how to open it."""

    name: str
    label: str
    sign_in: SignIn | None
    factory: Any
    web_label: str = ""
    password_sign_in: PasswordSignIn | None = None

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
