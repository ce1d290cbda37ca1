"""The administrator's overview: each fault turns its light within one turn; what is done there."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..core.errors import AppMisconfigured, AuthExpired, NotFound, RateLimited, Unavailable
from .pull_case import PullCase

ADMIN = "calendar_sync_pro.group_admin"
WORKER = "odoo.addons.calendar_sync_pro.models.calendar_sync_worker"
BAD_RULE = ("RRULE:FREQ=SOMETIMES",)


@tagged("post_install", "-at_install")
class TestHealth(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(cls.env, "boss", groups=ADMIN, email="boss@corp.example")
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.stranger = new_test_user(
            cls.env, "stranger", groups=ADMIN, email="stranger@other.example",
            company_id=cls.other_company.id, company_ids=cls.other_company.ids,
        )  # fmt: skip

    def due(self, minutes=1):
        self.account.next_run = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env.flush_all()

    def cycle(self):
        """One turn of a worker, as the cron takes it."""
        self.due()
        self.turn()

    def seen(self, user=None):
        """The accounts as somebody sees them in a new request."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["calendar.sync.account"].with_user(user or self.boss).search([])

    def assertLight(self, health, words, **counts):
        account = self.seen()
        self.assertEqual((account.health, account.email), (health, self.user.email))
        self.assertIn(words, account.health_text)
        for name, value in counts.items():
            self.assertEqual(account[name], value, name)
        found = {
            name
            for name in ("good", "attention", "broken", "paused", "off")
            if account.search([("health", "=", name)])
        }
        self.assertEqual(found, {health}, "the filter finds what the light says")

    # -- each fault --------------------------------------------------------------------------------
    def test_what_the_provider_refuses_turns_a_light_in_the_same_turn(self):
        """B-09, S0-29: whatever the provider answers, the next look at the list shows it; and one
        good turn later all is well again."""
        faults = [
            (Unavailable("backendError"), "attention", "cannot be reached"),
            (AppMisconfigured("invalid_client"), "broken", "own credentials"),
            (NotFound("gone"), "broken", "calendar is gone"),
            (KeyError("a bug"), "attention", "made an error"),
            (RateLimited("slow down"), "attention", "slow down"),
        ]
        self.cycle()
        self.assertLight("good", "", errors_day=0)
        for error, health, words in faults:
            with self.subTest(error=type(error).__name__):
                self.env.cr.execute("DELETE FROM calendar_sync_hour")
                self.world.fail("changes", error)
                with mute_logger(WORKER):
                    self.cycle()
                self.assertLight(health, words, errors_day=1)
                self.account.slowed_until = False  # the time that it asked for is over
                self.cycle()
                is_slowed = isinstance(error, RateLimited)
                self.assertLight("attention" if is_slowed else "good", words if is_slowed else "")

    def test_a_lost_sign_in_names_its_cause(self):
        """S1-10, S1-11, S1-13: broken at once, in the words of the cause; no further request."""
        for reason, words in (
            ("password_changed", "password"),
            ("invalid_rapt", "security rule"),
            ("insufficient_scope", "permission"),
        ):
            with self.subTest(reason):
                self.account._set_status("active", "")
                self.world.fail("changes", AuthExpired(reason))
                self.cycle()
                self.assertEqual(self.account.status, "reconnect_required")
                self.assertLight("broken", words)

    def test_what_waits_too_long_or_is_never_visited_turns_a_light(self):
        """B-09: nobody came for a quarter of an hour; a change waits for a quarter of an hour."""
        self.cycle()
        self.due(minutes=16)
        self.assertLight("broken", "no worker came", lag_text="16 minutes")
        self.account.app_id = self.env["calendar.sync.oauth.app"].create(
            {"provider": "google", "name": "App", "paused_until": fields.Datetime.now()}
        )
        self.assertLight("good", "")
        self.account.app_id = False
        self.cycle()
        self.book()
        self.env["calendar.sync.mark"]._dispatch()
        self.assertLight("good", "", waiting_count=1)
        self.env.cr.execute(
            "UPDATE calendar_sync_mark SET marked_at = marked_at - interval '16 min'"
        )
        self.assertLight("attention", "waiting to be sent", waiting_count=1)
        self.turn()
        self.assertLight("good", "", waiting_count=0)

    def test_what_stops_or_is_switched_off_turns_a_light(self):
        """B-09: a calendar that is no longer listed, a question to the owner, paused, not in use,
        disconnected."""
        self.cycle()
        self.account.events_calendar_id.is_missing = True
        self.assertLight("broken", "chosen calendar is gone")
        self.account.events_calendar_id.is_missing = False
        self.account.holds_removals = True
        self.assertLight("attention", "deleted in Odoo at once")
        self.account.holds_removals = False
        self.account._set_status("paused", "")
        self.assertLight("paused", "Paused by an administrator")
        self.account._set_status("active", "")
        self.account.is_sync_on = False
        self.assertLight("off", "sync is off")
        self.account._set_status("not_connected", "")
        self.assertLight("off", "not connected")

    def test_an_event_set_aside_is_listed_with_its_reason_and_tried_again(self):
        """B-04, B-09: one click from the list to the event; the administrator reads the reason but
        no title, and trying again mends what was corrected meanwhile."""
        bad = self.adds("Secret plan", rules=BAD_RULE)
        self.adds("Good one")
        self.cycle()
        self.assertLight("attention", "Some events need somebody", trouble_count=1)
        account = self.seen()
        self.assertEqual(account.search([("trouble_count", ">", 0)]), account)
        action = account.action_open_troubles()
        links = self.env[action["res_model"]].with_user(self.boss).search(action["domain"])
        self.assertEqual(len(links), 1)
        self.assertIn("repetition", links.attention_text)
        self.assertFalse(links.event_title)
        self.assertEqual(links.owner_id, self.user)

        self.put(self.remote_event("Secret plan", remote_id=bad.remote_id))
        self.world.expire_cursors()
        links.action_try_again()
        self.assertLessEqual(account.next_run, fields.Datetime.now())
        self.turn()
        self.assertLight("good", "", trouble_count=0)

    # -- many accounts -----------------------------------------------------------------------------
    def test_two_hundred_accounts_cost_as_many_queries_as_two(self):
        """B-09: list and tiles together."""

        def look():
            accounts = self.seen()
            names = ["health", "health_text", "lag_text", "waiting_count", "trouble_count",
                     "errors_day", "hours_told", "last_sync", "user_id"]  # fmt: skip
            before = self.env.cr.sql_log_count
            accounts.read(names)
            accounts.health_tiles()
            return len(accounts), self.env.cr.sql_log_count - before

        self.cycle()
        self.people(1)
        look()  # what Odoo reads once only
        few, cost = look()
        self.people(198)
        look()
        many, same = look()
        self.assertEqual((few, many), (2, 200))
        self.assertLessEqual(same, cost)

    def people(self, count):
        """So many further accounts, each with a calendar, in the same company."""
        users = self.env["res.users"].with_context(no_reset_password=True, tracking_disable=True)
        logins = [f"rep{count}-{number}@corp.example" for number in range(count)]
        users = users.create([{"name": login, "login": login} for login in logins])
        [like], [place] = self.account.copy_data(), self.account.calendar_ids.copy_data()
        accounts = self.account.create(
            [
                {**like, "user_id": user.id, "email": user.login, "remote_id": user.login,
                 "status": "active", "next_run": self.account.next_run}
                for user in users
            ]
        )  # fmt: skip
        self.account.calendar_ids.create(
            [{**place, "account_id": one.id, "blocks_availability": True} for one in accounts]
        )

    def test_tiles_count_and_warn(self):
        """B-09: a number for each state; nothing is said of the workers while they come."""
        self.cycle()
        told = self.seen().health_tiles()
        counts = {tile["name"]: tile["count"] for tile in told["tiles"]}
        self.assertEqual(
            counts, {"good": 1, "attention": 0, "broken": 0, "paused": 0, "off": 0, "aside": 0}
        )
        crons = self.env.ref("calendar_sync_pro.cron_work_1")
        crons |= self.env.ref("calendar_sync_pro.cron_work_2")
        crons.lastcall = fields.Datetime.now()
        self.assertFalse(self.seen().health_tiles()["warnings"])
        crons.active = False
        [warning] = self.seen().health_tiles()["warnings"]
        self.assertTrue(warning["text"])
        self.assertEqual(warning["action"], "calendar_sync_pro.setup_guide_action")

    # -- who ---------------------------------------------------------------------------------------
    def test_each_company_and_nobody_else(self):
        """B-09: the administrator of another company sees and counts nothing; a rep can't look at
        health, nor press a button, not even for an own account."""
        self.cycle()
        self.assertFalse(self.seen(self.stranger))
        tiles = self.seen(self.stranger).health_tiles()["tiles"]
        self.assertEqual(sum(tile["count"] for tile in tiles), 0)
        own = self.seen(self.user)
        self.assertEqual(own, self.account)
        with self.assertRaises(AccessError):
            own.read(["health"])
        buttons = ("action_sync_now", "action_pause", "action_resume", "action_ask_reconnect",
                   "action_open_troubles", "action_open_figures", "health_tiles")  # fmt: skip
        for name in buttons:
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(own, name)()
            if name != "health_tiles":
                with self.subTest(name, user="stranger"), self.assertRaises(AccessError):
                    getattr(self.account.with_user(self.stranger), name)()

    # -- what is done with many -------------------------------------------------------------------
    def test_pause_says_what_it_left_alone_and_is_taken_back(self):
        """B-09: pausing two of which one runs; the undo resumes exactly that one."""
        self.people(1)
        accounts = self.seen()
        (accounts - self.account.with_user(self.boss)).sudo()._set_status("reconnect_required", "")
        told = accounts.action_pause()["params"]
        self.assertEqual(told["undo"], {"method": "action_resume", "ids": self.account.ids})
        self.assertIn("1 account left alone", told["message"])
        self.assertEqual(self.account.status, "paused")
        self.due()
        self.turn()
        self.assertLess(self.account.next_run, fields.Datetime.now(), "no worker came")
        undone = accounts.browse(told["undo"]["ids"]).action_resume()["params"]
        self.assertFalse(undone["undo"])
        self.assertEqual(self.account.status, "active")
        self.assertEqual(
            accounts.sudo().mapped("status").count("reconnect_required"), 1, "not connected by it"
        )

    def test_sync_now_makes_them_due(self):
        """B-09: and leaves those alone that can't."""
        self.people(1)
        accounts = self.seen()
        other = accounts - self.account.with_user(self.boss)
        other.sudo()._set_status("paused", "")
        later = fields.Datetime.now() + timedelta(hours=1)
        accounts.sudo().next_run = later
        accounts.action_sync_now()
        self.assertLessEqual(self.account.next_run, fields.Datetime.now())
        self.assertEqual(other.sudo().next_run, later.replace(microsecond=0))

    def test_asking_to_reconnect_is_one_message_a_day(self):
        """S0-29, S1-15: exactly the owner gets it, with a button to the page; pressing again within
        a day writes nothing, a day later it does."""
        accounts = self.seen()
        self.assertFalse(self.messages(accounts.action_ask_reconnect))
        self.account._set_status("reconnect_required", "access_revoked")
        [message] = self.messages(lambda: self.seen().action_ask_reconnect())
        self.assertEqual(message.notified_partner_ids, self.user.partner_id)
        self.assertIn("/odoo/calendar-connections", message.body)
        self.assertIn(self.user.email, message.body)
        self.assertFalse(self.messages(lambda: self.seen().action_ask_reconnect()))
        self.account.asked_at -= timedelta(hours=25)
        self.assertEqual(len(self.messages(lambda: self.seen().action_ask_reconnect())), 1)

    def test_who_has_never_connected_is_asked_to_connect(self):
        """S0-29: given an account that an administrator made for somebody, when its owner is asked,
        then nothing is said of a connection that was lost."""
        new = self.account.create(
            {"user_id": self.boss.id, "company_id": self.env.company.id, "provider": "memory"}
        )
        [message] = self.messages(lambda: new.with_user(self.boss).action_ask_reconnect())
        self.assertEqual(message.subject, "Please connect your calendar")
        self.assertIn("not connected to Odoo yet", message.body)
        self.assertNotIn("any more", message.body)

    def test_who_has_left_is_not_asked_to_reconnect(self):
        """S0-29, S1-15: an archived person's mailbox gets nothing; the answer says why."""
        self.account.with_user(self.user).disconnect()
        self.user.active = False
        done = []
        self.assertFalse(self.messages(lambda: done.append(self.seen().action_ask_reconnect())))
        self.assertIn("has left", done[0]["params"]["message"])
        self.assertFalse(self.account.asked_at)

    def messages(self, work):
        """What people are told by `work`."""
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        work()
        return self.env["mail.message"].search([("id", ">", before)])
