"""Inviting through the organizer's calendar: who is on its guest list, who is mailed."""

from dataclasses import replace

from odoo.fields import Command
from odoo.tests import tagged

from ..core.event import Attendee
from .needs_you_case import NeedsYouCase
from .push_case import PushCase


class InviteMixin:
    """Ann, and two customers who are contacts."""

    def guests(self):
        partners = self.env["res.partner"]
        mia = partners.create({"name": "Mia", "email": "mia@customer.example"})
        return mia | partners.create({"name": "Tom", "email": "tom@customer.example"})

    def meet(self, guests, choice, **values):
        people = [Command.set((self.user.partner_id | guests).ids)]
        return self.book(partner_ids=people, invite_choice=choice, **values)

    def save_again(self, event, choice, **values):
        event.with_user(self.user).write({"invite_choice": choice, **values})
        self.turn()
        self.env.invalidate_all()

    def told(self):
        return sorted(mail.to for mail in self.world.mails)

    def listed(self, title="Demo"):
        return [person.email for person in self.remote()[title].fields.attendees]

    def no_mail_of_odoo(self):
        self.assertFalse(self.env["mail.mail"].sudo().search([]))


@tagged("post_install", "-at_install")
class TestInvite(InviteMixin, PushCase):
    """A calendar that stays silent when asked to."""

    def test_save_without_inviting_puts_names_into_the_text_and_invites_nobody(self):
        """S3-35, S3-50: the event is there, its participants stand in the text by name, without
        their addresses, and nobody is mailed."""
        self.meet(self.guests(), "quiet")
        self.turn()
        self.assertEqual(self.listed(), [])
        self.assertIn("Mia, Tom", self.remote()["Demo"].fields.description)
        self.assertNotIn("customer.example", self.remote()["Demo"].fields.description)
        self.assertEqual(self.told(), [])
        self.no_mail_of_odoo()

    def test_inviting_later_tells_everybody_once_and_a_second_click_nobody(self):
        """S3-01, S3-37: one mail each, from the calendar and from it alone."""
        event = self.meet(self.guests(), "quiet")
        self.turn()
        self.save_again(event, "invite")
        everybody = ["mia@customer.example", "tom@customer.example"]
        self.assertEqual((self.listed(), self.told()), (everybody, everybody))
        self.assertNotIn("Mia", self.remote()["Demo"].fields.description)
        self.save_again(event, "invite")
        self.assertEqual(self.told(), everybody)
        self.no_mail_of_odoo()

    def test_participant_added_quietly_waits_for_the_next_invitation(self):
        """S3-35, S3-37: off the calendar's list until somebody chooses to invite."""
        both = self.guests()
        event = self.meet(both[0], "invite")
        self.turn()
        self.save_again(event, "quiet", partner_ids=[Command.link(both[1].id)], location="Pier 7")
        self.assertEqual(self.listed(), ["mia@customer.example"])
        self.assertEqual(self.remote()["Demo"].fields.location, "Pier 7")
        self.assertEqual(self.told(), ["mia@customer.example"])
        self.assertIn("Not invited yet: Tom", event.with_user(self.user).invite_hint)
        self.save_again(event, "invite")
        self.assertEqual(self.listed(), ["mia@customer.example", "tom@customer.example"])
        self.assertIn("tom@customer.example", self.told())
        self.assertFalse(event.with_user(self.user).invite_waiting)
        self.no_mail_of_odoo()

    def test_waiting_participant_whom_somebody_adds_in_the_calendar_is_invited(self):
        """S3-38: on the calendar's list, so later edits reach that person too."""
        both = self.guests()
        event = self.meet(both, "quiet")
        self.turn()
        row = event.attendee_ids.filtered(lambda one: one.partner_id == both[0])
        self.assertEqual(row.invitation, "held")
        remote = self.remote()["Demo"]
        mia = (*remote.fields.attendees, _person("mia@customer.example"))
        self.world.put(self.account.email, _with(remote, mia))
        self.account._ask_sync()
        self.env.flush_all()
        self.turn()
        self.env.invalidate_all()
        self.assertFalse(row.invitation)
        self.save_again(event, "quiet", name="Other")
        self.assertEqual(self.listed("Other"), ["mia@customer.example"])
        self.assertEqual(self.told(), [])

    def test_series_made_anew_keeps_who_is_not_invited(self):
        """S3-35: Odoo replaces the rows of a series that moves; nobody gets invited by that."""
        rule = {"recurrency": True, "rrule_type": "daily", "interval": 1, "count": 3,
                "end_type": "count", "event_tz": "Europe/Berlin"}  # fmt: skip
        event = self.meet(self.guests(), "quiet", **rule)
        self.turn()
        later = event.start.replace(hour=12)
        values = {"start": later, "stop": later.replace(hour=13)}
        event.with_user(self.user).write({"recurrence_update": "all_events", **values})
        self.turn()
        self.env.invalidate_all()
        rows = self.env["calendar.event"].search([("name", "=", "Demo")])
        self.assertEqual(len(rows), 3)
        guests = rows.attendee_ids.filtered(lambda row: row.partner_id != self.user.partner_id)
        self.assertEqual((len(guests), set(guests.mapped("invitation"))), (6, {"held"}))
        self.assertEqual(self.told(), [])

    def test_several_saved_together_keep_their_own_guests(self):
        """S3-35: each is compared with itself; nobody is taken off and nobody is told."""
        mia, tom = self.guests()
        both = self.meet(mia, "invite", name="One") | self.meet(tom, "invite", name="Two", hour=14)
        self.turn()
        self.world.mails.clear()
        self.save_again(both, "quiet", location="Pier 7")
        self.assertEqual(self.listed("One") + self.listed("Two"), [mia.email, tom.email])
        self.assertEqual(self.told(), [])

    def test_calendar_that_mails_nobody_leaves_inviting_to_odoo(self):
        """S3-24: a server without scheduling: Odoo's mail invites, and only Odoo's."""
        self.account.events_calendar_id.can_invite = False
        self.meet(self.guests(), "invite")
        self.turn()
        self.assertEqual((self.listed(), self.told()), ([], []))
        mails = self.env["mail.mail"].sudo().search([], order="email_to")
        self.assertEqual(mails.mapped("email_to"), ["mia@customer.example", "tom@customer.example"])

    def test_facts_for_the_dialog_count_whom_the_calendar_would_tell(self):
        """S3-39: asked before a meeting is dragged; whoever is not invited isn't counted."""
        both = self.guests()
        event = self.meet(both, "quiet")
        self.turn()
        self.assertEqual(event.with_user(self.user).telling_facts()["count"], 0)
        self.save_again(event, "invite")
        facts = event.with_user(self.user).telling_facts()
        self.assertEqual((facts["count"], facts["names"]), (2, "Mia, Tom"))
        self.assertEqual((facts["sender"], facts["is_loud"]), ("In memory", False))


