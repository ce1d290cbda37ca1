from odoo import fields, models


class CalendarSyncBusy(models.Model):
    """A stretch of time that a remote calendar blocks: only when and how, never a title."""

    _name = "calendar.sync.busy"
    _description = "Busy time"
    _order = "start"
    _log_access = False

    calendar_id = fields.Many2one(
        "calendar.sync.calendar", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    kind = fields.Selection(
        [
            ("free", "Free"),
            ("tentative", "Tentative"),
            ("busy", "Busy"),
            ("out_of_office", "Out of office"),
            ("elsewhere", "Working elsewhere"),
        ],
        required=True,
        default="busy",
    )
    remote_id = fields.Char(
        index="btree_not_null",
        help="Opaque id of the remote entry, so that a change replaces exactly its own times.",
    )

    _ordered = models.Constraint("CHECK (start < stop)", "A busy time has a length.")
