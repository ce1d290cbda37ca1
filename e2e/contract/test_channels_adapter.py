"""Notices of changes from Google and Microsoft, through the port, over real HTTP."""

import itertools
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest

from calendar_sync_pro.core.errors import Forbidden, NotFound
from calendar_sync_pro.providers import port
from calendar_sync_pro.providers.port import ADDRESS_REFUSED, NoticeKind
from calendar_sync_pro.tests.pure.contract.backend import draft, new_key

from .google_world import GoogleWorld
from .microsoft_world import MicrosoftWorld, fresh_world

WORLDS = {"google": GoogleWorld, "microsoft": MicrosoftWorld}
BOTH = pytest.mark.parametrize("provider", sorted(WORLDS))
ONLY_MICROSOFT = pytest.mark.parametrize("provider", ["microsoft"])
_NUMBERS = itertools.count(1)


class Listener:
    """Our address, as the product answers there: greetings come back, notices are read."""

    def __init__(self, reader):
        self.notices = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                greeting = reader.greeting(dict(parse_qsl(urlsplit(self.path).query)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                listener.notices += () if greeting else reader.notices(headers, body)
                self._answer(200 if greeting else 202, greeting)

            def do_GET(self):
                self._answer(404, "")

            def _answer(self, status, text):
                self.send_response(status)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_args):
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/notice"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def wait(self, number, timeout_s=5.0):
        """The kinds of the notices, once there are `number` (or the time is up)."""
        end = time.monotonic() + timeout_s
        while len(self.notices) < number and time.monotonic() < end:
            time.sleep(0.02)
        return [notice.kind for notice in self.notices]

    def close(self):
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def world(google_box, provider):
    """Ann and Bob there."""
    yield from fresh_world(google_box, WORLDS[provider])
    google_box.settings(microsoft__subscription_cap_min=10080)


@pytest.fixture
def listener(provider):
    """Who hears the notices."""
    made = Listener(port.provider(provider).notices)
    yield made
    made.close()


def wish(world, address, days=7, **more):
    """A watch on Ann's calendar."""
    until = datetime.now(UTC) + timedelta(days=days)
    key = f"channel-{next(_NUMBERS)}"
    return port.Watch(world.calendar("ann"), address, key, "a secret", until, **more)


@BOTH
def test_a_change_is_told_with_our_secret_until_the_channel_is_stopped(world, listener):
    """S2-51, S2-52: made and removed there; what was stopped is silent, stopping twice is fine."""
    ann, home = world.provider("ann"), world.calendar("ann")
    channel = ann.watch(wish(world, listener.url))
    assert timedelta(days=6) < channel.expires_at - datetime.now(UTC) <= timedelta(days=7)
    assert channel.is_proven or listener.wait(1) == [NoticeKind.PROOF]
    listener.notices.clear()
    event = ann.create(home, draft("Told"), new_key())
    assert listener.wait(1) == [NoticeKind.CHANGED]
    ann.delete(home, event.remote_id, "")
    assert len(listener.wait(2)) == 2
    assert {notice.secret for notice in listener.notices} == {"a secret"}
    ann.stop(channel)
    ann.stop(channel)
    ann.create(home, draft("Not told"), new_key())
    assert len(listener.wait(3, timeout_s=0.4)) == 2


@BOTH
def test_an_address_that_can_not_be_reached_is_told_as_such(world, provider):
    """S2-51: found out by trying: without https, or where nobody listens."""
    closed = {"google": "http://odoo.example/notice", "microsoft": "http://127.0.0.1:9/notice"}
    with pytest.raises(Forbidden) as refused:
        world.provider("ann").watch(wish(world, closed[provider]))
    assert refused.value.reason == ADDRESS_REFUSED


@BOTH
def test_a_calendar_that_is_not_there_is_another_matter(world, listener):
    """S2-51: nothing is learnt about our address."""
    strange = port.Watch(
        "no-such-calendar", listener.url, "k", "s", datetime.now(UTC) + timedelta(days=1)
    )
    with pytest.raises(NotFound):
        world.provider("ann").watch(strange)


@pytest.mark.parametrize("provider", ["google"])
def test_google_renews_no_channel(world, listener):
    """S2-51: another one is made beside it, under another name."""
    ann = world.provider("ann")
    channel = ann.watch(wish(world, listener.url))
    with pytest.raises(NotFound):
        ann.renew(channel, datetime.now(UTC) + timedelta(days=7))
    other = ann.watch(wish(world, listener.url))
    assert other.remote_id != channel.remote_id


@ONLY_MICROSOFT
def test_a_subscription_is_renewed_or_made_again(world, listener):
    """S2-51: PATCH puts the end off; one that has ended is told as gone; what an earlier try left
    behind is ended first, so that nothing is told twice."""
    ann = world.provider("ann")
    first = ann.watch(wish(world, listener.url, days=1))
    renewed = ann.renew(first, datetime.now(UTC) + timedelta(days=7))
    assert renewed.expires_at > first.expires_at + timedelta(days=5)
    second = ann.watch(wish(world, listener.url))
    own = [one for one in world.box.ms.subscriptions() if one["user"] == world.email("ann")]
    assert [one["id"] for one in own] == [second.remote_id]
    with pytest.raises(NotFound):
        ann.renew(first, datetime.now(UTC) + timedelta(days=7))


@ONLY_MICROSOFT
def test_the_longest_life_is_found_out(world, listener):
    """S2-51: where Graph grants three days only, three days are taken."""
    world.box.settings(microsoft__subscription_cap_min=4230)
    channel = world.provider("ann").watch(wish(world, listener.url))
    assert timedelta(days=2) < channel.expires_at - datetime.now(UTC) < timedelta(days=3)


@ONLY_MICROSOFT
def test_what_becomes_of_a_subscription_is_told(world, listener):
    """S2-51: renew me, changes were lost, I have ended: each asks for something else."""
    channel = world.provider("ann").watch(wish(world, listener.url))
    for number, event in enumerate(("reauthorizationRequired", "missed", "subscriptionRemoved"), 1):
        world.box.ms.lifecycle(channel.remote_id, event)
        listener.wait(number)
    kinds = [NoticeKind.RENEW, NoticeKind.CHANGED, NoticeKind.ENDED]
    assert [notice.kind for notice in listener.notices] == kinds


NONSENSE = [b"", b"null", b"[]", b"{}", b'{"value": 7}', b'{"value": [1, null, "x"]}', b"\xff\xfe"]


@pytest.mark.parametrize("provider", sorted(WORLDS))
@pytest.mark.parametrize("body", NONSENSE)
def test_nonsense_is_no_notice(provider, body):
    """D-04: whatever is sent to our address, reading it finds nothing and breaks nothing."""
    assert not port.provider(provider).notices.notices({}, body)
