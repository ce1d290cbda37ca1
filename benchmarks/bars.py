"""What must hold, as ratios against the peer on the same work in the same run."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

Results = dict[tuple[str, str, int], list[dict]]


def values(results: Results, case: tuple[str, str, int], row: str, column: str) -> list[float]:
    """All measured values of a column."""
    runs = results.get(case, [])
    return [line[column] for run in runs for line in run["rows"] if line["name"] == row]


def best(results: Results, case: tuple[str, str, int], row: str, column: str = "s") -> float:
    """The smallest measured value: the least disturbed run. NaN when nothing was measured."""
    return min(values(results, case, row, column), default=float("nan"))


def middle(results: Results, case: tuple[str, str, int], row: str, column: str = "s") -> float:
    """The median of the measured values."""
    found = values(results, case, row, column)
    return statistics.median(found) if found else float("nan")


@dataclass(frozen=True, slots=True)
class Bar:
    """One promise: how it is measured and what it must reach."""

    name: str
    measure: Callable[[Results], float]
    limit: float
    is_minimum: bool

    def verdict(self, results: Results) -> tuple[float, bool]:
        """The measured figure and whether it holds."""
        figure = self.measure(results)
        return figure, figure >= self.limit if self.is_minimum else figure <= self.limit


def _ratio(case: str, count: int, row: str) -> Callable[[Results], float]:
    def measure(results: Results) -> float:
        peer = middle(results, ("peer", case, count), row)
        return peer / middle(results, ("ours", case, count), row)

    return measure


def _ours(case: str, count: int, row: str, column: str) -> Callable[[Results], float]:
    return lambda results: max(
        values(results, ("ours", case, count), row, column), default=float("nan")
    )


def _copies(results: Results) -> float:
    runs = results.get(("ours", "late", 200), [])
    return max((max(run["copies"].values()) for run in runs), default=float("nan"))


BARS = (
    Bar("first W1000, times faster than the peer", _ratio("first", 1000, "first"), 4.0, True),
    Bar("first W1000, SQL statements", _ours("first", 1000, "first", "sql"), 400, False),
    Bar("first W5000, times faster than the peer", _ratio("first", 5000, "first"), 5.0, True),
    Bar("first W5000, memory grown, MB", _ours("first", 5000, "first", "grown_mb"), 30, False),
    Bar(
        "100 changed, times faster than the peer",
        _ratio("incremental", 1000, "changed 100"),
        8.0,
        True,
    ),
    Bar("idle poll, requests", _ours("incremental", 1000, "changed 0", "http"), 1, False),
    Bar("idle poll, SQL statements", _ours("incremental", 1000, "changed 0", "sql"), 15, False),
    Bar(
        "echo of 100 own pushes, events written",
        _ours("push", 200, "echo of 100 pushes", "events_written"),
        0,
        False,
    ),
    Bar("saving an event, requests", _ours("push", 200, "save one event", "http"), 0, False),
    Bar("saving while it hangs, s", _ours("late", 200, "save, provider hangs", "s"), 1.0, False),
    Bar("copies after a late answer", _copies, 1, False),
)
