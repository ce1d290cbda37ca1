"""The same lives as in the small world, on real Odoo models over real HTTP, with real commits."""

import os
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from odoo.tests.common import get_db_name

from e2e.support.dav_proxy import DavProxy
from e2e.support.dav_servers import passing
from e2e.support.sandbox_process import Sandbox as SandboxProcess
from sandbox.client import Sandbox
from scripts.ground import places as ground
from scripts.ground.places import REPO

from . import outcome
from .grammar import lives
from .life import Life
from .office import Office
from .places import AtSandbox, AtServer
from .worker import opened

DEEP = os.environ.get("CALENDAR_SYNC_PRO_DEEP") == "1"
SEQUENCES = int(os.environ.get("CSP_SEQUENCES", "200" if DEEP else "20"))
SHRINK_S = float(os.environ.get("CSP_SHRINK_S", "60"))
BUDGET_S = float(os.environ.get("CSP_BUDGET_S", "3600" if DEEP else "15"))


@pytest.fixture(scope="module")
def world():
    """The sandbox, and Odoo's settings for it."""
    state = ground.state_dir() / "sandbox" / f"search-{os.getpid()}"
    process = SandboxProcess(state, fresh=True)
    facts = {"CSP_ODOO_URL": "http://127.0.0.1:8069", "CSP_SANDBOX": _json(process.info)}
    _configure(**facts)
    yield Sandbox(process.info)
    process.stop()


@pytest.fixture(scope="module")
def server():
    """A real Radicale behind the proxy."""
    with passing("radicale", "search") as radicale, DavProxy(radicale) as proxy:
        yield proxy


def _json(value):
    import json

    return json.dumps(value)


def _configure(**facts):
    os.environ.update(facts)
    code = Path(REPO, "scripts", "demo_configure.py").read_text(encoding="utf-8")
    with opened(get_db_name()) as env:
        exec(compile(code, "demo_configure", "exec"), {"env": env})


class Search:
    """Lives at one place, as many as are asked for and as the time allows, and what was counted.

    A life that failed is made shorter for `SHRINK_S`; after that every other one counts as good.
    """

    def __init__(self, place):
        self.office, self.said = Office(get_db_name(), place), Counter()
        self.ends = time.monotonic() + BUDGET_S
        self.failures = {}

    def run(self):
        """Search; raises the error of the shortest life that failed."""

        @settings(
            max_examples=SEQUENCES, deadline=None, derandomize=not DEEP, database=None,
            phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(lives())
        def live(steps):
            if steps_ := self.failures.get(repr(steps)):
                raise steps_
            if time.monotonic() < self.ends:
                self.live(steps)

        try:
            live()
        finally:
            print(self.report())

    def live(self, steps):
        """One life from its beginning to its end."""
        self.said["sequences"] += 1
        life = Life(self.office)
        try:
            life.lives(steps)
            outcome.settle(life)
            outcome.check(life)
        except Exception as error:
            if not self.failures:
                self.ends = time.monotonic() + SHRINK_S
            self.failures[repr(steps)] = error
            raise
        finally:
            self.office.is_left()

    def report(self):
        """What was done, in a line."""
        said = self.said + self.office.statistics
        said["requests"] = self.office.place.requests()
        words = ", ".join(f"{n} {name}" for name, n in sorted(said.items()))
        return f"{self.office.place.provider}: {words}"


def replay(place):
    """Live the one life of CSP_LIFE again and tell what happens."""
    import logging

    logging.getLogger("odoo.addons.calendar_sync_pro").setLevel(logging.INFO)
    life = Life(Office(get_db_name(), place))
    steps = eval(os.environ["CSP_LIFE"])
    life.is_told = True
    life.lives(steps)
    outcome.settle(life)
    for who in life.team.values():
        print(who.name, "HERE", *who.here(), "THERE", *who.there(), sep="\n   ")
        q = "SELECT l.id, remote_id, state, problem_code, is_ours, is_organizer, is_silent, slot, base FROM calendar_sync_link l where account_id=%s"
        print(*life.office.sql(q, who.account), sep="\n   ")
        print(*life.office.sql("SELECT id, event_id, direction, action, rule, old, new FROM calendar_sync_journal where account_id=%s order by id", who.account), sep="\n   ")
        print(*life.office.sql("SELECT status, is_sync_on, first_sync_done, reason_code, failures, last_sync, next_run FROM calendar_sync_account where id=%s", who.account), sep="\n   ")
    outcome.check(life)


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_replay(world, provider):
    replay(AtSandbox(world, provider))


def test_replay_caldav(world, server):
    place = AtServer(server)
    with opened(get_db_name()) as env:
        env["ir.config_parameter"].set_param("calendar_sync_pro.trusted_hosts", place.host)
    replay(place)


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_whatever_a_team_does_both_sides_end_equal(world, provider):
    """S4-14, B-01, B-06: at the providers of the sandbox."""
    search = Search(AtSandbox(world, provider))
    search.run()
    assert search.said["sequences"] >= 3


def test_whatever_a_team_does_at_a_caldav_server(world, server):
    """S4-14, B-01, B-06: with a real Radicale."""
    place = AtServer(server)
    with opened(get_db_name()) as env:
        env["ir.config_parameter"].set_param("calendar_sync_pro.trusted_hosts", place.host)
    search = Search(place)
    search.run()
    assert search.said["sequences"] >= 3
