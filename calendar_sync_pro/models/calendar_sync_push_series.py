import uuid
from collections import defaultdict
from dataclasses import replace

from odoo import api, models

from ..core.changes import Window
from ..core.errors import Malformed
from ..sync import base as stored_base
from ..sync import series
from ..sync.decide import decide
from .calendar_sync_push_plan import Subject
from .push_task import Send
from .series_span import around, whole
from .silent import silent


class CalendarSyncPush(models.AbstractModel):
    """Series: one remote series per meeting, its changed and deleted occurrences beside it.

    Whether somebody edited "only this", "this and following" or "all" can't be told while Odoo
    writes; it shows afterwards, by comparing rule and rows with the base.
    """

    _inherit = "calendar.sync.push"

    @api.model
    def _adopt_rules(self, events):
        """Follow what Odoo did to its rules: "all" makes a new rule for the same meeting, "this
        and following" a second one beside a shortened first."""
        for rule in events.recurrence_id:
            rows = silent(rule).calendar_event_ids
            meeting = self._meeting_of_rule(rule, rows)
            if not meeting:
                self._leave_former(rows)
                continue
            stray = rows.filtered(
                lambda row, m=meeting: m not in (row.sync_meeting_id, row.sync_meeting_id.series_id)
            )
            if stray:
                self._attach(stray, meeting)

    def _meeting_of_rule(self, rule, rows):
        """The series that `rule` belongs to, taking over one whose rule is gone; else none."""
        meetings = self.env["calendar.sync.meeting"].sudo()
        found = meetings.search([("recurrence_id", "=", rule.id)], limit=1)
        if found:
            return found
        known = rows.sync_meeting_id
        known |= known.series_id
        free = known.filtered(lambda m: not m.recurrence_id and m.form in ("native", "single"))
        if free:
            free[0].write({"recurrence_id": rule.id, "form": "native", "event_id": False})
        return free[:1]

    def _leave_former(self, rows):
        """Rows that were taken out of a series that goes on without them have nothing to do with
        it any more: not even a single one is told as a part of it, or shares its lasting id."""
        left = rows.filtered(
            lambda row: (row.sync_meeting_id.series_id or row.sync_meeting_id).recurrence_id
        )
        if not left:
            return
        left.flush_recordset(["sync_meeting_id", "sync_guid"])
        parts = left.sync_meeting_id.filtered("series_id")
        parts.event_id = False
        self.env.cr.execute(
            """UPDATE calendar_event event
                  SET sync_meeting_id = NULL, sync_guid = NULLIF(event.sync_guid, meeting.guid)
                 FROM calendar_sync_meeting meeting
                WHERE event.id = ANY(%s)
                  AND (SELECT COALESCE(part.series_id, part.id) FROM calendar_sync_meeting part
                        WHERE part.id = event.sync_meeting_id) = meeting.id""",
            [left.ids],
            log_exceptions=False,
        )
        left.invalidate_recordset(["sync_meeting_id", "sync_guid"], flush=False)

    def _series(self, plan, marks, events, meetings):
        """A subject for each series that the marks reach, and for each rule that has none yet."""
        found = defaultdict(lambda: (set(), []))
        for mark, event, known in self._targets(marks, events, meetings):
            meeting = known.series_id or known
            if meeting._is_series() or event.recurrence_id:
                rule = event.recurrence_id
                key = (meeting, rule.browse() if meeting else rule)
                found[key][0].add(mark.id)
                found[key][1].append(mark.is_notifying)
        subjects = []
        for (meeting, rule), (ids, notify) in found.items():
            row = self._first_row(meeting, rule)
            subjects.append(Subject(row, meeting, None, frozenset(ids), any(notify)))
        self._load(plan, subjects)
        return subjects

    def _first_row(self, meeting, rule):
        """The earliest row that takes place: it stands for the series."""
        events = silent(self.env["calendar.event"])
        if not meeting:
            return silent(rule).calendar_event_ids.filtered("active").sorted("start")[:1]
        domain = [("sync_meeting_id", "=", meeting.id), ("active", "=", True)]
        return events.search(domain, order="start, id", limit=1)

    def _plan_series(self, plan, subject):
        """Tasks for the series itself, then for its occurrences."""
        link = subject.link
        if link is None:
            if subject.event and self._is_series_wanted(plan, subject):
                plan.creations.append(subject)
            return []
        if link.state in ("frozen", "waiting_master"):
            return []
        if self._makes_way(plan, subject):
            return [self._task(subject, Send.DELETE, rule="invited", is_gone=True)]
        self._invite(subject)
        if link.state == "creating" or not link.base:
            if not subject.event:
                return [self._never_sent(subject)]
            return self._with_rows(plan, subject, self._create_task(plan, subject))
        if not subject.event or self._is_gone(plan, subject.event, link):
            pair = self._pair(link, stored_base.load(link.base), None)
            return self._tasks_for(plan, subject, decide(pair, plan.policy), None)
        return self._plan_living_series(plan, subject)

    def _plan_living_series(self, plan, subject):
        link, local = subject.link, self._local(plan, subject)
        base = stored_base.load(link.base)
        found = decide(self._pair(link, base, local), plan.policy)
        tasks = self._tasks_for(plan, subject, found, local)
        if link.id in plan.held:
            return []
        if not (link.is_organizer and link.can_edit):
            return tasks or self._beside(plan, subject, local)
        if any(task.agreed and task.agreed.when != base.when for task in tasks):
            self._close_overrides(subject)
        self._remember_rule(subject.meeting, local)
        tasks = tasks or self._beside(plan, subject, local)
        return tasks + self._plan_rows(plan, subject, local, tasks)

    def _tasks_for(self, plan, subject, found, local):
        return [t for d in found for t in self._tasks_of(plan, subject, d, local)]

    def _is_series_wanted(self, plan, subject):
        """A series belongs on the calendar as soon as one of its rows does."""
        rule = subject.event.recurrence_id
        rows = silent(rule).calendar_event_ids if rule else subject.event
        return any(self._is_wanted(plan, row, subject) for row in rows.filtered("active"))

    def _local(self, plan, subject, event=None):
        """A series says what its rows have in common."""
        if event is None and subject.meeting._is_series():
            found = self.env["calendar.sync.local"]._series_fields(subject.meeting)
            fields = found[subject.meeting.id]
            base = stored_base.load(subject.link.base) if subject.link else None
            if base and subject.meeting.form == "materialised":
                when = replace(base.when, tz=subject.meeting.tz or base.when.tz)
                fields = fields.replace(when=when, recurrence=base.recurrence)
            plan.fields[subject.event.id] = fields
        return super()._local(plan, subject, event)

    def _with_rows(self, plan, subject, master):
        """The creation of a series, and right after it what its rows say differently."""
        local = self._local(plan, subject)
        self._remember_rule(subject.meeting, local)
        return [master, *self._plan_rows(plan, subject, local, [master])]

    def _creation_tasks(self, plan, subject):
        if subject.meeting._is_series():
            return self._with_rows(plan, subject, self._create_task(plan, subject))
        return super()._creation_tasks(plan, subject)

    def _ensure_meetings(self, subjects):
        """A series gets one meeting for all its rows."""
        new = [s for s in subjects if not s.meeting and s.event.recurrence_id]
        for subject in new:
            rule = subject.event.recurrence_id
            guid = subject.event.sync_guid or str(uuid.uuid4())
            subject.meeting = (
                self.env["calendar.sync.meeting"]
                .sudo()
                .create(
                    {"ical_uid": guid, "guid": guid, "form": "native", "recurrence_id": rule.id}
                )
            )
            self._attach(silent(rule).calendar_event_ids, subject.meeting)
        return super()._ensure_meetings(subjects)

    def _remember_rule(self, meeting, local):
        """What the rows are compared with from now on; a rule from outside is never rewritten."""
        values = {
            "rules": list(local.recurrence),
            "starts": local.when.slot,
            "duration_min": int((local.when.stop - local.when.start).total_seconds() // 60),
            "tz": local.when.tz or False,
        }
        if meeting.form == "native" and any(meeting[name] != values[name] for name in values):
            meeting.write(values)

    # Occurrences

    def _plan_rows(self, plan, subject, local, before):
        """Tasks for occurrences that the series doesn't describe: changed, moved, taken out."""
        rows = self._rows_by_slot(subject.meeting)
        fields = self._row_fields(plan, subject, rows)
        try:
            found = series.compare(local, fields, *self._spans(subject.meeting, local.when, rows))
        except Malformed:
            return []
        links = self._override_links(subject)
        after = subject.link.id if before else 0
        tasks = []
        for slot in sorted(set(found.changed) | (set(links) & set(rows))):
            tasks += self._plan_row(plan, subject, rows[slot], links.get(slot), fields[slot],
                                    found.changed.get(slot, ()), after)  # fmt: skip
        for slot in found.missing:
            tasks += self._plan_missing(plan, subject, slot, links.get(slot), after)
        return tasks

    def _spans(self, meeting, when, slots):
        """A window that holds all rows, and the part of it where each date had one."""
        if meeting.form != "materialised":
            return whole(when), None
        made = meeting._made_window() or Window(when.instant, when.instant)
        return around(slots, made), made

    def _rows_by_slot(self, meeting):
        """{slot: event} of all rows that take place, also those with a meeting of their own."""
        events = silent(self.env["calendar.event"]).search(
            ["|", ("sync_meeting_id", "=", meeting.id),
             ("sync_meeting_id.series_id", "=", meeting.id), ("active", "=", True)],
            order="start, id",
        )  # fmt: skip
        return {event.sync_slot: event for event in events if event.sync_slot}

    def _row_fields(self, plan, subject, rows):
        events = silent(self.env["calendar.event"]).union(*rows.values())
        plan.fields |= self.env["calendar.sync.local"]._fields_of(events - subject.event)
        own = self.env["calendar.sync.local"]._fields_of(subject.event)
        said = plan.fields[subject.event.id]
        plan.fields |= own
        local = super()._local
        found = {slot: local(plan, subject, event) for slot, event in rows.items()}
        plan.fields[subject.event.id] = said
        for slot, event in rows.items():
            # It took place when it did; the calendar's date of it is not moved for that.
            if event._has_outcome() and event.sync_meeting_id == subject.meeting:
                found[slot] = found[slot].replace(when=subject.meeting._occurrence(slot))
        return found

    def _override_links(self, subject):
        """{slot: link on the series' calendar} of changed and cancelled occurrences."""
        links = (
            self.env["calendar.sync.link"]
            .sudo()
            .search(
                [
                    ("meeting_id.series_id", "=", subject.meeting.id),
                    ("calendar_id", "=", subject.link.calendar_id.id),
                    ("state", "!=", "closed"),
                ]
            )
        )
        return {link.slot: link for link in links}

    def _plan_row(self, plan, subject, event, link, fields, names, after):
        """One row that differs from its series, or that has an override of its own already."""
        if link is None:
            link = self._new_override(plan, subject, event.sync_slot, event)
        row = Subject(event, link.meeting_id, link, subject.mark_ids, subject.is_notifying)
        if link.state in ("creating", "cancelled") or not link.base:
            wanted = tuple(sorted(set(names) or {"when"}))
            draft = self._draft(row, fields)
            return [self._row_task(
                subject, row, Send.UPDATE, after,
                names=wanted, agreed=fields, draft=draft, rule="changed_in_odoo",
            )]  # fmt: skip
        base = stored_base.load(link.base)
        if event._has_outcome():
            fields = fields.replace(when=base.when)
        found = decide(self._pair(link, base, fields), plan.policy)
        return [t for d in found for t in self._tasks_of(plan, row, d, fields)]

    def _plan_missing(self, plan, subject, slot, link, after):
        """An occurrence without a row: it was deleted or cancelled in Odoo."""
        if link is not None and link.state == "cancelled":
            return []
        if link is None:
            link = self._new_override(plan, subject, slot, silent(self.env["calendar.event"]))
        none = silent(self.env["calendar.event"])
        row = Subject(none, link.meeting_id, link, subject.mark_ids, subject.is_notifying)
        return [self._row_task(subject, row, Send.DELETE, after, rule="deleted_in_odoo")]

    def _row_task(self, subject, row, send, after, **more):
        return self._task(
            row, send, slot=row.link.slot, master_id=subject.link.remote_id, after=after, **more
        )

    def _new_override(self, plan, subject, slot, event):
        """Meeting and link of an occurrence that gets a life of its own."""
        meetings = self.env["calendar.sync.meeting"].sudo()
        series_meeting = subject.meeting
        meeting = meetings.search(
            [("series_id", "=", series_meeting.id), ("slot", "=", slot)], limit=1
        ) or meetings.create(
            {
                "ical_uid": series_meeting.ical_uid,
                "slot": slot,
                "form": "override",
                "series_id": series_meeting.id,
                "event_id": event.id or False,
            }
        )
        if event:
            self._attach(event, meeting)
        master = subject.link
        return (
            self.env["calendar.sync.link"]
            .sudo()
            .create(
                {
                    "meeting_id": meeting.id,
                    "calendar_id": master.calendar_id.id,
                    "ical_uid": master.ical_uid,
                    "slot": slot,
                    "master_remote_id": master.remote_id,
                    "state": "creating",
                    "is_ours": master.is_ours,
                    "is_silent": master.is_silent,
                }
            )
        )

    def _close_overrides(self, subject):
        """The series moved: its exceptions were named by starts that it no longer has."""
        parts = (
            self.env["calendar.sync.meeting"]
            .sudo()
            .search([("series_id", "=", subject.meeting.id)])
        )
        self._attach(
            silent(self.env["calendar.event"]).search([("sync_meeting_id", "in", parts.ids)]),
            subject.meeting,
        )
        parts.unlink()
