"""Whose choice counts: the company's defaults, what a user may change, what the company fixes."""

from datetime import UTC, datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..core.settings import SETTINGS, ImportPolicy
from .connect_case import OneAccountCase, first_provider


@tagged("post_install", "-at_install")
class TestChoices(OneAccountCase):
    def test_own_choice_counts_only_where_the_company_allows_it(self):
        """S4-12: a rep can't exceed the company's policy."""
        self.as_user(self.work, self.ann).set_preference("import_policy", "everything")
        self.assertEqual(self.work._policy().import_policy, ImportPolicy.EVERYTHING)
        self.work.company_id.sync_allow_override = False
        self.assertEqual(self.work._policy().import_policy, ImportPolicy.EXTERNAL)
        with self.assertRaisesRegex(UserError, "fixed"):
            self.as_user(self.work, self.ann).import_policy = "nothing"

    def test_company_may_keep_appointments_in_the_main_calendar(self):
        """S4-12 C5: another one is refused with the reason; what was chosen before stays."""
        team = self.calendar(self.work, "Team")
        self.work.company_id.sync_lock_primary = True
        with self.assertRaisesRegex(UserError, "main calendar only"):
            self.as_user(self.work, self.ann).choose_calendar(team.id)
        row = next(r for r in self.card(self.work)["calendars"] if r["id"] == team.id)
        self.assertIn("main calendar only", row["reason"])
        self.assertEqual(self.work.events_calendar_id.name, "ann@work.example")
        self.assertEqual(self.wrong(), [])

    def test_company_may_forbid_further_accounts(self):
        """S4-12 C4: no second account is begun; the one there is can be reconnected."""
        self.assertTrue(self.page()["may_add"])
        self.work.company_id.sync_allow_further = False
        self.assertFalse(self.page()["may_add"])
        self.assertEqual(self.begin()["error"], "no_further")
        self.lose("access_revoked")
        self.assertNotEqual(self.begin(self.work).get("error"), "no_further")
        self.work._set_status("not_connected", "")
        self.assertTrue(self.page()["may_add"])

    def begin(self, account=None):
        """Press Connect or Reconnect: what the start answers."""
        consents = self.as_user(self.env["calendar.sync.consent"], self.ann)
        app = self.env["calendar.sync.oauth.app"]
        app.create({"provider": first_provider(), "client_id": "i", "client_secret": "s"})
        how = {"purpose": "sync", "is_popup": True, "back_to": ""}
        mine = account and self.as_user(account, self.ann)
        return consents._start(first_provider(), "nonce", account=mine, **how)

    def test_internal_domains_leave_public_mail_services_out(self):
        self.make_user("gus", email="gus@gmail.com")
        self.work.company_id.sync_own_domains = "@Sister.example; daughter.example"
        domains = self.work._policy().internal_domains
        self.assertLessEqual({"corp.example", "sister.example", "daughter.example"}, domains)
        self.assertNotIn("gmail.com", domains)
        self.assertIn("ann@work.example", self.work._policy().own_addresses)

    def test_window_is_whole_days_in_the_owners_zone(self):
        """S3-09, C5b: unless set otherwise from 30 days back to three months ahead, and on."""
        now = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # half past midnight on 2 July in Stockholm
        window = self.work._window(now)
        self.assertEqual(window.start, datetime(2026, 6, 1, 22, tzinfo=UTC))
        self.assertEqual(window.stop, datetime(2026, 10, 1, 22, tzinfo=UTC))

    def test_working_hours_decide_how_often_is_looked(self):
        """S0-20 S4-07: in hours every 5 minutes, outside every 15."""
        hours = self.env["resource.calendar"].create({"name": "Nine to five", "tz": "UTC"})
        self.work.company_id.resource_calendar_id = hours
        self.assertTrue(self.work._working_time(datetime(2026, 6, 3, 9, 0)))
        self.assertFalse(self.work._working_time(datetime(2026, 6, 3, 3, 0)))
        self.assertFalse(self.work._working_time(datetime(2026, 6, 6, 9, 0)), "a Saturday")
        self.assertEqual(self.work._poll_minutes(), (5, 15))

    def test_settings_show_every_setting_with_its_sentence(self):
        """S4-12: what is documented and what the settings say is the same."""
        view = self.env.ref("calendar_sync_pro.res_config_settings_view_form")
        arch = view._get_combined_arch()
        for name, (default, sentence) in SETTINGS.items():
            with self.subTest(name):
                setting = arch.find(f".//setting[@id='sync_{name}']")
                self.assertEqual(setting.get("help"), sentence)
                self.assertIsNotNone(setting.find(f".//field[@name='sync_{name}']"))
                fresh = self.env["res.company"].create({"name": name})
                self.assertEqual(str(fresh[f"sync_{name}"]), str(default))
