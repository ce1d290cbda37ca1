"""Whose turn it is: within what providers take, and so that nobody starves."""

from datetime import timedelta

from odoo.tests import freeze_time, new_test_user, tagged

from ..core.errors import RateLimited
from ..models import clock
from ..providers.meter import Requests
from ..sync import limits
from .push_case import PushCase

LIMIT, APP_LIMIT = 100, 250


@tagged("post_install", "-at_install")
class TestFairTurns(PushCase):
    """Ann, Bob and Cleo share an app; Dan's account has another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enable(calls_per_minute=LIMIT, app_calls_per_minute=APP_LIMIT)
        values = {"provider": "google", "client_id": "id"}
        apps = cls.env["calendar.sync.oauth.app"]
        cls.app, other = apps.create([{"name": name, **values} for name in ("Ours", "Theirs")])
        cls.ann = cls.account
        cls.ann.app_id = cls.app
        cls.bob, cls.cleo, cls.dan = (cls.person(name) for name in ("bob", "cleo", "dan"))
        (cls.bob | cls.cleo).app_id = cls.app
        cls.dan.app_id = other

    @classmethod
    def person(cls, name):
        user = new_test_user(
            cls.env, name, groups="base.group_user", email=f"{name}@corp.example"
        )  # fmt: skip
        return cls._connected(user)

    @property
    def everybody(self):
        return self.ann | self.bob | self.cleo | self.dan

    def due(self, **minutes_ago):
        """Let these be due since so many minutes."""
        for name, minutes in minutes_ago.items():
            getattr(self, name).next_run = clock.now() - timedelta(minutes=minutes)
        self.env.flush_all()

    def order(self, limit=9, takes_failing=True):
        """Who is taken, in this order; afterwards nobody has a lease."""
        self.env.flush_all()
        taken = []
        for _ in range(limit):
            leases = self.env["calendar.sync.account"]._claim(1, takes_failing)
            taken += [lease.account_id for lease in leases]
        self.give_back()
        names = {account.id: account.user_id.login for account in self.everybody}
        return [names[id_] for id_ in taken]

    def give_back(self):
        """Nobody has a lease any more."""
        self.env.cr.execute(
            "UPDATE calendar_sync_account SET lease_token = NULL, lease_until = NULL"
        )
        self.env.invalidate_all()

    def test_small_steps_come_before_first_syncs(self):
        """D-08: given a large first sync that was due first, when somebody saves and somebody's
        poll is due, then both come first: the save, the poll, and then another slice of it."""
        self.due(bob=0.5, cleo=0.2)
        self.bob.first_sync_done = False
        self.book(user=self.user)
        self.assertEqual(self.order(), ["ann", "cleo", "bob"])

    def test_a_first_sync_waits_its_time_and_no_longer(self):
        """D-08: nobody starves: after two minutes it comes before polls that are just due."""
        self.due(bob=2, cleo=0.5)
        self.bob.first_sync_done = False
        self.assertEqual(self.order(), ["bob", "cleo"])

    def test_a_backlog_is_no_hurry(self):
        """D-08: what a first sync has to send doesn't pass before what a person saves."""
        self.book(user=self.user)
        self.env["calendar.sync.mark"]._dispatch()
        self.env["calendar.sync.mark"].search([]).user_id = False
        self.due(cleo=0.2)
        self.assertEqual(self.order(), ["cleo", "ann"])

    def test_equals_take_turns(self):
        """D-08: two who both have more to do than one slice are taken one after the other."""
        self.due(ann=1, bob=1, cleo=1)
        now = clock.now()
        self.assertEqual(self.order(1), ["ann"])
        self.ann.next_run = self.bob.next_run = self.cleo.next_run = now - timedelta(minutes=1)
        self.assertEqual(self.order(1), ["bob"])
        self.assertEqual(self.order(1), ["cleo"])
        self.assertEqual(self.order(1), ["ann"])

    def test_one_worker_is_never_long_away(self):
        """S4-06, D-08: the second worker takes short slices, so that a save finds one of them."""
        self.due(ann=1, bob=1)
        accounts = self.env["calendar.sync.account"]
        [long], [short] = accounts._claim(1), accounts._claim(1, takes_failing=False)
        self.assertEqual((long.slice_s, short.slice_s), (10.0, 2.0))

    def stand_still(self):
        """The minute doesn't end during the test."""
        clock_stands = freeze_time(clock.now())
        clock_stands.start()
        self.addCleanup(clock_stands.stop)

    def spends(self, account, calls):
        """A turn of `account` that made so many requests."""
        self.due(**{account.user_id.login: 1})
        [lease] = [
            one for one in self.env["calendar.sync.account"]._claim(9)
            if one.account_id == account.id
        ]  # fmt: skip
        lease.turn.requests = Requests(reads=calls - 1, writes=1)
        with self.committing() as env:
            env["calendar.sync.account"].browse(account.id)._end(lease, due=account.next_run)
        self.give_back()

    def test_an_accounts_budget_is_its_own(self):
        """D-08: who has used up a minute's share waits for the next minute; others don't."""
        self.stand_still()
        self.spends(self.ann, limits.budget(LIMIT) - 1)
        self.due(ann=1, bob=1)
        self.assertCountEqual(self.order(), ["ann", "bob"])
        self.spends(self.ann, 1)
        self.due(ann=1, bob=1)
        self.assertEqual(self.order(), ["bob"])
        self.ann.calls_minute -= timedelta(minutes=1)
        self.assertCountEqual(self.order(), ["ann", "bob"])

    def test_an_apps_budget_is_shared(self):
        """D-08: three accounts together use up their app's minute; another app's go on."""
        self.stand_still()
        for account in (self.ann, self.bob, self.cleo):
            account.write({"calls_minute": limits.minute_of(clock.now()), "calls": 66})
        self.due(ann=1, bob=1, cleo=1, dan=1)
        self.assertCountEqual(self.order(), ["ann", "bob", "cleo", "dan"])
        self.cleo.calls = 68
        self.assertEqual(self.order(), ["dan"])

    def slowed(self, account, **said):
        """A turn of `account` that is told to slow down."""
        self.due(**{account.user_id.login: 1})
        leases = self.env["calendar.sync.account"]._claim(9)
        [lease] = [one for one in leases if one.account_id == account.id]
        with self.committing() as env:
            row = env["calendar.sync.account"].browse(account.id)
            row._end_with_error(lease, RateLimited("rateLimitExceeded", **said))
        self.give_back()

    def test_one_account_that_is_too_fast_stops_nobody_else(self):
        """D-08: its own Retry-After is obeyed, and the app's others are as quick as ever."""
        self.slowed(self.ann, retry_after_s=300, may_be_app=True)
        self.assertGreaterEqual(self.ann.next_run, clock.now() + timedelta(seconds=299))
        self.slowed(self.bob, retry_after_s=300)
        self.assertFalse(self.app.paused_until, "the reason says that it was Bob's own limit")
        self.due(cleo=1)
        self.book(user=self.user)
        self.ann.with_user(self.user).sync_now()
        self.assertEqual(self.order(), ["cleo"], "nobody's click undercuts what was asked for")
        self.ann.slowed_until = clock.now()
        self.assertCountEqual(self.order(), ["ann", "cleo"])

    def test_a_limit_of_the_app_pauses_all_its_accounts(self):
        """D-08: told to two accounts, it is the app's: the third isn't even tried before the time
        is over, not for what somebody saves either; another app's account is."""
        self.slowed(self.ann, retry_after_s=120, may_be_app=True)
        self.slowed(self.bob, retry_after_s=120, may_be_app=True)
        self.assertGreaterEqual(self.app.paused_until, clock.now() + timedelta(seconds=119))
        self.due(ann=1, bob=1, cleo=1, dan=1)
        self.book(user=self.cleo.user_id)
        self.assertEqual(self.order(), ["dan"])
        hours_ago = clock.now() - timedelta(hours=1)
        self.app.write({"paused_from": hours_ago, "paused_until": hours_ago})
        self.everybody.slowed_until = False
        self.assertCountEqual(self.order(), ["ann", "bob", "cleo", "dan"])

    def test_two_limits_at_different_times_are_not_the_apps(self):
        """D-08: given an account that was told to wait for half an hour, when another one is told
        ten minutes later, then each waits for itself and the third is as quick as ever."""
        self.slowed(self.ann, retry_after_s=1800, may_be_app=True)
        self.ann.taken_at -= timedelta(minutes=10)
        self.slowed(self.bob, retry_after_s=1800, may_be_app=True)
        self.assertFalse(self.app.paused_until)
        self.due(cleo=1)
        self.assertEqual(self.order(), ["cleo"])

    def test_after_a_pause_they_come_back_one_by_one(self):
        """D-08: no storm when it is over: within a minute all are back, a few at a time."""
        more = [self.person(f"rep{n}") for n in range(20)]
        accounts = self.env["calendar.sync.account"].concat(*more)
        accounts.app_id = self.app
        accounts.next_run = clock.now() - timedelta(minutes=1)
        back = []
        for seconds in range(0, 61, 6):
            over = clock.now() - timedelta(seconds=seconds)
            self.app.write({"paused_from": over - timedelta(minutes=5), "paused_until": over})
            self.env.flush_all()
            leases = self.env["calendar.sync.account"]._claim(99)
            back.append(len({lease.account_id for lease in leases} & set(accounts.ids)))
        self.assertEqual(sum(back), len(accounts))
        self.assertLessEqual(max(back), 5, back)
