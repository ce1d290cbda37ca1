"""Asking a server that a user named: redirects, and who may learn the password.

`requests` turns a redirected PROPFIND into a GET, so redirects are followed here, method and body
unchanged, at most five and never from https to http. The password goes to the host that the user
named, to hosts below it and inside one known service; to nobody else. Who else is pointed at is
asked without it, and when that is not enough the user is asked to name that host.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from ...core.errors import (
    AuthExpired,
    Elsewhere,
    Forbidden,
    Malformed,
    ProviderError,
    RateLimited,
    Unavailable,
)
from ..connecting import Login
from ..guard import plain_host
from ..http import Answer, Sender
from .xml import Part, multistatus, propfind_body

MOST_HOPS = 5
SERVER_TROUBLE = "server_trouble"
BUDGET_S = 25.0
"""For all requests of one sign-in: somebody waits in front of the form."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ONE_SERVICE = (
    "icloud.com",
    "fastmail.com",
    "gmx.net",
    "mailbox.org",
    "posteo.de",
    "web.de",
    "yahoo.com",
    "zoho.com",
    "zoho.eu",
)
"""Domains under which every host belongs to one company (iCloud's calendars live on p42-caldav…).
Of other domains that can't be known: under many of them everybody may have a host."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a PROPFIND found, and the address that answered after all redirects."""

    url: str
    status: int
    parts: tuple[Part, ...] = ()

    @property
    def own(self) -> Part | None:
        """What it says about the address itself."""
        return self.parts[0] if self.parts else None


class Asker:
    """Asks one server on behalf of one login. `start_url` is what the user named, or agreed to;
    `until` when to give up, on `time.monotonic`'s clock."""

    def __init__(self, sender: Sender, login: Login, start_url: str, until: float) -> None:
        self._sender = sender
        self._authorization = basic(login.username, login.password)
        self._start = host_of(start_url)
        self._until = until

    def propfind(self, url: str, names: Iterable[str], depth: int = 0) -> Reply:
        """The properties of `url`. Whatever status comes back is in the reply, except: 401 is
        AuthExpired(`wrong_password`), 429 and 5xx RateLimited and Unavailable.

        Raises Elsewhere(`foreign_host`) when only another host could answer.
        """
        body = propfind_body(names)
        for _hop in range(MOST_HOPS + 1):
            answer, is_known = self._send(url, body, depth)
            if answer.status not in _REDIRECTS:
                return self._read(url, answer, is_known)
            target = urljoin(url, answer.headers.get("location", ""))
            url = _checked(url, target)
        raise Unavailable("too_many_redirects")

    def _send(self, url: str, body: bytes, depth: int) -> tuple[Answer, bool]:
        """One request; the answer, and whether the password went along."""
        if time.monotonic() > self._until:
            raise Unavailable("timeout")
        headers = {"Depth": str(depth), "Content-Type": "application/xml; charset=utf-8"}
        is_known = may_know_password(host_of(url), self._start)
        if is_known:
            headers["Authorization"] = self._authorization
        return (
            self._sender.send("PROPFIND", url, headers=headers, body=body, is_write=False),
            is_known,
        )

    def _read(self, url: str, answer: Answer, is_known: bool) -> Reply:
        if answer.status == 401:
            raise AuthExpired("wrong_password") if is_known else self._elsewhere(url)
        trouble = _trouble(answer)
        if trouble is not None:
            raise trouble
        if answer.status != 207:
            return Reply(url, answer.status)
        return Reply(url, 207, tuple(multistatus(answer.body)))

    def _elsewhere(self, url: str) -> Elsewhere:
        return Elsewhere("foreign_host", host=host_of(url), address=url, named_by=self._start)


def _trouble(answer: Answer) -> ProviderError | None:
    """What says "not now" rather than "not here". 501 says that PROPFIND is not spoken here."""
    if answer.status == 429:
        return RateLimited("rate_limited", retry_after_s=answer.retry_after_s)
    if answer.status >= 500 and answer.status != 501:
        return Unavailable(SERVER_TROUBLE, retry_after_s=answer.retry_after_s)
    return None


def _checked(url: str, target: str) -> str:
    """The next address of a redirect. Raises Forbidden when it gives up encryption."""
    here, there = urlsplit(url).scheme, urlsplit(target).scheme
    if there not in ("http", "https") or (here == "https" and there == "http"):
        raise Forbidden("unsafe_redirect")
    return target


def may_know_password(host: str, start_host: str) -> bool:
    """True when a password given for `start_host` may be sent to `host`."""
    if host == start_host or host.endswith(f".{start_host}"):
        return True
    return any(is_below(host, one) and is_below(start_host, one) for one in _ONE_SERVICE)


def is_known_service(host: str) -> bool:
    """True for a host of a company that is known to keep its users' calendars."""
    return any(is_below(host, one) for one in _ONE_SERVICE)


def is_below(host: str, domain: str) -> bool:
    """True for the domain itself and for every host under it."""
    return host == domain or host.endswith(f".{domain}")


def host_of(url: str) -> str:
    """The host of an address, in lower case. Raises Malformed for what is no web address."""
    try:
        parts = urlsplit(url)
        host, _port = plain_host(parts.hostname or ""), parts.port
    except ValueError:
        raise Malformed("bad_address") from None
    if not host or parts.scheme not in ("http", "https"):
        raise Malformed("bad_address")
    return host


def basic(username: str, password: str) -> str:
    """The Authorization header (RFC 7617, UTF-8)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
