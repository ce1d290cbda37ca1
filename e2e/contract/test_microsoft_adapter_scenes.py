"""Who is told: mails that Graph sends by itself, guests' copies and answers."""

import pytest

from calendar_sync_pro.core.errors import Forbidden, NotFound
from calendar_sync_pro.core.event import ShowAs
from calendar_sync_pro.tests.pure.contract.backend import (
    at,
    changed,
    draft,
    gone_ids,
    guest,
    listed,
    new_key,
    read_all,
)

from .microsoft_world import fresh_world, sent


@pytest.fixture
def world(google_box):
    """Ann and Bob at Microsoft; faults and settings are put back."""
    yield from fresh_world(google_box)


CUSTOMER = "customer@outside.example"


def test_graph_mails_where_we_refuse_to(world):
    """S4-11: quirk always_mails:
    first that it does, with the same requests by hand; then that we never cause it."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Meeting", attendees=(guest(CUSTOMER), guest(world.email("bob"))))
    event = ann.create(home, wanted, new_key(), is_notifying=True)
    path = f"/me/calendars/{home}/events/{event.remote_id}"
    told = len(world.mails())
    world.api("PATCH", path, {"subject": "By hand"})
    assert len(world.mails()) == told + 2
    event = ann.get(home, event.remote_id)
    for new, names in (
        (changed(event, title="New"), ["title"]),
        (changed(event, when=at(15)), ["when"]),
        (changed(event, attendees=()), ["attendees"]),
        (changed(event, show_as=ShowAs.FREE), ["show_as"]),
    ):
        with pytest.raises(Forbidden, match="would_notify"):
            ann.update(home, event.remote_id, event.etag, new, names)
    with pytest.raises(Forbidden, match="would_notify"):
        ann.delete(home, event.remote_id, event.etag)
    assert len(world.mails()) == told + 2


def test_guest_who_was_added_meanwhile_is_not_told_by_mistake(world):
    """S4-11: the version that we know had no guests; Graph has another one by now."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Alone"), new_key())
    invited = changed(event, attendees=(guest(CUSTOMER),))
    world.person("ann").update(home, event.remote_id, "", invited, ["attendees"], is_notifying=True)
    told = len(world.mails())
    with pytest.raises(Forbidden, match="would_notify"):
        ann.update(home, event.remote_id, "", changed(event, title="T"), ["title"])
    assert len(world.mails()) == told


def test_moving_a_meeting_without_guests_is_one_request(world):
    """S1-22: nobody to tell, nothing to look up first."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft(), new_key())
    world.box.clear_requests()
    ann.update(home, event.remote_id, event.etag, changed(event, when=at(15)), ["when"])
    assert sent(world) == [("PATCH", "events.update")]


def test_cancelled_copy_that_stays_in_the_calendar_counts_as_gone(world):
    """S1-27: Outlook keeps it there, marked."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Off", attendees=(guest(world.email("bob")),))
    event = ann.create(home, wanted, new_key(), is_notifying=True)
    bob, his = world.provider("bob"), world.calendar("bob")
    pages = read_all(bob, his)
    (copy,) = listed(pages)
    ann.delete(home, event.remote_id, event.etag, is_notifying=True)
    assert gone_ids(read_all(bob, his, pages[-1].cursor)) == {copy.remote_id}
    with pytest.raises(NotFound):
        bob.get(his, copy.remote_id)


def test_guests_copy_is_not_ours_though_the_organizers_is(world):
    """S3-14: same meeting, other id, no lasting id of ours; personal fields can be written."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Meeting", attendees=(guest(world.email("bob")),))
    event = ann.create(home, wanted, new_key(), is_notifying=True)
    bob, his = world.provider("bob"), world.calendar("bob")
    (copy,) = listed(read_all(bob, his))
    assert copy.remote_id != event.remote_id
    assert (copy.ical_uid, copy.guid) == (event.ical_uid, "")
    told = len(world.mails())
    after = bob.update(
        his, copy.remote_id, copy.etag, changed(copy, reminders=(40,)), ["reminders"]
    )
    assert after.fields.reminders == (40,)
    assert len(world.mails()) == told
    assert ann.get(home, event.remote_id).fields.reminders != (40,)


def test_declining_takes_the_meeting_out_of_the_guests_calendar(world):
    """S4-14: told as declined, then gone; the organizer hears of it only aloud."""
    ann, home = world.provider("ann"), world.calendar("ann")
    email = world.email("bob")
    ann.create(home, draft("M", attendees=(guest(email),)), new_key(), is_notifying=True)
    bob, his = world.provider("bob"), world.calendar("bob")
    (copy,) = listed(read_all(bob, his))
    told = len(world.mails())
    no = changed(copy, attendees=(guest(email, response="declined"),))
    after = bob.update(his, copy.remote_id, copy.etag, no, ["attendees"])
    assert [a.response for a in after.fields.attendees] == ["declined"]
    assert len(world.mails()) == told
    with pytest.raises(NotFound):
        bob.get(his, copy.remote_id)
