"""Whether notices of changes reach this Odoo: found out by trying, shown to administrators."""

from odoo import api, fields, models

from ..sync import channels
from . import clock
from .res_company import _default

PUSH_STATES = [
    ("none", "Checked regularly"),
    ("off", "Switched off"),
    ("waiting", "Being set up"),
    ("working", "Told at once"),
    ("unreachable", "Odoo can't be reached: checked regularly"),
    ("refused", "Not told by this calendar: checked regularly"),
]


class CalendarSyncOauthApp(models.Model):
    """An app's provider reaches this Odoo or doesn't: that is the same for all its accounts, so one
    of them tries while the others wait."""

    _inherit = "calendar.sync.oauth.app"

    push_state = fields.Selection(
        [
            ("unknown", "Not tried yet"),
            ("trying", "Being tried"),
            ("working", "Notices arrive"),
            ("unreachable", "Notices can't reach this Odoo"),
        ],
        "Notices of changes",
        default="unknown",
        required=True,
        readonly=True,
        copy=False,
    )
    push_since = fields.Datetime("Known since", readonly=True, copy=False)
    push_try_at = fields.Datetime("Next try", readonly=True, copy=False)
    push_base_url = fields.Char(readonly=True, copy=False, help="The address that was tried.")

    def _may_ask(self, base_url):
        """True when a channel may be opened now: notices are known to arrive, or it is this
        account's turn to try. Commits."""
        self.ensure_one()
        if self.push_state == "working" and self.push_base_url == base_url:
            return True

        def take_turn():
            now = clock.now()
            self.env.cr.execute(
                """UPDATE calendar_sync_oauth_app
                      SET push_state = 'trying', push_since = %(now)s, push_base_url = %(base)s,
                          push_try_at = %(again)s
                    WHERE id = %(id)s
                      AND (push_state = 'unknown' OR push_base_url IS DISTINCT FROM %(base)s
                           OR push_try_at <= %(now)s)""",
                {"id": self.id, "now": now, "base": base_url, "again": now + 2 * channels.PATIENCE},
                log_exceptions=False,
            )
            is_mine = bool(self.env.cr.rowcount)
            self.env.cr.commit()  # pylint: disable=invalid-commit  # others see whose turn it is
            self.invalidate_recordset()
            return is_mine

        return self.env["calendar.sync.account"]._retried(take_turn)

    def _asks_again_at(self):
        """When an account that must wait asks again whether it may."""
        is_known = self.push_state == "unreachable" and self.push_try_at
        return self.push_try_at if is_known else clock.now() + channels.SOON

    def _note_reached(self):
        """A notice arrived, or the provider has tried our address with success."""
        self._learn("working", ("unknown", "trying", "unreachable"))

    def _note_nothing_learnt(self):
        """The try ended without saying anything about our address: somebody else's turn."""
        self._learn("unknown", ("trying",))

    def _note_unreachable(self, base_url):
        """Nothing arrives, unless it does so for another account of this app."""
        self.env.cr.execute(
            """SELECT 1 FROM calendar_sync_channel channel
                 JOIN calendar_sync_account account ON account.id = channel.account_id
                WHERE account.app_id = %s AND channel.state = 'working' AND channel.base_url = %s
                  AND channel.doubted_at IS NULL
                  AND COALESCE(channel.last_notice, channel.asked_at) > %s LIMIT 1""",
            [self.id or None, base_url, clock.now() - channels.TRY_AGAIN],
        )
        if not self.env.cr.rowcount:
            known = ("unknown", "trying", "working", "unreachable")
            self._learn("unreachable", known, clock.now() + channels.TRY_AGAIN)

    def _learn(self, state, known, try_at=None):
        """Write the state where it was one of `known`; no write for what is known already."""
        self.env.cr.execute(
            """UPDATE calendar_sync_oauth_app
                  SET push_state = %s, push_since = %s, push_try_at = %s
                WHERE id = %s AND push_state = ANY(%s)""",
            [state, clock.now(), try_at, self.id or None, list(known)],
        )
        self.invalidate_recordset(flush=False)

    def action_try_push(self):
        """Button: try again now whether notices arrive."""
        self.check_access("write")
        apps = self.sudo()
        apps.write({"push_state": "unknown", "push_try_at": False})
        accounts = apps.account_ids.filtered(lambda account: account.status == "active")
        accounts.push_due = False
        accounts.channel_ids.filtered(lambda one: one.state == "unreachable").renew_at = clock.now()
        accounts._ask_sync()
        return True


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    push_state = fields.Selection(PUSH_STATES, "Changes", compute="_compute_push_state")
    push_expires_at = fields.Datetime(
        "Told until", compute="_compute_push_state", help="The first of its channels ends then."
    )

    @api.depends(
        "channel_ids.state", "channel_ids.expires_at", "status", "is_sync_on", "app_id.push_state"
    )
    def _compute_push_state(self):
        """The state of the calendar for events; without one, of any that is watched."""
        for account in self.sudo():
            rows = account.channel_ids
            main = rows.filtered(lambda one: one.calendar_id.is_events) or rows
            account.push_state = account._push_state_of(main)
            ends = [one.expires_at for one in rows if one._is_heard() and one.expires_at]
            account.push_expires_at = min(ends, default=False)

    def _push_state_of(self, rows):
        states = set(rows.mapped("state"))
        if self.status != "active" or self.purpose != "sync" or not self._has_push():
            return "none"
        if not self.company_id.sync_use_push:
            return "off"
        if any(row._is_heard() for row in rows):
            return "working"
        if "unreachable" in states or self.app_id.push_state == "unreachable":
            return "unreachable"
        if "refused" in states:
            return "refused"
        return "waiting" if self.is_sync_on or rows else "none"

    def _poll_minutes(self):
        """Where changes are told at once, checking is for what gets lost: never later than outside
        of working hours."""
        in_hours, outside = super()._poll_minutes()
        is_told = self.sudo().push_state == "working"
        return (max(in_hours, outside), outside) if is_told else (in_hours, outside)

    # -- what changes which calendars are watched -----------------------------------------------
    def write(self, values):
        """Its channels are looked after again when what they depend on changes."""
        done = super().write(values)
        if not {"is_sync_on", "status", "app_id", "purpose"}.isdisjoint(values):
            self.sudo().filtered("push_due").write({"push_due": False})
            if values.get("is_sync_on") is False:
                self.sudo().filtered("channel_ids")._ask_sync()
        return done


class CalendarSyncCalendar(models.Model):
    _inherit = "calendar.sync.calendar"

    def write(self, values):
        """Other calendars are read, so others are watched."""
        done = super().write(values)
        if not {"is_events", "blocks_availability", "is_missing", "access_role"}.isdisjoint(values):
            self.sudo().account_id.filtered("push_due").write({"push_due": False})
        return done


class ResCompany(models.Model):
    _inherit = "res.company"

    sync_use_push = fields.Boolean("Calendars tell of changes", default=_default("use_push"))

    def write(self, values):
        """Switching off ends the channels, switching on opens them, both in the next turns."""
        done = super().write(values)
        if "sync_use_push" in values:
            accounts = self.env["calendar.sync.account"].sudo()
            accounts.search([("company_id", "in", self.ids), ("status", "=", "active")]).write(
                {"push_due": False}
            )
        return done
