"""What is measured: each run is one case at one provider, for both contestants in turn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """One case. `latency_ms` is added to every answer, `max_page` is the most rows of a page.

    Without `has_masters` the provider lists a series by its occurrences only; such a run is ours
    alone, because the other contestant loses the series.
    """

    provider: str
    case: str
    count: int
    rounds: int = 1
    latency_ms: int = 0
    max_page: int = 0
    has_masters: bool = True

    @property
    def name(self) -> str:
        """How it is called in the tables."""
        parts = [f"{self.provider} {self.case} {self.count}"]
        parts += [f"{self.latency_ms} ms"] if self.latency_ms else []
        parts += [f"pages of {self.max_page}"] if self.max_page else []
        return ", ".join(parts if self.has_masters else [*parts, "series not told"])

    @property
    def contestants(self) -> tuple[str, ...]:
        """Who runs it, in this order."""
        return ("ours", "peer") if self.has_masters else ("ours",)

    @property
    def orders(self) -> dict:
        """What the stub is told before."""
        orders = {"latency_s": self.latency_ms / 1000, "has_masters": self.has_masters}
        return orders | ({"max_page": self.max_page} if self.max_page else {})


GOOGLE_W1000 = Run("google", "first", 1000, rounds=3)
GOOGLE_CHANGES = Run("google", "incremental", 1000)
GOOGLE_PUSH = Run("google", "push", 200)
GOOGLE_LATE = Run("google", "late", 200)
GOOGLE_W5000 = Run("google", "first", 5000)
MICROSOFT_W1000 = Run("microsoft", "first", 1000, rounds=2, latency_ms=100)
MICROSOFT_SMALL_PAGES = Run("microsoft", "first", 1000, latency_ms=100, max_page=50)
MICROSOFT_NO_MASTERS = Run("microsoft", "first", 1000, latency_ms=100, has_masters=False)
MICROSOFT_CHANGES = Run("microsoft", "incremental", 1000)
MICROSOFT_PUSH = Run("microsoft", "push", 200)
MICROSOFT_LATE = Run("microsoft", "late", 200)
MICROSOFT_W5000 = Run("microsoft", "first", 5000)
CALDAV_CHANGES = Run("caldav", "incremental", 2000)

PLAN = (
    GOOGLE_W1000,
    GOOGLE_CHANGES,
    GOOGLE_PUSH,
    GOOGLE_LATE,
    GOOGLE_W5000,
    MICROSOFT_W1000,
    MICROSOFT_SMALL_PAGES,
    MICROSOFT_NO_MASTERS,
    MICROSOFT_CHANGES,
    MICROSOFT_PUSH,
    MICROSOFT_LATE,
    MICROSOFT_W5000,
    CALDAV_CHANGES,
)
