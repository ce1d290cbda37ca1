import contextlib
import itertools
import logging
import time
from collections import Counter
from dataclasses import replace

from odoo import api, models

from ..core.errors import AlreadyExists, Conflict, NotFound, ProviderError
from . import clock
from .calendar_sync_worker import TRIES
from .discreet_log import place_of
from .push_task import Batch, Send

_logger = logging.getLogger(__name__)

READ_AT_ONCE = 200
RECORD_AT_ONCE = 20
RECORD_AFTER_S = 1.0
MAX_ROUNDS = 100
DELETED = "deleted"
"""Reason of NotFound for an event that was there: a provider's, and ours for a burnt id."""


class CalendarSyncPush(models.AbstractModel):
    """Sends what changed in Odoo: marks → plan against the base → request → new base.

    Planning and recording are short transactions of their own; no transaction is open during a
    request. A link that has to be created is committed with its chosen id before the first call,
    so a crash anywhere leaves nothing lost and nothing doubled.
    """

    _name = "calendar.sync.push"
    _description = "Sending to calendars"

    @api.model
    def _run(self, account, lease):
        """Send the marks of `account` that are ready; returns counts for the log.

        Raises ProviderError when the whole account has to wait; what was sent is recorded then.
        """
        counts, started, provider = lease.turn.sent, time.monotonic(), None
        try:
            for _round in range(MAX_ROUNDS):
                batch = self._next_batch(account, lease)
                if not batch.mark_ids or time.monotonic() - started > lease.slice_s:
                    break
                if batch.tasks:
                    provider = provider or account._open_provider()
                    self.env.cr.commit()  # pylint: disable=invalid-commit
                    self._send_all(account, lease, provider, batch.tasks, counts, started)
        finally:
            if provider is not None:
                provider.close()
        return dict(counts)

    def _next_batch(self, account, lease):
        """Read marks and plan them; what needs no request is finished here. Commits."""
        tries = itertools.count(1)

        def plan():
            is_last = next(tries) >= TRIES
            account._relock(lease)
            marks = self.env["calendar.sync.mark"]._ready(account, READ_AT_ONCE)
            batch = Batch(set(marks.ids))
            oldest = min(marks.mapped("marked_at"), default=None)
            lease.turn.note_lag(oldest, clock.now())
            if marks:
                batch.tasks, marks = self._plan_safely(account, marks, is_last)
                kept = set().union(*(task.mark_ids for task in batch.tasks))
                marks.filtered(lambda mark: mark.id not in kept).unlink()
            self.env.cr.commit()  # pylint: disable=invalid-commit
            return batch

        return account._retried(plan)

    def _send_all(self, account, lease, provider, tasks, counts, started):
        """Make the requests one by one and record the answers a few at a time. When the run's
        time is over the rest waits, marked as before."""
        waiting, since = [], time.monotonic()
        left = Counter(mark_id for task in tasks for mark_id in task.mark_ids)
        failed, made = set(), {}
        for task in tasks:
            if task.after in failed:
                continue
            if time.monotonic() - started > lease.slice_s:
                break
            task = _under_its_series(task, made)  # noqa: PLW2901
            outcome = self._send(provider, task)
            if isinstance(outcome, Exception):
                failed.add(task.link_id)
            elif task.send is Send.CREATE:
                made[task.remote_id] = outcome
            waiting.append((task, outcome))
            counts[self._count_name(task, outcome)] += 1
            is_stop = self._stops_the_run(outcome)
            is_late = time.monotonic() - since > RECORD_AFTER_S
            if is_stop or is_late or len(waiting) >= RECORD_AT_ONCE:
                self._record_all(account, lease, waiting, left)
                waiting, since = [], time.monotonic()
            if is_stop:
                raise outcome
        if waiting:
            self._record_all(account, lease, waiting, left)

    def _send(self, provider, task):
        """The provider's answer to `task`, or the error. An error of our own code stays with its
        event, so that the others go on."""
        try:
            match task.send:
                case Send.CREATE:
                    return self._create(provider, task)
                case Send.UPDATE:
                    return self._update(provider, task)
            return self._delete(provider, task)
        except ProviderError as error:
            return error
        except Exception as error:  # kept as the link's problem, with its edit: others go on
            _logger.error(
                "push failed link=%s event=%s error=%s",
                task.link_id, task.event_id, place_of(error),
            )  # fmt: skip
            return error

    def _create(self, provider, task):
        """Create under the committed key; after an unknown outcome look for it first.

        Some providers answer a second try with what the first one made: it may have been edited
        here or there since, so it is merged like one that was found.
        """
        if task.is_uncertain:
            found = provider.find(task.calendar, task.remote_id)
            if found is not None:
                return AlreadyExists("found", operation="create"), found
        try:
            made = provider.create(
                task.calendar, task.draft, task.remote_id, is_notifying=task.is_notifying
            )
            is_earlier = task.is_again and self._remote_to_merge(task, made) is not None
            return (AlreadyExists("found", operation="create"), made) if is_earlier else made
        except AlreadyExists as error:
            found = provider.find(task.calendar, task.remote_id)
            if found is None:
                raise NotFound(DELETED, operation="create") from error
            return error, found

    def _update(self, provider, task):
        remote_id = task.remote_id or provider.occurrence_id(
            task.calendar, task.master_id, task.slot
        )
        try:
            return provider.update(
                task.calendar, remote_id, task.etag, task.draft, task.names,
                is_notifying=task.is_notifying,
            )  # fmt: skip
        except Conflict as error:
            return error, provider.get(task.calendar, remote_id)

    def _delete(self, provider, task):
        """Remove; an edit at the provider that we have not seen yet is read before it goes."""
        remote_id = task.remote_id or ""
        if task.is_uncertain:  # it may have arrived, under an id of the provider's choice
            found = provider.find(task.calendar, remote_id)
            if found is None:
                return remote_id
            remote_id = found.remote_id
        # Where somebody was faster it is known by its id all the same.
        with contextlib.suppress(NotFound):
            try:
                remote_id = remote_id or provider.occurrence_id(
                    task.calendar, task.master_id, task.slot
                )
                provider.delete(task.calendar, remote_id, task.etag, is_notifying=task.is_notifying)
            except Conflict as error:
                return error, provider.get(task.calendar, remote_id)
        return remote_id

    @api.model
    def _stops_the_run(self, outcome):
        """True for an error of the account: every further request would meet it too."""
        if not isinstance(outcome, ProviderError):
            return False
        return self._verdict(outcome, 0).scope != "event" or getattr(
            outcome, "has_unknown_outcome", False
        )

    @api.model
    def _count_name(self, task, outcome):
        return "failed" if isinstance(outcome, Exception) else str(task.send)

    def _record_all(self, account, lease, outcomes, left):
        """Record answers in a transaction of their own; then deal with what was not a plain yes."""
        self._record_safely(account, lease, outcomes, left)
        self._merge_answers(account, lease, outcomes)

    def _tell(self, account, event_ids):
        """Open pages of the owner show the new state without a reload."""
        ids = sorted({event_id for event_id in event_ids if event_id})
        if ids:
            account.user_id._bus_send("calendar_sync_pro/event", {"event_ids": ids})


def _under_its_series(task, made):
    """`task` for an occurrence of a series that this run has just created: where the provider
    chooses ids itself, the series is no longer known by our key. `made`: {key: the answer}."""
    answer = made.get(task.master_id)
    if answer is None:
        return task
    series = answer[1] if isinstance(answer, tuple) else answer
    return replace(task, master_id=series.remote_id)
