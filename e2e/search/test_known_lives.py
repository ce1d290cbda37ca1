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
LAST_OCCURRENCE_AND_FOLLOWING = (
    ("adds_weekly", "bob", 0),
    ("syncs", "bob"),
    ("edits_following", "bob", 0, 2, 3),
)
KILLED_AFTER_INVITING = (
    ("syncs", "ann"),
    ("syncs", "bob"),
    ("invites", "bob", 0),
    ("dies", "bob", 4),
)
DELETED_BEFORE_THE_CREATION_WAS_KNOWN = (
    *KILLED_AFTER_INVITING,
    ("syncs", "ann"),
    ("deletes", "bob", 0),
    ("syncs", "ann"),
)
LIVES = {
    "occurrence_deleted_on_both_sides": OCCURRENCE_DELETED_ON_BOTH_SIDES,
    "deleted_before_the_invitation_was_read": DELETED_BEFORE_THE_INVITATION_WAS_READ,
    "last_occurrence_and_following": LAST_OCCURRENCE_AND_FOLLOWING,
    "killed_after_inviting": KILLED_AFTER_INVITING,
    "deleted_before_the_creation_was_known": DELETED_BEFORE_THE_CREATION_WAS_KNOWN,
}


@pytest.mark.parametrize("steps", LIVES.values(), ids=LIVES.keys())
def test_known_life(office, steps):
    """S4-14, S4-25: it goes well at each provider now."""
    life = Life(office)
    life.lives(steps)
    outcome.settle(life)
    outcome.check(life)
