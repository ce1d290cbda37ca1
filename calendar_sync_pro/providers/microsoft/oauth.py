"""Sign-in at Entra (v2): authorization code with PKCE, for work, school and personal accounts.

Facts: Microsoft identity platform, OAuth 2.0 authorization code flow; RFC 6749, 7636. Which kinds
of accounts may sign in follows from the tenant in the address: `common`, `organizations`,
`consumers`, or one organisation's. Refresh tokens are replaced at every use.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from ...core.errors import AppMisconfigured, AuthExpired, Forbidden, RateLimited, Unavailable
from ..http import Answer, Sender
from ..port import Endpoints, Grant, Identity, OAuthApp, Permission, Purpose
from . import errors, refusals
from .entra import token_for

_LOGIN = "https://login.microsoftonline.com"
ENDPOINTS = Endpoints(
    auth_url=f"{_LOGIN}/common/oauth2/v2.0/authorize",
    token_url=f"{_LOGIN}/common/oauth2/v2.0/token",
    userinfo_url="https://graph.microsoft.com/v1.0/me",
    api_url="https://graph.microsoft.com/v1.0",
)

EVENTS = "Calendars.ReadWrite"
SHARED = "Calendars.ReadWrite.Shared"
FREE_BUSY = "Calendars.ReadBasic"
MAILBOX_SETTINGS = "MailboxSettings.Read"
PROFILE = "User.Read"
PLACES = "Place.Read.All"
"""Lists rooms. Many organisations want it allowed by an administrator, so it is asked for only
where the app says so."""

_OPENID = ("openid", "profile", "email", "offline_access")
_BESIDE = {Purpose.SYNC: (PROFILE, SHARED, MAILBOX_SETTINGS), Purpose.BUSY_ONLY: (PROFILE,)}
"""Asked for beside the table: who it is; calendars that others share; the mailbox's time zone."""

_COVERED_BY = {
    FREE_BUSY: frozenset({"Calendars.Read", EVENTS, SHARED}),
    MAILBOX_SETTINGS: frozenset({"MailboxSettings.ReadWrite"}),
    PROFILE: frozenset({"User.ReadWrite"}),
}
"""Wider scopes that include one of ours."""

_TABLE = {
    Purpose.SYNC: (
        Permission("Read busy/free status", "See when you're available", (EVENTS,)),
        Permission("Read event times", "Know when existing appointments are", (EVENTS,)),
        Permission("Create events", "Book new appointments", (EVENTS,)),
        Permission("Update events", "Reschedule when requested", (EVENTS,)),
        Permission("Delete events", "Cancel when requested", (EVENTS,)),
    ),
    Purpose.BUSY_ONLY: (
        Permission("Read busy/free status", "See when you're available", (FREE_BUSY,)),
        Permission("Read event times", "Know when existing appointments are", (FREE_BUSY,)),
    ),
}
_TENANT_WORDS = ("common", "organizations", "consumers")
_SAFE_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}")
_REDIRECT_REFUSED = b"AADSTS50011"


def scopes_of(purpose: Purpose, *, wants_rooms: bool = False) -> tuple[str, ...]:
    """Graph's scopes to ask for, each once."""
    wanted = [scope for row in _TABLE[purpose] for scope in row.scopes]
    places = (PLACES,) if wants_rooms and purpose is Purpose.SYNC else ()
    return tuple(dict.fromkeys((*wanted, *_BESIDE[purpose], *places)))


def is_granted(grant: Grant, scope: str) -> bool:
    """True when `scope` or a wider one was granted.

    An answer without `scope` means that everything asked for was granted (RFC 6749 §5.1).
    """
    granted = {one.rpartition("/")[2] for one in grant.scopes}
    return not granted or scope in granted or not granted.isdisjoint(_COVERED_BY.get(scope, ()))


