"""Whose turn it is: who is due, within what providers take, and so that nobody starves."""

import secrets
from datetime import UTC

from odoo import api, fields, models

from ..core.errors import RateLimited
from ..providers import port
from ..sync import backoff, limits
from . import clock
from .lease import LEASE_S, Lease

SLICE_S = 10.0
SHORT_SLICE_S = 2.0
"""How long a turn lasts when there is much to do. Where nobody waits in line for a long one, what a
person saves is sent at once: that is why one of the workers takes short ones only."""
FAVOUR_S = 60
"""By how much sooner than its time somebody is taken for whom a person waits, and by how much later
who has a long way to go. No more than that: nobody waits for ever."""

# MATERIALIZED: planned as a join, the inner query may run again for each row, past its limit.
_CLAIM = """
    WITH spent AS MATERIALIZED (
        SELECT app_id, sum(calls) AS calls
          FROM calendar_sync_account
         WHERE calls_minute = %(minute)s AND app_id IS NOT NULL
         GROUP BY app_id
    ), picked AS MATERIALIZED (
        SELECT a.id,
               EXISTS (SELECT 1 FROM calendar_sync_mark m WHERE m.account_id = a.id) AS has_marks,
               EXISTS (SELECT 1 FROM calendar_sync_run r
                        WHERE r.account_id = a.id AND r.undo_state = 'undoing') AS has_undo,
               EXISTS (SELECT 1 FROM calendar_sync_channel c
                        WHERE c.account_id = a.id AND c.is_noticed) AS has_notice
          FROM calendar_sync_account a
          LEFT JOIN calendar_sync_oauth_app app ON app.id = a.app_id
          LEFT JOIN spent ON spent.app_id = a.app_id
          LEFT JOIN unnest(%(names)s::text[], %(own)s::bigint[], %(whole)s::bigint[])
                    AS most(name, own, whole) ON most.name = a.provider
         WHERE a.status = 'active'
           AND (a.failures = 0 OR %(takes_failing)s)
           AND (a.lease_until IS NULL OR a.lease_until < %(now)s)
           AND (a.slowed_until IS NULL OR a.slowed_until <= %(now)s)
           AND (app.paused_until IS NULL OR %(now)s >= app.paused_until + mod(a.id * 37, 60) / 60.0
                * LEAST(app.paused_until - app.paused_from, make_interval(secs => %(spread_s)s)))
           AND (a.calls_minute IS DISTINCT FROM %(minute)s OR a.calls < most.own
                OR most.own IS NULL)
           AND (spent.calls IS NULL OR spent.calls < most.whole OR most.whole IS NULL)
           AND (a.next_run <= %(now)s OR (a.failures = 0 AND a.is_sync_on AND EXISTS (
                SELECT 1 FROM calendar_sync_mark m
                 WHERE m.account_id = a.id
                   AND (m.not_before IS NULL OR m.not_before <= %(now)s)
                   AND (a.wait_writes_until IS NULL OR a.wait_writes_until <= %(now)s)))
                OR (a.failures = 0 AND EXISTS (
                SELECT 1 FROM calendar_sync_channel c
                 WHERE c.account_id = a.id AND c.is_noticed)))
         ORDER BY LEAST(a.next_run, %(now)s) + make_interval(secs => %(favour_s)s * CASE
                    WHEN EXISTS (SELECT 1 FROM calendar_sync_channel c
                                  WHERE c.account_id = a.id AND c.is_noticed)
                      OR EXISTS (SELECT 1 FROM calendar_sync_mark m
                                  WHERE m.account_id = a.id AND m.user_id > 0
                                    AND (m.not_before IS NULL OR m.not_before <= %(now)s)) THEN -1
                    WHEN a.is_sync_on AND NOT COALESCE(a.first_sync_done, FALSE) THEN 1
                    ELSE 0 END),
                  a.taken_at NULLS FIRST, a.id
         LIMIT %(limit)s
           FOR NO KEY UPDATE OF a SKIP LOCKED)
    UPDATE calendar_sync_account account
       SET lease_token = %(token)s,
           lease_until = %(now)s + make_interval(secs => %(lease_s)s),
           taken_at = %(moment)s,
           next_run = CASE WHEN picked.has_notice THEN LEAST(account.next_run, %(now)s)
                           ELSE account.next_run END
      FROM picked
     WHERE account.id = picked.id
    RETURNING account.id, picked.has_marks, picked.has_undo, picked.has_notice, account.next_run
"""

_SLOWED_TOO = """
    SELECT 1 FROM calendar_sync_account
     WHERE app_id = %s AND id != %s AND failures > 0 AND reason_code = 'rate_limited'
       AND taken_at > %s - make_interval(secs => %s) LIMIT 1
"""


