"""An error happened: what next, when, and in which words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ...core import errors
from ...sync.backoff import as_stored, delay_s, next_run, quarantine_delay_s
from ...sync.reasons import REASONS, explain, known
from ...sync.triage import triage
from .events import at

NOW = at(9)


@pytest.mark.parametrize(
    ("error", "attempts", "action", "scope", "reason"),
    [
        (errors.AuthExpired(is_revoked=False), 0, "refresh", "account", "token_expired"),
        (errors.AuthExpired(is_revoked=False), 1, "reconnect", "account", "access_revoked"),
        (errors.AuthExpired("password_refused"), 0, "reconnect", "account", "password_refused"),
        (errors.AuthExpired("invalid_grant"), 0, "reconnect", "account", "access_revoked"),
        (errors.AuthExpired("invalid_rapt"), 0, "reconnect", "account", "policy_changed"),
        (errors.AuthExpired("insufficientPermissions"), 0, "reconnect", "account", "missing_scope"),
        (errors.AppMisconfigured("invalid_client"), 0, "app_error", "app", "app_misconfigured"),
        (errors.RateLimited(), 0, "retry", "account", "rate_limited"),
        (errors.RateLimited(is_write_quota=True), 0, "wait_writes", "account", "write_quota"),
        (errors.Unavailable(), 0, "retry", "account", "unavailable"),
        (errors.Unavailable("tls"), 0, "retry", "account", "tls_problem"),
        (errors.Unavailable("address_not_allowed"), 3, "retry", "account", "address_not_allowed"),
        (errors.Unavailable(has_unknown_outcome=True), 0, "reread", "event", "unknown_outcome"),
        (errors.SyncTokenExpired(), 0, "relist", "account", "cursor_expired"),
        (errors.Conflict(), 0, "reread", "event", "conflict"),
        (errors.Conflict(), 2, "reread", "event", "conflict"),
        (errors.Conflict(), 3, "quarantine", "event", "conflict"),
        (errors.AlreadyExists(), 0, "reread", "event", "already_exists"),
        (errors.NotFound(), 0, "gone", "event", "not_found"),
        (errors.Forbidden("forbiddenForNonOrganizer"), 0, "read_only", "event", "forbidden"),
        (
            errors.Forbidden("admin_consent_required"),
            0,
            "reconnect",
            "account",
            "admin_consent_required",
        ),
        (errors.AuthExpired("no_mailbox"), 0, "reconnect", "account", "no_mailbox"),
        (errors.Malformed("broken_rule"), 0, "quarantine", "event", "broken_rule"),
        (errors.Malformed("status_400"), 5, "quarantine", "event", "malformed"),
    ],
)
def test_each_error_has_one_answer(error, attempts, action, scope, reason):
    """S1-10, S4-25: nobody above parses a status code; each answer has a sentence."""
    answer = triage(error, attempts=attempts, now=NOW)
    assert (answer.action, answer.scope, answer.reason_code) == (action, scope, reason)
    assert reason in REASONS


@pytest.mark.parametrize(
    "reason", ["would_notify", "not_organizer", "guest_list_not_ours", "online_meeting_text"]
)
def test_a_refused_change_keeps_the_reason_that_the_adapter_gave(reason):
    """S1-10: a person reads why this change was not sent, and what to do about it."""
    answer = triage(errors.Forbidden(reason), attempts=0, now=NOW)
    assert (answer.action, answer.reason_code) == ("read_only", reason)
    assert explain(reason).next_step
    told = triage(errors.Malformed("not_expressible", field="recurrence"), attempts=0, now=NOW)
    assert (told.action, told.reason_code) == ("quarantine", "not_expressible")


@pytest.mark.parametrize("error", [errors.RateLimited, errors.Unavailable])
def test_providers_wish_to_wait_is_never_undercut(error):
    """S1-05: Retry-After."""
    answer = triage(error(retry_after_s=1234), attempts=0, now=NOW)
    assert answer.retry_at == NOW + timedelta(seconds=1234)


def test_expired_cursor_is_listed_once_a_run_at_once_then_later():
    """S4-07: no loop of full listings."""
    assert triage(errors.SyncTokenExpired(), attempts=0, now=NOW).retry_at is None
    assert triage(errors.SyncTokenExpired(), attempts=1, now=NOW).retry_at > NOW


def test_unknown_error_is_a_bug_and_raised():
    """S4-25: bugs are not swallowed."""
    with pytest.raises(errors.ProviderError):
        triage(errors.ProviderError("new"), attempts=0, now=NOW)


def test_ten_minutes_outage_is_made_up_for_within_fifteen():
    """S1-05: from creation to the calendar, with the provider down for 10 minutes."""
    waited_s, attempts = 0, 0
    while waited_s < 600:
        attempts += 1
        waited_s += delay_s(attempts)
    assert waited_s <= 900


def test_delays_grow_and_stay_bounded():
    """S1-05: nothing is asked for ever, nothing loops."""
    assert [delay_s(n) for n in (0, 1, 2, 3, 5, 6, 14, 15, 9999)] == [
        15, 15, 30, 60, 240, 300, 300, 900, 900,
    ]  # fmt: skip
    assert [quarantine_delay_s(n) for n in (1, 2, 7, 9999)] == [300, 600, 19200, 21600]


@pytest.mark.parametrize(("is_working_time", "minutes"), [(True, 5), (False, 15)])
def test_next_run_is_soon_in_working_hours(is_working_time, minutes):
    """S0-20: every few minutes in business hours, every 15 outside."""
    due = next_run(NOW, is_working_time=is_working_time, failures=0)
    assert due == NOW + timedelta(minutes=minutes)


def test_next_run_after_failures_backs_off_but_respects_the_provider():
    """S0-20: sooner after a hiccup, never before Retry-After."""
    assert next_run(NOW, is_working_time=False, failures=1) == NOW + timedelta(seconds=15)
    wish = NOW + timedelta(hours=1)
    assert next_run(NOW, is_working_time=True, failures=1, retry_at=wish) == wish
    past = NOW - timedelta(hours=1)
    assert next_run(NOW, is_working_time=True, failures=0, retry_at=past) > NOW


def test_codes_of_other_versions_still_say_something():
    """S1-10: a stored code is never shown raw."""
    assert explain("from_the_future").sentence
    assert known("somethingNew", "malformed") == "malformed"
    assert all(reason.sentence.endswith(".") for reason in REASONS.values())


def test_a_wish_to_wait_is_kept_in_whole_seconds_and_never_undercut():
    """S1-05: the database keeps whole seconds; a fraction is rounded up."""
    wish = NOW + timedelta(seconds=20, microseconds=1)
    assert as_stored(wish) == (NOW + timedelta(seconds=21)).replace(tzinfo=None)
    assert as_stored(NOW) == NOW.replace(tzinfo=None)
