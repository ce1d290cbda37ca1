"""What a status code means at every HTTP API, in the product's errors.

Each adapter's `errors.py` looks at its provider's own reason codes first; whatever they leave open
is decided here. Source: RFC 9110 §15, RFC 6585 §4, RFC 4918 §11.
"""

from __future__ import annotations

from ..core.errors import (
    AlreadyExists,
    AuthExpired,
    Conflict,
    Forbidden,
    Malformed,
    NotFound,
    ProviderError,
    RateLimited,
    SyncTokenExpired,
    Unavailable,
)
from .http import Answer

_LATER = frozenset({408, 423, 425})
"""Refusals that are about this moment: too slow, locked, too early."""


def is_later(status: int) -> bool:
    """True for what may work another time, redirects that nobody follows among it."""
    return status >= 500 or status in _LATER or status < 400


def by_status(
    answer: Answer, operation: str, reason: str = "", *, has_unknown_outcome: bool = False
) -> ProviderError:
    """The typed error of a refusal. `reason` is the provider's own code, where it gave one;
    `has_unknown_outcome` is for writes whose fate a server in trouble leaves open."""
    status, later = answer.status, answer.retry_after_s
    if status == 429:
        return RateLimited(reason or "tooManyRequests", operation=operation, retry_after_s=later)
    if is_later(status):
        return Unavailable(
            reason or f"status_{status}",
            operation=operation,
            retry_after_s=later,
            has_unknown_outcome=has_unknown_outcome,
        )
    return _refused(status, operation, reason)


def _refused(status: int, operation: str, reason: str) -> ProviderError:
    match status:
        case 401:
            return AuthExpired(reason or "unauthorized", operation=operation, is_revoked=False)
        case 403:
            return Forbidden(reason or "forbidden", operation=operation)
        case 404:
            return NotFound(reason or "notFound", operation=operation)
        case 409:
            return AlreadyExists(reason or "duplicate", operation=operation)
        case 410 if operation == "changes":
            return SyncTokenExpired(reason or "gone", operation=operation)
        case 410:
            return NotFound(reason or "gone", operation=operation)
        case 412:
            return Conflict(reason or "conditionNotMet", operation=operation)
    return Malformed(reason or f"status_{status}", operation=operation)
