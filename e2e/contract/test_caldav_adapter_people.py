"""Guests on CalDAV: nobody is mailed by a quiet write, and the wanted invitation goes out."""

import pytest

from calendar_sync_pro.core.errors import Forbidden
from calendar_sync_pro.core.event import Response
from calendar_sync_pro.tests.pure.contract.backend import (
    at,
    changed,
    draft,
    guest,
    listed,
    new_key,
    read_all,
)

from .caldav_other_side import vevent
from .caldav_world import CaldavWorld, path_of

CUSTOMER = "customer@else.example"


@pytest.fixture(params=[True, False], ids=["schedules", "plain"])
def world(dav, request):
    """Ann and Bob, with a server that invites by itself, and with one that doesn't."""
    made = CaldavWorld(dav, schedules=request.param)
    yield made
    made.close()


@pytest.fixture
def inviting(dav):
    """Ann and Bob on a server that invites by itself."""
    made = CaldavWorld(dav, schedules=True)
    yield made
    made.close()


def invited(world, **values):
    """Ann's meeting with the customer, with the wish to invite; the event."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Talk", attendees=(guest(CUSTOMER),))
    return ann, home, ann.create(home, wanted, new_key(), is_notifying=True, **values)


def methods(world):
    """What was mailed and to whom."""
    return [(mail.method, mail.to) for mail in world.proxy.scheduling.mails]


def test_quiet_writes_mail_nobody_on_any_server(world):
    """S4-11: made, moved, renamed, a guest more, a guest less, removed: not a word."""
    ann, home = world.provider("ann"), world.calendar("ann")
    people = (guest(CUSTOMER), guest(world.email("bob")))
    event = ann.create(home, draft("Quiet", attendees=tuple(sorted(people))), new_key())
    event = ann.update(home, event.remote_id, event.etag, changed(event, when=at(16)), ["when"])
    event = ann.update(home, event.remote_id, event.etag, changed(event, title="Still"), ["title"])
    alone = changed(event, attendees=(guest(CUSTOMER),))
    event = ann.update(home, event.remote_id, event.etag, alone, ["attendees"])
    ann.delete(home, event.remote_id, event.etag)
    assert not methods(world)
    assert not world.other_side("bob").titles()


def test_guest_of_a_quiet_write_is_marked_as_ours_to_tell(world):
    """S4-11: SCHEDULE-AGENT=CLIENT, so that no server ever tells them later either."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Quiet", attendees=(guest(CUSTOMER),)), new_key())
    people = world.other_side().event(path_of(event.remote_id)).get("ATTENDEE")
    people = people if isinstance(people, list) else [people]
    agents = {str(one).lower(): one.params.get("SCHEDULE-AGENT") for one in people}
    assert agents[f"mailto:{CUSTOMER}"] == "CLIENT"
    world.other_side().edit(path_of(event.remote_id), location="By hand")
    assert not methods(world)


def test_wanted_invitation_goes_out_once(inviting):
    """S4-25: by the server, to everybody who is invited and to nobody else."""
    ann, home, event = invited(inviting)
    assert methods(inviting) == [("REQUEST", CUSTOMER)]
    read = ann.get(home, event.remote_id)
    assert read.etag == event.etag
    assert [one.email for one in read.fields.attendees if one.email == CUSTOMER] == [CUSTOMER]


def test_wanted_update_and_cancellation_go_out(inviting):
    """S4-25: moved and called off, each told once."""
    ann, home, event = invited(inviting)
    moved = changed(event, when=at(16))
    event = ann.update(home, event.remote_id, event.etag, moved, ["when"], is_notifying=True)
    ann.delete(home, event.remote_id, event.etag, is_notifying=True)
    assert methods(inviting) == [
        ("REQUEST", CUSTOMER),
        ("REQUEST", CUSTOMER),
        ("CANCEL", CUSTOMER),
    ]


def test_quiet_change_of_what_the_server_announces_is_refused_and_changes_nothing(inviting):
    """S4-11: such a server can't be silent, and silencing it would call the meeting off."""
    ann, home, event = invited(inviting)
    for names, new in ((["title"], {"title": "Still"}), (["when"], {"when": at(17)})):
        with pytest.raises(Forbidden, match="would_notify"):
            ann.update(home, event.remote_id, event.etag, changed(event, **new), names)
    with pytest.raises(Forbidden, match="would_notify"):
        ann.delete(home, event.remote_id, event.etag)
    assert methods(inviting) == [("REQUEST", CUSTOMER)]
    assert inviting.other_side().titles() == ["Talk"]


def test_reminder_of_our_own_passes_quietly_on_an_announced_meeting(inviting):
    """S4-28: what is personal concerns nobody else."""
    ann, home, event = invited(inviting)
    reminded = changed(event, reminders=(5,))
    after = ann.update(home, event.remote_id, event.etag, reminded, ["reminders"])
    assert after.fields.reminders == (5,)
    assert methods(inviting) == [("REQUEST", CUSTOMER)]


def test_answers_that_came_in_meanwhile_survive_our_next_write(inviting):
    """S4-14: the server wrote the answer into our copy; a new title doesn't take it back."""
    ann, home = inviting.provider("ann"), inviting.calendar("ann")
    bob = inviting.email("bob")
    wanted = draft("Meeting", attendees=(guest(bob),))
    event = ann.create(home, wanted, new_key(), is_notifying=True)
    side = inviting.other_side("bob")
    [copy] = side.paths()
    side.put(side.text(copy).replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED"), copy)
    assert methods(inviting)[-1] == ("REPLY", inviting.email("ann"))
    after = ann.update(
        home, event.remote_id, "", changed(event, title="New"), ["title"], is_notifying=True
    )
    answers = {one.email: one.response for one in after.fields.attendees}
    assert answers[bob] is Response.ACCEPTED


def test_meeting_of_somebody_else_is_not_ours_to_change(world):
    """S4-14: an invitation in the calendar; only the answer belongs to us."""
    me = world.email("ann")
    world.other_side().put(
        vevent(
            "Theirs", "20270302T110000", "20270302T120000",
            "ORGANIZER:mailto:boss@else.example", f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{me}",
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:boss@else.example",
        )
    )  # fmt: skip
    ann, home = world.provider("ann"), world.calendar("ann")
    [event] = listed(read_all(ann, home))
    assert not event.is_organizer
    assert not event.can_edit
    with pytest.raises(Forbidden):
        ann.update(home, event.remote_id, event.etag, changed(event, title="Mine"), ["title"])
    assert world.other_side().titles() == ["Theirs"]
    assert not methods(world)


def test_guest_whom_somebody_invited_by_hand_is_not_uninvited_by_us(inviting):
    """S4-11: a meeting that a person made in the calendar keeps its scheduling as it is."""
    me, side = inviting.email("ann"), inviting.other_side()
    text = vevent(
        "By hand", "20270302T110000", "20270302T120000",
        f"ORGANIZER:mailto:{me}", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{me}",
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{CUSTOMER}",
    )  # fmt: skip
    path, by_hand = side.put(text), methods(inviting)
    assert by_hand == [("REQUEST", CUSTOMER)]
    ann, home = inviting.provider("ann"), inviting.calendar("ann")
    [event] = listed(read_all(ann, home))
    with pytest.raises(Forbidden, match="would_notify"):
        ann.update(home, event.remote_id, event.etag, changed(event, title="New"), ["title"])
    ann.update(home, event.remote_id, "", changed(event, reminders=(10,)), ["reminders"])
    assert methods(inviting) == by_hand
    assert "SCHEDULE-AGENT" not in side.text(path)