@tagged("post_install", "-at_install")
class TestInviteLoud(InviteMixin, NeedsYouCase):
    """A calendar that mails guests of every change."""

    def test_without_inviting_nobody_is_told_and_nothing_waits(self):
        """S3-35: whoever isn't on the list need not be told of anything."""
        event = self.meet(self.guests(), "quiet")
        self.turn()
        self.save_again(event, "quiet", name="Other")
        self.assertEqual((self.listed("Other"), self.told()), ([], []))
        self.assertEqual(self.badge(event)[0], "synced")

    def test_untold_change_of_an_invited_meeting_waits_and_the_form_says_so(self):
        """S4-25: Outlook would e-mail; the choice to tell sends it at once, each once."""
        event = self.meet(self.guests(), "invite")
        self.turn()
        self.world.mails.clear()
        self.assertTrue(event.with_user(self.user).telling_facts()["is_loud"])
        self.assertIn("waits for your decision", event.with_user(self.user).invite_hint)
        self.save_again(event, "quiet", name="Other")
        self.assertEqual((self.badge(event)[0], self.told()), ("problem", []))
        self.save_again(event, "invite")
        self.assertEqual(self.badge(event)[0], "synced")
        self.assertEqual(self.told(), ["mia@customer.example", "tom@customer.example"])
        self.no_mail_of_odoo()


def _person(email):
    return Attendee(email)


def _with(remote, attendees):
    return replace(remote, fields=remote.fields.replace(attendees=attendees))
