"""People who leave: nothing happens in their name any more, and nothing is lost."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .push_case import PushCase


@tagged("post_install", "-at_install")
class TestLeaving(PushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env, "boss", groups="base.group_user,calendar_sync_pro.group_admin"
        )

    def setUp(self):
        super().setUp()
        self.event = self.book("Agreed")
        self.turn()
        self.assertIn("Agreed", self.remote())

    def leave(self, **values):
        self.user.with_user(self.boss).sudo().write(values or {"active": False})
        self.env.invalidate_all()

    def come_back(self):
        self.user.with_user(self.boss).sudo().active = True
        self.env.invalidate_all()

    def notices(self):
        domain = [("res_model", "=", "calendar.sync.account"), ("res_id", "=", self.account.id)]
        return self.env["mail.activity"].search(domain)

    def test_nothing_is_sent_or_read_for_somebody_who_is_archived(self):
        """S0-33: what colleagues do with the appointments stays in Odoo."""
        self.leave()
        self.event.name = "Renamed by a colleague"
        self.account.sudo().next_run = self.tomorrow(days=-1)
        self.turn()
        self.assertEqual(list(self.remote()), ["Agreed"])
        self.assertEqual((self.account.status, self.account.reason_code), ("paused", "owner_left"))
        self.assertTrue(self.event.exists().active)

    def test_an_administrator_is_told_once_and_the_owner_not(self):
        """S0-33: with what there is to do; back again, the notice is gone."""
        self.leave()
        self.leave(active=False)
        notice = self.notices()
        self.assertEqual(notice.user_id, self.boss)
        self.assertIn("Hand over", str(notice.note))
        self.come_back()
        self.assertFalse(self.notices())

    def test_who_comes_back_goes_on_where_it_stopped(self):
        """S0-30: what waited is sent, once, and nothing twice."""
        self.leave()
        self.event.name = "Renamed meanwhile"
        self.turn()
        self.come_back()
        self.assertEqual((self.account.status, self.account.reason_code), ("active", False))
        self.turn()
        self.assertEqual([one.fields.title for one in self.remotes()], ["Renamed meanwhile"])

    def test_who_becomes_a_portal_user_has_left_too(self):
        """D-04: portal users have no calendars here."""
        self.leave(group_ids=[(6, 0, self.env.ref("base.group_portal").ids)])
        self.assertEqual(self.account.status, "paused")

    def test_who_is_taken_off_a_group_has_left_too(self):
        """D-04, S0-33: given a user who is internal by a group, when that is taken away in the form
        of the group, or the group no longer makes internal, then the calendar is paused; back on
        it, it goes on. Whoever stays internal is left alone."""
        internal = self.env.ref("base.group_user")
        ours = self.env["res.groups"].create({"name": "Ours", "implied_ids": internal.ids})
        self.boss.group_ids += ours
        colleague = self._connected(self.boss)
        self.user.group_ids = ours
        for values, back in (
            ({"user_ids": [(3, self.user.id)]}, {"user_ids": [(4, self.user.id)]}),
            ({"implied_ids": [(5,)]}, {"implied_ids": [(4, internal.id)]}),
        ):
            ours.write(values)
            self.assertEqual(self.account.status, "paused", values)
            self.assertEqual(len(self.notices()), 1)
            ours.write(back)
            self.assertEqual((self.account.status, self.account.reason_code), ("active", False))
            self.assertFalse(self.notices())
            self.assertEqual(colleague.status, "active")
        ours.unlink()
        self.assertEqual((self.account.status, colleague.status), ("paused", "active"))

    def test_the_connection_of_somebody_who_left_is_not_resumed(self):
        """S0-33: an administrator can't bring it about by accident."""
        self.leave()
        with self.assertRaisesRegex(UserError, "has left"):
            self.account.with_user(self.boss).resume()
        self.assertEqual(self.account.status, "paused")

    def test_what_an_administrator_paused_stays_paused(self):
        """S0-33: leaving and coming back changes nothing about that."""
        self.account.with_user(self.boss).pause()
        self.leave()
        self.come_back()
        self.assertEqual(self.account.status, "paused")

    def test_deleting_a_user_takes_the_connection_along_and_keeps_the_appointments(self):
        """S0-14: the calendar is left as it is; Odoo keeps what was agreed with customers."""
        account, event = self.account, self.event.with_env(self.env)
        calendars = account.calendar_ids
        event.user_id = self.boss
        self.save()
        self.user.unlink()
        self.turn()
        self.assertFalse(account.exists() or calendars.exists())
        self.assertTrue(event.exists().active)
        self.assertIn("Agreed", {e.event.fields.title for e in self.there.values() if e.event})

    @property
    def there(self):
        return self.world.calendars["ann@corp.example"]
