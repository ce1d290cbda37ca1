"""Why isn't it synced? Troubles caused on purpose, found, and mended by the button beside them."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..core.event import Privacy
from .pull_case import PullCase


class DiagnosisCase(PullCase):
    def diagnose(self, record=None, user=None):
        """What the reader is told about the account or an appointment."""
        self.save()
        self.env.invalidate_all()
        return (record or self.account).with_user(user or self.user).diagnose()

    def main(self, record=None, user=None):
        """(check, buttons) that the reader begins with; (None, []) where all is well."""
        page = self.diagnose(record, user)
        if page["main"] < 0:
            return None, []
        row = page["rows"][page["main"]]
        return row["check"], [fix["code"] for fix in row["fixes"]]

    def press(self, code, event=None, value=None, user=None):
        """The button of that name that is shown now."""
        record = event if event is not None else self.account
        rows = self.diagnose(record, user)["rows"]
        fix = next(fix for row in rows for fix in row["fixes"] if fix["code"] == code)
        value = fix["value"] if value is None else value
        return self.account.with_user(user or self.user).diagnose_fix(
            code, event.id if event else False, value
        )

    def undo(self, done, event=None):
        back = done["undo"]
        account = self.account.with_user(self.user)
        return account.diagnose_fix(back["code"], event.id if event else False, back["value"])


@tagged("post_install", "-at_install")
class TestDiagnosis(DiagnosisCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(cls.env, "boss", groups="calendar_sync_pro.group_admin")
        cls.account.calendar_ids.write({"last_read": fields.Datetime.now(), "tz": "Europe/Vienna"})
        cls.account.calendar_ids.blocks_availability = True
        cls.second = cls.account.calendar_ids.create(
            {"account_id": cls.account.id, "remote_id": "second", "name": "Second",
             "access_role": "writer", "can_write": True}
        )  # fmt: skip

    def setUp(self):
        super().setUp()
        self.mails = self.env["mail.mail"].search_count([])

    def tearDown(self):
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails, "somebody was mailed")
        super().tearDown()

    # -- the connection -----------------------------------------------------------------------
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

    # -- an appointment -----------------------------------------------------------------------
    def test_an_appointment_without_me_takes_me_in(self):
        """B-04, S2-57: not a participant; added without a mail, and it goes out."""
        event = self.book("Of others", partner_ids=[Command.clear()])
        self.turn()
        self.assertEqual(self.main(event), ("participants", ["add_me"]))
        done = self.press("add_me", event)
        self.turn()
        self.assertEqual(self.main(event), (None, []))
        self.assertIn("Of others", self.remote())
        self.undo(done, event)
        self.assertNotIn(self.user.partner_id, event.partner_ids)

    def test_settings_and_window_keep_it_out(self):
        """B-04: only leads go out; older or further than the synced days."""
        self.account.company_id.sync_export_policy = "leads"
        event = self.book("Without a lead")
        self.turn()
        self.assertEqual(self.main(event), ("choice", ["send_everything"]))
        done = self.press("send_everything", event)
        self.turn()
        self.assertIn("Without a lead", self.remote())
        self.undo(done)
        self.assertEqual(self.account.export_policy, False)
        self.account.company_id.sync_export_policy = "everything"
        far = self.book("Next year", days=300)
        self.turn()
        self.assertEqual(self.main(far), ("window", ["more_days"]))
        done = self.press("more_days", far)
        self.turn()
        self.assertIn("Next year", self.remote())
        self.assertEqual(self.main(far), (None, []))
        self.undo(done)
        self.assertFalse(self.account.has_own_window)
        self.assertIn("Next year", self.remote())
        other = self.book("In the year after", days=600)
        self.turn()
        self.account.company_id.sync_allow_override = False
        self.account.company_id.sync_export_policy = "nothing"
        self.assertEqual(self.main(other), ("choice", ["copy"]))
        self.account.company_id.sync_export_policy = "everything"
        self.assertEqual(self.main(other), ("window", ["copy"]))
        with self.assertRaises(UserError):
            self.account.with_user(self.user).diagnose_fix("more_days", other.id, 700)

    def test_overlooked_is_sent_by_the_button(self):
        """B-04: nothing speaks against it, no mark is there (restored from a backup)."""
        event = self.book("Overlooked")
        self.marks().unlink()
        self.assertEqual(self.main(event), ("standing", ["send_now"]))
        self.press("send_now", event)
        self.turn()
        self.assertEqual(list(self.remote()), ["Overlooked"])
        self.assertEqual(self.main(event), (None, []))

    def test_cancelled_is_planned_again_and_back(self):
        """S2-14: it is in no calendar because it does not take place."""
        event = self.book("Off")
        event._cancel_appointment("Ill")
        self.turn()
        self.assertEqual(self.main(event), ("still_on", ["plan_again"]))
        done = self.press("plan_again", event)
        self.assertTrue(event.active)
        self.undo(done, event)
        self.assertEqual((event.active, event.cancel_reason), (False, "Ill"))

    def test_set_aside_says_why_and_is_tried_again_at_once(self):
        """S1-09, B-04: corrected in the calendar, one click, and it is in."""
        remote = self.adds("Broken", rules=("RRULE:FREQ=SECONDLY",))
        self.pull()
        link = self.link(remote)
        self.assertEqual(link.state, "quarantined")
        self.assertEqual(self.main(), ("set_aside", ["show"]))
        day = self.at(0).date().isoformat()
        self.world.put(self.account.email, self.remote_event("Broken"))
        account = self.account.with_user(self.user)
        with self.committing() as env:
            (row,) = account.with_env(env(user=self.user.id)).diagnose_day(day)["rows"]
        self.assertEqual([fix["code"] for fix in row["fixes"]], ["retry"])
        account.diagnose_fix("retry", False, row["link_id"])
        self.turn()
        self.assertEqual(len(self.events("Broken")), 1)
        self.assertEqual(self.main(), (None, []))

    def test_a_refused_change_is_given_up_for_the_calendars_version(self):
        """B-04: taken from the calendar, kept in the journal, restorable."""
        remote = self.adds("Theirs", can_edit=False, is_organizer=False)
        self.pull()
        event = self.event("Theirs")
        event.with_user(self.user).name = "Mine"
        self.turn()
        self.assertEqual(self.main(event), ("standing", ["take_theirs"]))
        self.press("take_theirs", event)
        self.turn()
        self.assertEqual(event.name, "Theirs")
        self.assertEqual(self.main(event), (None, []))
        there = self.world.calendars[self.account.email][remote.remote_id].event
        self.assertEqual(there.fields.title, "Theirs")
        kept = self.env["calendar.sync.journal"].search([("event_id", "=", event.id)])
        self.assertIn("Mine", [(row.old or {}).get("title") for row in kept])

    def test_an_appointment_on_its_way_is_given_a_moment(self):
        """S1-10: seconds are no trouble; a quarter of an hour is."""
        event = self.book("Fresh")
        page = self.diagnose(event)
        self.assertEqual(page["main"], -1)
        self.env["calendar.sync.mark"].search([]).marked_at = fields.Datetime.now() - timedelta(
            hours=1
        )
        self.assertEqual(self.main(event), ("standing", ["sync_now"]))

    def test_who_has_no_calendar_is_led_to_connecting_one(self):
        """S2-56: no error; a button."""
        eve = new_test_user(self.env, "eve", groups="base.group_user")
        event = self.book("Demo", partner_ids=[Command.set((eve | self.user).partner_id.ids)])
        self.assertEqual(self.main(event, eve), ("connection", ["connect"]))
        opened = self.env["calendar.sync.fix"].with_user(eve).open_of("connect")
        self.assertEqual(opened["tag"], "calendar_sync_pro.connections")

    # -- the calendar is asked ----------------------------------------------------------------
    def ask(self, method, *args):
        with self.committing() as env:
            return getattr(self.account.with_env(env(user=self.user.id)), method)(*args)

    def test_asked_it_says_whether_the_appointment_is_there(self):
        """S2-57: there, deleted there, or no answer; only read, and nobody is told."""
        event = self.book("Demo")
        self.turn()
        page = self.ask("diagnose_ask", event.id)
        self.assertEqual((page["rows"][-1]["check"], page["main"]), ("asked", -1))
        self.deletes(self.remote()["Demo"])
        page = self.ask("diagnose_ask", event.id)
        self.assertIn("was deleted", page["rows"][page["main"]]["text"])
        self.assertTrue(event.active)

    def test_the_entries_of_a_day_say_why_they_are_not_in_odoo(self):
        """S1-35, B-04: internal, alone, private; times only, also for what is there."""
        ben = self.GUEST.__class__("ben@corp.example", "Ben")
        self.adds("Team secret", 8, fields={"attendees": (ben,)})
        self.adds("Alone secret", 10, fields={"attendees": ()})
        self.adds("Private secret", 12, fields={"privacy": Privacy.PRIVATE})
        self.adds("With Carla", 14)
        self.pull()
        found = self.ask("diagnose_day", self.at(0).date().isoformat())
        texts = [row["text"] for row in found["rows"]]
        self.assertEqual(len(texts), 4)
        parts = ("company", "no participants", "private", "in Odoo")
        for part, text in zip(parts, texts, strict=True):
            self.assertIn(part, text)
        self.assertNotIn("secret", str(found))
        self.assertNotIn("Carla", str(found))
        self.assertEqual(found["rows"][3]["event_id"], self.event("With Carla").id)
        fixes = [fix["code"] for fix in found["rows"][0]["fixes"]]
        self.assertEqual(fixes, ["bring_everything"])

    def test_bring_everything_brings_what_was_kept_out(self):
        """B-04: the choice counts for what stands there already, and is taken back by a click."""
        self.adds("Alone", fields={"attendees": ()})
        self.pull()
        self.assertFalse(self.events("Alone"))
        done = self.account.with_user(self.user).diagnose_fix("bring_everything")
        self.turn()
        self.assertEqual(len(self.events("Alone")), 1)
        self.undo(done)
        self.assertFalse(self.account.import_policy)

    def test_an_account_for_availability_only_is_asked_for_times_alone(self):
        """S1-35: no list, no entry: there is nothing of a day to look at."""
        self.account.write({"purpose": "busy_only"})
        self.assertFalse(self.diagnose()["can_look"])
        with self.assertRaises(UserError):
            self.ask("diagnose_day", "2027-03-01")

    def test_why_a_time_is_offered_looks_at_connection_calendar_and_zones(self):
        """S2-55, S0-32: beside hours and busy events; three steps, nothing personal; from there
        the person's own checks are a click away."""
        calendar = self.env["booking.calendar"].create(
            {"name": "Demos", "tz": "America/New_York",
             "member_ids": [Command.create({"user_id": self.user.id})]}
        )  # fmt: skip
        wizard = self.env["booking.why"].create({"calendar_id": calendar.id})
        self.assertIn("The calendar is connected.", wizard.answer)
        self.assertIn("Calendars that count: 1.", wizard.answer)
        self.assertIn("the booking calendar in America/New_York", wizard.answer)
        self.assertIn("Working hours", wizard.answer)
        self.assertNotIn(self.account.email, wizard.answer)
        self.account._set_status("reconnect_required", "password_changed")
        self.account.calendar_ids.blocks_availability = False
        wizard.invalidate_recordset()
        self.assertIn("not connected right now", wizard.answer)
        self.assertIn("No calendar is ticked", wizard.answer)
        self.assertNotIn("password", wizard.answer)
        mine = self.env["booking.why"].with_user(self.user).new({"calendar_id": calendar.id})
        self.assertEqual(mine.action_diagnose()["params"]["id"], self.account.id)

    # -- rights, cost and what is copied --------------------------------------------------------
    def test_only_the_owner_and_administrators_are_told(self):
        """S0-33: a colleague, a portal user and the public get nothing; an administrator mends."""
        ben = new_test_user(self.env, "ben2", groups="base.group_user")
        portal = new_test_user(self.env, "visitor", groups="base.group_portal")
        event = self.book("Demo", partner_ids=[
            Command.set((self.user.partner_id | portal.partner_id).ids)
        ])  # fmt: skip
        self.turn()
        public = self.env.ref("base.public_user")
        for user in (ben, portal, public):
            account = self.account.with_user(user)
            calls = [
                account.diagnose, account.diagnose_ask, account.action_diagnose,
                lambda account=account: account.diagnose_day("2027-03-01"),
                lambda account=account: account.diagnose_fix("switch_off"),
            ]  # fmt: skip
            for call in calls:
                self.env.invalidate_all()
                self.assertRaises(AccessError, call)
        for user in (portal, public):
            self.env.invalidate_all()
            self.assertRaises(AccessError, event.with_user(user).diagnose)
        self.assertEqual(self.diagnose(event, ben)["account_id"], False)
        self.assertTrue(self.account.is_sync_on)
        self.assertEqual(self.diagnose(event, self.boss)["account_id"], self.account.id)

    def test_an_unknown_button_does_nothing(self):
        """B-04: only what the diagnosis offers can be pressed."""
        account = self.account.with_user(self.user)
        self.assertRaises(UserError, account.diagnose_fix, "unlink")
        self.assertRaises(UserError, self.env["calendar.sync.fix"].open_of, "unlink")

    def test_it_costs_the_same_for_few_and_for_many(self):
        """B-04: no query per appointment, calendar or link."""
        costs = []
        for number in range(3):
            for _time in range(1 + 8 * number):
                self.book(f"Demo {number} {_time}", days=1 + number)
            self.turn()
            self.save()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.account.with_user(self.user).diagnose()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2])

    def test_what_is_copied_holds_ids_causes_and_times_and_nothing_that_a_person_wrote(self):
        """S1-35: canaries in every place from which something could get in."""
        canary = "CANARY"
        guest = self.env["res.partner"].create(
            {"name": f"{canary} guest", "email": f"{canary}@guest.example"}
        )
        event = self.book(
            f"{canary} title", location=f"{canary} place", description=f"{canary} text",
            partner_ids=[Command.set((self.user.partner_id | guest).ids)],
        )  # fmt: skip
        self.turn()
        event.with_user(self.user).name = f"{canary} other"
        self.save()
        link = event.sudo().sync_meeting_id.link_ids
        link.write({"state": "quarantined", "problem_code": "malformed"})
        self.account.events_calendar_id.name = f"{canary} calendar"
        self.account.write(
            {"credentials_encrypted": f"{canary} token", "email": "ann.b@corp.example"}
        )
        self.account._set_status("reconnect_required", "password_changed")
        for record in (event, self.account):
            text = self.diagnose(record)["text"]
            self.assertNotIn(canary, text)
            self.assertNotIn("ann.b", text)
            self.assertNotIn("Ann", text)
            self.assertIn("…@corp.example", text)
            self.assertIn(f"Account {self.account.id} ", text)
            self.assertIn("password_changed", text)
            self.assertIn(str(self.account.last_sync), text)
            self.assertIn("Odoo 19", text)
        text = self.diagnose(event)["text"]
        self.assertIn(f"Appointment {event.id}", text)
        self.assertIn(f"Link {link.id}: quarantined, problem malformed", text)
        self.assertIn("new_local", text)
