"""The team's figures, the manager's board, and who may see what of both."""

from datetime import timedelta

from lxml import etree
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .appointment_case import AppointmentCase


@tagged("post_install", "-at_install")
class TestAppointmentReport(AppointmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "sales_team.group_sale_salesman_all_leads"
        cls.mona = new_test_user(cls.env, "mona.manager", groups=group)
        cls.lena = new_test_user(cls.env, "lena.leader", groups="sales_team.group_sale_salesman")
        cls.team = cls.env["crm.team"].create({"name": "North", "user_id": cls.lena.id})
        cls.lead.team_id = cls.team
        cls.past = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)

    def _held(self, outcome="", days=1, lead=None):
        start = self.past - timedelta(days=days)
        event = self._book(lead, start=start, stop=start + timedelta(hours=1))
        if outcome:
            getattr(event, f"action_{outcome}")()
        return event

    def _rows(self, user, domain=()):
        self.env.flush_all()
        report = self.env["calendar.appointment.report"].with_user(user)
        return report.search([("partner_id", "=", self.mia.id), *domain])

    def test_the_manager_reads_rates(self):
        """S3-42: completed, no-show and untold are counted; what lies ahead has no rate."""
        for outcome in ("completed", "completed", "no_show", "not_completed", ""):
            self._held(outcome)
        self._book()
        self.env.flush_all()
        [(user, count, held, no_show)] = (
            self.env["calendar.appointment.report"]
            .with_user(self.mona)
            ._read_group(
                [("opportunity_id", "=", self.lead.id)], ["user_id"],
                ["__count", "held_rate:avg", "no_show_rate:avg"],
            )
        )  # fmt: skip
        self.assertEqual((user, count), (self.anna, 6))
        self.assertAlmostEqual(held, 0.5)
        self.assertAlmostEqual(no_show, 0.25)
        self.assertEqual(len(self._rows(self.mona, [("is_without_outcome", "=", True)])), 1)

    def test_only_the_first_meeting_counts_for_the_wait(self):
        """S3-42: days from the lead to its first meeting; a cancelled one was none."""
        self._held(days=1)._cancel_appointment("Ill")
        first = self._book()
        later = self.hour + timedelta(days=5)
        second = self._book(start=later, stop=later + timedelta(hours=1))
        rows = {row.event_id: row for row in self._rows(self.mona)}
        waited = (first.start - self.lead.create_date).total_seconds() / 86400
        self.assertAlmostEqual(rows[first].days_to_first, waited, places=2)
        self.assertFalse(rows[second].days_to_first)

    def test_a_rep_sees_own_figures_a_leader_the_teams(self):
        """S3-18: as with leads: own, a led team's, everybody's; nobody else's."""
        self._book()
        self.assertTrue(self._rows(self.anna))
        self.assertFalse(self._rows(self.ben))
        self.assertTrue(self._rows(self.lena))
        self.assertTrue(self._rows(self.mona))
        portal = new_test_user(self.env, "portal.one", groups="base.group_portal")
        employee = new_test_user(self.env, "emil", groups="base.group_user")
        for user in (portal, employee):
            with self.assertRaises(AccessError):
                self._rows(user)

    def test_the_figures_hold_no_titles(self):
        """S3-18: a private appointment counts, and says nothing but its time and lead."""
        self._book(name="Secret talk", privacy="private")
        names = set(self.env["calendar.appointment.report"]._fields)
        self.assertFalse(names & {"name", "description", "location", "partner_ids"})
        [row] = self._rows(self.mona)
        self.assertNotIn("Secret", row.display_name)

    def test_the_board_shows_the_teams_appointments(self):
        """S3-18: the leader's and the members' filter finds the team's, not others'."""
        self.env["crm.team.member"].create({"crm_team_id": self.team.id, "user_id": self.anna.id})
        mine, other = self._book(), self._book(self._new_lead("B", user=self.ben), user=self.ben)
        for user in (self.lena, self.anna):
            domain = [
                "|", ("user_id.crm_team_ids.user_id", "=", user.id),
                ("user_id.crm_team_ids.member_ids", "in", user.id),
            ]  # fmt: skip
            found = self.env["calendar.event"].with_user(user).search(domain)
            self.assertIn(mine, found)
            self.assertNotIn(other, found)

    def test_a_list_costs_the_same_for_any_number(self):
        """S3-18: no query for each row."""

        def cost(number):
            for _ in range(number):
                self._held("completed")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._rows(self.mona).read(["start", "user_id", "state", "partner_id"])
            return self.env.cr.sql_log_count - before

        cost(2)
        self.assertEqual(cost(1), cost(10))


@tagged("post_install", "-at_install")
class TestAgenda(AppointmentCase):
    def test_notes_are_for_colleagues_only(self):
        """S3-25: a portal user who takes part reads the agenda, never the internal notes."""
        portal = new_test_user(self.env, "mia.portal", groups="base.group_portal")
        event = self._book(partner_ids=[(4, portal.partner_id.id)])
        event.internal_notes = "<p>Wants a discount</p>"
        with self.assertRaises(AccessError):
            event.with_user(portal).read(["internal_notes"])
        event.write({"privacy": "private"})
        event.invalidate_recordset()
        self.assertFalse(event.with_user(self.ben).internal_notes)

    def test_the_form_has_a_place_for_both(self):
        """S3-25: agenda and internal notes are two fields, each on a page of its own."""
        arch = etree.fromstring(self.env["calendar.event"].get_view(view_type="form")["arch"])
        for page, name in (("agenda", "description"), ("internal_notes", "internal_notes")):
            self.assertTrue(arch.xpath(f"//page[@name='{page}']//field[@name='{name}']"))
        event = self._book()
        with Form(event.with_user(self.anna), view="calendar.view_calendar_event_form") as form:
            form.description = "<p>1. Budget</p>"
            form.internal_notes = "<p>Careful</p>"
        self.assertIn("Budget", event.description)
        self.assertNotIn("Careful", event.description)
        self.assertIn("Careful", event.internal_notes)
