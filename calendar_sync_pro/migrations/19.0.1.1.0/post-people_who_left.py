"""Until 19.0.1.0.0 calendars of people who had left went on being synced."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Pause them, as leaving does from this version on."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    accounts = env["calendar.sync.account"].search([])
    left = accounts.user_id - accounts.user_id._with_calendars()
    accounts._pause_for(left.ids)
