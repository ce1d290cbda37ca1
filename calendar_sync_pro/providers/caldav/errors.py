"""Status codes and DAV:error conditions, put into the product's errors.

The same condition comes with different codes (a refused sync token with 403, 409, 412 or 507), so
the body is looked at first. No text of an answer gets into an error. Source: RFC 4918 §16,
RFC 4791 §5.3.2.1, RFC 6578 §3.2, RFC 6638 §3.2.4.
"""

from __future__ import annotations

from ...core.errors import (
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
from ..http import Answer
from ..statuses import by_status
from .multistatus import preconditions

UID_TAKEN = frozenset({"no-uid-conflict", "unique-scheduling-object-resource"})
_TOKEN_REFUSED = "valid-sync-token"
_QUOTA = frozenset({"quota-not-exceeded", "sufficient-disk-space"})
_NOT_TAKEN = frozenset(
    {
        "valid-calendar-data",
        "valid-calendar-object-resource",
        "supported-calendar-data",
        "supported-calendar-component",
        "max-resource-size",
        "max-instances",
        "max-attendees-per-instance",
        "min-date-time",
        "max-date-time",
        "valid-filter",
        "supported-filter",
        "supported-report",
    }
)


def refusal(answer: Answer, operation: str, is_write: bool) -> ProviderError:
    """The typed error for an answer that is not a success."""
    named = preconditions(answer.body) if answer.body else set()
    known = _by_condition(named, answer, operation)
    if known is not None:
        return known
    own = _by_status(answer.status, operation)
    is_unknown = is_write and answer.status >= 500
    return own or by_status(answer, operation, has_unknown_outcome=is_unknown)


def not_dav(operation: str, is_write: bool = False) -> Unavailable:
    """The answer said success but is not what was promised."""
    return Unavailable("not_dav", operation=operation, has_unknown_outcome=is_write)


def _by_condition(named: set[str], answer: Answer, operation: str) -> ProviderError | None:
    if _TOKEN_REFUSED in named:
        return SyncTokenExpired(_TOKEN_REFUSED, operation=operation)
    if UID_TAKEN & named:
        return AlreadyExists("uid_taken", operation=operation)
    if _QUOTA & named or (answer.status == 507 and operation != "changes"):
        return RateLimited("storage_full", operation=operation, is_write_quota=True)
    refused = sorted(_NOT_TAKEN & named)
    if refused:
        return Malformed(refused[0].replace("-", "_"), operation=operation)
    if "need-privileges" in named:
        return Forbidden("need_privileges", operation=operation)
    return None


def _by_status(status: int, operation: str) -> ProviderError | None:
    """Where WebDAV means something of its own by a code."""
    match status:
        case 401:
            return AuthExpired("password_refused", operation=operation, is_revoked=False)
        case 409 if operation == "create":
            return NotFound("no_calendar", operation=operation)
        case 409:
            return Conflict("conditionNotMet", operation=operation)
        case 410:
            return NotFound("notFound", operation=operation)
    return None
