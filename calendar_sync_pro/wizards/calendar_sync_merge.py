from odoo import api, fields, models
from odoo.exceptions import UserError

LISTED = 100


class CalendarSyncMerge(models.TransientModel):
    """Duplicates of one's own appointments: what stays, what moves over and what goes, shown
    before anything is done. No request is made by the click; nobody is e-mailed."""

    _name = "calendar.sync.merge"
    _description = "Merge duplicates"

    account_id = fields.Many2one(
        "calendar.sync.account", required=True, default=lambda self: self._own_account()
    )
    line_ids = fields.One2many(
        "calendar.sync.merge.line", "merge_id", default=lambda self: self._found_lines()
    )
    chosen_count = fields.Integer(compute="_compute_counts")
    found_count = fields.Integer(compute="_compute_counts")

    @api.model
    def _own_account(self):
        own = [("user_id", "=", self.env.uid), ("purpose", "=", "sync")]
        return self.env["calendar.sync.account"].search(own, order="is_sync_on desc, id", limit=1)

    @api.model
    def _found_lines(self):
        account = self._own_account()
        groups = self.env["calendar.sync.twins"]._find(account)[:LISTED] if account else ()
        return [fields.Command.create(values) for values in groups]

    @api.depends("line_ids.is_chosen")
    def _compute_counts(self):
        for wizard in self:
            wizard.found_count = len(wizard.line_ids)
            wizard.chosen_count = len(wizard.line_ids.filtered("is_chosen"))

    @api.model
    def action_open(self):
        """Menu: look for duplicates; says what to do first where nothing is connected."""
        if not self._own_account():
            raise UserError(self.env._("Connect a calendar first, under Calendar Connections."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Duplicates"),
            "res_model": self._name,
            "res_id": self.create({}).id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }

    def action_merge(self):
        """Button: merge the chosen ones; they can be undone from the journal."""
        self.ensure_one()
        chosen = self.line_ids.filtered("is_chosen")
        if not chosen:
            raise UserError(self.env._("Choose at least one."))
        account = self.account_id
        account._mine()
        if account.user_id != self.env.user:
            raise UserError(self.env._("Only the owner merges what stands in a calendar."))
        done = self.env["calendar.sync.twins"]._merge(account, chosen)
        text = (
            self.env._("1 duplicate merged. Nobody was e-mailed.")
            if done == 1
            else self.env._("%s duplicates merged. Nobody was e-mailed.", done)
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": text,
                       "next": {"type": "ir.actions.act_window_close"}},
        }  # fmt: skip


class CalendarSyncMergeLine(models.TransientModel):
    """One event that is there more than once."""

    _name = "calendar.sync.merge.line"
    _description = "Duplicate"
    _order = "start, id"

    merge_id = fields.Many2one("calendar.sync.merge", required=True, ondelete="cascade")
    is_chosen = fields.Boolean("Merge", default=True)
    kept_id = fields.Many2one("calendar.event", required=True, ondelete="cascade", readonly=True)
    title = fields.Char(readonly=True)
    start = fields.Datetime("When", readonly=True)
    copies = fields.Integer(readonly=True)
    event_ids = fields.Json(readonly=True, help="Further events in Odoo.")
    link_ids = fields.Json(readonly=True, help="Further copies in the calendar alone.")
    moves = fields.Char("What moves over", readonly=True)
    goes = fields.Char("What goes", readonly=True)
