from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..providers.former import former_syncs


class CalendarSyncTakeover(models.Model):
    """Moving a database from Odoo's own Google or Outlook sync to this one.

    A draft says what will happen. Starting it switches the former sync off for the people who use
    it, keeps their permissions locked away, makes the ids that it knew known here and asks each
    person to connect anew. Until it is confirmed all of that can be undone.
    """

    _name = "calendar.sync.takeover"
    _description = "Move from another calendar sync"
    _order = "id desc"

    state = fields.Selection(
        [
            ("draft", "Preview"),
            ("running", "Under way"),
            ("confirmed", "Confirmed"),
            ("undone", "Undone"),
        ],
        default="draft",
        required=True,
        readonly=True,
    )
    line_ids = fields.One2many("calendar.sync.takeover.user", "takeover_id", readonly=True)
    started_at = fields.Datetime(readonly=True)
    ended_at = fields.Datetime(readonly=True)
    user_count = fields.Integer(compute="_compute_counts")
    event_count = fields.Integer(compute="_compute_counts")
    series_count = fields.Integer(compute="_compute_counts")
    unsent_count = fields.Integer(compute="_compute_counts")
    to_connect_count = fields.Integer(compute="_compute_counts")
    missing_apps = fields.Char(compute="_compute_counts", help="Providers that are not set up yet.")

    _one_open = models.UniqueIndex(
        "((1)) WHERE state = 'running'", "Another move is under way: confirm or undo it first."
    )

    @api.depends("state", "line_ids.step", "line_ids.event_count")
    def _compute_counts(self):
        for takeover in self:
            lines = takeover.line_ids
            takeover.user_count = len(lines.user_id)
            for name in ("event_count", "series_count", "unsent_count"):
                takeover[name] = sum(lines.mapped(name))
            takeover.to_connect_count = len(lines.filtered(lambda line: line.step == "to_connect"))
            takeover.missing_apps = ", ".join(takeover._labels_without_app())

    def _labels_without_app(self):
        """Names of providers at which somebody here could not sign in yet."""
        apps = self.env["calendar.sync.oauth.app"]
        return sorted(
            {
                line._provider_label()
                for line in self.line_ids
                if not apps._app_for(line.user_id, line.provider)
            }
        )

    @api.depends("state")
    def _compute_display_name(self):
        for takeover in self:
            takeover.display_name = self.env._("Move from Odoo's own calendar sync")

    # -- opening --------------------------------------------------------------------------------
    @api.model
    def action_open(self):
        """The move that is under way, else a fresh preview."""
        self._check_admin()
        takeovers = self.sudo()
        found = takeovers.search([("state", "=", "running")], limit=1)
        if not found:
            found = takeovers.search([("state", "=", "draft")], limit=1) or takeovers.create({})
            found._preview()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": found.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def action_refresh(self):
        """Count again who and what would move."""
        self._check_admin()
        self.sudo().filtered(lambda one: one.state == "draft")._preview()
        return True

    @api.model
    def _check_admin(self):
        if not self.env.user.has_group("calendar_sync_pro.group_admin"):
            raise AccessError(
                self.env._("Only a calendar sync administrator can move people to this sync.")
            )

    def _preview(self):
        """A line for each person whom a former sync serves."""
        for takeover in self:
            takeover.line_ids.unlink()
            lines = self.env["calendar.sync.takeover.user"]
            for former in former_syncs():
                takeover.line_ids |= lines._create_for(takeover, former)

    # -- clicks -----------------------------------------------------------------------------------
    def action_start(self):
        """Switch the former sync off for these people and ask them to connect here. Nobody is
        mailed and no calendar is touched."""
        self._check_admin()
        takeover = self.sudo()
        takeover.ensure_one()
        if takeover.state != "draft":
            raise UserError(self.env._("This move was started already."))
        takeover._preview()  # somebody may have connected since the page was opened
        if not takeover.line_ids:
            raise UserError(self.env._("Nobody uses Odoo's own calendar sync any more."))
        takeover.line_ids._switch_off()
        for former in former_syncs():
            self.env["calendar.sync.former"].sudo()._take_from(former)
        takeover.write({"state": "running", "started_at": fields.Datetime.now()})
        takeover.line_ids._ask_to_connect()
        return True

    def action_undo(self):
        """Let the former sync serve these people again, exactly as before."""
        takeover = self._running()
        takeover.line_ids._switch_back()
        for former in former_syncs():
            self.env["calendar.sync.former"].sudo()._give_back(former, takeover.line_ids)
        takeover.write({"state": "undone", "ended_at": fields.Datetime.now()})
        return True

    def action_confirm(self):
        """End the move: what would put the former sync back is deleted."""
        takeover = self._running()
        takeover.line_ids.secrets_encrypted = False
        takeover.write({"state": "confirmed", "ended_at": fields.Datetime.now()})
        return True

    def action_remind(self):
        """Ask those who have not connected yet once more."""
        self._running().line_ids.filtered(lambda line: line.step == "to_connect")._ask_to_connect()
        return True

    def _running(self):
        self._check_admin()
        takeover = self.sudo()
        takeover.ensure_one()
        if takeover.state != "running":
            raise UserError(self.env._("This move is over or was never started."))
        return takeover
