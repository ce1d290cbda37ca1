from odoo import fields, models


class BookingMember(models.Model):
    """Somebody who can be booked in a booking calendar."""

    _name = "booking.member"
    _description = "Person of a booking calendar"
    _order = "sequence, id"
    _rec_name = "user_id"

    calendar_id = fields.Many2one("booking.calendar", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    weight = fields.Integer(
        required=True,
        default=1,
        help="2 takes twice as many bookings; 0 takes one only when nobody else can.",
    )
    skill_ids = fields.Many2many("booking.skill", string="Skills")
    hours_id = fields.Many2one(
        "resource.calendar", "Working hours", help="Otherwise the person's own, or the company's."
    )

    _unique_person = models.Constraint(
        "unique (calendar_id, user_id)", "This person is in the booking calendar already."
    )
    _weight = models.Constraint("CHECK (weight >= 0)", "A weight is not negative.")

    def _hours(self):
        """The working hours that hold here: a `resource.calendar`, empty when there are none."""
        self.ensure_one()
        return self.hours_id or self._usual_hours()

    def _usual_hours(self):
        """When the person works otherwise."""
        user = self.user_id
        return user.resource_calendar_id or user.company_id.resource_calendar_id

    def _skills(self):
        """Skills for the pure rules."""
        return frozenset(map(str, self.skill_ids.ids))
