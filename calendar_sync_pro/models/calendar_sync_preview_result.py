from odoo import api, fields, models

from . import bulk

_LATE = ("preview_id", "side", "reason", "remote_id", "event_id", "title", "start", "result")
_WELL = ("synced", "read_only", "waiting_master", "needs_you", "cancelled")


class CalendarSyncPreviewResult(models.AbstractModel):
    """What became of the decisions of a preview once its first sync is over."""

    _name = "calendar.sync.preview.result"
    _description = "Results of a first sync"

    @api.model
    def _note(self, account, preview):
        """Note the results when nothing of the first sync is left to do. Commits. The turn is
        over and its lease given back: the preview's own row is locked instead."""
        if not preview.try_lock_for_update(allow_referencing=True):
            return
        self.env.invalidate_all()
        if preview.state == "running" and self._is_over(account, preview):
            self._settle(preview)
            preview.write({"state": "done", "ended_at": fields.Datetime.now(), "cursor": False})
        preview._tell()
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _is_over(self, account, preview):
        waiting = [("account_id", "=", account.id), ("not_before", "=", False)]
        return bool(
            account.first_sync_done
            and account.last_sync
            and account.last_sync >= preview.started_at
            and not self.env["calendar.sync.mark"].sudo().search_count(waiting, limit=1)
        )

    def _settle(self, preview):
        """Compare what was foreseen with the links that exist now."""
        links = self.env["calendar.sync.link"].sudo().search(
            [("calendar_id", "=", preview.calendar_id.id), ("state", "!=", "closed"),
             ("slot", "=", ""), ("problem_code", "not in", ("duplicate",))]
        )  # fmt: skip
        by_remote = {link.remote_id: link for link in links}
        by_meeting = {link.meeting_id: link for link in links}
        met, rows = links.browse(), []
        for item in preview.item_ids:
            link = by_remote.get(item.remote_id) if item.remote_id else None
            if item.side == "into_calendar":
                link = by_meeting.get(item.event_id.sync_meeting_id)
            link = link or links.browse()
            met |= link
            rows.append((item.id, *self._result(item, link)))
        columns = ("result", "problem_code", "event_id")
        bulk.update(self.env, "calendar.sync.preview.item", columns, rows)
        unmet = links - met
        self._list_late(preview, unmet.filtered(lambda link: link.id > preview.last_link_id))

    def _result(self, item, link):
        """(result, problem code, event id) of one item."""
        event_id = (link.meeting_id._first_event().id if link else 0) or item.event_id.id or None
        if item.side == "kept_out":
            return ("changed" if link and link.state in _WELL else "done"), None, event_id
        if not link:
            return "changed", None, event_id
        is_well = link.state in _WELL
        return ("done" if is_well else "failed"), link.problem_code or None, event_id

    def _list_late(self, preview, links):
        rows = []
        for link in links:
            event = link.meeting_id._first_event()
            side = "into_calendar" if link.is_ours else "into_odoo"
            rule = "new_local" if link.is_ours else "new_remote"
            rows.append(
                (preview.id, side, rule, link.remote_id, event.id or None, event.name,
                 event.start, "late")
            )  # fmt: skip
        bulk.insert(self.env, "calendar.sync.preview.item", _LATE, rows)
