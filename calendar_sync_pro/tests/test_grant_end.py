"""A permission that was given for some days only: its owner hears of the end before, once."""

from datetime import UTC, datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from ..core.errors import Unavailable
from ..models.calendar_sync_alert import NOTICE
from ..providers import port
from .diagnosis_case import WellConnectedCase
from .push_case import WORLD

WEEK = timedelta(days=7)


class ForAWeek:
    """A sign-in whose refreshes say that the grant ends, as `ends_at` has it."""

    default_endpoints = port.Endpoints()
    ends_at = None

    def permissions(self, purpose):
        return ()

    def revoke(self, app, grant):
        return True

    def refresh(self, app, grant):
        return port.Grant(grant.access_token, "r2", ends_at=self.ends_at or grant.ends_at)


SIGN_IN = ForAWeek()


def _open(app, grant, *, timeout_s=20.0):
    return WORLD["world"].account(grant.access_token)


port.register(port.Registration("for_a_week", "For a week", SIGN_IN, _open))


@tagged("post_install", "-at_install")
class TestGrantEnd(WellConnectedCase):
    def setUp(self):
        super().setUp()
        SIGN_IN.ends_at = None
        self.account.provider = "for_a_week"
        self.signs_in(WEEK)

    def signs_in(self, life):
        """The owner allows access, for so long (None: for good)."""
        ends_at = datetime.now(UTC) + life if life else None
        email = self.account.email
        self.account._store_grant(
            port.Grant(email, "r1", datetime.now(UTC) + timedelta(hours=1), ends_at=ends_at)
        )
        self.account._close_notice()

    def days_pass(self, days):
        """What was to come moves nearer."""
        for name in ("grant_ends_at", "grant_warn_at"):
            self.account[name] -= timedelta(days=days)

    def cycle(self, error=None):
        """One turn of a worker."""
        if error:
            self.world.fail("changes", error)
        self.account.next_run = fields.Datetime.now() - timedelta(minutes=1)
        self.turn()
        self.env.flush_all()
        self.env.invalidate_all()

    def notices(self):
        kind = self.env.ref(NOTICE)
        return self.account.activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def card(self):
        page = self.account.with_user(self.user).connections_page()
        return next(card for card in page["accounts"] if card["id"] == self.account.id)

    def light(self):
        return self.account.with_user(self.boss).health

    def test_nobody_is_warned_while_there_is_time(self):
        """S1-14: five of seven days: the card says until when, and nothing else happens."""
        self.days_pass(5)
        self.cycle()
        self.assertFalse(self.notices())
        card = self.card()
        self.assertFalse(card["problem"])
        self.assertEqual(card["grant_ends_at"], f"{self.account.grant_ends_at.isoformat()}Z")
        self.assertEqual((self.light(), self.main()), ("good", (None, [])))

    def test_the_owner_is_warned_once_and_a_new_sign_in_ends_it(self):
        """S1-14, S0-29: one message with a button however many turns come, none by mail; put aside
        it stays away, also after an outage; card, diagnosis and overview say it until the owner has
        signed in again."""
        self.days_pass(6)
        self.cycle()
        self.cycle()
        [notice] = self.notices()
        self.assertEqual(notice.user_id, self.user)
        self.assertIn("Reconnect", notice.summary)
        self.assertIn("For a week lets Odoo in only until", notice.note)
        self.assertIn("/odoo/calendar-connections", notice.note)
        problem = self.card()["problem"]
        self.assertEqual((problem["level"], problem["button"]), ("warning", "reconnect"))
        self.assertEqual((self.light(), self.main()), ("attention", ("grant", ["reconnect"])))
        accounts = self.env["calendar.sync.account"].with_user(self.boss)
        self.assertEqual(accounts.search([("health", "=", "attention")]), self.account)
        notice.unlink()
        self.cycle(Unavailable("backendError"))
        self.cycle()
        self.cycle()
        self.assertFalse(self.notices(), "put aside is put aside")
        self.signs_in(WEEK)
        self.cycle()
        self.assertFalse(self.card()["problem"])
        self.assertEqual((self.light(), self.main()), ("good", (None, [])))
        self.days_pass(6)
        self.cycle()
        self.assertEqual(len(self.notices()), 1, "the next end is told anew")
        self.signs_in(None)
        self.cycle()
        self.assertFalse(self.notices() or self.account.grant_ends_at or self.account.grant_warn_at)

    def test_what_is_worse_is_told_first(self):
        """S1-14, B-04: who has to choose a calendar is not asked to reconnect in the same message;
        when that is over, the end of the permission has its turn."""
        self.account.events_calendar_id.is_missing = True
        self.account._mind_calendar()
        self.days_pass(6)
        self.cycle()
        [notice] = self.notices()
        self.assertNotIn("lets Odoo in only", notice.note)
        self.account.events_calendar_id.is_missing = False
        self.account._mind_calendar()
        self.cycle()
        self.assertIn("lets Odoo in only", self.notices().note)

    def test_a_refresh_may_tell_of_the_end(self):
        """S1-14: an end that is told only now counts from now; the same end told again moves
        nothing, and disconnecting forgets it."""
        self.signs_in(None)
        account, told = self.account, []
        for minutes in (0, 1):
            SIGN_IN.ends_at = datetime.now(UTC) + WEEK + timedelta(minutes=minutes)
            with self.committing() as env:
                env[account._name].browse(account.id)._refresh_now()
            self.env.invalidate_all()
            told.append((account.grant_ends_at, account.grant_warn_at))
        self.assertEqual(*told)
        self.assertAlmostEqual(
            (account.grant_ends_at - account.grant_warn_at) / WEEK, 0.25, delta=0.01
        )
        account._forget_grants()
        self.assertFalse(account.grant_ends_at or account.grant_warn_at)
