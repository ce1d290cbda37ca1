"""Refusals of Entra's token endpoint, put into the product's errors. Pure.

Who has to act follows from `error` (RFC 6749 §5.2); the AADSTS number only makes the reason finer,
because Microsoft says that numbers may change. Everything unknown is "later": a hiccup must never
cost anybody their grant. Source: Entra, authentication and authorization error codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...core.errors import (
    AppMisconfigured,
    AuthExpired,
    Forbidden,
    ProviderError,
    RateLimited,
    Unavailable,
)
from ..http import Answer

_SIGN_IN_AGAIN = frozenset(
    {"invalid_grant", "interaction_required", "login_required", "consent_required", "access_denied"}
)
_APP_REFUSED = frozenset(
    {
        "invalid_client",
        "unauthorized_client",
        "invalid_request",
        "invalid_scope",
        "invalid_resource",
        "unsupported_grant_type",
    }
)
_REASONS = {
    50055: "password_changed",
    50173: "password_changed",
    50057: "access_revoked",
    65001: "access_revoked",
    70008: "access_revoked",
    700082: "access_revoked",
    65004: "consent_denied",
    50072: "policy_changed",
    50074: "policy_changed",
    50076: "policy_changed",
    50079: "policy_changed",
    50158: "policy_changed",
    53000: "policy_changed",
    53001: "policy_changed",
    53002: "policy_changed",
    53003: "policy_changed",
    70043: "policy_changed",
    50011: "redirect_uri_mismatch",
    500112: "redirect_uri_mismatch",
}
"""AADSTS number → our reason code, where it says more than `error` does."""

_NUMBER = re.compile(r"\bAADSTS([0-9]{4,8})\b")
_ADMIN = frozenset({90093, 90094, 90095})
_APP = frozenset(
    {50011, 500112, 50194, 700016, 7000215, 7000216, 7000222, 700027, 90002, 900023, 9002346}
)


def refusal_of(result: Mapping[str, Any], answer: Answer | None, operation: str) -> ProviderError:
    """The typed error for an answer without tokens."""
    error, numbers = str(result.get("error") or ""), numbers_of(result)
    wait_s = answer.retry_after_s if answer else None
    status = answer.status if answer else 0
    if status == 429:
        return RateLimited("tooManyRequests", operation=operation, retry_after_s=wait_s)
    reason = next((_REASONS[number] for number in numbers if number in _REASONS), "")
    if _ADMIN.intersection(numbers):
        return Forbidden("admin_consent_required", operation=operation)
    if _APP.intersection(numbers) or error in _APP_REFUSED:
        return AppMisconfigured(reason or error, operation=operation)
    if error in _SIGN_IN_AGAIN:
        return AuthExpired(reason or error, operation=operation)
    safe = error if error.isidentifier() else f"status_{status}"
    return Unavailable(safe, operation=operation, retry_after_s=wait_s)


def names_admin(description: str) -> bool:
    """True when the text of a refusal names a number that only an administrator can settle."""
    return any(int(number) in _ADMIN for number in _NUMBER.findall(description))


def numbers_of(result: Mapping[str, Any]) -> tuple[int, ...]:
    """The AADSTS numbers of a refusal."""
    codes = result.get("error_codes")
    return tuple(code for code in codes if isinstance(code, int)) if codes else ()
