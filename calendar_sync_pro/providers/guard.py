"""Which servers may be reached when a user types the address (server-side request forgery).

The check stands where a connection is opened: a name is resolved once, and the connection goes to
an address of that very answer, so a DNS that changes its mind, a redirect, a kept link or an odd
way of writing an address (decimal, octal, IPv6) all meet the same check. The certificate is still
checked against the name.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from ..core.errors import Unavailable

REFUSED = "address_not_allowed"
UNKNOWN_HOST = "unknown_host"
TLS_PORT = 443
FIRST_FREE_PORT = 1024
"""Ports below belong to other services (mail, shells, files): only the one of https is used."""

_CLOSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
        "168.63.129.16/32",  # a cloud's own platform channel, which looks public
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "::ffff:0:0/96",  # IPv4 written as IPv6
        "64:ff9b:1::/48",  # NAT64 inside a network, RFC 8215
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local, RFC 3879
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are the IPv4 address that is really reached."""


class Guard:
    """Lets connections go to public addresses over TLS, and to hosts that are trusted.

    `trusted_hosts` are "host" or "host:port" in lower case: allowed on any address and without
    TLS. `resolver` has the form of `socket.getaddrinfo`; another one is for tests.
    """

    def __init__(
        self,
        trusted_hosts: Iterable[str] = (),
        *,
        resolver: Callable[..., list] = socket.getaddrinfo,
    ) -> None:
        self._trusted = frozenset(trusted_hosts)
        self._resolve = resolver

    def trusts(self, host: str, port: int) -> bool:
        """True for a host that an administrator allows whatever its address is."""
        name = plain_host(host)
        return name in self._trusted or host_and_port(name, port) in self._trusted

    def addresses(self, host: str, port: int, *, is_tls: bool) -> list[str]:
        """The addresses that a connection to `host` may go to, resolved just now.

        Raises Unavailable(`address_not_allowed`) when there are none, Unavailable(`unknown_host`)
        when the name is not known.
        """
        is_trusted = self.trusts(host, port)
        if not is_trusted and not (is_tls and is_port_allowed(port)):
            raise Unavailable(REFUSED)
        found = self._lookup(host, port)
        allowed = [one for one in found if is_trusted or is_public(one)]
        if not allowed:
            raise Unavailable(REFUSED if found else UNKNOWN_HOST)
        return allowed

    def _lookup(self, host: str, port: int) -> list[str]:
        try:
            rows = self._resolve(plain_host(host), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return []
        return list(dict.fromkeys(row[4][0] for row in rows))


def is_port_allowed(port: int) -> bool:
    """True for https and for ports that no well-known service owns."""
    return port == TLS_PORT or port >= FIRST_FREE_PORT


def is_public(address: str) -> bool:
    """True for an address of the open internet (IANA's special-purpose registries)."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if ip in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _CLOSED)


def plain_host(host: str) -> str:
    """A host in the one form that is compared: lower case, no brackets, no final dot."""
    return host.strip("[]").rstrip(".").lower()


def host_and_port(host: str, port: int) -> str:
    """ "host:port", an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def hosts_from(text: str) -> frozenset[str]:
    """The hosts in a list that a person wrote: names or addresses, with a port or without.

    Whole addresses (https://…) are taken too. Raises ValueError with the entry that is neither.
    """
    return frozenset(_host_from(entry) for entry in text.replace(",", " ").split())


def _host_from(entry: str) -> str:
    is_whole = "://" in entry
    parts = urlsplit(entry if is_whole else f"//{_bracketed(entry)}")
    try:
        host, port = plain_host(parts.hostname or ""), parts.port
    except ValueError:
        raise ValueError(entry) from None
    is_more = parts.username or (parts.path and not is_whole)  # a network "10.0.0.0/8" too
    if not host or is_more or any(sign in host for sign in "*?%"):
        raise ValueError(entry)
    return host_and_port(host, port) if port else host


def _bracketed(entry: str) -> str:
    """An IPv6 address without brackets gets them."""
    return f"[{entry}]" if entry.count(":") > 1 and "[" not in entry else entry
