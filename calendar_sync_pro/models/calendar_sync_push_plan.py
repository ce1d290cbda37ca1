import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from odoo import api, models

from ..core.changes import Window
from ..core.settings import ExportPolicy, Policy
from ..sync import base as stored_base
from ..sync import decide as table
from ..sync import decisions, view
from ..sync.decide import decide
from . import clock
from .calendar_sync_local import with_memory
from .push_task import Send
from .silent import silent


@dataclass(slots=True)
class Plan:
    """What planning one batch carries along, loaded in bulk. `approved` are the meetings whose
    waiting change a person chose to send, `held` {link id: event id} what waits after this."""

    account: Any
    calendar: Any
    policy: Policy
    window: Window
    fields: dict = field(default_factory=dict)
    links: dict = field(default_factory=dict)
    delivered: set = field(default_factory=set)
    invitations: set = field(default_factory=set)
    journal: list = field(default_factory=list)
    creations: list = field(default_factory=list)
    approved: set = field(default_factory=set)
    held: dict = field(default_factory=dict)


@dataclass(slots=True)
class Subject:
    """One meeting to look at: its event (maybe gone), its link here (maybe none), its marks.
    `is_elsewhere`: it stands in another calendar of this person, and stays there. `is_new`: its
    link was made by this plan."""

    event: Any
    meeting: Any
    link: Any
    mark_ids: frozenset = frozenset()
    is_notifying: bool = False
    is_elsewhere: bool = False
    is_new: bool = False


