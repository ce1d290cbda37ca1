"""Record rules look at a row before it is written; here also at what it became."""

from odoo import models


class BookingOwnRow(models.AbstractModel):
    """A row that must still be its writer's to write afterwards: nobody puts colleagues into
    places, questions into their calendars, or blocks their time."""

    _name = "booking.own.row"
    _description = "Row that stays with who may write it"

    def write(self, vals):
        """Refuse what the rules would not have let be made."""
        result = super().write(vals)
        self.check_access("write")
        return result


class BookingMember(models.Model):
    _name = "booking.member"
    _inherit = ["booking.member", "booking.own.row"]


class BookingQuestion(models.Model):
    _name = "booking.question"
    _inherit = ["booking.question", "booking.own.row"]


class BookingBlockedTime(models.Model):
    _name = "booking.blocked.time"
    _inherit = ["booking.blocked.time", "booking.own.row"]
