"""The one place that sends, against servers that misbehave below HTTP's manners."""

import contextvars
import ssl
import threading
import time

import pytest

from calendar_sync_pro.core.errors import Unavailable
from calendar_sync_pro.providers import meter
from calendar_sync_pro.providers.http import Sender

from .rough_server import HEAD, drips, self_signed, server, well


@pytest.mark.parametrize("head", [HEAD + b"900\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-A: "])
def test_dripping_server_is_given_up_when_the_time_is_over(head):
    """S1-22: every byte would start a socket's own time-out anew."""
    with server(drips(head)) as (url, _accepted):
        started = time.monotonic()
        with pytest.raises(Unavailable, match="timeout") as lost:
            Sender(timeout_s=0.6).send("POST", url)
        assert time.monotonic() - started < 5
        assert lost.value.has_unknown_outcome


def test_answer_without_end_is_cut_at_the_cap():
    """S1-22: no provider can fill the memory."""

    def talk(connection, _request):
        connection.sendall(HEAD + b"99999999\r\n\r\n")
        for _ in range(2000):
            connection.sendall(b"x" * 10000)

    with server(talk) as (url, _accepted), pytest.raises(Unavailable, match="answer_too_large"):
        Sender(max_bytes=100_000).send("GET", url)


def test_connection_that_cannot_be_made_sent_nothing():
    """S4-25: then a write certainly did not happen."""
    with pytest.raises(Unavailable) as lost:
        Sender().send("POST", "http://127.0.0.1:1/x")
    assert not lost.value.has_unknown_outcome


def test_redirect_is_not_followed_with_a_token():
    """S4-05: an answer that points elsewhere is an answer, not an order."""
    asked = []

    def talk(connection, request):
        asked.append(request)
        connection.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
        )

    with server(talk) as (url, _accepted):
        assert Sender().send("GET", url).status == 302
    assert len(asked) == 1


def test_connection_is_kept_for_the_next_request():
    """S1-22: a run pays for one handshake."""
    with server(well) as (url, accepted):
        sender = Sender()
        for _ in range(5):
            assert sender.send("GET", url).json() == {}
        sender.close()
        assert len(accepted) == 1


def test_password_file_of_the_host_does_not_replace_the_token(tmp_path, monkeypatch):
    """S4-05: a ~/.netrc for the host would otherwise win over our bearer token."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    seen = []

    def talk(connection, request):
        seen.append(request)
        well(connection, request)

    with server(talk) as (url, _accepted):
        Sender().send("GET", url, headers={"Authorization": "Bearer t"})
    assert b"Bearer t" in seen[0]
    assert b"Basic" not in seen[0]


@pytest.fixture
def certificate(tmp_path):
    """A certificate for the loopback address that nobody has signed but itself."""
    return self_signed(tmp_path, "127.0.0.1")


def test_tls_is_verified_and_works_once_trusted(certificate, monkeypatch):
    """S4-05: an unknown certificate gets no request; a company's own authority can be named."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with server(well, context) as (url, _accepted):
        with pytest.raises(Unavailable, match="tls") as refused:
            Sender().send("POST", url)
        assert not refused.value.has_unknown_outcome
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert Sender().send("POST", url).status == 200
    dripping = server(drips(HEAD + b"900\r\n\r\n"), context)
    with dripping as (url, _accepted), pytest.raises(Unavailable, match="timeout"):
        Sender(timeout_s=0.6).send("GET", url)


def test_requests_are_counted_by_kind_for_whoever_counts():
    """B-09: also those of threads that read ahead, and those that fail; nobody else's."""

    def talk(connection, request):
        status = b"429 Slow" if b"/slow" in request else b"200 OK"
        connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")

    counted, inner = meter.Requests(), meter.Requests()
    with server(talk) as (url, _accepted):
        sender = Sender()
        sender.send("GET", url)
        with meter.counting(counted):
            context = contextvars.copy_context()
            thread = threading.Thread(target=context.run, args=(sender.send, "GET", url))
            thread.start()
            thread.join()
            sender.send("POST", url + "/slow")
            sender.send("POST", url, form={"grant_type": "refresh_token"})
            with meter.counting(inner):
                sender.send("REPORT", url, is_write=False)
        sender.send("GET", url)
    with meter.counting(inner), pytest.raises(Unavailable):
        Sender().send("PUT", "http://127.0.0.1:1/x")
    assert counted == meter.Requests(reads=1, writes=1, sign_ins=1, throttled=1)
    assert inner == meter.Requests(reads=1, writes=1)
