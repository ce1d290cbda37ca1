"""Connecting to a CalDAV server with a user name and a password."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from ...core.errors import AuthExpired, Elsewhere, Forbidden, Malformed, NotFound, Unavailable
from ..connecting import Grant, Identity, Login, OAuthApp, Permission, Preset, Purpose
from ..guard import Guard
from ..http import Sender
from .candidates import Candidates
from .discovery import Found, discover, start_url
from .presets import OWN_CARD
from .reach import BUDGET_S, Asker, host_of, is_below

TIMEOUT_S = 8.0
MAX_BYTES = 1024 * 1024
"""Of one answer while signing in: they are small, and nobody vouches for the server yet."""
_BUSY = Permission("Read busy/free status", "See when you're available", ())
_ROWS = (
    _BUSY,
    Permission("Read event times", "Know when existing appointments are", ()),
    Permission("Create events", "Book new appointments", ()),
    Permission("Update events", "Reschedule when requested", ()),
    Permission("Delete events", "Cancel when requested", ()),
)


class CaldavSignIn:
    """Finds a login's calendars. Without `needs_address` the first preset's address is used, or
    the app's `api_url` where one is set."""

    def __init__(self, presets: tuple[Preset, ...], *, needs_address: bool) -> None:
        self.presets = presets
        self.needs_address = needs_address

    def permissions(self, purpose: Purpose) -> tuple[Permission, ...]:
        """A password opens everything; these are the rows that we make use of."""
        return (_BUSY,) if purpose is Purpose.BUSY_ONLY else _ROWS

    def sign_in(self, app: OAuthApp, login: Login) -> tuple[Grant, Identity]:
        """Find the calendars and prove that they open; see `PasswordSignIn`. Does HTTP."""
        if not login.username.strip() or not login.password:
            raise Malformed("no_password")
        guard = Guard(app.trusted_hosts)
        places = self._candidates(app, login, guard)
        sender = Sender(timeout_s=TIMEOUT_S, max_bytes=MAX_BYTES, guard=guard)
        try:
            found = self._find(sender, login, places)
        finally:
            sender.close()
        return _grant(login, found), _identity(login, found)

    def _candidates(self, app: OAuthApp, login: Login, guard: Guard) -> Iterable[str]:
        """The addresses to look at; one alone where it is known."""
        if not self.needs_address:
            return (start_url(app.endpoints.api_url or self.presets[0].address),)
        typed = login.address.strip() or _domain_of(login.username)
        url = start_url(typed)
        if host_of(url) in _hosts(self.presets):
            return (url,)
        is_whole = "://" in typed
        return Candidates(url, guard, is_typed_whole=is_whole, dns_server=app.dns_server)

    def _find(self, sender: Sender, login: Login, places: Iterable[str]) -> Found:
        """What the first place that has calendars answers; what the first one said else."""
        problem: NotFound | Unavailable | None = None
        until = time.monotonic() + BUDGET_S
        for place in places:
            url = start_url(place)
            if self.needs_address and any(is_below(host_of(url), one) for one in OWN_CARD):
                raise Forbidden("own_card", operation="sign_in")
            try:
                return discover(Asker(sender, login, url, until), url)
            except AuthExpired as error:
                raise AuthExpired(self._refusal(url, error.reason), operation="sign_in") from None
            except Elsewhere:
                if self.needs_address:
                    raise
                raise Forbidden("no_calendar_access", operation="sign_in") from None
            except (NotFound, Unavailable) as error:
                problem = problem or error
        raise problem or NotFound("not_caldav", operation="sign_in")

    def _refusal(self, url: str, reason: str) -> str:
        """Services that take only passwords made for one app say no more than "wrong"."""
        demanding = _hosts(one for one in self.presets if one.needs_app_password)
        is_demanding = host_of(url) in demanding or not self.needs_address
        return "app_password_needed" if is_demanding else reason


def _domain_of(username: str) -> str:
    """The domain of an e-mail address, "" for another kind of name."""
    return username.strip().rpartition("@")[2] if "@" in username else ""


def _hosts(presets: Iterable[Preset]) -> set[str]:
    return {host_of(one.address) for one in presets if one.address}


def _grant(login: Login, found: Found) -> Grant:
    return Grant(
        access_token=login.password, username=login.username.strip(), home_url=found.home_url
    )


def _identity(login: Login, found: Found) -> Identity:
    username = login.username.strip()
    known = username if "@" in username else next(iter(found.addresses), username)
    aliases = tuple(one for one in found.addresses if one != known.lower())
    return Identity(account_id(found.principal_url), known, found.name, aliases)


def account_id(principal_url: str) -> str:
    """An address that stays: iCloud answers from a host with a number that may change."""
    parts = urlsplit(principal_url)
    netloc = re.sub(r"^p\d+-(?=caldav\.icloud\.com)", "", parts.netloc.lower())
    netloc = netloc.removesuffix(":443" if parts.scheme == "https" else ":80")
    return f"{parts.scheme}://{netloc}{unquote(parts.path).rstrip('/')}/"
