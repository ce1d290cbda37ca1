"""What one turn of a worker came to, in counts and codes: for its line in the log and the figures.

There is no place in it for a title, an address or a text of an exception.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from ..core.errors import RateLimited
from ..providers.meter import Requests

GOOD = "ok"
LEASE_LOST = "lease_lost"
INTERNAL = "internal_error"
_WRITTEN_HERE = ("create", "update", "cancel", "decline", "unlink")
_WRITTEN_THERE = ("create", "update", "delete")


@dataclass(slots=True)
class Turn:
    """`reason` is `ok` or why the turn ended early, a code of `sync.reasons`; `error` the type that
    said so. `lag_s`: for how long the oldest thing done in it had been due. `was_ill`: the
    account's reason before the turn. `has_ending`: its grant ends soon, and its owner was not told
    yet. `kept`: what the figures have of it already."""

    requests: Requests = field(default_factory=Requests)
    came_in: Counter = field(default_factory=Counter)
    sent: Counter = field(default_factory=Counter)
    seen: int = 0
    lag_s: float = 0.0
    slowed: int = 0
    reason: str = GOOD
    error: str = ""
    was_ill: str = ""
    has_ending: bool = False
    kept: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    def note_read(self, result) -> None:
        """What reading one calendar brought (a `PullResult`)."""
        self.seen += result.seen
        self.came_in += result.counts

    def note_lag(self, since, now) -> None:
        """Something is done only now that was due, or saved, at `since`."""
        if since:
            self.lag_s = max(self.lag_s, (now - since).total_seconds())

    def note_error(self, error, reason: str) -> None:
        """The turn ended early because of `error`."""
        self.reason, self.error = reason, type(error).__name__
        self.slowed += isinstance(error, RateLimited)

    @property
    def is_failed(self) -> bool:
        """True when the account's work could not be done; who was only overtaken did not fail."""
        return self.reason not in (GOOD, LEASE_LOST)

    @property
    def seconds(self) -> float:
        """How long it has taken until now."""
        return time.monotonic() - self.started

    def figures(self) -> dict[str, float]:
        """What is added up for each account and hour."""
        return {
            "runs": 1,
            "failed_runs": int(self.is_failed),
            "reads": self.requests.reads,
            "writes": self.requests.writes,
            "sign_ins": self.requests.sign_ins,
            # The typed error also counts limits that are told with another status than 429.
            "throttled": max(self.requests.throttled, self.slowed),
            "changes_in": sum(self.came_in[name] for name in _WRITTEN_HERE),
            "changes_out": sum(self.sent[name] for name in _WRITTEN_THERE),
            "set_aside": self.came_in["quarantine"] + self.sent["failed"],
            "seconds": round(self.seconds, 3),
        }

    def unkept(self) -> dict[str, float]:
        """What the figures don't have yet."""
        return {name: n - self.kept.get(name, 0) for name, n in self.figures().items()}

    @property
    def has_unkept(self) -> bool:
        """True when there is something to add; a little more time alone is not worth a write."""
        return any(n for name, n in self.unkept().items() if name != "seconds")

    def __str__(self) -> str:
        """The turn as `key=value` pairs; what is zero among the single counts is left out."""
        told = {"reason": self.reason, "error": self.error or "-", **self.figures()}
        told |= {"seen": self.seen, "lag_s": round(self.lag_s, 1)}
        told |= {f"in.{name}": n for name, n in sorted(self.came_in.items()) if n}
        told |= {f"out.{name}": n for name, n in sorted(self.sent.items()) if n}
        return " ".join(f"{name}={value}" for name, value in told.items() if name != "runs")
