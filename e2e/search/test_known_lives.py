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
SERIES_DELETED_WHILE_A_CHANGED_OCCURRENCE_WAS_UNSENT = (
    ("adds_weekly", "ann", 0),
    ("syncs", "ann"),
    ("edits_one", "ann", 0, 1, "title", 2),
    ("removes_all", "ann", 0),
)
OCCURRENCE_CHANGED_WHILE_ITS_CHANGE_WAITED = (
    ("adds_weekly", "bob", 0),
    ("syncs", "bob"),
    ("edits_one", "bob", 0, 0, "title", 3),
    ("meets_trouble", "bob", 7, 4),
    ("changes_one", "bob", 0, 0, "start", 0),
    ("syncs", "bob"),
)
FIRST_PART_DELETED_BEFORE_THE_SPLIT_WAS_SENT = (
    ("adds_weekly", "bob", 0),
    ("syncs", "bob"),
    ("edits_following", "bob", 5, 1, 2),
    ("deletes_all", "bob", 2),
)
CHANGED_AFTER_THE_COPIES_WORKER_DIED = (
    ("syncs", "bob"),
    ("books", "bob", 0),
    ("books_both", "ann", 0),
    ("books_both", "ann", 0),
    ("books_both", "ann", 0),
    ("syncs", "ann"),
    ("dies", "bob", 7),
    ("changes", "ann", 4, "place", 1),
)
DELETED_WHILE_DISCONNECTED = (
    ("books_weekly", "bob", 0),
    ("books", "bob", 0),
    ("syncs", "bob"),
    ("disconnects", "bob"),
    ("deletes", "bob", 0),
    ("drops_one", "bob", 0, 1),
    ("sends", "ann"),
    ("reconnects", "bob"),
)
ORGANIZER_DECLINED = (
    ("invites", "bob", 0),
    ("hands_over", "bob", 0),
    ("answers", "ann", 0, False),
    ("syncs", "bob"),
)
LONGER_RULE_WHERE_ONLY_A_CHANGED_OCCURRENCE_WAS_LEFT = (
    ("books_weekly", "ann", 0),
    ("syncs", "ann"),
    ("drops_one", "ann", 0, 0),
    ("edits_following", "ann", 0, 1, 1),
    ("changes_one", "ann", 0, 1, "start", 1),
    ("syncs", "ann"),
    ("changes_rule", "ann", 0, 3),
)
EVERY_DATE_REMOVED_ONE_BY_ONE = (
    ("adds_weekly", "bob", 0),
    ("syncs", "bob"),
    ("drops_one", "bob", 0, 2),
    ("removes_one", "bob", 0, 0),
    ("removes_one", "bob", 0, 0),
)
LIVES = {
    "occurrence_deleted_on_both_sides": OCCURRENCE_DELETED_ON_BOTH_SIDES,
    "deleted_before_the_invitation_was_read": DELETED_BEFORE_THE_INVITATION_WAS_READ,
    "last_occurrence_and_following": LAST_OCCURRENCE_AND_FOLLOWING,
    "killed_after_inviting": KILLED_AFTER_INVITING,
    "deleted_before_the_creation_was_known": DELETED_BEFORE_THE_CREATION_WAS_KNOWN,
}
AT_LENGTH = {
    "first_part_deleted_before_the_split_was_sent": FIRST_PART_DELETED_BEFORE_THE_SPLIT_WAS_SENT,
    "series_deleted_while_a_changed_occurrence_was_unsent": (
        SERIES_DELETED_WHILE_A_CHANGED_OCCURRENCE_WAS_UNSENT
    ),
    "occurrence_changed_while_its_change_waited": OCCURRENCE_CHANGED_WHILE_ITS_CHANGE_WAITED,
    "changed_after_the_copies_worker_died": CHANGED_AFTER_THE_COPIES_WORKER_DIED,
    "deleted_while_disconnected": DELETED_WHILE_DISCONNECTED,
    "organizer_declined": ORGANIZER_DECLINED,
    "every_date_removed_one_by_one": EVERY_DATE_REMOVED_ONE_BY_ONE,
    "longer_rule_where_only_a_changed_occurrence_was_left": (
        LONGER_RULE_WHERE_ONLY_A_CHANGED_OCCURRENCE_WAS_LEFT
    ),
}
"""These stand daily in `tests/test_found_series.py`, with a provider in memory."""


def lives_well(office, steps):
    """A life from its beginning to its end, judged."""
    life = Life(office)
    life.lives(steps)
    outcome.settle(life)
    outcome.check(life)


@pytest.mark.parametrize("steps", LIVES.values(), ids=LIVES.keys())
def test_known_life(office, steps):
    """S4-14, S4-25: it goes well at each provider now."""
    lives_well(office, steps)


@pytest.mark.deep
@pytest.mark.parametrize("steps", AT_LENGTH.values(), ids=AT_LENGTH.keys())
def test_known_life_at_length(office, steps):
    """S4-14, S4-25: it goes well at each provider now."""
    lives_well(office, steps)
