"""Looking for a time and a room as a person does it in the browser."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .appointment_case import AppointmentHttpCase


@tagged("post_install", "-at_install")
class TestRoomsWeb(AppointmentHttpCase):
    def test_a_time_for_all_and_a_room(self):
        """S3-31, S3-33, S3-34: a name shows the day, a click sets the time, a room is booked and
        given back. Nobody is mailed."""
        self.env["calendar.sync.room"].create({"name": "Attic", "capacity": 4})
        now = fields.Datetime.now().replace(hour=8, minute=0, second=0, microsecond=0)
        tuesday = now + timedelta(days=15 - now.weekday())
        event = self._book(start=tuesday, stop=tuesday + timedelta(minutes=30), location="")
        mails = self.env["mail.mail"].search_count([])
        self.start_tour(
            f"/odoo/calendar.event/{event.id}?debug=1",
            "calendar_sync_pro_room_and_time",
            login="anna.rep",
        )
        event.invalidate_recordset()
        self.assertEqual(event.start.date(), tuesday.date() + timedelta(days=1))
        self.assertEqual(event.duration, 0.5)
        self.assertFalse(event.room_names)
        self.assertFalse(event.location)
        self.start_tour(
            "/odoo/calendar?debug=1",
            "calendar_sync_pro_availability_in_calendar",
            login="anna.rep",
        )
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
