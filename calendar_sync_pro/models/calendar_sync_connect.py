from contextlib import closing
from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import AccessError

from ..core.errors import AuthExpired, ProviderError
from ..sync import triage
from ..sync.reasons import explain
from . import clock
from .sync_choices import CHOICES
from .sync_terms import say

CLICK_PATIENCE_S = 8.0


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to connect what: records of one environment. `account` is empty for a new one,
    `app` where people connect with a password."""

    user: models.Model
    company: models.Model
    provider: str
    purpose: str
    account: models.Model
    app: models.Model


class CalendarSyncAccount(models.Model):
    """Connecting, losing the connection, and what owner and administrator may do by a click."""

    _inherit = "calendar.sync.account"

    # -- connected and lost ---------------------------------------------------------------------
    @api.model
    def _may_connect(self, account, company):
        """True unless the company allows one account and the user has another one connected."""
        connected = self.sudo().search(
            [("user_id", "=", self.env.uid), ("status", "!=", "not_connected")]
        )
        return company.sudo().sync_allow_further or not connected or account in connected

    def _obstacle(self, company, provider):
        """Code of what keeps the user from connecting this account (or a new one), '' for nothing:
        the company's choice, or Odoo's own calendar sync that runs already."""
        is_connected = self and self.sudo().status != "not_connected"
        if not is_connected and company.sudo()._is_provider_off(provider):
            return "provider_off"
        if not self._may_connect(self, company):
            return "no_further"
        return "other_sync" if self.env.user._has_any_active_synchronization() else ""

    def _check_own_sign_in(self, provider):
        """Nobody signs in for somebody else, not even an administrator."""
        if self and self.sudo().user_id != self.env.user:
            raise AccessError(self.env._("Only the owner can sign in to a calendar account."))
        if self and self.provider != provider:
            raise AccessError(self.env._("This account belongs to another provider."))

    @api.model
    def _settle_sign_in(self, wish, grant, identity, calendars):
        """Store what was granted on the right account; refuse what would mix up two people.

        Returns the result code and the facts for its text.
        """
        same = self.search(
            [("provider", "=", wish.provider), ("remote_id", "=", identity.remote_id)]
        )
        foreign = same.filtered(lambda a: a.user_id != wish.user and a.status != "not_connected")
        if foreign:
            return "taken", {}
        account = wish.account or same.filtered(lambda a: a.user_id == wish.user)[:1]
        account = account or self._never_connected(wish)
        if account.remote_id and account.remote_id != identity.remote_id:
            is_same_name = (account.email or "").lower() == identity.email.lower()
            code = "other_server" if is_same_name else "other_identity"
            return code, {"expected": account.email or ""}
        account = account or self.create(
            {
                "user_id": wish.user.id,
                "company_id": wish.company.id,
                "provider": wish.provider,
            }
        )
        account._connected(wish, grant, identity, calendars)
        return "ok", {"account_id": account.id}

    @api.model
    def _never_connected(self, wish):
        """An account that was made for this person to authorise, and never was."""
        domain = [("user_id", "=", wish.user.id), ("provider", "=", wish.provider)]
        return self.search([*domain, ("remote_id", "=", False)], limit=1)

    def _connected(self, wish, grant, identity, calendars):
        """A sign-in succeeded: keep the grant, take over the calendars, start what was chosen.

        Links, cursors and choices of an account that was connected before stay as they are.
        """
        self.ensure_one()
        is_sync = wish.purpose == "sync"
        self.write({"app_id": wish.app.id, "purpose": wish.purpose})
        self._store_grant(grant, identity)
        self._apply_calendar_list(calendars)
        if not is_sync:
            self.is_sync_on = False
            own = self.calendar_ids.filtered("is_primary") or self.calendar_ids[:1]
            own.blocks_availability = True
        elif not self.is_sync_on and not self._toggle_reason():
            self._begin()
        self._close_notice()
        self._ask_sync()
        self._tell_owner()

    # -- clicks ---------------------------------------------------------------------------------
    def _mine(self):
        """These accounts as superuser, after the check that the user may manage them."""
        self.check_access("write")
        return self.sudo()

    def set_sync(self, is_on):
        """Switch sync on or off; nothing is deleted on either side."""
        self.ensure_one()
        self._mine().is_sync_on = bool(is_on)
        return True

    def switch_here(self):
        """Turn sync off where it is on now and on here, in one step."""
        self.ensure_one()
        account = self._mine()
        other = account._other_with_sync()
        other.is_sync_on = False
        other.flush_recordset(["is_sync_on"])
        account.is_sync_on = True
        return True

    def choose_calendar(self, calendar_id):
        """Choose where new appointments go. Refused with the reason when it is not writable."""
        self.ensure_one()
        self._mine()._held()._choose_calendar(calendar_id)
        return True

    def set_blocking(self, calendar_id, is_blocking):
        """Let a calendar's busy times count for the owner's availability, or not."""
        self.ensure_one()
        account = self._mine()._held()
        calendar = account.calendar_ids.filtered(lambda c: c.id == calendar_id)
        calendar.blocks_availability = bool(is_blocking)
        account._ask_sync()
        return True

    def set_preference(self, name, value):
        """Choose one of `CHOICES` for this account; an empty value is the company's default."""
        self.ensure_one()
        if name not in CHOICES:
            raise AccessError(self.env._("This is not a preference."))
        self.check_access("write")
        self.write({name: value or False})
        self.sudo()._ask_sync()
        return True

    def refresh_calendars(self):
        """Read the list of calendars again. Returns what changed, or {"error": sentence}."""
        self.ensure_one()
        account = self._mine()
        try:
            listed = account._ask_for_click(lambda provider: provider.calendars())
        except ProviderError as error:
            return {"error": account._why(error)}
        return account._held()._apply_calendar_list(listed)

    def _ask_for_click(self, ask):
        """What `ask(provider)` answers, with no transaction open. A token that is refused before
        its time is refreshed once. Raises ProviderError."""
        try:
            return self._asked_once(ask)
        except AuthExpired as error:
            if error.is_revoked:
                raise
            self._refresh_now()
            return self._asked_once(ask)

    def _asked_once(self, ask):
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        with closing(self._open_provider(timeout_s=CLICK_PATIENCE_S)) as provider:
            self.env.cr.commit()  # pylint: disable=invalid-commit
            return ask(provider)

    def _why(self, error):
        """A sentence for an error of the provider; a lost grant is recorded too."""
        now = clock.now()
        verdict = triage.triage(error, attempts=1, now=now)
        if verdict.action == "reconnect":
            self._set_status("reconnect_required", verdict.reason_code)
            self._notify_reconnect()
        return say(self.env, explain(verdict.reason_code).sentence)

    def sync_now(self):
        """Make the account due; the page shows the result when the worker is done."""
        self.ensure_one()
        self._mine()._held()._ask_sync()
        return True

    def disconnect(self):
        """Take the grant back at the provider. Appointments, links and choices stay."""
        self.ensure_one()
        account = self._mine()
        account._hold()
        account._forget_grants()
        account.write({"is_sync_on": False, "next_run": False, "failures": 0})
        account._close_notice()
        account._set_status("not_connected", "")
        return True

    def pause(self):
        """Stop all requests for these accounts until an administrator resumes them."""
        self._as_admin().filtered(lambda a: a.status == "active")._set_status("paused", "")
        return True

    def resume(self):
        """Go on where `pause` stopped."""
        accounts = self._as_admin().filtered(lambda a: a.status == "paused")
        accounts._set_status("active", "")
        accounts._ask_sync()
        return True

    def _as_admin(self):
        if not self.env.user.has_group("calendar_sync_pro.group_admin"):
            raise AccessError(self.env._("Only an administrator can pause calendar sync."))
        return self._mine()

    @api.model
    def disconnected_banner(self):
        """The reader's connection that gets no updates; False when all is well."""
        accounts = self.sudo().search([("user_id", "=", self.env.uid)])
        moved = accounts.filtered(lambda a: not a.remote_id)
        accounts -= moved
        if moved and not accounts:
            return {"id": moved[:1].id, "email": "", "status": "moved"}
        if not accounts or accounts.filtered(lambda a: a.is_sync_on and a.status == "active"):
            return False
        lost = accounts.filtered(lambda a: a.is_sync_on)[:1] or accounts[:1]
        if lost.status == "active":  # connected on purpose for availability only
            return False
        return {"id": lost.id, "email": lost.email or "", "status": lost.status}