class MicrosoftSignIn:
    """OAuth 2 at Entra (see `port.SignIn`). `timeout_s` bounds each request."""

    default_endpoints = ENDPOINTS

    def __init__(self, *, timeout_s: float = 15.0) -> None:
        self._timeout_s = timeout_s

    def permissions(self, purpose: Purpose) -> tuple[Permission, ...]:
        """The rows of the permissions table, with the scopes behind them."""
        return _TABLE[purpose]

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
        """Where to send the browser. The answer comes back in the query: a form posted from
        another site would arrive without the session's cookie."""
        query = {
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "response_mode": "query",
            "scope": " ".join((*_OPENID, *scopes_of(purpose, wants_rooms=app.wants_rooms))),
            "state": state,
            "prompt": "select_account",
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
        }
        if login_hint:
            query["login_hint"] = login_hint
        return f"{endpoints_of(app).auth_url}?{urlencode(query)}"

    def needs_admin(self, description: str) -> bool:
        """True when the sign-in page's refusal says that an administrator has to allow the app."""
        return refusals.names_admin(description)

    def admin_consent_url(self, app: OAuthApp, *, redirect_uri: str, state: str) -> str:
        """Where an administrator allows the app for the whole organisation."""
        tenant = app.tenant if app.tenant not in ("", "common", "consumers") else "organizations"
        url = endpoints_of(replace(app, tenant=tenant)).auth_url
        url = url.replace("/oauth2/v2.0/authorize", "/v2.0/adminconsent")
        query = {
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(scopes_of(Purpose.SYNC, wants_rooms=app.wants_rooms)),
            "state": state,
        }
        return f"{url}?{urlencode(query)}"

    def exchange(self, app: OAuthApp, *, redirect_uri: str, code: str, code_verifier: str) -> Grant:
        """Turn the code into a grant, with the scopes that the consent page named.

        Raises AuthExpired, AppMisconfigured, Forbidden(`admin_consent_required`), Unavailable.
        """
        return self._token(
            app,
            "exchange",
            code=code,
            code_verifier=code_verifier,
            redirect_uri=redirect_uri,
        )

    def refresh(self, app: OAuthApp, grant: Grant) -> Grant:
        """A fresh access token and the refresh token that replaces the one used."""
        if not grant.refresh_token:
            raise AuthExpired("no_refresh_token", operation="refresh")
        fresh = self._token(app, "refresh", refresh_token=grant.refresh_token)
        return grant.renewed(fresh)

    def revoke(self, app: OAuthApp, grant: Grant) -> bool:
        """False: Entra lets an app forget a grant, but not take back this one alone."""
        return False

    def identity(self, app: OAuthApp, grant: Grant) -> Identity:
        """Who signed in, from the account's own profile, with the mailbox's other addresses."""
        url = f"{endpoints_of(app).userinfo_url}?{urlencode({'$select': _PROFILE_MEMBERS})}"
        answer = self._send("GET", url, headers={"Authorization": f"Bearer {grant.access_token}"})
        if answer.status != 200:
            raise errors.refusal(answer, "identity", False)
        person = _object(answer)
        addresses = _addresses(person)
        if not person.get("id") or not addresses:
            raise Unavailable("identity_incomplete", operation="identity")
        name = str(person.get("displayName") or "")
        return Identity(str(person["id"]), addresses[0], name, addresses[1:])

    def missing_permissions(self, grant: Grant, purpose: Purpose) -> tuple[Permission, ...]:
        """Rows of the table that the user did not grant although `purpose` needs them."""
        return tuple(
            row
            for row in _TABLE[purpose]
            if not all(is_granted(grant, scope) for scope in row.scopes)
        )

    def check_app(self, app: OAuthApp, redirect_uri: str) -> str:
        """Test the app without a user: '', 'wrong_client', 'wrong_redirect_uri', 'unavailable'.

        A made-up code is refused with `invalid_grant` only after client id, secret and tenant were
        found right. The redirect URI is looked at by the sign-in page.
        """
        try:
            self.exchange(app, redirect_uri=redirect_uri, code="app-check", code_verifier="c" * 43)
        except AuthExpired:
            return self._check_redirect(app, redirect_uri)
        except AppMisconfigured as error:
            mismatch = error.reason == "redirect_uri_mismatch"
            return "wrong_redirect_uri" if mismatch else "wrong_client"
        except (Unavailable, RateLimited, Forbidden):
            return "unavailable"
        return ""

    def _check_redirect(self, app: OAuthApp, redirect_uri: str) -> str:
        url = self.authorize_url(
            app, redirect_uri=redirect_uri, state="app-check", code_challenge="c" * 43
        )
        try:
            answer = self._send("GET", url)
        except Unavailable:
            return "unavailable"
        if answer.status >= 500:
            return "unavailable"
        is_refused = answer.status >= 400 or _REDIRECT_REFUSED in answer.body
        return "wrong_redirect_uri" if is_refused else ""

    def _token(self, app: OAuthApp, operation: str, **request) -> Grant:
        asked_at = datetime.now(UTC)
        token_url = endpoints_of(app).token_url
        token = token_for(app, token_url, operation, timeout_s=self._timeout_s, **request)
        return _grant(token, asked_at, operation)

    def _send(self, method: str, url: str, **request) -> Answer:
        sender = Sender(timeout_s=self._timeout_s, max_bytes=1024 * 1024)
        try:
            return sender.send(method, url, is_write=False, **request)
        finally:
            sender.close()


