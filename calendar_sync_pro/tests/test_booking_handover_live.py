"""A handover asks the calendars themselves, there and back."""

from odoo.tests import tagged

from ..core.errors import Unavailable
from .booking_case import MONDAY, utc
from .handover_case import HandoverCase


@tagged("post_install", "-at_install")
class TestBookingHandoverLive(HandoverCase):
    def test_the_plan_asks_the_calendars_themselves(self):
        """B-14, S2-41: what was entered a moment ago, and not read yet, stands in the way."""
        self.booked()
        self.enter(self.ben, "09:30", "10:30")
        self.event(self.carla, "10:00", "10:30")
        run = self.handover()
        self.assertFalse(run.item_ids.taker_id)
        self.assertIn(self.ben.name, run.item_ids.reason)

    def test_handing_over_asks_once_more(self):
        """B-14, S2-41: entered since the plan; the appointment stays, and the handover says why."""
        (event,) = self.booked()
        self.event(self.carla, "10:00", "10:30")
        run = self.handover()
        self.assertEqual(run.item_ids.taker_id, self.ben)
        self.enter(self.ben, "09:30", "10:30")
        self.press(run, "apply")
        self.assertEqual((event.user_id, run.item_ids.state), (self.anna, "kept"))
        self.assertIn(f"{self.ben.name} was given something else", run.item_ids.reason)

    def test_whose_calendar_does_not_answer_gets_nothing(self):
        """B-14, B-05: it can't be taken to be free; everything stays as it was."""
        (event,) = self.booked()
        self.event(self.carla, "10:00", "10:30")
        run = self.handover()
        self.world.fail("busy", Unavailable("timeout"))
        self.press(run, "apply")
        self.assertEqual((event.user_id, run.item_ids.state), (self.anna, "kept"))
        self.assertIn("doesn't answer", run.item_ids.reason)

    def test_taken_back_at_once_the_own_calendar_is_not_in_the_way(self):
        """B-14: it still shows the appointments that are about to be removed from it."""
        events = self.booked(2)
        run = self.handover()
        self.press(run, "apply")
        self.assertEqual(len(self.remotes(self.account_of(self.anna))), 2)
        self.press(run, "undo")
        self.assertEqual(set(run.item_ids.mapped("state")), {"undone"})
        self.assertEqual(events.user_id, self.anna)

    def test_what_its_owner_has_by_now_is_not_booked_over_by_taking_back(self):
        """B-14, B-05: here or on the telephone; those stay with the colleague and say so."""
        events = self.booked(3).sorted("start")
        run = self.handover(stop=utc(f"{MONDAY} 18:00"))
        self.press(run, "apply")
        self.turn()
        self.event(self.anna, "10:00", "10:30")
        self.enter(self.anna, "10:30", "11:00")
        self.press(run, "undo")
        self.assertEqual(run.item_ids.sorted("start").mapped("state"), ["moved", "moved", "undone"])
        self.assertNotIn(self.anna, events[:2].user_id)
        self.assertEqual(events[2].user_id, self.anna)
        self.assertIn(f"{self.anna.name} was given something else", run.item_ids[0].reason)
