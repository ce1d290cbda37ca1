"""Connecting, as every provider does it: what is asked for, who signed in, what was granted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Purpose(StrEnum):
    """What a connection is for; decides the scopes that are asked for."""

    SYNC = "sync"
    BUSY_ONLY = "busy_only"


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
    wants_rooms: bool = False
    """Ask for the permission to list rooms too, where that is one of its own."""
    dns_server: str = ""
    """Who is asked where a domain's calendars are, "" the machine's own resolver."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a user granted. Secrets never appear in its repr.

    `expires_at` is when the access token ends, `ends_at` when the whole grant does and no refresh
    helps any more, None where its provider doesn't tell; both are aware UTC.

    Of a provider that is reached with a password, `access_token` is that password, `username` who
    it belongs to, and `home_url` where discovery found the user's calendars: the folder that holds
    them, or the one calendar that the user named. The password is for that host alone. `tz` is the
    user's own time zone, for calendars whose times name none.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False, default="")
    expires_at: datetime | None = None
    scopes: frozenset[str] = frozenset()
    username: str = ""
    home_url: str = ""
    tz: str = ""
    ends_at: datetime | None = None

    def renewed(self, fresh: Grant) -> Grant:
        """The grant after a refresh: what its answer doesn't repeat still holds."""
        return replace(
            fresh,
            refresh_token=fresh.refresh_token or self.refresh_token,
            scopes=fresh.scopes or self.scopes,
            ends_at=fresh.ends_at or self.ends_at,
        )


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
    """A well-known service: its label, its address, and how a user gets a password for it.

    `example` is shown instead of an address by services that everybody runs on a host of one's
    own. `password_url` is the page where passwords for apps are made and deleted, `help_url` the
    service's explanation of it.
    """

    name: str
    label: str
    address: str = ""
    example: str = ""
    help_url: str = ""
    password_url: str = ""
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
