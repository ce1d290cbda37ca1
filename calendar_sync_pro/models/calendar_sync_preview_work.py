import logging
import time
from datetime import timedelta

from odoo import api, models

from ..core.changes import Gone, Unreadable, Window
from ..core.errors import Malformed, SyncTokenExpired
from ..core.event import EventKey, RemoteEvent
from ..sync import admission
from ..sync.decide import decide
from ..sync.decisions import PushDelete, Unlink
from ..sync.preview import Side, foresee
from . import bulk, clock
from .busy_times import span
from .calendar_sync_apply import RESTART, as_written
from .calendar_sync_calendar_reading import MARGIN_DAYS
from .pull_types import Outcome

_logger = logging.getLogger(__name__)

CHUNK = 200
_COLUMNS = (
    "preview_id", "side", "reason", "remote_id", "ical_uid", "master_id", "slot", "event_id",
    "event_ids", "title", "start", "is_all_day", "is_series", "to_odoo", "to_calendar",
)  # fmt: skip
_CONNECTED = (Side.INTO_ODOO, Side.SAME)


class Rehearsed(Exception):
    """Ends a rehearsal: whatever it wrote is taken back."""


class CalendarSyncPreviewWork(models.AbstractModel):
    """Reads the calendar and decides about each event as the first sync will, by the same code:
    in a savepoint that is always rolled back. Only what was decided is written down.

    A page is one transaction, its cursor is kept with it: whoever takes over from a killed worker
    goes on from there.
    """

    _name = "calendar.sync.preview.work"
    _description = "Reading for a preview"

    @api.model
    def _turn(self, account, lease, preview):
        """Read for one slice. True when more is to be read. Raises ProviderError, LeaseLost."""
        provider, started = account._open_provider(), time.monotonic()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        try:
            while time.monotonic() - started < lease.slice_s:
                place = account._retried(lambda: self._place(account, lease, preview))
                if not place:
                    return False
                try:
                    page = provider.changes(*place[1:])
                except SyncTokenExpired:
                    account._retried(lambda: self._restart(account, lease, preview))
                    continue
                account._retried(lambda p=page, n=place: self._take(account, lease, preview, p, n))
            return True
        finally:
            provider.close()

    def _place(self, account, lease, preview):
        """(number of the reading, calendar, cursor, window) to ask for; () when there is nothing
        to read any more."""
        account._relock(lease)
        preview.invalidate_recordset()
        place = ()
        if preview.exists().state == "reading":
            place = (preview.reading, preview.calendar_id.remote_id, preview.cursor or "",
                     self._window(account))  # fmt: skip
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return place

    def _window(self, account):
        """The window of a full listing, as the sync itself asks for it."""
        wanted = account._window(clock.now())
        return Window(wanted.start, wanted.stop + timedelta(days=MARGIN_DAYS))

    def _restart(self, account, lease, preview):
        account._relock(lease)
        preview._read_anew()
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _take(self, account, lease, preview, page, place):
        """Decide about the events of a page and write it down with the cursor."""
        account._relock(lease)
        preview.invalidate_recordset()
        if preview.exists().state == "reading" and preview.reading == place[0]:
            run = self.env["calendar.sync.pull"]._surroundings(
                preview.calendar_id, page, place[3], is_alone=True
            )
            entries = [e for e in (*page.events, *page.unreadable) if not isinstance(e, Gone)]
            self._store(preview, self._rows_of(run, preview, entries))
            preview.write({"cursor": page.cursor, "seen": preview.seen + len(entries)})
            if not page.has_more:
                self._end(preview)
            preview._tell()
        self.env.cr.commit()  # pylint: disable=invalid-commit

    # -- the calendar's events --------------------------------------------------------------------
    def _rows_of(self, run, preview, entries):
        """Values of the items of `entries`; occurrences of what is connected belong to it."""
        rows = []
        for at in range(0, len(entries), CHUNK):
            chunk = entries[at : at + CHUNK]
            fresh = self._known_keys(preview, chunk) | {
                EventKey(row["ical_uid"], row["slot"]): True for row in rows
            }
            rows += self._decided(run, chunk, fresh)
        return rows

    def _known_keys(self, preview, entries):
        uids = [e.ical_uid for e in entries if isinstance(e, RemoteEvent)]
        found = self.env["calendar.sync.preview.item"].search(
            [("preview_id", "=", preview.id), ("ical_uid", "in", uids)]
        )
        return {EventKey(item.ical_uid, item.slot or ""): True for item in found}

    def _decided(self, run, entries, fresh):
        """As the pull does: an event that raises is found by halves and listed with its reason."""
        try:
            return self._rehearse(lambda: self._decide(run, entries, dict(fresh)))
        except RESTART:
            raise
        except Exception as error:  # an odd event may raise anything; it is listed and logged
            if len(entries) > 1:
                half = len(entries) // 2
                first = self._decided(run, entries[:half], fresh)
                return first + self._decided(run, entries[half:], fresh)
            reason = error.reason if isinstance(error, Malformed) else "rejected_by_odoo"
            _logger.info("preview calendar=%s unreadable reason=%s", run.calendar.id, reason)
            return [_row(Side.KEPT_OUT, reason or "malformed", remote_id=entries[0].remote_id)]

    def _rehearse(self, work):
        """What `work()` finds; what it wrote is taken back."""
        found = None
        try:
            with self.env.cr.savepoint():
                found = work()
                raise Rehearsed
        except Rehearsed:
            return found

    def _decide(self, run, entries, fresh):
        for entry in entries:
            if isinstance(entry, Unreadable):
                raise entry.error
        known = self.env["calendar.sync.known"]._load(run, entries)
        apply = self.env["calendar.sync.apply"]
        items, rows = [], []
        for remote in map(as_written, entries):
            link = known.by_remote.get(remote.remote_id)
            outcome = Outcome()
            item = apply._matched(run, known, remote, link, fresh, [], outcome)
            if item:
                items.append(item)
            else:
                rows.append(self._kept_out(run, remote, outcome))
        apply._fill(run, items)
        sides = apply._local_sides(run, items)
        for item in items:
            item.side = sides.get(id(item))
            rows.append(self._foreseen(run, item))
        return rows

    def _kept_out(self, run, remote, outcome):
        """No title: Odoo keeps nothing of such an event but its time."""
        is_twin = outcome.counts["duplicate"]
        reason = admission.admit(remote, run.policy, run.window).reason
        return _of_remote(remote, Side.KEPT_OUT, "twin" if is_twin else reason)

    def _foreseen(self, run, item):
        apply = self.env["calendar.sync.apply"]
        if item.side is None and item.meeting and apply._is_gone_here(item):
            return _of_remote(item.remote, Side.KEPT_OUT, "deleted_in_odoo")
        decisions = decide(apply._pair(run, item), run.policy)
        found = foresee(decisions)
        if any(isinstance(decision, PushDelete | Unlink) for decision in decisions):
            return _of_remote(item.remote, Side.KEPT_OUT, decisions[0].rule)
        if found.side is Side.INTO_ODOO:
            reason = admission.admit(item.remote, run.policy, run.window).reason
            return _of_remote(item.remote, found.side, reason, title=item.remote.fields.title)
        rows = self._events_of(item.meeting)
        return _of_remote(
            item.remote, found.side, "adopted", title=item.remote.fields.title,
            event_id=rows[:1].id or None, event_ids=rows.ids,
            to_odoo=list(found.to_odoo), to_calendar=list(found.to_calendar),
        )  # fmt: skip

    def _events_of(self, meeting):
        events = self.env["calendar.event"].sudo().with_context(active_test=False)
        rows = events.search([("sync_meeting_id", "=", meeting.id)], order="start, id")
        return rows | meeting.event_id | meeting.recurrence_id.calendar_event_ids

    def _store(self, preview, rows):
        values = [tuple({**row, "preview_id": preview.id}.get(n) for n in _COLUMNS) for row in rows]
        bulk.insert(self.env, "calendar.sync.preview.item", _COLUMNS, values)

    # -- Odoo's events ----------------------------------------------------------------------------
    def _end(self, preview):
        """The calendar is read: what of Odoo would go there, and the preview is ready."""
        items = self.env["calendar.sync.preview.item"]
        here = [("preview_id", "=", preview.id)]
        joined = items.search([*here, ("side", "in", _CONNECTED), ("slot", "=", "")])
        masters = joined.mapped("remote_id")
        items.search([*here, ("master_id", "in", masters)]).unlink()
        taken = {id_ for item in joined for id_ in item.event_ids or ()}
        known = set(joined.mapped("remote_id"))
        rows = self._rehearse(lambda: self._outgoing(preview, taken, known))
        self._store(preview, rows)
        preview.state = "ready"

    def _outgoing(self, preview, taken, known):
        """Values of the items that the first push would create."""
        account = preview.account_id
        marks, push = self.env["calendar.sync.mark"].sudo(), self.env["calendar.sync.push"]
        marks._mark_window(account, account._window(clock.aware()))
        self.env.invalidate_all()
        found = marks.search([("account_id", "=", account.id)], order="id")
        rows, seen = [], set()
        for at in range(0, len(found), CHUNK):
            for task in push._plan(account, found[at : at + CHUNK]):
                event = self.env["calendar.event"].sudo().browse(task.event_id)
                is_new = task.send == "create" and not task.slot and task.link_id not in seen
                if is_new and task.event_id not in taken and task.remote_id not in known:
                    seen.add(task.link_id)
                    rows.append(self._going(event, task))
        return rows

    def _going(self, event, task):
        said = task.draft.fields
        return _row(
            Side.INTO_CALENDAR, "new_local", title=said.title, event_id=event.id,
            start=span(said.when)[0], is_all_day=said.when.is_all_day,
            is_series=bool(said.recurrence),
        )  # fmt: skip


def _of_remote(remote, side, reason, **values):
    return _row(
        side, reason, remote_id=remote.remote_id, ical_uid=remote.ical_uid,
        master_id=remote.master_id or None, slot=remote.slot or "",
        start=span(remote.fields.when)[0], is_all_day=remote.fields.when.is_all_day,
        is_series=bool(remote.fields.recurrence), **values,
    )  # fmt: skip


def _row(side, reason, **values):
    defaults = {"ical_uid": "", "slot": ""}
    return defaults | values | {"side": str(side), "reason": reason}
