"""Providers tell of changes: channels are made, renewed and ended, and notices only wake us."""

from datetime import timedelta

from odoo.tests import new_test_user, tagged

from ..core.errors import Forbidden, RateLimited, Unavailable
from ..models import clock
from ..providers.memory_channels import KIND, SECRET
from .pull_case import PullCase
from .push_case import WORLD

BASE = "https://odoo.corp.example"


class NoticesCase(PullCase):
    """Ann's calendar is at a provider that tells of changes; her app was never tried before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enable(has_push_channel=True)
        cls.env["ir.config_parameter"].set_param("web.base.url", BASE)
        cls.app = cls.env["calendar.sync.oauth.app"].create(
            {"name": "Ours", "provider": "google", "client_id": "id"}
        )
        cls.account.app_id = cls.app
        cls.calendar = cls.account.events_calendar_id
        cls.channels = cls.env["calendar.sync.channel"]

    @property
    def post(self):
        return self.world.post

    def look(self, account=None):
        """The worker's turn at a time when the account is due anyway."""
        (account or self.account).next_run = clock.now() - timedelta(minutes=1)
        self.turn()
        self.env.invalidate_all()

    def tell(self, wish=None, kind="changed", secret=None):
        """A request to our address, as the provider (or somebody else) sends it."""
        wish = wish or list(self.post.channels.values())[-1]
        headers = {SECRET: wish.secret if secret is None else secret, KIND: kind}
        return self.channels._take_in(wish.address.rpartition("/")[2], headers, b"")

    def later(self, **span):
        """Let time pass for what is kept about channels and the app."""
        gone = timedelta(**span)
        for model, names in (
            ("calendar.sync.channel", ("asked_at", "expires_at", "renew_at", "doubted_at")),
            ("calendar.sync.oauth.app", ("push_try_at",)),
            ("calendar.sync.account", ("push_due",)),
        ):
            for row in self.env[model].sudo().search([]):
                row.write({name: row[name] - gone for name in names if row[name]})
        self.env.flush_all()

    def is_due(self):
        """True when a worker would take the account now."""
        self.env.flush_all()
        leases = self.env["calendar.sync.account"]._claim(5)
        self.env.cr.execute(
            "UPDATE calendar_sync_account SET lease_token = NULL, lease_until = NULL"
        )
        self.env.invalidate_all()
        return [lease.account_id for lease in leases] == self.account.ids


