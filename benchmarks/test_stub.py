"""The comparison is fair: every provider tells the same events, and only what ran is judged."""

from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.bars import BARS
from benchmarks.plan import GOOGLE_W1000, MICROSOFT_W1000, PLAN
from benchmarks.report import report
from benchmarks.stub import StubProcess
from calendar_sync_pro.core.changes import Window
from calendar_sync_pro.providers.port import Endpoints, Grant, OAuthApp, provider

NOW = datetime.now(UTC)
WINDOW = Window(NOW - timedelta(days=250), NOW + timedelta(days=250))
PATHS = {"google": "/calendar/v3", "microsoft": "/v1.0"}
TOKEN = "acct-0-n40"
ROWS = {"events": 1900, "attendees": 5700}


@pytest.fixture(scope="module")
def stub():
    with StubProcess() as running:
        yield running


def told(stub, name):
    """What our adapter reads from the stub, by title."""
    app = OAuthApp("x", "x", endpoints=Endpoints(api_url=f"{stub.url}{PATHS[name]}"))
    grant = Grant(TOKEN, "r", NOW + timedelta(days=1), frozenset())
    opened = provider(name).open(app, grant)
    page = opened.changes("bench0@example.org", "", WINDOW)
    assert not page.has_more
    return {event.fields.title: event.fields for event in page.events}


def test_every_provider_tells_the_same_events(stub):
    """Given one workload, when both providers tell it, then titles, times, guests, places,
    reminders and rules are the same: neither contestant has less to do."""
    one, other = told(stub, "google"), told(stub, "microsoft")
    assert one.keys() == other.keys()
    assert len(one) == 40
    for title, fields in one.items():
        twin = other[title]
        assert (fields.when.start, fields.when.stop) == (twin.when.start, twin.when.stop)
        assert (fields.location, fields.reminders) == (twin.location, twin.reminders)
        assert {g.email for g in twin.attendees} < {g.email for g in fields.attendees}
        assert bool(fields.recurrence) == bool(twin.recurrence)


def test_only_what_ran_is_judged(capsys):
    """Given one run out of the plan, when the report is printed, then no other run is in it."""
    row = {"name": "first", "s": 1.0, "sql": 9, "http": 1, "grown_mb": 2.0, "by": {"list": 1}}
    slow = row | {"s": 9.0}
    results = {
        (MICROSOFT_W1000, "ours"): [{"rows": [row], "check": ROWS}],
        (MICROSOFT_W1000, "peer"): [{"rows": [slow], "check": ROWS}],
    }
    assert report(results)
    printed = capsys.readouterr().out
    assert MICROSOFT_W1000.name in printed
    assert "9.00" in printed
    assert all(word not in printed for word in (GOOGLE_W1000.name, "nan", "NO"))


def test_a_missed_bar_is_said(capsys):
    """Given a run that was slower than the peer, then its bar does not hold."""
    row = {"name": "first", "s": 1.0, "sql": 9, "http": 1, "grown_mb": 2.0, "by": {}}
    results = {(MICROSOFT_W1000, one): [{"rows": [row], "check": ROWS}] for one in ("ours", "peer")}
    assert not report(results)
    assert "NO" in capsys.readouterr().out


def test_doing_less_than_the_peer_is_said(capsys):
    """Given a contestant that stopped half-way, then it is not called faster and left at that."""
    row = {"name": "first", "s": 1.0, "sql": 9, "http": 1, "grown_mb": 2.0, "by": {}}
    results = {
        (GOOGLE_W1000, "ours"): [{"rows": [row], "check": ROWS | {"events": 1000}}],
        (GOOGLE_W1000, "peer"): [{"rows": [row | {"s": 9.0}], "check": ROWS}],
    }
    assert not report(results)
    [missed] = [line for line in capsys.readouterr().out.splitlines() if "NO" in line]
    assert "kinds of rows" in missed


def test_every_bar_belongs_to_the_plan():
    """A bar about a run that nobody measures would never be missed."""
    assert {bar.run for bar in BARS} <= set(PLAN)
    assert len({run.name for run in PLAN}) == len(PLAN)
