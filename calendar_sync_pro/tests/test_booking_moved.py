"""A booking whose appointment is moved or deleted in the calendar: its time follows."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models.booking_content import BookingDetails
from .booking_case import MONDAY, BookingMixin, at, utc
from .pull_case import PullCase

TEN = at(f"{MONDAY} 10:00")


@tagged("post_install", "-at_install")
class TestBookingMoved(BookingMixin, PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sync_days_ahead = 600
        cls._set_up_booking()
        cls.account = cls._connected(cls.anna, exported_until="2099-01-01")

    def sync(self):
        """One run of the worker."""
        self.account.next_run = fields.Datetime.now() - timedelta(minutes=1)
        self.turn()
        self.env.invalidate_all()

    def booked(self):
        """Anna's booking at ten, which stands in her calendar: (row, remote event)."""
        with self.committing() as env:
            calendar, service = self.calendar.with_env(env), self.service.with_env(env)
            calendar._book(
                service, TEN,
                lambda users: calendar._make_appointment(service, TEN, users, BookingDetails()),
                self.member(self.anna).with_env(env),
            )  # fmt: skip
        self.sync()
        (there,) = self.remotes()
        return self.env["booking.hold"].search([]), there

    def test_moved_there_its_old_time_is_free_and_the_new_one_taken(self):
        """S2-42, S0-23: whatever the rules for new bookings say."""
        held, there = self.booked()
        when = there.fields.when
        later = timedelta(hours=2)
        self.edits(there, when=type(when)(when.start + later, when.stop + later, when.tz))
        self.sync()
        self.assertEqual(held.event_id.start, utc(f"{MONDAY} 12:00"))
        self.assertEqual((held._span()[0], held.state), (utc(f"{MONDAY} 12:00"), "booked"))
        free = self.starts()
        self.assertIn(self.anna.id, free["10:00"])
        self.assertNotIn(self.anna.id, free["12:00"])

    def test_deleted_there_it_is_free_again(self):
        """S2-42: cancelled in Odoo, and its time can be booked."""
        held, there = self.booked()
        self.assertNotIn(self.anna.id, self.starts()["10:00"])
        self.deletes(there)
        self.sync()
        self.assertEqual(held.state, "cancelled")
        self.assertIn(self.anna.id, self.starts()["10:00"])
