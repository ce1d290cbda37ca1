"""Which events are one and the same."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ...sync.duplicates import Entry, find

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def entry(number, title="Demo", hours=0, **said):
    start = NOON + timedelta(hours=hours)
    return Entry(number, title, start, start + timedelta(hours=1), **said)


def ids(groups):
    return [[one.id for one in group] for group in groups]


def test_same_title_and_time_are_one_and_the_older_stays():
    """B-11, S1-09: spaces and capitals make no difference, another time does."""
    found = find([entry(3, " demo "), entry(2), entry(4, hours=1), entry(5, "Other")])
    assert ids(found) == [[2, 3]]


def test_what_somebody_worked_with_stays():
    """B-11: outcome before lead before calendar before number of people before age."""
    plain, full, linked = entry(1), entry(2, people=frozenset("ab")), entry(3, is_linked=True)
    with_lead, told = entry(4, lead_id=7), entry(5, has_outcome=True)
    assert ids(find([plain, full, linked, with_lead, told])) == [[5, 4, 3, 2, 1]]


def test_what_was_booked_stays():
    """B-11: somebody relies on it: the older one goes, and of two that were booked none."""
    assert ids(find([entry(1, lead_id=7), entry(2, is_booked=True)])) == [[2, 1]]
    assert not find([entry(1, is_booked=True), entry(2, has_outcome=True)])


def test_two_customers_at_one_time_are_two_appointments():
    """B-11: other leads, other people, or two outcomes are never merged."""
    ann, ben = frozenset({"ann@a.example"}), frozenset({"ben@b.example"})
    assert not find([entry(1, lead_id=1), entry(2, lead_id=2)])
    assert not find([entry(1, people=ann), entry(2, people=ben)])
    assert not find([entry(1, has_outcome=True), entry(2, has_outcome=True)])
    assert not find([entry(1), entry(2, rule="FREQ=DAILY")])


ENTRIES = st.lists(
    st.builds(
        entry, st.integers(1, 9), st.sampled_from(("a", "b")), hours=st.integers(0, 1),
        lead_id=st.integers(0, 2), has_outcome=st.booleans(), is_linked=st.booleans(),
        people=st.frozensets(st.sampled_from("xyz")),
    ),
    unique_by=lambda one: one.id,
)  # fmt: skip


@given(ENTRIES, st.randoms())
def test_order_of_the_events_makes_no_difference(entries, random):
    """B-11: the same groups come out, no event stands in two of them, and none stands alone."""
    found = find(entries)
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert find(shuffled) == found
    members = [one.id for group in found for one in group]
    assert len(members) == len(set(members))
    assert all(len(group) > 1 for group in found)
