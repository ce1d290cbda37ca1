from dataclasses import replace
from datetime import timedelta

from odoo import api, models

from ..core.changes import Gone
from ..core.errors import Malformed, ProviderError
from ..core.event import FIELD_NAMES, RemoteEvent
from ..sync import backoff, text_block
from ..sync import base as stored_base
from ..sync.normalise import canonical, differing
from ..sync.triage import MAX_CONFLICTS, triage
from . import clock
from .calendar_sync_push import DELETED
from .push_task import Send

MAX_TRIES = 5


class CalendarSyncPush(models.AbstractModel):
    """What the provider answered: new bases, or what an error means for its event."""

    _inherit = "calendar.sync.push"

    @api.model
    def _record(self, account, outcomes):
        """Write down the answers; returns the tasks whose marks are done with."""
        done, agreements, journal = [], [], []
        for task, outcome in self._with_living_events(outcomes):
            link = self.env["calendar.sync.link"].sudo().browse(task.link_id).exists()
            if not link:
                done.append(task)
            elif isinstance(outcome, RemoteEvent):
                agreements.append((link, outcome, task.agreed))
                done.append(task)
                journal.append(self._entry(account, task, link))
            elif isinstance(outcome, str):
                self._record_gone(task, link, outcome)
                done.append(task)
                journal.append(self._entry(account, task, link))
            elif isinstance(outcome, tuple):
                continue  # merged afterwards
            elif self._record_error(account, task, link, outcome):
                done.append(task)
                journal.append(self._entry(account, task, link, outcome))
        self._record_agreements(outcomes, agreements)
        if journal:
            self.env["calendar.sync.journal"]._log(journal)
        return done

    def _with_living_events(self, outcomes):
        """`outcomes`, without naming events that were deleted during their request: the journal
        can't point to them. Their links, and marks about the deletion, are there."""
        ids = {task.event_id for task, _outcome in outcomes}
        living = set(self.env["calendar.event"].sudo().browse(ids - {0}).exists().ids)
        for task, outcome in outcomes:
            known = task if task.event_id in living else replace(task, event_id=0)
            yield known, outcome

    def _record_agreements(self, outcomes, agreements):
        if not agreements:
            return
        self.env["calendar.sync.link"]._record_agreed_many(agreements)
        blocks = {task.link_id: task.block for task, _outcome in outcomes}
        for link, remote, _agreed in agreements:
            if (link.sent_block or "") != blocks[link.id]:
                link.sent_block = blocks[link.id]
            self._record_identity(link, remote)

    def _record_identity(self, link, remote):
        """The provider may have given the event its own iCalUID; it names the meeting from now
        on, unless another calendar named it before."""
        if not remote.ical_uid or link.ical_uid == remote.ical_uid:
            return
        named_by_us, meeting = link.ical_uid == link.meeting_id.ical_uid, link.meeting_id
        link.ical_uid = remote.ical_uid
        taken = meeting.sudo().search_count(
            [("ical_uid", "=", remote.ical_uid), ("slot", "=", meeting.slot)]
        )
        if named_by_us and not taken:
            meeting.ical_uid = remote.ical_uid

    def _record_gone(self, task, link, remote_id):
        """A deleted occurrence stays known, so that nobody takes it for a new one."""
        if link.slot:
            link.write({
                "state": "cancelled", "remote_id": remote_id or link.remote_id, "base": False,
                "master_remote_id": task.master_id or link.master_remote_id,
            })  # fmt: skip
            return
        self.env["calendar.sync.gone"]._end(link, task.rule)
        if task.rule == "invited":
            invitations = link.meeting_id.link_ids.filtered(
                lambda twin: (
                    twin.calendar_id == link.calendar_id and twin.problem_code == "duplicate"
                )
            )
            invitations._read_again(clock.now())
            link.account_id._ask_sync()

    def _record_error(self, account, task, link, error):
        """Keep the edit, say why it waits, and when it is tried again. True when it is over."""
        verdict = self._verdict(error, link.attempts)
        unknown = getattr(error, "has_unknown_outcome", False)
        if verdict.scope != "event":
            return False
        if verdict.action == "read_only" and task.send is not Send.CREATE:
            link.write({"state": "read_only", "problem_code": verdict.reason_code})
            return True
        if verdict.action == "gone" and (task.send is not Send.CREATE or error.reason == DELETED):
            return self._record_remote_gone(account, task, link)
        retry_at = verdict.retry_at or self._later(link.attempts)
        values = {
            "attempts": link.attempts + 1,
            "problem_code": verdict.reason_code,
            "has_unknown_outcome": link.has_unknown_outcome or unknown,
            "not_before": backoff.as_stored(retry_at),
        }
        if verdict.action in ("quarantine", "read_only", "gone") or link.attempts >= MAX_TRIES:
            values["not_before"] = backoff.as_stored(self._later(link.attempts))
            if link.state != "creating":
                values["state"] = "quarantined"
        link.write(values)
        self._delay(task, values["not_before"])
        return False

    @api.model
    def _verdict(self, error, attempts):
        """What an error means. One of our own code counts as an item that makes no sense."""
        if not isinstance(error, ProviderError):
            error = Malformed("internal_error")
        return triage(error, attempts=attempts, now=clock.aware())

    @api.model
    def _later(self, attempts):
        return clock.aware() + timedelta(seconds=backoff.quarantine_delay_s(attempts + 1))

    def _delay(self, task, not_before):
        self.env["calendar.sync.mark"].browse(task.mark_ids).exists().write(
            {"not_before": not_before}
        )

    def _record_remote_gone(self, account, task, link):
        """A write met nothing: the calendar's owner deleted it, maybe before we knew that it had
        arrived. The policy decides, as if a pull had told so."""
        if task.send is Send.CREATE:
            link.write({"state": "synced", "base": stored_base.dump(task.agreed)})
        remote_id = task.remote_id or link.remote_id or ""
        gone = Gone(remote_id, link.slot or "", link.master_remote_id or "")
        self._take_in(account, link.calendar_id, gone)
        return True

    def _take_in(self, account, calendar, entry):
        """What one remote event is now, brought in as a pull brings it. It asks for no push: the
        mark that led here is still there, or the calendar has just had its say."""
        window = account._window(clock.aware())
        run = self.env["calendar.sync.pull"]._surroundings(calendar, None, window)
        run.is_answer = True
        self.env["calendar.sync.apply"]._apply(run, [entry])

    def _merge_answers(self, account, lease, outcomes):
        """A remote event that differs from what we thought comes in as in a pull; the marks stay,
        so that the next round sends what Odoo still has differently."""
        for task, outcome in outcomes:
            remote = self._remote_to_merge(task, outcome)
            if remote is not None:
                is_conflict = isinstance(outcome, tuple)
                account._retried(
                    lambda t=task, r=remote, c=is_conflict: self._merge_one(
                        account, lease, t, r, is_conflict=c
                    )
                )

    @api.model
    def _remote_to_merge(self, task, outcome):
        if isinstance(outcome, tuple):
            return outcome[1]
        if isinstance(outcome, RemoteEvent) and task.agreed is not None:
            said = canonical(
                outcome.fields.replace(description=text_block.strip(outcome.fields.description))
            )
            if differing(said, canonical(task.agreed)):
                return outcome
        return None

    def _merge_one(self, account, lease, task, remote, *, is_conflict):
        account._relock(lease)
        link = self.env["calendar.sync.link"].sudo().browse(task.link_id)
        if link.exists():
            attempts = link.attempts + 1  # taking it in counts as success
            link.etag = False  # what we know is not what is there
            self._take_in(account, link.calendar_id, remote)
            if is_conflict:
                self._count_conflict(task, link, attempts)
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _count_conflict(self, task, link, attempts):
        """Three merges in a row that did not settle it: leave it for a while, with a reason."""
        if attempts <= MAX_CONFLICTS:
            link.attempts = attempts
            return
        later = backoff.as_stored(self._later(attempts))
        link.write({"attempts": attempts, "problem_code": "conflict", "not_before": later})
        self._delay(task, later)

    def _entry(self, account, task, link, error=None):
        """A journal row: the fields that were sent, as they were agreed before and are now."""
        old, new = (None, None) if error else _told(task, stored_base.load(link.base))
        return {
            "account_id": account.id,
            "calendar_id": link.calendar_id.id,
            "link_id": link.id,
            "event_id": task.event_id or False,
            "direction": "none" if error else "out",
            "action": f"{task.send}_refused" if error else str(task.send),
            "rule": task.rule,
            "old": old,
            "new": new,
        }


def _told(task, before):
    """(old, new) for the journal: the fields that were sent; of a removed event all of it."""
    if task.send is Send.DELETE:
        return (stored_base.dump(before) if before else None), None
    if task.send is Send.CREATE or before is None or task.agreed is None:
        return None, None
    names = [name for name in task.names if name in FIELD_NAMES]
    return tuple(
        {name: stored_base.dump_value(name, getattr(side, name)) for name in names}
        for side in (before, task.agreed)
    )
