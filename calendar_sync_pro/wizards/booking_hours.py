"""The weekly hours of a booking calendar, for people who may not edit Odoo's working times."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class BookingHours(models.TransientModel):
    _name = "booking.hours"
    _description = "Hours of a booking calendar"

    calendar_id = fields.Many2one("booking.calendar", required=True, ondelete="cascade")
    has_own = fields.Boolean(compute="_compute_has_own")
    line_ids = fields.One2many(
        "booking.hours.line",
        "hours_id",
        "Hours",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("calendar_id")
    def _compute_has_own(self):
        for wizard in self:
            wizard.has_own = bool(wizard.calendar_id.hours_id)

    @api.depends("calendar_id")
    def _compute_line_ids(self):
        """The hours that hold now, as a start."""
        for wizard in self:
            hours = wizard.calendar_id.hours_id or wizard.calendar_id.member_ids[:1]._hours()
            ranges = hours.sudo().attendance_ids.filtered(
                lambda one: one.day_period != "lunch" and not one.display_type
            )
            wizard.line_ids = [(5, 0, 0)] + [
                (0, 0, {"weekday": day, "hour_from": start, "hour_to": stop})
                for day, start, stop in sorted(
                    {(one.dayofweek, one.hour_from, one.hour_to) for one in ranges}
                )
            ]

    def action_apply(self):
        """Button: these hours hold for the booking calendar, which gets working times of its own.

        As superuser after the check, since only administrators edit working times; those that
        others share are left alone.
        """
        self.ensure_one()
        calendar = self.calendar_id
        calendar.check_access("write")
        attendances = [(5, 0, 0)] + [(0, 0, line._attendance()) for line in self.line_ids]
        own = calendar.hours_id
        if own and own == calendar.sudo().own_hours_id:
            own.sudo().write({"attendance_ids": attendances, "tz": calendar.tz})
            return
        values = {
            "name": calendar.name,
            "tz": calendar.tz,
            "company_id": calendar.company_id.id,
            "attendance_ids": attendances,
        }
        made = self.env["resource.calendar"].sudo().create(values)
        calendar.sudo().own_hours_id = made
        calendar.hours_id = made.id

    def action_forget(self):
        """Button: everybody's own working hours hold again."""
        self.calendar_id.hours_id = False


class BookingHoursLine(models.TransientModel):
    _name = "booking.hours.line"
    _description = "A range of hours on a weekday"
    _order = "weekday, hour_from"

    hours_id = fields.Many2one("booking.hours", required=True, ondelete="cascade")
    weekday = fields.Selection(WEEKDAYS, "Day", required=True, default="0")
    hour_from = fields.Float("From", required=True, default=9)
    hour_to = fields.Float("To", required=True, default=17)

    @api.constrains("hour_from", "hour_to")
    def _check_range(self):
        """Inside one day, and from earlier to later."""
        for line in self:
            if not 0 <= line.hour_from < line.hour_to <= 24:
                raise ValidationError(
                    self.env._("Hours go from an earlier to a later time of a day.")
                )

    def _attendance(self):
        return {
            "name": dict(WEEKDAYS)[self.weekday],
            "dayofweek": self.weekday,
            "hour_from": self.hour_from,
            "hour_to": self.hour_to,
            "day_period": "morning" if self.hour_from < 12 else "afternoon",
        }