@tagged("post_install", "-at_install")
class TestNotices(NoticesCase):
    def test_a_change_is_told_and_read_at_once(self):
        """S2-51, S2-53: given a channel, when the calendar says that something changed, then the
        account is due although its next check is minutes away, and one turn brings the change."""
        self.look()
        self.assertEqual(self.account.push_state, "working")
        self.assertFalse(self.is_due())
        self.adds("Told", 10)
        self.assertTrue(self.tell())
        self.assertTrue(self.is_due())
        self.turn()
        self.assertTrue(self.event("Told"))
        self.assertFalse(self.is_due(), "one look for one notice")

    def test_any_number_of_notices_is_one_look(self):
        """D-08: given a storm of notices, when the worker comes, then it looks once; what is told
        while it looks makes it look once more."""
        self.look()
        opened = self.opened()
        for _ in range(50):
            self.tell()
        self.turn()
        self.assertEqual(self.opened() - opened, 1)
        self.turn()
        self.assertEqual(self.opened() - opened, 1, "nothing was told since")

    def opened(self):
        return WORLD["opened"]

    def test_a_change_during_the_look_is_not_lost(self):
        """S2-51: told after the calendar was read and before the turn ended: looked at again."""
        self.look()
        self.tell()
        account = self.env["calendar.sync.account"]
        with self.committing() as env:
            [lease] = env["calendar.sync.account"]._claim(1)
            row = env["calendar.sync.account"].browse(lease.account_id)
            row._lower_flags()
            env["calendar.sync.channel"]._take_in(
                next(iter(self.post.channels)),
                {SECRET: next(iter(self.post.channels.values())).secret},
                b"",
            )
            row._end(lease, was_read=True, is_well=True, due=row.next_run)
        self.env.invalidate_all()
        self.assertTrue(account.search([("id", "=", self.account.id)]) and self.is_due())

    def test_forged_and_unknown_notices_do_nothing(self):
        """D-04: without the channel's secret, with another channel's, or for no channel at all a
        request is refused and nothing becomes due."""
        self.look()
        [wish] = self.post.channels.values()
        self.assertFalse(self.tell(wish, secret="guessed"))
        self.assertFalse(self.tell(wish, secret=""))
        self.assertFalse(self.channels._take_in("nobody", {SECRET: wish.secret}, b""))
        self.assertFalse(self.channels._take_in(wish.key, {}, b'{"value": []}'))
        self.assertFalse(self.is_due())
        row = self.account.channel_ids
        self.assertNotIn(wish.secret, str(row.sudo().read()), "only its digest is kept")

    def test_renewed_at_half_of_its_life_and_never_before(self):
        """S2-51: the channel lives on, under the same name where the provider renews it."""
        self.look()
        ends = self.account.push_expires_at
        self.later(days=3)
        self.look()
        self.assertEqual(self.account.push_expires_at, ends - timedelta(days=3), "not yet")
        self.later(days=1)
        self.look()
        self.assertGreater(self.account.push_expires_at, ends - timedelta(days=1))
        self.assertEqual(len(self.post.channels), 1)

    def test_replaced_where_it_can_not_be_renewed(self):
        """S2-51: another channel is opened, and the former is heard until the new one works."""
        self.post.renews = self.post.proves = False
        self.look()
        [first] = list(self.post.channels.values())
        self.tell(first, "proof")
        self.later(days=4)
        self.look()
        self.assertEqual(len(self.post.channels), 2)
        self.assertTrue(self.tell(first), "no change is missed in between")
        second = [one for one in self.post.channels.values() if one != first]
        self.tell(second[0], "proof")
        self.account.push_due = False
        self.look()
        self.assertEqual(list(self.post.channels.values()), second)
        self.assertEqual(self.post.stopped, [first.key])

    def test_ended_by_the_provider_is_opened_again(self):
        """S2-51: what the provider says of a channel's life is done in the next turn."""
        self.look()
        [first] = list(self.post.channels)
        self.tell(kind="ended")
        self.post.channels.clear()
        self.turn()
        self.assertEqual(len(self.post.channels), 1)
        self.assertNotIn(first, self.post.channels)
        ends = self.account.push_expires_at
        self.later(days=1)
        self.tell(kind="renew")
        self.turn()
        self.env.invalidate_all()
        self.assertGreaterEqual(self.account.push_expires_at, ends)

    def test_nothing_is_left_at_the_provider(self):
        """S2-51: switched off, another calendar, disconnected: its channel is ended there."""
        self.look()
        [first] = list(self.post.channels)
        self.account.is_sync_on = False
        self.calendar.blocks_availability = False
        self.turn()
        self.assertEqual(self.post.stopped, [first])
        self.account.is_sync_on = True
        self.account.first_sync_done = True
        self.turn()
        [second] = list(self.post.channels)
        self.account.with_user(self.user).disconnect()
        self.env.cr.postcommit.run()
        self.assertEqual(self.post.stopped, [first, second])
        self.assertFalse(self.account.channel_ids)

    def test_a_paused_account_is_not_told(self):
        """S2-51, S0-33: given a channel, when an administrator pauses the account, or its owner
        leaves, then the worker ends the channel there and the grant is kept; once the account goes
        on another is opened. Resumed before the worker came, nothing has happened."""
        boss = new_test_user(self.env, "boss", groups="calendar_sync_pro.group_admin")
        account = self.account.with_user(boss)
        self.look()
        [first] = list(self.post.channels)
        account.pause()
        account.resume()
        self.look()
        self.assertEqual(list(self.post.channels), [first])
        account.pause()
        self.turn()
        self.assertEqual((list(self.post.channels), self.post.stopped), ([], [first]))
        self.assertFalse(self.account.channel_ids)
        account.resume()
        self.look()
        [second] = list(self.post.channels)
        self.assertEqual(self.account.push_state, "working")
        self.user.active = False
        self.turn()
        self.assertEqual(self.post.stopped, [first, second])
        self.assertTrue(self.account.sudo().credentials_encrypted)

    def test_a_provider_that_does_not_answer_is_not_asked_for_ever(self):
        """S2-51: given a paused account whose provider is down, then the channel is forgotten
        here, where its notices find nobody, and runs out there."""
        self.look()
        [wish] = self.post.channels.values()
        self.account._set_status("paused", "")
        self.world.fail("stop", Unavailable("backendError"))
        self.turn()
        self.assertFalse(self.account.channel_ids)
        self.assertFalse(self.tell(wish))
        self.assertFalse(self.post.stopped)

    def test_a_bug_while_one_is_paused_keeps_no_other_from_its_turn(self):
        """S2-51, S4-14: given a paused account whose adapter has a bug, then a colleague has
        a turn in the same run, and the log says where it is, without the error's text."""
        bob = self._connected(new_test_user(self.env, "bob", email="bob@corp.example"))
        self.look()
        self.account._set_status("paused", "")
        self.world.fail("stop", ValueError("a title"))
        bob.failures = 1
        with self.assertLogs("odoo.addons.calendar_sync_pro", "ERROR") as log:
            self.look(bob)
        self.assertEqual(bob.failures, 0)
        self.assertFalse(self.account.channel_ids)
        self.assertNotIn("a title", "".join(log.output))

    def test_the_company_switches_it_off(self):
        """S2-51: then no channel is kept, calendars are polled, and the state says so."""
        self.look()
        self.account.company_id.sync_use_push = False
        self.look()
        self.assertFalse(self.post.channels)
        self.assertEqual(self.account.push_state, "off")
        self.assertEqual(self.account._poll_minutes(), (5, 15))

    def test_a_calendar_that_can_not_be_watched_is_polled(self):
        """S2-51: its provider refuses; nothing else stops, and it is asked again tomorrow."""
        self.world.fail("watch", Forbidden("noWatch"))
        self.adds("Polled", 10)
        self.look()
        self.assertTrue(self.event("Polled"))
        self.assertEqual(self.account.push_state, "refused")
        self.assertFalse(self.account.failures)
        self.look()
        self.assertFalse(self.post.channels)
        self.later(days=1)
        self.look()
        self.assertEqual(self.account.push_state, "working")

    def test_trouble_with_the_provider_waits(self):
        """S2-51: it does not answer when asked for a channel: the sync itself was done."""
        self.world.fail("watch", Unavailable("backendError"))
        self.look()
        self.assertFalse(self.account.failures)
        self.assertFalse(self.account.channel_ids)
        self.later(minutes=5)
        self.look()
        self.assertEqual(self.account.push_state, "working")

    def test_told_to_slow_down_when_asked_for_a_channel(self):
        """S2-51, D-08: given a provider that takes no more channels now, when the account was read,
        then its sync counts as done, it waits as long as asked, and a channel is opened later."""
        self.world.fail("watch", RateLimited("rateLimitExceeded", retry_after_s=600))
        self.adds("Read", 10)
        self.look()
        self.assertTrue(self.event("Read"))
        self.assertFalse(self.account.failures)
        self.assertFalse(self.account.channel_ids)
        self.assertGreaterEqual(self.account.slowed_until, clock.now() + timedelta(seconds=590))
        self.assertGreater(self.account.push_due, clock.now())
        self.account.slowed_until = False
        self.later(minutes=11)
        self.look()
        self.assertEqual(self.account.push_state, "working")


