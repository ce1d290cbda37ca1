"""The public booking page, as a visitor's browser without scripts meets it."""

from odoo.tests import tagged

from ..models import booking_guard
from .booking_case import MONDAY, at
from .booking_page_case import MIAS_ADDRESS, TEN, BookingPageCase


@tagged("post_install", "-at_install")
class TestBookingPage(BookingPageCase):
    def test_a_visitor_books_with_links_and_a_form_alone(self):
        """S2-66, S0-03: service, time, details, booked."""
        text = self.page(day=MONDAY, tz="Europe/Berlin")
        self.assertIn("10:00", text)
        token = self.token()
        self.patch(booking_guard, "FASTEST_S", 0)
        answer = self.post(token=token)
        self.assertEqual(answer.status_code, 303, answer.text)
        text = self.page(answer.headers["Location"])
        self.assertIn("Your appointment is booked", text)
        [booking] = self.bookings()
        self.assertEqual(booking.email, MIAS_ADDRESS)
