"""A domain's service records (RFC 6764): what they are used for, and what they can't bring about.

A real DNS server on loopback and real CalDAV servers behind TLS. Nothing but "localhost" leads to
this machine by name, so it stands for the domain, or for the foreign host that a domain names.
"""

import time

import pytest

from calendar_sync_pro.core import errors
from calendar_sync_pro.providers.connecting import Login
from calendar_sync_pro.providers.service_records import MOST_PLACES, Place, look_up
from e2e.support.dns_server import DnsServer
from e2e.support.tls_front import TlsFront

from .dav_login import ANY, SECRET, app, refusal
from .rough_server import self_signed

RECORD = "_caldavs._tcp"
ON_ONE = pytest.mark.parametrize("dav", ["radicale"], indirect=True)
"""The DNS knows nothing of servers: what happens before them need not be tried on each."""


@pytest.fixture(scope="module")
def dns():
    """A DNS server that knows nothing yet."""
    with DnsServer() as running:
        yield running


@pytest.fixture
def front(dav, dns, tmp_path, monkeypatch):
    """The CalDAV server over TLS as "localhost", with a certificate that is believed."""
    dns.calm()
    dav.calm()
    for person in ("ada@localhost", "ada@north.example", "ada"):
        dav.server.add_user(person, SECRET)
    certificate = self_signed(tmp_path, "localhost")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with TlsFront(certificate, dav.port) as running:
        yield running


@pytest.fixture
def connect(front, dns):
    """Sign in with what a person typed; "localhost" and its port are allowed."""

    def act(username, address=""):
        trusted = app(f"localhost:{front.port}", dns_server=dns.address)
        return ANY.sign_in(trusted, Login(address, username, SECRET))

    return act


def point(dns, domain, *targets, path=""):
    """Publish where the calendars of a domain are."""
    dns.publish(f"{RECORD}.{domain}", "SRV", *targets)
    if path:
        dns.publish(f"{RECORD}.{domain}", "TXT", f'"path={path}"')


def test_e_mail_address_and_password_are_enough(dav, dns, front, connect):
    """S2-04: port and path come from the domain's records; nothing else is asked before."""
    home = dav.server.home("ada@localhost")
    point(dns, "localhost", f"0 1 {front.port} localhost.", path=home)
    before = dav.last
    grant, identity = connect("ada@localhost")
    assert grant.home_url.startswith(f"https://localhost:{front.port}/")
    assert identity.email == "ada@localhost"
    assert dav.requests(since=before)[0].path == home
    assert connect("ada", "localhost")[0].home_url.startswith(f"https://localhost:{front.port}/")


@ON_ONE
def test_host_of_somebody_else_is_asked_about_before_it_hears_the_password(
    dav, dns, front, connect
):
    """S2-07, S2-04: an unsigned record decides nothing; agreeing is typing its address."""
    point(dns, "north.example", f"0 1 {front.port} localhost.")
    before = dav.last
    with pytest.raises(errors.Elsewhere) as asked:
        connect("ada@north.example")
    question = asked.value
    assert (question.reason, question.host, question.named_by) == (
        "named_elsewhere", "localhost", "north.example",
    )  # fmt: skip
    assert (dav.last, front.connections) == (before, 0), "somebody was asked before"
    grant, _who = connect("ada@north.example", question.address)
    assert grant.home_url.startswith(f"https://localhost:{front.port}/")


@ON_ONE
def test_own_host_goes_before_a_foreign_one(dns, front, connect):
    """S2-04: whatever the priorities say."""
    point(dns, "localhost", "0 9 443 example.net.", f"7 1 {front.port} localhost.")
    assert connect("ada@localhost")[0].home_url.startswith("https://localhost")


@ON_ONE
def test_whole_address_is_believed_without_asking_the_dns(dav, dns, front, connect):
    """S2-04: somebody who types port or path means that very server."""
    point(dns, "localhost", "0 1 443 example.net.")
    connect("ada", f"https://localhost:{front.port}")
    assert dns.asked == []


@ON_ONE
@pytest.mark.parametrize(
    "targets",
    [
        ["0 0 0 ."],
        ["0 0 443 10.0.0.1."],
        ["0 0 443 metadata.invalid."],
        ["0 0 22 nas.else.example."],
        [r"0 0 443 evil\.example\047\@x."],
    ],
    ids=["no service", "private", "unknown", "a shell's port", "no host name"],
)
def test_target_that_may_not_be_reached_is_not_even_asked_about(dav, dns, connect, targets):
    """S2-07: the form says the same as without any record."""
    point(dns, "south.invalid", *targets)
    before = dav.last
    outcome = refusal(lambda: connect("ada@south.invalid"))
    assert outcome == (errors.Unavailable, "unknown_host")
    assert dav.last == before


@ON_ONE
def test_own_host_inside_the_private_network_is_said_to_need_permission(dns, connect):
    """S2-07: the administrator can help; the password went nowhere."""
    point(dns, "localhost", "0 0 8443 localhost.")
    assert refusal(lambda: connect("ada@localhost")) == (errors.Unavailable, "address_not_allowed")


@ON_ONE
def test_google_s_own_record_leads_to_its_card(dns, connect):
    """S2-07: domains of Google Workspace publish one; there is no password for it."""
    point(dns, "localhost", "0 0 443 calendar.google.com.")
    assert refusal(lambda: connect("ada@localhost")) == (errors.Forbidden, "no_passwords")


def test_aliases_in_a_circle_and_endless_records_come_to_an_end(dns):
    """S2-04: four places at most, the preferred ones."""
    dns.calm()
    point(dns, "many.example", *(f"{n} 1 443 h{n}.many.example." for n in range(800, 0, -1)))
    places = look_up(RECORD, "many.example", dns.address).places
    assert places == tuple(Place(f"h{n + 1}.many.example", 443) for n in range(MOST_PLACES))
    dns.publish(f"{RECORD}.loop.example", "CNAME", "other.loop.example.")
    dns.publish("other.loop.example", "CNAME", f"{RECORD}.loop.example.")
    began = time.monotonic()
    assert look_up(RECORD, "loop.example", dns.address).places == ()
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "/a b", "", "/?x"])
def test_path_that_is_none_is_left_out(dns, path):
    """S2-04: it can't become another host."""
    dns.calm()
    point(dns, "north.example", "5 1 8443 b.north.example.", "0 1 443 A.North.Example.")
    dns.publish(f"{RECORD}.north.example", "TXT", f'"v=1" "path={path}"')
    found = look_up(RECORD, "north.example", dns.address)
    assert found.path == ""
    assert found.places == (Place("a.north.example", 443), Place("b.north.example", 8443))


@ON_ONE
def test_resolver_without_an_answer_holds_nobody_up(dav, dns, front, connect):
    """S2-07: three seconds at most, then the usual places are asked."""
    dns.is_silent = True
    began = time.monotonic()
    assert refusal(lambda: connect("ada@south.invalid"))[1] == "unknown_host"
    assert time.monotonic() - began < 15
