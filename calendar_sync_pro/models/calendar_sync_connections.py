from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..providers import port
from ..sync.reasons import explain
from .connect_texts import permission_text
from .sync_choices import CHOICES
from .sync_terms import say

_LOGOS = Path(__file__).parent.parent / "static" / "img" / "providers"
_HELP = Path(__file__).parent.parent / "static" / "help"


class CalendarSyncAccount(models.Model):
    """What the page "Calendar Connections" shows, as plain values."""

    _inherit = "calendar.sync.account"

    @api.model
    def connections_page(self, user_id=False):
        """All that the page shows about one user: the reader, or for an administrator anybody."""
        user = self.env["res.users"].browse(user_id or self.env.uid)
        is_own = user == self.env.user
        if not is_own and not self.env.user.has_group("calendar_sync_pro.group_admin"):
            raise AccessError(self.env._("Only an administrator sees other users' connections."))
        accounts = self.search([("user_id", "=", user.id)])
        cards = [account.sudo()._page_card() for account in accounts]
        return {
            "is_own": is_own,
            "is_admin": self.env.user.has_group("calendar_sync_pro.group_admin"),
            "user_name": user.sudo().name,
            "now": _iso(fields.Datetime.now()),
            "current_id": self._current_id(cards),
            "accounts": cards,
            "providers": self._page_providers(),
            "may_add": self._may_connect(self.browse(), self.env.company),
            "result": is_own and self.env["calendar.sync.consent"]._recent_result(),
        }

    @api.model
    def _current_id(self, cards):
        """The account under "Current Connection": the one with sync on, else a lone one."""
        with_sync = [card["id"] for card in cards if card["is_sync_on"]]
        if with_sync:
            return with_sync[0]
        return cards[0]["id"] if len(cards) == 1 else False

    def _page_card(self):
        self.ensure_one()
        calendars = self.calendar_ids.sorted(lambda c: (not c.is_primary, not c.is_own, c.name))
        return {
            "id": self.id,
            "provider": self.provider,
            "provider_label": port.provider(self.provider).label,
            "grants_url": port.provider(self.provider).grants_url,
            "missing_invitations": say(self.env, port.provider(self.provider).missing_invitations),
            "logo": self._logo_url(self.provider),
            "email": self.email or self.remote_name or "",
            "login": self._page_login(),
            "status": self.status,
            "status_label": self._selection_label("status"),
            "purpose": self.purpose,
            "is_sync_on": self.is_sync_on,
            "toggle_reason": "" if self.is_sync_on else self._toggle_reason(),
            "other_id": self._other_with_sync().id,
            "calendars": [calendar._page_row() for calendar in calendars],
            "events_calendar_id": self.events_calendar_id.id,
            "last_sync": _iso(self.last_sync),
            "next_run": _iso(self._next_turn()) if self.status == "active" else "",
            "is_first_sync": self._is_first_sync(),
            "synced_count": self._synced_count() if self._is_first_sync() else 0,
            "problem": self._page_problem(),
            "may_override": self.company_id.sync_allow_override,
            "preferences": self._page_preferences(),
        }

    def _page_preferences(self):
        """The choices of this account with their options; an empty value is the company's."""
        if self.purpose != "sync":
            return []
        rows = []
        for name in CHOICES:
            options = self._fields[name]._description_selection(self.env)
            company = self.company_id[f"sync_{name}"]
            rows.append(
                {
                    "name": name,
                    "label": self.company_id._fields[f"sync_{name}"]._description_string(self.env),
                    "value": self[name] or "",
                    "company": dict(options)[company],
                    "options": options,
                }
            )
        return rows

    def _selection_label(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _is_first_sync(self):
        """Also while what Odoo has is sent: it is over when the owner sees a "Last sync"."""
        is_over = self.first_sync_done and self.last_sync
        return self.is_sync_on and self.status == "active" and not is_over

    def _synced_count(self):
        return self.env["calendar.sync.link"].sudo().search_count([("account_id", "=", self.id)])

    # -- what is wrong --------------------------------------------------------------------------
    def _page_problem(self):
        """{"level", "sentence", "next_step", "button", "waiting", "until"}, or False: all is well.

        `button` is "authorize" for an account that was never authorised or was disconnected,
        "reconnect" for one that lost its grant, "" where there is nothing to press.
        """
        self.ensure_one()
        match self.status:
            case "not_connected":
                return self._problem("info", "not_connected", "authorize")
            case "reconnect_required":
                return self._problem("danger", self.reason_code or "access_revoked", "reconnect")
            case "paused" if self.reason_code:
                return self._problem("warning", self.reason_code, "")
            case "paused":
                return self._problem(
                    "warning",
                    "",
                    "",
                    self.env._(
                        "An administrator paused this connection. Nothing is lost: it goes on from"
                        " here when it is resumed."
                    ),
                )
        return self._degraded()

    def _degraded(self):
        """A connected account that has trouble: what is the matter and when it is tried again."""
        events = self.calendar_ids.filtered("is_events")
        if self.is_sync_on and events.is_missing:
            return self._problem("warning", "calendar_lost", "")
        if self.is_sync_on and not events:
            return self._problem(
                "warning",
                "",
                "",
                self.env._(
                    "No calendar of this account can be written to. Choose or create another"
                    " one, then refresh the list."
                ),
            )
        if self.reason_code and self.failures:
            problem = self._problem("warning", self.reason_code, "")
            return {**problem, "until": _iso(self._next_turn())}
        return False

    def _problem(self, level, code, button, sentence=""):
        reason = explain(code) if code else None
        return {
            "level": level,
            "sentence": sentence or say(self.env, reason.sentence),
            "next_step": say(self.env, reason.next_step) if reason and reason.next_step else "",
            "button": button,
            "waiting": self._waiting_count(),
            "until": "",
        }

    def _waiting_count(self):
        """How many of the owner's appointments wait to be sent here."""
        mark = self.env["calendar.sync.mark"]
        mark.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT count(DISTINCT (mark.res_model, mark.event_id, mark.meeting_id))
                 FROM calendar_sync_mark AS mark
                WHERE mark.account_id = %s""",
                self.id,
            )
        )
        return rows[0][0]

    # -- the catalogue --------------------------------------------------------------------------
    @api.model
    def _page_providers(self):
        """The catalogue: each provider, what it may access, and whether it is set up."""
        App = self.env["calendar.sync.oauth.app"]
        return [
            {
                "name": name,
                "label": reg.label,
                "logo": self._logo_url(name),
                "help_url": self._help_url(name),
                "is_ready": bool(app) or reg.sign_in is None,
                "form": self._password_form(reg),
                "client_id": app.client_id or "",
                "permissions": self._permission_rows(way, port.Purpose.SYNC),
                "busy_permissions": self._permission_rows(way, port.Purpose.BUSY_ONLY),
                "facts": [
                    [self.env._("Source Type"), self.env._("Calendar Sync Provider")],
                    [self.env._("Delivery Format"), self._delivery_text(reg)],
                    [self.env._("Integration Type"), self.env._("Two-Way Calendar Sync")],
                ],
            }
            for name, reg in port.providers().items()
            for way in [reg.sign_in or reg.password_sign_in]
            for app in [App._app_for(self.env.user, name)]
            if way is not None
        ]

    @api.model
    def _delivery_text(self, registration):
        if registration.sign_in is None:
            return self.env._("Password, API")
        return self.env._("OAuth, API")

    @api.model
    def _permission_rows(self, sign_in, purpose):
        return [
            {
                "name": permission_text(self.env, row.name),
                "what_it_does": permission_text(self.env, row.what_it_does),
                "scopes": list(row.scopes),
            }
            for row in sign_in.permissions(purpose)
        ]

    @api.model
    def _logo_url(self, provider):
        """The provider's picture; a plain calendar for one without."""
        name = provider if (_LOGOS / f"{provider}.svg").exists() else "calendar"
        return f"/calendar_sync_pro/static/img/providers/{name}.svg"

    @api.model
    def _help_url(self, provider):
        """Our own article about syncing with that provider, '' where there is none."""
        page = f"{provider}.html"
        return f"/calendar_sync_pro/static/help/{page}" if (_HELP / page).exists() else ""


class CalendarSyncCalendar(models.Model):
    _inherit = "calendar.sync.calendar"

    def _page_row(self):
        reason = self._unusable_reason()
        return {
            "id": self.id,
            "name": self.name,
            "color": self.color or "",
            "can_choose": not reason,
            "reason": reason,
            "is_primary": self.is_primary,
            "is_missing": self.is_missing,
            "is_events": self.is_events,
            "blocks": self.blocks_availability,
            "mode": self.access_mode,
            "is_more_sent": self.is_more_sent,
        }


def _iso(moment):
    """Naive UTC as ISO text with its zone, '' for none."""
    return f"{moment.isoformat(timespec='seconds')}Z" if moment else ""
