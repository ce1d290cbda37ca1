"""Same meeting, one record, once on each calendar."""

from dataclasses import replace

from odoo.tests import new_test_user, tagged

from ..core.event import Attendee, Response
from ..core.when import When
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestPullIdentity(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bob = new_test_user(
            cls.env, "bob", groups="base.group_user,sales_team.group_sale_salesman",
            email="bob@corp.example", tz="Europe/Berlin",
        )  # fmt: skip
        cls.bobs = cls._connected(cls.bob)

    def shared(self, response=Response.ACCEPTED):
        """A meeting of Ann with Bob and a customer, on both calendars."""
        people = (self.GUEST, Attendee("bob@corp.example", "Bob", response))
        mine = self.adds("Demo", fields={"attendees": people})
        theirs = replace(mine, is_organizer=False, can_edit=False)
        return mine, self.put(theirs, self.bobs)

    def test_two_colleagues_share_one_event(self):
        """S4-14, S1-09: the organizer's event is imported once; the colleague's copy is linked."""
        mine, theirs = self.shared()
        self.pull()
        self.pull(self.bobs)
        event = self.event("Demo")
        self.assertEqual(event.user_id, self.user)
        self.assertIn(self.bob.partner_id, event.partner_ids)
        self.assertEqual(self.link(mine).meeting_id, self.link(theirs, self.bobs).meeting_id)
        self.assertFalse(self.marks())
        self.assert_nobody_heard()

    def test_the_colleague_first(self):
        """S4-14: the same end when the guest's calendar is read first."""
        mine, _theirs = self.shared()
        self.pull(self.bobs)
        self.pull()
        event = self.event("Demo")
        self.assertEqual(event.user_id, self.user)
        self.assertEqual(self.link(mine).meeting_id.event_id, event)
        self.assertFalse(self.marks())

    def test_a_shared_series(self):
        """S4-14, S4-22: one series for both; an exception of one is the same row."""
        people = (self.GUEST, Attendee("bob@corp.example", "Bob"))
        mine = self.adds("Demo", rules=("RRULE:FREQ=WEEKLY;COUNT=4",), fields={"attendees": people})
        theirs = self.put(replace(mine, is_organizer=False, can_edit=False), self.bobs)
        moved = {"when": When(self.at(15, 10), self.at(16, 10))}
        self.occurrence(mine, 7, **moved)
        self.occurrence(theirs, 7, account=self.bobs, **moved)
        self.pull()
        self.pull(self.bobs)
        self.pull()
        self.assertEqual(len(self.events("Demo").filtered("active")), 4)
        self.assertFalse(self.marks())

    def test_an_answer_of_the_colleague_comes_from_his_calendar(self):
        """S1-22: Bob's own answer merges through his link, and his removal declines."""
        _mine, theirs = self.shared(Response.NEEDS_ACTION)
        self.pull()
        self.pull(self.bobs)
        bob = Attendee("bob@corp.example", "Bob", Response.TENTATIVE)
        self.edits(theirs, self.bobs, attendees=(self.GUEST, bob), title="Bob's title")
        self.pull(self.bobs)
        event = self.event("Demo")
        row = event.attendee_ids.filtered(lambda a: a.partner_id == self.bob.partner_id)
        self.assertEqual(row.state, "tentative")
        self.deletes(theirs, self.bobs)
        self.pull(self.bobs)
        self.assertTrue(event.active)
        self.assertEqual(row.state, "declined")

    def test_twin_is_listed_not_imported(self):
        """S1-07: a second copy with our GUID is ignored; if the first goes, the link moves."""
        guid = "0f8fad5b-d9cb-469f-a165-70867728950e"
        first = self.adds("Demo", guid=guid)
        self.pull()
        second = self.adds("Demo", remote_id="copy", guid=guid, ical_uid="copy@other")
        self.pull()
        event = self.event("Demo")
        self.assertEqual(self.link(second).problem_code, "duplicate")
        self.deletes(first)
        self.pull()
        self.assertTrue(event.active)
        self.assertEqual(self.link(second).state, "synced")
        self.deletes(second)
        self.pull()
        self.assertFalse(event.active)

    def test_stray_twin_is_deleted(self):
        """S1-07: deleting the copy that isn't linked cancels nothing."""
        guid = "0f8fad5b-d9cb-469f-a165-70867728950e"
        self.adds("Demo", guid=guid)
        self.pull()
        second = self.adds("Demo", remote_id="copy", guid=guid, ical_uid="copy@other")
        self.pull()
        self.deletes(second)
        self.pull()
        self.assertTrue(self.event("Demo").active)

    def test_copy_is_an_event_of_its_own(self):
        """S3-14: same GUID at another time is a copy; the original stays where it is."""
        guid = "0f8fad5b-d9cb-469f-a165-70867728950e"
        self.adds("Demo", guid=guid)
        self.pull()
        self.adds("Demo", 16, remote_id="copy", guid=guid, ical_uid="copy@other")
        self.pull()
        events = self.events("Demo")
        self.assertEqual(events.mapped("start"), [self.naive(10), self.naive(16)])
        self.assertEqual(len(set(events.mapped("sync_guid"))), 2)

    def test_account_removed_and_connected_again(self):
        """S0-30, S1-17: after a fresh connection our own events are adopted, not copied."""
        guid = "0f8fad5b-d9cb-469f-a165-70867728950e"
        self.adds("Demo", guid=guid)
        self.pull()
        event = self.event("Demo")
        self.env["calendar.sync.link"].search([]).unlink()
        self.env["calendar.sync.meeting"].search([]).unlink()
        self.account.events_calendar_id.write({"cursor": False})
        self.env["calendar.sync.mark"].search([]).unlink()
        self.pull()
        self.assertEqual(self.event("Demo"), event)
        self.assertEqual(event.sync_meeting_id.event_id, event)
        self.assert_nobody_heard()

    def test_known_guid_of_a_lost_link(self):
        """S0-30: links gone, meetings kept: adopted by iCalUID."""
        remote = self.adds("Demo")
        self.pull()
        event = self.event("Demo")
        self.env["calendar.sync.link"].search([]).unlink()
        self.account.events_calendar_id.write({"cursor": False})
        self.pull()
        self.assertEqual(self.event("Demo"), event)
        self.assertTrue(self.link(remote))

    def test_echo_of_our_own_event_writes_nothing(self):
        """S4-13, S4-31: what we sent comes back and changes nothing, also not the write date."""
        event = self.book("Ours")
        self.turn()
        stamp = event.write_date
        self.assertIn("Ours", self.remote())
        result = self.pull()
        self.assertEqual(result.changed, 0)
        self.assertEqual(self.event("Ours").write_date, stamp)
        self.assertFalse(self.marks())

    def test_unknown_outcome_of_a_create(self):
        """S4-25: the create timed out after the write; the pull finds our event, no second one."""
        event = self.book("Ours")
        self.turn()
        link = event.sync_meeting_id.link_ids
        link.sudo().write({"state": "creating", "base": False, "etag": False})
        self.world.put(self.account.email, self.remote()["Ours"])
        self.pull()
        self.assertEqual(self.event("Ours"), event)
        self.assertEqual(link.state, "synced")
        self.assertEqual(len(self.remotes()), 1)

    def test_owner_with_another_address_is_one_person(self):
        """S4-14: the account's address differs from the user's: still one attendee."""
        self.user.partner_id.email = "ann.private@mail.example"
        self.adds("Demo", fields={"attendees": (
            self.GUEST, Attendee(self.account.email, "Ann", Response.ACCEPTED))})  # fmt: skip
        self.pull()
        self.assertEqual(len(self.event("Demo").attendee_ids), 2)
        self.env["calendar.sync.link"].search([]).write({"etag": False})
        self.world.expire_cursors()
        self.assertEqual(self.pull().changed, 0)
        self.assertFalse(self.marks())

    def test_deleted_here_is_not_imported_again(self):
        """S2-14: an event deleted in Odoo waits for its deletion there; it doesn't come back."""
        remote = self.adds("Demo")
        self.pull()
        self.event("Demo").with_user(self.user).unlink()
        self.save()
        self.edits(remote, title="Demo 2")
        self.pull()
        self.assertFalse(self.events("Demo 2"))
        self.turn()
        self.assertNotIn("Demo 2", self.remote())
