"""Whose event is this: one record per meeting, once on each calendar."""

from __future__ import annotations

from ...core.event import EventKey
from ...sync.match import GuidOwner, Index, Match, MatchKind, match
from .events import event, hour, remote

SEEN = remote(guid="g1")
OWNER = GuidOwner(meeting_id=5, title="Demo", when=hour(9))


def test_known_remote_id_is_its_link():
    """S4-31: the first thing that counts."""
    index = Index(by_remote={"r1": 7}, by_uid={SEEN.key: 9})
    assert match(SEEN, index) == Match(MatchKind.LINK, link_id=7)


def test_invitation_before_the_colleagues_answer_is_recognised_by_its_chosen_id():
    """S4-14: the organizer's create is not recorded yet; still one meeting."""
    assert match(SEEN, Index(by_key={"r1": 8})) == Match(MatchKind.ADOPT, meeting_id=8)


def test_pending_create_that_is_linked_here_is_a_twin():
    """S1-07: never a second link."""
    index = Index(by_key={"r1": 8}, living={8: 70})
    assert match(SEEN, index) == Match(MatchKind.TWIN, link_id=70, meeting_id=8)


def test_colleagues_copy_is_adopted():
    """S4-04: two connected people, one meeting, one record."""
    index = Index(by_uid={SEEN.key: 5})
    assert match(SEEN, index) == Match(MatchKind.ADOPT, meeting_id=5)


def test_occurrence_of_the_same_series_is_another_meeting():
    """S4-22: iCalUID alone is not enough."""
    index = Index(by_uid={EventKey(SEEN.ical_uid, "20270111T090000Z"): 5})
    assert match(SEEN, index).kind is MatchKind.NEW


def test_same_identity_twice_on_one_calendar_is_a_twin():
    """S1-07: never a second link."""
    index = Index(by_uid={SEEN.key: 5}, living={5: 70})
    assert match(SEEN, index) == Match(MatchKind.TWIN, link_id=70, meeting_id=5)


def test_our_guid_after_a_reinstall_adopts():
    """S4-24: the link is gone, the id in the event is not."""
    index = Index(by_guid={"g1": OWNER})
    assert match(SEEN, index) == Match(MatchKind.ADOPT, meeting_id=5)


def test_our_guid_on_an_equal_second_event_is_a_twin():
    """S1-07: listed as duplicate, not imported."""
    index = Index(by_guid={"g1": OWNER}, living={5: 70})
    assert match(SEEN, index) == Match(MatchKind.TWIN, link_id=70, meeting_id=5)


def test_our_guid_on_a_different_second_event_is_a_copy():
    """S4-24: somebody copied the meeting to another time: an event of its own."""
    index = Index(by_guid={"g1": OWNER}, living={5: 70})
    copied = remote(event(start=15), guid="g1")
    assert match(copied, index).kind is MatchKind.COPY


def test_nothing_known_is_new():
    """S4-04: also when it has no identity at all."""
    assert match(SEEN, Index()).kind is MatchKind.NEW
    assert match(remote(ical_uid=""), Index(by_uid={EventKey(""): 1})).kind is MatchKind.NEW
