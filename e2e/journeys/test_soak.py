"""Six hundred people at three providers for half an hour of the clock of what is due, with faults
at two of a hundred requests, and with every server killed once by kill -9: both Odoo servers,
PostgreSQL, what plays Google and Microsoft, and the CalDAV server.

Odoo runs as in production, with worker processes. Such a server ends by itself when it misses its
database; a service manager starts it again, and so does the soak. The figures are told at the end
of the run. CALENDAR_SYNC_PRO_SOAK is "people rate minutes" for a smaller or longer one: people per
provider, how much faster things become due, and minutes of that clock.
"""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from statistics import mean, quantiles

import pytest

from e2e.search.statistics import LINES
from e2e.support.dav_proxy import DavProxy
from e2e.support.dav_servers import passing
from e2e.support.mortal_postgres import MortalCluster
from e2e.support.quick_odoo import QuickClock
from e2e.support.stack import Stack

from .dav_phone import DavProduct
from .people import Product, wait
from .soak_office import Office

pytestmark = pytest.mark.deep

PEOPLE, RATE, MINUTES = map(float, os.environ.get("CALENDAR_SYNC_PRO_SOAK", "200 3 30").split())
LAUNCHER = Path(__file__).parents[1] / "support" / "quick_odoo.py"
OUR_AGENT = "(gzip)"
OF_ALL = 0.02
SANDBOX_TROUBLE = (
    {"action": "error", "status": 503},
    {"action": "error", "status": 429, "retry_after": 2},
    {"action": "error_after", "status": 503},
    {"action": "drop"},
    {"action": "drop_after"},
    {"action": "truncate"},
    {"action": "garbage"},
    {"action": "expire_token"},
)
DAV_TROUBLE = (
    {"kind": "error", "status": 503},
    {"kind": "error", "status": 429, "retry_after": "2"},
    {"kind": "error_after", "status": 503},
    {"kind": "drop"},
    {"kind": "drop_after"},
    {"kind": "cut"},
    {"kind": "garbage"},
)
ACTIONS_PER_S, HANDS = 3.0, 4
EVENS_OUT_S = 900
WITHOUT_DATABASE_S = 5
WARM_AFTER_S = 150
"""A shorter run ends before servers that were started again have read what they keep."""


class Soak:
    """The product with everything that can be killed, and what was measured of it."""

    def __init__(self, folder, running):
        clock = {"origin": time.time(), "rate": RATE}
        self.clock = QuickClock(**clock)
        quick = {"CSP_TEST_LAUNCHER": str(LAUNCHER), "CSP_CLOCK": json.dumps(clock)}
        self._server_options = {"workers": 1, "cron_threads": 1, **quick}
        self.dav = running.enter_context(passing("radicale", "soak"))
        self.proxy = running.enter_context(DavProxy(self.dav))
        self.postgres = MortalCluster("soak")
        self.stack = running.enter_context(
            Stack("soak", servers=0, configure=False, push=True, cluster=self.postgres)
        )
        self.stack.start_odoo(**self._server_options)
        self.stack.configure()
        self.stack.start_odoo(**self._server_options)
        product = Product(self.stack)
        DavProduct(product, self.proxy)
        self.product, self.office = product, Office(product, self.proxy, folder)
        self.length_s = MINUTES * 60 / RATE
        self.memory, self.struck, self.asked, self.started_again = [], 0, 0, 0

    # -- trouble ----------------------------------------------------------------------------------
    def disturbs(self):
        """From now on two of a hundred requests go wrong, in each way equally often."""
        for one in SANDBOX_TROUBLE:
            self.product.world.faults.add(
                **one, count=0, probability=OF_ALL / len(SANDBOX_TROUBLE), agent=OUR_AGENT
            )
        for one in DAV_TROUBLE:
            self.proxy.fault(**one, count=0, probability=OF_ALL / len(DAV_TROUBLE))

    def calms(self):
        """Nothing goes wrong any more."""
        self.counts_faults()
        self.product.world.faults.clear()
        self.proxy.calm()

    def counts_faults(self):
        """Add up what the sandbox was asked and how often faults struck, before it forgets."""
        self.asked += sum(self.product.world.counters()["requests"].values())
        self.struck += sum(fault["hits"] for fault in self.product.world.faults.list())

    def kills_a_server(self, number):
        """kill -9 of one Odoo server, workers and all; another takes its place."""
        port = self.servers[number].port
        self.servers[number].kill()
        self.servers[number] = self.stack.start_odoo(port, wait=False, **self._server_options)
        assert self.servers.pop().port == port, "people would look for it in vain"

    def looks_after_servers(self):
        """What a service manager does: start again what has ended by itself."""
        for number, server in enumerate(self.servers):
            if not server.is_running():
                self.started_again += 1
                self.kills_a_server(number)

    def kills_postgres(self):
        """kill -9 of PostgreSQL; it is away for some seconds, in which everybody goes on."""
        self.postgres.kill()
        time.sleep(WITHOUT_DATABASE_S)
        self.postgres.revive()

    def kills_the_providers(self):
        """kill -9 of what plays Google and Microsoft, and of the CalDAV server."""
        self.counts_faults()
        port = int(self.stack.sandbox.url.rsplit(":", 1)[1])
        self.stack.sandbox.kill()
        self.stack.start_sandbox(port)
        self.dav.kill()
        self.dav.restart()
        self.proxy.calm()
        self.disturbs()

    # -- the half hour ----------------------------------------------------------------------------
    def first_day(self):
        """Everybody's first sync; how long the whole office took."""
        started = time.monotonic()
        query = "SELECT count(*) FROM calendar_sync_account WHERE first_sync_done IS NOT TRUE"
        wait(lambda: self.product.sql(query) == [(0,)], "everybody's first sync", 1200, 1.0)
        return time.monotonic() - started

    def lives(self):
        """People do things, servers die, and what arrives is noted."""
        length = self.length_s
        events = [
            (0.1, lambda: self.kills_a_server(1)),
            (0.2, lambda: self.kills_a_server(0)),
            (0.3, self.kills_postgres),
            (0.42, self.kills_the_providers),
        ]
        began = time.monotonic()
        with ThreadPoolExecutor(HANDS) as hands:
            acting = [hands.submit(self._keeps_acting, began + length) for _ in range(HANDS)]
            while (passed := time.monotonic() - began) < length:
                if events and passed > events[0][0] * length:
                    events.pop(0)[1]()
                self.looks_after_servers()
                self.office.looks()
                self.memory.append((passed / length, [_memory_kb(one.pid) for one in self.servers]))
                time.sleep(0.5)
        assert not events, "the time was too short for everything that dies"
        for one in acting:
            one.result()

    def _keeps_acting(self, until):
        while (now := time.monotonic()) < until:
            self.office.acts()
            time.sleep(max(HANDS / ACTIONS_PER_S - (time.monotonic() - now), 0))

    @property
    def servers(self):
        return self.stack.servers

    def dust_settles(self):
        """Faults are over; wait until nothing is under way."""
        self.calms()
        self._calm_at = self.clock.now().replace(tzinfo=None, microsecond=0)
        self.product.sql(_ALL_ARE_DUE)
        self.stack.shell(_WAKE)
        deadline = time.monotonic() + EVENS_OUT_S
        while (left := self.left()) and time.monotonic() < deadline:
            self.looks_after_servers()
            time.sleep(1)
        assert not left, left

    def left(self):
        """What is not done yet: changes under way, and what waits in the product, by number."""
        under_way = self.office.looks()
        waiting = self.product.sql(_WAITING, self._calm_at, self._calm_at)
        return waiting + [("under way", under_way)] * bool(under_way)