def _addresses(person: dict[str, Any]) -> tuple[str, ...]:
    """The mailbox's addresses, the main one first. `proxyAddresses` begin with their kind:
    "SMTP:" the main one, "smtp:" a further one, others are no mail addresses."""
    proxies = (str(one).partition(":") for one in person.get("proxyAddresses") or ())
    mailed = [address for kind, _colon, address in proxies if kind.lower() == "smtp"]
    names = [str(person.get(name) or "") for name in ("mail", "userPrincipalName")] + mailed
    return tuple(dict.fromkeys(name.strip().lower() for name in names if "@" in name))


_PROFILE_MEMBERS = "id,mail,userPrincipalName,displayName,proxyAddresses"


def endpoints_of(app: OAuthApp) -> Endpoints:
    """The app's addresses with its tenant in them; Microsoft's own where it names none."""
    own = app.endpoints
    return Endpoints(
        auth_url=_with_tenant(own.auth_url or ENDPOINTS.auth_url, app.tenant),
        token_url=_with_tenant(own.token_url or ENDPOINTS.token_url, app.tenant),
        userinfo_url=own.userinfo_url or ENDPOINTS.userinfo_url,
        api_url=own.api_url or ENDPOINTS.api_url,
    )


def _with_tenant(url: str, tenant: str) -> str:
    """The address for one tenant. An address that names an organisation already is left alone."""
    tenant = tenant.strip()
    parts = urlsplit(url)
    first, _slash, rest = parts.path.lstrip("/").partition("/")
    if first not in _TENANT_WORDS or not _SAFE_TENANT.fullmatch(tenant):
        return url
    return urlunsplit(parts._replace(path=f"/{tenant}/{rest}"))


def _grant(token: dict, asked_at: datetime, operation: str) -> Grant:
    if not isinstance(token.get("access_token"), str):
        raise Unavailable("no_access_token", operation=operation)
    lifetime = token.get("expires_in")
    lifetime_s = float(lifetime) if str(lifetime).isdigit() else 3600.0
    return Grant(
        access_token=token["access_token"],
        refresh_token=str(token.get("refresh_token") or ""),
        expires_at=asked_at + timedelta(seconds=lifetime_s),
        scopes=frozenset(str(token.get("scope") or "").split()),
    )


def _object(answer: Answer) -> dict:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise errors.garbage("identity", False)
    return found
