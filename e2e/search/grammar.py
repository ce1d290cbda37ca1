"""What a team does, what the worker does meanwhile and what goes wrong: random lives.

A step is a tuple of a verb and small numbers, which pick one of what is there at that moment; so
any part of a life is a life too, and a failing one can be made shorter.
"""

from hypothesis import strategies as st

PEOPLE = ("ann", "bob")
WHO = st.sampled_from(PEOPLE)
PICK = st.integers(0, 5)
SLOT = st.integers(0, 3)
FIELDS = ("title", "place", "start", "day")
FIELD = st.sampled_from(FIELDS)
VALUE = st.integers(0, 3)
TROUBLE = st.integers(0, 11)
POINT = st.integers(1, 8)
SKIP = st.integers(0, 4)

SINGLES = (
    st.tuples(st.just("books"), WHO, VALUE),
    st.tuples(st.just("books_both"), WHO, VALUE),
    st.tuples(st.just("adds"), WHO, VALUE),
    st.tuples(st.just("adds_with_guest"), WHO, VALUE),
    st.tuples(st.just("edits"), WHO, PICK, FIELD, VALUE),
    st.tuples(st.just("changes"), WHO, PICK, FIELD, VALUE),
    st.tuples(st.just("deletes"), WHO, PICK),
    st.tuples(st.just("removes"), WHO, PICK),
)
SERIES = (
    st.tuples(st.just("books_weekly"), WHO, VALUE),
    st.tuples(st.just("adds_weekly"), WHO, VALUE),
    st.tuples(st.just("edits_one"), WHO, PICK, SLOT, FIELD, VALUE),
    st.tuples(st.just("edits_all"), WHO, PICK, VALUE),
    st.tuples(st.just("edits_following"), WHO, PICK, SLOT, VALUE),
    st.tuples(st.just("changes_one"), WHO, PICK, SLOT, FIELD, VALUE),
    st.tuples(st.just("changes_all"), WHO, PICK, VALUE),
    st.tuples(st.just("changes_rule"), WHO, PICK, VALUE),
    st.tuples(st.just("drops_one"), WHO, PICK, SLOT),
    st.tuples(st.just("removes_one"), WHO, PICK, SLOT),
    st.tuples(st.just("deletes_all"), WHO, PICK),
    st.tuples(st.just("removes_all"), WHO, PICK),
)
PERSONS = (
    st.tuples(st.just("invites"), WHO, VALUE),
    st.tuples(st.just("answers"), WHO, PICK, st.booleans()),
    st.tuples(st.just("replies"), WHO, PICK, st.booleans()),
    st.tuples(st.just("hands_over"), WHO, PICK),
    st.tuples(st.just("approves"), WHO),
    st.tuples(st.just("discards"), WHO),
    st.tuples(st.just("switches"), WHO),
    st.tuples(st.just("disconnects"), WHO),
    st.tuples(st.just("reconnects"), WHO),
)
WORK = (
    st.tuples(st.just("syncs"), WHO),
    st.tuples(st.just("syncs"), WHO),
    st.tuples(st.just("sends"), WHO),
    st.tuples(st.just("relists"), WHO),
    st.tuples(st.just("meets_trouble"), WHO, TROUBLE, SKIP),
    st.tuples(st.just("meets_trouble"), WHO, TROUBLE, SKIP),
    st.tuples(st.just("dies"), WHO, POINT),
)


STEPS = SINGLES * 6 + SERIES * 4 + PERSONS[:6] * 4 + PERSONS[6:] * 2 + WORK * 9
"""Each verb as often as it shall come."""


BEGINNING = (
    ("books", "ann", 0),
    ("books_weekly", "ann", 0),
    ("books_both", "bob", 0),
    ("invites", "ann", 0),
    ("adds_with_guest", "ann", 0),
    ("adds_weekly", "bob", 0),
    ("syncs", "ann"),
    ("syncs", "bob"),
)
"""A team that has a bit of everything on both sides, so that each step that follows finds some."""


def lives(least=8, most=24):
    """Lives of so many steps: three kinds of edits, and as much work between them."""
    step = st.integers(0, len(STEPS) - 1).flatmap(lambda number: STEPS[number])
    later = st.lists(step, min_size=least, max_size=most)
    return st.tuples(st.sampled_from(((), BEGINNING)), later).map(lambda pair: [*pair[0], *pair[1]])
