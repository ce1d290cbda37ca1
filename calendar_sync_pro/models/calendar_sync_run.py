from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_datetime

_CURRENT = """
    WITH place AS (
        SELECT account.id, account.user_id,
               CASE WHEN preview.id IS NOT NULL THEN 'first-' || preview.id
                    ELSE COALESCE(account.lease_token, 'hand-' || txid_current()) END AS token,
               preview.id AS preview_id,
               CASE WHEN preview.id IS NOT NULL THEN 'first'
                    WHEN account.lease_token IS NOT NULL THEN 'sync' ELSE 'hand' END AS kind
          FROM calendar_sync_account account
          LEFT JOIN calendar_sync_preview preview
            ON preview.id = account.preview_id AND preview.state = 'running'
         WHERE account.id = ANY(%(accounts)s)
    ), found AS (
        SELECT run.id, run.account_id FROM calendar_sync_run run
          JOIN place ON place.id = run.account_id AND place.token = run.token
    ), made AS (
        INSERT INTO calendar_sync_run (account_id, user_id, token, kind, preview_id, started_at)
        SELECT place.id, place.user_id, place.token, place.kind, place.preview_id, %(now)s
          FROM place WHERE place.id NOT IN (SELECT account_id FROM found)
            ON CONFLICT (account_id, token) DO NOTHING
        RETURNING id, account_id
    )
    SELECT account_id, id FROM found UNION ALL SELECT account_id, id FROM made
"""


class CalendarSyncRun(models.Model):
    """The journal rows of one turn of the workers, of one first sync, or of one click: what is
    looked at together, and can be undone together."""

    _name = "calendar.sync.run"
    _description = "Sync run"
    _order = "id desc"
    _rec_name = "started_at"
    # Rows are made by the sync alone, with the journal rows that belong to them.
    _log_access = False

    account_id = fields.Many2one(
        "calendar.sync.account", required=True, index=True, ondelete="cascade", readonly=True
    )
    user_id = fields.Many2one("res.users", index=True, readonly=True)
    kind = fields.Selection(
        [("sync", "Sync"), ("first", "First sync"), ("hand", "By hand")],
        required=True,
        readonly=True,
    )
    token = fields.Char(required=True, groups=fields.NO_ACCESS, help="Of the worker's turn.")
    preview_id = fields.Many2one("calendar.sync.preview", readonly=True, ondelete="set null")
    started_at = fields.Datetime("When", required=True, readonly=True)
    row_ids = fields.One2many("calendar.sync.journal", "run_id", readonly=True)
    into_odoo = fields.Integer(compute="_compute_numbers")
    into_calendar = fields.Integer("Into the calendar", compute="_compute_numbers")
    ended = fields.Integer("Cancelled or removed", compute="_compute_numbers")
    conflicts = fields.Integer("Changed on both sides", compute="_compute_numbers")
    undone = fields.Integer(compute="_compute_numbers")
    refused = fields.Integer("Could not be undone", compute="_compute_numbers")
    can_undo = fields.Boolean(compute="_compute_numbers")
    undo_state = fields.Selection(
        [("undoing", "Being undone"), ("undone", "Undone")], readonly=True, index=True
    )

    _token = models.UniqueIndex("(account_id, token)", "This run is known.")

    @api.model
    def _current(self, accounts):
        """{account id: id of the run to which what is written now belongs}. One statement."""
        if not accounts:
            return {}
        account_model = self.env["calendar.sync.account"]
        account_model.flush_model(["lease_token", "preview_id", "user_id"])
        self.env["calendar.sync.preview"].flush_model(["state"])
        values = {"accounts": list(accounts), "now": fields.Datetime.now()}
        self.env.cr.execute(_CURRENT, values, log_exceptions=False)
        return dict(self.env.cr.fetchall())

    @api.depends("row_ids.undo_state")
    def _compute_numbers(self):
        rows = self.env["calendar.sync.journal"]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "direction", "action", "undo_state"],
            ["__count"],
        )
        found = {run: [] for run in self}
        for run, *facts in rows:
            found.get(run, []).append(facts)
        for run in self:
            run.update(_numbers(found[run]))

    @api.depends("kind", "started_at")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            started = format_datetime(self.env, run.started_at, dt_format="short")
            run.display_name = f"{kinds.get(run.kind, '')} · {started}"

    # -- undoing ----------------------------------------------------------------------------------
    def action_undo(self):
        """Button: take back what this run did, on both sides. The workers do it, newest first."""
        self.ensure_one()
        self._check_may_undo()
        run = self.sudo()
        if run.undo_state:
            raise UserError(self.env._("This run is being undone, or has been."))
        rows = run.row_ids.filtered(lambda row: row._is_undoable())
        if not rows:
            raise UserError(self.env._("This run changed nothing that could be undone."))
        rows.write({"undo_state": "waiting"})
        run.undo_state = "undoing"
        if run.kind == "first":
            run.account_id.is_sync_on = False  # nothing more is to come while it is taken back
        run.account_id._ask_sync()
        run._tell()
        return True

    def _check_may_undo(self):
        self.check_access("read")
        self.account_id._mine()._check_cleanup_allowed()

    def action_open_rows(self):
        """Button: what this run did, as a list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "calendar_sync_pro.calendar_sync_journal_action"
        )
        return action | {"domain": [("run_id", "=", self.id)], "context": {}}

    def _tell(self):
        for run in self:
            run.user_id._bus_send("calendar_sync_pro/run", {"id": run.id})
            run.account_id._tell_owner()

    @api.autovacuum
    def _drop_old(self):
        """A run goes with the last of its rows."""
        self.env.cr.execute(
            """DELETE FROM calendar_sync_run run
                WHERE NOT EXISTS (SELECT 1 FROM calendar_sync_journal row
                                   WHERE row.run_id = run.id)
                  AND run.started_at < now() AT TIME ZONE 'UTC' - interval '1 day'"""
        )
        self.env.invalidate_all()


def _numbers(facts):
    """The numbers of one run from (direction, action, undo state, count) rows."""

    def total(*, way="", actions=(), states=()):
        return sum(
            count
            for direction, action, state, count in facts
            if (not way or direction == way)
            and (not actions or action in actions)
            and (not states or state in states)
        )

    written = ("create", "update")
    ended = ("cancel", "decline", "delete", "cleanup")
    return {
        "into_odoo": total(way="in", actions=written),
        "into_calendar": total(way="out", actions=(*written, "cleanup_undone")),
        "ended": total(actions=ended),
        "conflicts": total(actions=("conflict",)),
        "undone": total(states=("undone",)),
        "refused": total(states=("refused",)),
        "can_undo": bool(total(actions=(*written, *ended, "merge"), states=(False,))),
    }
