from odoo import models


class CalendarEventBooking(models.Model):
    """A booked time moves with its appointment, and is free again when that is cancelled."""

    _inherit = "calendar.event"

    def write(self, vals):
        """Bookings follow, whoever moves or cancels the appointment."""
        result = super().write(vals)
        if not {"start", "stop", "active"}.isdisjoint(vals):
            self.env["booking.hold"]._note_moved(self)
        return result
