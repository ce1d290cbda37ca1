from odoo import api, fields, models


class BaseModuleUninstall(models.TransientModel):
    """Before the addon is uninstalled: what stays in people's calendars, and how to take it out."""

    _inherit = "base.module.uninstall"

    calendar_sync_people = fields.Integer(compute="_compute_calendar_sync")
    calendar_sync_events = fields.Integer(compute="_compute_calendar_sync")

    @api.depends("module_ids")
    def _compute_calendar_sync(self):
        """Who is connected, and how many events of ours stand in their calendars."""
        accounts = self.env["calendar.sync.account"].sudo()
        links = self.env["calendar.sync.link"].sudo()
        for wizard in self:
            is_ours = "calendar_sync_pro" in wizard._get_modules().mapped("name")
            connected = accounts.search([("status", "!=", "not_connected")]) if is_ours else []
            wizard.calendar_sync_people = len(connected and connected.user_id)
            wizard.calendar_sync_events = is_ours and links.search_count(
                [("is_ours", "=", True), ("state", "not in", ["closed", "frozen"])]
            )
