from datetime import datetime, timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..core import settings
from ..core.changes import Window
from ..providers import port
from . import clock
from .sync_choices import CHOICES

OWN_WRITABLE = frozenset({"is_sync_on", "events_calendar_id", *CHOICES})
"""What the owner and the administrator may write; everything else is the product's own."""


def _aware(moment):
    """Odoo's naive UTC or an aware moment as an aware one."""
    return moment if moment.tzinfo else pytz.utc.localize(moment)


class CalendarSyncAccount(models.Model):
    """One user's connection to one provider account."""

    _name = "calendar.sync.account"
    _inherit = ["mail.activity.mixin"]
    _description = "Connected calendar account"
    _order = "is_sync_on desc, id"
    _check_company_auto = True
    _rec_name = "email"

    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    app_id = fields.Many2one("calendar.sync.oauth.app", ondelete="restrict", index=True)
    provider = fields.Selection(selection="_provider_selection", required=True)
    purpose = fields.Selection(
        [("sync", "Sync"), ("busy_only", "Only availability")],
        default="sync",
        required=True,
        readonly=True,
        help="What the user was asked to allow.",
    )
    remote_id = fields.Char(
        "Provider's account id", help="Never changes, unlike the address.", copy=False
    )
    email = fields.Char(copy=False)
    remote_name = fields.Char(copy=False)
    aliases = fields.Json(copy=False, help="Further addresses of this account.")

    status = fields.Selection(
        [
            ("not_connected", "Not Connected"),
            ("active", "Active"),
            ("reconnect_required", "Reconnect Required"),
            ("paused", "Paused"),
        ],
        default="not_connected",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    reason_code = fields.Char(readonly=True, copy=False)
    reason_since = fields.Datetime(readonly=True, copy=False)
    credentials_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    scopes = fields.Char(readonly=True, copy=False)

    is_sync_on = fields.Boolean("Calendar sync", copy=False)
    calendar_ids = fields.One2many("calendar.sync.calendar", "account_id")
    events_calendar_id = fields.Many2one(
        "calendar.sync.calendar",
        "Calendar for events",
        compute="_compute_events_calendar_id",
        inverse="_inverse_events_calendar_id",
        domain="[('account_id', '=', id), ('can_write', '=', True), ('is_missing', '=', False)]",
    )
    synced_from = fields.Datetime(
        readonly=True,
        copy=False,
        help="When sync was first switched on: older appointments go out without attendees.",
    )
    first_sync_done = fields.Boolean(readonly=True, copy=False)
    last_sync = fields.Datetime(readonly=True, copy=False)
    next_run = fields.Datetime(readonly=True, copy=False, index=True)
    failures = fields.Integer(readonly=True, copy=False)
    wait_writes_until = fields.Datetime(readonly=True, copy=False)
    lease_token = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    lease_until = fields.Datetime(readonly=True, copy=False, groups=fields.NO_ACCESS)

    remote_delete = fields.Selection(CHOICES["remote_delete"])
    local_delete = fields.Selection(CHOICES["local_delete"])
    import_policy = fields.Selection(CHOICES["import_policy"])
    export_policy = fields.Selection(CHOICES["export_policy"])
    conflict_winner = fields.Selection(CHOICES["conflict_winner"])
    video_calls = fields.Selection(CHOICES["video_calls"])

    _one_sync_per_user = models.UniqueIndex(
        "(user_id) WHERE is_sync_on",
        "Calendar sync is on for another account. Turn it off there first, or switch.",
    )
    _one_identity = models.UniqueIndex(
        "(provider, remote_id) WHERE remote_id IS NOT NULL AND status != 'not_connected'",
        "This calendar account is already connected.",
    )

    @api.model
    def _provider_selection(self):
        return [(name, reg.label) for name, reg in port.providers().items()]

    # -- who may write what ---------------------------------------------------------------------
    def write(self, values):
        """Own choices only, unless the product itself writes; switching on has its rules."""
        self._check_own_choice(values)
        starting = self.filtered(lambda a: not a.is_sync_on) if values.get("is_sync_on") else None
        if starting:
            starting._check_may_start()
        done = super().write(values)
        if starting:
            starting._started()
        if not OWN_WRITABLE.isdisjoint(values):
            self.sudo()._tell_owner()  # an administrator may have done it
        return done

    def _check_own_choice(self, values):
        foreign = {name for name in values if not name.startswith("activity_")} - OWN_WRITABLE
        if foreign and not self.env.su:
            raise AccessError(self.env._("Calendar sync itself keeps: %s", ", ".join(foreign)))
        if not self.env.su and not CHOICES.keys().isdisjoint(values):
            self._check_may_override()

    def _check_may_override(self):
        fixed = self.sudo().filtered(lambda account: not account.company_id.sync_allow_override)
        if fixed:
            raise UserError(
                self.env._("Your company has fixed these settings. Ask an administrator.")
            )

    @api.ondelete(at_uninstall=False)
    def _take_grants_back(self):
        self._forget_grants()

    # -- the toggle -----------------------------------------------------------------------------
    def _other_with_sync(self):
        """The same user's other account that has sync on, or none."""
        self.ensure_one()
        account = self.sudo()
        return account.search(
            Domain("user_id", "=", account.user_id.id)
            & Domain("is_sync_on", "=", True)
            & Domain("id", "!=", self.id),
            limit=1,
        )

    def _check_may_start(self):
        for account in self.sudo():
            reason = account._toggle_reason()
            if reason:
                raise UserError(reason)

    def _toggle_reason(self):
        """Why sync can't be switched on here now, in words; '' when it can."""
        self.ensure_one()
        other = self._other_with_sync()
        if other:
            return self.env._(
                "Sync is on for %s. Turn it off there first, or switch.", other.email or ""
            )
        if self.status == "not_connected":
            return self.env._("Connect this account first.")
        if self.purpose == "busy_only":
            return self.env._("This account only shows when you are busy. Connect it for sync.")
        if not self._usable_calendars():
            return self.env._("No calendar of this account can be written to.")
        return ""

    def _started(self):
        """Sync was just switched on: there is a calendar to write to, and work starts at once."""
        self.env.flush_all()
        for account in self.sudo():
            account._ensure_events_calendar()
            # What happened while sync was off is looked through as at the first time.
            account.first_sync_done = account.exported_until = False
            if not account.synced_from:
                account.synced_from = clock.now()
        self._ask_sync()

    def _ask_sync(self):
        """Make these accounts due now; the work begins as soon as this transaction is committed."""
        now = clock.now()
        for account in self.sudo():
            # Ever earlier: a run under way sees by another time that it was asked for once more,
            # however often that is within one second.
            due = account.next_run
            account.next_run = due - timedelta(seconds=1) if due and due <= now else now
        self._schedule_now()

    def _hold(self):
        """Lock these accounts' rows until the transaction ends.

        Workers lock an account and then what belongs to it. Whoever writes both in a click does so
        in the same order, or each could wait for the other.
        """
        self.env.cr.execute(
            "SELECT 1 FROM calendar_sync_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [self.ids],
            log_exceptions=False,
        )

    def _held(self):
        """These accounts, locked. A busy worker writes the same rows every moment, so this may
        begin the transaction anew: call it first, with nothing pending."""
        self._retried(self._hold)
        return self

    # -- calendar for events --------------------------------------------------------------------
    @api.depends("calendar_ids.is_events")
    def _compute_events_calendar_id(self):
        for account in self:
            account.events_calendar_id = account.calendar_ids.filtered("is_events")[:1]

    def _inverse_events_calendar_id(self):
        for account in self:
            if account.events_calendar_id:
                account._choose_calendar(account.events_calendar_id.id)

    def _choose_calendar(self, calendar_id):
        """Let new appointments go to that calendar of this account, and of no other."""
        calendar = self.sudo().calendar_ids.filtered(lambda c: c.id == calendar_id)
        if not calendar:
            raise UserError(
                self.env._("This account has no such calendar any more. Refresh the list.")
            )
        calendar._choose_for_events()

    def _ensure_events_calendar(self):
        """Preselect the primary calendar (else the first writable one) when none is chosen."""
        self.ensure_one()
        if self.calendar_ids.filtered("is_events"):
            return
        best = self._usable_calendars().sorted(lambda c: (not c.is_primary, not c.is_own, c.id))
        if best:
            best[0]._choose_for_events()

    def _usable_calendars(self):
        """The calendars that may be the one for events."""
        return self.calendar_ids.filtered(lambda c: not c._unusable_reason())

    # -- what decides ---------------------------------------------------------------------------
    def _policy(self):
        """The effective choices: the company's, the user's own where the company allows them."""
        self.ensure_one()
        account = self.sudo()
        company = account.company_id
        chosen = {name: account._setting(name) for name in CHOICES}
        return settings.Policy(
            remote_delete=settings.RemoteDelete(chosen["remote_delete"]),
            local_delete=settings.LocalDelete(chosen["local_delete"]),
            import_policy=settings.ImportPolicy(chosen["import_policy"]),
            export_policy=settings.ExportPolicy(chosen["export_policy"]),
            conflict_winner=settings.ConflictWinner(chosen["conflict_winner"]),
            video_calls=settings.VideoCalls(chosen["video_calls"]),
            days_back=account._days()[0],
            days_ahead=account._days()[1],
            internal_domains=company._sync_internal_domains(),
            own_addresses=account._own_addresses(),
        )

    def _setting(self, name):
        """One choice of `CHOICES` as it counts for this account."""
        company = self.company_id
        own = self[name] if company.sync_allow_override else False
        return own or company[f"sync_{name}"]

    def _days(self):
        """Days that are synced, as they count for this account: (back, ahead)."""
        company = self.company_id
        return company.sync_days_back, company.sync_days_ahead

    def _own_addresses(self):
        """Every address under which the owner may appear, in lower case."""
        user = self.user_id
        found = (
            self.email, user.email, user.login, *(self.aliases or ()), *user._sync_addresses()
        )  # fmt: skip
        return frozenset(a.strip().lower() for a in found if a and "@" in a)

    def _window(self, now):
        """The time that is synced: whole days in the owner's zone around `now` (UTC)."""
        self.ensure_one()
        account = self.sudo()
        zone = pytz.timezone(account.user_id.tz or "UTC")
        today = datetime.combine(_aware(now).astimezone(zone).date(), datetime.min.time())
        back, ahead = account._days()
        first, last = today - timedelta(days=back), today + timedelta(days=ahead)
        return Window(*(zone.localize(day).astimezone(pytz.utc) for day in (first, last)))

    def _working_time(self, now):
        """True when `now` (UTC) lies in the owner's working hours, time off excluded."""
        self.ensure_one()
        account = self.sudo()
        hours = account.user_id.resource_calendar_id or account.company_id.resource_calendar_id
        if not hours:
            return False
        start = _aware(now)
        return bool(hours._work_intervals_batch(start, start + timedelta(minutes=1))[False])

    def _poll_minutes(self):
        """Minutes between two checks: (in working hours, outside)."""
        company = self.sudo().company_id
        return company.sync_poll_minutes, company.sync_poll_minutes_outside
