from odoo import api, fields, models
from odoo.fields import Domain

from . import clock
from .calendar_sync_health import ADMIN
from .calendar_sync_link_waiting import NEEDS_YOU


class CalendarSyncLink(models.Model):
    """Events that were set aside, as a list to be worked off. Titles are for the owner alone."""

    _inherit = "calendar.sync.link"

    owner_id = fields.Many2one(related="account_id.user_id", string="Person")
    has_event = fields.Boolean(compute="_compute_has_event", help="There is something to open.")

    @api.depends("meeting_id.event_id", "meeting_id.recurrence_id")
    def _compute_has_event(self):
        for link in self:
            meeting = link.sudo().meeting_id
            link.has_event = bool(meeting.event_id or meeting.recurrence_id)

    def action_try_again(self):
        """Button: the next worker reads and compares these events anew, at once. What waits for a
        decision goes on waiting."""
        self.account_id._mine()
        links = self.sudo().filtered(lambda link: link.state != NEEDS_YOU)
        links.write({"not_before": clock.now(), "attempts": 0})
        marks = self.env["calendar.sync.mark"].sudo()
        held = Domain("not_before", "!=", False) & Domain("account_id", "in", links.account_id.ids)
        marks.search(held & Domain("meeting_id", "in", links.meeting_id.ids)).not_before = False
        links.filtered(lambda link: link.meeting_id.event_id)._look_again()
        links.account_id._ask_sync()
        return True


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    trouble_count = fields.Integer(search="_search_trouble_count", groups=ADMIN)

    @api.model
    def _search_trouble_count(self, operator, value):
        """Only "more than none", which is what the filter asks."""
        if (operator, value) != (">", 0):
            return NotImplemented
        return self._having(
            "calendar.sync.link", self.env["calendar.sync.link"]._attention_domain()
        )
