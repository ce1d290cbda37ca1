"""Google sign-in: OAuth 2.0 authorization code with PKCE, over the one Sender.

Facts: developers.google.com/identity/protocols/oauth2 and RFC 6749, 7009, 7636. A refresh token
comes only with `access_type=offline`, and reliably only with `prompt=consent`, so both are always
sent. People can untick scopes: what was granted is in the answer, not in the question.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from ...core.errors import AppMisconfigured, AuthExpired, Forbidden, RateLimited, Unavailable
from ..http import Answer, Sender
from ..port import Endpoints, Grant, Identity, OAuthApp, Permission, Purpose
from . import errors

ENDPOINTS = Endpoints(
    auth_url="https://accounts.google.com/o/oauth2/v2/auth",
    token_url="https://oauth2.googleapis.com/token",
    revoke_url="https://oauth2.googleapis.com/revoke",
    userinfo_url="https://openidconnect.googleapis.com/v1/userinfo",
    api_url="https://www.googleapis.com/calendar/v3/",
)

_PREFIX = "https://www.googleapis.com/auth/"
EVENTS = _PREFIX + "calendar.events"
CALENDAR_LIST = _PREFIX + "calendar.calendarlist.readonly"
FREE_BUSY = _PREFIX + "calendar.freebusy"
_IDENTITY = ("openid", "email")

_COVERED_BY = {
    EVENTS: frozenset({_PREFIX + "calendar"}),
    CALENDAR_LIST: frozenset(
        {_PREFIX + "calendar", _PREFIX + "calendar.readonly", _PREFIX + "calendar.calendarlist"}
    ),
    FREE_BUSY: frozenset(
        {
            _PREFIX + "calendar",
            _PREFIX + "calendar.readonly",
            _PREFIX + "calendar.events.freebusy",
        }
    ),
}
"""Wider scopes that include one of ours (scope descriptions of the discovery document)."""

_TABLE = {
    Purpose.SYNC: (
        Permission("Read busy/free status", "See when you're available", (FREE_BUSY,)),
        Permission(
            "Read event times", "Know when existing appointments are", (EVENTS, CALENDAR_LIST)
        ),
        Permission("Create events", "Book new appointments", (EVENTS,)),
        Permission("Update events", "Reschedule when requested", (EVENTS,)),
        Permission("Delete events", "Cancel when requested", (EVENTS,)),
    ),
    Purpose.BUSY_ONLY: (
        Permission("Read busy/free status", "See when you're available", (FREE_BUSY,)),
        Permission("Read event times", "Know when existing appointments are", (FREE_BUSY,)),
    ),
}

_APP_REFUSED = frozenset(
    {
        "invalid_client",
        "unauthorized_client",
        "deleted_client",
        "disabled_client",
        "redirect_uri_mismatch",
        "invalid_scope",
        "unsupported_grant_type",
    }
)
_ADMIN_REFUSED = frozenset({"admin_policy_enforced", "org_internal", "access_denied"})


def scopes_of(purpose: Purpose) -> tuple[str, ...]:
    """The scopes to ask for, each once, identity first."""
    wanted = [scope for row in _TABLE[purpose] for scope in row.scopes]
    return tuple(dict.fromkeys((*_IDENTITY, *wanted)))


def is_granted(grant: Grant, scope: str) -> bool:
    """True when `scope` or a wider one was granted.

    An answer without `scope` means that everything asked for was granted (RFC 6749 §5.1).
    """
    granted = grant.scopes
    return not granted or scope in granted or not granted.isdisjoint(_COVERED_BY.get(scope, ()))


class GoogleSignIn:
    """OAuth 2 at Google (see `port.SignIn`). `timeout_s` bounds each request."""

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
        """Where to send the browser. Asks for exactly the scopes of `purpose`."""
        query = {
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": " ".join(scopes_of(purpose)),
            "state": state,
            "access_type": "offline",
            "prompt": "consent",
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
        }
        if login_hint:
            query["login_hint"] = login_hint
        return f"{endpoints_of(app).auth_url}?{urlencode(query)}"

    def exchange(self, app: OAuthApp, *, redirect_uri: str, code: str, code_verifier: str) -> Grant:
        """Turn the code into a grant. Raises AuthExpired, AppMisconfigured, Unavailable."""
        return self._token(
            app,
            "exchange",
            grant_type="authorization_code",
            code=code,
            code_verifier=code_verifier,
            redirect_uri=redirect_uri,
        )

    def refresh(self, app: OAuthApp, grant: Grant) -> Grant:
        """A fresh access token; refresh token and scopes are kept when the answer has none."""
        if not grant.refresh_token:
            raise AuthExpired("no_refresh_token", operation="refresh")
        fresh = self._token(
            app, "refresh", grant_type="refresh_token", refresh_token=grant.refresh_token
        )
        return grant.renewed(fresh)

    def revoke(self, app: OAuthApp, grant: Grant) -> bool:
        """Take the grant back; True when it is gone afterwards, also if it was before."""
        token = grant.refresh_token or grant.access_token
        answer = self._send("POST", endpoints_of(app).revoke_url, form={"token": token})
        if answer.status >= 500 or answer.status == 429:
            raise _token_refusal(answer, "revoke")
        return answer.status == 200 or _oauth_error(answer) in ("invalid_token", "invalid_grant")

    def identity(self, app: OAuthApp, grant: Grant) -> Identity:
        """Who signed in, from the OpenID userinfo endpoint."""
        bearer = {"Authorization": f"Bearer {grant.access_token}"}
        answer = self._send("GET", endpoints_of(app).userinfo_url, headers=bearer)
        if answer.status != 200:
            raise errors.refusal(answer, "identity", False)
        person = _object(answer, "identity")
        email = str(person.get("email") or "").strip().lower()
        if not person.get("sub") or not email:
            raise Unavailable("identity_incomplete", operation="identity")
        return Identity(str(person["sub"]), email, str(person.get("name") or ""))

    def missing_permissions(self, grant: Grant, purpose: Purpose) -> tuple[Permission, ...]:
        """Rows of the table that the user did not grant although `purpose` needs them."""
        return tuple(
            row
            for row in _TABLE[purpose]
            if not all(is_granted(grant, scope) for scope in row.scopes)
        )

    def check_app(self, app: OAuthApp, redirect_uri: str) -> str:
        """Test the app without a user: '', 'wrong_client', 'wrong_redirect_uri', 'unavailable'.

        A made-up code is refused with `invalid_grant` only after client id and secret were found
        right. The redirect URI is looked at by the consent page, which shows an error for a wrong
        one instead of going on to sign in.
        """
        try:
            self.exchange(
                app, redirect_uri=redirect_uri, code="4/app-check", code_verifier="c" * 43
            )
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
        target = answer.headers.get("location", "")
        if answer.status >= 500:
            return "unavailable"
        is_refused = answer.status >= 400 or "/oauth/error" in target
        return "wrong_redirect_uri" if is_refused else ""

    def _token(self, app: OAuthApp, operation: str, **form: str) -> Grant:
        form |= {"client_id": app.client_id, "client_secret": app.client_secret}
        asked_at = datetime.now(UTC)
        answer = self._send("POST", endpoints_of(app).token_url, form=form)
        if answer.status != 200:
            raise _token_refusal(answer, operation)
        return _grant(_object(answer, operation), asked_at, operation)

    def _send(self, method: str, url: str, **request) -> Answer:
        sender = Sender(timeout_s=self._timeout_s, max_bytes=1024 * 1024)
        try:
            return sender.send(method, url, is_write=False, **request)
        finally:
            sender.close()


def endpoints_of(app: OAuthApp) -> Endpoints:
    """The app's addresses; Google's own where it names none."""
    own = app.endpoints
    return Endpoints(
        auth_url=own.auth_url or ENDPOINTS.auth_url,
        token_url=own.token_url or ENDPOINTS.token_url,
        revoke_url=own.revoke_url or ENDPOINTS.revoke_url,
        userinfo_url=own.userinfo_url or ENDPOINTS.userinfo_url,
        api_url=own.api_url or ENDPOINTS.api_url,
    )


def _grant(token: dict, asked_at: datetime, operation: str) -> Grant:
    if not isinstance(token.get("access_token"), str):
        raise Unavailable("no_access_token", operation=operation)
    return Grant(
        access_token=token["access_token"],
        refresh_token=str(token.get("refresh_token") or ""),
        expires_at=_end(asked_at, token.get("expires_in")) or asked_at + timedelta(hours=1),
        scopes=frozenset(str(token.get("scope") or "").split()),
        # Told of grants that end: those of an app in testing, and those given for some time.
        ends_at=_end(asked_at, token.get("refresh_token_expires_in")),
    )


def _end(asked_at: datetime, lifetime: object) -> datetime | None:
    """So many seconds later; None for what is no such number."""
    is_number = str(lifetime).isdecimal() and len(str(lifetime)) < 10
    return asked_at + timedelta(seconds=int(str(lifetime))) if is_number else None


def _object(answer: Answer, operation: str) -> dict:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise errors.garbage(operation, False)
    return found


def _oauth_error(answer: Answer, member: str = "error") -> str:
    """The code in an OAuth refusal (RFC 6749 §5.2), '' when there is none."""
    try:
        error = answer.json()[member]
    except (ValueError, KeyError, TypeError):
        return ""
    return error if isinstance(error, str) and error.isidentifier() else ""


def _token_refusal(answer: Answer, operation: str):
    """The typed error for a refusal by the token endpoint.

    Only `invalid_grant` means that the user must sign in again. Everything unknown is "later":
    a mistyped secret or a hiccup must never cost anybody their grant.
    """
    error, wait_s = _oauth_error(answer), answer.retry_after_s
    if answer.status == 429:
        return RateLimited(error or "tooManyRequests", operation=operation, retry_after_s=wait_s)
    if error == "invalid_grant":
        subtype = _oauth_error(
            answer, "error_subtype"
        )  # `invalid_rapt`: a policy wants a new sign-in
        return AuthExpired(subtype or error, operation=operation)
    if error in _APP_REFUSED:
        return AppMisconfigured(error, operation=operation)
    if error in _ADMIN_REFUSED:
        return Forbidden(error, operation=operation)
    reason = error or f"status_{answer.status}"
    return Unavailable(reason, operation=operation, retry_after_s=wait_s)
