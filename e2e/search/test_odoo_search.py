"""The same lives as in the small world, on real Odoo models over real HTTP, with real commits."""

import os
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from . import outcome
from .grammar import lives
from .life import Life
from .statistics import tell

DEEP = os.environ.get("CALENDAR_SYNC_PRO_DEEP") == "1"
SEQUENCES = int(os.environ.get("CSP_SEQUENCES", "200" if DEEP else "20"))
SHRINK_S = float(os.environ.get("CSP_SHRINK_S", "60"))
BUDGET_S = float(os.environ.get("CSP_BUDGET_S", "3600" if DEEP else "25"))
LIVES = lives() if DEEP else lives(3, 9)


class Search:
    """Lives at one place, as many as are asked for and as the time allows, and what was counted.

    A life that failed is made shorter for `SHRINK_S`; after that every other one counts as good.
    """

    def __init__(self, office):
        self.office, self.said = office, Counter()
        self.ends = 0.0
        self.failures = {}

    def run(self):
        """Search; raises the error of the shortest life that failed."""

        @settings(
            max_examples=SEQUENCES, deadline=None, derandomize=not DEEP, database=None,
            phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(LIVES)
        def live(steps):
            if steps_ := self.failures.get(repr(steps)):
                raise steps_
            self.ends = self.ends or time.monotonic() + BUDGET_S  # not what Hypothesis begins with
            if time.monotonic() < self.ends:
                self.live(steps)

        try:
            live()
        finally:
            self.office.statistics.update(self.said, requests=self.office.place.requests())
            tell(f"Odoo over HTTP, {self.office.place.name}", self.office.statistics)

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


def test_whatever_a_team_does_both_sides_end_equal(office):
    """S4-14, B-01, B-06: over real HTTP, with real commits and workers killed by SIGKILL."""
    search = Search(office)
    search.run()
    assert search.said["sequences"] >= 1


@pytest.mark.deep
def test_the_same_at_a_caldav_server_of_another_make(office_at_xandikos):
    """S4-14, B-01: its lists, its etags and its way to say that something is gone differ."""
    search = Search(office_at_xandikos)
    search.run()
    assert search.said["sequences"] >= 1
