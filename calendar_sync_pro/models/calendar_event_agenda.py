"""What participants read, and what only colleagues do."""

from odoo import fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    internal_notes = fields.Html(
        groups="base.group_user",
        copy=False,
        help="For colleagues only: they never leave Odoo. What participants should know belongs"
        " into the agenda.",
    )
