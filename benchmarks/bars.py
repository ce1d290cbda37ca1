"""What must hold, as ratios against the peer on the same work in the same run."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from . import plan
from .plan import Run

Results = dict[tuple[Run, str], list[dict]]
"""Per run and contestant, what each round gave."""


def values(results: Results, run: Run, contestant: str, row: str, column: str) -> list[float]:
    """All measured values of a column."""
    rounds = results.get((run, contestant), [])
    return [line[column] for one in rounds for line in one["rows"] if line["name"] == row]


def middle(results: Results, run: Run, contestant: str, row: str, column: str = "s") -> float:
    """The median of the measured values; NaN when nothing was measured."""
    found = values(results, run, contestant, row, column)
    return statistics.median(found) if found else float("nan")


@dataclass(frozen=True, slots=True)
class Bar:
    """One promise: the run that it is about, how it is measured and what it must reach."""

    run: Run
    what: str
    measure: Callable[[Results, Run], float]
    limit: float
    is_minimum: bool = False

    @property
    def name(self) -> str:
        """How it is called in the table."""
        return f"{self.run.name}: {self.what}"

    def is_measured(self, results: Results) -> bool:
        """True when everybody who takes part has run."""
        return all((self.run, one) in results for one in self.run.contestants)

    def verdict(self, results: Results) -> tuple[float, bool]:
        """The measured figure and whether it holds."""
        figure = self.measure(results, self.run)
        return figure, figure >= self.limit if self.is_minimum else figure <= self.limit


def faster(row: str) -> Callable[[Results, Run], float]:
    """How many times faster than the peer."""
    return lambda results, run: (
        middle(results, run, "peer", row) / middle(results, run, "ours", row)
    )


def times_as_long(row: str) -> Callable[[Results, Run], float]:
    """How many times as long as the peer."""
    return lambda results, run: 1 / faster(row)(results, run)


def most(row: str, column: str) -> Callable[[Results, Run], float]:
    """Our largest value."""
    return lambda results, run: max(values(results, run, "ours", row, column))


def requests_of(row: str, kind: str) -> Callable[[Results, Run], float]:
    """Our requests of one kind."""
    return lambda results, run: max(
        by.get(kind, 0) for by in values(results, run, "ours", row, "by")
    )


def copies(contestant: str) -> Callable[[Results, Run], float]:
    """The most copies on either side."""
    return lambda results, run: max(max(one["copies"].values()) for one in results[run, contestant])


def differing(results: Results, run: Run) -> float:
    """How many kinds of rows, of those that both have, were left in different numbers."""
    ours, peer = ([one["check"] for one in results[run, who]] for who in ("ours", "peer"))
    return max(
        sum(mine[kind] != theirs[kind] for kind in mine.keys() & theirs.keys())
        for mine, theirs in zip(ours, peer, strict=True)
    )


FASTER = "times faster than the peer"


def _like_any(changes: Run, push: Run, late: Run) -> tuple[Bar, ...]:
    """What holds at every provider."""
    return (
        Bar(changes, "idle poll, requests", most("changed 0", "http"), 1),
        Bar(changes, "idle poll, SQL statements", most("changed 0", "sql"), 15),
        Bar(push, "echo of 100 own pushes, events written", most(ECHO, "events_written"), 0),
        Bar(push, "saving an event, requests", most("save one event", "http"), 0),
        Bar(late, "saving while it hangs, requests", most(HANGING, "http"), 0),
        Bar(late, f"saving while it hangs, {FASTER}", faster(HANGING), 2.0, True),
        Bar(late, "copies after a late answer", copies("ours"), 1),
    )


ECHO = "echo of 100 pushes"
HANGING = "save, provider hangs"
SAME = "kinds of rows in other numbers than the peer's"
BARS = (
    *(Bar(run, SAME, differing, 0) for run in plan.PLAN if run.case == "first" and run.has_masters),
    Bar(plan.GOOGLE_W1000, FASTER, faster("first"), 4.0, True),
    Bar(plan.GOOGLE_W1000, "SQL statements", most("first", "sql"), 400),
    Bar(plan.GOOGLE_W5000, FASTER, faster("first"), 5.0, True),
    Bar(plan.GOOGLE_W5000, "memory grown, MB", most("first", "grown_mb"), 30),
    Bar(plan.GOOGLE_CHANGES, f"100 changed, {FASTER}", faster("changed 100"), 8.0, True),
    *_like_any(plan.GOOGLE_CHANGES, plan.GOOGLE_PUSH, plan.GOOGLE_LATE),
    Bar(plan.MICROSOFT_W1000, FASTER, faster("first"), 4.5, True),
    Bar(plan.MICROSOFT_W1000, "SQL statements", most("first", "sql"), 400),
    Bar(plan.MICROSOFT_W1000, "requests for single series", requests_of("first", "instances"), 0),
    Bar(plan.MICROSOFT_W1000, "requests for single events", requests_of("first", "get"), 0),
    Bar(plan.MICROSOFT_SMALL_PAGES, FASTER, faster("first"), 4.0, True),
    # 100 series, twenty to a request, and one more for each of the four pages that cuts a twenty
    Bar(plan.MICROSOFT_NO_MASTERS, "requests for 100 series", requests_of("first", "batch"), 9),
    Bar(plan.MICROSOFT_W5000, FASTER, faster("first"), 5.0, True),
    Bar(plan.MICROSOFT_W5000, "memory grown, MB", most("first", "grown_mb"), 30),
    *_like_any(plan.MICROSOFT_CHANGES, plan.MICROSOFT_PUSH, plan.MICROSOFT_LATE),
    # vdirsyncer writes 2,000 files; we make 3,800 meetings with 11,400 attendees of them
    Bar(plan.CALDAV_CHANGES, SAME, differing, 0),
    Bar(plan.CALDAV_CHANGES, "first pull, times as long as vdirsyncer", times_as_long("first"), 10),
    Bar(plan.CALDAV_CHANGES, "nothing changed, times faster", faster("changed 0"), 2.0, True),
    Bar(plan.CALDAV_CHANGES, "100 changed, times faster", faster("changed 100"), 1.5, True),
    Bar(plan.CALDAV_CHANGES, "idle poll, requests", most("changed 0", "http"), 1),
    Bar(plan.CALDAV_CHANGES, "idle poll, SQL statements", most("changed 0", "sql"), 15),
)
