"""Customers at the public booking page, and what leaves the house for them."""

import base64
import re
from contextlib import contextmanager
from urllib.parse import urlencode

import icalendar
from odoo.tests import HttpCase

from ..models import booking_guard
from .booking_case import MONDAY, BookingMixin, at

TEN = at(f"{MONDAY} 10:00")
MIA = {"name": "Mia Lindqvist", "email": "Mia@Fjordline.example", "phone": "+49 30 1234567"}
MIAS_ADDRESS, MIAS_PHONE = "mia@fjordline.example", "+49301234567"


class BookingPageCase(BookingMixin, HttpCase):
    """Anna and Ben can be booked at `/book/sales`; nobody has connected a calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_booking()
        cls.env.company.write({"sync_days_ahead": 600, "name": "Northwind"})
        cls.calendar.write(
            {
                "page_name": "sales",
                "is_published": True,
                "location_kind": "address",
                "address": "Harbour Street 7",
            }
        )
        cls.env["mail.mail"].search([]).unlink()
        cls.env["sms.sms"].search([]).unlink()

    def setUp(self):
        super().setUp()
        self.patch(booking_guard, "FASTEST_S", 0)

    # -- in the browser ---------------------------------------------------------------------------
    def page(self, path="/book/sales", status=200, **asked):
        """The text of a page."""
        answer = self.url_open(f"{path}?{urlencode(asked)}" if asked else path)
        self.assertEqual(answer.status_code, status, answer.text[-2000:])
        return answer.text

    def times(self, path="/book/sales", **asked):
        """The times that the page offers, as it shows them."""
        text = self.page(path, **{"day": MONDAY, "tz": "Europe/Berlin", **asked})
        return re.findall(r"<time[^>]*>([^<]+)</time>", text)

    def token(self, start=TEN):
        """What the form of the page carries."""
        text = self.page("/book/sales/details", service=self.service.id, start=start)
        return re.search(r'name="token" value="([^"]+)"', text)[1]

    def post(self, start=TEN, **typed):
        """Send the form."""
        values = {"service": self.service.id, "start": start, "tz": "Europe/Berlin", **MIA, **typed}
        if "token" not in values:
            values["token"] = self.token(start)
        return self.url_open("/book/sales/book", data=values, allow_redirects=False)

    # -- without it -------------------------------------------------------------------------------
    @contextmanager
    def committing(self):
        """An environment in which code may commit: savepoints stand in for transactions."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            yield self.env(cr=cr)
        self.env.invalidate_all()

    def book(self, start=TEN, members=None, source="page", **typed):
        """Mia books: the `booking.customer`."""
        with self.committing() as env:
            calendar = self.calendar.with_env(env)
            customer, problems = calendar._read_customer({**MIA, **typed})
            self.assertEqual(problems, {})
            people = members and members.with_env(env)
            service = self.service.with_env(env)
            booked = calendar._book_for(service, start, customer, people, source)
        return self.env["booking.customer"].browse(booked.id)

    def tell(self):
        """The cron runs; what it sent: [(subject, to)], [(number, text)]."""
        self.env.cr.precommit.run()
        before = self.outbox()
        with self.committing() as env:
            env["booking.customer"]._cron_tell()
        after = self.outbox()
        return tuple(after[kind][len(before[kind]) :] for kind in (0, 1))

    def outbox(self):
        """[(subject, to)] of all mails that wait to be sent, [(number, text)] of all SMS."""
        mails = self.env["mail.mail"].search([], order="id")
        sms = self.env["sms.sms"].search([], order="id")
        return (
            [(mail.subject, mail.email_to or mail.recipient_ids.email) for mail in mails],
            [(each.number, each.body) for each in sms],
        )

    def files(self, booking):
        """The calendar files that were mailed for a booking, oldest first."""
        kept = self.env["ir.attachment"].search(
            [("res_model", "=", booking._name), ("res_id", "=", booking.id)], order="id"
        )
        return [icalendar.Calendar.from_ical(base64.b64decode(each.datas)) for each in kept]

    def bookings(self):
        """All bookings of this calendar by somebody outside."""
        return self.env["booking.customer"].search([("calendar_id", "=", self.calendar.id)])
