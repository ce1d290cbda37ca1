"""From Odoo's rows to free slots: every source of truth, and no query per person."""

from datetime import timedelta

import psycopg2
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..booking.layers import Reason
from .booking_case import MONDAY, SUMMER, TUESDAY, BookingCase, at, utc


@tagged("post_install", "-at_install")
class TestBookingSearch(BookingCase):
    def reasons(self, user, time, day=MONDAY):
        """Why the user is not free at a time."""
        return [why.reason for why in self.why(user, time, day)]

    def why(self, user, time, day=MONDAY):
        """The same with what stands there."""
        return self.calendar._explain(self.service, at(f"{day} {time}"))[user.id]

    def connect(self, user, status="active", **calendar):
        """An account of the user with one calendar that blocks, just read."""
        account = self.env["calendar.sync.account"].create(
            {
                "user_id": user.id,
                "company_id": user.company_id.id,
                "provider": "google",
                "remote_id": user.login,
                "email": user.email,
                "status": status,
            }
        )
        return self.env["calendar.sync.calendar"].create(
            {
                "account_id": account.id,
                "remote_id": user.login,
                "name": user.email,
                "access_role": "owner",
                "can_write": True,
                "blocks_availability": True,
                "last_read": fields.Datetime.now(),
                **calendar,
            }
        )

    def busy(self, calendar, start, stop, kind="busy"):
        """A busy time on Monday."""
        self.env["calendar.sync.busy"].create(
            {
                "calendar_id": calendar.id,
                "user_id": calendar.user_id.id,
                "start": utc(f"{MONDAY} {start}"),
                "stop": utc(f"{MONDAY} {stop}"),
                "kind": kind,
            }
        )

    def test_hours_minus_an_appointment_leave_the_rest(self):
        """S0-21, S0-26: 9 to 17 with a meeting 14 to 15."""
        self.event(self.anna, "14:00", "15:00")
        times = self.starts(members=self.member(self.anna))
        self.assertEqual((min(times), max(times), len(times)), ("09:00", "16:30", 14))
        self.assertFalse({"14:00", "14:30"} & times.keys())
        self.assertEqual(self.reasons(self.anna, "14:00"), [Reason.APPOINTMENT])
        self.assertEqual(self.reasons(self.ben, "14:00"), [])

    def test_changed_hours_count_at_once(self):
        """S0-22, S2-54."""
        self.assertIn("16:30", self.starts())
        self.hours.attendance_ids.hour_to = 12
        self.assertNotIn("12:00", self.starts())
        self.assertEqual(self.reasons(self.anna, "12:00"), [Reason.HOURS])

    def test_hours_stay_local_when_the_clocks_change(self):
        """D-07: the Monday after the change still begins at nine."""
        self.assertEqual(min(self.starts(SUMMER)), "09:00")

    def test_the_kinds_of_busy_times(self):
        """S0-23, S0-24, S0-25: at a connected calendar, named in the explanation."""
        calendar = self.connect(self.anna)
        for hour, kind in enumerate(
            ("busy", "out_of_office", "tentative", "free", "elsewhere"), start=9
        ):
            self.busy(calendar, f"{hour:02}:00", f"{hour + 1:02}:00", kind)
        hours = {time[:2] for time in self.starts(members=self.member(self.anna))}
        self.assertEqual({"09", "10", "11", "12", "13"} - hours, {"09", "10"})
        (why,) = self.why(self.anna, "09:00")
        self.assertEqual((why.reason, why.source), (Reason.BUSY, calendar.id))
        self.calendar.tentative_blocks = True
        self.assertEqual(self.reasons(self.anna, "11:00"), [Reason.BUSY])

    def test_every_calendar_that_blocks_counts_and_no_other(self):
        """S2-32: the second one ticked blocks, unticked it does not."""
        self.connect(self.anna)
        account = self.env["calendar.sync.account"].search([("user_id", "=", self.anna.id)])
        second = self.env["calendar.sync.calendar"].create(
            {
                "account_id": account.id,
                "remote_id": "family",
                "name": "Family",
                "access_role": "reader",
                "can_write": False,
                "blocks_availability": True,
                "busy_read": fields.Datetime.now(),
            }
        )
        self.busy(second, "10:00", "11:00")
        self.assertEqual(self.reasons(self.anna, "10:00"), [Reason.BUSY])
        second.blocks_availability = False
        self.assertEqual(self.reasons(self.anna, "10:00"), [])

    def test_a_calendar_that_cannot_be_read_takes_its_owner_out(self):
        """B-05, S2-64: broken, disconnected or stale; the colleague is still offered."""
        calendar = self.connect(self.anna)
        self.assertEqual(self.reasons(self.anna, "10:00"), [])
        calendar.last_read = fields.Datetime.now() - timedelta(minutes=31)
        self.assertEqual(self.reasons(self.anna, "10:00"), [Reason.UNREADABLE])
        calendar.last_read = fields.Datetime.now()
        for status in ("reconnect_required", "paused", "not_connected"):
            calendar.account_id.status = status
            self.assertEqual(self.reasons(self.anna, "10:00"), [Reason.UNREADABLE], status)
        self.assertEqual(self.starts()["10:00"], (self.ben.id,))

    def test_beyond_the_synced_time_nobody_connected_is_offered(self):
        """B-05: bookable further ahead than the calendar is read, the unread part fails closed."""
        self.connect(self.anna)
        self.assertEqual(self.reasons(self.anna, "10:00"), [])
        self.anna.company_id.sync_days_ahead = 20
        self.assertEqual(self.reasons(self.anna, "10:00"), [Reason.UNREADABLE])
        self.assertEqual(self.reasons(self.ben, "10:00"), [])

    def test_who_never_connected_is_out_unless_odoo_is_enough(self):
        """S2-26."""
        self.calendar.is_odoo_enough = False
        self.connect(self.anna)
        self.assertEqual(self.starts()["10:00"], (self.anna.id,))
        self.assertEqual(self.reasons(self.ben, "10:00"), [Reason.UNREADABLE])

    def test_an_unanswered_invitation_counts_as_tentative(self):
        """S0-25: declined it never blocks, accepted always."""
        both = [(6, 0, (self.anna + self.ben).partner_id.ids)]
        event = self.event(self.anna, "10:00", "11:00", partner_ids=both)
        guest = event.attendee_ids.filtered(lambda one: one.partner_id == self.ben.partner_id)
        guest.state = "needsAction"
        self.assertEqual(self.reasons(self.ben, "10:00"), [])
        self.assertEqual(self.reasons(self.anna, "10:00"), [Reason.APPOINTMENT])
        self.calendar.tentative_blocks = True
        self.assertEqual(self.reasons(self.ben, "10:00"), [Reason.APPOINTMENT])
        guest.state = "declined"
        self.assertEqual(self.reasons(self.ben, "10:00"), [])
        self.calendar.tentative_blocks = False
        guest.state = "accepted"
        self.assertEqual(self.reasons(self.ben, "10:00"), [Reason.APPOINTMENT])

    def test_free_and_whole_day_appointments(self):
        """S0-24: shown as free blocks nothing; a whole day is the person's local day."""
        self.event(self.anna, "10:00", "11:00", show_as="free")
        self.assertEqual(self.reasons(self.anna, "10:00"), [])
        whole = {"allday": True, "start_date": MONDAY, "stop_date": MONDAY}
        self.event(self.anna, "10:00", "11:00", **whole)
        self.assertEqual(self.starts(members=self.member(self.anna)), {})
        self.assertEqual(len(self.starts(TUESDAY, self.member(self.anna))), 16)
        self.calendar.all_day_blocks = False
        self.assertEqual(len(self.starts(members=self.member(self.anna))), 16)

    def test_blocked_times_of_the_team_and_of_a_person(self):
        """S2-21, S2-22, S2-23: lunch every workday, also after the clocks changed."""
        blocked = {"tz": "Europe/Berlin", "repeat": "workdays", "name": "Dentist"}
        noon = {"start": utc(f"{MONDAY} 12:00"), "stop": utc(f"{MONDAY} 13:00")}
        once = {"start": utc(f"{MONDAY} 15:00"), "stop": utc(f"{MONDAY} 16:00")}
        times = self.env["booking.blocked.time"]
        times.create(blocked | noon | {"calendar_id": self.calendar.id})
        times.create(blocked | once | {"user_id": self.anna.id, "repeat": False})
        for day in (MONDAY, SUMMER):
            self.assertFalse({"12:00", "12:30"} & self.starts(day).keys())
            self.assertIn("13:00", self.starts(day))
        self.assertEqual(self.starts()["15:00"], (self.ben.id,))
        self.assertEqual(set(self.starts(SUMMER)["15:00"]), {self.anna.id, self.ben.id})

    def test_what_a_blocked_time_is_for_stays_private(self):
        """S2-23: neither a colleague nor the administrator reads or changes it."""
        admin = self._person("boss")
        admin.group_ids += self.env.ref("calendar_sync_pro.group_admin")
        mine = (
            self.env["booking.blocked.time"]
            .with_user(self.anna)
            .create(
                {
                    "name": "Dentist",
                    "user_id": self.anna.id,
                    "start": utc(f"{MONDAY} 15:00"),
                    "stop": utc(f"{MONDAY} 16:00"),
                }
            )
        )
        for other in (self.ben, admin):
            self.assertFalse(self.env["booking.blocked.time"].with_user(other).search([]))
            with self.assertRaises(AccessError):
                mine.with_user(other).read(["name"])
        with self.assertRaises(AccessError):
            mine.with_user(self.anna).copy({"user_id": self.ben.id})
        self.assertEqual(self.reasons(self.anna, "15:00"), [Reason.BLOCKED])

    def test_a_blocked_time_that_makes_no_sense_is_refused(self):
        values = {"name": "Lunch", "user_id": self.anna.id, "tz": "Europe/Berlin"}
        noon, one = utc(f"{MONDAY} 12:00"), utc(f"{MONDAY} 13:00")
        for wrong in (
            {"start": one, "stop": noon},
            {"start": noon},
            {"start": noon, "stop": one, "calendar_id": self.calendar.id},
            {"is_all_day": True, "start_date": TUESDAY, "stop_date": MONDAY},
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env["booking.blocked.time"].create(values | wrong)

    def test_a_service_leads_to_those_who_can_do_it(self):
        """S2-29, S2-30, S2-20: and takes as long as it takes."""
        skill = self.env["booking.skill"].create({"name": "AC repair"})
        self.member(self.ben).skill_ids = skill
        self.service.write({"skill_ids": [(4, skill.id)], "duration_min": 45})
        self.assertEqual(set(self.starts().values()), {(self.ben.id,)})
        self.assertEqual(max(self.starts()), "16:00")
        self.assertEqual(self.reasons(self.anna, "10:00"), [Reason.SKILL])

    def test_the_number_of_queries_does_not_grow_with_people_and_events(self):
        """S2-54: a page for a team costs what it costs for one, each with hours of their own."""
        people = [self._person(f"more{number}") for number in range(8)]
        for user in people:
            for hour in range(9, 16):
                self.event(user, f"{hour:02}:00", f"{hour:02}:30")

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.starts()
            return self.env.cr.sql_log_count - before

        self.starts()
        few = queries()
        self.calendar.member_ids = [
            (0, 0, {"user_id": user.id, "hours_id": self.hours.copy({"name": user.name}).id})
            for user in people
        ]
        self.assertEqual(len(self.starts()["16:00"]), 10)
        self.assertLessEqual(queries(), few)

    def test_a_colleague_offers_slots_without_seeing_the_appointments(self):
        """S2-62: times and ids leave, a title never does."""
        self.event(self.anna, "10:00", "11:00", privacy="private")
        calendar = self.calendar.with_user(self.ben)
        free = calendar._slots(self.service, at(f"{MONDAY} 10:00"), at(f"{MONDAY} 10:01"))
        self.assertEqual([slot.free for slot in free], [(self.ben.id,)])
        self.assertNotIn("Secret", str(calendar._explain(self.service, at(f"{MONDAY} 10:00"))))

    def test_rules_that_make_no_sense_are_refused(self):
        """S2-16: by the database."""
        for wrong in ({"step_min": 0}, {"duration_min": 0}, {"notice_min": -1}, {"per_day": -1}):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.calendar.write(wrong)
                self.calendar.flush_recordset()
