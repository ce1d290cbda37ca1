from odoo import api, fields, models

from . import bulk, retention

_COLUMNS = (
    "account_id", "user_id", "calendar_id", "link_id", "event_id", "direction", "action", "rule",
    "old", "new", "is_conflict", "create_date", "run_id",
)  # fmt: skip


class CalendarSyncJournal(models.Model):
    """What a sync did to which event and why. Read by the account's owner; kept 90 days unless
    the settings say otherwise."""

    _name = "calendar.sync.journal"
    _description = "Sync journal"
    _order = "id desc"
    # Rows are written by the sync alone, many at a time: who wrote them says nothing, and each
    # user column would be one more reference to check.
    _log_access = False

    create_date = fields.Datetime("Created on", default=fields.Datetime.now, readonly=True)
    account_id = fields.Many2one(
        "calendar.sync.account", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="account_id.user_id", store=True, index=True)
    calendar_id = fields.Many2one("calendar.sync.calendar", ondelete="set null")
    link_id = fields.Many2one("calendar.sync.link", index="btree_not_null", ondelete="set null")
    event_id = fields.Many2one("calendar.event", index="btree_not_null", ondelete="set null")
    direction = fields.Selection(
        [("in", "Calendar to Odoo"), ("out", "Odoo to calendar"), ("none", "No write")],
        required=True,
    )
    action = fields.Char(required=True, help="create, update, cancel, conflict, quarantine…")
    rule = fields.Char(help="The row of the decision table that led to this.")
    old = fields.Json()
    new = fields.Json()
    is_conflict = fields.Boolean()
    restored_at = fields.Datetime()
    run_id = fields.Many2one("calendar.sync.run", index="btree_not_null", ondelete="set null")

    @api.model
    def _log(self, rows):
        """Write `rows` (values of this model, with `account_id` or `calendar_id`) at once.

        Values are JSON forms of fields (`sync.base.dump_value`). An entry about time that is only
        blocked must be logged without texts.
        """
        accounts = self.env["calendar.sync.account"].sudo()
        calendars = self.env["calendar.sync.calendar"].sudo()
        values, now = [], self.env.cr.now()
        owners = [
            accounts.browse(row.get("account_id"))
            or calendars.browse(row["calendar_id"]).account_id
            for row in rows
        ]
        runs = self.env["calendar.sync.run"]._current({account.id for account in owners})
        for row, account in zip(rows, owners, strict=True):
            said = {**row, "account_id": account.id, "user_id": account.user_id.id}
            said |= {"create_date": now, "run_id": runs[account.id]}
            values.append(tuple(said.get(name) for name in _COLUMNS))
        return self.browse(bulk.insert(self.env, self._name, _COLUMNS, values))

    @api.autovacuum
    def _drop_old(self):
        """Forget what happened more than 90 days ago, or as many as the settings say."""
        limit = retention.kept_since(self.env, retention.JOURNAL)
        self.sudo().search([("create_date", "<", limit)], limit=10000).unlink()
