"""Turns: one worker at a time for an account, and its next turn comes whatever happens."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from ..core.errors import NotFound, Unavailable
from ..models.lease import LeaseLost
from .push_case import WORLD, PushCase

WORKER = "odoo.addons.calendar_sync_pro.models.calendar_sync_worker"


@tagged("post_install", "-at_install")
class TestWorker(PushCase):
    def claim(self, env=None, limit=5):
        return (env or self.env)["calendar.sync.account"]._claim(limit)

    def due(self):
        self.account.next_run = fields.Datetime.now() - timedelta(minutes=1)
        self.env.flush_all()

    def test_account_is_claimed_once(self):
        """A claimed account is not given to a second worker before the lease ends."""
        self.due()
        self.assertEqual(len(self.claim()), 1)
        self.assertFalse(self.claim())

    def test_stale_lease_is_taken_over(self):
        """After kill -9 the next worker takes over, and the first one can't write any more."""
        self.due()
        [first] = self.claim()
        self.env.cr.execute(
            "UPDATE calendar_sync_account SET lease_until = now() - interval '1 minute'"
        )
        [second] = self.claim()
        self.assertNotEqual(first.token, second.token)
        with self.assertRaises(LeaseLost):
            self.account._relock(first)
        self.account._relock(second)

    def test_switched_off_account_stops_the_worker(self):
        """Pausing or disconnecting during a run stops it at its next write."""
        self.due()
        [lease] = self.claim()
        self.account._set_status("paused", "paused_by_user")
        self.env.flush_all()
        with self.assertRaises(LeaseLost):
            self.account._relock(lease)

    def test_not_due_and_nothing_to_send_is_left_alone(self):
        """No work, no claim, no request."""
        opened = WORLD["opened"]
        self.turn()
        self.assertEqual(WORLD["opened"], opened)

    def test_a_mark_makes_the_account_due(self):
        """S4-06: what was saved doesn't wait for the next poll."""
        self.book()
        self.assertEqual(len(self.claim()), 1)

    def test_next_check_after_success(self):
        """S0-19, S0-20: `last_sync` moves on also when nothing changed; next check in minutes."""
        self.due()
        self.turn()
        now = fields.Datetime.now()
        self.assertLess(now - self.account.last_sync, timedelta(minutes=1))
        wait = self.account.next_run - now
        self.assertTrue(timedelta(minutes=4) < wait <= timedelta(minutes=15), wait)

    def test_failure_backs_off_and_leaves_last_sync(self):
        """S0-19: a failed check is no check; the next one comes later and later."""
        self.due()
        self.account.last_sync = datetime(2020, 1, 1)
        for failures in (1, 2):
            self.world.fail("changes", Unavailable("backendError"))
            self.turn()
            self.assertEqual(self.account.failures, failures)
            self.assertEqual(self.account.last_sync, datetime(2020, 1, 1))
            self.due()
        self.turn()
        self.assertEqual(self.account.failures, 0)
        self.assertFalse(self.account.reason_code)

    def test_provider_that_hangs_holds_up_its_own_account_only(self):
        """S1-22: another worker takes the other account while the first one waits."""
        from odoo.tests import new_test_user

        bob = new_test_user(self.env, "bob", groups="base.group_user", email="bob@corp.example")
        self._connected(bob)
        self.env["calendar.sync.account"].search([]).write(
            {"next_run": fields.Datetime.now() - timedelta(minutes=1)}
        )
        self.env.flush_all()
        [first] = self.claim(limit=1)
        [second] = self.claim(limit=1)
        self.assertNotEqual(first.account_id, second.account_id)

    def test_idle_poll_is_cheap(self):
        """One request and at most 15 statements, lease and last_sync included."""
        self.due()
        self.turn()
        self.due()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr)
            requests = WORLD["opened"]
            before = self.env.cr.sql_log_count if hasattr(self.env.cr, "sql_log_count") else 0
            [lease] = env["calendar.sync.account"]._claim_due()
            env["calendar.sync.account"]._work(lease)
            spent = self.env.cr.sql_log_count - before
        self.assertLessEqual(WORLD["opened"] - requests, 2)
        self.assertLessEqual(spent, 15)

    def test_switching_on_sends_what_is_there(self):
        """S4-03: events from before are exported once sync is switched on."""
        self.account.is_sync_on = False
        self.book()
        self.account.is_sync_on = True
        self.turn()
        self.assertEqual(len(self.remotes()), 1)
        self.assertTrue(self.account.first_sync_done)

    def test_failing_code_does_not_stop_the_others(self):
        """An error of one account's turn is logged, and the account comes again."""
        self.due()
        self.world.fail("changes", ZeroDivisionError())
        with self.assertLogs(WORKER, "ERROR"):
            self.turn()
        self.assertEqual(self.account.failures, 1)
        self.assertFalse(self.account.lease_token)

    def test_an_account_that_is_deleted_during_its_turn_stops_nobody(self):
        """Its turn is over without an error, and the worker goes on."""
        self.due()
        with self.committing() as env, self.assertNoLogs(WORKER, "ERROR"):
            accounts = env["calendar.sync.account"]
            [lease] = accounts._claim(1)
            accounts.browse(lease.account_id).unlink()
            env.cr.commit()
            accounts._work(lease)
            self.assertEqual(lease.turn.reason, "lease_lost")

    def test_what_is_asked_for_during_a_turn_comes_next(self):
        """S0-20: given a turn under way, when a sync is asked for in the very second in which it
        was due, once or several times (Start in a preview does it twice), then the account is due
        again as soon as the turn is over."""
        for times in (1, 2, 3):
            self.account._ask_sync()
            self.env.flush_all()
            with self.subTest(times=times), self.committing() as env:
                [lease] = env["calendar.sync.account"]._claim(1)
                account = env["calendar.sync.account"].browse(lease.account_id)
                due = account.next_run
                for _ in range(times):
                    account._ask_sync()
                    env.flush_all()
                account._end(lease, was_read=True, due=due)
                account.invalidate_recordset()
                self.assertLessEqual(account.next_run, datetime.now())

    def test_what_can_not_be_told_stops_nobody(self):
        """Given a message that can't be written, when an account loses its calendar, then it
        is due again all the same and the worker goes on."""
        known = [("module", "=", "mail"), ("name", "=", "mail_activity_data_warning")]
        self.env["ir.model.data"].search(known).unlink()
        self.due()
        self.world.fail("changes", NotFound("gone"))
        with self.assertLogs(WORKER, "ERROR"):
            self.turn()
        self.assertEqual((self.account.failures, self.account.reason_code), (1, "calendar_lost"))
        self.assertFalse(self.account.lease_token)

    def test_accounts_that_fail_never_hold_every_worker(self):
        """S1-22: however many providers hang, one worker is left for accounts that work."""
        self.due()
        accounts = self.env["calendar.sync.account"]
        self.account.failures = 1
        self.env.flush_all()
        self.assertFalse(accounts._claim(50, takes_failing=False))
        self.assertEqual([lease.account_id for lease in accounts._claim(50)], self.account.ids)
        codes = [self.env.ref(f"calendar_sync_pro.cron_work_{n}").code for n in (1, 2)]
        self.assertEqual(codes, ["model._cron_work()", "model._cron_work(takes_failing=False)"])
