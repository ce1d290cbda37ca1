from odoo import models


class CalendarAttendeeCustomer(models.Model):
    """Whoever booked on a page or through an assistant hears of changes from the booking alone."""

    _inherit = "calendar.attendee"

    def _notify_attendees(self, mail_template, notify_author=False, force_send=False):
        """Without Odoo's own mail about a date that changed: the customer gets ours, once."""
        people = self
        if self._is_automatic(mail_template):
            people -= self._booking_customers()
        return super(CalendarAttendeeCustomer, people)._notify_attendees(
            mail_template, notify_author=notify_author, force_send=force_send
        )

    def _booking_customers(self):
        """Those of these attendees who booked the appointment themselves."""
        bookings = self.env["booking.customer"].sudo().search(
            [("event_id", "in", self.event_id.ids)]
        )  # fmt: skip
        pairs = {(each.event_id, each.partner_id) for each in bookings}
        return self.filtered(lambda one: (one.event_id, one.partner_id) in pairs)
