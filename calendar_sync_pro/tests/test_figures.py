"""What a turn of a worker leaves behind: a line in the log, and figures without a word in them."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..core.errors import AuthExpired, RateLimited, Unavailable
from .pull_case import PullCase

LOGGER = "odoo.addons.calendar_sync_pro"
CANARY = "Canary-9041"


@tagged("post_install", "-at_install")
class TestFigures(PullCase):
    def poll(self):
        """The account is due, and a worker comes."""
        self.account.next_run = fields.Datetime.now() - timedelta(minutes=1)
        self.env.flush_all()
        self.turn()
        self.env.invalidate_all()

    def hours(self, **domain):
        return self.env["calendar.sync.hour"].search(
            [("account_id", "=", self.account.id), *((k, "=", v) for k, v in domain.items())]
        )

    def test_turns_of_an_hour_are_added_up(self):
        """B-09: syncs, changes both ways and the longest wait stand in one row for the hour."""
        self.book()
        self.adds("There")
        self.poll()
        self.poll()
        row = self.hours()
        self.assertEqual(len(row), 1)
        self.assertEqual((row.runs, row.failed_runs, row.reason), (2, 0, "ok"))
        self.assertEqual((row.changes_in, row.changes_out), (1, 1))
        self.assertEqual((row.provider, row.user_id), ("memory", self.user))
        self.assertTrue(55 < row.lag_s < 120, row.lag_s)

    def test_each_reason_has_figures_of_its_own(self):
        """B-09: what failed, how often and why; what was slowed down is counted apart."""
        for error in (Unavailable("backendError"), Unavailable("timeout"), RateLimited("slow")):
            self.world.fail("changes", error)
            self.poll()
        self.account.slowed_until = False  # the time that it asked for is over
        self.poll()
        found = {row.reason: (row.runs, row.failed_runs, row.throttled) for row in self.hours()}
        self.assertEqual(
            found, {"unavailable": (2, 2, 0), "rate_limited": (1, 1, 1), "ok": (1, 0, 0)}
        )

    def test_an_error_of_odoo_itself_is_counted_and_named(self):
        """B-04: also what nobody foresaw has a sentence, and goes when the next turn is well."""
        self.world.fail("changes", KeyError(CANARY))
        with self.assertLogs(LOGGER, "ERROR"):
            self.poll()
        self.assertEqual(self.account.reason_code, "internal_error")
        self.assertEqual(self.hours(reason="internal_error").failed_runs, 1)
        self.poll()
        self.assertFalse(self.account.reason_code)

    def test_one_line_for_each_turn_and_nothing_in_it_but_counts(self):
        """D-12: a line of key=value pairs; no title, address or text of an error gets there."""
        self.book(name=CANARY, description=CANARY, location=CANARY)
        for error in (None, Unavailable(CANARY), AuthExpired(CANARY)):
            if error:
                self.world.fail("changes", error)
            with self.subTest(error=error), self.assertLogs(LOGGER, "DEBUG") as logs:
                self.poll()
                lines = [line for line in logs.output if "sync account=" in line]
                self.assertEqual(len(lines), 1, logs.output)
                pairs = lines[0].partition("sync ")[2].split(" ")
                self.assertTrue(all(pair.count("=") == 1 for pair in pairs), lines)
                self.assertNotIn(CANARY, "\n".join(logs.output))
                self.assertNotIn("corp.example", "\n".join(logs.output))
        self.assertIn("reason=access_revoked error=AuthExpired", lines[0])

    def test_figures_hold_no_word_of_anybody(self):
        """D-12: whatever was synced, the table has counts and codes."""
        self.book(name=CANARY)
        self.poll()
        self.env.cr.execute("SELECT calendar_sync_hour::text FROM calendar_sync_hour")
        told = "\n".join(row for (row,) in self.env.cr.fetchall())
        self.assertTrue(told)
        self.assertNotIn(CANARY, told)
        self.assertNotIn("@", told)

    def test_old_figures_go(self):
        """D-12: kept for 90 days, or as long as the system parameter says."""
        self.poll()
        row = self.hours()
        for age, kept, stays in (
            (89, "", True),
            (89, "9" * 5000, True),
            (89, "²", True),
            (89, "30", False),
        ):
            row = row.exists() or self.hours()
            old = fields.Datetime.now() - timedelta(days=age)
            self.env.cr.execute("UPDATE calendar_sync_hour SET hour = %s", [old])
            self.env["ir.config_parameter"].set_param("calendar_sync_pro.figures_days", kept)
            self.env["calendar.sync.hour"]._drop_old()
            self.assertEqual(bool(row.exists()), stays)

    def test_own_figures_and_for_the_administrator_those_of_the_company(self):
        """B-09: a colleague sees none; the administrator of another company neither."""
        self.poll()
        other = self.env["res.company"].create({"name": "Other"})
        groups = "calendar_sync_pro.group_admin"
        bob = new_test_user(self.env, "bob", groups="base.group_user")
        boss = new_test_user(self.env, "boss", groups=groups)
        stranger = new_test_user(
            self.env, "stranger", groups=groups, company_id=other.id, company_ids=other.ids
        )
        for user, count in ((self.user, 1), (bob, 0), (boss, 1), (stranger, 0)):
            with self.subTest(user.login):
                self.assertEqual(len(self.hours().with_user(user).search([])), count)
