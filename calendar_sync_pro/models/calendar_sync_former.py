from odoo import api, fields, models
from odoo.tools import SQL

from ..core import recurrence
from ..core.errors import Malformed
from ..core.event import RemoteEvent
from ..providers.former import FormerSync
from ..sync.original_slots import original_slots
from . import bulk
from .calendar_sync_local import rule_lines
from .pull_types import Run
from .series_span import whole

_COLUMNS = (
    "provider", "account_key", "remote_id", "ical_uid", "master_id", "slot", "event_id",
    "recurrence_id", "is_agreed",
)  # fmt: skip
MAX_SLOTS = 4000


class CalendarSyncFormer(models.Model):
    """Under which ids events of this database stand in calendars, as a sync before this one knew
    them: Odoo's own calendar sync, or this addon before it was taken out and put in again.

    A row becomes a link when a calendar lists that event: it is then adopted, never made again.
    Until then nothing is sent for it, for it stands in a calendar that we can't see yet.
    """

    _name = "calendar.sync.former"
    _description = "Identity from a former sync"
    _log_access = False

    provider = fields.Char(required=True)
    account_key = fields.Char(
        help="The provider's id of the account; empty where ids are the same for all."
    )
    remote_id = fields.Char(index="btree_not_null")
    ical_uid = fields.Char(index="btree_not_null")
    master_id = fields.Char(index="btree_not_null", help="Remote id of the series, for its rows.")
    slot = fields.Char(help="Original start of an occurrence, or only its day; empty: unknown.")
    event_id = fields.Many2one("calendar.event", index="btree_not_null", ondelete="cascade")
    recurrence_id = fields.Many2one(
        "calendar.recurrence", index="btree_not_null", ondelete="cascade"
    )
    is_agreed = fields.Boolean(
        help="Odoo held no edit that was not sent: what the calendar says counts."
    )

    # -- filling ------------------------------------------------------------------------------
    @api.model
    def _take_from(self, former: FormerSync):
        """Take over the ids that another module keeps on events and series."""
        rows = self._rows_of_events(former) + self._rows_of_series(former)
        bulk.insert(self.env, self._name, _COLUMNS, rows)

    def _rows_of_events(self, former):
        rows = []
        for event_id, series_id, remote_id, uid, pending in self._ids_in(
            "calendar.event", former, SQL("t.recurrence_id"), SQL("AND t.active")
        ):
            slot = former.slot_of(remote_id, uid) if series_id else ""
            # A series is found as a whole; an occurrence's own ids must not pass for a single's.
            own = (None, None) if series_id else (remote_id or None, uid or None)
            rows.append(
                (former.provider, None, *own, None, slot or None, event_id, None, not pending)
            )
        return rows

    def _rows_of_series(self, former):
        found = self._ids_in("calendar.recurrence", former, SQL("NULL::integer"), SQL(""))
        return [
            (former.provider, None, remote_id or None, uid or None, None, None, None, id_, True)
            for id_, _none, remote_id, uid, _pending in found
        ]

    def _ids_in(self, model, former, series, only):
        """Rows (id, series, remote id, iCalUID, has an unsent edit) of `model`."""
        records = self.env[model]
        if former.remote_id not in records._fields:
            return []
        records.flush_model()
        uid = SQL.identifier("t", former.ical_uid) if former.ical_uid else SQL("''")
        return self.env.execute_query(
            SQL(
                """SELECT t.id, %s, %s, coalesce(%s, ''), coalesce(%s, FALSE)
                     FROM %s t WHERE %s IS NOT NULL %s ORDER BY t.id""",
                series,
                SQL.identifier("t", former.remote_id),
                uid,
                SQL.identifier("t", former.pending),
                SQL.identifier(records._table),
                SQL.identifier("t", former.remote_id),
                only,
            )
        )

    # -- what must not be made again ------------------------------------------------------------
    @api.model
    def _standing(self, account, events):
        """Ids of those of `events` that stand in a calendar of this provider, as far as a former
        sync knew, so that they aren't sent as new."""
        if not events:
            return set()
        rows = self.env.execute_query(
            SQL(
                """SELECT e.id FROM calendar_event e
                     JOIN calendar_sync_former f
                       ON f.event_id = e.id OR f.recurrence_id = e.recurrence_id
                    WHERE e.id = ANY(%s) AND f.provider = %s
                      AND (f.account_key IS NULL OR f.account_key = %s)""",
                list(events._ids),
                account.provider,
                account.remote_id or "",
            )
        )
        return {id_ for (id_,) in rows}

    # -- adopting ---------------------------------------------------------------------------------
    @api.model
    def _adopt(self, run: Run, entries, links):
        """Meetings for those of `entries` that a former sync had brought into Odoo.

        Returns {remote id: meeting id}. `links` are the living ones of this calendar.
        """
        linked = set(links.mapped("remote_id"))
        heads = {
            entry.remote_id: entry
            for entry in entries
            if isinstance(entry, RemoteEvent) and not entry.slot and entry.remote_id not in linked
        }
        found = self._found(run, heads) if heads else {}
        parts = {id_: [] for id_ in found}
        for entry in entries:
            if isinstance(entry, RemoteEvent) and entry.slot and entry.master_id in parts:
                parts[entry.master_id].append(entry)
        return {
            id_: self._meeting(run, heads[id_], row, parts[id_]).id for id_, row in found.items()
        }

    def _found(self, run: Run, heads):
        """{remote id: row} by remote id, else by iCalUID."""
        uids = {head.ical_uid: id_ for id_, head in heads.items() if head.ical_uid}
        rows = self.sudo().search_fetch(
            [
                ("provider", "=", run.account.provider),
                ("account_key", "in", [False, run.account.remote_id]),
                ("master_id", "=", False),
                "|", ("remote_id", "in", list(heads)), ("ical_uid", "in", list(uids)),
            ],
            ["remote_id", "ical_uid", "event_id", "recurrence_id", "is_agreed"],
        )  # fmt: skip
        found = {}
        for row in rows:
            id_ = row.remote_id if row.remote_id in heads else uids.get(row.ical_uid)
            if id_ and (row.event_id or row.recurrence_id or row.remote_id):
                found.setdefault(id_, row)
        return found

    def _meeting(self, run: Run, remote, former, parts):
        """The meeting of the event or series that stands in Odoo; made unless another calendar of
        the same meeting came first."""
        rows = self._rows_in_odoo(run, remote, former)
        known = rows.sync_meeting_id
        meeting = known.series_id[:1] or known[:1]
        meeting = meeting or meeting.search(
            [("ical_uid", "=", remote.ical_uid), ("slot", "=", "")], limit=1
        )
        if meeting:
            return meeting
        form = "native" if former.recurrence_id else "materialised"
        form = "single" if former.event_id else form
        meeting = self.env["calendar.sync.meeting"].sudo().create(
            {
                "ical_uid": remote.ical_uid,
                "guid": rows[:1].sync_guid or remote.guid or False,
                "form": form,
                "event_id": former.event_id.id,
                "recurrence_id": former.recurrence_id.id,
                "is_taken_over": former.is_agreed or not former.event_id,
            }
        )  # fmt: skip
        self.env["calendar.sync.push"]._attach(rows, meeting)
        if not former.event_id:
            self._give_slots(remote, rows, parts)
        return meeting

    def _rows_in_odoo(self, run: Run, remote, former):
        events = (
            former.event_id
            or former.recurrence_id.with_context(active_test=True).calendar_event_ids
        )
        if not events:
            parts = self.sudo().search(
                [("provider", "=", run.account.provider), ("master_id", "=", remote.remote_id)]
            )
            events = parts.event_id
        return events.sudo().sorted("start")

    def _give_slots(self, remote, rows, parts):
        """Each row of a series gets the start that it had before anybody moved it."""
        when = remote.fields.when
        try:
            found = recurrence.expand(
                when, rule_lines(remote.fields.recurrence), whole(when), limit=MAX_SLOTS
            )
        except Malformed:
            return
        said = self.sudo().search([("event_id", "in", rows.ids), ("slot", "!=", False)])
        hints = {row.event_id.id: row.slot for row in said}
        moved = {part.fields.when.slot: part.slot for part in parts}
        slot_of_row = self.env["calendar.sync.series"]._slot_of
        rows.flush_recordset()
        facts = [(row.id, slot_of_row(row), hints.get(row.id, "")) for row in rows]
        values = list(original_slots(facts, found, moved).items())
        bulk.update(self.env, "calendar.event", ("sync_slot",), values)
