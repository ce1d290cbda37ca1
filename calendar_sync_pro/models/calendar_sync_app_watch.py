from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.fields import Domain

from ..providers import port
from ..sync.reasons import explain
from . import clock
from .calendar_sync_alert import NOTICE
from .calendar_sync_health import ADMIN
from .sync_terms import say

WARN_DAYS = 30
QUOTA_SHARE = 0.8
SECRET_ENDS = "secret_ends"


class CalendarSyncOauthApp(models.Model):
    """What can end for everybody at once: credentials that are refused or run out, and a quota that
    is nearly used up. The administrator hears of it before, or once."""

    _name = "calendar.sync.oauth.app"
    _inherit = ["calendar.sync.oauth.app", "mail.activity.mixin"]

    secret_expires_on = fields.Date(
        "Client secret ends on",
        copy=False,
        help="The provider shows this day where the secret was made. Odoo reminds an administrator"
        " 30 days before.",
    )
    notice_code = fields.Char(
        readonly=True, copy=False, help="What an administrator was told of and is not over yet."
    )
    requests_day = fields.Integer("Requests (24 h)", compute="_compute_used")
    throttled_day = fields.Integer("Asked to slow down (24 h)", compute="_compute_used")
    quota_share = fields.Float(
        "Share of the daily quota", compute="_compute_used", help="0 where none is known."
    )

    @api.depends_context("uid")
    def _compute_used(self):
        since = clock.now() - timedelta(hours=24)
        rows = self.env["calendar.sync.hour"].sudo()._read_group(
            [("app_id", "in", self.ids), ("hour", ">", since)],
            ["app_id"],
            ["reads:sum", "writes:sum", "sign_ins:sum", "throttled:sum"],
        )  # fmt: skip
        found = {app.id: (sum(requests), slowed) for app, *requests, slowed in rows}
        for app in self:
            registration = port.providers().get(app.provider)
            quota = registration.daily_quota if registration else 0
            app.requests_day, app.throttled_day = found.get(app.id, (0, 0))
            app.quota_share = app.requests_day / quota if quota else 0.0

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """An activity subscribes its user; an app has no followers."""
        return True

    def write(self, values):
        """New credentials, or another day: what was told of the former ones is over."""
        done = super().write(values)
        if not {"client_id", "client_secret", "secret_expires_on"}.isdisjoint(values):
            self._close_admin_notice()
        if values.get("state") == "ok":
            self.filtered(lambda app: app.notice_code != SECRET_ENDS)._close_admin_notice()
        return done

    # -- one message ------------------------------------------------------------------------------
    def _notify_admin(self, code):
        """Tell an administrator once, until it is over; another cause changes the words."""
        for app in self.sudo().with_context(mail_activity_quick_update=True):
            admin = app._responsible()
            if app.notice_code == code or not admin:
                continue
            words = app.with_context(lang=admin.lang)._notice_words(code)
            known = app._notices()
            known.write(words)
            if not known:
                app.activity_schedule(NOTICE, user_id=admin.id, **words)
            app.notice_code = code

    def _notice_words(self, code):
        if code == SECRET_ENDS:
            title = self.env._("The client secret ends on %s", self._expiry_text())
            text = self.env._(
                "Then nobody's calendar is synced any more. Make a new secret in the provider's"
                " console and enter it here, with the day on which it ends."
            )
        else:
            title = self.env._("The provider refuses this app")
            text = say(self.env, explain(code).sentence)
        return {"summary": f"{title}: {self.name}", "note": Markup("<p>%s</p>") % text}

    def _responsible(self):
        """Who set the app up, while an administrator; else the first one of its company."""
        if self.create_uid.active and self.create_uid.has_group(ADMIN):
            return self.create_uid
        admins = self.env.ref(ADMIN).all_user_ids.filtered(
            lambda user: (
                user.active and (not self.company_id or self.company_id in user.company_ids)
            )
        )
        return admins.sorted("id")[:1]

    def _notices(self):
        kind = self.env.ref(NOTICE)
        return self.activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def _close_admin_notice(self):
        for app in self.sudo().filtered("notice_code"):
            app._notices().unlink()
            app.notice_code = False

    # -- what runs out ----------------------------------------------------------------------------
    def _days_left(self):
        """Days until the secret ends; None where no day was entered."""
        self.ensure_one()
        return (
            (self.secret_expires_on - clock.now().date()).days if self.secret_expires_on else None
        )

    def _expiry_text(self):
        return self.env["ir.qweb.field.date"].value_to_html(self.secret_expires_on, {})

    @api.model
    def _cron_watch(self):
        """Once a day: secrets that end within 30 days."""
        limit = clock.now().date() + timedelta(days=WARN_DAYS)
        self.search([("secret_expires_on", "<=", limit)])._notify_admin(SECRET_ENDS)

    def _board_warnings(self):
        """What the administrator's overview says of these apps: [(sentence, app)]."""
        found = []
        for app in self:
            days, name = app._days_left(), app.name
            if app.state == "refused":
                text = self.env._("%(app)s is refused: %(why)s", app=name, why=app.state_text)
                found.append((text, app))
            if days is not None and days < 0:
                found.append((self.env._("%s: the client secret has ended.", name), app))
            elif days is not None and days <= WARN_DAYS:
                text = self.env._(
                    "%(app)s: the client secret ends on %(day)s.", app=name, day=app._expiry_text()
                )
                found.append((text, app))
            if app.paused_until and app.paused_until > clock.now():
                text = self.env._("%s: the provider asks everybody to wait for a while.", name)
                found.append((text, app))
            if app.quota_share >= QUOTA_SHARE:
                text = self.env._(
                    "%(app)s: %(share)s%% of the day's requests are used up.",
                    app=name,
                    share=round(app.quota_share * 100),
                )
                found.append((text, app))
        return found


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    @api.model
    def _warnings(self):
        """Also what concerns the apps of the chosen companies."""
        apps = self.env["calendar.sync.oauth.app"].search(
            Domain("company_id", "in", [*self.env.companies.ids, False])
        )
        form = {
            "type": "ir.actions.act_window",
            "res_model": apps._name,
            "views": [(False, "form")],
        }
        return super()._warnings() + [
            {"text": text, "action": form | {"res_id": app.id}}
            for text, app in apps._board_warnings()
        ]
