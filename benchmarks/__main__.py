"""Run the benchmark: `python -m benchmarks [--quick] [--only CASE]`.

Needs Odoo importable and PGHOST, PGPORT, PGUSER, ODOO_ADDONS_PATH, ODOO_DATA_DIR set; `./dev bench`
sets them. Only the loopback interface is used.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time

from .bars import BARS, middle, values
from .cases import CASES, Case
from .contestants import MODULES
from .harness import Postgres
from .stub import StubProcess

PLAN = (
    ("first", 1000, 3),
    ("incremental", 1000, 1),
    ("push", 200, 1),
    ("late", 200, 1),
    ("first", 5000, 1),
)


def template(contestant: str) -> str:
    """Name of the prepared database."""
    return f"csp_bench_{contestant}_template"


def prepare(postgres: Postgres, contestant: str) -> None:
    """Install the contestant alone (kindest to it) in a fresh database."""
    name = template(contestant)
    postgres.drop(name)
    postgres.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    arguments = postgres.odoo_arguments(name)
    command = [sys.executable, "-m", "odoo", "server", *arguments, "-i", MODULES[contestant]]
    subprocess.run([*command, "--stop-after-init"], check=True)


def run_case(postgres: Postgres, contestant: str, name: str, count: int) -> dict:
    """One case in a fresh process on a fresh clone."""
    database = f"csp_bench_{os.getpid()}"
    postgres.clone(template(contestant), database)
    command = [sys.executable, "-m", "benchmarks", "--inside", contestant, name, str(count)]
    try:
        done = subprocess.run(
            [*command, "--database", database], stdout=subprocess.PIPE, text=True, check=True
        )
    finally:
        postgres.drop(database)
    return json.loads(done.stdout.splitlines()[-1])


def inside(postgres: Postgres, contestant: str, name: str, count: int, database: str) -> None:
    """The measured process: print the result as one JSON line."""
    with StubProcess() as stub:
        case = Case(postgres, database, contestant, stub, count)
        print(json.dumps(CASES[name](case)))


def measure(postgres: Postgres, plan) -> dict:
    """All cases, the contestants in turn."""
    results: dict = {}
    for name, count, rounds in plan:
        for _round in range(rounds):
            for contestant in MODULES:
                started = time.monotonic()
                print(f"{name} {count} {contestant}", file=sys.stderr, flush=True)
                run = run_case(postgres, contestant, name, count)
                results.setdefault((contestant, name, count), []).append(run)
                print(f"    {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return results


def report(results: dict) -> bool:
    """Print the figures and the bars; True when every bar holds."""
    print("| case | row | ours s | peer s | ours SQL | peer SQL | ours HTTP | grown MB |")
    print("|---|---|---|---|---|---|---|---|")
    for name, count, _rounds in PLAN:
        ours, peer = ("ours", name, count), ("peer", name, count)
        rows = dict.fromkeys(line["name"] for run in results.get(ours, ()) for line in run["rows"])
        for row in rows:
            sql = [max(values(results, side, row, "sql"), default=0) for side in (ours, peer)]
            print(
                f"| {name} {count} | {row} | {middle(results, ours, row):.3f} |"
                f" {middle(results, peer, row):.3f} | {sql[0]} | {sql[1]} |"
                f" {middle(results, ours, row, 'http'):.0f} |"
                f" {middle(results, ours, row, 'grown_mb'):.0f} |"
            )
    all_hold = True
    print("\n| promise | measured | bar | holds |\n|---|---|---|---|")
    for bar in BARS:
        figure, holds = bar.verdict(results)
        all_hold &= holds
        sign = ">=" if bar.is_minimum else "<="
        print(f"| {bar.name} | {figure:.2f} | {sign} {bar.limit:g} | {'yes' if holds else 'NO'} |")
    for key, runs in results.items():
        print(f"{key}: {runs[-1]['check']} {runs[-1].get('copies', '')}")
    return all_hold


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--quick", action="store_true", help="one round, without W5000")
    parser.add_argument("--only", help="only this case")
    parser.add_argument("--keep-templates", action="store_true", help="use prepared databases")
    parser.add_argument("--inside", nargs=3, metavar=("WHO", "CASE", "COUNT"))
    parser.add_argument("--database")
    options = parser.parse_args()
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    postgres = Postgres.from_environment()
    if options.inside:
        contestant, name, count = options.inside
        inside(postgres, contestant, name, int(count), options.database)
        return 0
    if not options.keep_templates:
        for contestant in MODULES:
            prepare(postgres, contestant)
    plan = [(name, count, 1 if options.quick else rounds) for name, count, rounds in PLAN]
    if options.quick:
        plan = [item for item in plan if item[1] < 5000]
    if options.only:
        plan = [item for item in plan if item[0] == options.only]
    return 0 if report(measure(postgres, plan)) else 1


if __name__ == "__main__":
    sys.exit(main())
