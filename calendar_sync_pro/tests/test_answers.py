"""Answers of guests that come back, and the rep's own answer that goes out."""

from dataclasses import replace

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..core.event import Attendee, Response
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestAnswers(PullCase):
    """Ann's own meetings, and those to which a customer invites her."""

    def look(self):
        self.account._ask_sync()
        self.env.flush_all()
        self.turn()
        self.env.invalidate_all()

    def notes(self, event):
        texts = event.sudo().message_ids.mapped("preview")
        return [text for text in texts if "come" in text]

    def answers(self, event):
        return {row.email: row.state for row in event.attendee_ids}

    def told(self):
        return sorted(mail.to for mail in self.world.mails)

    def meeting(self, *guests, **said):
        remote = self.adds("Demo", fields={"attendees": guests}, **said)
        self.look()
        return self.events("Demo")[0], remote

    def invited(self, **said):
        """A customer's meeting in which Ann is a guest."""
        host = Attendee("carla@customer.example", "Carla", Response.ACCEPTED)
        event = self.remote_event(
            "Demo", fields={"attendees": (Attendee(self.account.email), host)}
        )
        remote = replace(
            event, is_organizer=False, can_edit=False, organizer_email="carla@customer.example"
        )
        self.put(remote)
        self.look()
        return self.events("Demo")[0], remote

    def answer(self, event, state, **values):
        wizard = self.env["calendar.sync.answer"].with_user(self.user)
        wizard.create({"event_id": event.id, "answer": state, **values}).action_answer()
        self.turn()
        self.env.invalidate_all()

    def shown(self, remote):
        people = self.world.calendars[self.account.email][remote.remote_id].event.fields.attendees
        return {person.email: (person.response, person.comment) for person in people}

    def test_answers_come_back_with_their_words_and_are_told_once(self):
        """S3-26: accepted, maybe, declined; whoever declines stays listed; no mail."""
        guests = [Attendee(f"{name}@customer.example", name) for name in ("carl", "dora", "emil")]
        event, remote = self.meeting(*guests)
        self.assertEqual(self.notes(event), [])
        said = (Response.ACCEPTED, Response.TENTATIVE, Response.DECLINED)
        answered = [replace(one, response=what) for one, what in zip(guests, said, strict=True)]
        answered[2] = replace(answered[2], comment="On holiday")
        self.edits(remote, attendees=tuple(answered))
        self.look()
        states = self.answers(event)
        self.assertEqual(states["carl@customer.example"], "accepted")
        self.assertEqual(states["dora@customer.example"], "tentative")
        self.assertEqual(states["emil@customer.example"], "declined")
        row = event.guest_ids.filtered(lambda one: one.email == "emil@customer.example")
        self.assertEqual(row.answer_comment, "On holiday")
        (note,) = self.notes(event)
        self.assertIn("emil does not come. “On holiday”", note)
        self.edits(remote, location="Pier 7")
        self.look()
        self.look()
        self.assertEqual(len(self.notes(event)), 1)
        self.assertFalse(self.env["mail.mail"].sudo().search([]))

    def test_words_that_a_guest_adds_later_come_too(self):
        """S3-26: no new answer, only a comment; it is noted once, nobody is mailed, and nothing is
        sent back."""
        event, remote = self.meeting(self.GUEST)
        late = replace(self.GUEST, comment="Ten minutes late")
        self.edits(remote, attendees=(late,))
        self.look()
        self.look()
        self.assertEqual(event.guest_ids.mapped("answer_comment"), [False, late.comment])
        self.assertEqual(self.notes(event), ["Carla comes. “Ten minutes late”"])
        self.edits(remote, attendees=(replace(late, comment=""),))
        self.look()
        self.assertEqual(event.guest_ids[1].answer_comment, late.comment, "it was said")
        self.assertEqual(len(self.notes(event)), 1)
        self.assertEqual(self.shown(remote)[self.GUEST.email], (Response.ACCEPTED, ""))
        self.assertFalse(self.told() or self.env["mail.mail"].sudo().search([]))

    def test_first_look_at_a_meeting_tells_no_answers(self):
        """S3-26: what was answered before is shown with its words, and is no news."""
        event, _remote = self.meeting(replace(self.GUEST, comment="Gladly"))
        self.assertEqual(self.answers(event)[self.GUEST.email], "accepted")
        self.assertIn("Gladly", event.guest_ids.mapped("answer_comment"))
        self.assertEqual(self.notes(event), [])

    def test_rep_answers_an_invitation_and_its_organizer_is_told_once(self):
        """S3-40: an own answer may be given; the calendar carries it with the rep's words."""
        event, remote = self.invited()
        self.assertTrue(event.with_user(self.user).can_answer)
        self.answer(event, "tentative", comment="Ten minutes late")
        self.assertEqual(
            self.shown(remote)[self.account.email], (Response.TENTATIVE, "Ten minutes late")
        )
        self.assertEqual(self.told(), ["carla@customer.example"])
        self.look()
        self.assertEqual(self.told(), ["carla@customer.example"])
        self.assertEqual(len(self.notes(event)), 1)

    def test_answer_of_another_person_than_the_guest_is_refused(self):
        """S3-40: nobody answers for others, nor to an own meeting."""
        event, _remote = self.meeting(self.GUEST)
        self.assertFalse(event.with_user(self.user).can_answer)
        with self.assertRaises(UserError):
            self.answer(event, "declined")

    def test_answer_that_nobody_gives_now_is_told_to_nobody(self):
        """B-01, S4-11: it stood in Odoo before; a sync that finds it sends it quietly."""
        event, remote = self.invited()
        row = event.attendee_ids.filtered(lambda one: one.partner_id == self.user.partner_id)
        row.state = "accepted"
        self.save()
        self.marks().unlink()
        event.with_user(self.user).write({"show_as": "free"})
        self.turn()
        self.assertEqual(self.shown(remote)[self.account.email][0], Response.ACCEPTED)
        self.assertEqual(self.told(), [])

    def test_moving_a_guests_copy_tells_nobody(self):
        """S4-11: an answer is told because a person gave it; other edits stay silent."""
        event, _remote = self.invited()
        event.with_user(self.user).write({"show_as": "free"})
        self.turn()
        self.assertEqual(self.told(), [])
