"""Bookable further ahead than events are synced: busy times are known there too."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..booking.layers import Reason
from .booking_case import BookingMixin
from .pull_case import PullCase

FAR = 200


@tagged("post_install", "-at_install")
class TestBookingAhead(BookingMixin, PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_booking()
        always = [(0, 0, {"name": "Day", "dayofweek": str(day), "hour_from": 0, "hour_to": 24,
                          "day_period": "morning"}) for day in range(7)]  # fmt: skip
        cls.hours.write({"attendance_ids": [(5, 0, 0), *always], "tz": "UTC"})
        cls.calendar.write({"advance_days": 250, "tz": "UTC"})
        cls.calendar.member_ids = [(0, 0, {"user_id": cls.user.id, "hours_id": cls.hours.id})]
        cls.account.calendar_ids.write({"blocks_availability": True})

    def reasons(self, hour, days=FAR):
        """Why the rep isn't free then."""
        start = int(self.at(hour, days).timestamp())
        told = self.calendar._explain(self.service, start, self.member(self.user))
        return [why.reason for why in told[self.user.id]]

    def sync(self):
        """One run of the worker."""
        self.account.next_run = fields.Datetime.now() - timedelta(minutes=1)
        self.turn()
        self.env.invalidate_all()

    def busy(self):
        rows = self.env["calendar.sync.busy"].search([("user_id", "=", self.user.id)])
        return rows.sorted("start").mapped("start")

    def test_what_is_far_ahead_blocks_and_only_its_time_is_kept(self):
        """S2-17, S0-23, B-05: beyond the synced days, up to the longest advance."""
        self.adds("Conference", 10, FAR)
        self.assertEqual(self.reasons(10), [Reason.UNREADABLE])
        self.sync()
        self.assertEqual(self.reasons(10), [Reason.BUSY])
        self.assertEqual(self.reasons(14), [])
        self.assertEqual(self.busy(), [self.at(10, FAR).replace(tzinfo=None)])
        named = self.env["calendar.event"].search([("name", "=", "Conference")])
        self.assertFalse(named)

    def test_what_is_deleted_there_is_free_again(self):
        """S2-42: with the next reading."""
        event = self.adds("Conference", 10, FAR)
        self.sync()
        self.deletes(event)
        self.sync()
        self.assertEqual((self.reasons(10), self.busy()), ([], []))

    def test_beyond_the_longest_advance_nothing_is_asked(self):
        """C7: no more is read than somebody can be booked for."""
        self.adds("Conference", 10, 300)
        self.sync()
        self.assertEqual(self.busy(), [])
        self.calendar.advance_days = 30
        self.env["booking.calendar"].search([]).advance_days = 30
        busy = self.env["calendar.sync.busy.pull"]
        self.assertFalse(busy._ahead(self.account))

    def test_a_service_that_is_booked_further_ahead_counts(self):
        """S2-17: its own maximum advance is the longest one."""
        self.calendar.advance_days = 30
        self.service.write({"has_own_rules": True, "advance_days": 250})
        self.adds("Conference", 10, FAR)
        self.sync()
        self.assertEqual(len(self.busy()), 1)

    def test_far_ahead_is_not_trusted_longer_than_the_rest(self):
        """C19: read too long ago, it fails closed."""
        self.sync()
        self.assertEqual(self.reasons(14), [])
        late = fields.Datetime.now() - timedelta(minutes=31)
        self.account.calendar_ids.write({"last_read": late, "busy_read": late})
        self.assertEqual(self.reasons(14), [Reason.UNREADABLE])
