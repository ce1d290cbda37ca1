"""The right to work on one account for a while, held on its row and not in a lock.

A row lock would be gone at the first commit, and HTTP happens between commits. A worker that was
killed loses its lease when it expires, and whoever takes over has another token.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from . import clock
from .turn import Turn

LEASE_S = 120


class LeaseLost(Exception):
    """Another worker took over, or the account was switched off: stop without writing."""


@dataclass(frozen=True, slots=True)
class Lease:
    """One worker's hold on one account. `pool` is the registry, to renew without a transaction.

    `has_marks` says whether something waited to be sent when the account was claimed, `has_undo`
    whether a run is being undone, `has_notice` whether its provider told of a change. `due` is when
    the account was due: another time on its row means that a sync was asked for meanwhile.
    `slice_s`: for how long its work may take before others come first. `turn` is what the work
    under this lease came to so far.
    """

    account_id: int
    token: str
    pool: Any
    has_marks: bool = True
    has_undo: bool = True
    has_notice: bool = False
    due: datetime | None = None
    slice_s: float = 10.0
    turn: Turn = field(default_factory=Turn, compare=False)

    def renew(self) -> None:
        """Hold on for another 120 s, in a transaction of its own. Raises LeaseLost."""
        with self.pool.cursor() as cr:
            renew(cr, self)


def renew(cr, lease: Lease) -> None:
    """Extend the lease and lock the account's row until the transaction ends. Raises LeaseLost.

    As the first statement of a transaction it gives a fresh snapshot in which nobody else works on
    the account.
    """
    cr.execute(
        """UPDATE calendar_sync_account
              SET lease_until = %s
            WHERE id = %s AND lease_token = %s AND status = 'active'""",
        [clock.now() + timedelta(seconds=LEASE_S), lease.account_id, lease.token],
        log_exceptions=False,
    )
    if not cr.rowcount:
        raise LeaseLost(f"account {lease.account_id}")
