"""Send and Discard: what a person decides about a waiting change, and who may."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .needs_you_case import LoudProvider, NeedsYouCase


@tagged("post_install", "-at_install")
class TestDecisions(NeedsYouCase):
    def decide(self, choice, events, user=None):
        """Press the button and confirm the dialog, as the web client does; the dialog's words."""
        events = events.with_user(user or self.user)
        action = events.action_sync_send() if choice == "send" else events.action_sync_discard()
        wizard = events.env["calendar.sync.decide"].with_context(**action["context"]).create({})
        summary = wizard.summary
        wizard.action_confirm()
        self.env.flush_all()
        self.turn()
        self.env.invalidate_all()
        return summary

    def test_send_tells_exactly_those_once(self):
        """S1-06, S4-25: the change goes aloud, and the next quiet one waits again."""
        event, remote = self.meeting()
        self.change(event, start=self.naive(15), stop=self.naive(16))
        summary = self.decide("send", event)
        self.assertIn("tells 2 people", summary)
        self.assertEqual(self.there(remote).fields.when.start, self.at(15))
        self.assertEqual(self.told(), [self.CARLA.email, self.DAN.email])
        self.assertEqual((self.state(remote), self.badge(event)[0]), ("synced", "synced"))
        self.read()
        self.assertEqual(len(self.told()), 2)
        self.change(event, name="Once more")
        self.assertEqual((self.state(remote), len(self.told())), ("needs_you", 2))

    def test_send_invites_nobody_else(self):
        """S4-25: who was added in Odoo without an invitation is not invited along the way."""
        event = self.book("Demo", partner_ids=[(6, 0, self.user.partner_id.ids)])
        self.turn()
        (remote,) = self.remotes()
        self.edits(remote, attendees=(self.CARLA,))
        self.read()
        self.change(event, partner_ids=self.adding(self.partner("quiet@customer.example")))
        self.change(event, name="Other")
        self.decide("send", event)
        shown = self.there(remote).fields
        self.assertEqual([a.email for a in shown.attendees], [self.CARLA.email])
        self.assertEqual((shown.title, self.told()), ("Other", [self.CARLA.email]))

    def test_discard_takes_the_change_back_and_tells_nobody(self):
        """S1-06: Odoo shows what the calendar shows; what was discarded can be put back."""
        event, remote = self.meeting()
        eve = self.partner("eve@customer.example")
        start, guests = event.start, event.partner_ids
        self.change(event, start=self.naive(15), stop=self.naive(16), name="Other")
        self.change(event, partner_ids=self.adding(eve))
        LoudProvider.asked.clear()
        summary = self.decide("discard", event)
        self.assertIn("nobody is told", summary)
        self.assertEqual((event.start, event.name), (start, "Demo"))
        self.assertEqual(event.partner_ids, guests)
        self.assertEqual((self.state(remote), self.badge(event)[0]), ("synced", "synced"))
        self.assertFalse(self.told() + LoudProvider.asked)
        self.assertFalse(self.env["mail.mail"].search([]))
        rows = self.env["calendar.sync.journal"].search([("rule", "=", "discarded")])
        (row,) = rows.filtered("old")
        self.assertEqual((row.old["title"], row.new["title"]), ("Other", "Demo"))
        row.with_user(self.user).action_restore()
        self.assertEqual((event.name, event.start), ("Other", self.naive(15)))

    def test_cancelled_meeting_waits_and_comes_back_when_discarded(self):
        """S2-14: the calendar would call it off by mail; taken back it is planned again."""
        event, remote = self.meeting()
        event.with_user(self.user)._cancel_appointment("Ill")
        self.turn()
        self.assertTrue(self.there(remote))
        self.assertEqual(self.link(remote).held, "delete")
        self.assertIn("will tell 2 people", self.badge(event)[1])
        self.decide("discard", event)
        self.assertEqual((event.active, event.appointment_state), (True, "planned"))
        self.assertTrue(self.there(remote))
        self.assertFalse(self.told())
        event.with_user(self.user)._cancel_appointment("Ill after all")
        self.turn()
        self.decide("send", event)
        self.assertFalse(self.there(remote))
        self.assertEqual(self.told(), [self.CARLA.email, self.DAN.email])

    def test_deleted_meeting_is_listed_and_read_back_when_discarded(self):
        """S1-24: Odoo has nothing left of it, so it is decided in the list of what needs you."""
        event, remote = self.meeting()
        event.with_user(self.user).unlink()
        self.turn()
        links = self.env["calendar.sync.link"].with_user(self.user)
        (waiting,) = links.search([("needs_attention", "=", True)])
        self.assertEqual((waiting.event_title, waiting.told_count), ("Demo", 2))
        self.assertEqual(waiting.event_start, remote.fields.when.start.replace(tzinfo=None))
        context = waiting.action_sync_discard()["context"]
        self.env["calendar.sync.decide"].with_user(self.user).with_context(**context).create(
            {}
        ).action_confirm()
        self.env.flush_all()
        self.turn()
        back = self.event("Demo")
        self.assertEqual(back.start, remote.fields.when.start.replace(tzinfo=None))
        self.assertEqual((self.state(remote), self.told()), ("synced", []))

    def test_several_events_are_decided_at_once(self):
        """S4-12: the dialog counts different people, a person in two meetings once."""
        one, first = self.meeting("One")
        two, second = self.meeting("Two", guests=(self.CARLA,), hour=12)
        three, _third = self.meeting("Three", hour=14)
        self.change(one | two, location="Pier 7")
        summary = self.decide("send", one | two | three)
        self.assertIn("tells 2 people", summary)
        self.assertIn("sent to the calendar: One, Two", summary)
        self.assertNotIn("Three", summary)
        self.assertEqual(self.told(), sorted([self.CARLA.email] * 2 + [self.DAN.email]))
        self.assertEqual({self.there(r).fields.location for r in (first, second)}, {"Pier 7"})

    def test_actions_of_the_list_open_the_dialog_for_what_was_chosen(self):
        """S4-12: "Send waiting changes" and "Discard waiting changes" of several events."""
        one, first = self.meeting("One")
        two, second = self.meeting("Two", hour=12)
        self.change(one | two, location="Pier 7")
        for choice in ("send", "discard"):
            action = self.env.ref(f"calendar_sync_pro.calendar_event_action_sync_{choice}")
            chosen = {"active_model": "calendar.event", "active_ids": (one | two).ids}
            opened = action.with_user(self.user).with_context(**chosen).run()
            self.assertEqual(opened["res_model"], "calendar.sync.decide")
            self.assertEqual(opened["context"]["default_choice"], choice)
            links = self.link(first) | self.link(second)
            self.assertEqual(set(opened["context"]["default_link_ids"]), set(links.ids))
        self.assertEqual((self.state(first), self.state(second)), ("needs_you", "needs_you"))

    def test_only_the_calendars_owner_decides(self):
        """S0-33: neither a colleague nor an administrator, by whatever way they call."""
        event, remote = self.meeting()
        bob = new_test_user(
            self.env, "bob", groups="base.group_user,calendar_sync_pro.group_admin",
            email="bob@corp.example",
        )  # fmt: skip
        self.change(event, partner_ids=self.adding(bob.partner_id))
        self.change(event, name="Other")
        link = self.link(remote)
        badge, text = self.badge(event, bob)
        self.assertEqual(badge, "problem")
        self.assertIn("owner has to decide", text)
        self.assertFalse(event.with_user(bob).sync_is_undecided)
        self.assertFalse(link.with_user(bob).event_title)
        self.env.flush_all()
        self.env.invalidate_all()
        for choice in ("send", "discard"):
            wizard = (
                self.env["calendar.sync.decide"]
                .with_user(bob)
                .create({"link_ids": [(6, 0, link.ids)], "choice": choice})
            )
            self.assertIn("Nothing waits", wizard.summary)
            with self.assertRaises(AccessError):
                wizard.action_confirm()
        self.turn()
        self.assertEqual((event.name, self.there(remote).fields.title), ("Other", "Demo"))
        self.assertFalse(self.told())

    def test_owner_who_may_not_write_the_event_does_not_decide(self):
        """S0-33: deciding needs the right to change the event."""
        event, remote = self.meeting()
        self.change(event, name="Other")
        self.env["ir.rule"].create({
            "name": "locked", "model_id": self.env.ref("calendar.model_calendar_event").id,
            "domain_force": "[('name', '!=', 'Other')]", "perm_read": False,
            "perm_create": False, "perm_unlink": False,
        })  # fmt: skip
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.link(remote).with_user(self.user)._send_waiting()
        self.assertEqual(self.state(remote), "needs_you")

    def test_page_says_how_many_events_need_the_owner(self):
        """S0-32: decisions and events in quarantine are told on the page of connections."""
        event, _remote = self.meeting()
        _other, second = self.meeting("Odd", hour=13)
        self.change(event, name="Other")
        self.link(second).write({"state": "quarantined", "problem_code": "malformed"})
        page = self.env["calendar.sync.account"].with_user(self.user).connections_page()
        self.assertEqual(page["accounts"][0]["attention"], {"decide": 1, "other": 1, "people": 2})
        domain = [("sync_badge", "in", ["problem"])]
        found = self.env["calendar.event"].with_user(self.user).search(domain)
        self.assertEqual(set(found.mapped("name")), {"Other", "Odd"})


