"""The set-up guide's verdicts: what is done, to do, optional, or not working."""

from datetime import UTC, datetime, timedelta

import pytest

from calendar_sync_pro.sync import setup_guide as guide
from calendar_sync_pro.sync.setup_guide import App, State

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOME, ABROAD = "https://odoo.corp.example", "http://odoo.corp.example"
HERE = "http://localhost:8069"


@pytest.mark.parametrize(
    ("base", "origin", "state", "code"),
    [
        (HOME, HOME, "ok", "address_ok"),
        (HOME + "/", HOME, "ok", "address_ok"),
        (HOME, "", "ok", "address_ok"),
        (HOME, "http://10.0.0.7:8069", "ok", "address_elsewhere"),
        (ABROAD, ABROAD, "failing", "address_plain"),
        (HERE, HERE, "optional", "address_local"),
        (HERE, "http://127.0.0.1:8069", "optional", "address_local"),
        (HERE, HOME, "failing", "address_wrong"),
        ("", HOME, "failing", "address_plain"),
    ],
)
def test_providers_send_people_back_to_an_encrypted_address(base, origin, state, code):
    """B-15: https; this computer alone is good for trying out."""
    assert guide.address(base, origin) == (state, code)


@pytest.mark.parametrize(
    ("base", "origin", "may"),
    [
        (HERE, HOME, True),
        (ABROAD, HOME, True),
        (HOME, "https://other.example", False),
        (HERE, ABROAD, False),
        (ABROAD, "https://localhost", False),
        (ABROAD, "https://evil.example/path", False),
        (ABROAD, "https://user@evil.example", False),
        (ABROAD, "https://", False),
        (ABROAD, "javascript:alert(1)", False),
    ],
)
def test_only_a_better_address_is_offered(base, origin, may):
    """B-15: a plain https address where the present one can't work."""
    assert guide.may_use(base, origin) is may


def test_workers_that_have_just_come_are_well():
    """B-15: switched off, silent, and not yet come are three different things."""
    recent, old = NOW - timedelta(seconds=50), NOW - timedelta(minutes=6)
    long_ago = NOW - timedelta(days=3)
    both = (True, True)
    assert guide.workers(both, [recent, old], long_ago, NOW) == ("ok", "workers_ok")
    assert guide.workers((True, False), [recent], long_ago, NOW) == ("failing", "workers_off")
    assert guide.workers((), [], long_ago, NOW) == ("failing", "workers_off")
    assert guide.workers(both, [old], long_ago, NOW) == ("failing", "workers_silent")
    assert guide.workers(both, [], long_ago, NOW) == ("failing", "workers_silent")
    assert guide.workers(both, [], recent, NOW) == ("open", "workers_new")


def judged(app, **known):
    return guide.credentials(app, **({"is_off": False, "is_needed": True} | known))


def test_credentials_are_needed_of_one_provider_only():
    """B-15: entered and tried; a provider that nobody uses is no task."""
    assert judged(None) == ("open", "app_missing")
    assert judged(None, is_needed=False) == ("optional", "app_missing")
    assert judged(App(), is_off=True) == ("optional", "provider_off")
    assert judged(App()) == ("open", "app_incomplete")
    entered = App(has_credentials=True)
    assert judged(entered) == ("open", "app_untested")
    assert guide.redirect(None) is None
    assert guide.redirect(App()) is None
    assert guide.redirect(entered) == ("open", "redirect_untried")


def test_a_test_tells_credentials_and_redirect_uri_apart():
    """B-15: who registered a wrong address has the right secret."""
    tried = {
        ("ok", ""): (State.OK, State.OK),
        ("refused", "wrong_client"): (State.FAILING, State.OPEN),
        ("refused", "unavailable"): (State.FAILING, State.OPEN),
        ("refused", "wrong_redirect_uri"): (State.OK, State.FAILING),
    }
    for (state, reason), (credentials, redirect) in tried.items():
        app = App(has_credentials=True, state=state, reason=reason)
        assert (judged(app).state, guide.redirect(app).state) == (credentials, redirect), reason


def test_notices_are_known_by_trying_and_never_a_must():
    """B-15: an Odoo that can't be reached works, only slower."""

    def notices(push, base=HOME, *, is_wanted=True):
        app = App(has_credentials=True, push=push)
        return guide.notices(app, is_wanted=is_wanted, base_url=base)

    assert notices("working") == ("ok", "notices_ok")
    assert notices("working", HERE) == ("ok", "notices_ok"), "found by trying, not by its address"
    assert notices("unreachable") == ("optional", "notices_unreachable")
    assert notices("trying") == ("open", "notices_trying")
    assert notices("unknown") == ("open", "notices_untried")
    assert notices("unknown", ABROAD) == ("optional", "notices_no_https")
    assert notices("unknown", is_wanted=False) == ("optional", "notices_off")
    assert guide.notices(App(), is_wanted=True, base_url=HOME) is None


def test_the_latest_test_appointment_counts():
    """B-15: nobody connected, none booked, failed, passed."""
    assert guide.trial(0, []) == ("open", "trial_nobody")
    assert guide.trial(2, ["waiting", ""]) == ("open", "trial_untried")
    assert guide.trial(2, ["failed", "passed"]) == ("failing", "trial_failed")
    assert guide.trial(2, ["waiting", "passed", "failed"]) == ("ok", "trial_ok")


def test_text_messages_are_judged_by_what_became_of_the_latest():
    """B-15: credit used up, account refused, sent, registered, or nothing yet."""

    def sms(**known):
        facts = {"is_used": True, "trouble": "", "has_sent": False, "account": ""} | known
        return guide.sms(**facts)

    assert sms(trouble="sms_credit", account="registered") == ("failing", "sms_no_credit")
    assert sms(trouble="sms_acc") == ("failing", "sms_refused")
    assert sms(account="banned", has_sent=True) == ("failing", "sms_refused")
    assert sms(has_sent=True) == ("ok", "sms_ok")
    assert sms(account="other") == ("ok", "sms_ok")
    assert sms() == ("open", "sms_missing")
    assert sms(is_used=False) == ("optional", "sms_missing")


def test_what_is_optional_does_not_count():
    """B-15: the bar can reach its end."""
    ok, missing, optional = (guide.Verdict(s, "") for s in (State.OK, State.OPEN, State.OPTIONAL))
    assert guide.progress([ok, missing, optional, ok]) == (2, 3)
    assert guide.progress([optional]) == (0, 0)