class CalendarSyncPush(models.AbstractModel):
    """From marks to tasks: state against base, so it doesn't matter what the marks were for."""

    _inherit = "calendar.sync.push"

    @api.model
    def _plan(self, account, marks):
        """The tasks for `marks`; links that have to be created exist afterwards."""
        plan = Plan(
            account=account,
            calendar=account.events_calendar_id,
            policy=account._policy(),
            window=account._window(clock.aware()),
            approved={mark.meeting_id for mark in marks if mark.is_approved},
        )
        events, meetings = self._reach(marks)
        tasks = []
        for subject in self._singles(plan, marks, events, meetings):
            tasks += self._plan_single(plan, subject)
        for subject in self._series(plan, marks, events, meetings):
            tasks += self._plan_series(plan, subject)
        tasks += self._plan_creations(plan)
        if plan.journal:
            self.env["calendar.sync.journal"]._log(plan.journal)
        self._tell_held(plan)
        return tasks

    def _reach(self, marks):
        """The events that still exist, and all meetings, that the marks lead to."""
        ids = set(marks.mapped("event_id")) - {0}
        events = silent(self.env["calendar.event"]).browse(ids).exists()
        self._adopt_rules(events)
        ids = set(marks.mapped("meeting_id")) - {0}
        known = self.env["calendar.sync.meeting"].sudo().browse(ids).exists()
        meetings = known | events.sync_meeting_id
        return events, meetings | meetings.series_id

    def _singles(self, plan, marks, events, meetings):
        """Subjects outside any series, also those whose event is gone."""
        found = defaultdict(lambda: (set(), []))
        for mark, event, meeting in self._targets(marks, events, meetings):
            if event.recurrence_id or meeting._is_series() or meeting.series_id:
                continue
            if event or meeting:
                ids, notify = found[event, meeting]
                ids.add(mark.id)
                notify.append(mark.is_notifying)
        subjects = [
            Subject(event, meeting, None, frozenset(ids), any(notify))
            for (event, meeting), (ids, notify) in found.items()
        ]
        self._load(plan, subjects)
        return subjects

    def _targets(self, marks, events, meetings):
        """(mark, its event or none, its meeting or none) for each mark."""
        by_id = {event.id: event for event in events}
        by_meeting = {meeting.id: meeting for meeting in meetings}
        for mark in marks:
            event = by_id.get(mark.event_id, events.browse())
            meeting = event.sync_meeting_id
            if not event:
                meeting = by_meeting.get(mark.meeting_id, meetings.browse())
            yield mark, event, meeting

    def _load(self, plan, subjects):
        """Fields, links and who was invited by others: one query per kind for all subjects."""
        none = silent(self.env["calendar.event"])
        events = none.union(*(subject.event for subject in subjects))
        meetings = self.env["calendar.sync.meeting"].sudo()
        meetings = meetings.union(*(subject.meeting for subject in subjects))
        events.invalidate_recordset()
        plan.fields |= self.env["calendar.sync.local"]._fields_of(events)
        links = (
            self.env["calendar.sync.link"]
            .sudo()
            .search([("meeting_id", "in", meetings.ids), ("state", "!=", "closed")])
        )
        own = links.filtered(lambda link: link.account_id == plan.account)
        leaving = own.filtered(lambda link: link.is_moving and link.calendar_id != plan.calendar)
        own, links = own - leaving, links - leaving
        twins = own.filtered(lambda link: link.problem_code == "duplicate")
        plan.invitations |= {twin.meeting_id.id for twin in twins if not twin.is_organizer}
        own, links = own - twins, links - twins
        for link in own.sorted(lambda link: link.calendar_id == plan.calendar):
            plan.links[link.meeting_id.id] = link
        for link in links - own:
            if not link.is_silent and link._invites(plan.policy.own_addresses):
                plan.delivered.add(link.meeting_id.id)
        former = self.env["calendar.sync.former"]._standing(plan.account, events)
        theirs = {link.meeting_id.id for link in links - own if link._is_left_behind(plan.account)}
        for subject in subjects:
            subject.link = plan.links.get(subject.meeting.id)
            subject.is_elsewhere = subject.event.id in former or subject.meeting.id in theirs

    def _plan_single(self, plan, subject):
        """The tasks for one event: by the decision table, with the base as the remote side."""
        link, event = subject.link, subject.event
        if link is None:
            if event and self._is_wanted(plan, event, subject):
                plan.creations.append(subject)
            return []
        if link.state in ("frozen", "cancelled", "waiting_master"):
            return []
        if self._makes_way(plan, subject):
            return [self._task(subject, Send.DELETE, rule="invited", is_gone=True)]
        self._invite(subject)
        if link.state == "creating" or not link.base:
            return self._go_on_creating(plan, subject)
        local = None if self._is_gone(plan, event, link) else self._local(plan, subject)
        base = stored_base.load(link.base)
        pair = self._pair(link, base, local)
        return [
            task
            for decision in decide(pair, plan.policy)
            for task in self._tasks_of(plan, subject, decision, local)
        ] or self._beside(plan, subject, local)

    def _pair(self, link, base, local):
        return table.Pair(
            base=base,
            local=local,
            remote=base,
            is_local_gone=local is None,
            is_organizer=link.is_organizer,
            is_elected=not link.is_organizer and link._is_elected(),
            can_edit=link.can_edit and link.state != "read_only",
            has_hidden_guests=link.has_hidden_guests,
        )

    def _local(self, plan, subject, event=None):
        """What this link's calendar is meant to show of the event now."""
        event, link = event or subject.event, subject.link
        agreed = stored_base.load(link.base) if link else None
        is_organizer = link._is_organizers() if link else True
        # What a series agreed on is the time of its first occurrence, not of this one.
        is_its_own = subject.meeting.event_id == event
        own = plan.policy.own_addresses
        fields = with_memory(
            plan.fields[event.id], agreed, own, is_organizer=is_organizer,
            has_outcome=is_its_own and event._has_outcome(),
            keeps_calls=plan.account._keeps_calls(),
        )  # fmt: skip
        return view.shown(
            fields, agreed, plan.policy.own_addresses, is_silent=bool(link and link.is_silent)
        )

    def _makes_way(self, plan, subject):
        """True for a copy of ours beside which the organizer's invitation has arrived."""
        return subject.meeting.id in plan.invitations and subject.link._is_copy()

    def _invite(self, subject):
        """A person chose to tell the guests: from now on they stand on the remote event. Only the
        organizer's calendar invites, so that everybody hears of it once."""
        link = subject.link
        if subject.is_notifying and link.is_silent and not link._is_copy():
            link.is_silent = False

    def _is_gone(self, plan, event, link):
        """True when Odoo no longer has the event for this person."""
        if not event or not event.active or event.appointment_state == "cancelled":
            return True
        owner = plan.account.user_id
        attends = owner.partner_id in event.attendee_ids.partner_id
        return link.is_ours and event.user_id != owner and not attends

    def _is_wanted(self, plan, event, subject):
        """True when the event belongs on this account's calendar although nothing is there."""
        owner = plan.account.user_id
        if not plan.calendar or subject.is_elsewhere:
            return False
        if not event.active or event.appointment_state == "cancelled":
            return False
        if not self._goes_to(event, owner, plan.policy):
            return False
        is_delivered = subject.meeting.id in plan.delivered or self._will_be_invited(subject, owner)
        return self._is_in_window(plan, event) and not is_delivered

    def _goes_to(self, event, person, policy):
        """True when a calendar with this policy shows `event`, to which its owner comes."""
        if policy.export_policy is ExportPolicy.NOTHING:
            return False
        if policy.export_policy is ExportPolicy.LEADS and not event.opportunity_id:
            return False
        own = event.attendee_ids.filtered(lambda guest: guest.partner_id == person.partner_id)
        return bool(own) and own[0].state != "declined"

    def _will_be_invited(self, subject, owner):
        """True when the organizer's own calendar is about to send the invitation. Where it will
        not show the meeting itself, it invites nobody."""
        event, organizer = subject.event, subject.event.user_id
        if not subject.is_notifying or organizer == owner:
            return False
        theirs = [
            ("user_id", "=", organizer.id), ("is_sync_on", "=", True), ("status", "=", "active"),
        ]  # fmt: skip
        account = self.env["calendar.sync.account"].sudo().search(theirs, limit=1)
        return bool(account) and self._goes_to(event, organizer, account._policy())

    def _is_in_window(self, plan, event):
        """Appointments with a lead go out however far ahead they are."""
        start = plan.window.start.replace(tzinfo=None)
        stop = plan.window.stop.replace(tzinfo=None)
        return event.stop >= start and (event.start < stop or bool(event.opportunity_id))

    def _tasks_of(self, plan, subject, decision, local):
        """What one decision asks of the provider; the rest is written here at once."""
        link = subject.link
        match decision:
            case decisions.PushUpdate():
                draft = self._draft(subject, local.replace(**decision.values))
                return [self._update_task(subject, decision, draft)]
            case decisions.PushDelete():
                return [self._task(subject, Send.DELETE, rule=decision.rule, is_gone=True)]
            case decisions.Agree():
                link.base = stored_base.dump(decision.base)
            case decisions.KeepLocal():
                link.problem_code = decision.reason
                self._journal(plan, subject, "keep", decision.rule, {"names": list(decision.names)})
            case decisions.Unlink():
                link._close(decision.reason)
                self._journal(plan, subject, "unlink", decision.rule)
            case decisions.DropLink():
                link._close(decision.rule)
        return []

    def _go_on_creating(self, plan, subject):
        """A creation that was begun before: by its key, or taken back when the event is gone."""
        if self._is_gone(plan, subject.event, subject.link):
            return [self._never_sent(subject)]
        return [self._create_task(plan, subject)]

    def _never_sent(self, subject):
        """Its creation was begun and Odoo has it no more: it is looked for, then removed."""
        return self._task(subject, Send.DELETE, rule="never_sent", is_gone=True, is_uncertain=True)

    def _plan_creations(self, plan):
        """Make meetings and links for what is new here, each with its chosen remote id."""
        if not plan.creations:
            return []
        events = silent(self.env["calendar.event"]).union(*(s.event for s in plan.creations))
        events._ensure_guids()
        self._ensure_meetings(plan.creations)
        links = (
            self.env["calendar.sync.link"]
            .sudo()
            .create([self._link_values(plan, subject) for subject in plan.creations])
        )
        for subject, link in zip(plan.creations, links, strict=True):
            subject.link, subject.is_new = link, True
        return [task for subject in plan.creations for task in self._creation_tasks(plan, subject)]

    def _creation_tasks(self, plan, subject):
        return [self._create_task(plan, subject)]

    def _ensure_meetings(self, subjects):
        """A meeting for each event that has none; no ORM write on the event, whose user may be
        saving it right now."""
        new = [subject for subject in subjects if not subject.meeting]
        values = [
            {"ical_uid": s.event.sync_guid or str(uuid.uuid4()), "guid": s.event.sync_guid,
             "event_id": s.event.id}
            for s in new
        ]  # fmt: skip
        meetings = self.env["calendar.sync.meeting"].sudo().create(values)
        for subject, meeting in zip(new, meetings, strict=True):
            subject.meeting = meeting
            self._attach(subject.event, meeting)

    def _attach(self, events, meeting):
        events.flush_recordset(["sync_meeting_id"])
        # Two colleagues' workers may meet here; the later one begins again, that is no error.
        self.env.cr.execute(
            "UPDATE calendar_event SET sync_meeting_id = %s WHERE id = ANY(%s)",
            [meeting.id, events.ids],
            log_exceptions=False,
        )
        events.invalidate_recordset(["sync_meeting_id"], flush=False)

    def _link_values(self, plan, subject):
        """A new link in state `creating`. Guests stay off unless a person chose to invite them,
        always for appointments that are older than the first sync, and on a guest's calendar."""
        organizer = subject.event.user_id
        is_copy = bool(organizer) and organizer != plan.account.user_id
        synced_from, created = plan.account.synced_from, subject.event.create_date
        is_old = bool(synced_from and created and created < synced_from)
        return {
            "meeting_id": subject.meeting.id,
            "calendar_id": plan.calendar.id,
            "ical_uid": subject.meeting.ical_uid,
            "remote_id": uuid.uuid4().hex,
            "state": "creating",
            "is_ours": True,
            "is_silent": is_old or is_copy or not subject.is_notifying,
        }

    def _journal(self, plan, subject, action, rule, new=None):
        plan.journal.append(
            {
                "account_id": plan.account.id,
                "calendar_id": subject.link.calendar_id.id,
                "link_id": subject.link.id,
                "event_id": subject.event.id or False,
                "direction": "none",
                "action": action,
                "rule": rule,
                "new": new,
            }
        )
