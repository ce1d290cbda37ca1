"""Graph's status codes and error codes, put into the product's errors.

Decided by status and `error.code` (in any case of letters), never by a message. No text of an
answer gets into an error. Source: learn.microsoft.com/graph/errors and the notes in `quirks.py`.
"""

from __future__ import annotations

import re

from ...core.errors import (
    AlreadyExists,
    AuthExpired,
    Conflict,
    NotFound,
    ProviderError,
    RateLimited,
    SyncTokenExpired,
    Unavailable,
)
from ..http import Answer
from ..statuses import by_status, is_later

_EXPIRED_CURSOR = frozenset(
    {
        "syncstatenotfound",
        "syncstateinvalid",
        "fullsyncrequired",
        "resyncrequired",
        "resyncchangesapplydifferences",
        "resyncchangesuploaddifferences",
    }
)
_DUPLICATE = frozenset({"errorduplicatetransactionid"})
_NO_SUCH_ID = frozenset({"errorinvalididmalformed", "erroritemnotfound", "errorinvaliduser"})
_NO_MAILBOX = frozenset({"mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi"})
_CONFLICT = frozenset({"errorirresolvableconflict", "preconditionfailed"})
_FULL = frozenset({"errorquotaexceeded"})
_SHARED_LIMIT = "toomanyrequests"
"""Said by whatever stands in front of the mailboxes; they themselves say `ApplicationThrottled`."""
_SAFE_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}")


def code_of(answer: Answer) -> str:
    """The machine-readable code of a refusal ('' when there is none that looks like one)."""
    try:
        code = answer.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return ""
    return code if isinstance(code, str) and _SAFE_CODE.fullmatch(code) else ""


def refusal(answer: Answer, operation: str, is_write: bool) -> ProviderError:
    """The typed error for an answer that is not a success."""
    code, status = code_of(answer), answer.status
    if status == 429:
        return RateLimited(
            code or "tooManyRequests",
            operation=operation,
            retry_after_s=answer.retry_after_s,
            may_be_app=code.lower() == _SHARED_LIMIT,
        )
    if status == 507 or code.lower() in _FULL:
        return RateLimited(code or "quotaExceeded", operation=operation, is_write_quota=True)
    known = None if is_later(status) else _by_code(code, operation)
    return known or by_status(answer, operation, code, has_unknown_outcome=is_write)


def garbage(operation: str, is_write: bool) -> Unavailable:
    """The answer said success but is not what was promised: what a write did is not known."""
    return Unavailable("not_json", operation=operation, has_unknown_outcome=is_write)


def _by_code(code: str, operation: str) -> ProviderError | None:
    """What the code alone decides: Graph answers it with more than one status."""
    match code.lower():
        case known if known in _EXPIRED_CURSOR and operation == "changes":
            return SyncTokenExpired(code, operation=operation)
        case known if known in _DUPLICATE:
            return AlreadyExists(code, operation=operation)
        case known if known in _CONFLICT:
            return Conflict(code, operation=operation)
        case known if known in _NO_SUCH_ID:
            return NotFound(code, operation=operation)
        case known if known in _NO_MAILBOX:
            return AuthExpired("no_mailbox", operation=operation)
    return None
