"""Which servers are asked for a user's calendars, in which order, and who has to agree before.

RFC 6764 §6: a domain or an e-mail address leads to the server that the domain names in its service
records, else to the domain itself. A whole web address is believed as it was typed; only when
nothing answers there are the records asked. Records are unsigned, so a host outside of the domain
gets no password before its name was shown to the user (§8) - unless it belongs to a known service.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

from ...core.errors import Elsewhere, Unavailable
from ..guard import TLS_PORT, Guard
from ..service_records import Place, Service, ascii_host, look_up
from .discovery import start_url
from .reach import host_of, is_known_service, may_know_password

SERVICE = "_caldavs._tcp"


@dataclass(frozen=True, slots=True)
class Candidates:
    """Where to look for `url`. `is_typed_whole`: with its https in front, so it comes first.

    `dns_server` is who is asked for records, "" the machine's own resolver.
    """

    url: str
    guard: Guard
    is_typed_whole: bool = True
    dns_server: str = ""

    def __iter__(self) -> Iterator[str]:
        """Addresses to try, each only when the ones before it have no calendars.

        Raises Elsewhere(`named_elsewhere`) when the domain names a host that only the user can
        trust; its `address` is where to go when the user agrees.
        """
        if self.is_typed_whole:
            yield self.url
        if self._may_have_records():
            yield from self._named()
        if not self.is_typed_whole:
            yield self.url

    def _may_have_records(self) -> bool:
        """A path or a port was copied from somewhere and names the very server."""
        parts = urlsplit(self.url)
        is_domain = parts.path in ("", "/") and parts.port is None
        return is_domain and not _is_address(host_of(self.url))

    def _named(self) -> Iterator[str]:
        """The servers of the domain's records that may know the password; else the question."""
        try:
            domain = ascii_host(host_of(self.url))
        except ValueError:
            return
        service = look_up(SERVICE, domain, self.dns_server)
        own = [one for one in service.places if _is_trusted(one.host, domain)]
        if not own:
            self._ask_for_the_first(service, domain)
        for place in own:
            yield _url(place, service)

    def _ask_for_the_first(self, service: Service, domain: str) -> None:
        """Nobody is asked about a server that may not be reached or isn't there.

        Raises Forbidden(`no_passwords`) where the service has a sign-in page of its own.
        """
        for place in service.places:
            start_url(place.host)
            try:
                self.guard.addresses(place.host, place.port, is_tls=True)
            except Unavailable:
                continue
            raise Elsewhere(
                "named_elsewhere", host=place.host, address=_url(place, service), named_by=domain
            )


def _is_trusted(host: str, domain: str) -> bool:
    return may_know_password(host, domain) or is_known_service(host)


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _url(place: Place, service: Service) -> str:
    netloc = place.host if place.port == TLS_PORT else f"{place.host}:{place.port}"
    return urlunsplit(("https", netloc, service.path, "", ""))
