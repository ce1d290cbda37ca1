import logging
import time

from odoo import api, models

from ..core.errors import Malformed, ProviderError, RateLimited, Unavailable
from ..sync import base as stored_base
from ..sync import text_block
from ..sync.cleanup import CLEANED_UP, Choice, Fate, Ours
from ..sync.triage import triage
from . import clock
from .cleanup_task import Removal, remove
from .discreet_log import place_of

_logger = logging.getLogger(__name__)

AT_ONCE = 10
RECORD_AFTER_S = 2.0
MAX_TRIES = 5


class CalendarSyncCleanupWork(models.AbstractModel):
    """A clean-up's turn: take a few events, remove them with no transaction open, record.

    The intention is committed before the request. Whoever takes over from a killed worker finds
    the events being removed, looks at each and goes on.
    """

    _name = "calendar.sync.cleanup.work"
    _description = "Cleaning up"

    @api.model
    def _turn(self, account, lease, run):
        """Go on with `run` for one slice. True when something is left that can be done now.

        Raises ProviderError when the whole account has to wait; what was done is recorded then.
        """
        waits_until = account.wait_writes_until
        if waits_until and waits_until > clock.now():
            return False
        provider, started = account._open_provider(), time.monotonic()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        try:
            while time.monotonic() - started < lease.slice_s:
                if not self._some(account, lease, run, provider):
                    return False
            return True
        except RateLimited as error:
            if not error.is_write_quota:
                raise
            self.env.cr.rollback()
            account._retried(lambda e=error: account._wait_with_writes(lease, e))
            return False
        finally:
            provider.close()

    def _some(self, account, lease, run, provider):
        """A few events more; False when nothing is left."""
        state = account._retried(lambda: self._state(account, lease, run))
        if state not in ("running", "stopped", "undoing"):
            return False
        tasks, is_last = account._retried(lambda: self._take(account, lease, run))
        if is_last and state == "undoing":
            return self.env["calendar.sync.cleanup.back"]._some(account, lease, run, provider)
        outcomes = self._remove_all(provider, tasks)
        account._retried(lambda: self._record(account, lease, run, outcomes))
        for _task, outcome in outcomes:
            if self._is_accounts(outcome):
                raise outcome
        return not is_last

    def _state(self, account, lease, run):
        account._relock(lease)
        run.invalidate_recordset()
        state = run.exists().state
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return state

    # -- before the request -----------------------------------------------------------------------
    def _take(self, account, lease, run):
        """The next events, and whether there was none left; their intention is committed. Of a
        run that was stopped those that were begun: their links must not stay set aside."""
        account._relock(lease)
        run.invalidate_recordset()
        is_on = run.state == "running"
        states = ("waiting", "removing") if is_on else ("removing",)
        items = self.env["calendar.sync.cleanup.item"].search(
            [("cleanup_id", "=", run.id), ("state", "in", states)],
            order="attempts, id",
            limit=AT_ONCE,
        )
        over = items.filtered(self._is_over)
        over.state = "gone"
        (items - over)._take()
        tasks = self._tasks(account, items - over)
        if not items and is_on:
            run._end()
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return tasks, not items

    def _is_over(self, item):
        """True when an ordinary sync has removed or dropped the event meanwhile."""
        link = item.link_id
        is_left = link.problem_code == "left_in_calendar"
        return not link or (item.state == "waiting" and link.state == "closed" and not is_left)

    def _tasks(self, account, items):
        guids = self._guids(items.link_id.meeting_id)
        own = account._own_addresses()
        writable = account.calendar_ids.filtered(lambda c: c.can_write and not c.is_missing)
        return [
            Removal(
                item_id=item.id,
                calendar=link.calendar_id.remote_id,
                remote_id=link.remote_id,
                ours=Ours(guids[link.meeting_id], own, Choice(item.choice or "")),
                elsewhere=tuple((writable - link.calendar_id).mapped("remote_id")),
                is_uncertain=item._is_uncertain(),
                is_called_off=item.cleanup_id.state != "running",
            )
            for item in items
            for link in item.link_id
        ]

    def _guids(self, meetings):
        """{meeting: the GUIDs that its remote event may carry}, those of its rows in Odoo."""
        found = {meeting: {meeting.guid} for meeting in meetings}
        rows = self.env["calendar.event"].sudo().with_context(active_test=False)
        for event in rows.search([("sync_meeting_id", "in", meetings.ids)]):
            found[event.sync_meeting_id].add(event.sync_guid)
        return {meeting: frozenset(guids - {False}) for meeting, guids in found.items()}

    # -- the requests -----------------------------------------------------------------------------
    def _remove_all(self, provider, tasks):
        """[(task, what became of it or the error)]; ends early at an error of the account, and
        when it is time to record."""
        outcomes, since = [], time.monotonic()
        for task in tasks:
            outcome = self._remove(provider, task)
            outcomes.append((task, outcome))
            if self._is_accounts(outcome) or time.monotonic() - since > RECORD_AFTER_S:
                break
        return outcomes

    def _remove(self, provider, task):
        """An error of our own code stays with its event, so that the others go on."""
        try:
            return remove(provider, task)
        except ProviderError as error:
            return error
        except Exception as error:  # kept as the item's outcome: the others must go on
            _logger.error("clean-up failed item=%s error=%s", task.item_id, place_of(error))
            return error

    @api.model
    def _is_accounts(self, outcome):
        """True for an error that every further request would meet too."""
        if not isinstance(outcome, ProviderError):
            return False
        is_unknown = getattr(outcome, "has_unknown_outcome", False)
        return is_unknown or self._verdict(outcome).scope != "event"

    @api.model
    def _verdict(self, error):
        known = error if isinstance(error, ProviderError) else Malformed("internal_error")
        return triage(known, attempts=0, now=clock.aware())

    # -- after the answer -------------------------------------------------------------------------
    def _record(self, account, lease, run, outcomes):
        """Write down what became of the events, each with a row in the journal."""
        account._relock(lease)
        items = self.env["calendar.sync.cleanup.item"]
        rows = []
        for task, outcome in outcomes:
            item = items.browse(task.item_id).exists()
            if item.link_id:
                rows += self._record_one(account, item, outcome)
        self.env["calendar.sync.journal"]._log(rows)
        run._tell()
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _record_one(self, account, item, outcome):
        if isinstance(outcome, Exception):
            return self._record_error(item, outcome)
        match outcome.fate:
            case Fate.REMOVE:
                return [self._record_removed(account, item, outcome)]
            case Fate.ASK:
                own = account._own_addresses()
                people = {person.email for person in outcome.remote.fields.attendees}
                item.told_to = sorted(people - own)
                item.choice = False
                item._give_back("asks")
            case Fate.STAY:
                item._give_back("waiting")
            case Fate.KEEP:
                item._give_back("kept", "not_ours_to_delete")
            case Fate.GONE if item.is_resumed or not item.base:
                # A worker that died may have removed it, or it never arrived.
                return [self._record_removed(account, item, outcome)]
            case Fate.GONE:
                item._give_back("gone")
        return []

    def _record_error(self, item, error):
        """One event that can't be removed stays with a reason; an error of the account comes back
        to it later, a few times."""
        verdict = self._verdict(error)
        is_unavailable = isinstance(error, Unavailable)
        item.attempts += is_unavailable
        is_over = verdict.scope == "event" and not is_unavailable
        if is_over or item.attempts >= MAX_TRIES:
            item._give_back("failed", verdict.reason_code)
        return []

    def _record_removed(self, account, item, found):
        """The link ends frozen: known, but neither read nor written until it is put back."""
        link, was = item.link_id, item.base
        if not was and found.remote:
            described = text_block.strip(found.remote.fields.description)
            was = stored_base.dump(found.remote.fields.replace(description=described))
        item.write({"state": "removed", "base": was, "reason_code": False})
        parts = link.search(
            [("meeting_id.series_id", "=", link.meeting_id.id), ("state", "!=", "closed"),
             ("calendar_id", "=", link.calendar_id.id)]
        )  # fmt: skip
        parts._close(CLEANED_UP)
        link.write({
            "state": item._resting_state(), "problem_code": CLEANED_UP, "base": False,
            "etag": False, "web_url": False, "sent_block": False, "attempts": 0,
            "not_before": False, "has_unknown_outcome": False, "held": False, "told_to": False,
        })  # fmt: skip
        return {
            "account_id": account.id,
            "calendar_id": link.calendar_id.id,
            "link_id": link.id,
            "event_id": link.meeting_id._first_event().id or None,
            "direction": "out",
            "action": "cleanup",
            "rule": CLEANED_UP,
            "old": was or None,
        }
