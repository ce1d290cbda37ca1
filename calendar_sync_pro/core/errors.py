"""What can go wrong at a provider, named once.

Adapters translate status codes and reasons into these; nothing above an adapter parses a
status code. No error carries a response body, a title or a token: `str(error)` is safe to log.
"""

from __future__ import annotations


class ProviderError(Exception):
    """Base of every typed provider error.

    `reason` is the provider's machine-readable reason (for instance `rateLimitExceeded`), never
    free text from a response body. `operation` says which port method failed.
    """

    def __init__(self, reason: str = "", *, operation: str = "") -> None:
        super().__init__(reason or type(self).__name__)
        self.reason = reason
        self.operation = operation


class AuthExpired(ProviderError):
    """The grant does not work any more. `is_revoked` is False when a refresh may still help."""

    def __init__(self, reason: str = "", *, operation: str = "", is_revoked: bool = True) -> None:
        super().__init__(reason, operation=operation)
        self.is_revoked = is_revoked


class AppMisconfigured(ProviderError):
    """The OAuth app itself is refused (wrong client id or secret): users' tokens are kept."""


class RateLimited(ProviderError):
    """Too fast, or a quota is used up. `retry_after_s` is the provider's wish in seconds, or None.

    `is_write_quota` means that only writes are refused (Google `quotaExceeded`). `may_be_app`: the
    reason is given for an account's limit and for that of the app alike.
    """

    def __init__(
        self,
        reason: str = "",
        *,
        operation: str = "",
        retry_after_s: float | None = None,
        is_write_quota: bool = False,
        may_be_app: bool = False,
    ) -> None:
        super().__init__(reason, operation=operation)
        self.retry_after_s = retry_after_s
        self.is_write_quota = is_write_quota
        self.may_be_app = may_be_app


class Unavailable(ProviderError):
    """The provider cannot answer now (5xx, time-out, connection lost, garbage instead of JSON).

    `has_unknown_outcome` is True when a write was sent and its fate is not known: re-read by key
    before repeating.
    """

    def __init__(
        self,
        reason: str = "",
        *,
        operation: str = "",
        retry_after_s: float | None = None,
        has_unknown_outcome: bool = False,
    ) -> None:
        super().__init__(reason, operation=operation)
        self.retry_after_s = retry_after_s
        self.has_unknown_outcome = has_unknown_outcome


class SyncTokenExpired(ProviderError):
    """The cursor is refused: drop it and list in full. Nothing is deleted because of it."""


class Conflict(ProviderError):
    """The remote event has another etag than the one we wrote against. Re-read, merge, retry."""


class AlreadyExists(ProviderError):
    """A create met an event with the same chosen id: re-read it and adopt it."""


class NotFound(ProviderError):
    """No such event (or calendar) for this user. On delete: done. On update: gone remotely."""


class Forbidden(ProviderError):
    """This user may not do this to this event or calendar. Keep the local edit, do not retry."""


class Elsewhere(Forbidden):
    """Another server was named, and only the user can say whether it may know the password.

    `host` is its name, `address` where to begin when the user agrees, `named_by` the host that
    points there.
    """

    def __init__(self, reason: str, *, host: str, address: str, named_by: str) -> None:
        super().__init__(reason, operation="sign_in")
        self.host = host
        self.address = address
        self.named_by = named_by


class Malformed(ProviderError):
    """An item, ours or theirs, does not make sense. `field` says which part, `where` which item."""

    def __init__(
        self, reason: str = "", *, operation: str = "", field: str = "", where: str = ""
    ) -> None:
        super().__init__(reason, operation=operation)
        self.field = field
        self.where = where
