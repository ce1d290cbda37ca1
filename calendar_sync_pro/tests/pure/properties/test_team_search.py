"""Lives of a team at each provider, in the small world: any end of any life is a good one."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import Phase, given, settings

from e2e.search import outcome
from e2e.search.grammar import lives
from e2e.search.life import Life
from e2e.search.statistics import tell

from ..team.office import Office
from ..team.shelves import SHELVES

DEEP = os.environ.get("CALENDAR_SYNC_PRO_DEEP") == "1"
LIVES = int(os.environ.get("CSP_LIVES", "2000" if DEEP else "100"))


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.name)
def test_whatever_a_team_does_both_sides_end_equal(shelf):
    """S4-14, B-01, B-06: edits of several people, faults at each request, kills at each step."""
    said = Counter()

    @settings(
        max_examples=LIVES, deadline=None, derandomize=not DEEP, database=None,
        phases=[Phase.generate, Phase.shrink], report_multiple_bugs=False,
    )  # fmt: skip
    @given(lives())
    def live(steps):
        office = Office(shelf())
        life = Life(office)
        life.lives(steps)
        outcome.settle(life)
        outcome.check(life)
        said.update(office.statistics)
        said.update(sequences=1, requests=office.place.counts["requests"])

    try:
        live()
    finally:
        tell(f"the small world, {shelf.name}", said)
