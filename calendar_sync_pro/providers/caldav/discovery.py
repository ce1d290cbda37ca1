"""Where a user's calendars are, found from whatever address the user knows.

RFC 6764 (`/.well-known/caldav`), RFC 5397 (`current-user-principal`) and RFC 4791 §6.2.1
(`calendar-home-set`). The address may be a host, an e-mail address, a principal, a home, or one
calendar; which host of a domain it is, is found by `candidates.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from ...core.errors import Forbidden, Malformed, NotFound, Unavailable
from .reach import SERVER_TROUBLE, Asker, Reply, host_of, is_below
from .xml import CALDAV, DAV, Part

WELL_KNOWN = "/.well-known/caldav"
IN_TROUBLE = 500
_USUAL_PATHS = ("/", "/dav/", "/remote.php/dav/", "/caldav.php/", "/SOGo/dav/")
_PRINCIPAL = f"{DAV}current-user-principal"
_HOME = f"{CALDAV}calendar-home-set"
_ADDRESSES = f"{CALDAV}calendar-user-address-set"
_NAME = f"{DAV}displayname"
_KIND = f"{DAV}resourcetype"
_ASKED = (_PRINCIPAL, _HOME, _ADDRESSES, _NAME, _KIND)
_SIGN_IN_PAGE_ONLY = (
    "google.com",
    "googleusercontent.com",
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "office365.com",
    "live.com",
    "hotmail.com",
)
"""Services that take no password from an app: they have a sign-in page of their own."""


@dataclass(frozen=True, slots=True)
class Found:
    """The principal, its home (or the one calendar that was named), and who it is."""

    principal_url: str
    home_url: str
    name: str = ""
    addresses: tuple[str, ...] = ()


def start_url(address: str) -> str:
    """The web address that a user means: a host or an e-mail address gets https in front.

    Raises Malformed(`bad_address`), or Forbidden(`no_passwords`) for a service that has none.
    """
    text = address.strip()
    if "://" not in text:
        text = f"https://{text.rpartition('@')[2]}"
    parts = urlsplit(text)
    host = host_of(text)
    if parts.username or parts.password or any(sign in text for sign in " \\<>{}"):
        raise Malformed("bad_address")
    if any(is_below(host, one) for one in _SIGN_IN_PAGE_ONLY):
        raise Forbidden("no_passwords")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def discover(asker: Asker, url: str) -> Found:
    """Ask at the usual places, the named one first. Raises NotFound(`not_caldav`) when nobody
    there speaks CalDAV, Forbidden(`no_calendar_access`), and what `Asker` raises."""
    statuses = set()
    for place in _places(url):
        reply = _ask(asker, place)
        statuses.add(reply.status)
        found = _found(asker, reply)
        if found is not None:
            return found
    if 403 in statuses:
        raise Forbidden("no_calendar_access")
    if IN_TROUBLE in statuses:
        raise Unavailable(SERVER_TROUBLE)
    raise NotFound("not_caldav")


def _places(url: str) -> Iterator[str]:
    """A whole address is believed first; a bare host is asked by the rules."""
    if urlsplit(url).path not in ("", "/"):
        yield url
    yield urljoin(url, WELL_KNOWN)
    yield from (urljoin(url, path) for path in _USUAL_PATHS)


def _ask(asker: Asker, url: str) -> Reply:
    """A place that answers with a web page, with nonsense or not at all may not be the place."""
    try:
        return asker.propfind(url, _ASKED)
    except Malformed:
        return Reply(url, 200)
    except Unavailable as error:
        if error.reason != SERVER_TROUBLE:
            raise
        return Reply(url, IN_TROUBLE)


def _found(asker: Asker, reply: Reply) -> Found | None:
    """What one place leads to, None when it leads nowhere."""
    own = reply.own
    if own is None:
        return None
    if own.links(_HOME):
        return _proven(asker, _of_principal(reply.url, own), reply)
    for link in own.links(_PRINCIPAL):
        principal = asker.propfind(urljoin(reply.url, link), _ASKED)
        if principal.own is not None and principal.own.links(_HOME):
            return _proven(asker, _of_principal(principal.url, principal.own), reply)
    if own.has_kind(f"{CALDAV}calendar"):
        return Found(reply.url, _folder(reply.url), own.text(_NAME))
    if own.links(_PRINCIPAL):
        raise Forbidden("no_calendar_access")
    return None


def _of_principal(url: str, part: Part) -> Found:
    people = (link.removeprefix("mailto:") for link in part.links(_ADDRESSES) if "@" in link)
    return Found(
        principal_url=url,
        home_url=_folder(urljoin(url, part.links(_HOME)[0])),
        name=part.text(_NAME),
        addresses=tuple(dict.fromkeys(one.lower() for one in people if "/" not in one)),
    )


def _proven(asker: Asker, found: Found, named: Reply) -> Found:
    """The home must open. A calendar that was named and lies elsewhere is somebody's who shares
    it: then it is the one that is wanted."""
    if named.own.has_kind(f"{CALDAV}calendar") and not _lies_in(named.url, found.home_url):
        return Found(found.principal_url, _folder(named.url), found.name, found.addresses)
    home = asker.propfind(found.home_url, (_KIND,))
    if home.status != 207 or home.own is None:
        raise Forbidden("no_calendar_access")
    return Found(found.principal_url, _folder(home.url), found.name, found.addresses)


def _lies_in(url: str, home_url: str) -> bool:
    return unquote(urlsplit(url).path).startswith(unquote(urlsplit(home_url).path))


def _folder(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"
