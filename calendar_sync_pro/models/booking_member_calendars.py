"""Which of a person's calendars stand in the way of bookings: seen where the people are listed."""

from collections import defaultdict

from odoo import api, fields, models


class BookingMemberCalendars(models.Model):
    _inherit = "booking.member"

    is_me = fields.Boolean(compute="_compute_blocking")
    blocking_text = fields.Char(
        "Also blocked by",
        compute="_compute_blocking",
        help="Connected calendars whose busy times can't be booked. Their owner chooses them, and"
        " only their owner sees what they are called.",
    )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_blocking(self):
        """One's own by name, those of others as a number."""
        calendars = self.env["calendar.sync.calendar"].sudo()
        found = calendars.search_fetch(
            [
                ("user_id", "in", self.user_id.ids),
                ("blocks_availability", "=", True),
                ("is_missing", "=", False),
                ("account_id.status", "!=", "not_connected"),
            ],
            ["user_id", "name"],
        )
        names = defaultdict(list)
        for calendar in found:
            names[calendar.user_id].append(calendar.name)
        for member in self:
            mine = names[member.user_id]
            member.is_me = member.user_id == self.env.user
            if member.is_me:
                member.blocking_text = ", ".join(mine) or self.env._("No calendar")
            else:
                member.blocking_text = self._count_in_words(len(mine))

    def _count_in_words(self, count):
        if count == 1:
            return self.env._("1 calendar")
        return self.env._("%s calendars", count) if count else self.env._("No calendar")

    def action_choose_calendars(self):
        """Button in one's own row: which of one's calendars block."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My calendars that block bookings"),
            "res_model": "calendar.sync.calendar",
            "views": [
                (self.env.ref("calendar_sync_pro.booking_blocking_view_list").id, "list"),
            ],
            "domain": [
                ("user_id", "=", self.env.uid),
                ("is_missing", "=", False),
                ("account_id.status", "!=", "not_connected"),
            ],
            "target": "new",
            "help": self.env._("<p>Connect a calendar first: My Preferences, Calendar.</p>"),
        }


class CalendarSyncCalendarBlocking(models.Model):
    _inherit = "calendar.sync.calendar"

    def write(self, values):
        """What a person lets block from now on is read at once."""
        if "blocks_availability" not in values or self.env.su:
            return super().write(values)
        accounts = self.sudo().account_id
        accounts._hold()
        result = super().write(values)
        accounts._ask_sync()
        return result
