"""Somebody is ill or leaves: appointments and booking pages move to colleagues, and back."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..booking.intervals import instant
from .booking_case import MONDAY, TUESDAY, utc
from .handover_case import TEN, HandoverCase


@tagged("post_install", "-at_install")
class TestBookingHandover(HandoverCase):
    def test_a_plan_changes_nothing(self):
        """B-14: who would take what, by the rules of booking."""
        events = self.booked(2)
        self.event(self.ben, "10:00", "10:30")
        run = self.handover()
        self.assertEqual(run.item_ids.event_id, events)
        takers = {item.event_id: item.taker_id for item in run.item_ids}
        self.assertEqual(
            [takers[event] for event in events.sorted("start")], [self.carla, self.ben]
        )
        self.assertEqual(events.user_id, self.anna)
        self.assertEqual(self.env["booking.hold"].search([]).user_id, self.anna)
        self.assertEqual(run.summary, "2 find a colleague")

    def test_who_got_an_appointment_since_the_plan_is_not_given_another(self):
        """B-14, S2-46: it stays where it is, and the handover says why; the others move."""
        self.booked(2)
        run = self.handover()
        first, second = run.item_ids.sorted("start")
        taker = first.taker_id
        self.event(taker, "10:00", "10:30")
        self.press(run, "apply")
        self.assertEqual((first.state, second.state), ("kept", "moved"))
        self.assertIn(taker.name, first.reason)
        self.assertEqual(first.event_id.user_id, self.anna)
        self.assertEqual(first.hold_id.user_id, self.anna)

    def test_all_appointments_move_and_each_customer_is_told_once(self):
        """B-14: booked times, calendars and customers follow; one message each."""
        events = self.booked(8)
        self.assertEqual(len(self.remotes(self.account_of(self.anna))), 8)
        run = self.handover()
        self.press(run, "apply")
        self.assertEqual(set(run.item_ids.mapped("state")), {"moved"})
        self.assertNotIn(self.anna, events.user_id)
        self.assertNotIn(self.anna.partner_id, events.partner_ids)
        self.assertNotIn(self.anna, self.env["booking.hold"].search([]).user_id)
        shares = [len(run.item_ids.filtered(lambda i, u=u: i.taker_id == u)) for u in self.others()]
        self.assertEqual(sorted(shares), [4, 4])
        self.turn()
        self.assertEqual(self.remotes(self.account_of(self.anna)), [])
        self.assertEqual(len(self.remotes(self.account_of(self.ben))), 4)
        self.assertEqual(self.world.mails, [])
        self.tell()
        self.tell()
        self.assertEqual(self.mailed_to(), sorted(f"mia{n}@fjordline.example" for n in range(8)))

    def test_not_told_means_that_no_customer_hears_of_it(self):
        """B-14: neither by mail, nor SMS, nor by a calendar; a later move is told as usual."""
        events = self.booked(3)
        run = self.handover(is_told=False)
        self.press(run, "apply")
        self.turn()
        self.tell()
        self.assertEqual(self.mailed_to(), [])
        self.assertEqual(self.world.mails, [])
        self.assertFalse(self.env["sms.sms"].search([]))
        events[0].write({"start": utc(f"{TUESDAY} 10:00"), "stop": utc(f"{TUESDAY} 10:30")})
        self.save()
        self.tell()
        self.assertEqual(len(self.mailed_to()), 1)

    def test_a_series_is_listed_and_stays(self):
        """B-14: one line for all its dates, which says what to do; nobody is told anything."""
        lead = self.env["crm.lead"].create({"name": "Fleet"})
        self.event(
            self.anna, "14:00", "15:00", opportunity_id=lead.id, recurrency=True, count=3,
            rrule_type="weekly", end_type="count", interval=1, mon=True,
        )  # fmt: skip
        run = self.handover(calendar_id=self.calendar.id)
        self.assertEqual(len(run.item_ids), 1)
        self.assertIn("3 dates to come", run.item_ids.reason)
        self.assertFalse(run.item_ids.taker_id)
        self.press(run, "apply")
        self.assertEqual((run.item_ids.state, run.item_ids.event_id.user_id), ("kept", self.anna))
        self.assertEqual(self.mailed_to(), [])

    def test_nobody_is_given_two_at_once_by_hand(self):
        """B-14, B-05: the second one stays and says why."""
        lead = self.env["crm.lead"].create({"name": "Fleet"})
        for start, stop in (("14:00", "15:00"), ("14:30", "15:30")):
            self.event(self.anna, start, stop, opportunity_id=lead.id)
        run = self.handover(calendar_id=self.calendar.id)
        self.assertEqual(set(run.item_ids.taker_id), set(self.others()))
        run.item_ids.taker_id = self.ben
        self.press(run, "apply")
        first, second = run.item_ids.sorted("start")
        self.assertEqual((first.state, second.state), ("moved", "kept"))
        self.assertEqual((first.event_id.user_id, second.event_id.user_id), (self.ben, self.anna))
        self.assertIn(self.ben.name, second.reason)

    def test_each_colleague_gets_one_notice(self):
        """B-14: however many appointments it is."""
        self.booked(4)
        for user in self.others():
            user.booking_channel = "inbox"
        self.press(self.handover(), "apply")
        told = self.env["mail.notification"].search(
            [("res_partner_id", "in", self.others().partner_id.ids)]
        )
        self.assertEqual(sorted(told.res_partner_id.ids), sorted(self.others().partner_id.ids))
        self.assertIn("2 appointments", told[0].mail_message_id.body)

    def test_it_is_taken_back_where_nobody_changed_it(self):
        """B-14: undo; what was changed since stays and says so."""
        events = self.booked(3).sorted("start")
        run = self.handover()
        self.press(run, "apply")
        self.turn()
        taker = events[2].user_id
        self.env["booking.hold"].search([("event_id", "=", events[2].id)]).event_id.active = False
        self.press(run, "undo")
        self.assertEqual(events[:2].user_id, self.anna)
        self.assertEqual(events[2].user_id, taker)
        self.assertEqual(run.item_ids.mapped("state"), ["undone", "undone", "moved"])
        self.assertIn("changed since", run.item_ids[2].reason)
        self.assertIn(self.anna, self.calendar.member_ids.user_id)
        self.turn()
        self.assertEqual(len(self.remotes(self.account_of(self.anna))), 2)
        with self.assertRaises(UserError):
            self.press(run, "undo")

    def test_who_leaves_is_off_the_pages_and_who_is_ill_is_not_offered(self):
        """B-14, S2-54: and is there again when it is taken back."""
        weight = 3
        self.member(self.anna).weight = weight
        for_good = self.handover()
        self.press(for_good, "apply")
        self.assertNotIn(self.anna, self.calendar.member_ids.user_id)
        self.press(for_good, "undo")
        self.assertEqual(self.member(self.anna).weight, weight)
        ill = self.handover(stop=utc(f"{MONDAY} 12:00"))
        self.press(ill, "apply")
        free = self.starts()
        self.assertNotIn(self.anna.id, free["10:00"])
        self.assertIn(self.anna.id, free["13:00"])
        self.press(ill, "undo")
        self.assertIn(self.anna.id, self.starts()["10:00"])

    def test_where_nobody_can_take_it_it_stays_and_says_why(self):
        """B-14, B-08: each colleague's reason in words."""
        (event,) = self.booked()
        self.event(self.ben, "10:00", "10:30")
        self.event(self.carla, "09:00", "12:00")
        run = self.handover()
        self.assertFalse(run.item_ids.taker_id)
        for user in self.others():
            self.assertIn(f"{user.name}: An appointment in Odoo", run.item_ids.reason)
        self.press(run, "apply")
        self.assertEqual((event.user_id, run.item_ids.state), (self.anna, "kept"))

    def test_who_was_booked_after_the_plan_keeps_that_booking(self):
        """B-05, B-14: the database refuses; the appointment stays where it was."""
        (event,) = self.booked()
        run = self.handover()
        taker = run.item_ids.taker_id
        self.assertTrue(self.calendar._take(self.service, TEN, self.member(taker)))
        self.press(run, "apply")
        self.assertEqual((event.user_id, run.item_ids.state), (self.anna, "kept"))
        self.assertIn(taker.name, run.item_ids.reason)

    def test_a_lead_s_own_appointments_go_to_the_chosen_colleagues(self):
        """B-14: what was booked by hand; the customer gets one mail."""
        mia = self.env["res.partner"].create({"name": "Mia", "email": "mia@fjordline.example"})
        lead = self.env["crm.lead"].create({"name": "Fleet", "partner_id": mia.id})
        event = self.event(
            self.anna, "14:00", "15:00", opportunity_id=lead.id,
            partner_ids=[(6, 0, [self.anna.partner_id.id, mia.id])],
        )  # fmt: skip
        self.env["mail.mail"].search([]).unlink()
        self.assertFalse(self.handover().item_ids.taker_id)
        run = self.handover(calendar_id=self.calendar.id)
        self.press(run, "apply")
        self.assertEqual(event.user_id, run.item_ids.taker_id)
        self.assertIn(event.user_id, self.others())
        self.assertEqual(self.mailed_to(), ["mia@fjordline.example"])
        self.assertIn("Handed over", lead.message_ids[0].body)

    def test_an_invited_customer_is_told_by_the_new_calendar_alone(self):
        """B-14: one invitation, and no cancellation of a meeting that takes place."""
        self.calendar.is_customer_invited = True
        self.calendar.member_ids.filtered(lambda one: one.user_id == self.carla).unlink()
        self.booked()
        self.world.mails.clear()
        self.press(self.handover(), "apply")
        self.turn()
        self.tell()
        self.assertEqual([mail.to for mail in self.world.mails], ["mia0@fjordline.example"])
        self.assertEqual(self.mailed_to(), [])

    def test_nobody_hands_over_what_is_not_theirs(self):
        """B-14: a rep only own ones; takers are colleagues of the booking calendar."""
        (event,) = self.booked()
        run = self.env["booking.handover"].with_user(self.ben)
        with self.assertRaises(AccessError):
            run.create({"user_id": self.anna.id})
        mine = run.with_user(self.anna).create({"user_id": self.anna.id})
        self.press(mine, "plan")
        mine.item_ids.taker_id = self.mona
        self.press(mine, "apply")
        self.assertEqual((event.user_id, mine.item_ids.state), (self.anna, "kept"))
        self.assertEqual(instant(event.start), TEN)
