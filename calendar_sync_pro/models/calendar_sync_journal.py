from datetime import timedelta

from odoo import api, fields, models

KEEP_DAYS = 90


class CalendarSyncJournal(models.Model):
    """What a sync did to which event and why. Read by the account's owner; kept 90 days."""

    _name = "calendar.sync.journal"
    _description = "Sync journal"
    _order = "id desc"

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

    @api.model
    def _log(self, rows):
        """Write `rows` (values of this model, `account_id` filled in from the calendar) at once.

        Values are JSON forms of fields (`sync.base.dump_value`). An entry that only blocks time
        must be logged without its texts.
        """
        calendars = self.env["calendar.sync.calendar"]
        for row in rows:
            if "account_id" not in row:
                row["account_id"] = calendars.browse(row["calendar_id"]).sudo().account_id.id
        return self.sudo().create(rows)

    @api.autovacuum
    def _drop_old(self):
        """Forget what happened more than 90 days ago."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.sudo().search([("create_date", "<", limit)], limit=10000).unlink()
