import logging
import secrets
import time
from datetime import UTC, datetime

import psycopg2.errors

from odoo import api, fields, models

from ..core.errors import AuthExpired, ProviderError
from ..sync import backoff
from ..sync.triage import triage
from .lease import LEASE_S, Lease, LeaseLost, renew

_logger = logging.getLogger(__name__)

RUN_S = 10
TRIES = 5
CRONS = ("calendar_sync_pro.cron_work_1", "calendar_sync_pro.cron_work_2")
TRANSIENT = (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected)

_CLAIM = """
    UPDATE calendar_sync_account
       SET lease_token = %(token)s,
           lease_until = %(now)s + make_interval(secs => %(lease_s)s)
     WHERE id IN (
        SELECT a.id
          FROM calendar_sync_account a
         WHERE a.status = 'active'
           AND (a.lease_until IS NULL OR a.lease_until < %(now)s)
           AND (a.next_run <= %(now)s OR (a.failures = 0 AND a.is_sync_on AND EXISTS (
                SELECT 1 FROM calendar_sync_mark m
                 WHERE m.account_id = a.id
                   AND (m.not_before IS NULL OR m.not_before <= %(now)s)
                   AND (a.wait_writes_until IS NULL OR a.wait_writes_until <= %(now)s))))
         ORDER BY a.next_run NULLS FIRST, a.id
         LIMIT %(limit)s
           FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id
"""


