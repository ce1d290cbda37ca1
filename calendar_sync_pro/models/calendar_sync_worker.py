import logging
import time
from datetime import UTC, timedelta

import psycopg2.errors
from odoo import api, fields, models, tools

from ..core.errors import AuthExpired, ProviderError, RateLimited
from ..providers import meter
from ..sync import backoff
from ..sync.triage import triage
from . import clock
from .calendar_sync_hour import COUNT_TURN
from .discreet_log import discreet, place_of
from .lease import LeaseLost, renew
from .turn import INTERNAL, LEASE_LOST

_logger = logging.getLogger(__name__)

RUN_S = 10
SETTLE_S = 0.5
TRIES = 5
CRONS = ("calendar_sync_pro.cron_work_1", "calendar_sync_pro.cron_work_2")
TRANSIENT = (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected)
OVERTAKEN = (psycopg2.errors.UniqueViolation, psycopg2.errors.ForeignKeyViolation)
"""Somebody else made, or deleted, at this moment what we were about to make or to name."""

_END = (
    """
    WITH ended AS (
        UPDATE calendar_sync_account
           SET lease_token = NULL, lease_until = NULL, failures = 0,
               last_sync = CASE WHEN %(was_read)s THEN %(now)s ELSE last_sync END,
               next_run = CASE WHEN next_run IS DISTINCT FROM %(due)s THEN next_run
                               ELSE COALESCE(%(next_run)s, next_run) END,
               reason_code = CASE WHEN %(is_well)s THEN NULL ELSE reason_code END,
               reason_since = CASE WHEN %(is_well)s THEN NULL ELSE reason_since END,
               calls = CASE WHEN calls_minute = %(minute)s THEN calls ELSE 0 END + %(calls)s,
               calls_minute = %(minute)s
         WHERE id = %(id)s AND lease_token = %(token)s AND status = 'active')
"""
    + COUNT_TURN  # nosec B608 # constants
)


