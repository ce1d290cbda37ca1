"""Anna is away; Mona hands her appointments over to Ben and Carla."""

from odoo import fields
from odoo.tests import new_test_user

from ..booking.intervals import moment
from ..core.event import EventFields, RemoteEvent
from ..core.when import When
from .booking_case import BERLIN, MONDAY, BookingMixin, at
from .push_case import PushCase

TEN = at(f"{MONDAY} 10:00")
HALF = 1800


class HandoverCase(BookingMixin, PushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_booking()
        cls.env.company.sync_days_ahead = 600
        cls.calendar.location_kind = "phone"
        cls.carla = cls._person("carla")
        cls.calendar.member_ids = [(0, 0, {"user_id": cls.carla.id, "hours_id": cls.hours.id})]
        cls.anna.group_ids |= cls.env.ref("sales_team.group_sale_salesman")
        cls.mona = new_test_user(
            cls.env, "mona.booked", groups="sales_team.group_sale_manager", tz="Europe/Berlin"
        )
        for user in (cls.anna, cls.ben):
            account = cls._connected(user)
            account.calendar_ids.write(
                {"blocks_availability": True, "last_read": fields.Datetime.now()}
            )

    def setUp(self):
        super().setUp()
        for user in (self.anna, self.ben):
            self.world.account(user.email)
        self.env["mail.mail"].search([]).unlink()
        self.env["sms.sms"].search([]).unlink()

    def booked(self, count=1, user=None, **typed):
        """Bookings of customers with Anna, each half an hour later; they have been confirmed."""
        user = user or self.anna
        for number in range(count):
            with self.committing() as env:
                calendar = self.calendar.with_env(env)
                customer, _problems = calendar._read_customer(
                    {
                        "name": f"Mia {number}", "email": f"mia{number}@fjordline.example",
                        "phone": "+49 30 1234567", **typed,
                    }
                )  # fmt: skip
                calendar._book_for(
                    self.service.with_env(env), TEN + number * HALF, customer,
                    self.member(user).with_env(env),
                )  # fmt: skip
        self.env.invalidate_all()
        self.tell()
        self.turn()
        self.env["mail.mail"].search([]).unlink()
        self.env["sms.sms"].search([]).unlink()
        return (
            self.env["booking.customer"].search([("calendar_id", "=", self.calendar.id)]).event_id
        )

    def tell(self):
        """The cron that tells customers, when everything is due."""
        rows = self.env["booking.customer"].search([("due_at", "!=", False)])
        rows.due_at = fields.Datetime.now()
        with self.committing() as env:
            env["booking.customer"]._cron_tell()
        self.env.invalidate_all()

    def handover(self, user=None, **values):
        """Mona's plan for somebody who is away."""
        values = {"user_id": (user or self.anna).id, **values}
        run = self.env["booking.handover"].with_user(self.mona).create(values)
        self.press(run, "plan")
        return run

    def press(self, run, button):
        """Press a button as whoever made the run."""
        with self.committing() as env:
            getattr(run.with_env(env).with_user(run.env.user.id), f"action_{button}")()
        self.env.invalidate_all()

    def mailed_to(self):
        """Addresses outside the house, one for each mail."""
        mails = self.env["mail.mail"].search([])
        people = [mail.email_to or mail.recipient_ids.email for mail in mails]
        return sorted(one for one in people if one and "fjordline" in one)

    def enter(self, user, start, stop):
        """Somebody enters an event on the telephone; nothing is read yet."""
        when = When(*(moment(at(f"{MONDAY} {time}")) for time in (start, stop)), BERLIN)
        event = RemoteEvent(
            remote_id=f"r{start}", etag="", ical_uid=f"{start}@there", fields=EventFields(when=when)
        )
        self.world.put(user.email, event)

    def others(self):
        return self.ben + self.carla

    def account_of(self, user):
        return self.env["calendar.sync.account"].search([("user_id", "=", user.id)])
