from odoo import fields, models

from ..booking.rules import Service


class BookingService(models.Model):
    """What a customer books: how long it takes and what its people must be able to do."""

    _name = "booking.service"
    _description = "Booking service"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    calendar_ids = fields.Many2many("booking.calendar", string="Booking calendars")
    duration_min = fields.Integer("Duration (minutes)", required=True, default=30)
    skill_ids = fields.Many2many(
        "booking.skill",
        string="Skills needed",
        help="Only people who have all of them are offered for this service.",
    )
    has_own_rules = fields.Boolean(
        "Rules of its own", help="Otherwise those of the booking calendar hold."
    )
    notice_min = fields.Integer("Minimum notice (minutes)", required=True, default=120)
    advance_days = fields.Integer("Maximum advance (days)", required=True, default=30)
    buffer_before_min = fields.Integer("Buffer before (minutes)", required=True, default=15)
    buffer_after_min = fields.Integer("Buffer after (minutes)", required=True, default=15)

    _sensible = models.Constraint(
        "CHECK (duration_min >= 1 AND least(notice_min, advance_days, buffer_before_min,"
        " buffer_after_min) >= 0)",
        "A service takes a minute at least, and no rule is negative.",
    )

    def _as_service(self):
        """This service for the pure rules."""
        self.ensure_one()
        own = ("notice_min", "advance_days", "buffer_before_min", "buffer_after_min")
        rules = {name: self[name] for name in own} if self.has_own_rules else {}
        skills = frozenset(map(str, self.skill_ids.ids))
        return Service(duration_min=self.duration_min, skills=skills, **rules)
