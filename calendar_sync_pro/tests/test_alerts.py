"""Who can mend something hears of it once, however many turns meet it, and until it is over."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..core.errors import AppMisconfigured, AuthExpired, NotFound, Unavailable
from ..models.calendar_sync_alert import NOTICE
from .pull_case import PullCase

ADMIN = "calendar_sync_pro.group_admin"


@tagged("post_install", "-at_install")
class TestAlerts(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(cls.env, "boss", groups=ADMIN, email="boss@corp.example")
        cls.app = (
            cls.env["calendar.sync.oauth.app"]
            .with_user(cls.boss)
            .sudo()
            .create(
                {"provider": "google", "name": "Our app", "client_id": "c", "client_secret": "s"}
            )
        )
        cls.account.app_id = cls.app

    def turns(self, count, error=None):
        """So many turns, each of which meets the error."""
        for _ in range(count):
            if error:
                self.world.fail("changes", error)
            self.account.next_run = fields.Datetime.now() - timedelta(minutes=1)
            self.env.flush_all()
            self.turn()
        self.env.invalidate_all()

    def notices(self, record=None):
        record = record or self.account
        return self.env["mail.activity"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id),
             ("activity_type_id", "=", self.env.ref(NOTICE).id)]
        )  # fmt: skip

    def mails(self):
        return self.env["mail.mail"].search_count([])

    def test_a_vanished_calendar_is_told_once_until_another_is_chosen(self):
        """S0-29, B-04: five turns, one message with a button to the owner, no mail; put aside it
        doesn't come back; when the calendar answers again it goes; the next loss is told anew."""
        mails = self.mails()
        self.turns(5, NotFound("gone"))
        notice = self.notices()
        self.assertEqual(notice.user_id, self.user)
        self.assertIn(self.user.email, notice.summary)
        self.assertIn("/odoo/calendar-connections", notice.note)
        self.assertIn("calendar is gone", notice.note)
        notice.unlink()
        self.turns(2, NotFound("gone"))
        self.assertFalse(self.notices(), "put aside is put aside")
        self.turns(1)
        self.turns(1, NotFound("gone"))
        self.assertEqual(len(self.notices()), 1)
        self.turns(1)
        self.assertFalse(self.notices())
        self.assertEqual(self.mails(), mails)

    def test_trouble_that_passes_is_told_to_nobody(self):
        """B-04: a provider that is away for a while is nothing to do for anybody."""
        self.turns(4, Unavailable("backendError"))
        self.assertFalse(self.notices() | self.notices(self.app))

    def test_a_lost_sign_in_is_told_once_in_the_words_of_its_cause(self):
        """S1-11, S1-13: lost twice for different reasons is one message with the last one."""
        self.turns(1, AuthExpired("password_changed"))
        self.assertIn("password", self.notices().note)
        self.account._set_status("active", "")
        self.turns(1, AuthExpired("invalid_rapt"))
        [notice] = self.notices()
        self.assertIn("security rule", notice.note)
        self.account._close_notice()
        self.assertFalse(self.notices())
        self.assertFalse(self.account.notice_code)

    def test_a_mass_deletion_asks_once(self):
        """S0-29, B-04: the question stands in one message until it is answered."""
        remotes = [self.adds(f"Demo {number}", 9, number + 2) for number in range(8)]
        self.turns(1)
        for remote in remotes:
            self.deletes(remote)
        self.turns(3)
        self.assertIn("on purpose", self.notices().summary)
        self.account.mass_keep()
        self.assertFalse(self.notices())

    def test_refused_credentials_are_told_to_one_administrator(self):
        """B-04, B-09: not to the owner, who can't help it; once for all accounts of the app; and it
        goes with the first turn that is well."""
        self.turns(3, AppMisconfigured("invalid_client"))
        self.assertFalse(self.notices())
        notice = self.notices(self.app)
        self.assertEqual(notice.user_id, self.boss)
        self.assertIn("own credentials", notice.note)
        self.turns(1)
        self.assertFalse(self.notices(self.app))

    def test_a_secret_that_ends_is_told_before(self):
        """B-09: 31 days before nothing, 30 days before one message and a line on the overview;
        a new day ends both."""
        today = fields.Date.today()

        def told():
            self.env["calendar.sync.oauth.app"]._cron_watch()
            self.env["calendar.sync.oauth.app"]._cron_watch()
            tiles = self.env["calendar.sync.account"].with_user(self.boss).health_tiles()
            lines = [one["text"] for one in tiles["warnings"] if "Our app" in one["text"]]
            return len(self.notices(self.app)), lines

        for days, count in ((31, 0), (30, 1), (-1, 1)):
            self.app.secret_expires_on = today + timedelta(days=days)
            number, lines = told()
            self.assertEqual((number, len(lines)), (count, count), days)
        self.assertIn("has ended", lines[0])
        self.app.secret_expires_on = today + timedelta(days=400)
        self.assertEqual(told(), (0, []))

    def test_a_quota_that_is_nearly_used_up_stands_on_the_overview(self):
        """B-09: from four fifths of the known daily quota."""
        self.turns(1)
        boss = self.env["calendar.sync.account"].with_user(self.boss)
        for reads, count in ((799_000, 0), (800_000, 1)):
            self.env.cr.execute("UPDATE calendar_sync_hour SET reads = %s", [reads])
            self.env.invalidate_all()
            warnings = boss.health_tiles()["warnings"]
            lines = [one["text"] for one in warnings if "Our app" in one["text"]]
            self.assertEqual(len(lines), count)
        self.assertIn("80%", lines[0])
