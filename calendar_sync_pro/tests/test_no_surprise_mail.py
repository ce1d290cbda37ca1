from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestNoSurpriseMail(TransactionCase):
    """Odoo's own invitation mails, with and without a calendar in sync."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = new_test_user(cls.env, "anna.mail", email="anna@rep.example")
        cls.mia = cls.env["res.partner"].create({"name": "Mia", "email": "mia@fjord.example"})

    def _connect(self):
        self.env["calendar.sync.account"].create({
            "user_id": self.anna.id, "company_id": self.env.company.id, "provider": "google",
            "remote_id": "anna", "email": "anna@rep.example", "status": "active",
        })  # fmt: skip
        # The toggle's own rules have tests of their own; here only what it means for mails.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE calendar_sync_account SET is_sync_on = true WHERE user_id = %s", [self.anna.id]
        )
        self.env.invalidate_all()

    def _meeting(self):
        start = fields.Datetime.now() + timedelta(days=3)
        guests = (self.anna.partner_id | self.mia).ids
        return self.env["calendar.event"].with_user(self.anna).create({
            "name": "Talk", "start": start, "stop": start + timedelta(hours=1),
            "partner_ids": [fields.Command.set(guests)],
        })  # fmt: skip

    def _mails_to_mia(self):
        return self.env["mail.mail"].sudo().search_count([("recipient_ids", "in", self.mia.ids)])

    def _move(self, meeting):
        later = meeting.start + timedelta(hours=2)
        meeting.write({"start": later, "stop": later + timedelta(hours=1)})

    def test_saving_and_moving_a_meeting_mails_nobody_while_the_calendar_is_in_sync(self):
        """S4-25: the provider tells the guests when a person chose to invite; Odoo never does."""
        self._connect()
        meeting = self._meeting()
        self._move(meeting)
        other = self.env["res.partner"].create({"name": "Leo", "email": "leo@fjord.example"})
        meeting.write({"partner_ids": [fields.Command.link(other.id)]})
        self.assertFalse(self._mails_to_mia())
        found = self.env["mail.mail"].sudo().search_count([("recipient_ids", "in", other.ids)])
        self.assertFalse(found)

    def test_cancelling_and_deleting_mails_nobody(self):
        """S4-25: who isn't expected any more hears of it when a person chooses so."""
        self._connect()
        first, second = self._meeting(), self._meeting()
        first._cancel_appointment("Ill")
        second.unlink()
        self.assertFalse(self._mails_to_mia())

    def test_the_button_send_email_still_sends(self):
        """A person who presses "Send email" means it."""
        self._connect()
        self._meeting().with_user(self.anna).action_sendmail()
        self.assertTrue(self._mails_to_mia())

    def test_without_a_connected_calendar_odoo_invites_as_ever(self):
        """Who doesn't use the sync notices nothing of it."""
        self._meeting()
        self.assertTrue(self._mails_to_mia())
