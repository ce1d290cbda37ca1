"""Why isn't it synced? The dialog in the browser: troubles caused, found and mended in it."""

from datetime import UTC, datetime

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .meetings_case import MeetingsCase


@tagged("post_install", "-at_install")
class TestDiagnosisWeb(MeetingsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        first = cls.account.calendar_ids
        first.write({"last_read": fields.Datetime.now(), "tz": "Europe/Vienna"})
        first.blocks_availability = True
        cls.second = first.copy(
            {"remote_id": "second", "name": "Second", "is_primary": False, "is_missing": False}
        )

    def test_a_connection_is_mended_button_by_button(self):
        """S0-28, S0-31, S2-58: switched off, its calendar gone, another time zone; then all is
        well, and a click takes the last choice back."""
        chosen = self.account.events_calendar_id
        self.account.is_sync_on = False
        self.user.tz = "America/New_York"
        noon = datetime.now(UTC).replace(hour=16, minute=0, second=0, microsecond=0)
        self._dentist(noon)
        chosen.is_missing = True
        self.walk("/odoo/calendar-connections", "diagnosis_connection")
        self.assertTrue(self.account.is_sync_on)
        self.assertEqual(self.account.events_calendar_id, self.second)
        self.assertEqual(self.user.tz, "America/New_York")
        self.assertFalse(self.account.import_policy)
        self.assertFalse(self.events("Dentist"))
        self.heard()

    def _dentist(self, start):
        """Entered in the calendar without participants."""
        self.world.account("second")
        event = self.remote_event("Dentist", fields={"attendees": ()})
        when = event.fields.when.__class__(start, start.replace(hour=17))
        self.world.put(
            "second", self.remote_event("Dentist", fields={"when": when, "attendees": ()})
        )

    def test_an_appointment_takes_in_who_was_missing(self):
        """S2-57, B-04: not among the participants; added without a mail."""
        event = self.book("Of others", partner_ids=[Command.set(self.carla.ids)])
        self.turn()
        self.walk(f"/odoo/calendar.event/{event.id}", "diagnosis_appointment")
        self.assertIn(self.user.partner_id, event.partner_ids)
        self.heard()
