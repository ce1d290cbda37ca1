from odoo import api, models

from ..core.changes import Gone, Unreadable
from ..core.event import EventKey
from ..sync.match import GuidOwner, Index
from . import bulk
from .pull_types import Run


class Known:
    """What Odoo knows about the entries of a chunk, for one calendar."""

    def __init__(self, links, meetings, twins, waiting, index):
        self.links = links
        self.by_remote = {link.remote_id: link for link in links}
        self.meetings = {EventKey(m.ical_uid, m.slot): m for m in meetings}
        self.twins = twins
        self.waiting = waiting
        self.index = index
        self.closed = {}
        self.early = set()


class CalendarSyncKnown(models.AbstractModel):
    """Looks up everything that a chunk needs: one query for each kind of thing."""

    _name = "calendar.sync.known"
    _description = "What a pull knows"

    @api.model
    def _load(self, run: Run, entries) -> Known:
        """Links, meetings and GUIDs that the entries may belong to."""
        self._claim_creates(run, entries)
        link_model = self.env["calendar.sync.link"].sudo()
        remote_ids = {entry.remote_id for entry in entries}
        remote_ids |= {getattr(entry, "master_id", "") for entry in entries} - {""}
        masters = [e.remote_id for e in entries if not isinstance(e, (Gone, Unreadable))]
        found = bulk.found(
            link_model,
            [
                ("calendar_id", "=", run.calendar.id),
                "|",
                ("remote_id", "in", list(remote_ids)),
                "&",
                ("master_remote_id", "in", masters),
                ("state", "!=", "closed"),
            ],
        )
        waiting: dict[str, set[str]] = {}
        for link in found.filtered(lambda link: link.master_remote_id and link.state != "closed"):
            waiting.setdefault(link.master_remote_id, set()).add(link.slot)
        living = found.filtered(
            lambda link: link.state != "closed" and link.remote_id in remote_ids
        )
        closed = found.filtered(lambda link: link.state == "closed") - living
        twins = living.filtered(lambda link: link.problem_code == "duplicate")
        adopted = self.env["calendar.sync.former"]._adopt(run, entries, living)
        meetings = self._meetings(entries, living)
        index = self._index(run, entries, living - twins, meetings, adopted)
        known = Known(living - twins, meetings, {t.remote_id: t for t in twins}, waiting, index)
        known.closed = {link.remote_id: link for link in closed}
        return known

    def _claim_creates(self, run: Run, entries):
        """A pending create whose event came in under an id of the provider's choice is that event:
        its answer was lost, or this page was faster."""
        made = {getattr(entry, "create_key", ""): entry.remote_id for entry in entries}
        made.pop("", None)
        if made:
            pending = (
                self.env["calendar.sync.link"]
                .sudo()
                .search(
                    [
                        ("calendar_id", "=", run.calendar.id),
                        ("state", "=", "creating"),
                        ("remote_id", "in", list(made)),
                    ]
                )
            )
            for link in pending:
                link.remote_id = made[link.remote_id]

    def _meetings(self, entries, links):
        """Meetings with the iCalUIDs of the entries, and those of the links."""
        uids = {e.ical_uid for e in entries if not isinstance(e, (Gone, Unreadable))}
        model = self.env["calendar.sync.meeting"].sudo()
        found = bulk.found(model, [("ical_uid", "in", list(uids))]) if uids else model
        return found | links.meeting_id

    def _index(self, run: Run, entries, links, meetings, adopted):
        events = [e for e in entries if not isinstance(e, (Gone, Unreadable))]
        by_remote = {link.remote_id: link.id for link in links}
        new_guids = {e.guid for e in events if e.guid and e.remote_id not in by_remote}
        by_uid = {EventKey(m.ical_uid, m.slot): m.id for m in meetings}
        owners, owned = self._guid_owners(new_guids)
        pending = self._pending_creates(
            run, [e for e in events if e.remote_id not in by_remote and e.key not in by_uid]
        )
        pending |= adopted
        created = meetings.browse(pending.values())
        unknown = (meetings | owned | created) - links.meeting_id
        living = {link.meeting_id.id: link.id for link in links if link.state != "quarantined"}
        if unknown:
            here = (
                self.env["calendar.sync.link"]
                .sudo()
                .search(
                    [
                        ("calendar_id", "=", run.calendar.id),
                        ("meeting_id", "in", unknown.ids),
                        ("state", "not in", ("closed", "quarantined")),
                    ]
                )
            )
            living |= {link.meeting_id.id: link.id for link in here}
        return Index(
            by_remote=by_remote, by_uid=by_uid, by_key=pending, by_guid=owners, living=living
        )

    def _pending_creates(self, run: Run, events):
        """{remote id: meeting id} of invitations whose event a colleague's worker is creating
        right now under an id that we chose: calendars keep it as the id or in the iCalUID."""
        keys = {}
        for event in events:
            if not event.is_organizer and not event.slot:
                for key in (event.remote_id, event.ical_uid.partition("@")[0]):
                    keys[key] = event.remote_id
        if not keys:
            return {}
        links = self.env["calendar.sync.link"].sudo()
        found = links.search(
            [
                ("state", "=", "creating"),
                ("slot", "=", ""),
                ("calendar_id", "!=", run.calendar.id),
                ("remote_id", "in", list(keys)),
            ]
        )
        return {keys[link.remote_id]: link.meeting_id.id for link in found}

    def _guid_owners(self, guids):
        """({guid: GuidOwner}, meetings): who carries our GUIDs, also events whose meeting was
        forgotten with a former connection."""
        meetings = self.env["calendar.sync.meeting"].sudo()
        if not guids:
            return {}, meetings
        meetings = meetings.search([("guid", "in", list(guids)), ("series_id", "=", False)])
        missing = guids - set(meetings.mapped("guid"))
        if missing:
            meetings |= self._adopt_orphans(missing)
        rows = (
            self.env["calendar.event"]
            .sudo()
            .search([("sync_meeting_id", "in", meetings.ids)], order="start, id")
        )
        first = {}
        for row in rows:
            first.setdefault(row.sync_meeting_id.id, row)
        fields = self.env["calendar.sync.local"]._fields_of(
            rows.browse(r.id for r in first.values())
        )
        owners = {}
        for meeting in meetings:
            row = first.get(meeting.id)
            if row:
                said = fields[row.id]
                owners[meeting.guid] = GuidOwner(meeting.id, said.title, said.when)
        return owners, meetings

    def _adopt_orphans(self, guids):
        """Meetings for events that still carry a GUID of ours but lost all links, for instance
        when the account was removed and connected again."""
        events = self.env["calendar.event"].sudo().with_context(active_test=False)
        events = events.search(
            [("sync_guid", "in", list(guids)), ("sync_meeting_id", "=", False)], order="start, id"
        )
        first = {}
        for event in events:
            first.setdefault(event.sync_guid, event)
        meetings = self.env["calendar.sync.meeting"].sudo()
        for guid, event in first.items():
            meeting = meetings.create(
                {
                    "ical_uid": f"{guid}@calendar-sync-pro",
                    "guid": guid,
                    "form": "native" if event.recurrence_id else "single",
                    "event_id": False if event.recurrence_id else event.id,
                    "recurrence_id": event.recurrence_id.id,
                }
            )
            rows = event.recurrence_id.calendar_event_ids | event
            rows.with_context(tracking_disable=True).write({"sync_meeting_id": meeting.id})
            meetings |= meeting
        return meetings
