"""A held or booked time is one person's, and the database itself sees to it."""

import psycopg2
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.booking_take import SlotTaken
from .booking_case import MONDAY, TUESDAY, BookingCase, at, utc

TEN = at(f"{MONDAY} 10:00")


@tagged("post_install", "-at_install")
class TestBookingHold(BookingCase):
    def take(self, start=TEN, **more):
        return self.calendar._take(self.service, start, **more)

    def booked(self, user, start="10:00", stop="10:30"):
        """A confirmed booking of the user on Monday."""
        held = self.take(at(f"{MONDAY} {start}"), members=self.member(user))
        held._confirm(self.event(user, start, stop))
        return held

    def test_the_database_refuses_the_same_time_twice(self):
        """S2-47: also for code that checks nothing, and only for the same person."""
        held = self.take(members=self.member(self.anna))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ExclusionViolation),
            self.env.cr.savepoint(),
        ):
            held.copy({"expires_at": held.expires_at, "user_id": self.anna.id})
        self.assertTrue(held.copy({"expires_at": held.expires_at, "user_id": self.ben.id}))

    def test_a_range_without_length_or_person_cannot_slip_through(self):
        """S2-47: empty ranges overlap nothing, so they are refused."""
        held = self.take()
        for wrong in ({"stop": held.start}, {"user_id": False}, {"expires_at": False}):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                held.copy({"start": utc(f"{TUESDAY} 09:00"), "expires_at": held.expires_at} | wrong)

    def test_the_same_slot_goes_to_the_colleague_and_then_to_nobody(self):
        """S2-44: two people, two bookings; the third is offered what comes next."""
        first, second = self.take(), self.take()
        self.assertEqual((first + second).user_id, self.anna + self.ben)
        with self.assertRaises(SlotTaken) as refused:
            self.take()
        after = [at(f"{MONDAY} {time}") for time in ("10:30", "11:00", "11:30")]
        self.assertEqual([slot.start for slot in refused.exception.alternatives], after)
        self.assertEqual(len(self.env["booking.hold"].search([])), 2)

    def test_buffers_are_inside_the_stored_range(self):
        """S2-18, S2-19: and the appointment itself is what was asked for."""
        self.calendar.write({"buffer_before_min": 15, "buffer_after_min": 10})
        held = self.take()
        self.assertEqual(held.start, utc(f"{MONDAY} 09:45"))
        self.assertEqual(held.stop, utc(f"{MONDAY} 10:40"))
        self.assertEqual(held._span(), (utc(f"{MONDAY} 10:00"), utc(f"{MONDAY} 10:30")))

    def test_an_expired_hold_is_free_again(self):
        """S2-47: who left the page takes nothing from anybody."""
        held = self.take(members=self.member(self.anna))
        self.assertNotIn("10:00", self.starts(members=self.member(self.anna)))
        held.expires_at = "2020-01-01 00:00:00"
        self.assertIn("10:00", self.starts(members=self.member(self.anna)))
        again = self.take(members=self.member(self.anna))
        self.assertFalse(held.exists())
        self.assertEqual(again.user_id, self.anna)

    def test_forged_times_are_refused_for_their_reason(self):
        """S2-48, S2-49, S2-50: blocked, outside the hours, and off the grid."""
        self.env["booking.blocked.time"].create(
            {
                "name": "Meeting",
                "calendar_id": self.calendar.id,
                "start": utc(f"{MONDAY} 12:00"),
                "stop": utc(f"{MONDAY} 13:00"),
                "tz": "Europe/Berlin",
            }
        )
        forged = {"12:00": "blocked", "08:00": "hours", "10:07": "step"}
        for time, reason in forged.items():
            with self.assertRaises(SlotTaken) as refused:
                self.take(at(f"{MONDAY} {time}"))
            why = refused.exception.reasons[self.anna.id]
            self.assertEqual([str(each.reason) for each in why], [reason])
        for absurd in (0, 10**12, -(10**12)):
            with self.assertRaises(SlotTaken) as refused:
                self.take(absurd)
            self.assertEqual(len(refused.exception.alternatives), 3)
        self.assertFalse(self.env["booking.hold"].search([]))

    def test_bookings_are_shared_out(self):
        """S2-25, S2-28: eight bookings over two people are four each, in both modes."""
        for mode in ("round_robin", "balanced"):
            self.calendar.mode = mode
            self.env["booking.hold"].search([]).event_id.unlink()
            self.assertFalse(self.env["booking.hold"].search([]))
            for number in range(8):
                start = at(f"{MONDAY} 09:00") + number * 1800
                held = self.take(start)
                held._confirm(self.event(held.user_id, "09:00", "09:30"))
                held.assigned_at = f"2026-01-01 00:00:{number:02}"
                held.flush_recordset()
            counts = [
                self.env["booking.hold"].search_count([("user_id", "=", user.id)])
                for user in (self.anna, self.ben)
            ]
            self.assertEqual(counts, [4, 4])

    def test_the_leads_salesperson_gets_it_when_free(self):
        """S2-27: the setting; busy, it is the colleague."""
        self.assertEqual(self.take(salesperson=self.ben).user_id, self.ben)
        self.assertEqual(self.take(salesperson=self.ben).user_id, self.anna)

    def test_together_means_everybody_or_nobody(self):
        """S2-25: two rows at once, or none."""
        self.calendar.mode = "collective"
        self.assertEqual(self.take().user_id, self.anna + self.ben)
        self.event(self.ben, "11:00", "11:30")
        with self.assertRaises(SlotTaken):
            self.take(at(f"{MONDAY} 11:00"))
        self.assertEqual(len(self.env["booking.hold"].search([])), 2)

    def test_a_moved_appointment_takes_its_booking_along(self):
        """S2-53, S2-54: the old time is free and the new one is not, at once."""
        held = self.booked(self.anna)
        held.event_id.write({"start": utc(f"{MONDAY} 14:00"), "stop": utc(f"{MONDAY} 14:30")})
        times = self.starts(members=self.member(self.anna))
        self.assertIn("10:00", times)
        self.assertNotIn("14:00", times)
        self.assertEqual(held._span()[0], utc(f"{MONDAY} 14:00"))

    def test_a_cancelled_appointment_frees_its_time(self):
        """S2-52: archived or deleted."""
        first, second = self.booked(self.anna), self.booked(self.ben)
        first.event_id.active = False
        self.assertEqual(self.starts()["10:00"], (self.anna.id,))
        self.assertEqual(first.state, "cancelled")
        second.event_id.unlink()
        self.assertEqual(set(self.starts()["10:00"]), {self.anna.id, self.ben.id})

    def test_moved_over_another_booking_both_times_stay_taken(self):
        """S2-47: decided in a calendar, so it is not refused; but nothing more is booked there."""
        first, second = self.booked(self.anna), self.booked(self.anna, "11:00", "11:30")
        second.event_id.write({"start": utc(f"{MONDAY} 10:15"), "stop": utc(f"{MONDAY} 10:45")})
        times = self.starts(members=self.member(self.anna))
        self.assertEqual(second.state, "overlapping")
        self.assertEqual(first.state, "booked")
        self.assertFalse({"10:00", "10:30"} & times.keys())
        self.assertIn("11:00", times)
        second.event_id.write({"start": utc(f"{MONDAY} 15:00"), "stop": utc(f"{MONDAY} 15:30")})
        self.env.cr.precommit.run()
        self.assertEqual(second.state, "booked")

    def test_nobody_writes_bookings_by_hand(self):
        """S2-47: rows are made by the product only, and seen by their person."""
        held = self.take(members=self.member(self.anna))
        with self.assertRaises(AccessError):
            held.with_user(self.anna).write({"state": "cancelled"})
        with self.assertRaises(AccessError):
            self.env["booking.hold"].with_user(self.anna).create({"user_id": self.anna.id})
        self.assertEqual(self.env["booking.hold"].with_user(self.anna).search([]), held)
        self.assertFalse(self.env["booking.hold"].with_user(self.ben).search([]))
