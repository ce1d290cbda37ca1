"""Run the tests, stage by stage (`./dev test [unit|deep] [-k NAME] [paths]`).

Stages of different lanes run beside each other where there are two cores: many tests wait for
somebody. What a stage prints is then shown in one piece when it ends.

A stage that finds no test although it has test files fails, so that a broken collection can't look
like success. Everything after the first word goes to pytest.
"""

import contextlib
import dataclasses
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.ground import places
from scripts.ground.progress import say

PURE = "calendar_sync_pro/tests/pure"
NOTHING_COLLECTED = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Stage:
    """A set of tests that run in one pytest process."""

    name: str
    paths: tuple[str, ...]
    is_odoo: bool = False
    ignored: tuple[str, ...] = ()
    lane: int = 0

    def present(self) -> list[str]:
        """Those of the paths that hold test files now."""
        return [path for path in self.paths if any(self._tests(places.REPO / path))]

    def _tests(self, folder: Path) -> Iterator[Path]:
        skipped = [places.REPO / path for path in self.ignored]
        for path in [folder] if folder.is_file() else folder.rglob("test_*.py"):
            if not any(path.is_relative_to(other) for other in skipped):
                yield path

    def owns(self, path: str) -> bool:
        """Whether a path given by a person belongs to this stage."""
        target = (places.REPO / path.split("::")[0]).resolve()
        mine = any(target.is_relative_to(places.REPO / own) for own in self.paths)
        return mine and not any(target.is_relative_to(places.REPO / not_) for not_ in self.ignored)


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a stage came to."""

    stage: str
    ran: int
    failed: int
    skipped: int
    seconds: float
    is_good: bool


# The journeys in three parts of about the same time. They wait more than they work, so three lanes
# share two processors well.
SECOND, THIRD = (
    tuple(f"e2e/journeys/test_{name}.py" for name in names.split())
    for names in (
        "caldav cleanup cleanup_kills connect_password kills needs_you outlook outlook_reset"
        " outlook_series outlook_sign_in two_servers",
        "booking_api booking_page first_sync handover people people_caldav rooms scars security"
        " takeover",
    )
)
STAGES = (
    Stage("pure", (PURE,)),
    Stage("odoo", ("calendar_sync_pro",), is_odoo=True, ignored=(PURE,)),
    Stage("journeys", ("e2e/journeys",), ignored=SECOND + THIRD, lane=2),
    Stage("journeys 3", THIRD, lane=2),
    Stage("contract", ("e2e/contract", "sandbox", "scripts", "benchmarks"), lane=1),
    Stage("journeys 2", SECOND, lane=1),
    Stage("search", ("e2e/search",), is_odoo=True, lane=1),
)


def main() -> int:
    """Run the stages that are asked for and sum up; 1 when one of them failed."""
    mode, options, paths = parse(sys.argv[1:])
    if mode == "deep":
        os.environ["CALENDAR_SYNC_PRO_DEEP"] = "1"
    os.environ["CSP_TEST_LAUNCHER"] = str(places.REPO / "e2e" / "support" / "hasty_odoo.py")
    plan = [(stage, chosen) for stage in STAGES if (chosen := choose(stage, mode, paths))]
    with warm_databases(plan):
        outcomes = run_in_lanes(plan, options)
    return sum_up(outcomes, is_search="-k" in options)


def run_in_lanes(plan, options: list[str]) -> list["Outcome"]:
    """Run each lane's stages one after the other, the lanes beside each other."""
    lanes: dict[int, list] = {}
    for stage, chosen in plan:
        lanes.setdefault(stage.lane if (os.cpu_count() or 1) > 1 else 0, []).append((stage, chosen))
    is_alone = len(lanes) < 2

    def walk(lane):
        return [run(stage, chosen, options, is_alone) for stage, chosen in lane]

    with ThreadPoolExecutor(len(lanes) or 1) as pool:
        return [outcome for outcomes in pool.map(walk, lanes.values()) for outcome in outcomes]


def parse(arguments: list[str]) -> tuple[str, list[str], list[str]]:
    """The mode ("", "unit", "deep"), pytest's options, and the paths."""
    mode = arguments[0] if arguments[:1] in (["unit"], ["deep"]) else ""
    rest = arguments[1:] if mode else arguments
    options, paths = [], []
    for before, word in zip(["", *rest], rest, strict=False):
        is_value = before in ("-k", "-m", "-n", "-p", "-o")
        is_path = not is_value and (places.REPO / word.split("::")[0]).exists()
        (paths if is_path else options).append(word)
    return mode, options, paths


