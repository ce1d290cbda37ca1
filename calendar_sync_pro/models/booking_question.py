from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BookingQuestion(models.Model):
    """Something that a booking calendar asks whoever books."""

    _name = "booking.question"
    _description = "Booking question"
    _order = "sequence, id"

    calendar_id = fields.Many2one("booking.calendar", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char("Question", required=True, translate=True)
    kind = fields.Selection(
        [("text", "One line"), ("long", "Several lines"), ("choice", "Choice")],
        required=True,
        default="text",
    )
    choices = fields.Text(translate=True, help="One per line.")
    is_required = fields.Boolean("Required")

    @api.constrains("kind", "choices")
    def _check_choices(self):
        """A choice offers something to choose."""
        for question in self:
            if question.kind == "choice" and len(question._choices()) < 2:
                raise ValidationError(
                    self.env._("Enter two choices at least for “%s”, one per line.", question.name)
                )

    def _choices(self):
        """The choices as a list."""
        self.ensure_one()
        return [line.strip() for line in (self.choices or "").splitlines() if line.strip()]
