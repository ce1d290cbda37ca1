"""Why isn't it synced? Troubles of a connection, caused on purpose, found, and mended by the button
beside them."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .diagnosis_case import WellConnectedCase


@tagged("post_install", "-at_install")
class TestDiagnosis(WellConnectedCase):
    def test_a_well_connection_and_its_appointment_have_nothing_in_the_way(self):
        """S0-28, S2-57: all is said, and the appointment is found in the calendar."""
        event = self.book("Demo")
        self.turn()
        self.assertEqual(self.main(), (None, []))
        page = self.diagnose(event)
        self.assertEqual(page["main"], -1)
        standing = next(row for row in page["rows"] if row["check"] == "standing")
        self.assertIn(f"“{self.account.email}”", standing["text"])

    def test_the_toggle_the_calendar_and_the_wrong_calendar_are_mended_by_their_buttons(self):
        """S0-28, S0-31: off → on; the chosen one is gone → another; each can be undone."""
        self.account.is_sync_on = False
        self.assertEqual(self.main(), ("toggle", ["switch_on"]))
        done = self.press("switch_on")
        self.assertTrue(self.account.is_sync_on)
        self.undo(done)
        self.assertFalse(self.account.is_sync_on)
        self.press("switch_on")
        chosen = self.account.events_calendar_id
        chosen.is_missing = True
        self.assertEqual(self.main(), ("calendar", ["choose"]))
        self.press("choose", value=self.second.id)
        self.assertEqual(self.account.events_calendar_id, self.second)
        self.assertNotEqual(self.main()[0], "calendar")
        chosen.is_missing = False
        done = self.press("choose", value=chosen.id)
        self.undo(done)
        self.assertEqual(self.account.events_calendar_id, self.second)

    def test_a_read_only_calendar_has_no_write_permission(self):
        """S2-57: a reader's calendar can't be chosen; refreshing is the way."""
        self.second.write({"can_write": False, "access_role": "reader"})
        self.account.events_calendar_id.is_events = False
        (self.account.calendar_ids - self.second).write(
            {"can_write": False, "access_role": "reader"}
        )
        self.env.invalidate_all()
        page = self.diagnose()
        row = page["rows"][page["main"]]
        self.assertEqual((row["check"], row["fixes"][0]["code"]), ("calendar", "refresh"))
        self.assertIn("no write permission", row["text"])

    def test_every_cause_of_a_lost_connection_has_its_sentence(self):
        """S1-11, S1-12, S1-13: and the owner signs in again right there; nobody else can."""
        texts = set()
        for code in ("password_changed", "policy_changed", "access_revoked", "missing_scope"):
            self.account._set_status("reconnect_required", code)
            self.assertEqual(self.main(), ("connection", ["reconnect"]))
            page = self.diagnose()
            texts.add(page["rows"][0]["text"])
            self.assertEqual(page["sign_in"]["card"]["id"], self.account.id)
        self.assertEqual(len(texts), 4)
        seen = self.diagnose(user=self.boss)
        self.assertFalse(seen["sign_in"])
        self.assertEqual(self.main(user=self.boss), ("connection", ["copy"]))

    def test_long_without_a_sign_in_is_among_the_causes(self):
        """S1-14: the provider tells no more than that the grant is not accepted."""
        self.account._set_status("reconnect_required", "access_revoked")
        self.assertIn("not used for a long time", self.diagnose()["rows"][0]["text"])

    def test_paused_by_an_administrator_is_resumed_by_one(self):
        """B-04: the rep gets something to hand on, the administrator the button."""
        self.account.with_user(self.boss).pause()
        self.assertEqual(self.main(), ("connection", ["copy"]))
        with self.assertRaises(AccessError):
            self.account.with_user(self.user).diagnose_fix("resume")
        self.press("resume", user=self.boss)
        self.assertEqual(self.account.status, "active")

    def test_dead_crons_are_noticed_and_switched_on(self):
        """B-04: by an administrator; a rep can't."""
        crons = self.env["ir.cron"].search([("cron_name", "like", "Calendar sync: worker")])
        crons.active = False
        self.assertEqual(self.main(), ("worker", ["copy"]))
        with self.assertRaises(AccessError):
            self.account.with_user(self.user).diagnose_fix("switch_cron_on")
        self.press("switch_cron_on", user=self.boss)
        self.assertEqual(crons.mapped("active"), [True, True])
        crons[0].active = False
        self.assertEqual(self.main(user=self.boss), ("worker", ["switch_cron_on"]))
        self.press("switch_cron_on", user=self.boss)
        self.account.next_run = fields.Datetime.now() - timedelta(hours=1)
        self.assertEqual(self.main(), ("worker", ["sync_now", "copy"]))

    def test_throttled_says_until_when(self):
        """S1-10, B-04: no button that would only be refused again."""
        until = fields.Datetime.now() + timedelta(minutes=20)
        self.account.write({"failures": 1, "reason_code": "rate_limited", "next_run": until})
        page = self.diagnose()
        row = page["rows"][page["main"]]
        self.assertEqual((row["check"], row["fixes"][0]["code"]), ("service", "again"))
        local = fields.Datetime.context_timestamp(self.account.with_user(self.user), until)
        self.assertIn(local.strftime("%M"), row["text"])
        self.account.write({"failures": 0, "reason_code": False, "slowed_until": until})
        self.account.next_run = fields.Datetime.now() - timedelta(hours=1)
        self.assertEqual(self.main(), ("service", ["again"]))

    def test_time_zones_are_made_alike_with_one_click_and_nothing_moves(self):
        """S2-58: the warning, the click, the undo; the appointment stays at its moment."""
        event = self.book("Demo")
        self.turn()
        start = event.start
        self.user.tz = "America/New_York"
        self.assertEqual(self.main(), ("zones", ["set_zone"]))
        self.assertEqual(self.main(event), ("zones", ["set_zone"]))
        done = self.press("set_zone")
        self.assertEqual(self.user.tz, "Europe/Vienna")
        self.assertEqual(self.main(), (None, []))
        self.assertEqual((event.start, self.marks()), (start, self.marks().browse()))
        self.undo(done)
        self.assertEqual(self.user.tz, "America/New_York")

    def test_one_calendar_by_two_connections_is_counted_once(self):
        """S1-08: the owner's second account reads the same one; it stops blocking, undoably."""
        other = self.account.create(
            {"user_id": self.user.id, "company_id": self.env.company.id, "provider": "memory",
             "remote_id": "other", "email": "ann@other.example", "status": "active"}
        )  # fmt: skip
        twin = self.second.create(
            {"account_id": other.id, "remote_id": "second", "name": "Second",
             "access_role": "reader", "can_write": False, "blocks_availability": True}
        )  # fmt: skip
        self.assertEqual(self.main()[0], None)
        self.second.blocks_availability = True
        self.second.last_read = fields.Datetime.now()
        self.assertEqual(self.main(), ("shared", ["count_once"]))
        done = self.press("count_once")
        self.assertEqual((self.second.blocks_availability, twin.blocks_availability), (False, True))
        self.undo(done)
        self.assertTrue(self.second.blocks_availability)

    def test_a_calendar_that_a_colleague_syncs_too_is_told(self):
        """S1-08: what both book stands in one calendar; another one can be chosen."""
        ben = new_test_user(self.env, "ben", name="Ben", email="ben@corp.example")
        account = self._connected(ben)
        account.calendar_ids.remote_id = self.account.events_calendar_id.remote_id
        self.assertEqual(self.main(), ("shared", ["choose", "connections"]))
        page = self.diagnose()
        self.assertIn("Ben", page["rows"][page["main"]]["text"])

    def test_duplicates_are_found_and_lead_to_merging(self):
        """S1-09: two of the same; the button opens what merges them."""
        self.book("Demo")
        self.assertNotEqual(self.main()[0], "duplicates")
        self.book("Demo")
        self.turn()
        self.assertEqual(self.main(), ("duplicates", ["merge"]))
        opened = self.env["calendar.sync.fix"].with_user(self.user).open_of("merge")
        self.assertEqual(opened["res_model"], "calendar.sync.merge")
