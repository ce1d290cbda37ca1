from odoo import api, fields, models

from ..core.event import EventKey
from ..sync import base
from ..sync.decide import decide
from ..sync.decisions import CancelLocal, Decline, DropLink, KeepLocal, Pair
from .busy_times import slot_instant
from .calendar_sync_update import conflict_rows
from .pull_types import Outcome, Run, journal_row
from .silent import silent


class CalendarSyncGone(models.AbstractModel):
    """What vanished from a calendar: cancelled or kept by policy, declined for a guest."""

    _name = "calendar.sync.gone"
    _description = "Inbound deletions"

    @api.model
    def _apply(self, run: Run, known, entries, outcome: Outcome):
        """Apply what the provider, or a complete listing, says is gone."""
        linked, slots = [], []
        for entry in entries:
            twin = known.twins.get(entry.remote_id)
            link = known.by_remote.get(entry.remote_id)
            if twin:
                twin._close("duplicate_gone")
            elif link and link.state == "creating":
                continue
            elif link and link.state not in ("cancelled", "frozen"):
                linked.append((entry, link))
            elif entry.slot and entry.master_id and not link:
                self._cancel_unchanged(run, known, entry, outcome)
            if entry.slot and entry.master_id:
                slots.append((entry.master_id, slot_instant(entry.slot)))
        self.env["calendar.sync.busy"].sudo()._replace(
            run.calendar, {entry.remote_id for entry in entries}, (), slots
        )
        if linked:
            self._apply_linked(run, known, linked, outcome)

    def _apply_linked(self, run: Run, known, linked, outcome: Outcome):
        links = self.env["calendar.sync.link"].union(*(link for _entry, link in linked))
        moved = self._move_to_twins(run, links, outcome)
        sides = self.env["calendar.sync.local"]._for_links(links - moved)
        cancel = self.env["calendar.event"]
        for entry, link in linked:
            if link in moved:
                continue
            for decision in decide(self._pair(link, sides.get(link.id)), run.policy):
                cancel |= self._act(run, link, entry, decision, outcome)
        self._cancel(run, cancel)

    def _pair(self, link, side) -> Pair:
        event = link.meeting_id.event_id
        is_gone = side is None or bool(event and not event.active)
        return Pair(
            base=base.load(link.base),
            local=side,
            is_local_gone=is_gone,
            is_remote_gone=True,
            is_organizer=link._is_organizers(),
            can_edit=link.can_edit,
        )

    def _act(self, run: Run, link, entry, decision, outcome: Outcome):
        """Carry out one decision; returns events to cancel."""
        events = self._events_of(link)
        match decision:
            case CancelLocal() if entry.slot:
                link.write({"state": "cancelled", "etag": False})
            case CancelLocal() | KeepLocal() | DropLink():
                self._end(link, decision.rule)
            case Decline():
                self._decline(run, events)
        if isinstance(decision, DropLink) and decision.rule == "declined_by_guest":
            return events.browse()
        is_cancel = isinstance(decision, CancelLocal)
        action = "cancel" if is_cancel else "decline" if isinstance(decision, Decline) else "unlink"
        outcome.counts[action] += 1
        outcome.changed |= set(events.ids) if action != "unlink" else set()
        outcome.journal.append(
            journal_row(run, link, action, decision.rule, event_id=events[:1].id)
        )
        if is_cancel:
            outcome.journal += [
                row | {"new": None} for row in conflict_rows(run, link, events[:1], decision)
            ]
        return events if is_cancel else events.browse()

    def _end(self, link, rule):
        """The link and those of its occurrences end; their remote ids are free again."""
        parts = link.meeting_id.search([("series_id", "=", link.meeting_id.id)]).link_ids
        (link | parts.filtered(lambda p: p.calendar_id == link.calendar_id))._close(rule)

    def _events_of(self, link):
        """The active rows of a link's meeting: its event, or its occurrences and changed ones."""
        meeting = link.meeting_id
        if not meeting._is_series():
            event = silent(meeting.event_id)
            return event if event.active else event.browse()
        parts = meeting.search([("series_id", "=", meeting.id)])
        return silent(self.env["calendar.event"]).search(
            [("sync_meeting_id", "in", (meeting | parts).ids), ("active", "=", True)],
            order="start, id",
        )

    def _cancel(self, run: Run, events):
        """Cancel appointments: archived, with the reason in the chatter of event and lead."""
        if not events:
            return
        reason = self.env._("Deleted in the calendar of %s.", run.account.email or run.owner.name)
        past = events.filtered(lambda e: e.stop < fields.Datetime.now() and not e.opportunity_id)
        self._archive(past, reason)
        silent(events - past)._cancel_appointment(reason)
        self.env["calendar.sync.mark"]._settle_for(run.account, events.ids)

    @api.model
    def _drop_occurrences(self, run: Run, events):
        """Occurrences that the changed rule no longer has. Appointments with a lead are cancelled
        and told there; plain rows only leave the calendar."""
        events = self.env["calendar.event"].union(*events)
        told = events.filtered("opportunity_id")
        reason = self.env._("No longer part of the series in the calendar.")
        self._archive(events - told, reason)
        if told:
            silent(told)._cancel_appointment(reason)
        self.env["calendar.sync.mark"]._settle_for(run.account, events.ids)

    def _archive(self, events, reason):
        if events:
            silent(events).write(
                {"active": False, "appointment_state": "cancelled", "cancel_reason": reason}
            )

    def _decline(self, run: Run, events):
        """The calendar's owner does not come; everybody else's meeting stays."""
        rows = events.attendee_ids.filtered(lambda a: a.partner_id == run.owner.partner_id)
        silent(rows).write({"state": "declined"})
        self.env["calendar.sync.mark"]._settle(events.ids)

    def _cancel_unchanged(self, run: Run, known, entry, outcome: Outcome):
        """One occurrence of a series was cancelled that was never changed before."""
        master = known.by_remote.get(entry.master_id)
        if master and master.state == "frozen":
            return  # a clean-up took the whole series away
        if master is None or master.state in ("quarantined", "closed"):
            if not run.is_last_page:
                self.env["calendar.sync.override"]._wait_cancelled(run, entry)
            return
        series = master.meeting_id
        key = EventKey(series.ical_uid, entry.slot)
        meeting = known.meetings.get(key) or series.search(
            [("ical_uid", "=", key.ical_uid), ("slot", "=", key.slot)], limit=1
        )
        if meeting and self._cancel_unnamed(run, known, meeting, entry, outcome):
            return
        row = silent(self.env["calendar.event"]).search(
            [
                ("sync_meeting_id", "=", series.id),
                ("sync_slot", "=", entry.slot),
                ("active", "=", True),
            ],
            limit=1,
        )
        if not meeting:
            meeting = series.create(
                {
                    "ical_uid": key.ical_uid,
                    "slot": key.slot,
                    "form": "override",
                    "series_id": series.id,
                    "event_id": row.id,
                }
            )
            if row:
                row.sync_meeting_id = meeting
        known.meetings[key] = meeting
        link = (
            self.env["calendar.sync.link"]
            .sudo()
            .create(
                {
                    "meeting_id": meeting.id,
                    "calendar_id": run.calendar.id,
                    "ical_uid": key.ical_uid,
                    "slot": key.slot,
                    "remote_id": entry.remote_id,
                    "master_remote_id": entry.master_id,
                    "state": "cancelled",
                    "is_organizer": master.is_organizer,
                    "can_edit": master.can_edit,
                    "is_ours": master.is_ours,
                    "seen_run": run.calendar.listing_run,
                }
            )
        )
        known.by_remote[entry.remote_id] = link
        self._cancel_occurrence(run, master, link, row, outcome)

    def _cancel_unnamed(self, run: Run, known, meeting, entry, outcome: Outcome):
        """An occurrence that Odoo knows as changed, but the calendar never had as such: deleted on
        both sides, so that our request met nothing and told no id, or changed here and not sent
        yet. True when its link is known now by the id that the calendar names."""
        link = meeting.link_ids.filtered(
            lambda link: (
                link.calendar_id == run.calendar
                and link.state in ("cancelled", "creating")
                and not link.remote_id
            )
        )
        if not link:
            return False
        if entry.remote_id:
            known.by_remote[entry.remote_id] = link
        is_unsent = link.state == "creating"
        link.write({"remote_id": entry.remote_id or False, "state": "cancelled"})
        if is_unsent:
            row = silent(meeting.event_id).filtered("active")
            self._cancel_occurrence(run, link, link, row, outcome)
        return True

    def _cancel_occurrence(self, run: Run, master, link, row, outcome: Outcome):
        if not row:
            return
        is_cancel = master._is_organizers()
        rule = "deleted_in_calendar" if is_cancel else "declined_by_guest"
        if is_cancel:
            self._cancel(run, row)
        else:
            self._decline(run, row)
        outcome.counts["cancel" if is_cancel else "decline"] += 1
        outcome.changed.add(row.id)
        outcome.journal.append(journal_row(run, link, "cancel", rule, event_id=row.id))

    def _move_to_twins(self, run: Run, links, outcome: Outcome):
        """Links whose event has a twin on the calendar move there; nothing is cancelled."""
        twins = links.search(
            [
                ("calendar_id", "=", run.calendar.id),
                ("meeting_id", "in", links.meeting_id.ids),
                ("state", "=", "quarantined"),
                ("problem_code", "=", "duplicate"),
            ]
        )
        by_meeting = {twin.meeting_id: twin for twin in twins}
        moved = links.browse()
        for link in links:
            twin = by_meeting.get(link.meeting_id)
            if twin:
                values = {"base": link.base, "is_ours": link.is_ours}
                link._close("moved_to_twin")
                twin.write(values)
                twin._read_again(run.now)
                outcome.journal.append(journal_row(run, twin, "relink", "moved_to_twin"))
                moved |= link
        return moved
