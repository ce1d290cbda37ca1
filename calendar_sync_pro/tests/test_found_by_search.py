"""What the searches found (see docs/trust.md), each in the few steps that it takes."""

from dataclasses import replace
from datetime import timedelta

from odoo.tests import new_test_user, tagged

from ..core.errors import Unavailable
from ..core.event import Attendee
from .pull_case import PullCase
from .push_case import WORLD


@tagged("post_install", "-at_install")
class TestFoundBySearch(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bob = new_test_user(
            cls.env, "bob", groups="base.group_user,sales_team.group_sale_salesman",
            email="bob@corp.example", tz="Europe/Berlin",
        )  # fmt: skip
        cls.bobs = cls._connected(cls.bob)

    def invited(self):
        """Ann's meeting is in Odoo; Bob's invitation stands in his calendar, yet unread."""
        people = (self.GUEST, Attendee("bob@corp.example", "Bob"))
        mine = self.adds("Demo", fields={"attendees": people})
        self.pull()
        theirs = self.put(replace(mine, is_organizer=False, can_edit=False), self.bobs)
        return self.event("Demo"), mine, theirs

    def everything_named_demo(self):
        events = self.env["calendar.event"].with_context(active_test=False)
        return events.search([("name", "=", "Demo")])

    def test_deleted_meeting_does_not_come_back_with_a_colleagues_invitation(self):
        """S4-25, S3-54: Ann deletes it in Odoo before Bob's calendar is read: it stays deleted."""
        event, mine, theirs = self.invited()
        event.with_user(self.user).unlink()
        self.save()
        self.pull(self.bobs)
        self.assertFalse(self.everything_named_demo())
        self.turn()
        self.assertNotIn("Demo", self.remote())
        self.deletes(theirs, self.bobs)
        self.pull(self.bobs)
        self.assertFalse(self.everything_named_demo())
        self.assertFalse(self.link(theirs, self.bobs))
        self.assertFalse(self.link(mine))
        self.assertFalse(self.marks())
        self.assert_nobody_heard()

    def test_cancelled_meeting_is_not_planned_again_by_a_colleagues_invitation(self):
        """S4-25, D-10: archived in Odoo: Bob's invitation, read later, does not undo that."""
        event, _mine, _theirs = self.invited()
        event.with_user(self.user).active = False
        self.save()
        self.pull(self.bobs)
        self.assertEqual(self.everything_named_demo(), event)
        self.assertFalse(event.active)
        self.turn()
        self.assertNotIn("Demo", self.remote())
        self.assert_nobody_heard()

    def test_meeting_that_came_back_is_planned_again_with_its_guests(self):
        """S1-27: deleted in Ann's calendar and restored there: nobody in Odoo wanted it gone."""
        event, mine, theirs = self.invited()
        self.pull(self.bobs)
        self.deletes(mine)
        self.pull()
        self.assertFalse(event.active)
        self.put(mine)
        self.put(theirs, self.bobs)
        self.pull()
        self.pull(self.bobs)
        self.assertTrue(event.active)
        self.assertEqual(self.event("Demo"), event)


@tagged("post_install", "-at_install")
class TestMadeBefore(PullCase):
    """A provider that answers a second try with what the first one made."""

    def test_edited_after_its_worker_died_no_value_is_lost(self):
        """S4-14, B-06: given a worker that died before it noted that the calendar has the event,
        when the event is edited in Odoo before the next one comes, then both sides are equal, the
        event stands once, and the value that gave way can be restored."""
        event = self.book()
        self.world.fail("create", Unavailable("timeout", has_unknown_outcome=True), is_after=True)
        self.turn()
        link = event.sync_meeting_id.sudo().link_ids
        link.write({"has_unknown_outcome": False, "attempts": 0, "problem_code": False})
        self.marks().not_before = False
        event.with_user(self.user).write({"location": "Pier 7"})
        self.addCleanup(WORLD.update, answers_again=False)
        WORLD["answers_again"] = True
        self.account._ask_sync()
        self.turn()
        self.turn()
        [there] = self.remotes()
        self.env.invalidate_all()
        self.assertEqual(there.fields.location, event.location or "")
        conflict = self.env["calendar.sync.journal"].sudo().search([("action", "=", "conflict")])
        self.assertEqual((conflict.event_id, conflict.old), (event, {"location": "Pier 7"}))
        self.assertFalse(self.marks())
        self.assert_nobody_heard()


@tagged("post_install", "-at_install")
class TestInvitationBeforeItsMeeting(PullCase):
    """A provider that chooses all ids itself, and a worker that dies before it knows them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bob = new_test_user(
            cls.env, "bob", groups="base.group_user,sales_team.group_sale_salesman",
            email="bob@corp.example", tz="Europe/Berlin",
        )  # fmt: skip
        cls.bobs = cls._connected(cls.bob, import_policy="everything")

    def setUp(self):
        super().setUp()
        self.world.account(self.bobs.email)

    def turn(self):
        """A turn for everybody but Bob, whose calendar is read when a test says so."""
        self.bobs.next_run = "2090-01-01"
        super().turn()

    def invited(self):
        """Ann invites Bob; her calendar has it, and the answer never arrived. Returns Bob's copy,
        which has other ids than those that were sent."""
        mine = self.world.calendars[self.account.email]
        theirs = self.world.calendars[self.bobs.email]
        event = self.book(
            user=self.user, partner_ids=[(6, 0, (self.user | self.bob).partner_id.ids)]
        ).with_user(self.user)
        event.with_context(calendar_sync_notify=True).write({"location": "Pier 7"})
        self.world.fail("create", Unavailable("timeout", has_unknown_outcome=True), is_after=True)
        self.turn()
        [made] = [entry.event for entry in mine.values()]
        theirs.clear()
        self.put(replace(made, ical_uid="0400@server"))
        copy = replace(
            made, remote_id="bobs-copy", ical_uid="0400@server", guid="", is_organizer=False,
            can_edit=False,
        )  # fmt: skip
        return event, self.put(copy, self.bobs)

    def recovers(self):
        """The next worker takes over from Ann's."""
        self.marks().not_before = False
        self.account.write({"failures": 0, "wait_writes_until": False})
        self.account._ask_sync()
        self.turn()

    def early(self):
        return self.env["calendar.sync.link"]._early()

    def test_invitation_waits_for_a_creation_that_is_not_written_down(self):
        """S4-14, S3-54: not a second meeting, and once Ann's is known it is the same one."""
        event, theirs = self.invited()
        self.pull(self.bobs)
        self.assertEqual(self.event("Demo"), event)
        self.assertTrue(self.early())
        self.assertFalse(self.early().needs_attention)
        self.pull(self.bobs)
        self.assertEqual(self.event("Demo"), event)
        self.recovers()
        self.assertLess(self.bobs.next_run.year, 2090, "Bob's turn is due at once")
        self.pull(self.bobs)
        self.assertEqual(self.event("Demo"), event)
        self.assertFalse(self.early())
        self.assertEqual(self.link(theirs, self.bobs).meeting_id, event.sync_meeting_id)
        self.assertEqual(len(self.remotes()), 1)
        self.assertEqual(len(self.remotes(self.bobs)), 1)

    def test_invitation_that_is_read_after_the_recovery_is_recognised(self):
        """S4-14: the ids that the provider chose are kept, though the answer was lost."""
        event, theirs = self.invited()
        self.recovers()
        self.pull(self.bobs)
        self.assertEqual(self.event("Demo"), event)
        self.assertEqual(self.link(theirs, self.bobs).meeting_id, event.sync_meeting_id)

    def test_edited_meanwhile_it_is_still_the_same_meeting(self):
        """S4-14: another title and time in Odoo before anybody knows that it was created."""
        event, theirs = self.invited()
        made = self.world.calendars[self.account.email][self.remotes()[0].remote_id]
        made.event = replace(made.event, updated=theirs.updated - timedelta(hours=1))
        start = event.start + timedelta(days=1)
        event.write({"name": "Review", "start": start, "stop": start + timedelta(hours=1)})
        self.pull(self.bobs)
        self.assertFalse(self.events("Demo"))
        self.recovers()
        self.pull(self.bobs)
        self.assertEqual(self.event("Review"), event)
        self.assertFalse(self.events("Demo"))

    def test_withdrawn_invitation_leaves_nothing(self):
        """S4-25: gone from Bob's calendar before Ann's creation was settled."""
        event, theirs = self.invited()
        self.pull(self.bobs)
        self.deletes(theirs, self.bobs)
        self.pull(self.bobs)
        self.assertFalse(self.early())
        self.assertEqual(self.event("Demo"), event)

    def test_it_does_not_wait_for_ever(self):
        """S4-14: nobody takes over from Ann's worker; what stands in Bob's calendar is shown."""
        _event, _theirs = self.invited()
        self.pull(self.bobs)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE calendar_sync_link SET create_date = create_date - interval '2 hours'"
            " WHERE id = %s", [self.early().id]
        )  # fmt: skip
        self.env.invalidate_all()
        self.pull(self.bobs)
        self.assertFalse(self.early())
        self.assertEqual(len(self.events("Demo")), 2)

    def test_other_peoples_invitations_do_not_wait(self):
        """S4-14: only what the colleague with the unsettled creation has sent is held up."""
        self.invited()
        other = self.remote_event("Elsewhere", is_organizer=False, can_edit=False)
        self.put(replace(other, organizer_email="eve@else.example"), self.bobs)
        self.pull(self.bobs)
        self.assertTrue(self.event("Elsewhere"))