class CalendarSyncAccount(models.Model):
    """How accounts get their turn: claimed with a lease, worked on for a while, due again later."""

    _inherit = "calendar.sync.account"

    exported_until = fields.Datetime(
        readonly=True, copy=False, help="Events up to here were offered to the calendar."
    )

    @api.model
    def _cron_work(self, takes_failing=True):
        """Sync accounts that are due, one after the other, for at most ten seconds.

        Several crons run this at once, on any number of hosts: a provider that hangs holds up its
        own account only. Accounts whose last run failed are left to the crons that take them, so
        that any number of them never holds up those that work. What is left over is asked for
        again by a trigger.
        """
        started = time.monotonic()
        while time.monotonic() - started < RUN_S:
            leases = self._claim_due(takes_failing=takes_failing)
            if not leases:
                return
            if leases[0].has_marks:
                self._let_edits_settle()
            self._work(leases[0])
            self.env["ir.cron"]._commit_progress(1)
        self._schedule_now()

    @api.model
    def _let_edits_settle(self):
        """Wait a moment when somebody is saving right now: fast edits become one request."""
        self.env.cr.execute(
            "SELECT 1 FROM calendar_sync_mark WHERE marked_at >= %s LIMIT 1",
            [clock.now() - timedelta(seconds=1)],
        )
        is_saving = bool(self.env.cr.rowcount)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no snapshot from before the wait
        if is_saving:
            # A later trigger would not do: Odoo looks for those once a minute.
            time.sleep(SETTLE_S)
            self._retried(self.env["calendar.sync.mark"]._dispatch)
            self.env.cr.commit()  # pylint: disable=invalid-commit  # the last edits belong in too

    def _work(self, lease):
        """One account's turn. Whatever happens, the account gets its next turn and others too."""
        account, turn = self.browse(lease.account_id), lease.turn
        with discreet(), meter.counting(turn.requests):
            try:
                account._take_turn(lease)
            except LeaseLost as error:
                self.env.cr.rollback()
                turn.note_error(error, LEASE_LOST)
            except Exception as error:  # one account's bug must not take the others' turns
                self.env.cr.rollback()
                account._end_broken(lease, error)
            account._close_safely(turn)
        _logger.info("sync account=%s %s", account.id, turn)

    def _end_broken(self, lease, error):
        """A turn was ended by a mistake of ours, or by the account's own end."""
        if not self.exists():
            lease.turn.note_error(error, LEASE_LOST)
            return
        _logger.error("sync failed account=%s error=%s", self.id, place_of(error))
        lease.turn.note_error(error, INTERNAL)
        self._end_failed(lease, **self._reason_values(INTERNAL))

    def _close_safely(self, turn):
        """Keep the turn's figures, tell whom it concerns. The turn itself is over by then."""
        try:
            self._close_turn(turn)
        except Exception as error:  # what can't be told must not take the others' turns
            self.env.cr.rollback()
            _logger.error("turn not told account=%s error=%s", self.id, place_of(error))

    def _take_turn(self, lease):
        """Sync, and say what an error of the provider means for the whole account."""
        try:
            self._sync_with_fresh_token(lease)
        except ProviderError as error:
            self.env.cr.rollback()
            self._end_with_error(lease, error)

    def _sync_with_fresh_token(self, lease):
        """Sync; when the token is refused before its time, refresh it once and go on."""
        try:
            self._sync(lease)
        except AuthExpired as error:
            if error.is_revoked:
                raise
            self.env.cr.rollback()
            self._refresh_now()
            self.env.cr.rollback()  # what this transaction sees is older than the new token
            self._sync(lease)

    def _sync(self, lease):
        """The unit of work: send what waits, read what is new, send again what that led to.

        What a user saved goes first, so that it is there within seconds; an account that was never
        read is read first, so that nothing is sent that is already there.
        """
        self.ensure_one()
        now, due, was_on = clock.now(), self.next_run, self.is_sync_on
        is_due, is_first = not self.next_run or self.next_run <= now, not self.first_sync_done
        is_new_day = is_first or not self.last_sync or self.last_sync.date() < now.date()
        may_write = not self.wait_writes_until or self.wait_writes_until <= now
        lease.turn.was_ill = self.reason_code or ""
        lease.turn.note_lag(due if is_due else None, now)
        pushed, pulled = {}, None
        if self.is_sync_on and lease.has_marks and not is_first and may_write:
            pushed = self._push(lease)
        if is_due:
            pulled = self._pull(lease)
            is_read = was_on and not pulled.has_more  # switched on since, it was not read as such
            if is_new_day and is_read and self._mark_backlog(lease) and may_write:
                pushed = self._push(lease)
        has_more = bool(pulled) and pulled.has_more
        may_write = may_write and pushed is not None
        is_well = is_due and not has_more and not pulled.is_stopped and may_write
        was_read = is_due and not has_more
        self._end(lease, was_read=was_read, has_more=has_more, is_well=is_well, due=due)

    def _push(self, lease):
        """Send the account's marks; None when the calendar takes no more writes for now, which
        keeps nobody from reading. Raises ProviderError, LeaseLost."""
        try:
            return self.env["calendar.sync.push"]._run(self, lease)
        except RateLimited as error:
            if not error.is_write_quota:
                raise
            self.env.cr.rollback()
            lease.turn.slowed += 1
            self._retried(lambda e=error: self._wait_with_writes(lease, e))
            return None

    def _wait_with_writes(self, lease, error):
        self._relock(lease)
        verdict = triage(error, attempts=0, now=clock.aware())
        self.wait_writes_until = backoff.as_stored(verdict.retry_at)
        self._set_reason(verdict.reason_code)
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _pull(self, lease):
        """Read every calendar that is used, the one for events and those that block."""
        return self.env["calendar.sync.pull"]._run_account(self, lease)

    def _mark_backlog(self, lease):
        """Mark what has to go out although nobody edited it now: everything when sync was just
        switched on, and what came into the window since. True when there is something."""
        if not self.is_sync_on:  # switched off since
            return False
        self._relock(lease)
        is_first = not self.first_sync_done
        window = self._window(clock.aware())
        stop = window.stop.replace(tzinfo=None)
        since = None if is_first else self.exported_until
        marked = self.env["calendar.sync.mark"]._mark_window(self, window, since)
        self.write({"first_sync_done": True, "exported_until": stop})
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return bool(marked)

    def _relock(self, lease):
        """Lock the account for this new transaction and extend the lease. Raises LeaseLost."""
        self.ensure_one()
        renew(self.env.cr, lease)

    def _end(self, lease, *, was_read=False, has_more=False, is_well=False, due=False):
        """Give the lease back after a good run and say when the account is due again.

        `is_well`: everything was read, so an earlier reason for waiting is over. `due` is when it
        was due before the run: another time in the row means that somebody asked for a sync
        meanwhile, and that stays. Who `has_more` to read is due at once, behind the others.
        One statement with the figures, since this ends every idle poll.
        """
        now = clock.now()
        next_run = now if has_more else None
        if was_read:
            next_run = now + timedelta(minutes=self._minutes_to_next(now))

        def write():
            values = self._counted(lease.turn) | self._calls_made(lease.turn) | {
                "id": self.id, "token": lease.token, "now": now, "next_run": next_run,
                "due": due or None, "was_read": was_read, "is_well": is_well,
            }  # fmt: skip
            self.env.cr.execute(_END, values)
            self.env.cr.commit()  # pylint: disable=invalid-commit

        self._retried(write)
        lease.turn.kept = lease.turn.figures()

    def _minutes_to_next(self, now):
        """Minutes between two checks at this time of the owner's day."""
        quarter = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)
        return self._minutes_at(quarter)

    @tools.ormcache("self.id", "quarter", cache="default")
    def _minutes_at(self, quarter):
        """Kept for a quarter of an hour, in which few people's working hours change."""
        moment = quarter.replace(tzinfo=UTC)
        minutes_in_hours, minutes_outside = self._poll_minutes()
        due = backoff.next_run(
            moment,
            is_working_time=self._working_time(moment),
            failures=0,
            minutes_in_hours=minutes_in_hours,
            minutes_outside=minutes_outside,
        )
        return int((due - moment).total_seconds() // 60)

    def _end_failed(self, lease, *, retry_at=None, **values):
        """Give the lease back after a failure: due again later and later, but at once where a sync
        was asked for meanwhile; `values` are kept."""

        def write():
            self._relock(lease)
            failures = self.failures + 1
            later = backoff.next_run(
                clock.aware(), is_working_time=False, failures=failures, retry_at=retry_at
            )
            is_asked = self.next_run and self.next_run != lease.due
            self.write(
                values
                | {
                    "lease_token": False,
                    "lease_until": False,
                    "failures": failures,
                    "next_run": self.next_run if is_asked else backoff.as_stored(later),
                }
            )
            self.env.cr.commit()  # pylint: disable=invalid-commit

        try:
            self._retried(write)
        except LeaseLost:
            self.env.cr.rollback()

    def _end_with_error(self, lease, error):
        """What an error of the whole account means: wait, reconnect, or ask the admin."""
        # A token that is refused was refreshed already, so that counts as the first attempt.
        attempts = 1 if isinstance(error, AuthExpired) else self.failures
        verdict = triage(error, attempts=attempts, now=clock.aware())
        # What a whole turn does not find is a calendar, not an event.
        reason = "calendar_lost" if verdict.action == "gone" else verdict.reason_code
        lease.turn.note_error(error, reason)
        if verdict.action == "reconnect":
            return self._retried(lambda: self._lose_connection(lease, reason))
        values = self._reason_values(reason) | self._wait_values(error)
        return self._end_failed(lease, retry_at=verdict.retry_at, **values)

    def _reason_values(self, reason_code):
        """What to write for a turn that failed; "since when" only where the reason is another."""
        if self.reason_code == reason_code:
            return {}
        return {"reason_code": reason_code, "reason_since": clock.now()}

    def _lose_connection(self, lease, reason_code):
        """Stop until the owner connects again; say it once. What waits is kept."""
        self._relock(lease)
        self._set_status("reconnect_required", reason_code)
        self._notify_reconnect()
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _started(self):
        """Switched on: read everything once, then send everything that the user attends."""
        self.sudo().write({"first_sync_done": False, "next_run": clock.now()})
        super()._started()

    def _set_status(self, status, reason_code=""):
        """Change the status; a running worker notices when it writes next."""
        values = {"status": status, "reason_code": reason_code or False}
        if status != "active":
            values |= {"lease_token": False, "lease_until": False}
        values["reason_since"] = clock.now() if reason_code else False
        self.sudo().write(values)
        self._tell_owner()

    def _set_reason(self, reason_code):
        """Note what is wrong with a connection that still works; '' when it is mended."""
        if (self.reason_code or "") != reason_code:
            since = clock.now() if reason_code else False
            self.write({"reason_code": reason_code or False, "reason_since": since})

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """An activity subscribes its user; a connection has no followers."""
        return True

    def _tell_owner(self):
        """Let the owner's open pages show the account's new state."""
        for account in self:
            account.user_id._bus_send("calendar_sync_pro/account", {"id": account.id})

    @api.model
    def _schedule_now(self):
        """Wake the work crons as soon as this transaction is committed."""
        for xmlid in CRONS:
            cron = self.env.ref(xmlid, raise_if_not_found=False)
            if cron:
                cron.sudo()._trigger()

    @api.model
    def _retried(self, work):
        """Run `work` at the start of a transaction; once more when another one was faster."""
        for attempt in range(TRIES):
            try:
                return work()
            except (*TRANSIENT, *OVERTAKEN):
                # Two colleagues' workers may make the same meeting: the later one then finds it. We
                # hear of it once the other one has committed, so there is nothing to wait for.
                self.env.cr.rollback()
                if attempt == TRIES - 1:
                    raise