class CalendarSyncAccount(models.Model):
    """How accounts get their turn: claimed with a lease, worked on for a while, due again later."""

    _inherit = "calendar.sync.account"

    exported_until = fields.Datetime(
        readonly=True, copy=False, help="Events up to here were offered to the calendar."
    )

    @api.model
    def _cron_work(self):
        """Sync accounts that are due, one after the other, for at most ten seconds.

        Several crons run this at once, on any number of hosts: a provider that hangs holds up its
        own account only. What is left over is asked for again by a trigger.
        """
        started = time.monotonic()
        while time.monotonic() - started < RUN_S:
            leases = self._claim_due()
            if not leases:
                return
            self._work(leases[0])
            self.env["ir.cron"]._commit_progress(1)
        self._schedule_now()

    @api.model
    def _claim_due(self, limit=1):
        """Take up to `limit` accounts that are due and that nobody else works on; commits."""
        leases = self._retried(lambda: self._claim(limit))
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the lease holds from now on
        return leases

    @api.model
    def _claim(self, limit):
        self.env["calendar.sync.mark"]._dispatch()
        token = secrets.token_hex(16)
        self.env.cr.execute(
            _CLAIM,
            {"token": token, "now": fields.Datetime.now(), "lease_s": LEASE_S, "limit": limit},
        )
        return [Lease(row[0], token, self.pool) for row in self.env.cr.fetchall()]

    def _work(self, lease):
        """One account's turn. Whatever happens, the account gets its next turn and others too."""
        account = self.browse(lease.account_id)
        try:
            account._sync_with_fresh_token(lease)
        except LeaseLost:
            self.env.cr.rollback()
            _logger.info("lease lost account=%s", account.id)
        except ProviderError as error:
            self.env.cr.rollback()
            account._end_with_error(lease, error)
        except Exception:
            self.env.cr.rollback()
            _logger.exception("sync failed account=%s", account.id)
            account._end(lease, failed=True)

    def _sync_with_fresh_token(self, lease):
        """Sync; when the token is refused before its time, refresh it once and go on."""
        try:
            self._sync(lease)
        except AuthExpired as error:
            if error.is_revoked:
                raise
            self.env.cr.rollback()
            self._refresh_now()
            self._sync(lease)

    def _sync(self, lease):
        """The unit of work: send what waits, read what is new, send again what that led to.

        What a user saved goes first, so that it is there within seconds; an account that was never
        read is read first, so that nothing is sent that is already there.
        """
        self.ensure_one()
        started, now = time.monotonic(), fields.Datetime.now()
        is_due, is_first = not self.next_run or self.next_run <= now, not self.first_sync_done
        pushed = pulled = {}
        if self.is_sync_on and not is_first:
            pushed = self._push(lease)
        if is_due:
            pulled = self._pull(lease)
            if self._mark_backlog(lease) or is_first:
                pushed = self._push(lease)
        self._end(lease, was_read=is_due)
        _logger.info(
            "sync account=%s pull=%s push=%s ms=%d",
            self.id, pulled, pushed, (time.monotonic() - started) * 1000,
        )

    def _push(self, lease):
        """Send the account's marks. Raises ProviderError, LeaseLost."""
        return self.env["calendar.sync.push"]._run(self, lease)

    def _pull(self, lease):
        """Read every calendar that is used, the one for events and those that block."""
        return self.env["calendar.sync.pull"]._run_account(self, lease)

    def _mark_backlog(self, lease):
        """Mark what has to go out although nobody edited it now: everything when sync was just
        switched on, and what came into the window since. True when there is something."""
        if not self.is_sync_on:
            return False
        window = self._window(datetime.now(UTC))
        stop = window.stop.replace(tzinfo=None)
        is_first = not self.first_sync_done
        if not is_first and self.exported_until and (stop - self.exported_until).days < 1:
            return False
        self._relock(lease)
        since = None if is_first else self.exported_until
        marked = self.env["calendar.sync.mark"]._mark_window(self, window, since)
        self.write({"first_sync_done": True, "exported_until": stop})
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return bool(marked)

    def _relock(self, lease):
        """Lock the account for this new transaction and extend the lease. Raises LeaseLost."""
        self.ensure_one()
        renew(self.env.cr, lease)

    def _end(self, lease, *, failed=False, was_read=False, retry_at=None, **values):
        """Give the lease back and say when the account is due again; `values` are kept with it."""

        def write():
            self._relock(lease)
            now = fields.Datetime.now()
            failures = self.failures + 1 if failed else 0
            values.update(lease_token=False, lease_until=False)
            if failures != self.failures:
                values["failures"] = failures
            if was_read:
                values["last_sync"] = now
            if failed or was_read:
                values["next_run"] = self._due_next(failures, retry_at)
            self.write(values)
            self.env.cr.commit()  # pylint: disable=invalid-commit

        try:
            self._retried(write)
        except LeaseLost:
            self.env.cr.rollback()

    def _due_next(self, failures, retry_at):
        """A few minutes on in the user's working hours, else later; later after failures."""
        now = datetime.now(UTC).replace(microsecond=0)
        minutes_in_hours, minutes_outside = self._poll_minutes()
        due = backoff.next_run(
            now,
            is_working_time=self._working_time(now),
            failures=failures,
            retry_at=retry_at,
            minutes_in_hours=minutes_in_hours,
            minutes_outside=minutes_outside,
        )
        return due.replace(tzinfo=None, microsecond=0)

    def _end_with_error(self, lease, error):
        """What an error of the whole account means: wait, reconnect, or ask the admin."""
        # A token that is refused was refreshed already, so that counts as the first attempt.
        attempts = 1 if isinstance(error, AuthExpired) else self.failures
        verdict = triage(error, attempts=attempts, now=datetime.now(UTC))
        _logger.info(
            "sync stopped account=%s error=%s reason=%s action=%s",
            self.id, type(error).__name__, error.reason, verdict.action,
        )
        if verdict.action == "reconnect":
            return self._retried(lambda: self._lose_connection(lease, verdict.reason_code))
        values = {"reason_code": verdict.reason_code}
        if self.reason_code != verdict.reason_code:
            values["reason_since"] = fields.Datetime.now()
        if verdict.action == "wait_writes":
            values["wait_writes_until"] = verdict.retry_at.replace(tzinfo=None, microsecond=0)
        return self._end(lease, failed=True, retry_at=verdict.retry_at, **values)

    def _lose_connection(self, lease, reason_code):
        """Stop until the owner connects again; say it once. What waits is kept."""
        self._relock(lease)
        self._set_status("reconnect_required", reason_code)
        self._notify_reconnect()
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _started(self):
        """Switched on: read everything once, then send everything that the user attends."""
        self.sudo().write({"first_sync_done": False, "next_run": fields.Datetime.now()})
        super()._started()

    def _set_status(self, status, reason_code=""):
        """Change the status; a running worker notices when it writes next."""
        values = {"status": status, "reason_code": reason_code or False}
        if status != "active":
            values |= {"lease_token": False, "lease_until": False}
        values["reason_since"] = fields.Datetime.now() if reason_code else False
        self.sudo().write(values)
        self._tell_owner()

    def _set_reason(self, reason_code):
        """Note what is wrong with a connection that still works; '' when it is mended."""
        if (self.reason_code or "") != reason_code:
            since = fields.Datetime.now() if reason_code else False
            self.write({"reason_code": reason_code or False, "reason_since": since})

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
            except TRANSIENT:
                self.env.cr.rollback()
                if attempt == TRIES - 1:
                    raise
                time.sleep(0.05 * 2**attempt)
