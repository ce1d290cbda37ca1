from odoo import fields, models
from odoo.addons.base.models.res_partner import _tz_get

from ..booking.assign import Mode
from ..booking.rules import BookingRules

RULE_FIELDS = (
    "notice_min",
    "advance_days",
    "buffer_before_min",
    "buffer_after_min",
    "duration_min",
    "step_min",
    "per_day",
    "tz",
    "tentative_blocks",
    "all_day_blocks",
)


class BookingCalendar(models.Model):
    """What can be booked with whom, and by which rules."""

    _name = "booking.calendar"
    _description = "Booking calendar"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", "Owner", required=True, index=True, default=lambda self: self.env.user
    )
    tz = fields.Selection(
        _tz_get,
        "Time zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="Days, the step and the limit per day are counted in it.",
    )
    mode = fields.Selection(
        [
            (Mode.ROUND_ROBIN.value, "In turn: whoever is free next"),
            (Mode.BALANCED.value, "Balanced: whoever has the fewest"),
            (Mode.COLLECTIVE.value, "Together: everybody takes part"),
        ],
        required=True,
        default=Mode.ROUND_ROBIN.value,
    )
    member_ids = fields.One2many("booking.member", "calendar_id", "People")
    service_ids = fields.Many2many("booking.service", string="Services")
    blocked_ids = fields.One2many("booking.blocked.time", "calendar_id", "Blocked times")

    notice_min = fields.Integer("Minimum notice (minutes)", required=True, default=120)
    advance_days = fields.Integer("Maximum advance (days)", required=True, default=30)
    buffer_before_min = fields.Integer("Buffer before (minutes)", required=True, default=15)
    buffer_after_min = fields.Integer("Buffer after (minutes)", required=True, default=15)
    duration_min = fields.Integer("Duration (minutes)", required=True, default=30)
    step_min = fields.Integer("A slot every (minutes)", required=True, default=30)
    per_day = fields.Integer(
        "Limit per person and day", help="Bookings that one person takes on one day; 0: any."
    )
    tentative_blocks = fields.Boolean(
        "Tentative blocks", help="Otherwise a tentative event leaves its time bookable."
    )
    all_day_blocks = fields.Boolean("Whole days block", default=True)
    is_salesperson_first = fields.Boolean(
        "Lead's salesperson first",
        default=True,
        help="Who looks after the lead gets the booking when free.",
    )
    is_odoo_enough = fields.Boolean(
        "Odoo calendar only",
        help="People who never connected a calendar can be booked by their Odoo calendar alone.",
    )

    _sensible = models.Constraint(
        "CHECK (duration_min >= 1 AND step_min BETWEEN 1 AND 1440 AND least(notice_min,"
        " advance_days, buffer_before_min, buffer_after_min, per_day) >= 0)",
        "A booking takes a minute at least, the step is a day at most, and no rule is negative.",
    )

    def _rules(self, service=None):
        """The effective rules for a service of this calendar."""
        self.ensure_one()
        rules = BookingRules(**{name: self[name] for name in RULE_FIELDS})
        return rules.of_service(service._as_service()) if service else rules
