from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date, format_datetime

from ..booking.hours import blocked_times
from ..core.when import When

REPEATS = {
    "daily": "FREQ=DAILY",
    "workdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "weekly": "FREQ=WEEKLY",
    "monthly": "FREQ=MONTHLY",
    "yearly": "FREQ=YEARLY",
}


class BookingBlockedTime(models.Model):
    """A time that can't be booked, once or again and again: of a person, or of a whole calendar.

    What a person's blocked time is for is nobody else's business.
    """

    _name = "booking.blocked.time"
    _description = "Blocked time"
    _order = "start, start_date, id"

    name = fields.Char("What for", required=True)
    user_id = fields.Many2one("res.users", "Person", index=True, ondelete="cascade")
    calendar_id = fields.Many2one("booking.calendar", index=True, ondelete="cascade")
    is_all_day = fields.Boolean("Whole days")
    start = fields.Datetime()
    stop = fields.Datetime()
    start_date = fields.Date("From")
    stop_date = fields.Date("To", help="The last day that is blocked.")
    tz = fields.Selection(
        _tz_get,
        "Time zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="A repeated time stays at its local hour in this zone.",
    )
    repeat = fields.Selection(
        [
            ("daily", "Every day"),
            ("workdays", "Monday to Friday"),
            ("weekly", "Every week"),
            ("monthly", "Every month"),
            ("yearly", "Every year"),
        ],
    )
    repeat_until = fields.Date(help="The last day on which it is blocked again.")

    when_text = fields.Char("When", compute="_compute_when_text")

    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(user_id, calendar_id) = 1)",
        "A time is blocked for one person or for one booking calendar.",
    )
    _ordered = models.Constraint(
        "CHECK (CASE WHEN is_all_day THEN start_date IS NOT NULL AND stop_date IS NOT NULL"
        " AND start_date <= stop_date"
        " ELSE start IS NOT NULL AND stop IS NOT NULL AND start < stop END)",
        "A blocked time has a start before its end.",
    )

    @api.depends("is_all_day", "start", "stop", "start_date", "stop_date")
    @api.depends_context("tz", "lang")
    def _compute_when_text(self):
        """The first time in the reader's zone."""
        for blocked in self:
            first, last = (
                (blocked.start_date, blocked.stop_date)
                if blocked.is_all_day
                else (blocked.start, blocked.stop)
            )
            texts = [blocked._in_words(each) for each in (first, last) if each]
            blocked.when_text = " – ".join(dict.fromkeys(texts))

    def _in_words(self, moment):
        if self.is_all_day:
            return format_date(self.env, moment)
        return format_datetime(self.env, moment, dt_format="short")

    @api.constrains("repeat", "is_all_day", "start", "stop", "start_date", "stop_date")
    def _check_length(self):
        """A repeated time of years would block everything from its first day on."""
        for blocked in self.filtered("repeat"):
            when = blocked._when()
            if when.stop - when.start > timedelta(days=366):
                raise ValidationError(self.env._("A repeated time lasts a year at most."))

    def _when(self):
        """The first time as a value."""
        if self.is_all_day:
            return When(self.start_date, self.stop_date + timedelta(days=1))
        return When(self.start.replace(tzinfo=UTC), self.stop.replace(tzinfo=UTC), self.tz)

    def _lines(self):
        """The repetition as recurrence lines (RFC 5545)."""
        if not self.repeat:
            return ()
        until = f";UNTIL={self.repeat_until:%Y%m%d}" if self.repeat_until else ""
        return (f"RRULE:{REPEATS[self.repeat]}{until}",)

    def _intervals(self, start, stop):
        """What this time takes of `[start, stop)`, in UTC seconds."""
        self.ensure_one()
        return blocked_times(self._when(), self._lines(), start, stop, self.tz)
