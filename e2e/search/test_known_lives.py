"""Lives that once went wrong, each as short as it gets; see docs/trust.md."""

import pytest

from . import outcome
from .life import Life

OCCURRENCE_DELETED_ON_BOTH_SIDES = (
    ("adds_weekly", "bob", 0),
    ("syncs", "bob"),
    ("removes_one", "bob", 0, 0),
    ("drops_one", "bob", 0, 0),
    ("syncs", "bob"),
)
DELETED_BEFORE_THE_INVITATION_WAS_READ = (
    ("syncs", "ann"),
    ("syncs", "bob"),
    ("invites", "bob", 0),
    ("syncs", "bob"),
    ("deletes", "bob", 0),
)


@pytest.mark.parametrize(
    "steps",
    [OCCURRENCE_DELETED_ON_BOTH_SIDES, DELETED_BEFORE_THE_INVITATION_WAS_READ],
    ids=["occurrence_deleted_on_both_sides", "deleted_before_the_invitation_was_read"],
)
def test_known_life(office, steps):
    """S4-14, S4-25: it goes well at each provider now."""
    life = Life(office)
    life.lives(steps)
    outcome.settle(life)
    outcome.check(life)
