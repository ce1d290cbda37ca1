from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    calendar_sync_account_ids = fields.One2many(
        "calendar.sync.account", "user_id", "Connected calendars"
    )
