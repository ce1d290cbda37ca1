"""How long traces of what people did are kept: as many days as the system parameters say."""

from odoo import fields

from . import clock

JOURNAL = "calendar_sync_pro.journal_days"
"""Journal and runs, clean-ups and previews: what can be undone, and titles."""
FIGURES = "calendar_sync_pro.figures_days"
DEFAULT_DAYS = 90


def kept_since(env, name):
    """The moment (naive UTC) before which rows go."""
    said = env["ir.config_parameter"].sudo().get_param(name) or ""
    days = int(said) if said.isdigit() and int(said) else DEFAULT_DAYS
    return fields.Datetime.subtract(clock.now(), days=days)
