"""The measured figures and whether the promises hold, as tables."""

from __future__ import annotations

from .bars import BARS, Results, middle, values
from .plan import Run


def report(results: Results) -> bool:
    """Print what was measured; True when every bar that could be measured holds."""
    print("| run | row | ours s | peer s | ours SQL | peer SQL | ours HTTP | peer HTTP | MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for run in dict.fromkeys(run for run, _contestant in results):
        for row in rows_of(results, run):
            print(line(results, run, row))
    print("\n| promise | measured | bar | holds |\n|---|---|---|---|")
    all_hold = True
    for bar in (bar for bar in BARS if bar.is_measured(results)):
        figure, holds = bar.verdict(results)
        all_hold &= holds
        sign = ">=" if bar.is_minimum else "<="
        print(f"| {bar.name} | {figure:.2f} | {sign} {bar.limit:g} | {'yes' if holds else 'NO'} |")
    for (run, contestant), rounds in results.items():
        print(f"{run.name}, {contestant}: {rounds[-1]['check']} {rounds[-1].get('copies', '')}")
    return all_hold


def rows_of(results: Results, run: Run) -> list[str]:
    """The rows of a run in the order of measuring."""
    rounds = [*results.get((run, "ours"), ()), *results.get((run, "peer"), ())]
    return list(dict.fromkeys(row["name"] for one in rounds for row in one["rows"]))


def line(results: Results, run: Run, row: str) -> str:
    """One row of the table; a dash for what was not measured."""
    cells = [run.name, row]
    for column in ("s", "sql", "http"):
        for contestant in ("ours", "peer"):
            figure = middle(results, run, contestant, row, column)
            is_known = bool(values(results, run, contestant, row, column))
            cells.append(f"{figure:.{3 if column == 's' else 0}f}" if is_known else "-")
    cells.append(f"{middle(results, run, 'ours', row, 'grown_mb'):.0f}")
    return f"| {' | '.join(cells)} |"
