"""Show Lead: the link in a calendar's event, and who gets where by it."""

from odoo.tests import new_test_user, tagged

from ..models.silent import SILENT
from .appointment_case import AppointmentCase, AppointmentHttpCase


@tagged("post_install", "-at_install")
class TestShowLeadLink(AppointmentCase):
    def test_the_link_is_absolute_opaque_and_stays(self):
        """S4-08: the same after edits; it says nothing about the lead."""
        event = self._book()
        url = event._show_lead_url()
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        self.assertTrue(url.startswith(base + "/calendar_sync/show_lead/"), url)
        token = url.rsplit("/", 1)[1]
        self.assertGreaterEqual(len(token), 32)
        event.write({"name": "Other", "start": self.hour})
        self.assertEqual(event._show_lead_url(), url)
        self.assertNotEqual(self._book()._show_lead_url(), url)

    def test_a_series_has_one_link(self):
        """S4-08: occurrences share it, whichever of them is asked."""
        first = self._book(
            recurrency=True, rrule_type_ui="daily", rrule_type="daily", end_type="count", count=3
        )
        events = first.recurrence_id.calendar_event_ids
        self.assertEqual(len({event._show_lead_url() for event in events}), 1)

    def test_without_a_lead_there_is_no_link(self):
        """S4-08: removed when unlinked; it comes back with the lead."""
        event = self._book()
        url = event._show_lead_url()
        event.opportunity_id = False
        self.assertEqual(event._show_lead_url(), "")
        self.assertIsNone(event._text_block())
        event.opportunity_id = self.lead
        self.assertEqual(event._show_lead_url(), url)

    def test_the_line_leaves_the_body_once_an_outsider_is_invited(self):
        """C20, S4-08: this provider has a private place for the link; colleagues may read it."""
        calendar = self._connect(self.anna)
        event = self._book(partner_ids=[(6, 0, (self.anna | self.ben).partner_id.ids)])
        link = self._link(event, calendar)
        self.assertEqual(event._text_block(link).link_url, event._show_lead_url())
        event.with_context(**SILENT).write({"partner_ids": [(4, self.mia.id)]})
        self.assertIsNone(event._text_block(link))
        event.with_context(**SILENT).write({"partner_ids": [(3, self.mia.id)]})
        self.assertTrue(event._text_block(link))
        self.env["calendar.attendee"].create(
            {"event_id": event.id, "sync_email": "guest@outside.example"}
        )
        self.assertIsNone(event._text_block(link), "a guest known by address only is outside too")

    def test_saved_without_inviting_names_who_takes_part(self):
        """C20, S4-27: attendees are off the remote event, so the line stays and names them."""
        event = self._book()
        block = event._text_block(self._link(event, self._connect(self.anna), is_silent=True))
        self.assertEqual(block.link_url, event._show_lead_url())
        self.assertIn("Mia", block.lines[0])


@tagged("post_install", "-at_install")
class TestShowLeadVisit(AppointmentHttpCase):
    def setUp(self):
        super().setUp()
        event = self._book()
        self.path = "/calendar_sync/show_lead/" + event._show_lead_url().rsplit("/", 1)[1]

    def _visit(self, path=None):
        return self.url_open(path or self.path, allow_redirects=False)

    def test_the_rep_lands_on_the_lead(self):
        """S4-09: one click from the calendar to the lead."""
        self.authenticate("anna.rep", "anna.rep")
        answer = self._visit()
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith(f"/odoo/crm.lead/{self.lead.id}"))

    def test_a_visitor_signs_in_first(self):
        """S4-09: the sign-in page knows where to go next and nothing about the lead."""
        self.authenticate(None, None)
        answer = self._visit()
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])
        self.assertIn("show_lead", answer.headers["Location"])
        self.assertNotIn(self.lead.name, self.url_open(self.path).text)

    def test_strangers_learn_nothing(self):
        """S4-09, C20: no right, portal user, unknown link: the same answer to the letter."""
        new_test_user(self.env, "portal.two", groups="base.group_portal")
        answers = []
        for login in ("ben.rep", "portal.two"):
            self.authenticate(login, login)
            unknown = self._visit("/calendar_sync/show_lead/" + "x" * 32)
            known = self._visit()
            self.assertEqual(unknown.status_code, 404)
            self.assertEqual(known.status_code, 404)
            self.assertNotIn(self.lead.name, known.text)
            self.assertIn("This lead can't be opened", known.text.replace("&#39;", "'"))
            answers.append((known.text, unknown.text.replace("x" * 32, self.path.rsplit("/")[-1])))
        for known, unknown in answers:
            self.assertEqual(len(known), len(unknown))

    def test_it_leads_on_after_merging(self):
        """S4-09, D-02: the old link opens what the lead became."""
        other = self._new_lead("Bigger", "opportunity")
        merged = (self.lead | other).merge_opportunity()
        self.authenticate("anna.rep", "anna.rep")
        self.assertTrue(self._visit().headers["Location"].endswith(f"/crm.lead/{merged.id}"))
