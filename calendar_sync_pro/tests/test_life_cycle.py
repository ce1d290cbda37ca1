"""Copied, upgraded, uninstalled: what becomes of people's calendars."""

import runpy
from pathlib import Path

from odoo import fields
from odoo.modules.neutralize import neutralize_database
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .push_case import WORLD, PushCase

MIGRATIONS = Path(__file__).parents[1] / "migrations"


class Watching:
    """How often providers were opened, and what a calendar shows."""

    def setUp(self):
        super().setUp()
        self.event = self.book("Agreed")
        self.turn()
        self.opened = WORLD["opened"]
        self.before = self.remotes()
        self.assertEqual(len(self.before), 1)

    def make_due(self):
        """As a copy wakes up much later: everything would be due."""
        self.env["calendar.sync.account"].search([]).next_run = self.tomorrow(days=-1)

    def channel(self):
        """The calendar tells Odoo of changes."""
        return self.env["calendar.sync.channel"].create(
            {
                "account_id": self.account.id,
                "calendar_id": self.account.events_calendar_id.id,
                "key": "k",
                "secret_hash": "h",
                "state": "working",
                "remote_id": "r",
            }
        )


@tagged("post_install", "-at_install")
class TestCopiedDatabase(Watching, PushCase):
    def neutralize(self):
        """What `odoo neutralize` does with the copy."""
        self.env["calendar.sync.oauth.app"].create(
            {"provider": "google", "client_id": "id", "client_secret": "s"}
        )
        self.channel()
        self.event.name = "Edited just before the copy was made"
        self.save()
        self.env.flush_all()
        neutralize_database(self.env.cr)
        self.env.invalidate_all()

    def test_a_neutralized_copy_reaches_no_calendar(self):
        """D-05: neither what waited when it was copied, nor what is edited in it, nor a reading."""
        self.neutralize()
        self.event.name = "Tried out in the copy"
        self.make_due()
        self.turn()
        self.book("Booked in the copy")
        self.turn()
        self.assertEqual(WORLD["opened"], self.opened)
        self.assertEqual(self.remotes(), self.before)

    def test_a_neutralized_copy_keeps_no_secret_and_no_channel(self):
        """S0-33: whatever field is encrypted, whatever a calendar would call."""
        self.neutralize()
        for table, column in self.env["calendar.sync.key"]._places():
            with self.subTest(f"{table}.{column}"):
                self.env.cr.execute(f"SELECT 1 FROM {table} WHERE {column} IS NOT NULL")
                self.assertFalse(self.env.cr.fetchall())
        for model in ("channel", "consent", "mark"):
            self.assertFalse(self.env[f"calendar.sync.{model}"].search([]), model)
        self.assertTrue(self.event.exists().active)


@tagged("post_install", "-at_install")
class TestUninstalled(Watching, PushCase):
    def test_events_stay_on_both_sides_and_the_access_goes(self):
        """D-05: tokens and channels are forgotten, nothing is removed, nobody is mailed."""
        mails = self.env["mail.mail"].search_count([])
        self.channel()
        uninstall_hook(self.env)
        self.env.flush_all()
        self.assertFalse(self.account.sudo().credentials_encrypted)
        self.assertFalse(self.env["calendar.sync.channel"].search([]))
        self.assertEqual(self.remotes(), self.before)
        self.assertTrue(self.event.exists().active)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_the_dialog_says_what_stays_and_offers_to_take_it_out(self):
        """D-05: before it is too late for a clean-up."""
        addons = self.env["ir.module.module"]
        dialogs = self.env["base.module.uninstall"]
        ours = addons.search([("name", "=", "calendar_sync_pro")])
        dialog = dialogs.create({"module_ids": [(6, 0, ours.ids)]})
        self.assertEqual((dialog.calendar_sync_people, dialog.calendar_sync_events), (1, 1))
        self.assertFalse(dialogs.new({}).calendar_sync_people)
        action = self.env.ref("calendar_sync_pro.calendar_sync_account_action")
        self.assertIn(f'name="{action.id}"', dialog.get_view()["arch"])


@tagged("post_install", "-at_install")
class TestUpgraded(Watching, PushCase):
    def test_people_who_had_left_before_are_paused(self):
        """S0-33: until 19.0.1.0.0 their calendars were still synced."""
        # As the former version left it.
        self.env.cr.execute("UPDATE res_users SET active = false WHERE id = %s", [self.user.id])
        self.env.invalidate_all()
        self.assertEqual(self.account.status, "active")
        script = MIGRATIONS / "19.0.1.1.0" / "post-people_who_left.py"
        runpy.run_path(str(script))["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual((self.account.status, self.account.reason_code), ("paused", "owner_left"))
        self.event.name = "Renamed by a colleague"
        self.make_due()
        self.turn()
        self.assertEqual(self.remotes(), self.before)

    def test_an_upgrade_leaves_people_who_are_here_alone(self):
        """S0-30: nothing is paused, nothing is read anew."""
        last = fields.Datetime.now()
        self.account.sudo().last_sync = last
        script = MIGRATIONS / "19.0.1.1.0" / "post-people_who_left.py"
        runpy.run_path(str(script))["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual((self.account.status, self.account.last_sync), ("active", last))
