"""CalDAV's workload is the same, and its server counts what was asked."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from benchmarks.dav import PASSWORD, DavServer
from benchmarks.stub import google
from benchmarks.stub.shelf import Request
from calendar_sync_pro.core.changes import Window
from calendar_sync_pro.providers.port import Login, OAuthApp, provider

NOW = datetime.now(UTC)
WINDOW = Window(NOW - timedelta(days=250), NOW + timedelta(days=250))
COUNT = 20


@pytest.fixture
def server():
    with DavServer(COUNT) as running:
        yield running


def opened(server):
    """Our adapter, signed in at the server, and the calendar's id."""
    app = OAuthApp("", "", trusted_hosts=frozenset({urlsplit(server.url).netloc}))
    caldav = provider("caldav")
    grant, _who = caldav.password_sign_in.sign_in(app, Login(server.url, server.user, PASSWORD))
    account = caldav.open(app, grant)
    return account, account.calendars()[0].remote_id


def test_server_tells_the_workload_and_counts_requests(server):
    """Given the workload on a real server, when it is read, changed and read again, then it is
    all there, only what changed comes again, and each request was counted once."""
    account, calendar = opened(server)
    page = account.changes(calendar, "", WINDOW)
    shelf = google.GoogleShelf(f"acct-0-n{COUNT}")
    assert {event.fields.title for event in page.events} == {one.title for one in shelf.entries}
    assert sum(bool(event.fields.recurrence) for event in page.events) == COUNT // 10
    server.control(touch=4)
    again = account.changes(calendar, page.cursor, WINDOW)
    assert len(again.events) == 4
    assert server.control()["stats"]["by"] == {"REPORT": 2}
    assert server.control(reset=1)["stats"]["requests"] == 0


def test_stub_refuses_what_it_does_not_know():
    """Given an unknown path, then 404 and no event is made."""
    shelf = google.GoogleShelf("acct-0-n10")
    request = Request("POST", "/calendar/v3/elsewhere", {}, {}, "acct-0-n10")
    assert google.answer(shelf, request, 100)[0] == 404
    assert not shelf.inserted
