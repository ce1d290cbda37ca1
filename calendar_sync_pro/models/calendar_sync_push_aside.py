import logging
from collections import Counter

import psycopg2
from odoo import api, models

from ..sync import backoff
from .calendar_sync_apply import RESTART
from .discreet_log import place_of
from .lease import LeaseLost

_logger = logging.getLogger(__name__)

NOT_OF_ONE_EVENT = (LeaseLost, psycopg2.OperationalError, psycopg2.InterfaceError)
"""Somebody else has the account, or the database is gone: that says nothing about an event."""


class CalendarSyncPush(models.AbstractModel):
    """One event that can't be planned or recorded is set aside, so that the others go on."""

    _inherit = "calendar.sync.push"

    @api.model
    def _plan_safely(self, account, marks, is_last):
        """`(tasks, marks that they are for)`. When planning fails only half of the marks are
        planned, and so on until the culprit is alone and waits; the others come next. What only
        says that somebody else was faster is raised, but for the last try."""
        try:
            with self.env.cr.savepoint():
                return self._plan(account, marks), marks
        except NOT_OF_ONE_EVENT:
            raise
        except Exception as error:  # an odd event may raise anything; it is set aside and logged
            if isinstance(error, RESTART) and not is_last:
                raise
            if len(marks) == 1:
                self._put_aside(account, marks, error)
                return [], marks.browse()
        return self._plan_safely(account, marks[: len(marks) // 2], is_last)

    def _put_aside(self, account, mark, error):
        """The edit is kept and tried again later; its link says that something is wrong."""
        _logger.error("no plan for event=%s error=%s", mark.event_id, place_of(error))
        meeting = self._reach(mark)[1]
        links = meeting.link_ids.filtered(lambda link: link.account_id == account)
        attempts = max(links.mapped("attempts"), default=0)
        waits = backoff.as_stored(self._later(attempts))
        mark.not_before = waits
        for link in links:
            self._quarantine_link(link, waits)

    def _quarantine_link(self, link, not_before):
        values = {
            "attempts": link.attempts + 1,
            "problem_code": self._verdict(ValueError(), 0).reason_code,
            "not_before": not_before,
        }
        if link.state != "creating":
            values["state"] = "quarantined"
        link.write(values)

    @api.model
    def _record_safely(self, account, lease, outcomes, left):
        """Record in transactions of their own. An answer that can't be written down counts as an
        error of its event; when it can't be told which one it is, each half is recorded alone."""
        try:
            return left.subtract(self._record_in_one(account, lease, outcomes, left))
        except NOT_OF_ONE_EVENT:
            raise
        except Exception as error:  # an odd answer may raise anything; it is kept as the link's
            self.env.cr.rollback()
            if len(outcomes) == 1 and isinstance(outcomes[0][1], Exception):
                raise
            culprit = error
        if len(outcomes) > 1:
            middle = len(outcomes) // 2
            self._record_safely(account, lease, outcomes[:middle], left)
            return self._record_safely(account, lease, outcomes[middle:], left)
        [(task, _answer)] = outcomes
        _logger.error("no record of event=%s error=%s", task.event_id, place_of(culprit))
        return self._record_safely(account, lease, [(task, culprit)], left)

    def _record_in_one(self, account, lease, outcomes, left):
        """How many tasks of each mark are done with. `left` counts, for each mark, the tasks that
        have not succeeded yet: a mark goes with its last task."""

        def record():
            account._relock(lease)
            found = self._record(account, outcomes)
            done = Counter(mark_id for task in found for mark_id in task.mark_ids)
            finished = [mark_id for mark_id, n in done.items() if left[mark_id] - n <= 0]
            self.env["calendar.sync.mark"].browse(finished).exists().unlink()
            self._tell(account, [task.event_id for task, _outcome in outcomes])
            self.env.cr.commit()  # pylint: disable=invalid-commit
            return done

        return account._retried(record)
