"""What the searches found (see docs/trust.md), each in the few steps that it takes."""

from dataclasses import replace

from odoo.tests import new_test_user, tagged

from ..core.event import Attendee
from .pull_case import PullCase


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
