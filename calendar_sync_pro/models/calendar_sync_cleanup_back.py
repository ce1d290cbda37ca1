import time
import uuid
from collections import Counter

from odoo import api, models

from ..core.errors import ProviderError
from ..core.event import RemoteEvent
from ..providers.port import EventDraft
from ..sync import base as stored_base

AT_ONCE = 20
PUT_BACK = "put_back"


class CalendarSyncCleanupBack(models.AbstractModel):
    """Puts back what a clean-up removed: each event is created again under a new key, by the way
    on which appointments are sent anyway, with the GUID that it had and without its guests."""

    _name = "calendar.sync.cleanup.back"
    _description = "Undoing a clean-up"

    @api.model
    def _some(self, account, lease, run, provider):
        """A few events more; False when nothing is left. Raises ProviderError, LeaseLost."""
        tasks, alone = account._retried(lambda: self._take(account, lease, run))
        if tasks:
            push = self.env["calendar.sync.push"]
            push._send_all(account, lease, provider, tasks, Counter(), time.monotonic())
        made = {item_id: self._create(provider, draft) for item_id, draft in alone.items()}
        return account._retried(lambda: self._record(account, lease, run, made))

    def _create(self, provider, draft):
        """The event, or the error that is its own."""
        try:
            return provider.create(*draft)
        except ProviderError as error:
            if self.env["calendar.sync.cleanup.work"]._is_accounts(error):
                raise
            return error

    def _take(self, account, lease, run):
        """The next events with their new keys, committed before the first request: (tasks of the
        push, {item id: what to create} for events that Odoo no longer has)."""
        account._relock(lease)
        run.invalidate_recordset()
        items = self.env["calendar.sync.cleanup.item"].search(
            [("cleanup_id", "=", run.id), ("state", "in", ("restoring", "removed"))],
            order="state desc, id",
            limit=AT_ONCE,
        )
        removed = items.filtered(lambda item: item.state == "removed")
        second = removed.filtered(
            lambda item: (
                (item.link_id.state == "closed" and item.former_state != "closed")
                or item.link_id._was_taken_along()
            )
        )
        second.write({"state": "lost", "reason_code": "duplicate"})
        for item in removed - second:
            self._revive(item)
        items -= second
        alone = items.filtered(lambda item: item.former_state == "closed")
        tasks = self._plan(account, items - alone)
        drafts = {item.id: self._draft(item) for item in alone}
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return tasks, drafts

    def _revive(self, item):
        """The link is as one whose event has yet to be created. Guests stay off: nobody is mailed
        twice. What Odoo can't hold (reminders, …) comes from what was agreed."""
        was = {name: value for name, value in (item.base or {}).items() if name != "attendees"}
        is_left = item.former_state == "closed"
        item.link_id.write({
            "state": "closed" if is_left else "creating",
            "problem_code": item.former_code if is_left else False,
            "remote_id": uuid.uuid4().hex, "base": was or False, "etag": False,
            "is_silent": True, "attempts": 0, "not_before": False,
        })  # fmt: skip
        item.write({"state": "restoring", "attempts": 0})

    def _plan(self, account, items):
        """What the push makes of these links."""
        pending = items.filtered(lambda item: item.link_id.state == "creating")
        if not pending:
            return []
        mark = self.env["calendar.sync.mark"]
        domain = [("account_id", "=", account.id)]
        marks = mark.search([*domain, ("meeting_id", "in", pending.link_id.meeting_id.ids)])
        known = set(marks.mapped("meeting_id"))
        marks |= pending.filtered(lambda item: item.link_id.meeting_id.id not in known)._mark()
        tasks = self.env["calendar.sync.push"]._plan(account, marks)
        kept = set().union(*(task.mark_ids for task in tasks))
        marks.filtered(lambda m: m.id not in kept).unlink()
        return tasks

    def _draft(self, item):
        link = item.link_id
        was = stored_base.load(link.base)
        draft = EventDraft(was, guid=link.meeting_id.guid or "")
        return link.calendar_id.remote_id, draft, link.remote_id

    def _record(self, account, lease, run, made):
        """See what became of the events; True when more are to be put back."""
        account._relock(lease)
        self.env.invalidate_all()
        items = self.env["calendar.sync.cleanup.item"]
        here, rows = [("cleanup_id", "=", run.id)], []
        for item in items.search([*here, ("state", "=", "restoring")]):
            rows += self._record_one(account, item, made.get(item.id))
        self.env["calendar.sync.journal"]._log(rows)
        is_left = bool(items.search_count([*here, ("state", "in", ("restoring", "removed"))]))
        if not is_left:
            run._end()
        run._tell()
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return is_left

    def _record_one(self, account, item, remote):
        link = item.link_id
        if isinstance(remote, RemoteEvent):
            link.remote_id = remote.remote_id
        if isinstance(remote, RemoteEvent) or link.state == "synced":
            item.write({"state": "restored", "reason_code": False})
            return [self._entry(account, link)]
        if isinstance(remote, ProviderError) or (link.state == "creating" and link.problem_code):
            item.write({"state": "lost", "reason_code": link.problem_code or "forbidden"})
        elif link.state != "creating" and item.former_state != "closed":
            item.write({"state": "lost", "reason_code": link.problem_code or "gone_in_odoo"})
        return []

    def _entry(self, account, link):
        return {
            "account_id": account.id,
            "calendar_id": link.calendar_id.id,
            "link_id": link.id,
            "event_id": link.meeting_id._first_event().id or None,
            "direction": "out",
            "action": "cleanup_undone",
            "rule": PUT_BACK,
        }
