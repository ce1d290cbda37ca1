from odoo import api, models

from ..core.event import EventKey
from ..sync import base
from ..sync.admission import is_in_window
from . import bulk
from .pull_types import Run

_MEETING = ("ical_uid", "slot", "form", "event_id", "series_id")


class CalendarSyncOverride(models.AbstractModel):
    """Changed and cancelled occurrences find their series and their row, in whatever order a
    calendar lists them."""

    _name = "calendar.sync.override"
    _description = "Inbound changed occurrences"

    @api.model
    def _prepare(self, run: Run, known, parts):
        """The occurrences that can be applied now. Those of a series that was imported get their
        meeting and link, with the series' fields as base; others wait, or stand alone."""
        self._name_unsent(run, known, parts)
        blocking = self._blocking_masters(run, parts, known)
        ready, new, waiting = [], [], []
        for part in parts:
            series = self._series(known, part.master_id)
            if part.remote_id in known.by_remote and series is None:
                link = known.by_remote[part.remote_id]
                if link.state != "waiting_master" or run.is_last_page:
                    ready.append(part)
            elif part.remote_id in known.by_remote:
                ready.append(part)
            elif series is None and not run.is_last_page and part.master_id not in blocking:
                waiting.append(part)
            else:
                if series is not None and part.key not in known.meetings:
                    new.append((part, series))
                ready.append(part)
        self._wait(run, waiting)
        refused = self._attach(run, known, new)
        return [part for part in ready if part.remote_id not in refused]

    def _name_unsent(self, run: Run, known, parts):
        """Occurrences that were changed here, and whose change is not sent or whose answer was
        lost: the calendar names them now. They merge against what their series says."""
        new = {
            (part.master_id, part.slot): part
            for part in parts
            if part.remote_id not in known.by_remote and self._series(known, part.master_id)
        }
        if not new:
            return
        unsent = self.env["calendar.sync.link"].sudo().search(
            [("calendar_id", "=", run.calendar.id), ("state", "=", "creating"),
             ("remote_id", "=", False),
             ("master_remote_id", "in", [master_id for master_id, _slot in new])]
        )  # fmt: skip
        for link in unsent:
            part = new.get((link.master_remote_id, link.slot))
            if part is None:
                continue
            master = known.by_remote[part.master_id]
            agreed = self._agreed_at(master, master.meeting_id, part.slot)
            stored = base.dump(agreed) if agreed else False
            link.write({"remote_id": part.remote_id, "state": "synced", "base": stored})
            known.by_remote[part.remote_id] = link

    def _agreed_at(self, master, series, slot):
        """What `master`'s series agreed on for one of its dates; None for nothing yet."""
        agreed = base.load(master.base)
        if agreed is None:
            return None
        return agreed.replace(when=series._occurrence(slot), recurrence=())

    def _series(self, known, master_id):
        """The meeting of an imported series, by its remote id."""
        link = known.by_remote.get(master_id)
        if link is None or link.state in ("quarantined", "closed"):
            return None
        meeting = link.meeting_id
        return meeting if meeting._is_series() else None

    def _blocking_masters(self, run: Run, parts, known):
        """Series that only block time: their occurrences don't wait for an import."""
        masters = {p.master_id for p in parts} - set(known.by_remote)
        if not masters:
            return set()
        self.env.cr.execute(
            "SELECT DISTINCT remote_id FROM calendar_sync_busy"
            " WHERE calendar_id = %s AND remote_id = ANY(%s)",
            [run.calendar.id, list(masters)],
        )
        return {row[0] for row in self.env.cr.fetchall()}

    def _attach(self, run: Run, known, new):
        """Meetings and links for occurrences that were not changed before. Returns remote ids of
        those that Odoo no longer has: a person deleted them, or they are outside the window."""
        if not new:
            return set()
        rows = self._rows_by_slot({series for _part, series in new})
        deleted = self._deleted_here({series for _part, series in new})
        refused, fresh = set(), []
        for part, series in new:
            row = rows.get((series.id, part.slot))
            is_deleted = (series.id, part.slot) in deleted
            if row is None and (is_deleted or not is_in_window(part, run.window)):
                refused.add(part.remote_id)
            else:
                fresh.append((part, series, row))
        meetings = self._make_meetings(fresh)
        self._make_links(run, known, fresh, meetings)
        return refused

    def _rows_by_slot(self, meetings):
        """{(series meeting id, slot): event id} of active rows."""
        self.env["calendar.event"].flush_model(["sync_meeting_id", "sync_slot", "active"])
        self.env.cr.execute(
            "SELECT sync_meeting_id, sync_slot, id FROM calendar_event"
            " WHERE sync_meeting_id = ANY(%s) AND active",
            [[meeting.id for meeting in meetings]],
        )
        return {(meeting_id, slot): id_ for meeting_id, slot, id_ in self.env.cr.fetchall()}

    def _deleted_here(self, meetings):
        """(series meeting id, slot) of occurrences whose deletion still has to be sent."""
        marks = (
            self.env["calendar.sync.mark"]
            .sudo()
            .search_read(
                [("meeting_id", "in", [m.id for m in meetings]), ("kind", "=", "gone")],
                ["meeting_id", "slot"],
            )
        )
        return {(mark["meeting_id"], mark["slot"]) for mark in marks}

    def _make_meetings(self, fresh):
        rows = [
            (part.ical_uid, part.slot, "override", event_id, series.id)
            for part, series, event_id in fresh
        ]
        ids = bulk.insert(self.env, "calendar.sync.meeting", _MEETING, rows)
        pairs = [
            (event_id, id_) for id_, (_p, _s, event_id) in zip(ids, fresh, strict=True) if event_id
        ]
        if pairs:
            self.env.flush_all()
            self.env.cr.execute_values(
                "UPDATE calendar_event e SET sync_meeting_id = v.meeting_id"
                " FROM (VALUES %s) v(id, meeting_id) WHERE e.id = v.id",
                pairs,
            )
            self.env["calendar.event"].invalidate_model(["sync_meeting_id"], flush=False)
        return self.env["calendar.sync.meeting"].sudo().browse(ids)

    def _make_links(self, run: Run, known, fresh, meetings):
        """A link whose base is what the series says for that slot, so that only what was changed
        in this occurrence travels."""
        agreements = []
        for (part, series, event_id), meeting in zip(fresh, meetings, strict=True):
            link = known.by_remote[part.master_id]
            agreed = self._agreed_at(link, series, part.slot)
            state = "synced" if event_id else "cancelled"
            values = {"state": state, "etag": None, "is_ours": link.is_ours}
            agreements.append((meeting.id, run.calendar, part, agreed, values))
        links = self.env["calendar.sync.link"].sudo()._create_agreed_many(agreements)
        for (part, _series, _event), link, meeting in zip(fresh, links, meetings, strict=True):
            known.by_remote[part.remote_id] = link
            known.meetings[part.key] = meeting

    def _wait(self, run: Run, parts):
        """Occurrences that came before their series: kept by id only, without any text, and read
        again when the listing has shown the series or is over."""
        meetings = self.env["calendar.sync.meeting"].sudo()
        for part in parts:
            meeting = meetings.search(
                [("ical_uid", "=", part.ical_uid), ("slot", "=", part.slot)], limit=1
            ) or meetings.create({"ical_uid": part.ical_uid, "slot": part.slot, "form": "override"})
            values = {"state": "waiting_master", "base": None, "etag": None, "web_url": None}
            self.env["calendar.sync.link"].sudo()._create_agreed_many(
                [(meeting.id, run.calendar, part, None, values)]
            )

    @api.model
    def _wait_cancelled(self, run: Run, entry):
        """A cancelled occurrence that came before its series; its iCalUID is not known yet."""
        uid = f"waiting:{run.calendar.id}:{entry.master_id}"
        meetings = self.env["calendar.sync.meeting"].sudo()
        meeting = meetings.search([("ical_uid", "=", uid), ("slot", "=", entry.slot)], limit=1)
        meeting = meeting or meetings.create(
            {"ical_uid": uid, "slot": entry.slot, "form": "override"}
        )
        self.env["calendar.sync.link"].sudo().create(
            {
                "meeting_id": meeting.id,
                "calendar_id": run.calendar.id,
                "ical_uid": uid,
                "slot": entry.slot,
                "remote_id": entry.remote_id,
                "master_remote_id": entry.master_id,
                "state": "cancelled",
                "seen_run": run.calendar.listing_run,
            }
        )

    @api.model
    def _adopt_parts(self, run: Run, known, remotes):
        """Occurrences that waited belong to their series from now on."""
        masters = {
            r.remote_id: known.by_remote[r.remote_id]
            for r in remotes
            if r.is_series and r.remote_id in known.waiting and r.remote_id in known.by_remote
        }
        if not masters:
            return
        links = (
            self.env["calendar.sync.link"]
            .sudo()
            .search(
                [
                    ("calendar_id", "=", run.calendar.id),
                    ("master_remote_id", "in", list(masters)),
                    ("state", "!=", "closed"),
                ]
            )
        )
        for link in links:
            series, meeting = masters[link.master_remote_id].meeting_id, link.meeting_id
            if meeting.series_id == series or not series._is_series():
                continue
            if meeting.ical_uid.startswith("waiting:"):
                meeting = self._give_identity(link, meeting, series)
            meeting.series_id = series

    def _give_identity(self, link, meeting, series):
        key = EventKey(series.ical_uid, link.slot)
        real = meeting.search([("ical_uid", "=", key.ical_uid), ("slot", "=", key.slot)], limit=1)
        link.write({"ical_uid": key.ical_uid, "meeting_id": (real or meeting).id})
        if real:
            meeting.unlink()
            return real
        meeting.ical_uid = key.ical_uid
        return meeting
