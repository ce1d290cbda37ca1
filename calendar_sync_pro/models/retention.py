"""How long traces of what people did are kept: as many days as the system parameters say."""

from odoo import fields

from . import clock

JOURNAL = "calendar_sync_pro.journal_days"
"""Journal and runs, clean-ups and previews: what can be undone, and titles."""
FIGURES = "calendar_sync_pro.figures_days"
DEFAULT_DAYS = 90
MAX_DAYS = 36500
"""More is taken as this: a hundred years, which dates can be computed with."""


def kept_since(env, name):
    """The moment (naive UTC) before which rows go."""
    said = (env["ir.config_parameter"].sudo().get_param(name) or "").lstrip("0")
    if not said.isdecimal():
        days = DEFAULT_DAYS
    else:
        days = MAX_DAYS if len(said) > len(str(MAX_DAYS)) else min(int(said), MAX_DAYS)
    return fields.Datetime.subtract(clock.now(), days=days)
