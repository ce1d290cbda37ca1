"""One's own data in the browser: what was asked of the calendar, what is kept, and erasing it."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .push_case import PushCase


@tagged("post_install", "-at_install")
class TestPrivacyWeb(PushCase, HttpCase):
    def there(self):
        return [one.event for one in self.world.calendars["ann@corp.example"].values() if one.event]

    def test_one_takes_ones_data_along_and_erases_it(self):
        """D-12, B-12: the ledger shows hours and no titles; the dialog says what will happen before
        it does; the calendar itself stays as it is, and nobody is told."""
        own, shared = self.book("Salary talk"), self.book("With the boss", 14)
        shared.partner_ids += self.env.ref("base.user_admin").partner_id
        self.account.next_run = fields.Datetime.now() - timedelta(minutes=1)
        self.env.flush_all()
        with self.registry.cursor() as cr:  # of the test's transaction, as in every browser test
            self.env(cr=cr)["calendar.sync.account"]._cron_work()
        self.env.invalidate_all()
        there = self.there()
        self.assertEqual(len(there), 2)
        mails = self.env["mail.mail"].search_count([])

        self.start_tour(
            "/odoo/my-calendar-requests", "calendar_sync_pro_personal_data", login="ann"
        )
        self.env.invalidate_all()
        self.assertFalse(self.account.exists())
        for model in ("link", "journal", "hour", "calendar"):
            self.assertFalse(self.env[f"calendar.sync.{model}"].search([]), model)
        self.assertFalse(own.exists())
        self.assertTrue(shared.exists().active, "a colleague attends it")
        self.assertEqual(self.there(), there)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
