"""The two ways to save, in the browser."""

from odoo.tests import tagged

from .appointment_case import AppointmentHttpCase


@tagged("post_install", "-at_install")
class TestInviteWeb(AppointmentHttpCase):
    def mails(self):
        return self.env["mail.mail"].sudo().search([("email_to", "=", self.mia.email)])

    def test_book_from_the_lead_card_and_invite(self):
        """S3-24, S3-37: both buttons stand in the dialog; the customer is mailed once."""
        before = self.env["mail.mail"].sudo().search([])
        self.start_tour(
            f"/odoo/crm.lead/{self.lead.id}", "calendar_sync_pro_book_and_invite", login="anna.rep"
        )
        event = self.lead.calendar_event_ids
        self.assertEqual(event.attendee_ids.mapped("invitation").count("mail"), 1)
        self.assertEqual(len(self.mails()), 1)
        self.assertEqual(self.env["mail.mail"].sudo().search([]) - before, self.mails())

    def test_guest_answers_by_the_link_in_odoos_mail(self):
        """S3-26: the answer arrives, and the guest stays listed after declining."""
        event = self._book(invite_choice="invite")
        mail = self.mails()
        row = event.attendee_ids.filtered(lambda one: one.partner_id == self.mia)
        self.assertIn(f"/calendar/meeting/decline?token={row.access_token}", mail.body_html)
        known = self.env["mail.mail"].sudo().search([])
        for word, state in (("accept", "accepted"), ("decline", "declined")):
            link = f"/calendar/meeting/{word}?token={row.access_token}&id={event.id}"
            self.assertEqual(self.url_open(link).status_code, 200)
            self.assertEqual(row.state, state)
        self.assertIn(self.mia, event.partner_ids)
        self.assertNotIn(
            self.mia.email, (self.env["mail.mail"].sudo().search([]) - known).mapped("email_to")
        )

    def test_save_without_inviting_and_invite_later(self):
        """S3-35, S3-37: the first button mails nobody, the later one each once."""
        event = self._book(invite_choice="quiet")
        self.start_tour(
            f"/odoo/calendar.event/{event.id}",
            "calendar_sync_pro_save_then_invite",
            login="anna.rep",
        )
        self.assertEqual(event.location, "Pier 7")
        self.assertEqual(len(self.mails()), 1)
