"""Why isn't this appointment in my calendar, and why isn't that entry in Odoo?"""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..core.event import Attendee, Privacy
from .diagnosis_case import DiagnosisCase, WellConnectedCase
from .needs_you_case import NeedsYouCase


@tagged("post_install", "-at_install")
class TestDiagnosisEvent(WellConnectedCase):
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
        ben = Attendee("ben@corp.example", "Ben")
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


@tagged("post_install", "-at_install")
class TestDiagnosisDecisions(NeedsYouCase, DiagnosisCase):
    """A calendar that mails guests of every change, and deletions that nobody may have meant."""

    def test_a_change_that_waits_for_its_owner_leads_to_the_decision(self):
        """B-04: send or discard, each asked about by the dialog that says who is told; nothing is
        sent by looking."""
        event, remote = self.meeting()
        self.change(event, location="Pier 7")
        self.assertEqual(self.main(event), ("standing", ["send", "discard"]))
        self.assertEqual(self.main(), ("decisions", ["show"]))
        fix = self.env["calendar.sync.fix"].with_user(self.user)
        for code in ("send", "discard"):
            opened = fix.open_of(code, self.account.id, event.id)
            self.assertEqual(opened["context"]["default_choice"], code)
        self.assertFalse(self.there(remote).fields.location)
        self.assertEqual(self.told(), [])
        boss = new_test_user(self.env, "boss", groups="calendar_sync_pro.group_admin")
        self.assertEqual(self.main(event, boss), ("standing", ["copy"]))

    def test_deletions_that_stopped_everything_are_asked_about_first(self):
        """B-04, S1-10: before single events and duplicates."""
        self.account.holds_removals = True
        self.assertEqual(self.main(), ("decisions", ["decide"]))
        page = self.diagnose()
        self.assertIn("deleted in Odoo at once", page["rows"][page["main"]]["text"])

    def test_what_stays_in_a_former_calendar_says_so(self):
        """S1-34, B-04: booked before the switch; edits don't reach it, and where to go is said."""
        event, _remote = self.meeting()
        event.sync_meeting_id.link_ids.state = "frozen"
        self.assertEqual(self.main(event), ("standing", ["connections"]))
        page = self.diagnose(event)
        self.assertIn("former calendar at Loud Mail", page["rows"][page["main"]]["text"])
