"""Where a calendar would mail guests anyway, a change waits for a person's decision."""

from odoo.tests import tagged

from ..core.errors import Malformed
from .needs_you_case import LoudProvider, NeedsYouCase


@tagged("post_install", "-at_install")
class TestNeedsYou(NeedsYouCase):
    def test_quiet_move_of_an_invited_meeting_waits_and_says_who_would_be_told(self):
        """S1-06, S4-25: nothing is asked of the calendar, nobody is mailed, the number is right."""
        event, remote = self.meeting()
        LoudProvider.asked.clear()
        self.change(event, start=self.naive(15), stop=self.naive(16))
        self.assertEqual(self.state(remote), "needs_you")
        self.assertEqual(self.there(remote).fields.when, remote.fields.when)
        self.assertFalse(LoudProvider.asked + self.told())
        self.assertFalse(self.marks())
        badge, text = self.badge(event)
        self.assertEqual(badge, "problem")
        self.assertIn("Loud Mail will tell 2 people", text)

    def test_waiting_change_costs_no_request_however_often_the_worker_comes(self):
        """S4-14: no retry, no read of it; the idle poll stays one request."""
        event, remote = self.meeting()
        self.change(event, name="Other")
        LoudProvider.asked.clear()
        for _ in range(3):
            self.read()
        self.assertFalse(LoudProvider.asked)
        self.assertEqual((event.name, self.there(remote).fields.title), ("Other", "Demo"))
        self.assertEqual(self.state(remote), "needs_you")
        held = self.env["calendar.sync.journal"].search([("action", "=", "hold")])
        self.assertEqual((len(held), held.rule), (1, "would_notify"))

    def test_further_quiet_edits_join_the_waiting_change(self):
        """S4-13: one decision for all of them."""
        event, remote = self.meeting()
        self.change(event, name="Other")
        self.change(event, location="Pier 7")
        self.assertEqual(self.state(remote), "needs_you")
        self.assertEqual(len(self.env["calendar.sync.link"].search([("held", "!=", False)])), 1)
        self.assertEqual(self.there(remote).fields, remote.fields)

    def test_adding_a_guest_would_tell_that_guest_alone(self):
        """S1-06: a longer list is told to those who come, not to those who are on it."""
        event, remote = self.meeting()
        self.change(event, partner_ids=self.adding(self.partner("eve@customer.example")))
        self.assertEqual(self.link(remote).sudo().told_to, ["eve@customer.example"])
        self.assertIn("will tell 1 person", self.badge(event)[1])
        self.assertFalse(self.told())

    def test_meeting_without_guests_is_sent_at_once(self):
        """S4-13: there is nobody whom the calendar could tell."""
        event = self.book("Alone")
        self.turn()
        (remote,) = self.remotes()
        self.change(event, name="Still alone")
        self.assertEqual(self.there(remote).fields.title, "Still alone")
        self.assertEqual(self.state(remote), "synced")

    def test_calendar_that_can_stay_silent_is_written_silently(self):
        """S4-25: an invited meeting there is changed as ever, and nobody hears of it."""
        self.account.provider = "memory"
        self.world.is_loud = False
        event, remote = self.meeting()
        self.change(event, name="Quietly other")
        self.assertEqual(self.there(remote).fields.title, "Quietly other")
        self.assertFalse(self.told())
        self.assertEqual((self.link(remote)._would_tell(), self.state(remote)), (0, "synced"))

    def test_saving_with_an_invitation_sends_what_waits(self):
        """S4-25: who chose to tell the guests with the next edit is not asked again."""
        event, remote = self.meeting()
        self.change(event, name="Other")
        event.with_user(self.user).with_context(calendar_sync_notify=True).write(
            {"location": "Pier 7"}
        )
        self.turn()
        shown = self.there(remote).fields
        self.assertEqual((shown.title, shown.location), ("Other", "Pier 7"))
        self.assertEqual(self.told(), [self.CARLA.email, self.DAN.email])
        self.assertEqual(self.state(remote), "synced")

    def test_our_own_lines_in_the_text_are_never_worth_a_mail(self):
        """S4-08: a lead's new phone number waits for a change that is told anyway."""
        lead = self.env["crm.lead"].create({"name": "Big deal", "user_id": self.user.id})
        event = self.book(opportunity_id=lead.id)
        self.turn()
        (remote,) = self.remotes()
        self.edits(remote, attendees=(self.CARLA,))
        self.read()
        self.change(event, opportunity_id=False)
        self.assertEqual((self.state(remote), self.told()), ("synced", []))
        self.assertIn("show_lead/", self.there(remote).fields.description)

    def test_invitation_that_nobody_chose_any_more_waits(self):
        """S4-25: the choice got lost with its mark; taken back, it goes out without guests."""
        guest = self.partner("eve@customer.example")
        event = self.book(partner_ids=[(6, 0, (self.user.partner_id | guest).ids)])
        event.with_user(self.user).with_context(calendar_sync_notify=True).write({"name": "New"})
        self.world.fail("create", Malformed("too_long", field="title"))
        self.turn()
        self.marks().unlink()
        self.change(event, name="Newer")
        link = event.sync_meeting_id.link_ids
        self.assertEqual((link.state, link.held), ("needs_you", "create"))
        self.assertIn("will tell 1 person", self.badge(event)[1])
        self.assertFalse(self.remotes())
        link.with_user(self.user)._discard_waiting()
        self.turn()
        self.assertEqual([(r.fields.title, r.fields.attendees) for r in self.remotes()],
                         [("Newer", ())])  # fmt: skip
        self.assertFalse(self.told())

    def test_would_tell_counts_guests_without_a_request(self):
        """S4-11: what a clean-up asks before it removes anything."""
        _event, remote = self.meeting()
        self.book("Alone")
        self.turn()
        LoudProvider.asked.clear()
        self.assertEqual(self.link(remote)._would_tell(), 2)
        self.assertEqual(self.link(self.remote()["Alone"])._would_tell(), 0)
        self.assertFalse(LoudProvider.asked)
