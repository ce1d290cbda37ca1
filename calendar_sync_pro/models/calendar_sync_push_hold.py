from dataclasses import replace

from odoo import models

from ..sync import base as stored_base
from .calendar_sync_link_waiting import NEEDS_YOU, WOULD_NOTIFY


class CalendarSyncPush(models.AbstractModel):
    """Where a provider would mail guests although nobody chose to tell them, nothing is sent: the
    change waits as a state of its link. No request is made for it until a person decides."""

    _inherit = "calendar.sync.push"

    # What waits, or goes aloud because a person chose so

    def _held_back(self, plan, tasks, before=None):
        """`tasks` without those that would be announced by themselves. `before` is what the
        calendar shows of an occurrence that has no base of its own."""
        kept = []
        for task in tasks:
            link = self.env["calendar.sync.link"].sudo().browse(task.link_id)
            if self._is_approved(plan, link):
                kept.append(replace(task, is_notifying=True))
                continue
            told = frozenset() if task.is_notifying else link._told_by(task, before)
            if told:
                self._hold(plan, task, link, told)
            else:
                kept.append(task)
        return kept

    def _is_approved(self, plan, link):
        """A person chose to send this. What goes with a series goes with its approval, but not an
        occurrence that waits for a decision of its own."""
        meeting = link.meeting_id
        if meeting.id in plan.approved:
            return True
        return meeting.series_id.id in plan.approved and link.state != NEEDS_YOU

    def _hold(self, plan, task, link, told):
        plan.held[link.id] = task.event_id
        if link._hold(task.send, told):
            plan.journal.append(
                {
                    "account_id": plan.account.id,
                    "calendar_id": link.calendar_id.id,
                    "link_id": link.id,
                    "event_id": task.event_id or False,
                    "direction": "none",
                    "action": "hold",
                    "rule": WOULD_NOTIFY,
                    "new": {"fields": list(task.names)} if task.names else None,
                }
            )

    def _let_go(self, plan, link):
        """What waited has gone, or there is nothing left of it."""
        if link and link.state == NEEDS_YOU and link.id not in plan.held:
            link._release()

    def _tell_held(self, plan):
        """Open pages of the owner show what waits."""
        if plan.held:
            self._tell(plan.account, list(plan.held.values()))
            plan.account._tell_owner()

    # Where tasks are made

    def _tasks_of(self, plan, subject, decision, local):
        return self._held_back(plan, super()._tasks_of(plan, subject, decision, local))

    def _go_on_creating(self, plan, subject):
        return self._held_back(plan, super()._go_on_creating(plan, subject))

    def _creation_tasks(self, plan, subject):
        return self._held_back(plan, super()._creation_tasks(plan, subject))

    def _plan_single(self, plan, subject):
        tasks = super()._plan_single(plan, subject)
        self._let_go(plan, subject.link)
        return tasks

    def _plan_series(self, plan, subject):
        tasks = super()._plan_series(plan, subject)
        self._let_go(plan, subject.link)
        return tasks

    def _with_rows(self, plan, subject, master):
        """A series that is not created yet has no occurrences to write."""
        kept = self._held_back(plan, [master])
        return super()._with_rows(plan, subject, kept[0]) if kept else []

    def _plan_row(self, plan, subject, event, link, fields, names, after):
        """An occurrence that is as its series again has nothing that could wait."""
        if link and link.state == NEEDS_YOU and not link.base and not names:
            link._forget_occurrence()
            return []
        tasks = super()._plan_row(plan, subject, event, link, fields, names, after)
        return self._rows_held_back(plan, subject, link, tasks)

    def _plan_missing(self, plan, subject, slot, link, after):
        tasks = super()._plan_missing(plan, subject, slot, link, after)
        return self._rows_held_back(plan, subject, link, tasks)

    def _rows_held_back(self, plan, subject, link, tasks):
        before = stored_base.load(subject.link.base)
        kept = self._held_back(plan, tasks, before)
        self._let_go(plan, link)
        return kept

    # What is sent beside the merged fields is never worth a mail

    def _update_task(self, subject, decision, draft):
        """Our text block waits for the next change that is told or tells nobody."""
        task, link = super()._update_task(subject, decision, draft), subject.link
        bare = replace(task, names=tuple(decision.names), block=link.sent_block or "")
        if task.is_notifying or bare.names == task.names or link._told_by(bare):
            return task
        return bare if link._told_by(task) else task

    def _beside(self, plan, subject, local):
        tasks = super()._beside(plan, subject, local)
        return [t for t in tasks if t.is_notifying or not subject.link._told_by(t)]

    # When the provider refuses

    def _record_error(self, account, task, link, error):
        """Somebody would be told: guests whom we don't know of yet, or the account's server mails
        although others of its kind can stay silent. From now on it waits like the rest."""
        verdict = self._verdict(error, link.attempts)
        if verdict.reason_code != WOULD_NOTIFY:
            return super()._record_error(account, task, link, error)
        link._hold(task.send, ())
        link._hold(task.send, link._told_by(task))
        return True
