from odoo import fields, models


class BookingSkill(models.Model):
    """Something that people can do and a service needs: repairs, consultation."""

    _name = "booking.skill"
    _description = "Booking skill"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()

    _unique_name = models.Constraint("unique (name)", "There is a skill with this name already.")
