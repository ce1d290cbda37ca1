"""An edit of a whole series leaves alone what took place already."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..core import timezones
from .calendar_event_outcome import TIMES

_REACHES = ("all_events", "future_events")
_POINTS = ("start", "stop")


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def write(self, vals):
        """For another time or rule Odoo makes the rows of a series anew, and those that are over
        would lose their time and outcome: then the edit begins with the first that isn't."""
        if not self.env.su and self._is_series_edit(vals) and self._remakes_rows(vals):
            first = self._first_to_come(vals["recurrence_update"])
            if first is not None:
                return super(CalendarEvent, first).write(self._as_from(first, vals))
        return super().write(vals)

    def _remakes_rows(self, vals):
        """True when another time or another rule is among `vals`."""
        rule = self._get_recurrent_fields() & vals.keys()
        times = [name for name in TIMES if name in vals]
        return bool(rule) or any(self._differs(name, vals[name]) for name in times)

    def _first_to_come(self, reach):
        """The first row within reach that is not over; None when all of them may change.

        Raises UserError when all of them are over.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        rows = self.recurrence_id.calendar_event_ids.filtered("active").sorted("start")
        if reach == "future_events":
            rows = rows.filtered(lambda row: row.start >= self.start)
        free = rows.filtered(lambda row: not row._is_over(now))
        if free == rows:
            return None
        if not free:
            raise UserError(
                self.env._(
                    "All meetings of “%s” are over, so their dates and times stay as they were.",
                    self.display_name,
                )
            )
        return free[:1]

    def _as_from(self, first, vals):
        """`vals` for `first` and those that follow it: moved by as much as this one was."""
        shifted = {name: self._moved_alike(first, name, vals[name]) for name in _POINTS
                   if vals.get(name)}  # fmt: skip
        days = {
            name: first[name] + (fields.Date.to_date(vals[name]) - self[name])
            for name in ("start_date", "stop_date")
            if vals.get(name) and self[name] and first[name]
        }
        return {**vals, **shifted, **days, "recurrence_update": "future_events"}

    def _moved_alike(self, first, name, value):
        """`first`'s start or stop, moved on the wall clock by as much as `value` moves this one."""
        tz = self.recurrence_id.event_tz or self.env.user.tz or "UTC"

        def local(moment):
            return timezones.to_local(timezones.to_utc(moment, "UTC"), tz)

        wanted = local(fields.Datetime.to_datetime(value))
        moved = local(first[name]) + (wanted - local(self[name]))
        return timezones.to_utc(moved, tz).replace(tzinfo=None)
