"""Reading a calendar: what somebody does on the other side shows up in Odoo."""

from datetime import date, timedelta

from odoo.tests import tagged

from ..core.event import Attendee, Privacy, Response, ShowAs
from ..core.when import When
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestPull(PullCase):
    def test_meeting_with_a_customer_is_imported_in_full(self):
        """S4-04, S4-18, S4-20: a meeting with somebody outside becomes an Odoo event."""
        self.adds("Demo", 10, fields={"location": "Room 1", "description": "Agenda"})
        result = self.pull()
        event = self.event("Demo")
        self.assertEqual(result.counts["create"], 1)
        self.assertEqual((event.start, event.stop), (self.naive(10), self.naive(11)))
        self.assertEqual(event.location, "Room 1")
        self.assertEqual(event.description, "<p>Agenda</p>")
        self.assertEqual(event.user_id, self.user)
        self.assertEqual(event.appointment_source, "import")
        self.assert_nobody_heard()

    def test_unknown_guest_becomes_no_contact(self):
        """S3-47: the guest list is complete, the address book is untouched."""
        before = self.env["res.partner"].with_context(active_test=False).search_count([])
        self.adds("Demo")
        self.pull()
        guests = self.event("Demo").attendee_ids
        self.assertEqual(
            {(g.email, g.state) for g in guests},
            {("ann@corp.example", "accepted"), ("carla@customer.example", "accepted")},
        )
        after = self.env["res.partner"].with_context(active_test=False).search_count([])
        self.assertEqual(before, after)

    def test_known_guest_is_the_contact(self):
        """S4-04, S3-36: a guest whose address is known is that contact."""
        carla = self.env["res.partner"].create({"name": "C", "email": "Carla@Customer.example"})
        self.adds("Demo")
        self.pull()
        self.assertIn(carla, self.event("Demo").partner_ids)

    def test_contact_of_another_company_stays_unknown(self):
        """S0-33: an import shows nobody a contact that belongs to another company."""
        other = self.env["res.company"].create({"name": "Other"})
        self.env["res.partner"].create(
            {"name": "Theirs", "email": self.GUEST.email, "company_id": other.id}
        )
        self.adds("Demo")
        self.pull()
        row = self.event("Demo").attendee_ids.filtered("sync_email")
        self.assertEqual(row.sync_email, self.GUEST.email)
        self.assertFalse(row.partner_id)

    def test_reading_twice_changes_nothing(self):
        """S4-14: a second run, also a full one, writes nothing and makes no copy."""
        self.adds("Demo")
        self.pull()
        stamp = self.event("Demo").write_date
        self.world.expire_cursors()
        result = self.pull()
        self.assertEqual(result.changed, 0)
        self.assertEqual(self.event("Demo").write_date, stamp)
        self.assertFalse(self.marks())

    def test_move_and_rename_come_in(self):
        """S1-22, S1-24, S1-25: moved and renamed there, moved and renamed here."""
        remote = self.adds("Demo")
        self.pull()
        event = self.event("Demo")
        self.edits(remote, title="Big demo", when=When(self.at(15), self.at(16, minute=30)))
        self.pull()
        self.assertEqual(event.name, "Big demo")
        self.assertEqual((event.start, event.stop), (self.naive(15), self.naive(16, minute=30)))
        self.assertEqual(event.duration, 1.5)
        self.assertFalse(self.marks())
        self.assert_nobody_heard()

    def test_moving_keeps_the_organizers_answer(self):
        """S1-24: an inbound move doesn't reset anybody's answer."""
        remote = self.adds("Demo")
        self.pull()
        self.edits(remote, when=When(self.at(15), self.at(16)))
        self.pull()
        states = set(self.event("Demo").attendee_ids.mapped("state"))
        self.assertEqual(states, {"accepted"})

    def test_text_with_script_is_cleaned(self):
        """S1-26: remote HTML is sanitised on the way in."""
        remote = self.adds("Demo", fields={"description": "<b>Hi</b><script>x()</script>"})
        self.pull()
        text = self.event("Demo").description
        self.assertIn("Hi", text)
        self.assertNotIn("script", text)
        self.edits(remote, description="<i>Ho</i><script>y()</script>")
        self.pull()
        text = self.event("Demo").description
        self.assertIn("Ho", text)
        self.assertNotIn("script", text)

    def test_all_day_event_and_back(self):
        """S1-24: all-day ↔ timed, the last day inclusive in Odoo."""
        first = self.at(0).date()
        remote = self.adds("Fair", fields={"when": When(first, first + timedelta(days=2))})
        self.pull()
        event = self.event("Fair")
        self.assertTrue(event.allday)
        self.assertEqual((event.start_date, event.stop_date), (first, first + timedelta(days=1)))
        self.edits(remote, when=When(self.at(9), self.at(10)))
        self.pull()
        self.assertFalse(event.allday)
        self.assertEqual(event.start, self.naive(9))
        self.edits(remote, when=When(first, first + timedelta(days=1)))
        self.pull()
        self.assertEqual((event.start_date, event.stop_date), (first, first))
        self.assertIsInstance(event.start_date, date)

    def test_answer_of_a_guest_comes_in(self):
        """S1-22: a guest's answer and a new guest."""
        remote = self.adds("Demo")
        self.pull()
        carla = Attendee(self.GUEST.email, "Carla", Response.DECLINED)
        dave = Attendee("dave@customer.example", "Dave")
        self.edits(remote, attendees=(carla, dave))
        self.pull()
        states = {a.email: a.state for a in self.event("Demo").attendee_ids}
        self.assertEqual(states[carla.email], "declined")
        self.assertEqual(states[dave.email], "needsAction")
        self.edits(remote, attendees=(dave,))
        self.pull()
        emails = {a.email for a in self.event("Demo").attendee_ids}
        self.assertEqual(emails, {dave.email, "ann@corp.example"})
        self.assertFalse(self.marks())

    def test_hidden_guest_list_removes_nobody(self):
        """S1-22: a cut guest list is no removal (DESIGN: hidden guests)."""
        remote = self.adds("Demo")
        self.pull()
        now = self.world.calendars[self.account.email][remote.remote_id].event
        from dataclasses import replace

        self.put(replace(now, has_hidden_guests=True, fields=now.fields.replace(attendees=())))
        self.pull()
        self.assertEqual(len(self.event("Demo").attendee_ids), 2)

    def test_finer_busy_kind_is_remembered(self):
        """S0-25: tentative is busy in Odoo, and going through Odoo doesn't change it there."""
        remote = self.adds("Demo", fields={"show_as": ShowAs.TENTATIVE})
        self.pull()
        self.assertEqual(self.event("Demo").show_as, "busy")
        side = self.env["calendar.sync.local"]._for_links(self.link(remote))
        self.assertEqual(next(iter(side.values())).show_as, ShowAs.TENTATIVE)

    def test_deleted_there_is_cancelled_here(self):
        """S1-27: archived, cancelled, with a reason; nobody is mailed."""
        remote = self.adds("Demo")
        self.pull()
        self.deletes(remote)
        result = self.pull()
        event = self.event("Demo")
        self.assertEqual(result.counts["cancel"], 1)
        self.assertFalse(event.active)
        self.assertEqual(event.appointment_state, "cancelled")
        self.assertIn("ann@corp.example", event.cancel_reason)
        self.assertFalse(self.link(remote))
        self.assertFalse(self.marks())
        self.assert_nobody_heard()

    def test_deleted_there_is_kept_by_setting(self):
        """S1-27: with the setting "keep", Odoo keeps the appointment."""
        self.account.write({"remote_delete": "keep"})
        remote = self.adds("Demo")
        self.pull()
        self.deletes(remote)
        self.pull()
        self.assertTrue(self.event("Demo").active)
        self.assertFalse(self.link(remote))

    def test_undone_deletion_plans_it_again(self):
        """S1-27: an event that comes back there is planned again here, without a copy."""
        remote = self.adds("Demo")
        self.pull()
        self.deletes(remote)
        self.pull()
        self.put(remote)
        self.pull()
        event = self.event("Demo")
        self.assertTrue(event.active)
        self.assertEqual(event.appointment_state, "planned")

    def test_a_guests_own_removal_is_a_refusal(self):
        """S1-27, C11: gone at a guest's calendar: that person declines, the meeting stays."""
        remote = self.adds(
            "Demo",
            is_organizer=False,
            can_edit=False,
            fields={"attendees": (self.GUEST, Attendee(self.account.email, "Ann"))},
        )
        self.pull()
        self.deletes(remote)
        self.pull()
        event = self.event("Demo")
        self.assertTrue(event.active)
        mine = event.attendee_ids.filtered(lambda a: a.partner_id == self.user.partner_id)
        self.assertEqual(mine.state, "declined")

    def test_both_sides_changed_different_fields(self):
        """S4-14: title there, place here: both survive."""
        remote = self.adds("Demo")
        self.pull()
        event = self.event("Demo")
        event.with_user(self.user).location = "Our office"
        self.save()
        self.edits(remote, title="Big demo")
        self.pull()
        self.assertEqual((event.name, event.location), ("Big demo", "Our office"))
        self.assertTrue(self.marks(), "our place still has to be sent")

    def test_conflict_keeps_the_loser_in_the_journal(self):
        """S4-14: same field on both sides: the calendar's later edit wins, ours can be restored."""
        remote = self.adds("Demo")
        self.pull()
        event = self.event("Demo")
        event.with_user(self.user).name = "Mine"
        self.save()
        self.world.now += timedelta(hours=1)
        self.edits(remote, title="Theirs")
        messages = self.env["mail.message"].search_count([])
        self.pull()
        self.assertEqual(event.name, "Theirs")
        row = self.env["calendar.sync.journal"].search([("is_conflict", "=", True)])
        self.assertIn("gave way", row.with_user(self.user).sentence)
        self.assertEqual((row.old, row.event_id), ({"title": "Mine"}, event))
        self.assertEqual(self.env["mail.message"].search_count([]), messages)
        row.with_user(self.user).action_restore()
        self.assertEqual(event.name, "Mine")
        self.save()
        self.assertTrue(self.marks(), "the restored value is sent")

    def test_internal_meeting_only_blocks_time(self):
        """S1-28, S3-27: an event without guests blocks its time and shows no title anywhere."""
        remote = self.adds("Secret plan", fields={"attendees": ()})
        self.pull()
        self.assertFalse(self.events("Secret plan"))
        busy = self.env["calendar.sync.busy"].search([])
        self.assertEqual(
            (busy.start, busy.stop, busy.kind), (self.naive(10), self.naive(11), "busy")
        )
        self.edits(remote, when=When(self.at(12), self.at(13)))
        self.pull()
        busy = self.env["calendar.sync.busy"].search([])
        self.assertEqual(busy.mapped("start"), [self.naive(12)])
        self.deletes(remote)
        self.pull()
        self.assertFalse(self.env["calendar.sync.busy"].search([]))

    def test_private_event_only_blocks_time(self):
        """S1-28: private events stay private, also with an outsider in them."""
        self.adds("Doctor", fields={"privacy": Privacy.PRIVATE})
        self.pull()
        self.assertFalse(self.events("Doctor"))
        self.assertEqual(len(self.env["calendar.sync.busy"].search([])), 1)

    def test_blocked_time_becomes_an_appointment(self):
        """S4-04: an outsider is invited later: the event comes in, the blocked time goes."""
        remote = self.adds("Plan", fields={"attendees": ()})
        self.pull()
        self.edits(remote, attendees=(self.GUEST,))
        self.pull()
        self.assertTrue(self.event("Plan"))
        self.assertFalse(self.env["calendar.sync.busy"].search([]))

    def test_calendar_that_only_blocks(self):
        """S0-02, S0-23, S0-34: a calendar ticked as blocking: its busy times are known, no more."""
        self.world.account("team@corp.example")
        self.env["calendar.sync.calendar"].create({
            "account_id": self.account.id, "remote_id": "team@corp.example", "name": "Team",
            "access_role": "reader", "can_write": False, "blocks_availability": True,
        })  # fmt: skip
        self.world.put(
            "team@corp.example", self.remote_event("Canary-12", fields={"attendees": ()})
        )
        self.account.next_run = self.naive(0, -1)
        self.turn()
        busy = self.env["calendar.sync.busy"].search([("calendar_id.name", "=", "Team")])
        self.assertEqual(busy.mapped("start"), [self.naive(10)])
        self.assertFalse(self.events("Canary-12"))
