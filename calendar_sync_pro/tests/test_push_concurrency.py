"""Two things at once, on real connections with real commits."""

import threading
import time
from datetime import datetime, timedelta

import psycopg2
from odoo import fields
from odoo.tests import tagged

from ..core.errors import RateLimited, Unavailable
from .committed_case import CommittedCase
from .push_case import WORLD

EMAIL = "concurrent@corp.example"


@tagged("post_install", "-at_install")
class TestRealConnections(CommittedCase):
    """Everything here is committed, and taken away again at the end."""

    EMAIL = EMAIL

    def connected(self, env, user):
        """It was read already."""
        account = super().connected(env, user)
        account.write({"first_sync_done": True, "last_sync": fields.Datetime.now()})
        return account

    def book(self, name="Demo"):
        with self.connection() as env:
            user = env["res.users"].browse(self.user_id)
            start = datetime.now().replace(microsecond=0) + timedelta(days=1)
            event = (
                env["calendar.event"]
                .with_user(user)
                .sudo()
                .create(
                    {
                        "name": name,
                        "start": start,
                        "stop": start + timedelta(hours=1),
                        "user_id": user.id,
                        "partner_ids": [(6, 0, user.partner_id.ids)],
                    }
                )
            )
            return event.id

    def work(self):
        with self.connection() as env:
            env["calendar.sync.account"]._cron_work()

    def titles(self):
        entries = self.world.calendars[EMAIL].values()
        return [entry.event.fields.title for entry in entries if entry.event]

    def test_edit_during_the_request_is_sent_afterwards(self):
        """S4-06: what is saved while the provider answers is neither lost nor blocked."""
        event_id = self.book("First")

        def edit():
            with self.connection() as env:
                env.cr.execute("SET LOCAL lock_timeout = '2s'")
                env["calendar.event"].browse(event_id).write({"name": "Second"})

        WORLD["before_create"] = edit
        self.work()
        self.assertEqual(self.titles(), ["Second"])

    def test_deleting_read_marks_keeps_newer_ones(self):
        """A mark that comes after the reading survives the deletion of those that were read."""
        event_id = self.book("First")
        with self.connection() as worker:
            worker["calendar.sync.mark"]._dispatch()
            account = worker["calendar.sync.account"].browse(self.account_id)
            read = worker["calendar.sync.mark"]._ready(account, 100)
            with self.connection() as user:
                user["calendar.event"].browse(event_id).write({"name": "Second"})
            read.unlink()
        with self.connection() as env:
            self.assertEqual(env["calendar.sync.mark"].search([]).mapped("event_id"), [event_id])

    def test_two_workers_dispatch_each_mark_once(self):
        """Two crons at once: no mark is doubled, none waits for the other."""
        event_ids = {self.book(f"Demo {n}") for n in range(3)}
        with self.connection() as one, self.connection() as two:
            one["calendar.sync.mark"]._dispatch()
            two.cr.execute("SET LOCAL lock_timeout = '2s'")
            two["calendar.sync.mark"]._dispatch()
        with self.connection() as env:
            marks = env["calendar.sync.mark"].search([])
            self.assertEqual(set(marks.mapped("event_id")), event_ids)
            self.assertTrue(all(mark.account_id for mark in marks))
            self.assertEqual(len(marks), 3)

    def test_saving_waits_for_no_worker(self):
        """S4-06: a worker that holds the account's row doesn't hold up a save."""
        event_id = self.book("First")
        with self.connection() as worker:
            [lease] = worker["calendar.sync.account"]._claim(1)
            worker["calendar.sync.account"].browse(self.account_id)._relock(lease)
            with self.connection() as user:
                user.cr.execute("SET LOCAL lock_timeout = '1s'")
                user["calendar.event"].browse(event_id).write({"name": "Second"})
            worker.cr.rollback()
        with self.connection() as env:
            self.assertEqual(env["calendar.event"].browse(event_id).name, "Second")

    def test_killed_after_the_link_was_committed(self):
        """S4-25: the link with its chosen id is committed before the first call; whoever takes
        over after kill -9 creates the event once."""
        self.book()

        class Killed(BaseException):
            pass

        def die():
            raise Killed

        WORLD["after_create"] = die
        with self.assertRaises(Killed), self.connection() as env:
            env["calendar.sync.account"]._cron_work()
        with self.connection() as env:
            env.cr.execute(
                "UPDATE calendar_sync_account SET lease_until = now() - interval '1 hour'"
            )
        self.work()
        self.assertEqual(self.titles(), ["Demo"])
        with self.connection() as env:
            links = env["calendar.sync.link"].search([("account_id", "=", self.account_id)])
            self.assertEqual(links.mapped("state"), ["synced"])
            self.assertFalse(env["calendar.sync.mark"].search([]))

    def test_sync_now_beside_a_busy_worker(self):
        """S1-06: the worker has just written the account's row: the click still counts, and the
        account is due."""
        later = datetime(2090, 1, 1)
        with self.connection(self.user_id) as click:
            account = click["calendar.sync.account"].browse(self.account_id)
            account.check_access("write")  # the request's view of the database begins here
            with self.connection() as worker:
                worker["calendar.sync.account"].browse(self.account_id).next_run = later
            self.assertTrue(account.sync_now())
        with self.connection() as env:
            self.assertLess(env["calendar.sync.account"].browse(self.account_id).next_run, later)

    def test_choosing_a_calendar_beside_a_busy_worker(self):
        """S0-29: given a worker in the middle of a page, when the owner chooses another calendar,
        then the worker goes on, the choice counts, and neither waits for the other for ever."""
        with self.connection() as env:
            account = env["calendar.sync.account"].browse(self.account_id)
            former = account.events_calendar_id
            other = former.copy({"remote_id": "other", "is_events": False})
            account.next_run = datetime(2000, 1, 1)
            other_id, former_id = other.id, former.id

        def click():
            with self.connection(self.user_id) as env:
                env["calendar.sync.account"].browse(self.account_id).choose_calendar(other_id)

        thread = threading.Thread(target=click)
        with self.connection() as worker:
            [lease] = worker["calendar.sync.account"]._claim_due()
            worker["calendar.sync.account"].browse(self.account_id)._relock(lease)
            thread.start()
            self.until_somebody_waits()
            worker.cr.execute("SET LOCAL lock_timeout = '2s'")
            worker["calendar.sync.calendar"].browse(former_id)._relist()
        thread.join()
        with self.connection() as env:
            chosen = env["calendar.sync.account"].browse(self.account_id).events_calendar_id
            self.assertEqual(chosen.id, other_id)

    def until_somebody_waits(self):
        """Until a connection waits for another one's lock."""
        with self.registry.cursor() as cr:
            for _ in range(500):
                cr.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
                if cr.rowcount:
                    return
                time.sleep(0.01)
        self.fail("nobody waits")

    def fails_while_somebody_clicks(self, error):
        """The worker's turns after a save, in the first of which the provider fails."""

        def click_and_fail():
            with self.connection(self.user_id) as click:
                click["calendar.sync.account"].browse(self.account_id).sync_now()
            raise error

        self.book()
        WORLD["before_create"] = click_and_fail
        self.work()
        with self.connection() as env:
            account = env["calendar.sync.account"].browse(self.account_id)
            return account.failures, account.slowed_until

    def test_sync_now_in_a_turn_that_fails(self):
        """S1-06: given a provider that doesn't answer, when the owner asks for a sync meanwhile,
        then it is tried again at once and not after the failure's pause."""
        self.assertEqual(self.fails_while_somebody_clicks(Unavailable("backendError")), (0, False))
        self.assertEqual(self.titles(), ["Demo"])

    def test_sync_now_while_the_provider_asks_to_wait(self):
        """S1-06: given a provider that names the time to wait, when the owner asks for a sync
        meanwhile, then nothing is sent before that time, and the card names it."""
        for error in (
            RateLimited("rateLimitExceeded", retry_after_s=600),
            Unavailable("backendError", retry_after_s=600),
        ):
            failures, until = self.fails_while_somebody_clicks(error)
            self.assertEqual(failures, 1)
            self.assertGreater(until, fields.Datetime.now() + timedelta(minutes=9))
            with self.connection(self.user_id) as env:
                [card] = env["calendar.sync.account"].connections_page()["accounts"]
            named = f"{until.isoformat()}Z"
            self.assertEqual((card["problem"]["until"], card["next_run"]), (named, named))
            self.work()
            self.assertFalse(self.titles())
            with self.connection() as env:
                account = env["calendar.sync.account"].browse(self.account_id)
                account.write({"failures": 0, "slowed_until": False})

    def test_no_transaction_is_open_while_the_channels_of_a_paused_account_end(self):
        """S2-51: a provider that takes its time over it keeps nothing in the database waiting."""
        with self.connection() as env:
            account = env["calendar.sync.account"].browse(self.account_id)
            channels = env["calendar.sync.channel"]
            values = channels._new_values(account.events_calendar_id, "https://odoo.example")[0]
            channels.create(values | {"remote_id": "first", "state": "working"})
            account._set_status("paused", "")
        found = []
        with self.connection() as env:
            connection = env.cr.connection
            WORLD["before_stop"] = lambda: found.append(connection.get_transaction_status())
            env["calendar.sync.account"]._end_paused()
            self.assertFalse(env["calendar.sync.channel"].search([]))
        self.assertEqual(found, [psycopg2.extensions.TRANSACTION_STATUS_IDLE])
        self.assertEqual(self.world.post.stopped, ["first"])

    def test_second_save_while_a_claim_is_open(self):
        """Two connections claim: the second one gets nothing and doesn't wait."""
        with self.connection() as env:
            env["calendar.sync.account"].browse(self.account_id).next_run = datetime(2000, 1, 1)
        with self.connection() as one, self.connection() as two:
            mine = {lease.account_id for lease in one["calendar.sync.account"]._claim(50)}
            two.cr.execute("SET LOCAL lock_timeout = '1s'")
            try:
                theirs = {lease.account_id for lease in two["calendar.sync.account"]._claim(50)}
            except psycopg2.errors.LockNotAvailable:
                self.fail("the second worker waited for the first")
            self.assertIn(self.account_id, mine)
            self.assertNotIn(self.account_id, theirs)
