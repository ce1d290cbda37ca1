"""Record rules look at a row before it is written; here also at what it became."""

from odoo import api, models


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


class BookingService(models.Model):
    """A service that is put into a calendar, or taken out of it, changes that calendar."""

    _inherit = "booking.service"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse services in calendars that are not one's own to change."""
        services = super().create(vals_list)
        services._check_placed(services.calendar_ids.browse())
        return services

    def write(self, vals):
        """The same; where the service stands already, it may change."""
        before = self.calendar_ids
        result = super().write(vals)
        if "calendar_ids" in vals:
            self._check_placed(before)
        return result

    def _check_placed(self, before):
        after = self.calendar_ids
        ((after - before) | (before - after)).check_access("write")
