"""The booking as a person does it in the browser, and the chip's own tests there."""

from odoo.tests import tagged

from .appointment_case import AppointmentHttpCase


@tagged("post_install", "-at_install")
class TestAppointmentWeb(AppointmentHttpCase):
    def test_book_from_the_lead_card(self):
        """S1-06, S4-03, D-02: a lead, one click to open, one to book; it shows as waiting."""
        self._connect(self.anna)
        mails = self.env["mail.mail"].search_count([])
        self.start_tour(
            f"/odoo/crm.lead/{self.lead.id}?debug=1",  # the web client then checks components too
            "calendar_sync_pro_book_from_lead_card",
            login="anna.rep",
        )
        self.assertEqual(self.lead.calendar_event_ids.partner_ids, self.anna.partner_id | self.mia)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_chip(self):
        """S1-06: the chip's tests in the browser."""
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&tag=calendar_sync_pro",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
