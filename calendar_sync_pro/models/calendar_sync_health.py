from datetime import timedelta

from babel.dates import format_timedelta
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse

from ..sync import health
from ..sync.reasons import explain
from . import clock
from .calendar_sync_mass import GONE_HERE, GONE_THERE
from .sync_terms import say

ADMIN = "calendar_sync_pro.group_admin"
HOURS = 24
SHOWN = ("broken", "attention")
"""The two states in which somebody should look at an account."""


class CalendarSyncAccount(models.Model):
    """How accounts stand, for whoever looks after all of them: computed from what the workers wrote
    last, a fixed number of queries for any number of accounts."""

    _inherit = "calendar.sync.account"

    health = fields.Selection(
        [
            ("good", "All well"),
            ("attention", "Needs attention"),
            ("broken", "Not working"),
            ("paused", "Paused"),
            ("off", "Not in use"),
        ],
        compute="_compute_health",
        search="_search_health",
        groups=ADMIN,
    )
    health_text = fields.Text("What is the matter", compute="_compute_health", groups=ADMIN)
    health_step = fields.Char("What helps", compute="_compute_health", groups=ADMIN)
    waiting_count = fields.Integer(
        "Waiting",
        compute="_compute_health",
        groups=ADMIN,
        help="Appointments that wait to be sent.",
    )
    trouble_count = fields.Integer(
        "Set aside",
        compute="_compute_health",
        groups=ADMIN,
        help="Events that could not be synced or wait for a decision; all others go on.",
    )
    lag_text = fields.Char(
        "Behind",
        compute="_compute_health",
        groups=ADMIN,
        help="For how long the oldest thing that is due has been waiting.",
    )
    errors_day = fields.Integer(
        "Errors (24 h)", compute="_compute_health", groups=ADMIN, help="Syncs that failed."
    )
    requests_day = fields.Integer("Requests (24 h)", compute="_compute_health", groups=ADMIN)
    hours_told = fields.Json(
        "Last 24 hours",
        compute="_compute_health",
        groups=ADMIN,
        help="Syncs of each hour: [good, failed], the oldest hour first.",
    )

    @api.depends_context("lang", "uid")
    @api.depends(
        "status", "reason_code", "reason_since", "is_sync_on", "failures", "next_run",
        "holds_removals", "calendar_ids.is_events", "calendar_ids.is_missing",
        "calendar_ids.blocks_availability", "channel_ids.state", "channel_ids.renew_at",
        "app_id.paused_until", "slowed_until", "grant_warn_at",
    )  # fmt: skip
    def _compute_health(self):
        now = clock.now()
        waiting, troubles, hours = self._waiting_of(), self._troubles_of(), self._hours_of(now)
        for account in self:
            count, oldest = waiting.get(account.id, (0, None))
            told = hours.get(account.id, [])
            facts = account._health_facts(now, oldest, troubles.get(account.id, 0), told)
            found = health.lights(facts)
            reason = explain(found[0].code) if found else None
            account.health = health.health(found)
            account.health_text = say(self.env, reason.sentence) if reason else ""
            account.health_step = say(self.env, reason.next_step) if reason else ""
            account.waiting_count = count
            account.trouble_count = facts.set_aside
            account.lag_text = account._duration(max(facts.overdue_s, facts.late_s))
            account.errors_day = sum(hour["failed"] for hour in told)
            account.requests_day = sum(hour["requests"] for hour in told)
            account.hours_told = _bars(told, now)

    def _health_facts(self, now, oldest, set_aside, hours):
        """The account as `sync.health` looks at it."""
        account = self.sudo()
        events = account.calendar_ids.filtered("is_events")
        is_used = account.is_sync_on or any(account.calendar_ids.mapped("blocks_availability"))
        is_working = account.status == "active" and is_used
        asking = GONE_HERE if account.holds_removals else account.reason_code
        return health.Facts(
            status=account.status,
            reason_code=account.reason_code or "",
            is_used=is_used,
            has_calendar=not account.is_sync_on or any(not one.is_missing for one in events),
            asking=asking if asking in (GONE_HERE, GONE_THERE) else "",
            failures=account.failures,
            failing_s=_age(account.reason_since, now),
            overdue_s=_age(account._next_turn(), now) if is_working else 0.0,
            late_s=_age(oldest, now) if account.is_sync_on else 0.0,
            throttled=sum(hour["throttled"] for hour in hours if hour["hour"] >= _last_hour(now)),
            unrenewed_s=max((_age(one.renew_at, now) for one in account._told()), default=0.0),
            set_aside=set_aside,
            is_grant_ending=account._is_grant_ending(),
        )

    def _next_turn(self):
        """When a worker comes, or should have: not while the provider has it, or the app, wait."""
        waits = [until for until in (self.slowed_until, self.app_id.paused_until) if until]
        return max(self.next_run, *waits) if self.next_run and waits else self.next_run

    def _told(self):
        """Channels through which this account's provider tells of changes now."""
        return self.channel_ids.filtered(lambda one: one.state == "working")

    # -- three questions for any number of accounts -----------------------------------------------
    def _waiting_of(self):
        """{account id: (appointments that wait to be sent, since when the oldest could be)}."""
        marks = self.env["calendar.sync.mark"]
        marks.flush_model()
        self.env.cr.execute(
            """SELECT account_id, count(DISTINCT (res_model, event_id, meeting_id)),
                      min(marked_at) FILTER (WHERE not_before IS NULL)
                 FROM calendar_sync_mark WHERE account_id = ANY(%s) GROUP BY account_id""",
            [self.ids],
        )
        return {account_id: (count, oldest) for account_id, count, oldest in self.env.cr.fetchall()}

    def _troubles_of(self):
        """{account id: events that need somebody}."""
        links = self.env["calendar.sync.link"].sudo()
        domain = links._attention_domain() & Domain("account_id", "in", self.ids)
        return {one.id: n for one, n in links._read_group(domain, ["account_id"], ["__count"])}

    def _hours_of(self, now):
        """{account id: what the workers counted in each of the last 24 hours, the oldest first}."""
        since = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
        self.env.cr.execute(
            """SELECT account_id, hour, sum(runs) AS runs, sum(failed_runs) AS failed,
                      sum(throttled) AS throttled, sum(reads + writes + sign_ins) AS requests
                 FROM calendar_sync_hour
                WHERE account_id = ANY(%s) AND hour >= %s
                GROUP BY account_id, hour ORDER BY hour""",
            [self.ids, since],
        )
        found = {}
        for row in self.env.cr.dictfetchall():
            found.setdefault(row.pop("account_id"), []).append(row)
        return found

    def _duration(self, seconds):
        """A time to wait in the reader's language: "12 minutes"; '' for less than a minute."""
        if seconds < 60:
            return ""
        locale = babel_locale_parse(self.env.lang)
        return format_timedelta(timedelta(seconds=seconds), locale=locale)

    # -- filters ----------------------------------------------------------------------------------
    @api.model
    def _search_health(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR([self._health_domain(name) for name in value if name])

    @api.model
    def _health_domain(self, name):
        """Accounts of this health, as `sync.health` sees it. A test keeps both alike."""
        is_used = Domain("is_sync_on", "=", True) | Domain(
            "calendar_ids", "any", [("blocks_availability", "=", True)]
        )
        is_working = Domain("status", "=", "active") & is_used
        broken = is_working & self._broken_domain()
        attention = is_working & self._ailing_domain() & ~broken
        match name:
            case "broken":
                return broken | Domain("status", "=", "reconnect_required")
            case "attention":
                return attention
            case "good":
                return is_working & ~broken & ~attention
            case "paused":
                return Domain("status", "=", "paused")
        return Domain("status", "=", "not_connected") | (Domain("status", "=", "active") & ~is_used)

    @api.model
    def _broken_domain(self):
        now = clock.now()
        overdue = now - timedelta(seconds=health.OVERDUE_S)
        has_calendar = Domain(
            "calendar_ids", "any", [("is_events", "=", True), ("is_missing", "=", False)]
        )
        lasting = Domain("reason_code", "in", list(health.LASTING)) | Domain(
            "reason_since", "<", now - timedelta(seconds=health.LONG_S)
        )
        return (
            (Domain("is_sync_on", "=", True) & ~has_calendar)
            | (Domain("failures", ">", 0) & lasting)
            | (
                Domain("next_run", "<", overdue)
                & ~Domain("slowed_until", ">=", overdue)
                & ~Domain("app_id.paused_until", ">=", overdue)
            )
        )

    @api.model
    def _ailing_domain(self):
        now = clock.now()
        late = Domain("marked_at", "<", now - timedelta(seconds=health.LATE_S))
        return (
            Domain("failures", ">", 0)
            | Domain("holds_removals", "=", True)
            | Domain("reason_code", "in", [GONE_THERE, "write_quota"])
            | Domain("grant_warn_at", "<=", now)
            | self._having(
                "calendar.sync.hour", [("throttled", ">", 0), ("hour", ">=", _last_hour(now))]
            )
            | self._having("calendar.sync.link", self.env["calendar.sync.link"]._attention_domain())
            | Domain(
                "channel_ids",
                "any",
                Domain("state", "=", "working")
                & Domain("renew_at", "<", now - timedelta(seconds=health.LONG_S)),
            )
            | (
                Domain("is_sync_on", "=", True)
                & self._having("calendar.sync.mark", late & Domain("not_before", "=", False))
            )
        )

    @api.model
    def _having(self, model, domain):
        """Accounts of which `model` has a row like this."""
        rows = self.env[model].sudo()._search(Domain(domain) & Domain("account_id", "!=", False))
        return Domain("id", "in", rows.subselect("account_id"))


def _age(moment, now):
    """Seconds since `moment`; 0 for none and for one to come."""
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


def _last_hour(now):
    """The hour before this one, as the figures name it: with this one it is the last hour and a
    little more."""
    return now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)


def _bars(hours, now):
    """[[good, failed] syncs] of the last 24 hours, the oldest first."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    bars = [[0, 0] for _ in range(HOURS)]
    for row in hours:
        index = HOURS - 1 - int((this_hour - row["hour"]).total_seconds() // 3600)
        bars[index] = [int(row["runs"] - row["failed"]), int(row["failed"])]
    return bars
