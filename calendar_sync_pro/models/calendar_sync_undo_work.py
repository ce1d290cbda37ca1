import logging

from odoo import fields, models

from ..sync.cleanup import CLEANED_UP
from .calendar_sync_apply import RESTART
from .calendar_sync_cleanup_account import LEFT
from .calendar_sync_undo import LIVING
from .discreet_log import place_of

_logger = logging.getLogger(__name__)

AT_ONCE = 20


class CalendarSyncAccount(models.Model):
    """Undoing a whole run, a few rows at a time, in the account's turn."""

    _inherit = "calendar.sync.account"

    def _sync(self, lease):
        """What is to be undone goes first; then the ordinary turn carries out what it asks of the
        calendar."""
        run = self._run_to_undo() if lease.has_undo else self.env["calendar.sync.run"]
        if run.kind == "first":
            self._retried(lambda: self._add_late(lease, run))
        while run and self._retried(lambda r=run: self._undo_some(lease, r)):
            continue
        super()._sync(lease)
        if run:
            self._retried(lambda: self._end_undo(run))

    def _run_to_undo(self):
        runs = self.env["calendar.sync.run"].sudo()
        return runs.search(
            [("account_id", "=", self.id), ("undo_state", "=", "undoing")], order="id", limit=1
        )

    def _add_late(self, lease, run):
        """What a first sync did while somebody pressed Undo belongs in too; then it is over, and
        what undoing writes is none of its doings. Commits."""
        self._relock(lease)
        rows = (
            self.env["calendar.sync.journal"]
            .sudo()
            .search([("run_id", "=", run.id), ("undo_state", "=", False)])
        )
        rows.filtered(lambda row: row._is_undoable()).write({"undo_state": "waiting"})
        if run.preview_id.state == "running":
            run.preview_id.write({"state": "done", "ended_at": fields.Datetime.now()})
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _undo_some(self, lease, run):
        """A few rows more, newest first; False when none is left. Commits."""
        self._relock(lease)
        rows = self.env["calendar.sync.journal"].sudo().search(
            [("run_id", "=", run.id), ("undo_state", "=", "waiting")],
            order="id desc", limit=AT_ONCE,
        )  # fmt: skip
        for row in rows:
            self._undo_one(row)
        run._tell()
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return bool(rows)

    def _undo_one(self, row):
        """One row; an error of our own stays with it, so that the others are undone."""
        try:
            with self.env.cr.savepoint():
                row._undo_now()
        except RESTART:
            raise
        except Exception as error:  # noted on its row: the others go on
            _logger.error("undo failed row=%s error=%s", row.id, place_of(error))
            row.write({"undo_state": "refused", "undo_code": "internal_error"})

    def _end_undo(self, run):
        """Everything is undone once neither a clean-up nor a push is under way. Commits. The
        turn is over and its lease given back: the run's own row is locked instead."""
        if not run.try_lock_for_update(allow_referencing=True):
            return
        self.env.invalidate_all()
        marks = self.env["calendar.sync.mark"].sudo()
        waiting = self.is_sync_on and marks.search_count(
            [("account_id", "=", self.id), ("not_before", "=", False)], limit=1
        )
        if run.undo_state == "undoing" and not self._running_cleanup() and not waiting:
            run.undo_state = "undone"
            if run.kind == "first":
                self._as_never_synced(run)
            run._tell()
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _as_never_synced(self, run):
        """A first sync that was undone was never there: sync is off, and the next one begins with
        a preview again."""
        self.is_sync_on = False
        self.write({"synced_from": False, "first_sync_done": False, "exported_until": False})
        self.env["calendar.sync.mark"].sudo().search([("account_id", "=", self.id)]).unlink()
        self._forget_adopted(run)
        links = self.env["calendar.sync.link"].sudo().search(
            [("account_id", "=", self.id), ("id", ">", run.preview_id.last_link_id),
             "|", "&", ("state", "=", "closed"), ("problem_code", "=", LEFT),
             "&", ("state", "=", "frozen"), ("problem_code", "=", CLEANED_UP)]
        )  # fmt: skip
        items = self.env["calendar.sync.cleanup.item"].sudo()
        items.search([("link_id", "in", links.ids)]).unlink()
        imported = links.filtered(lambda link: link.problem_code == LEFT).meeting_id
        imported.filtered(lambda meeting: meeting.link_ids <= links).unlink()
        links.exists().unlink()
        for calendar in self.calendar_ids:
            calendar.sudo().cursor = False

    def _forget_adopted(self, run):
        """What stood on both sides before is known to neither again, and compared anew by the next
        first sync. What could not be taken back stays linked, or it would be made a second time."""
        refused = run.row_ids.filtered(lambda row: row.undo_state == "refused")
        made = refused.filtered(lambda row: row.action == "create")
        kept = made.event_id.sudo().sync_meeting_id | made.link_id.sudo().meeting_id
        kept |= kept.series_id
        adopted = self.env["calendar.sync.link"].sudo().search(
            [("account_id", "=", self.id), ("id", ">", run.preview_id.last_link_id),
             ("state", "in", LIVING)]
        )  # fmt: skip
        adopted.filtered(
            lambda link: not (link.meeting_id | link.meeting_id.series_id) & kept
        ).unlink()
