from odoo import api, fields, models

from ..sync.reasons import REASONS
from . import clock, retention
from .sync_terms import say
from .turn import GOOD, LEASE_LOST

DELETE_AT_ONCE = 20000
COUNT_TURN = """
    INSERT INTO calendar_sync_hour AS h (account_id, user_id, company_id, app_id, provider, hour,
        reason, runs, failed_runs, reads, writes, sign_ins, throttled, changes_in, changes_out,
        set_aside, seconds, lag_s)
    SELECT id, user_id, company_id, app_id, provider, date_trunc('hour', %(now)s::timestamp),
        %(reason)s, %(runs)s, %(failed_runs)s, %(reads)s, %(writes)s, %(sign_ins)s, %(throttled)s,
        %(changes_in)s, %(changes_out)s, %(set_aside)s, %(seconds)s, %(lag_s)s
      FROM calendar_sync_account WHERE id = %(account)s
        ON CONFLICT (account_id, hour, reason) DO UPDATE
       SET runs = h.runs + EXCLUDED.runs, failed_runs = h.failed_runs + EXCLUDED.failed_runs,
           reads = h.reads + EXCLUDED.reads, writes = h.writes + EXCLUDED.writes,
           sign_ins = h.sign_ins + EXCLUDED.sign_ins,
           throttled = h.throttled + EXCLUDED.throttled,
           changes_in = h.changes_in + EXCLUDED.changes_in,
           changes_out = h.changes_out + EXCLUDED.changes_out,
           set_aside = h.set_aside + EXCLUDED.set_aside, seconds = h.seconds + EXCLUDED.seconds,
           lag_s = GREATEST(h.lag_s, EXCLUDED.lag_s)
"""
"""Adds a turn to its hour; the values are those of `_counted`."""


class CalendarSyncHour(models.Model):
    """What the workers did for one account in one hour, added up: counts, seconds and codes.

    Turns that ended early have rows of their own, one for each reason. Requests made during a
    person's click (signing in, a colleague's free times) are not among them.
    """

    _name = "calendar.sync.hour"
    _description = "Sync figures of an hour"
    _order = "hour desc, id desc"
    _rec_name = "hour"
    # Rows are written by the workers alone, in plain SQL.
    _log_access = False

    account_id = fields.Many2one(
        "calendar.sync.account", required=True, ondelete="cascade", readonly=True
    )
    user_id = fields.Many2one(
        "res.users", "Person", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    app_id = fields.Many2one(
        "calendar.sync.oauth.app", "OAuth app", index="btree_not_null", ondelete="set null",
        readonly=True,
    )  # fmt: skip
    provider = fields.Selection(selection="_provider_selection", required=True, readonly=True)
    hour = fields.Datetime(required=True, index=True, readonly=True)
    reason = fields.Selection(
        selection="_reason_selection", string="Outcome", required=True, readonly=True
    )
    runs = fields.Integer("Syncs", readonly=True)
    failed_runs = fields.Integer("Failed syncs", readonly=True)
    reads = fields.Integer("Requests: reading", readonly=True)
    writes = fields.Integer("Requests: writing", readonly=True)
    sign_ins = fields.Integer("Requests: renewing the sign-in", readonly=True)
    throttled = fields.Integer("Asked to slow down", readonly=True)
    changes_in = fields.Integer("Changes into Odoo", readonly=True)
    changes_out = fields.Integer("Changes into the calendar", readonly=True)
    set_aside = fields.Integer("Events set aside", readonly=True)
    seconds = fields.Float("Seconds of work", readonly=True)
    lag_s = fields.Float(
        "Longest wait (s)",
        readonly=True,
        aggregator="max",
        help="How long the oldest thing done in one sync had been due or saved.",
    )

    _once = models.UniqueIndex("(account_id, hour, reason)", "This hour is counted already.")

    @api.model
    def _provider_selection(self):
        return self.env["calendar.sync.account"]._provider_selection()

    @api.model
    def _reason_selection(self):
        """Outcomes in words: what stands on the account's card when that is the reason."""
        good = [
            (GOOD, self.env._("All well")),
            (LEASE_LOST, self.env._("Stopped: paused, disconnected, or taken over")),
        ]
        return good + [(code, say(self.env, one.sentence)) for code, one in REASONS.items()]

    @api.autovacuum
    def _drop_old(self):
        """Forget figures after 90 days, or as many as the system parameter says."""
        limit = retention.kept_since(self.env, retention.FIGURES)
        self.sudo().search([("hour", "<", limit)], limit=DELETE_AT_ONCE).unlink()


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    def _counted(self, turn):
        """What `COUNT_TURN` wants to know of a turn of this account."""
        return turn.unkept() | {
            "account": self.id, "now": clock.now(), "reason": turn.reason,
            "lag_s": turn.lag_s,
        }  # fmt: skip

    def _close_turn(self, turn):
        """Figures of a turn that failed, or did more after its end. Commits."""

        def write():
            self.env.cr.execute(COUNT_TURN, self._counted(turn), log_exceptions=False)
            self.env.cr.commit()  # pylint: disable=invalid-commit  # whatever comes next

        if turn.has_unkept:
            self._retried(write)
            turn.kept = turn.figures()
        self.env["calendar.sync.hour"].invalidate_model(flush=False)
