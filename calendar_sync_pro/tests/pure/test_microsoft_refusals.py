"""What Entra and Graph refuse, and who has to do something about it."""

from __future__ import annotations

import json

import pytest

from ...core.errors import (
    AlreadyExists,
    AppMisconfigured,
    AuthExpired,
    Conflict,
    Forbidden,
    Malformed,
    NotFound,
    RateLimited,
    SyncTokenExpired,
    Unavailable,
)
from ...providers.http import Answer
from ...providers.microsoft import errors
from ...providers.microsoft.refusals import refusal_of
from ...sync.reasons import known


def graph(status, code="", **headers):
    """An answer of Graph."""
    body = {"error": {"code": code, "message": "canary"}}
    return Answer(status, headers, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("number", "error", "reason"),
    [
        (50173, "invalid_grant", "password_changed"),
        (50055, "invalid_grant", "password_changed"),
        (65001, "invalid_grant", "access_revoked"),
        (700082, "invalid_grant", "access_revoked"),
        (50057, "invalid_grant", "access_revoked"),
        (50076, "interaction_required", "policy_changed"),
        (50079, "interaction_required", "policy_changed"),
        (53003, "invalid_grant", "policy_changed"),
        (70043, "invalid_grant", "policy_changed"),
        (65004, "access_denied", "consent_denied"),
        (123456789, "invalid_grant", "access_revoked"),
        (123456789, "interaction_required", "policy_changed"),
    ],
)
def test_user_is_told_in_words_why_to_sign_in_again(number, error, reason):
    """S1-13, S0-29: the number makes it finer, the error decides."""
    refused = refusal_of({"error": error, "error_codes": [number]}, None, "refresh")
    assert isinstance(refused, AuthExpired)
    assert refused.is_revoked
    assert known(refused.reason, "access_revoked") == reason


@pytest.mark.parametrize(
    ("error", "number"),
    [
        ("invalid_client", 7000215),
        ("invalid_client", 7000222),
        ("unauthorized_client", 700016),
        ("invalid_request", 90002),
        ("invalid_grant", 500112),
        ("invalid_request", 50194),
        ("unauthorized_client", 1),
    ],
)
def test_mistake_of_the_app_costs_nobody_the_grant(error, number):
    """S1-10: secret wrong or expired, app or tenant unknown, address not registered."""
    refused = refusal_of({"error": error, "error_codes": [number]}, None, "refresh")
    assert isinstance(refused, AppMisconfigured)


@pytest.mark.parametrize("number", [90093, 90094, 90095])
def test_policy_of_the_organisation_needs_its_administrator(number):
    """S1-16: nothing that the user could do again."""
    refused = refusal_of({"error": "invalid_grant", "error_codes": [number]}, None, "exchange")
    assert isinstance(refused, Forbidden)
    assert refused.reason == "admin_consent_required"


def test_hiccups_are_later():
    """S1-10: throttled, down, or something nobody has heard of."""
    limited = refusal_of({}, Answer(429, {"retry-after": "9"}, b""), "refresh")
    assert isinstance(limited, RateLimited)
    assert limited.retry_after_s == 9
    for error in ("temporarily_unavailable", "new thing!", ""):
        later = refusal_of({"error": error}, Answer(400, {}, b""), "refresh")
        assert isinstance(later, Unavailable)
        assert "!" not in later.reason


@pytest.mark.parametrize(
    ("status", "code", "operation", "error"),
    [
        (401, "InvalidAuthenticationToken", "get", AuthExpired),
        (403, "ErrorAccessDenied", "update", Forbidden),
        (404, "ErrorItemNotFound", "get", NotFound),
        (404, "MailboxNotEnabledForRESTAPI", "calendars", AuthExpired),
        (400, "ErrorInvalidIdMalformed", "delete", NotFound),
        (400, "ErrorDuplicateTransactionId", "create", AlreadyExists),
        (409, "ErrorDuplicateTransactionId", "create", AlreadyExists),
        (409, "ErrorIrresolvableConflict", "update", Conflict),
        (412, "PreconditionFailed", "update", Conflict),
        (410, "SyncStateNotFound", "changes", SyncTokenExpired),
        (400, "syncStateNotFound", "changes", SyncTokenExpired),
        (404, "resyncRequired", "changes", SyncTokenExpired),
        (410, "Gone", "get", NotFound),
        (400, "ErrorPropertyValidationFailure", "create", Malformed),
        (400, "ErrorOccurrenceCrossingBoundary", "update", Malformed),
        (507, "ErrorQuotaExceeded", "create", RateLimited),
        (503, "ServiceUnavailable", "get", Unavailable),
        (302, "", "get", Unavailable),
    ],
)
def test_graphs_refusals_are_told_apart_by_status_and_code(status, code, operation, error):
    """S1-10: in any case of letters, never by a message."""
    refused = errors.refusal(graph(status, code), operation, False)
    assert type(refused) is error
    assert refused.operation == operation
    assert "canary" not in f"{refused!r}"


def test_fate_of_a_write_that_failed_on_their_side_is_unknown():
    """S4-25: read again before it is repeated."""
    assert errors.refusal(graph(503), "create", True).has_unknown_outcome
    assert not errors.refusal(graph(503), "get", False).has_unknown_outcome


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"error": 7}', b'{"error": {"code": 7}}']
)
def test_refusal_in_no_known_form_is_still_one(body):
    """S4-14: a proxy's page is no reason to fall over."""
    assert isinstance(errors.refusal(Answer(404, {}, body), "get", False), NotFound)
