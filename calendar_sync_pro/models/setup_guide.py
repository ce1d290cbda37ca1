"""The set-up guide: loads what is known, and says how each line stands. It asks no provider; that
is done by the tests of the apps, which the page starts."""

from odoo import api, models
from odoo.addons.sms.tools.sms_api import SmsApi
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from ..providers import port
from ..sync import setup_guide as rules
from . import clock
from .calendar_sync_worker import CRONS
from .console_terms import console_steps
from .setup_texts import FIXES, STATES, TEXTS, TITLES, said

APP = "calendar.sync.oauth.app"
BASE_URL = "web.base.url"
SMS_TROUBLE = ("sms_credit", "sms_acc", "sms_registration_needed", "sms_server")


class CalendarSyncSetup(models.AbstractModel):
    _name = "calendar.sync.setup"
    _description = "Set-up guide"

    # -- the page ---------------------------------------------------------------------------------
    @api.model
    def guide(self, origin=""):
        """The page: {"done", "needed", "groups", "is_untested"}; `origin` is the address at which
        its reader has opened Odoo. Asks no provider."""
        self._check_admin()
        groups = [self._odoo_group(origin), *self._provider_groups(), self._people_group()]
        lines = [line for group in groups for line in group["lines"]]
        verdicts = [rules.Verdict(rules.State(line["state"]), "") for line in lines]
        done, needed = rules.progress(verdicts)
        is_untested = any(line["code"] == "app_untested" for line in lines)
        return {"done": done, "needed": needed, "groups": groups, "is_untested": is_untested}

    def _check_admin(self):
        if not self.env.user.has_group("calendar_sync_pro.group_admin"):
            raise AccessError(self.env._("Only administrators of calendar sync set it up."))

    def _line(self, key, verdict, *, fix=None, shows=(), title="", **facts):
        """One line as the page draws it; `shows` are values to be copied."""
        return {
            "key": key,
            "code": verdict.code,
            "state": verdict.state.value,
            "state_label": said(self.env, STATES, verdict.state),
            "title": title or said(self.env, TITLES, key.partition(":")[0]),
            "text": said(self.env, TEXTS, verdict.code, **facts),
            "shows": list(shows),
            "fix": fix or False,
        }

    def _fix(self, code, *, call=None, action=None, **facts):
        """A button: a method of this model with its arguments, or an action to open."""
        label = said(self.env, FIXES, code, **facts)
        return {"label": label, "call": call or False, "action": action or False}

    def _is_system(self):
        return self.env.user.has_group("base.group_system")

    @api.model
    def _base_url(self):
        return self.env["ir.config_parameter"].sudo().get_param(BASE_URL) or ""

    # -- this Odoo --------------------------------------------------------------------------------
    def _odoo_group(self, origin):
        lines = [self._address_line(origin), self._workers_line()]
        return {"key": "odoo", "label": self.env._("This Odoo"), "lines": lines, "steps": []}

    def _address_line(self, origin):
        base = self._base_url()
        verdict = rules.address(base, origin)
        fix = None
        if verdict.state is not rules.State.OK and self._is_system():
            fix = self._fix("open_address", action=_list_of("ir.config_parameter", "key", BASE_URL))
            if rules.may_use(base, origin):
                fix = self._fix("use_address", call=["use_address", origin], origin=origin)
        facts = {"origin": origin} if verdict.code in ("address_elsewhere", "address_wrong") else {}
        return self._line("address", verdict, fix=fix, shows=[base], **facts)

    def _workers(self):
        crons = [self.env.ref(name, raise_if_not_found=False) for name in CRONS]
        return self.env["ir.cron"].sudo().union(*(cron.sudo() for cron in crons if cron))

    def _workers_line(self):
        crons = self._workers()
        runs = [cron.lastcall for cron in crons if cron.lastcall]
        since = max(crons.mapped("create_date"), default=clock.now())
        is_active = crons.mapped("active") if len(crons) == len(CRONS) else []
        verdict = rules.workers(is_active, runs, since, clock.now())
        fix, facts = None, {}
        if verdict.code == "workers_ok":
            facts["when"] = format_datetime(self.env, max(runs), dt_format="medium")
        elif verdict.code == "workers_off" and crons:
            fix = self._fix("switch_workers_on", call=["switch_workers_on"])
        elif verdict.code == "workers_silent" and self._is_system():
            fix = self._fix("open_workers", action=_list_of("ir.cron", "id", crons.ids))
        return self._line("workers", verdict, fix=fix, **facts)

    # -- providers --------------------------------------------------------------------------------
    def _provider_groups(self):
        apps = self.env[APP].search([("company_id", "in", [self.env.company.id, False])])
        is_needed = not apps and not self._connected()
        known = port.providers().values()
        with_apps = [registration for registration in known if registration.sign_in]
        groups = [self._provider_group(one, apps, is_needed) for one in with_apps]
        return [*groups, *self._password_groups(known)]

    def _password_groups(self, known):
        """Providers that need nothing but a password, together."""
        labels = [
            registration.label
            for registration in known
            if registration.password_sign_in
            and not self.env.company._is_provider_off(registration.name)
        ]
        if not labels:
            return []
        line = self._line("password", rules.Verdict(rules.State.OK, "password"))
        return [{"key": "password", "label": ", ".join(labels), "lines": [line], "steps": []}]

    def _provider_group(self, registration, apps, is_needed):
        name = registration.name
        is_off = self.env.company._is_provider_off(name)
        group = {
            "key": name,
            "label": registration.label,
            "logo": self.env["calendar.sync.account"]._logo_url(name),
            "steps": [],
            "add": False,
        }
        own = apps.filtered(lambda app: app.provider == name)
        lines = [line for app in own for line in self._app_lines(app, is_off, len(own) > 1)]
        if not own:
            verdict = rules.credentials(None, is_off=is_off, is_needed=is_needed)
            fix = None if is_off else self._fix("enter", action=self._app_form(name))
            lines = [self._line("credentials", verdict, fix=fix)]
        if not is_off:
            group["steps"] = console_steps(self.env, registration.console, own._callback_url())
            group["add"] = self._app_form(name) if own else False
        return group | {"lines": lines}

    def _app_lines(self, app, is_off, is_named):
        """Credentials, redirect URI and notices of one app."""
        known = rules.App(
            has_credentials=bool(app.client_id and app.has_secret),
            state=app.state,
            reason=app.state_reason or "",
            push=app.push_state,
        )
        verdict = rules.credentials(known, is_off=is_off, is_needed=True)
        title = f"{said(self.env, TITLES, 'credentials')}: {app.display_name}" if is_named else ""
        lines = [
            self._line(
                f"credentials:{app.id}", verdict, title=title, fix=self._app_fix(app, verdict)
            )
        ]
        if is_off:
            return lines
        redirect = rules.redirect(known)
        if redirect:
            fix = self._fix("test_app", call=["test_app", app.id])
            is_done = redirect.state is rules.State.OK
            lines.append(
                self._line(
                    f"redirect:{app.id}", redirect, shows=[app.redirect_uri],
                    fix=None if is_done else fix,
                )
            )  # fmt: skip
        return lines + self._notices_lines(app, known)

    def _app_fix(self, app, verdict):
        """The button of the credentials."""
        form = self._app_form(app.provider, app)
        match verdict.code:
            case "provider_off":
                settings = "calendar_sync_pro.calendar_sync_settings_action"
                return self._fix("open_settings", action=settings) if self._is_system() else None
            case "app_untested" | "app_unreached":
                return self._fix("test_app", call=["test_app", app.id])
            case "app_incomplete":
                return self._fix("enter", action=form)
            case "app_refused":
                return self._fix("correct", action=form)
        return self._fix("edit", action=form)

    def _notices_lines(self, app, known):
        if not port.provider(app.provider).can.has_push_channel:
            return []
        base = self._base_url()
        is_wanted = self.env.company.sudo().sync_use_push
        verdict = rules.notices(known, is_wanted=is_wanted, base_url=base)
        if verdict is None:
            return []
        fix, facts = None, {}
        if verdict.code == "notices_unreachable":
            facts["base"] = app.push_base_url or base
            fix = self._fix("try_notices", call=["try_notices", app.id])
        return [self._line(f"notices:{app.id}", verdict, fix=fix, **facts)]

    def _app_form(self, provider, app=None):
        label = port.provider(provider).label
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%s: credentials", label),
            "res_model": APP,
            "res_id": app.id if app else False,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_provider": provider},
        }

    # -- people -----------------------------------------------------------------------------------
    def _connected(self):
        accounts = self.env["calendar.sync.account"].sudo()
        domain = [("company_id", "=", self.env.company.id), ("status", "=", "active")]
        return accounts.search(domain)

    def _people_group(self):
        lines = [self._trial_line(), self._sms_line()]
        return {"key": "people", "label": self.env._("Your team"), "lines": lines, "steps": []}

    def _trial_line(self):
        connected = self._connected()
        tried = connected.filtered("trial_at").sorted("trial_at", reverse=True)
        verdict = rules.trial(len(connected), tried.mapped("trial_state"))
        facts = {"connected": len(connected)} if "%" in TEXTS[verdict.code]._source else {}
        fix = self._fix("open_connections", action="calendar_sync_pro.calendar_connections_action")
        if verdict.code == "trial_failed":
            accounts = "calendar_sync_pro.calendar_sync_account_action"
            fix = self._fix("open_accounts", action=accounts)
        return self._line("trial", verdict, fix=fix, **facts)

    def _sms_line(self):
        is_used = bool(
            self.env["booking.calendar"].sudo().search([("is_sms_sent", "=", True)], limit=1)
        )
        trouble, has_sent = self._sms_past()
        verdict = rules.sms(
            is_used=is_used, trouble=trouble, has_sent=has_sent, account=self._sms_account()
        )
        fix = None
        if verdict.state is not rules.State.OK and self._is_system():
            fix = self._fix("open_sms", action="iap.iap_account_action")
        return self._line("sms", verdict, fix=fix)

    def _sms_past(self):
        """(why the latest text message did not go out, whether one did)."""
        messages = self.env["sms.sms"].sudo()
        sent = messages.search([("state", "in", ("process", "pending", "sent"))], limit=1)
        failed = messages.search(
            [("state", "=", "error"), ("failure_type", "in", SMS_TROUBLE)], limit=1
        )
        if failed and failed.id > sent.id:
            return failed.failure_type, False
        notified = [("notification_type", "=", "sms"), ("notification_status", "=", "sent")]
        kept = self.env["mail.notification"].sudo()
        return "", bool(sent or kept.search(notified, limit=1))

    def _sms_account(self):
        """What is known of the account of Odoo's SMS service; "other" where another one sends."""
        company = self.env.company
        if company.sudo()._get_sms_api_class() is not SmsApi:
            return "other"
        accounts = self.env["iap.account"].sudo()
        found = accounts.search(
            [("service_name", "=", "sms"), "|", ("company_ids", "in", company.ids),
             ("company_ids", "=", False)], order="id desc", limit=1,
        )  # fmt: skip
        return found.state or ""

    # -- what its buttons do ----------------------------------------------------------------------
    @api.model
    def check(self, origin=""):
        """Try every app that has credentials at its provider, then the page. Commits: no
        transaction is open while providers are asked."""
        self._check_admin()
        for app in self.env[APP].search([("company_id", "in", [self.env.company.id, False])]):
            if app.client_id and app.has_secret:
                app._test()
        return self.guide(origin)

    @api.model
    def test_app(self, app_id):
        """Try one app's credentials and redirect URI. Commits, as `check` does."""
        self._check_admin()
        self.env[APP].browse(app_id).action_test()

    @api.model
    def try_notices(self, app_id):
        """Let one of an app's accounts try again whether notices arrive."""
        self._check_admin()
        self.env[APP].browse(app_id).action_try_push()

    @api.model
    def switch_workers_on(self):
        """Switch the workers on again, and let them come at once."""
        self._check_admin()
        crons = self._workers()
        crons.filtered(lambda cron: not cron.active).active = True
        self.env["calendar.sync.account"]._schedule_now()

    @api.model
    def use_address(self, origin):
        """Make the address at which the reader has opened Odoo this Odoo's own, for good. What is
        registered at providers has to be tried anew."""
        if not self._is_system():
            raise AccessError(self.env._("Only administrators of Odoo change its address."))
        if not rules.may_use(self._base_url(), origin):
            raise UserError(self.env._("This address can't be used: %s", origin))
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(BASE_URL, origin.rstrip("/"))
        parameters.set_param(f"{BASE_URL}.freeze", "True")
        apps = self.env[APP].sudo().search([("state", "!=", "untested")])  # of all companies
        apps.write({"state": "untested", "state_reason": False})


def _list_of(model, field, value):
    """An action that lists the records whose `field` has that value, or one of those values."""
    operator = "in" if isinstance(value, list) else "="
    return {
        "type": "ir.actions.act_window",
        "name": value if isinstance(value, str) else "",
        "res_model": model,
        "views": [[False, "list"], [False, "form"]],
        "domain": [[field, operator, value]],
        "context": {"active_test": False},
    }