def choose(stage: Stage, mode: str, paths: list[str]) -> list[str]:
    """What of a stage to run; nothing when it is not asked for or has no tests."""
    if mode == "unit" and stage.name != "pure":
        return []
    if paths:
        return [path for path in paths if stage.owns(path)]
    return stage.present()


@contextlib.contextmanager
def warm_databases(plan) -> Iterator[None]:
    """Keep PostgreSQL up over all stages, instead of starting it for each."""
    if all(stage.name == "pure" for stage, _ in plan):
        yield
        return
    from e2e.support.postgres import Cluster

    with Cluster():
        yield


def run(stage: Stage, paths: list[str], options: list[str], is_alone: bool) -> Outcome:
    """Run one stage and read its result from pytest's report."""
    print(f"\n=== {stage.name}: {' '.join(paths)}", flush=True)
    said = (
        None
        if is_alone
        else places.log_dir() / f"test-{stage.name.replace(' ', '-')}-{os.getpid()}.log"
    )
    report = places.log_dir() / f"test-{stage.name.replace(' ', '-')}-{os.getpid()}.xml"
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *options, *paths]
    command += [f"--ignore={path}" for path in stage.ignored]
    if stage.is_odoo:
        code = run_on_odoo(stage, command, said)
    else:
        code = call([*command, "-p", "no:odoo"], os.environ, said)
    seconds = time.monotonic() - started
    tests, failed, skipped = read_report(report)
    is_empty = tests - skipped == 0 and "-k" not in options
    if is_empty:
        say(f"{stage.name}: no test ran although there are test files")
    good = code in (0, NOTHING_COLLECTED) and not is_empty
    if said:
        print(said.read_text(encoding="utf-8", errors="replace"), flush=True)
    print(f"=== {stage.name}: {seconds:.1f} s", flush=True)
    return Outcome(stage.name, tests - skipped, failed, skipped, seconds, good)


def call(command: list[str], env, said: Path | None) -> int:
    """A command's exit code; what it prints goes to the file `said` when one is given."""
    with said.open("wb") if said else contextlib.nullcontext() as out:
        done = subprocess.run(
            command, env=env, cwd=places.REPO, check=False, stdout=out,
            stderr=subprocess.STDOUT if out else None,
        )  # fmt: skip
    return done.returncode


def run_on_odoo(stage: Stage, command: list[str], said: Path | None) -> int:
    """Run pytest inside Odoo, on a fresh copy of the template that is this stage's alone."""
    from e2e.support.odoo_process import environment, write_config
    from e2e.support.stack import Stack

    with Stack(f"suite {stage.name}", sandbox=False, servers=0) as stack:
        shots = places.log_dir() / "screenshots"
        config = write_config(stack.cluster, stack.db, screenshots=shots, http_port=0)
        return call([*command, f"--odoo-config={config}", "--odoo-http"], environment(), said)


def read_report(report: Path) -> tuple[int, int, int]:
    """Counts of tests, failures and skips; zeros when pytest could not even start."""
    if not report.exists():
        return 0, 0, 0
    suites = ET.parse(report).getroot().iter("testsuite")
    report.unlink()
    counts = [0, 0, 0]
    for suite in suites:
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        for at, number in enumerate(
            (int(suite.get("tests", 0)), failed, int(suite.get("skipped", 0)))
        ):
            counts[at] += number
    return tuple(counts)


def sum_up(outcomes: list[Outcome], is_search: bool) -> int:
    """Print the table and the last line."""
    print()
    for outcome in outcomes:
        verdict = "ok" if outcome.is_good else "FAILED"
        print(
            f"{outcome.stage:10} {outcome.ran:5} ran {outcome.failed:4} failed "
            f"{outcome.skipped:4} skipped {outcome.seconds:7.1f} s  {verdict}"
        )
    ran = sum(outcome.ran for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    print(f"{ran - failed} passed, {failed} failed", flush=True)
    if not ran:
        say("No test ran." + (" No name matches." if is_search else ""))
    return 0 if ran and all(outcome.is_good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
