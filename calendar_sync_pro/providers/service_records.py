"""Where a domain says that a service of it is: SRV and TXT records (RFC 2782, RFC 6763 §6).

Answers are unsigned: they say where to look, never whom to trust. The lookup is optional in every
sense: without `dnspython`, without a resolver, or with an answer that makes no sense there is
simply no record.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .guard import plain_host

_logger = logging.getLogger(__name__)

PATIENCE_S = 3.0
"""For all questions about one domain: somebody waits in front of a form."""
MOST_PLACES = 4
"""Of one service that are tried: a domain may publish any number of them."""
DNS_PORT = 53


@dataclass(frozen=True, slots=True)
class Place:
    """A host in its ASCII form, lower case, without a final dot; and a port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Service:
    """What a domain's records say: places, the preferred first, and a path ("" when none)."""

    places: tuple[Place, ...] = ()
    path: str = ""


def ascii_host(host: str) -> str:
    """A host name as the DNS knows it (IDNA). Raises ValueError for what can't be one."""
    return host.encode("idna").decode("ascii").lower().rstrip(".")


def look_up(service: str, domain: str, server: str = "") -> Service:
    """The records of `service` ("_caldavs._tcp") at `domain` (ASCII); an empty Service without any.

    `server` is the resolver to ask ("address" or "address:port"), "" the machine's own. Takes
    `PATIENCE_S` at most and raises nothing.
    """
    try:
        import dns.resolver
    except ImportError:  # optional: typing in the server's address works without it
        return Service()
    questions = _Questions(_resolver(dns.resolver, server), f"{service}.{domain}.")
    places = _places(questions("SRV"))
    return Service(places, _path(questions("TXT"))) if places else Service()


def _resolver(library: Any, server: str) -> Any:
    if not server:
        return library.Resolver()
    own = library.Resolver(configure=False)
    parts = urlsplit(f"//{server}")
    own.nameservers, own.port = [plain_host(parts.hostname or "")], parts.port or DNS_PORT
    return own


class _Questions:
    """Asks about one name, in the time that is left."""

    def __init__(self, resolver: Any, name: str) -> None:
        self._resolver, self._name = resolver, name
        self._until = time.monotonic() + PATIENCE_S

    def __call__(self, kind: str) -> list:
        """The records of that kind, none when there is no answer that makes sense."""
        from dns.exception import DNSException

        left = max(0.0, self._until - time.monotonic())
        try:
            return list(self._resolver.resolve(self._name, kind, lifetime=left, search=False))
        except (DNSException, OSError, ValueError) as error:
            # Unknown, silent or nonsense is all the same here. Names tell who signs in: not logged.
            _logger.debug("no %s record: %s", kind, type(error).__name__)
            return []


def _places(records: Iterable) -> tuple[Place, ...]:
    """By priority, then weight; a root target says that there is no such service."""
    ordered = sorted(records, key=lambda one: (one.priority, -one.weight))
    named = (Place(one.target.to_text(True).lower(), one.port) for one in ordered)
    usable = (one for one in named if _is_host_name(one.host) and one.port)
    return tuple(dict.fromkeys(usable))[:MOST_PLACES]


def _is_host_name(name: str) -> bool:
    """Letters, digits, hyphens and dots: anything else could end up as part of an address."""
    return bool(name.strip(".")) and name.replace("-", "").replace(".", "").isalnum()


def _path(records: Iterable) -> str:
    """The path of a TXT record (RFC 6764 §4), "" when there is none that is a path."""
    for record in records:
        for text in record.strings:
            key, _equals, value = text.decode("utf-8", "replace").partition("=")
            if key.lower() == "path" and _is_path(value):
                return value
    return ""


def _is_path(text: str) -> bool:
    is_plain = text.isprintable() and not any(sign in text for sign in " \\<>?#")
    return text.startswith("/") and not text.startswith("//") and is_plain