@tagged("post_install", "-at_install")
class TestReachability(NoticesCase):
    def second(self):
        """Another account of the same app."""
        bob = new_test_user(self.env, "bob", groups="base.group_user", email="bob@corp.example")
        return self._connected(bob, app_id=self.app.id)

    def test_an_address_that_is_refused_is_tried_once_a_day(self):
        """S2-51: given an Odoo that can't be reached, when one account has found that out, then the
        others don't try, all are polled as often as ever, and tomorrow one tries again."""
        self.post.refuses_address = True
        bob = self.second()
        self.look()
        self.assertEqual(self.app.push_state, "unreachable")
        self.assertEqual(self.account._poll_minutes(), (5, 15))
        self.post.refuses_address = False
        self.look(bob)
        self.look()
        self.assertFalse(self.post.channels)
        self.assertEqual({self.account.push_state, bob.push_state}, {"unreachable"})
        self.later(days=1)
        self.look()
        self.look(bob)
        self.assertEqual(self.app.push_state, "working")
        self.assertEqual({self.account.push_state, bob.push_state}, {"working"})

    def test_silence_is_noticed(self):
        """S2-51: the provider took the address, but nothing ever arrives: the channel is ended."""
        self.post.proves = False
        bob = self.second()
        self.look()
        self.look(bob)
        self.assertEqual(len(self.post.channels), 1, "one account tries for all")
        self.assertEqual(self.account.push_state, "waiting")
        self.later(minutes=11)
        self.look()
        self.assertEqual(self.app.push_state, "unreachable")
        self.assertEqual(len(self.post.stopped), 1)
        self.assertFalse(self.post.channels)

    def test_the_first_notice_settles_it(self):
        """S2-51: it arrives while nobody waits for it; then everybody's channels are opened, and
        checking is rarer in working hours but not rarer than outside of them."""
        self.post.proves = False
        bob = self.second()
        self.look()
        self.assertTrue(self.tell(kind="proof"))
        self.assertEqual(self.account.push_state, "working")
        self.assertFalse(self.is_due(), "there is nothing to read")
        self.assertEqual(self.account._poll_minutes(), (15, 15))
        self.look(bob)
        self.assertEqual(len(self.post.channels), 2)

    def test_a_channel_that_has_become_mute_is_found_out(self):
        """S2-51: given a channel that worked, when a look finds a change that nobody told of and
        nothing is told after it, then another is tried; where that can't reach us either, calendars
        are looked at as often as without, and the state says so. A late notice clears the doubt."""
        self.look()
        self.later(minutes=11)
        self.adds("Found by looking", 10)
        self.look()
        self.assertTrue(self.account.channel_ids.doubted_at)
        self.tell()
        self.assertFalse(self.account.channel_ids.doubted_at, "it was only late")
        self.turn()
        self.adds("Lost", 12)
        self.look()
        self.later(minutes=11)
        self.post.refuses_address = True
        self.look()
        self.look()
        self.assertEqual(self.app.push_state, "unreachable")
        self.assertEqual(self.account.push_state, "unreachable")
        self.assertEqual(self.account._poll_minutes(), (5, 15))
        self.assertFalse(self.post.channels, "the mute one is ended")

    def test_told_while_it_was_read_is_no_doubt(self):
        """S2-51: given an account that is taken because its time has come, when the notice arrives
        before the reading ends, then nothing was missed: the channel is not doubted."""
        self.look()
        self.later(minutes=11)
        self.adds("Told meanwhile", 10)
        self.account.next_run = clock.now() - timedelta(minutes=1)
        self.save()
        with self.committing() as env:
            [lease] = env["calendar.sync.account"]._claim(1)
            self.assertFalse(lease.has_notice)
            [(key, wish)] = self.post.channels.items()
            env["calendar.sync.channel"]._take_in(key, {SECRET: wish.secret}, b"")
            env["calendar.sync.account"].browse(lease.account_id)._pull(lease)
        self.env.invalidate_all()
        self.assertTrue(self.event("Told meanwhile"))
        self.assertTrue(self.account.channel_ids.is_noticed)
        self.assertFalse(self.account.channel_ids.doubted_at)

    def test_a_channel_that_tells_nothing_is_not_called_working(self):
        """S2-51: given an Odoo that can't be reached any more, which another account found out,
        when a channel is mute or has run out, then the state says so and the account is looked at
        as often as without."""
        self.look()
        row, now = self.account.channel_ids, clock.now()
        self.app.write({"push_state": "unreachable", "push_try_at": now + timedelta(days=1)})
        for values in (
            {"doubted_at": now - timedelta(minutes=11)},
            {"doubted_at": False, "expires_at": now - timedelta(minutes=1)},
        ):
            self.assertEqual(self.account.push_state, "working")
            ends = row.expires_at
            row.write(values)
            self.env.invalidate_all()
            self.assertEqual(self.account.push_state, "unreachable", values)
            self.assertFalse(self.account.push_expires_at)
            self.assertEqual(self.account._poll_minutes(), (5, 15))
            row.write({"doubted_at": False, "expires_at": ends})
            self.env.invalidate_all()

    def test_a_new_address_is_told_to_the_provider(self):
        """S2-51: another base address, or the administrator's click: tried at once."""
        self.post.refuses_address = True
        self.look()
        self.post.refuses_address = False
        self.app.action_try_push()
        self.look()
        self.assertEqual(self.app.push_state, "working")
        self.env["ir.config_parameter"].set_param("web.base.url", "https://new.corp.example")
        self.account.push_due = False
        self.look()
        newest = list(self.post.channels.values())[-1]
        self.assertTrue(newest.address.startswith("https://new.corp.example/"))

    def test_a_copied_database_knows_no_channel(self):
        """S2-51: neutralized, it neither renews nor ends what belongs to the original."""
        from odoo.modules.neutralize import get_neutralization_queries

        self.look()
        self.env.flush_all()
        for query in get_neutralization_queries(["calendar_sync_pro"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(self.account.channel_ids)
        self.assertEqual(self.app.push_state, "unknown")
        self.turn()
        self.assertEqual(len(self.post.channels), 1)
        self.assertFalse(self.post.stopped)
