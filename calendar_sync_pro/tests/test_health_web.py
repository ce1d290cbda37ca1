"""The administrator's overview in the browser: from a number to the account, to the event, and what
is done with many at once."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestHealthWeb(PullCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env, "boss", groups="calendar_sync_pro.group_admin", email="boss@corp.example"
        )
        cls.lou, cls.oda, cls.ben = (
            new_test_user(
                cls.env, login, name=name, groups="base.group_user", email=f"{login}@corp.example"
            )
            for login, name in (("lou", "Lost Lou"), ("oda", "Odd Oda"), ("ben", "Ben"))
        )

    def test_the_board_from_number_to_event(self):
        """B-09, B-04, S1-15: tiles filter; asking is one message; pausing everybody is taken back;
        an event that was set aside is tried again; cards and figures."""
        lost = self._connected(self.lou)
        odd, other = self._connected(self.oda), self._connected(self.ben)
        self.adds("Secret plan", account=odd, rules=("RRULE:FREQ=SOMETIMES",))
        (self.account | odd | other).next_run = fields.Datetime.now() - timedelta(minutes=1)
        self.env.flush_all()
        with self.registry.cursor() as cr:  # of the test's transaction, as in every browser test
            self.env(cr=cr)["calendar.sync.account"]._cron_work()
        self.env.invalidate_all()
        lost._set_status("reconnect_required", "password_changed")
        self.env.flush_all()
        before = self.env["mail.message"].search([], order="id desc", limit=1).id

        self.start_tour("/odoo/calendar-accounts", "calendar_sync_pro_health_board", login="boss")
        self.env.invalidate_all()
        told = self.env["mail.message"].search(
            [("id", ">", before), ("notified_partner_ids", "!=", False)]
        )
        self.assertEqual(told.mapped("subject"), ["Please reconnect your calendar"])
        self.assertEqual(told.notified_partner_ids, self.lou.partner_id)
        self.assertEqual(lost.status, "reconnect_required")
        self.assertEqual({one.status for one in self.account | odd | other}, {"active"})
        self.assertLessEqual(odd.next_run, fields.Datetime.now(), "tried again at once")
