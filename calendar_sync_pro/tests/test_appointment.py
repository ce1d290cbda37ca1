"""Appointments of leads, opportunities, contacts and companies."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.silent import SILENT
from .appointment_case import AppointmentCase


@tagged("post_install", "-at_install")
class TestBooking(AppointmentCase):
    def test_the_dialog_is_filled_for_a_lead(self):
        """D-02: a lead that is no opportunity yet is booked from its card with one click."""
        context = self.lead.with_user(self.anna).action_book_appointment()["context"]
        start = fields.Datetime.to_datetime(context["default_start"])
        self.assertEqual(context["default_opportunity_id"], self.lead.id)
        self.assertEqual(
            set(context["default_partner_ids"]), set((self.anna.partner_id | self.mia).ids)
        )
        self.assertIn("Mia", context["default_name"])
        self.assertEqual((start.minute, start.second), (0, 0))
        self.assertGreater(start, fields.Datetime.now())
        self.assertEqual(context["default_duration"], 0.5)

    def test_a_contact_known_by_address_takes_part(self):
        """D-02: a fresh lead often names nobody but an address; no contact is created for it."""
        fresh, strange = (
            self.env["crm.lead"].create(
                {"name": "x", "type": "lead", "email_from": address, "user_id": self.anna.id}
            )
            for address in (self.mia.email, "nobody@elsewhere.example")
        )
        contacts = self.env["res.partner"].search_count([])
        partners = self._book(lead=fresh).partner_ids
        self.assertEqual(partners, self.anna.partner_id | self.mia)
        self.assertEqual(self._book(lead=strange).partner_ids, self.anna.partner_id)
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)

    def test_booking_saves_everything_and_mails_nobody(self):
        """S4-03, D-02: the event belongs to the lead, has a GUID, and no mail goes out."""
        mails = self.env["mail.mail"].search_count([])
        event = self._book()
        self.assertEqual(event.opportunity_id, self.lead)
        self.assertEqual(event.user_id, self.anna)
        self.assertEqual(event.partner_ids, self.anna.partner_id | self.mia)
        self.assertTrue(event.sync_guid)
        self.assertEqual(event.appointment_source, "rep")
        self.assertFalse(event.description, "no contact block that a calendar would show")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_an_import_has_no_guid_of_ours(self):
        """S4-24: empty unless the CRM created the event; what the calendar brought stays."""
        base = {"name": "x", "start": self.hour, "stop": self.hour, "appointment_source": "import"}
        events = self.env["calendar.event"].with_context(**SILENT)
        foreign, known = events.create([base, {**base, "sync_guid": "g-1"}])
        self.assertFalse(foreign.sync_guid)
        self.assertEqual(known.sync_guid, "g-1")

    def test_every_way_to_create_gives_an_own_guid(self):
        """S4-24, S4-03: copies and occurrences never share a GUID."""
        event = self._book()
        twin = event.copy()
        series = self._book(
            recurrency=True, rrule_type_ui="daily", rrule_type="daily", end_type="count", count=3
        )
        events = event | twin | series.recurrence_id.calendar_event_ids
        self.assertEqual(len(events), 5)
        self.assertEqual(len(set(events.mapped("sync_guid"))), 5)

    def test_odoos_own_calendar_opens_for_a_lead(self):
        """D-02: stock CRM passes nothing for leads; here the lead is found and prefilled."""
        context = self.lead.action_schedule_meeting()["context"]
        self.assertEqual(context["default_opportunity_id"], self.lead.id)
        self.assertEqual(context["search_default_opportunity_id"], self.lead.id)

    def test_conversion_and_merging_keep_appointments_and_show_lead(self):
        """D-02, S4-08: also the cancelled one and one that is private to a colleague."""
        event, gone = self._book(), self._book(name="Gone")
        self.ben.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        private = self._book(user=self.ben, privacy="private")
        url = event._show_lead_url()
        gone._cancel_appointment("No longer needed.")
        self.lead.convert_opportunity(self.mia)
        self.assertEqual(event.opportunity_id, self.lead)
        other = self._new_lead("Bigger", "opportunity")
        other.probability = 99
        merged = (self.lead | other).with_user(self.anna).merge_opportunity()
        for appointment in (event, gone, private):
            self.assertEqual(appointment.sudo().opportunity_id, merged)
        self.assertEqual(event._show_lead_url(), url)
        self.assertEqual(self.env["calendar.event"]._lead_of_token(url.rsplit("/", 1)[1]), merged)


@tagged("post_install", "-at_install")
class TestTimeline(AppointmentCase):
    def test_booking_is_told_once_on_lead_contact_and_company(self):
        """S3-02: one note each, in words, and not Odoo's own second one."""
        self._book()
        for record in (self.lead, self.mia, self.company):
            (note,) = self._notes(record)
            self.assertTrue(note.startswith("Booked:"), note)
        self.assertFalse(self._notes(self.env.company.partner_id))

    def test_a_series_is_told_once(self):
        """S3-02: ten occurrences are one thing that a person would tell."""
        self._book(
            recurrency=True, rrule_type_ui="daily", rrule_type="daily", end_type="count", count=10
        )
        self.assertEqual(len(self._notes(self.lead)), 1)

    def test_a_move_is_told_once_with_old_and_new_time(self):
        """S3-02: two writes of one transaction are one move; back again is none."""
        event = self._book(event_tz="Europe/Berlin")
        self.env.cr.precommit.run()
        for days in (1, 2):
            event.write({"start": self.hour + timedelta(days=days), "duration": 0.5})
        self.env.flush_all()
        self.env.cr.precommit.run()
        notes = self._notes(self.lead)
        self.assertEqual(len(notes), 2)
        self.assertIn("→", notes[0])
        self.assertIn("Europe/Berlin", notes[0])
        event.write({"start": self.hour})
        event.write({"start": self.hour + timedelta(days=2)})
        self.env.cr.precommit.run()
        self.assertEqual(len(self._notes(self.lead)), 2)

    def test_a_sync_tells_nothing_by_itself(self):
        """S4-03: silent writes leave every timeline alone."""
        event = self._book()
        before = self._notes(self.lead)
        event.with_context(**SILENT).write({"start": self.hour + timedelta(days=1)})
        self.env.cr.precommit.run()
        self.assertEqual(self._notes(self.lead), before)

    def test_cancelling_keeps_it_with_the_reason_and_mails_nobody(self):
        """S1-27: archived, state cancelled, the reason on event and lead, once."""
        event = self._book()
        mails = self.env["mail.mail"].search_count([])
        event.with_context(**SILENT)._cancel_appointment("Deleted in the calendar by anna.")
        event._cancel_appointment("Again.")
        self.assertFalse(event.active)
        self.assertEqual(event.appointment_state, "cancelled")
        self.assertEqual(event.cancel_reason, "Deleted in the calendar by anna.")
        for record in (event, self.lead):
            told = [text for text in self._notes(record) if "Deleted in the calendar" in text]
            self.assertEqual(len(told), 1, record)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        listed = self.env["calendar.event"].search(
            [("appointment_state", "=", "cancelled"), ("active", "in", [True, False])]
        )
        self.assertIn(event, listed)

    def test_a_cancelled_one_is_planned_again(self):
        """S2-14: the button asks why, with a way back."""
        event = self._book().with_user(self.anna)
        wizard = self.env["calendar.sync.cancel"].with_user(self.anna)
        context = event.action_cancel_appointment()["context"]
        wizard.with_context(**context).create({"reason": "Mia is ill"}).action_cancel()
        self.assertEqual(event.cancel_reason, "Mia is ill")
        self.assertIn("Mia is ill", self._notes(self.lead)[0])
        event.action_restore_appointment()
        self.assertTrue(event.active)
        self.assertEqual(event.appointment_state, "planned")
        self.assertFalse(event.cancel_reason)

    def test_a_private_title_never_reaches_a_contact(self):
        """S3-02: contacts are read by everybody; a private appointment is told on its lead only."""
        self._book(name="Salary talk", privacy="private")
        self.assertFalse(self._notes(self.mia))
        (note,) = self._notes(self.lead)
        self.assertNotIn("Salary", note)

    def test_lists_of_lead_contact_and_company(self):
        """S3-02: visible on all three; cancelled ones stay in the list but aren't counted."""
        event, gone = self._book(), self._book()
        gone._cancel_appointment("No longer needed.")
        for record in (self.lead, self.mia, self.company):
            action = record.with_user(self.anna).action_view_appointments()
            events = self.env["calendar.event"].with_context(**action["context"])
            self.assertEqual(events.search(action["domain"]), event | gone, record)
        self.assertEqual(self.lead.appointment_count, 1)
        self.assertEqual(self.lead.next_appointment_id, event)
        self.assertEqual(self.company.meeting_count, 1)


@tagged("post_install", "-at_install")
class TestRights(AppointmentCase):
    def test_a_rep_with_own_leads_only_cannot_book_for_others(self):
        """S4-09: own leads are own leads, in the dialog too."""
        foreign = self._new_lead("Ben's", user=self.ben)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            foreign.with_user(self.anna).action_book_appointment()

    def test_a_portal_user_cannot_cancel(self):
        """S2-14: buttons are methods, and methods check rights."""
        portal = new_test_user(self.env, "portal.one", groups="base.group_portal")
        event = self._book()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            event.with_user(portal).action_cancel_appointment()
        with self.assertRaises(AccessError):
            self.env["calendar.sync.cancel"].with_user(portal).create({"event_ids": event.ids})
        with self.assertRaises(AccessError):
            event.with_user(portal).get_sync_story()

    def test_the_token_is_read_by_nobody(self):
        """S4-09: not even an administrator lists the links' names."""
        event = self._book()
        event._show_lead_url()
        self.assertNotIn("show_lead_token", event.fields_get())
        with self.assertRaises(AccessError):
            event.with_user(self.env.ref("base.user_admin")).read(["show_lead_token"])
