"""Run the benchmark: `python -m benchmarks [--quick] [--only WORD]`.

Needs Odoo importable and PGHOST, PGPORT, PGUSER, ODOO_ADDONS_PATH, ODOO_DATA_DIR set; `./dev bench`
sets them. Only the loopback interface is used.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from . import booking, booking_read
from .cases import CASES, Case
from .contestants import CONTESTANTS
from .dav import DavServer
from .harness import Postgres
from .plan import PLAN, Run
from .report import report
from .stub import StubProcess

BIGGEST_QUICK = 1000


class Databases:
    """A prepared database per module, with that module alone, which is kindest to it.

    `is_kept` leaves them for the next run that asks for the same, until the addon's files change
    (BENCH_FILES tells which they are); otherwise they are this run's own, so that two runs at once
    do not meet.
    """

    def __init__(self, postgres: Postgres, *, is_kept: bool) -> None:
        self.postgres = postgres
        kept = f"kept_{os.environ.get('BENCH_FILES', '')[:8]}"
        self._owner = kept if is_kept else str(os.getpid())
        self._is_kept = is_kept
        self._own = f"csp_bench_{os.getpid()}"
        self._made: set[str] = set()

    def template(self, module: str) -> str:
        """Name of the prepared database."""
        name = f"csp_bench_{self._owner}_{module}"
        if name not in self._made:
            self._made.add(name)
            if not (self._is_kept and name in self.postgres.names()):
                self._install(name, module)
        return name

    def _install(self, name: str, module: str) -> None:
        for old in self.postgres.names():
            if old.startswith("csp_bench_kept_") and old.endswith(f"_{module}"):
                self.postgres.drop(old)
        self.postgres.drop(name)
        self.postgres.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        arguments = [*self.postgres.odoo_arguments(name), "-i", f"crm,calendar,sms,portal,{module}"]
        command = [sys.executable, "-m", "odoo", "server", *arguments, "--stop-after-init"]
        subprocess.run(command, check=True)

    def clone(self, module: str) -> str:
        """A fresh copy; there is one at a time."""
        self.postgres.clone(self.template(module), self._own)
        return self._own

    def __enter__(self) -> Self:
        """What killed runs left is dropped."""
        for name in self.postgres.names():
            owner = re.match(r"csp_bench_(\d+)", name)
            if owner and not Path(f"/proc/{owner[1]}").exists():
                self.postgres.drop(name)
        return self

    def __exit__(self, *_exc) -> None:
        for name in (self._own, *(() if self._is_kept else self._made)):
            self.postgres.drop(name)


def round_of(databases: Databases, run: Run, contestant: str) -> dict:
    """One case in a fresh process on a fresh clone."""
    module = CONTESTANTS[run.provider, contestant].module
    database = databases.clone(module) if module else ""
    command = [sys.executable, "-m", "benchmarks", "--inside", contestant, run.name]
    command += ["--database", database]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def inside(postgres: Postgres, contestant: str, name: str, database: str) -> None:
    """The measured process: print the result as one JSON line."""
    run = next(one for one in PLAN if one.name == name)
    with DavServer(run.count) if run.provider == "caldav" else StubProcess() as stub:
        case = Case(postgres, database, run, contestant, stub)
        print(json.dumps(CASES[run.case](case)))


def measure(databases: Databases, runs: list[Run], rounds: int | None) -> dict:
    """All runs, the contestants in turn, `rounds` times or as often as planned."""
    results: dict = {}
    for run in runs:
        for _round in range(rounds or run.rounds):
            for contestant in run.contestants:
                started = time.monotonic()
                print(f"{run.name}, {contestant}", file=sys.stderr, flush=True)
                done = round_of(databases, run, contestant)
                results.setdefault((run, contestant), []).append(done)
                print(f"    {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return results


def chosen(words: list[str], *, is_quick: bool) -> list[Run]:
    """The runs whose name has all `words`; quickly: without the biggest."""
    runs = [run for run in PLAN if all(word in run.name for word in words)]
    if is_quick:
        runs = [run for run in runs if run.count <= BIGGEST_QUICK]
    return runs


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round, without W5000")
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="in its name")
    parser.add_argument("--rounds", type=int, help="as often, instead of as planned")
    parser.add_argument("--keep-templates", action="store_true", help="use those of the last run")
    parser.add_argument("--inside", nargs=2, metavar=("WHO", "RUN"))
    parser.add_argument("--database")
    options = parser.parse_args()
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    postgres = Postgres.from_environment()
    if options.inside:
        inside(postgres, *options.inside, options.database)
        return 0
    runs = chosen(options.only, is_quick=options.quick)
    with_slots = options.only in ([], [booking.NAME])
    if not runs and not with_slots:
        parser.error(f"no run has {options.only} in its name")
    with Databases(postgres, is_kept=options.keep_templates) as databases:
        results = measure(databases, runs, 1 if options.quick else options.rounds)
        all_hold = report(results) if runs else True
        if with_slots:
            all_hold &= booking.report()
            all_hold &= booking_read.report(databases)
    return 0 if all_hold else 1


if __name__ == "__main__":
    sys.exit(main())