@tagged("post_install", "-at_install")
class TestMeanwhile(NeedsYouCase):
    """The calendar goes on living while a change waits."""

    def test_edit_on_the_other_side_merges_and_the_change_goes_on_waiting(self):
        """S4-14: neither overwrites the other."""
        event, remote = self.meeting()
        self.change(event, name="Other")
        self.edits(remote, location="Room 1")
        self.read()
        self.assertEqual((event.name, event.location), ("Other", "Room 1"))
        self.assertEqual(self.there(remote).fields.title, "Demo")
        self.assertEqual((self.state(remote), self.told()), ("needs_you", []))

    def test_calendar_catches_up_and_nothing_waits_any_more(self):
        """S4-14: made there by hand as well: equal on both sides, so it is over."""
        event, remote = self.meeting()
        self.change(event, name="Other")
        self.edits(remote, title="Other")
        self.read()
        self.assertEqual((self.state(remote), self.badge(event)[0]), ("synced", "synced"))
        self.assertFalse(self.link(remote).held)

    def test_edit_taken_back_by_hand_waits_no_longer(self):
        """S4-14: the old title again: there is nothing left to send."""
        event, remote = self.meeting()
        self.change(event, name="Other")
        self.change(event, name="Demo")
        self.assertEqual(self.state(remote), "synced")
        self.assertFalse(LoudProvider.asked)

    def test_guests_who_leave_there_need_not_be_told(self):
        """S4-13: with nobody to tell the change goes by itself."""
        event, remote = self.meeting()
        self.change(event, name="Other")
        self.edits(remote, attendees=())
        self.read()
        self.turn()
        self.assertEqual(self.there(remote).fields.title, "Other")
        self.assertEqual((self.state(remote), self.told()), ("synced", []))

    def test_cancelled_here_and_edited_there_goes_on_waiting(self):
        """S2-14: a look at the calendar does not forget the cancellation."""
        event, remote = self.meeting()
        event.with_user(self.user)._cancel_appointment("Ill")
        self.turn()
        self.edits(remote, location="Room 1")
        self.read()
        self.assertEqual((self.state(remote), event.active), ("needs_you", False))
        self.assertTrue(self.there(remote))

    def test_deleted_there_while_it_waits_is_over(self):
        """S1-27: the calendar's deletion counts; the lost edit stands in the journal."""
        event, remote = self.meeting()
        self.change(event, name="Other")
        self.deletes(remote)
        self.read()
        self.assertFalse(self.link(remote))
        self.assertEqual(event.appointment_state, "cancelled")

    def test_refusal_for_another_reason_stays_what_it_is(self):
        """S1-06: an event that is not ours to change is no matter of telling guests."""
        event, remote = self.meeting()
        self.link(remote).write({"state": "read_only", "problem_code": "not_organizer"})
        self.change(event, name="Other")
        self.assertEqual(self.state(remote), "read_only")

    def test_guest_unknown_to_us_makes_the_change_wait_when_the_provider_refuses(self):
        """S4-25: somebody was invited there a moment ago; the next look names the number."""
        event = self.book("Demo")
        self.turn()
        (remote,) = self.remotes()
        self.edits(remote, attendees=(self.CARLA, self.DAN))
        self.change(event, name="Other")
        self.assertEqual(self.there(remote).fields.title, "Demo")
        self.read()
        self.turn()
        self.env.invalidate_all()
        self.assertEqual((self.state(remote), self.told()), ("needs_you", []))
        self.assertIn("will tell 2 people", self.badge(event)[1])

    def test_single_occurrence_that_odoo_no_longer_has(self):
        """S4-25: an occurrence without its series stands in the list by what was agreed."""
        event, remote = self.meeting()
        link = self.link(remote)
        link.slot = link.meeting_id.slot = "20300101T100000Z"
        event.with_user(self.user).unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        shown = link.with_user(self.user)
        self.assertEqual((shown.event_title, bool(shown.event_start)), ("Demo", True))