class CalendarSyncOauthApp(models.Model):
    _inherit = "calendar.sync.oauth.app"

    paused_from = fields.Datetime(readonly=True, copy=False)
    paused_until = fields.Datetime(
        "Paused until", readonly=True, copy=False,
        help="The provider asked the app to slow down: none of its accounts is synced until then.",
    )  # fmt: skip


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    taken_at = fields.Datetime(readonly=True, copy=False, help="When a worker took it last.")
    slowed_until = fields.Datetime(
        "Asked to wait until", readonly=True, copy=False,
        help="The provider asked this account to slow down: nothing is tried before.",
    )  # fmt: skip
    calls_minute = fields.Datetime(readonly=True, copy=False)
    calls = fields.Integer(readonly=True, copy=False, help="Requests made in that minute.")

    @api.model
    def _claim_due(self, limit=1, takes_failing=True):
        """Take up to `limit` accounts that are due and that nobody else works on; commits."""
        leases = self._retried(lambda: self._claim(limit, takes_failing))
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the lease holds from now on
        return leases

    @api.model
    def _claim(self, limit, takes_failing=True):
        self.env["calendar.sync.mark"]._dispatch()
        token, now = secrets.token_hex(16), clock.now()
        known = port.providers()
        values = {
            "token": token,
            "now": now,
            "moment": clock.aware().replace(tzinfo=None),
            "minute": limits.minute_of(now),
            "lease_s": LEASE_S,
            "spread_s": limits.SPREAD_S,
            "favour_s": FAVOUR_S,
            "limit": limit,
            "takes_failing": takes_failing,
            "names": list(known),
            "own": [limits.budget(one.can.calls_per_minute) for one in known.values()],
            "whole": [limits.budget(one.can.app_calls_per_minute) for one in known.values()],
        }
        self.env.cr.execute(_CLAIM, values, log_exceptions=False)
        slice_s = SLICE_S if takes_failing else SHORT_SLICE_S
        return [
            Lease(id_, token, self.pool, *found, slice_s=slice_s)
            for id_, *found in self.env.cr.fetchall()
        ]

    def _calls_made(self, turn):
        """The minute and how many requests this turn made in it."""
        requests = turn.requests
        made = requests.reads + requests.writes + requests.sign_ins
        return {"minute": limits.minute_of(clock.now()), "calls": made}

    def _end_failed(self, lease, *, retry_at=None, **values):
        """A failed turn's requests count as well."""
        made = self._calls_made(lease.turn)
        before = self.calls if self.calls_minute == made["minute"] else 0
        counted = {"calls_minute": made["minute"], "calls": before + made["calls"]}
        return super()._end_failed(lease, retry_at=retry_at, **values, **counted)

    def _end_with_error(self, lease, error):
        """Told to slow down: the account waits, and with it the app when that is meant."""
        done = super()._end_with_error(lease, error)
        if isinstance(error, RateLimited):
            self._retried(lambda: self._obey(error))
        return done

    def _wait_values(self, error):
        """Wait as long as the provider asks, whoever presses "Sync now" meanwhile."""
        is_asked = getattr(error, "retry_after_s", None) is not None
        return {"slowed_until": self._pause_end(clock.now(), error)} if is_asked else {}

    def _obey(self, error):
        """Wait as the provider asks, and let the app wait when that may be meant. Commits."""
        self.sudo().write(self._wait_values(error))
        if error.may_be_app and self.app_id:
            self._pause_app(clock.now(), error)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the other workers see it

    def _pause_end(self, now, error):
        return backoff.as_stored(limits.pause(now.replace(tzinfo=UTC), error.retry_after_s))

    def _pause_app(self, now, error):
        """Let all accounts of the app wait when a second one hears of the limit: one account that
        is too fast for itself doesn't delay the others."""
        self.env.cr.execute(
            _SLOWED_TOO, [self.app_id.id, self.id, now, limits.SAME_MOMENT_S], log_exceptions=False
        )
        if self.env.cr.rowcount:
            self.env.cr.execute(
                """UPDATE calendar_sync_oauth_app
                      SET paused_from = CASE WHEN paused_until > %(now)s THEN paused_from
                                             ELSE %(now)s END,
                          paused_until = GREATEST(paused_until, %(until)s)
                    WHERE id = %(id)s""",
                {"now": now, "until": self._pause_end(now, error), "id": self.app_id.id},
                log_exceptions=False,
            )
            self.app_id.invalidate_recordset(["paused_from", "paused_until"], flush=False)
