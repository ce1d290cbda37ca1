"""Google's status codes and reasons, put into the product's errors.

Decided by status and `errors[0].reason` only, never by a message (Google's page "Handle API
errors", 2026-04-01). No text of an answer gets into an error.
"""

from __future__ import annotations

import re

from ...core.errors import (
    AppMisconfigured,
    AuthExpired,
    Forbidden,
    NotFound,
    ProviderError,
    RateLimited,
    SyncTokenExpired,
    Unavailable,
)
from ..http import Answer
from ..statuses import by_status

_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_SHARED_LIMIT = "rateLimitExceeded"
"""Said of an account, of a calendar, and of the project; `userRateLimitExceeded` of one account."""
_WRITE_QUOTA = frozenset({"quotaExceeded", "calendarUsageLimitsExceeded", "dailyLimitExceeded"})
_NO_SCOPE = frozenset({"insufficientPermissions", "insufficientScopes"})
_APP = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_EXPIRED_CURSOR = frozenset(
    {"fullSyncRequired", "updatedMinTooLongAgo", "syncTokenWithRequestRestrictions"}
)
_SAFE_REASON = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}")


def reason_of(answer: Answer) -> str:
    """The machine-readable reason of a refusal ('' when there is none that looks like one)."""
    try:
        error = answer.json()["error"]
        reason = error["errors"][0]["reason"]
    except (ValueError, KeyError, IndexError, TypeError):
        return ""
    return reason if isinstance(reason, str) and _SAFE_REASON.fullmatch(reason) else ""


def refusal(answer: Answer, operation: str, is_write: bool) -> ProviderError:
    """The typed error for an answer that is not a success."""
    reason = reason_of(answer)
    status = answer.status
    if status == 429 or (status == 403 and reason in _TOO_FAST):
        return RateLimited(
            reason or "tooManyRequests",
            operation=operation,
            retry_after_s=answer.retry_after_s,
            may_be_app=reason == _SHARED_LIMIT,
        )
    if status == 403:
        return _forbidden(answer, reason, operation)
    if status in (400, 410) and reason in _EXPIRED_CURSOR:
        return SyncTokenExpired(reason, operation=operation)
    if status == 410 and operation != "changes":
        return NotFound(reason or "deleted", operation=operation)
    return by_status(answer, operation, reason, has_unknown_outcome=is_write)


def garbage(operation: str, is_write: bool) -> Unavailable:
    """The answer said success but is not what was promised: what a write did is not known."""
    return Unavailable("not_json", operation=operation, has_unknown_outcome=is_write)


def _forbidden(answer: Answer, reason: str, operation: str) -> ProviderError:
    if reason in _WRITE_QUOTA:
        return RateLimited(
            reason, operation=operation, retry_after_s=answer.retry_after_s, is_write_quota=True
        )
    if reason in _NO_SCOPE:
        return AuthExpired("insufficientPermissions", operation=operation, is_revoked=True)
    if reason in _APP:
        return AppMisconfigured("accessNotConfigured", operation=operation)
    return Forbidden(reason or "forbidden", operation=operation)
