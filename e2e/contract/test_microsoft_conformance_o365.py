"""The sandbox's Graph as O365 sees it: a client library that we did not write (the cross-check)."""

import json

import pytest

from sandbox.client import SandboxProcess

from .own_venv import run


@pytest.fixture(scope="module")
def day():
    """What O365 printed after its day, and what the outbox held."""
    with SandboxProcess(seed="empty") as box:
        me, guest = (box.ms.user(f"{name}@north.example")["email"] for name in ("ann", "ben"))
        given = {"facts": box.facts, "me": me, "guest": guest}
        yield json.loads(run("o365", "o365_session.py", json.dumps(given))), box.mails()


def test_o365_makes_changes_and_deletes_events(day):
    """Singles and a series with a hole: all as O365 expects them."""
    seen, _mails = day
    assert seen["titles"] == ["Call moved", *["Weekly"] * 4]
    assert (seen["place"], seen["body"]) == ("Bonn", "Bring cake")
    assert seen["start"] == "2026-12-01 10:00:00+01:00"
    assert seen["left"] == 4


def test_o365_answers_an_invitation(day):
    """The guest's copy, and the organizer's mail about it."""
    seen, mails = day
    assert (seen["organizer"], seen["copy"]) == ("ann@north.example", "Call moved")
    kinds = [(mail["kind"], mail["to"]) for mail in mails]
    assert kinds == [
        ("invitation", "ben@north.example"),
        ("update", "ben@north.example"),
        ("response", "ann@north.example"),
    ]


def test_o365_handles_calendars_and_busy_times(day):
    """The smaller resources."""
    seen, _mails = day
    assert seen["lists"] == ["Calendar", "Visits"]
    assert seen["busy"] == ["free", "busy", "free", "free"]
