"""An error happened: what next, when, and what the user is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from ..core import errors
from .backoff import delay_s, quarantine_delay_s
from .reasons import known

MAX_CONFLICTS = 3
WRITE_QUOTA_DELAY_S = 3600
NEEDS_APPROVAL = "admin_consent_required"

Action = Literal[
    "retry",
    "refresh",
    "reconnect",
    "relist",
    "reread",
    "gone",
    "read_only",
    "quarantine",
    "app_error",
    "wait_writes",
]
Scope = Literal["account", "event", "app"]


@dataclass(frozen=True, slots=True)
class Triage:
    """What to do. `scope` says for whom; `retry_at` is None when there is nothing to wait for."""

    action: Action
    reason_code: str
    scope: Scope
    retry_at: datetime | None = None


def triage(error: errors.ProviderError, *, attempts: int, now: datetime) -> Triage:
    """Turn a typed error into what to do next.

    `attempts` counts earlier failures of the same thing in a row (0 the first time). An error of
    an unknown type is a bug: it is raised again.
    """
    for kind, answer in _ANSWERS.items():
        if isinstance(error, kind):
            return answer(error, attempts, now)
    raise error


def _auth(error: errors.AuthExpired, attempts: int, _now: datetime) -> Triage:
    """Refresh once; what then still fails needs the user."""
    if not error.is_revoked and attempts == 0:
        return Triage("refresh", "token_expired", "account")
    return Triage("reconnect", known(error.reason, "access_revoked"), "account")


def _app(error: errors.AppMisconfigured, _attempts: int, _now: datetime) -> Triage:
    return Triage("app_error", known(error.reason, "app_misconfigured"), "app")


def _rate_limited(error: errors.RateLimited, attempts: int, now: datetime) -> Triage:
    if error.is_write_quota:
        wait_s = max(error.retry_after_s or 0, WRITE_QUOTA_DELAY_S)
        return Triage("wait_writes", "write_quota", "account", now + timedelta(seconds=wait_s))
    return Triage("retry", "rate_limited", "account", _later(error.retry_after_s, attempts, now))


def _unavailable(error: errors.Unavailable, attempts: int, now: datetime) -> Triage:
    """An unknown outcome is read again by its key before anything is repeated."""
    retry_at = _later(error.retry_after_s, attempts, now)
    if error.has_unknown_outcome:
        return Triage("reread", "unknown_outcome", "event", retry_at)
    return Triage("retry", known(error.reason, "unavailable"), "account", retry_at)


def _token_expired(_error: errors.SyncTokenExpired, attempts: int, now: datetime) -> Triage:
    """List in full at once, but only once a run."""
    retry_at = None if attempts == 0 else _later(None, attempts, now)
    return Triage("relist", "cursor_expired", "account", retry_at)


def _conflict(_error: errors.Conflict, attempts: int, now: datetime) -> Triage:
    """Read again and merge, a few times."""
    if attempts < MAX_CONFLICTS:
        return Triage("reread", "conflict", "event", now)
    return _quarantine("conflict", attempts - MAX_CONFLICTS, now)


def _already_exists(_error: errors.AlreadyExists, _attempts: int, now: datetime) -> Triage:
    return Triage("reread", "already_exists", "event", now)


def _not_found(_error: errors.NotFound, _attempts: int, _now: datetime) -> Triage:
    return Triage("gone", "not_found", "event")


def _forbidden(error: errors.Forbidden, _attempts: int, _now: datetime) -> Triage:
    """One event is not ours to change; an organisation's approval is missing for all of them."""
    if error.reason == NEEDS_APPROVAL:
        return Triage("reconnect", NEEDS_APPROVAL, "account")
    return Triage("read_only", known(error.reason, "forbidden"), "event")


def _malformed(error: errors.Malformed, attempts: int, now: datetime) -> Triage:
    return _quarantine(known(error.reason, "malformed"), attempts, now)


def _quarantine(reason_code: str, attempts: int, now: datetime) -> Triage:
    retry_at = now + timedelta(seconds=quarantine_delay_s(attempts + 1))
    return Triage("quarantine", reason_code, "event", retry_at)


def _later(retry_after_s: float | None, attempts: int, now: datetime) -> datetime:
    """Our back-off, never earlier than the provider asked for."""
    return now + timedelta(seconds=max(retry_after_s or 0, delay_s(attempts + 1)))


_ANSWERS: dict[type[errors.ProviderError], Callable[..., Triage]] = {
    errors.AuthExpired: _auth,
    errors.AppMisconfigured: _app,
    errors.RateLimited: _rate_limited,
    errors.Unavailable: _unavailable,
    errors.SyncTokenExpired: _token_expired,
    errors.Conflict: _conflict,
    errors.AlreadyExists: _already_exists,
    errors.NotFound: _not_found,
    errors.Forbidden: _forbidden,
    errors.Malformed: _malformed,
}
