"""The sandbox's Google as gcsa sees it: a client library that we did not write.

gcsa lives in a venv of its own, because its pins are not Odoo's. It is built from gcsa.lock (with
hashes) in the cache folder when it is not there yet.
"""

import json

import pytest

from sandbox.client import SandboxProcess

from .own_venv import run


@pytest.fixture(scope="module")
def day():
    """What gcsa printed after its day, and what the outbox held."""
    with SandboxProcess(seed="empty") as box:
        ann, ben = (
            box.user(f"{n}@north.example", kind="workspace")["email"] for n in ("ann", "ben")
        )
        facts = {
            "root": box.google["auth_base"] + "/",
            "token_uri": box.google["token_url"],
            "client_id": box.google["client_id"],
            "client_secret": box.google["client_secret"],
            "refresh_token": box.tokens(ann)["refresh_token"],
            "email": ann,
            "guest": ben,
        }
        yield json.loads(run("gcsa", "gcsa_session.py", json.dumps(facts))), box.mails()


def test_gcsa_makes_changes_and_deletes_events(day):
    """Singles, all-day, series with a hole: all as gcsa expects them."""
    seen, _mails = day
    assert seen["read"] == "Bonn"
    assert sorted(seen["titles"]) == ["Call moved", "Fair", "Weekly", "Weekly"]
    assert (seen["left"], seen["holes"]) == (["Call moved", "Weekly"], 1)


def test_gcsa_handles_calendars_settings_and_busy_times(day):
    """The smaller resources."""
    seen, _mails = day
    assert seen["lists"] == ["ann@north.example", "Other"]
    assert seen["moved"] == ["Coffee"]
    assert len(seen["busy"]) == 1
    assert (seen["zone"], seen["colours"]) == ("Europe/Berlin", 11)


def test_gcsa_invitation_is_recorded(day):
    """send_updates=all mailed the guest."""
    assert ("invitation", "ben@north.example") in {(m["kind"], m["to"]) for m in day[1]}
