"""When people work: weekly hours, holidays and leave, as Odoo knows them."""

from collections import defaultdict
from datetime import date, timedelta

from odoo.tests import tagged

from ..booking.intervals import IntervalSet, moment
from ..booking.layers import Reason
from .booking_case import MONDAY, TUESDAY, BookingCase, at, utc


@tagged("post_install", "-at_install")
class TestBookingWorkingHours(BookingCase):
    def reasons(self, user, time, day=MONDAY):
        """Why the user is not free at a time."""
        told = self.calendar._explain(self.service, at(f"{day} {time}"))[user.id]
        return [why.reason for why in told]

    def test_days_off_are_named_as_such(self):
        """S2-24, S0-32: a public holiday is not "outside the hours"."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.hours.id,
                "date_from": utc(f"{MONDAY} 00:00"),
                "date_to": utc(f"{MONDAY} 23:59"),
            }
        )
        self.assertEqual(self.starts(), {})
        self.assertEqual(self.reasons(self.anna, "10:00"), [Reason.LEAVE])
        self.assertEqual(len(self.starts(TUESDAY)), 16)

    def test_days_off_hold_in_the_hours_of_a_booking_calendar_too(self):
        """S2-24, S2-15: made for its page alone, they know nothing of holidays or anybody's leave;
        those stand in the usual working times."""
        self.calendar.member_ids.hours_id = False
        self.calendar.hours_id = self.hours
        usual = self.anna.company_id.resource_calendar_id
        self.assertNotEqual(usual, self.hours)
        resource = self.env["resource.resource"].create(
            {"name": "Ben", "user_id": self.ben.id, "calendar_id": usual.id, "tz": "Europe/Berlin"}
        )
        leave = {"calendar_id": usual.id, "resource_id": resource.id}
        self.leave(MONDAY, **leave)
        self.assertEqual(set(self.starts().values()), {(self.anna.id,)})
        self.assertEqual(self.reasons(self.ben, "10:00"), [Reason.LEAVE])
        self.leave(TUESDAY, calendar_id=usual.id)
        self.assertEqual(self.starts(TUESDAY), {})

    def test_days_off_of_others_keep_nobody_from_being_booked(self):
        """S2-24: Anna is in nobody's working times; other working times and another company are
        closed, which is nothing to her."""
        night = self.hours.copy({"name": "Night shift"})
        self.leave(MONDAY, calendar_id=night.id)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        closed = {"date_from": utc(f"{MONDAY} 00:00"), "date_to": utc(f"{MONDAY} 23:59")}
        leaves = self.env["resource.calendar.leaves"].with_company(other)
        elsewhere = leaves.create({"name": "Closed", **closed})
        self.assertEqual(elsewhere.company_id, other)
        self.assertFalse(self.anna.resource_ids)
        self.assertEqual(self.reasons(self.anna, "10:00"), [])
        self.assertEqual(len(self.starts()), 16)

    def test_leave_of_who_works_for_another_company_counts(self):
        """S2-24: Ben is booked here, and his leave is known where he is employed."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        resource = self.env["resource.resource"].create(
            {"name": "Ben", "user_id": self.ben.id, "company_id": other.id,
             "calendar_id": other.resource_calendar_id.id, "tz": "Europe/Berlin"}
        )  # fmt: skip
        self.leave(MONDAY, calendar_id=resource.calendar_id.id, resource_id=resource.id)
        self.assertEqual(self.reasons(self.ben, "10:00"), [Reason.LEAVE])
        self.assertEqual(set(self.starts().values()), {(self.anna.id,)})

    def leave(self, day, **values):
        """A day off."""
        times = {"date_from": utc(f"{day} 00:00"), "date_to": utc(f"{day} 23:59")}
        self.env["resource.calendar.leaves"].create({"name": "Off", **times, **values})

    def test_hours_that_are_more_than_a_week_are_odoos(self):
        """S2-15: two weeks in turn; the other one is free."""
        self.hours.attendance_ids.unlink()
        lines = [
            {"name": "Day", "dayofweek": "0", "hour_from": 9, "hour_to": 17, "week_type": kind,
             "day_period": "morning"} for kind in ("0",)
        ]  # fmt: skip
        self.hours.write(
            {"two_weeks_calendar": True, "attendance_ids": [(0, 0, line) for line in lines]}
        )
        first, next_week = date.fromisoformat(MONDAY), date.fromisoformat(MONDAY) + timedelta(7)
        works = {self.env["resource.calendar.attendance"].get_week_type(first): MONDAY}
        works[1 - next(iter(works))] = str(next_week)
        self.assertEqual(len(self.starts(works[0])), 16)
        self.assertEqual(self.starts(works[1]), {})

    def test_weekly_hours_are_those_that_odoo_works_out(self):
        """S2-15: in the zone of the person, for split days, whole nights, lunch left out."""
        rows = [("0", 9, 12, "morning"), ("0", 12, 13, "lunch"), ("0", 13, 24, "afternoon"),
                ("1", 0, 7.5, "morning"), ("3", 8.25, 17.75, "morning")]  # fmt: skip
        self.hours.attendance_ids = [(5, 0, 0)] + [
            (0, 0, {"name": "Day", "dayofweek": day, "hour_from": start, "hour_to": stop,
                    "day_period": period}) for day, start, stop, period in rows
        ]  # fmt: skip
        resource = self.env["resource.resource"].create(
            {"name": "Ben", "user_id": self.ben.id, "calendar_id": self.hours.id,
             "tz": "America/New_York"}
        )  # fmt: skip
        early = at(f"{MONDAY} 00:00") - 86400
        late = early + 9 * 86400
        ours = self.env["booking.search"]._hours(
            self.calendar.member_ids, early, late, defaultdict(list)
        )
        theirs = self.hours._attendance_intervals_batch(moment(early), moment(late), resource)
        for user, number in ((self.anna, False), (self.ben, resource.id)):
            expected = [
                (round(a.timestamp()), round(b.timestamp())) for a, b, _row in theirs[number]
            ]
            self.assertEqual(ours[self.member(user)].spans, IntervalSet.of(expected).spans)
