"""Contract of guests: whose answer is whose, who may change what, and who gets mail."""

from __future__ import annotations

import pytest

from ....core.errors import Forbidden, NotFound
from ....core.event import Response
from .backend import changed, draft, guest, listed, new_key, read_all

CUSTOMER = "customer@outside.example"


class PeopleContract:
    """Inherited by every provider's test class, which supplies the `world` fixture."""

    def _meeting(self, world, *others):
        """Ann's meeting with Bob, seen by both."""
        ann, home = world.provider("ann"), world.calendar("ann")
        guests = (guest(world.email("bob")), *others)
        wanted = draft("Meeting", attendees=tuple(sorted(guests)))
        event = ann.create(home, wanted, new_key(), **_told(world, ann))
        copies = listed(read_all(world.provider("bob"), world.calendar("bob")))
        copy = next(e for e in copies if e.ical_uid == event.ical_uid)
        return event, copy

    def _answers(self, event):
        return {a.email: a.response for a in event.fields.attendees}

    def test_silent_writes_send_no_mail(self, world):
        """S4-11: creating, changing and deleting with guests on it stays between machines."""
        before = len(world.mails())
        ann, home = world.provider("ann"), world.calendar("ann")
        wanted = draft("Quiet", attendees=(guest(world.email("bob")), guest(CUSTOMER)))
        if not ann.can.has_silent_writes:
            self._refuses_what_would_mail(world, wanted)
            return
        event = ann.create(home, wanted, new_key())
        event = ann.update(home, event.remote_id, "", changed(event, title="Still"), ["title"])
        alone = changed(event, attendees=event.fields.attendees[:1])
        event = ann.update(home, event.remote_id, "", alone, ["attendees"])
        ann.delete(home, event.remote_id, event.etag)
        assert len(world.mails()) == before

    def _refuses_what_would_mail(self, world, wanted):
        """A provider that mails whether one wants it or not: silent is then not at all."""
        ann, home = world.provider("ann"), world.calendar("ann")
        with pytest.raises(Forbidden, match="would_notify"):
            ann.create(home, wanted, new_key())
        assert not world.mails()
        event = ann.create(home, wanted, new_key(), is_notifying=True)
        told = len(world.mails())
        alone = changed(event, attendees=event.fields.attendees[:1])
        for new, names in ((changed(event, title="Still"), ["title"]), (alone, ["attendees"])):
            for etag in (event.etag, ""):
                with pytest.raises(Forbidden, match="would_notify"):
                    ann.update(home, event.remote_id, etag, new, names)
        with pytest.raises(Forbidden, match="would_notify"):
            ann.delete(home, event.remote_id, event.etag)
        reminded = changed(event, reminders=(5,))
        event = ann.update(home, event.remote_id, event.etag, reminded, ["reminders"])
        assert event.fields.reminders == (5,)
        assert len(world.mails()) == told

    def test_notifying_writes_tell_every_guest(self, world):
        """S4-25: mail goes out exactly when a person chose so."""
        ann, home = world.provider("ann"), world.calendar("ann")
        wanted = draft("Loud", attendees=(guest(CUSTOMER),))
        ann.create(home, wanted, new_key(), is_notifying=True)
        assert CUSTOMER in world.mails()

    def test_guests_copy_says_that_it_is_somebody_elses(self, world):
        """S4-14: the same meeting, not owned here."""
        event, copy = self._meeting(world)
        assert event.is_organizer
        assert event.can_edit
        assert not copy.is_organizer
        assert not copy.can_edit
        assert copy.organizer_email == world.email("ann")
        assert copy.guid == ""

    def test_guest_cannot_change_what_everybody_shares(self, world):
        """S4-14: a refusal that is told, and nothing changed for anybody."""
        event, copy = self._meeting(world)
        bob, home = world.provider("bob"), world.calendar("bob")
        with pytest.raises(Forbidden):
            bob.update(home, copy.remote_id, copy.etag, changed(copy, title="Mine"), ["title"])
        assert (
            world.provider("ann").get(world.calendar("ann"), event.remote_id).fields == event.fields
        )

    def test_guests_own_answer_reaches_the_organizer(self, world):
        """S4-14: the answer belongs to the person who gave it."""
        event, copy = self._meeting(world, guest(CUSTOMER))
        bob, home = world.provider("bob"), world.calendar("bob")
        email = world.email("bob")
        people = tuple(
            guest(a.email, response=Response.ACCEPTED) if a.email == email else a
            for a in copy.fields.attendees
        )
        answered = changed(copy, attendees=people)
        bob.update(home, copy.remote_id, copy.etag, answered, ["attendees"], **_told(world, bob))
        seen = world.provider("ann").get(world.calendar("ann"), event.remote_id)
        assert self._answers(seen)[email] is Response.ACCEPTED
        assert self._answers(seen)[CUSTOMER] is Response.NEEDS_ACTION

    def test_changing_the_guest_list_keeps_other_peoples_answers(self, world):
        """S4-14: our stale idea of an answer is never written."""
        event, copy = self._meeting(world)
        email = world.email("bob")
        people = tuple(
            guest(a.email, response=Response.TENTATIVE) if a.email == email else a
            for a in copy.fields.attendees
        )
        bob = world.provider("bob")
        bob.update(
            world.calendar("bob"),
            copy.remote_id,
            "",
            changed(copy, attendees=people),
            ["attendees"],
            **_told(world, bob),
        )
        more = tuple(sorted((*event.fields.attendees, guest(CUSTOMER))))
        ann, home = world.provider("ann"), world.calendar("ann")
        wanted = changed(event, attendees=more)
        after = ann.update(home, event.remote_id, "", wanted, ["attendees"], **_told(world, ann))
        assert self._answers(after) == {
            email: Response.TENTATIVE,
            CUSTOMER: Response.NEEDS_ACTION,
        } | {e: r for e, r in self._answers(after).items() if e == world.email("ann")}

    def test_new_title_leaves_a_guest_who_was_added_meanwhile(self, world):
        """S4-14: guests are only touched when the guest list is what changed."""
        event, _copy = self._meeting(world)
        ann, home = world.provider("ann"), world.calendar("ann")
        more = tuple(sorted((*event.fields.attendees, guest(CUSTOMER))))
        person, wanted = world.person("ann"), changed(event, attendees=more)
        person.update(home, event.remote_id, "", wanted, ["attendees"], **_told(world, person))
        new = changed(event, title="New")
        after = ann.update(home, event.remote_id, "", new, ["title"], **_told(world, ann))
        assert CUSTOMER in self._answers(after)

    def test_guest_who_deletes_the_copy_leaves_the_meeting(self, world):
        """S1-27: gone at a guest's calendar is that guest's affair."""
        event, copy = self._meeting(world)
        bob, home = world.provider("bob"), world.calendar("bob")
        bob.delete(home, copy.remote_id, copy.etag)
        with pytest.raises(NotFound):
            bob.get(home, copy.remote_id)
        assert (
            world.provider("ann").get(world.calendar("ann"), event.remote_id).fields.title
            == "Meeting"
        )


def _told(world, provider):
    """Silent where that reaches guests; elsewhere a meeting can only be made or changed aloud."""
    is_aloud = getattr(world, "invites_aloud", not provider.can.has_silent_writes)
    return {"is_notifying": is_aloud}
