"""Addresses that users type in, against real sockets: what must never be reached is listening, and
hears nothing."""

import socket
import ssl
import threading
import time

import pytest

from calendar_sync_pro.core.errors import Unavailable
from calendar_sync_pro.providers.guard import Guard, hosts_from, is_public
from calendar_sync_pro.providers.http import Sender

from .rough_server import HEAD, drips, self_signed, server, well

REFUSED = "address_not_allowed"
PUBLIC = "93.184.215.14"


def rows(*addresses):
    """What `socket.getaddrinfo` answers."""
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in addresses]


def port_of(url):
    return int(url.rsplit(":", 1)[1].split("/")[0])


def refusal(url, guard=None, timeout_s=3.0):
    """The reason for which nothing came back."""
    sender = Sender(timeout_s=timeout_s, guard=guard or Guard())
    try:
        with pytest.raises(Unavailable) as refused:
            sender.send("PROPFIND", url)
        assert not refused.value.has_unknown_outcome or refused.value.reason != REFUSED
        return refused.value.reason
    finally:
        sender.close()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "127.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "１２７.0.0.1",
        "127.0.0.1.",
        "user@127.0.0.1",
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_is_not_reached_in_whatever_way_it_is_written(scheme, host):
    """S2-04: a typed address is no way into the company's own network."""
    with server(well) as (url, accepted):
        assert refusal(f"{scheme}://{host}:{port_of(url)}/") in (REFUSED, "bad_address")
        time.sleep(0.05)
        assert accepted == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "240.0.0.1",
        "::",
        "::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::808:808",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "not an address",
    ],
)
def test_no_address_inside_some_network_counts_as_public(address):
    """S2-04: private, loopback, link-local, multicast, shared, translated."""
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "17.248.1.1", "2a00:1450::5e", "64:ff9b::808:808"])
def test_servers_on_the_internet_are_public(address):
    """S2-04: also through a network that translates IPv6 to IPv4."""
    assert is_public(address)


def test_name_of_a_private_address_is_refused():
    """S2-04: the name looks harmless, the answer of the DNS counts."""
    with server(well) as (url, accepted):
        guard = Guard(resolver=lambda *_a, **_k: rows("127.0.0.1"))
        assert refusal(f"https://dav.example.org:{port_of(url)}/", guard) == REFUSED
        assert accepted == []


def test_dns_that_changes_its_answer_finds_nobody_who_asks_twice():
    """S2-04: the connection goes to an address of the answer that was checked; the system, asked
    once more, would lead to this machine."""
    answers = [rows(PUBLIC), rows("127.0.0.1"), rows("127.0.0.1")]
    with server(well) as (url, accepted):
        guard = Guard(resolver=lambda *_a, **_k: answers.pop(0))
        reason = refusal(f"https://localhost:{port_of(url)}/", guard, timeout_s=0.5)
        assert reason in ("connect", "connect_timeout", "timeout", "tls", "connection_lost")
        assert accepted == []
    assert len(answers) == 2


def test_private_address_beside_a_public_one_is_left_out():
    """S2-04: one good answer does not carry a bad one along."""
    guard = Guard(resolver=lambda *_a, **_k: rows("127.0.0.1", PUBLIC, "10.0.0.1"))
    assert guard.addresses("dav.example.org", 443, is_tls=True) == [PUBLIC]


def test_name_that_nobody_knows_is_said_to_be_unknown():
    """S2-07: that is a typing error, not a forbidden address."""
    assert refusal("https://nowhere.invalid/") == "unknown_host"
    assert refusal(f"https://{'a' * 70}.example.org/") == "unknown_host"


@pytest.mark.parametrize("port", [22, 25, 80, 993])
def test_ports_of_other_services_are_not_knocked_at(port):
    """S2-04: 443 and everything from 1024 up is enough for calendars."""
    guard = Guard(resolver=lambda *_a, **_k: rows(PUBLIC))
    with pytest.raises(Unavailable, match=REFUSED):
        guard.addresses("dav.example.org", port, is_tls=True)
    assert guard.addresses("dav.example.org", 8443, is_tls=True) == [PUBLIC]


def test_unencrypted_server_is_refused_on_the_internet_too():
    """S2-04: a password is not sent where others can read it."""
    guard = Guard(resolver=lambda *_a, **_k: rows(PUBLIC))
    with pytest.raises(Unavailable, match=REFUSED):
        guard.addresses("dav.example.org", 8080, is_tls=False)


