"""Why isn't it synced? Who is told, what it costs, and what leaves the house."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .diagnosis_case import WellConnectedCase


@tagged("post_install", "-at_install")
class TestDiagnosisTold(WellConnectedCase):
    def test_only_the_owner_and_administrators_are_told(self):
        """S0-33: a colleague, a portal user and the public get nothing; an administrator mends."""
        ben = new_test_user(self.env, "ben2", groups="base.group_user")
        portal = new_test_user(self.env, "visitor", groups="base.group_portal")
        event = self.book("Demo", partner_ids=[
            Command.set((self.user.partner_id | portal.partner_id).ids)
        ])  # fmt: skip
        self.turn()
        public = self.env.ref("base.public_user")
        for user in (ben, portal, public):
            account = self.account.with_user(user)
            calls = [
                account.diagnose, account.diagnose_ask, account.action_diagnose,
                lambda account=account: account.diagnose_day("2027-03-01"),
                lambda account=account: account.diagnose_fix("switch_off"),
            ]  # fmt: skip
            for call in calls:
                self.env.invalidate_all()
                self.assertRaises(AccessError, call)
        for user in (portal, public):
            self.env.invalidate_all()
            self.assertRaises(AccessError, event.with_user(user).diagnose)
        self.assertEqual(self.diagnose(event, ben)["account_id"], False)
        self.assertTrue(self.account.is_sync_on)
        self.assertEqual(self.diagnose(event, self.boss)["account_id"], self.account.id)

    def test_an_unknown_button_does_nothing(self):
        """B-04: only what the diagnosis offers can be pressed."""
        account = self.account.with_user(self.user)
        self.assertRaises(UserError, account.diagnose_fix, "unlink")
        self.assertRaises(UserError, self.env["calendar.sync.fix"].open_of, "unlink")

    def test_what_is_no_day_and_no_number_of_days_is_refused_in_words(self):
        """B-04, D-04: given a call that no page of ours makes, then it gets a sentence and changes
        nothing."""
        account = self.account.with_user(self.user)
        before = self.account.read(["has_own_window", "own_days_back", "own_days_ahead"])
        for day in ("tomorrow", "", False, 7, [], "0001-01-01", "9999-12-31"):
            with self.subTest(day=day), self.assertRaises(UserError):
                account.diagnose_day(day)
        for days in (False, "", [], [True], [True, "a", 3], [True, -1, 3], [True, 1.5, 3], {}):
            with self.subTest(days=days), self.assertRaises(UserError):
                account.diagnose_fix("set_days", False, days)
        for days in ("many", 0, 3651, 1.5, False, [7]):
            with self.subTest(days=days), self.assertRaises(UserError):
                account.diagnose_fix("more_days", False, days)
        self.env.invalidate_all()
        names = list(before[0])[1:]
        self.assertEqual(self.account.read(names), before)

    def test_it_costs_the_same_for_few_and_for_many(self):
        """B-04: no query per appointment, calendar or link."""
        costs = []
        for number in range(3):
            for _time in range(1 + 8 * number):
                self.book(f"Demo {number} {_time}", days=1 + number)
            self.turn()
            self.save()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.account.with_user(self.user).diagnose()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2])

    def test_what_is_copied_holds_ids_causes_and_times_and_nothing_that_a_person_wrote(self):
        """S1-35: canaries in every place from which something could get in."""
        canary = "CANARY"
        guest = self.env["res.partner"].create(
            {"name": f"{canary} guest", "email": f"{canary}@guest.example"}
        )
        event = self.book(
            f"{canary} title", location=f"{canary} place", description=f"{canary} text",
            partner_ids=[Command.set((self.user.partner_id | guest).ids)],
        )  # fmt: skip
        self.turn()
        event.with_user(self.user).name = f"{canary} other"
        self.save()
        link = event.sudo().sync_meeting_id.link_ids
        link.write({"state": "quarantined", "problem_code": "malformed"})
        self.account.events_calendar_id.name = f"{canary} calendar"
        self.account.write(
            {"credentials_encrypted": f"{canary} token", "email": "ann.b@corp.example"}
        )
        self.account._set_status("reconnect_required", "password_changed")
        for record in (event, self.account):
            text = self.diagnose(record)["text"]
            self.assertNotIn(canary, text)
            self.assertNotIn("ann.b", text)
            self.assertNotIn("Ann", text)
            self.assertIn("…@corp.example", text)
            self.assertIn(f"Account {self.account.id} ", text)
            self.assertIn("password_changed", text)
            self.assertIn(str(self.account.last_sync), text)
            self.assertIn("Odoo 19", text)
        text = self.diagnose(event)["text"]
        self.assertIn(f"Appointment {event.id}", text)
        self.assertIn(f"Link {link.id}: quarantined, problem malformed", text)
        self.assertIn("new_local", text)
