"""Two syncs on one calendar would make every appointment twice: only one serves a person."""

from odoo import api, models
from odoo.exceptions import UserError

from ..providers.former import former_syncs

GOES_BACK = "calendar_sync_goes_back"
"""Context: the former sync gets back what it had."""


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    def _toggle_reason(self):
        """Also why not: Odoo's own sync serves the owner."""
        user = self.user_id.sudo()
        if self.purpose == "sync" and user._has_any_active_synchronization():
            return self.env._(
                "Odoo's own Google or Outlook sync is active for you. Stop it first, or ask an"
                " administrator to move everybody over."
            )
        return super()._toggle_reason()


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    @api.model_create_multi
    def create(self, vals_list):
        """Odoo's own sync can't be connected beside this one."""
        for vals in vals_list:
            user = self.env["res.users"].browse(vals.get("user_id"))
            user._check_one_sync(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Odoo's own sync can't be connected, or switched on again, beside this one."""
        self.user_id._check_one_sync(vals)
        return super().write(vals)


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """As in the settings: one of Odoo's own syncs keeps its permission on the user."""
        self._check_one_sync(vals)
        return super().write(vals)

    def _check_one_sync(self, vals):
        """Raise UserError where `vals` would start a former sync for one of these users while this
        one is on, or while an administrator moves them over."""
        is_back = self.env.context.get(GOES_BACK)
        if is_back or not any(_starts(former, vals) for former in former_syncs()):
            return
        self._check_not_moving()
        accounts = self.env["calendar.sync.account"].sudo()
        on = accounts.search([("user_id", "in", self.ids), ("is_sync_on", "=", True)], limit=1)
        if on:
            raise UserError(
                self.env._(
                    "%(name)s syncs %(email)s with Calendar Sync Pro. Odoo's own sync on the same"
                    " calendar would make every appointment twice. Turn calendar sync off first,"
                    " under Calendar, Configuration, Calendar Connections.",
                    name=on.user_id.name,
                    email=on.email or "",
                )
            )

    def _check_not_moving(self):
        lines = self.env["calendar.sync.takeover.user"].sudo()
        domain = [("user_id", "in", self.ids), ("takeover_id.state", "=", "running")]
        moving = lines.search(domain, limit=1)
        if moving:
            raise UserError(
                self.env._(
                    "%s moves to Calendar Sync Pro: connect the calendar under Calendar,"
                    " Configuration, Calendar Connections. An administrator can undo the move.",
                    moving.user_id.name,
                )
            )


def _starts(former, vals):
    return bool(vals.get(former.refresh_token)) or vals.get(former.stopped, True) is False