def test_host_that_the_administrator_allows_is_reached_and_its_neighbour_is_not():
    """S2-04: with a port the permission is for that port alone."""
    with server(well) as (allowed, _seen), server(well) as (other, accepted):
        guard = Guard({f"127.0.0.1:{port_of(allowed)}"})
        sender = Sender(guard=guard)
        assert sender.send("PROPFIND", allowed).status == 200
        sender.close()
        assert refusal(other, guard) == REFUSED
        assert accepted == []
        sender = Sender(guard=Guard({"127.0.0.1"}))
        assert sender.send("PROPFIND", other).status == 200
        sender.close()


def test_certificate_is_checked_against_the_name_not_the_address(tmp_path, monkeypatch):
    """S2-07: a pinned address changes nothing about who has to be at its end."""
    right = self_signed(tmp_path, "dav.example.org")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(right))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(right)
    with server(well, context) as (url, _accepted):
        port = port_of(url)
        guard = Guard(
            {"dav.example.org", "evil.example.org"}, resolver=lambda *_a, **_k: rows("127.0.0.1")
        )
        sender = Sender(guard=guard)
        assert sender.send("PROPFIND", f"https://dav.example.org:{port}/").status == 200
        sender.close()
        assert refusal(f"https://evil.example.org:{port}/", guard) == "tls"


def test_proxy_of_the_environment_is_not_asked_to_look_the_name_up(monkeypatch):
    """S2-04: what a proxy connects to can't be checked."""
    with server(well) as (url, accepted):
        monkeypatch.setenv("HTTPS_PROXY", url)
        monkeypatch.setenv("HTTP_PROXY", url)
        guard = Guard(resolver=lambda *_a, **_k: rows("10.0.0.1"))
        assert refusal("https://dav.example.org/", guard) == REFUSED
        assert accepted == []


@pytest.mark.parametrize("head", [HEAD + b"900\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n" * 50])
def test_server_that_drips_holds_nobody_up(head):
    """S1-22: the bound is on the whole request, guarded or not."""
    with server(drips(head)) as (url, _accepted):
        started = time.monotonic()
        assert refusal(url, Guard({"127.0.0.1"}), timeout_s=0.6) == "timeout"
        assert time.monotonic() - started < 5


def test_handshake_that_never_ends_is_cut_off():
    """S1-22: single bytes of a handshake would each start the time-out anew."""
    listener = socket.create_server(("127.0.0.1", 0))

    def drip():
        connection, _address = listener.accept()
        try:
            connection.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16 KB begins
            for _ in range(100):
                connection.sendall(b"\x02")
                time.sleep(0.1)
        except OSError:
            pass

    threading.Thread(target=drip, daemon=True).start()
    url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
    started = time.monotonic()
    assert refusal(url, Guard({"127.0.0.1"}), timeout_s=0.8) == "timeout"
    assert time.monotonic() - started < 5
    listener.close()


def test_body_without_end_is_cut_at_the_cap():
    """S1-22: no server fills the memory."""

    def talk(connection, _request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(2000):
            connection.sendall(b"2710\r\n" + b"x" * 10000 + b"\r\n")

    with server(talk) as (url, _accepted):
        sender = Sender(max_bytes=100_000, guard=Guard({"127.0.0.1"}))
        with pytest.raises(Unavailable, match="answer_too_large"):
            sender.send("PROPFIND", url)
        sender.close()


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("", set()),
        (" Calendar.Example.LAN , 10.0.0.7:5232\n[fd00::1]:80 fd00::2", {
            "calendar.example.lan", "10.0.0.7:5232", "[fd00::1]:80", "fd00::2"}),
        ("https://dav.example.lan:8443/dav/", {"dav.example.lan:8443"}),
    ],
)  # fmt: skip
def test_list_of_allowed_servers_is_read_as_people_write_it(text, hosts):
    """S2-04: commas, spaces, lines, whole addresses."""
    assert hosts_from(text) == hosts


@pytest.mark.parametrize("text", ["*.example.org", "10.0.0.0/8", "a b:port", "me:pw@host", ":"])
def test_entry_that_is_no_server_is_refused(text):
    """S2-04: a pattern would allow what nobody meant."""
    with pytest.raises(ValueError, match=r".+"):
        hosts_from(text)
