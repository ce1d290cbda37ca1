"""Customers at the public booking page, and what leaves the house for them."""

import re

from odoo.tests import HttpCase

from .booking_case import MONDAY, BookingMixin, at

TEN = at(f"{MONDAY} 10:00")
MIA = {"name": "Mia Lindqvist", "email": "Mia@Fjordline.example", "phone": "+49 30 1234567"}
MIAS_ADDRESS = "mia@fjordline.example"


class BookingPageMixin(BookingMixin):
    """Anna and Ben can be booked at `/book/sales`."""

    @classmethod
    def _set_up_page(cls):
        cls._set_up_booking()
        cls.env.company.sync_days_ahead = 600
        cls.calendar.write(
            {
                "page_name": "sales",
                "is_published": True,
                "location_kind": "address",
                "address": "Harbour Street 7",
            }
        )

    def book(self, start=TEN, members=None, source="page", **typed):
        """Mia books: the `booking.customer`."""
        customer, problems = self.calendar._read_customer({**MIA, **typed})
        self.assertEqual(problems, {})
        return self.calendar._book_for(self.service, start, customer, members, source)

    def bookings(self):
        """All bookings of this calendar by somebody outside."""
        return self.env["booking.customer"].search([("calendar_id", "=", self.calendar.id)])

    def outbox(self):
        """[(subject, to)] of mails that wait to be sent, and [(number, text)] of SMS."""
        mails = self.env["mail.mail"].search([("state", "=", "outgoing")], order="id")
        sms = self.env["sms.sms"].search([("state", "=", "outgoing")], order="id")
        return (
            [(mail.subject, mail.email_to or mail.recipient_ids.email) for mail in mails],
            [(each.number, each.body) for each in sms],
        )


class BookingPageCase(BookingPageMixin, HttpCase):
    """With the page's real addresses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_page()
        cls.env["mail.mail"].search([]).unlink()

    def page(self, path="/book/sales", status=200, **asked):
        """The text of a page."""
        answer = self.url_open(f"{path}?{_query(asked)}" if asked else path)
        self.assertEqual(answer.status_code, status)
        return answer.text

    def token(self, start=TEN):
        """What the form of the page carries."""
        text = self.page("/book/sales/details", service=self.service.id, start=start)
        return re.search(r'name="token" value="([^"]+)"', text)[1]

    def post(self, start=TEN, **typed):
        """Send the form."""
        values = {"service": self.service.id, "start": start, **MIA, **typed}
        return self.url_open("/book/sales/book", data=values, allow_redirects=False)


def _query(asked):
    return "&".join(f"{name}={text}" for name, text in asked.items())
