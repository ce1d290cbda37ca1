"""A booking calendar with two people, for the tests of booking."""

from datetime import date, datetime, timedelta

from odoo.tests import TransactionCase, new_test_user

from ..booking.intervals import instant, moment
from ..core import timezones

BERLIN = "Europe/Berlin"
_YEAR = date.today().year + 1
_FIRST, _LAST = date(_YEAR, 3, 1), date(_YEAR, 3, 31)
_MONDAY = _FIRST + timedelta(days=-_FIRST.weekday() % 7)
MONDAY, TUESDAY = str(_MONDAY), str(_MONDAY + timedelta(days=1))
SUMMER = str(_LAST - timedelta(days=(_LAST.weekday() + 1) % 7 - 1))
"""The Monday after the clocks went forward in Berlin on the last Sunday of March."""


def at(text, tz=BERLIN):
    """UTC seconds of `2027-03-01 09:00` on the wall clock of a zone."""
    return instant(timezones.to_utc(datetime.fromisoformat(text), tz))


def utc(text, tz=BERLIN):
    """The same as Odoo keeps it."""
    return timezones.to_utc(datetime.fromisoformat(text), tz).replace(tzinfo=None)


class BookingMixin:
    """Anna and Ben work 9 to 17 in Berlin. Nobody has connected a calendar."""

    @classmethod
    def _set_up_booking(cls):
        cls.hours = cls.env["resource.calendar"].create(
            {
                "name": "Nine to five",
                "tz": BERLIN,
                "attendance_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Day",
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 17,
                            "day_period": "morning",
                        },
                    )
                    for day in range(5)
                ],
            }
        )
        cls.anna, cls.ben = (cls._person(name) for name in ("anna", "ben"))
        cls.service = cls.env["booking.service"].create(
            {"name": "Consultation", "duration_min": 30}
        )
        cls.calendar = cls.env["booking.calendar"].create(
            {
                "name": "Sales",
                "tz": BERLIN,
                "is_odoo_enough": True,
                "notice_min": 0,
                "advance_days": 500,
                "buffer_before_min": 0,
                "buffer_after_min": 0,
                "service_ids": [(4, cls.service.id)],
                "member_ids": [
                    (0, 0, {"user_id": user.id, "hours_id": cls.hours.id})
                    for user in (cls.anna, cls.ben)
                ],
            }
        )

    @classmethod
    def _person(cls, name):
        return new_test_user(cls.env, f"{name}.booked", email=f"{name}@booked.example", tz=BERLIN)

    def starts(self, day=MONDAY, members=None):
        """{wall-clock time: who is free} of one day."""
        found = self.calendar._slots(self.service, at(f"{day} 00:00"), at(f"{day} 23:59"), members)
        return {f"{timezones.to_local(moment(s.start), BERLIN):%H:%M}": s.free for s in found}

    def member(self, user):
        """The user's place in the calendar."""
        return self.calendar.member_ids.filtered(lambda member: member.user_id == user)

    def event(self, user, start, stop, **values):
        """An appointment of the user on Monday."""
        return (
            self.env["calendar.event"]
            .with_user(user)
            .sudo()
            .create(
                {
                    "name": "Secret",
                    "start": utc(f"{MONDAY} {start}"),
                    "stop": utc(f"{MONDAY} {stop}"),
                    "user_id": user.id,
                    "partner_ids": [(6, 0, user.partner_id.ids)],
                    **values,
                }
            )
        )


class BookingCase(BookingMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sync_days_ahead = 600
        cls._set_up_booking()
