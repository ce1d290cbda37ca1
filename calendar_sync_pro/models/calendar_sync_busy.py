from odoo import api, fields, models

from . import bulk

_COLUMNS = ("calendar_id", "user_id", "remote_id", "start", "stop", "kind", "seen_run")


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

    seen_run = fields.Integer(help="Number of the full listing that was the last to show it.")

    _ordered = models.Constraint("CHECK (start < stop)", "A busy time has a length.")

    @api.model
    def _replace(self, calendar, remote_ids, times, slots=()):
        """Forget the times of `remote_ids` on `calendar`, then keep `times`.

        `times` are (remote id, BusyTime); `slots` are (remote id of a series, start) of single
        occurrences that are told by an entry of their own now. Only one delete and one insert.
        """
        self.flush_model()
        if remote_ids:
            self.env.cr.execute(
                "DELETE FROM calendar_sync_busy WHERE calendar_id = %s AND remote_id = ANY(%s)",
                [calendar.id, list(remote_ids)],
            )
        rows = [
            (
                calendar.id,
                calendar.user_id.id,
                remote_id,
                time.start,
                time.stop,
                time.kind,
                calendar.listing_run,
            )
            for remote_id, time in times
            if time.start < time.stop
        ]
        bulk.insert(self.env, self._name, _COLUMNS, rows)
        self._cut(calendar, slots)

    @api.model
    def _cut(self, calendar, slots):
        """Take single occurrences out of what a series blocks: (remote id of the series, start)."""
        if slots:
            self.env.cr.execute_values(
                """DELETE FROM calendar_sync_busy b
                    USING (VALUES %s) v(calendar_id, remote_id, start)
                    WHERE b.calendar_id = v.calendar_id AND b.remote_id = v.remote_id
                      AND b.start = v.start::timestamp""",
                [(calendar.id, remote_id, start) for remote_id, start in slots],
            )
        self.invalidate_model(flush=False)

    @api.model
    def _drop_unseen(self, calendar):
        """Forget what the complete listing of this calendar no longer showed."""
        self.flush_model()
        self.env.cr.execute(
            "DELETE FROM calendar_sync_busy WHERE calendar_id = %s AND remote_id IS NOT NULL"
            " AND coalesce(seen_run, 0) < %s",
            [calendar.id, calendar.listing_run],
        )
        self.invalidate_model(flush=False)