def _memory_kb(group):
    """What a server's processes hold together; what several share is counted once."""
    return sum(_proportional_kb(pid) for pid in _group(group))


def _group(group):
    for entry in Path("/proc").iterdir():
        with suppress(ValueError, OSError):
            if os.getpgid(int(entry.name)) == group:
                yield int(entry.name)


def _proportional_kb(pid):
    with suppress(OSError):  # it may end while it is looked at
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return 0


# One statement that waits for whoever is writing now: a transaction of Odoo's would lose that race.
_ALL_ARE_DUE = "UPDATE calendar_sync_account SET next_run = create_date"
_WAKE = "env['calendar.sync.account']._schedule_now()"
_WAITING = """
    SELECT * FROM (
        SELECT 'mark' AS what, count(*) AS n FROM calendar_sync_mark
        UNION ALL SELECT 'never read since', count(*) FROM calendar_sync_account
                   WHERE last_sync < %s OR next_run < %s
        UNION ALL SELECT 'failing', count(*) FROM calendar_sync_account
                   WHERE failures > 0 OR status != 'active' OR lease_token IS NOT NULL
        UNION ALL SELECT 'link', count(*) FROM calendar_sync_link
                   WHERE state NOT IN ('synced', 'closed', 'cancelled', 'frozen')) AS open
     WHERE n > 0
"""


def test_half_an_hour_of_a_large_office(tmp_path):
    """D-08, S2-51, B-09: given two hundred people at each of three providers, faults at two of a
    hundred requests and every server killed once, when they work for half an hour on both sides,
    then nothing is lost, nothing stands twice, nobody is mailed, and memory does not grow."""
    with ExitStack() as running:
        soak = Soak(tmp_path, running)
        soak.office.hires(int(PEOPLE))
        first = soak.first_day()
        soak.disturbs()
        soak.lives()
        soak.dust_settles()
        _tell(soak, first)
        assert soak.office.differences() == {}
        assert soak.office.vanished == []
        assert soak.product.mails() == []
        before, after = (_mean_memory(soak, *part) for part in ((0.6, 0.8), (0.8, 1.0)))
        is_warm = soak.length_s * 0.6 >= WARM_AFTER_S
        assert not is_warm or after < before * 1.05 + 5_000, "memory grows"


def _mean_memory(soak, begin, end):
    return mean(sum(each) for at, each in soak.memory if begin <= at < end)


def _tell(soak, first_s):
    """The figures, in real seconds; what is polled becomes due RATE times as fast."""
    people = len(soak.office.people)
    LINES.append(f"soak: {people} people, first syncs in {first_s:.0f} s, {dict(soak.office.done)}")
    for (provider, direction), lags in sorted(soak.office.lags.items()):
        cuts = quantiles(lags, n=20, method="inclusive")
        LINES.append(
            f"soak: {provider} {direction}: {len(lags)} changes, p50 {cuts[9]:.1f} s, "
            f"p95 {cuts[18]:.1f} s, max {max(lags):.1f} s"
        )
    parts = [_mean_memory(soak, at / 5, at / 5 + 0.2) / 1024 for at in range(5)]
    LINES.append(f"soak: memory of both servers by fifths {[f'{part:.0f} MB' for part in parts]}")
    dav_faults = sum(1 for one in soak.proxy.requests() if one.fault)
    LINES.append(
        f"soak: {soak.asked} requests to the sandbox with {soak.struck} faults, "
        f"{soak.proxy.last} to the CalDAV server with {dav_faults} faults"
    )
    LINES.append(f"soak: servers that ended and were started again: {soak.started_again}")
