"""Lives that once went wrong in the small world, each as short as it gets; see docs/trust.md."""

from __future__ import annotations

import pytest

from e2e.search import outcome
from e2e.search.life import Life

from ..team.office import Office
from ..team.shelves import SHELVES

POINTS = range(1, 9)


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.name)
@pytest.mark.parametrize("point", POINTS)
def test_worker_is_killed_while_it_invites(shelf, point):
    """S4-14: wherever it dies, the invitation that the colleague reads first is no second event."""
    life = Life(Office(shelf()))
    first = [("syncs", "ann"), ("syncs", "bob"), ("invites", "bob", 0)]
    life.lives([*first, ("dies", "bob", point), ("syncs", "ann")])
    outcome.settle(life)
    outcome.check(life)


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.name)
@pytest.mark.parametrize("meanwhile", ["edits", "deletes"])
def test_meeting_is_touched_while_its_invitation_waits(shelf, meanwhile):
    """S4-14, S4-25: another title, or gone again, before anybody knows that it was created."""
    step = {"edits": ("edits", "bob", 0, "title", 2), "deletes": ("deletes", "bob", 0)}[meanwhile]
    for point in POINTS:
        life = Life(Office(shelf()))
        first = [("syncs", "ann"), ("syncs", "bob"), ("invites", "bob", 0)]
        life.lives([*first, ("dies", "bob", point), step, ("syncs", "ann")])
        outcome.settle(life)
        outcome.check(life)
