from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_domain_extract

from .. import providers  # noqa: F401 - importing the package registers every provider
from ..core.errors import AppMisconfigured
from ..providers import port
from . import vault
from .connect_texts import app_state_text
from .safe_texts import is_web_address

ENDPOINTS = ("auth_url", "token_url", "revoke_url", "userinfo_url", "api_url")
CALLBACK = "/calendar_sync/oauth/callback"


class CalendarSyncOauthApp(models.Model):
    """The registered application that asks for consent: the company's, or one's own (BYOC)."""

    _name = "calendar.sync.oauth.app"
    _description = "Calendar OAuth app"
    _order = "provider, sequence, id"
    _check_company_auto = True

    name = fields.Char(
        required=True, compute="_compute_name", store=True, readonly=False, precompute=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    provider = fields.Selection(selection="_provider_selection", required=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: every company without an app of its own uses this one."
    )
    email_domain = fields.Char(
        "Mail domain",
        help="Only users whose address ends in this domain use this app. Empty: everybody.",
    )
    client_id = fields.Char("Client ID", copy=False)
    client_secret_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    client_secret = fields.Char(
        compute="_compute_client_secret",
        inverse="_inverse_client_secret",
        copy=False,
        help="Stored encrypted. It is never shown again.",
    )
    has_secret = fields.Boolean(compute="_compute_client_secret")
    tenant = fields.Char(
        help="The organisation's ID or domain, where the app is registered for one organisation"
        " only. Empty: accounts of every organisation, and personal ones."
    )
    has_tenants = fields.Boolean(compute="_compute_has_tenants")
    lists_rooms = fields.Boolean(
        "List meeting rooms",
        help="Users are asked to let Odoo see the organisation's rooms too. Many organisations want"
        " an administrator to allow that. Whoever is connected already has to reconnect.",
    )
    has_room_permission = fields.Boolean(compute="_compute_has_tenants")
    # Secret and tokens are sent to these addresses, so they need the right to read anything.
    auth_url = fields.Char("Sign-in address", groups="base.group_system")
    token_url = fields.Char("Token address", groups="base.group_system")
    revoke_url = fields.Char("Revocation address", groups="base.group_system")
    userinfo_url = fields.Char("User info address", groups="base.group_system")
    api_url = fields.Char("API address", groups="base.group_system")
    redirect_uri = fields.Char("Redirect URI", compute="_compute_redirect_uri")
    state = fields.Selection(
        [("untested", "Not tested"), ("ok", "Working"), ("refused", "Refused")],
        default="untested",
        required=True,
        readonly=True,
        copy=False,
    )
    state_reason = fields.Char(readonly=True, copy=False)
    state_text = fields.Char(compute="_compute_state_text")
    tested_at = fields.Datetime("Tested", readonly=True, copy=False)
    account_ids = fields.One2many("calendar.sync.account", "app_id")
    account_count = fields.Integer(compute="_compute_account_count")

    @api.model
    def _provider_selection(self):
        """Providers that know apps; where people connect with a password there is none."""
        return [(name, reg.label) for name, reg in port.providers().items() if reg.sign_in]

    @api.depends("provider")
    def _compute_name(self):
        labels = dict(self._provider_selection())
        for app in self:
            app.name = app.name or labels.get(app.provider, "")

    @api.depends("provider")
    def _compute_has_tenants(self):
        for app in self:
            registration = port.providers().get(app.provider)
            app.has_tenants = bool(registration and registration.has_tenants)
            app.has_room_permission = bool(registration and registration.has_room_permission)

    @api.depends("client_secret_encrypted")
    def _compute_client_secret(self):
        for app in self:
            app.client_secret = False
            app.has_secret = bool(app.sudo().client_secret_encrypted)

    def _inverse_client_secret(self):
        for app in self.filtered("client_secret"):
            sealed = vault.encrypt(self.env.cr.dbname, app.client_secret.strip())
            app.sudo().client_secret_encrypted = sealed

    def _compute_redirect_uri(self):
        for app in self:
            app.redirect_uri = app._callback_url()

    @api.depends("state", "state_reason")
    def _compute_state_text(self):
        for app in self:
            app.state_text = app_state_text(self.env, app.state_reason)

    @api.depends("account_ids")
    def _compute_account_count(self):
        groups = (
            self.env["calendar.sync.account"]
            .sudo()
            ._read_group([("app_id", "in", self.ids)], ["app_id"], ["__count"])
        )
        counts = {app.id: count for app, count in groups}
        for app in self:
            app.account_count = counts.get(app.id, 0)

    @api.constrains(*ENDPOINTS)
    def _check_endpoints(self):
        for app in self.sudo():
            for name in ENDPOINTS:
                if app[name] and not is_web_address(app[name]):
                    raise ValidationError(
                        self.env._(
                            "%(field)s: enter an address that begins with https://",
                            field=self._fields[name]._description_string(self.env),
                        )
                    )

    @api.model_create_multi
    def create(self, values_list):
        for values in values_list:
            _tidy(values)
        return super().create(values_list)

    def write(self, values):
        """A changed app is untested until it is tried again."""
        _tidy(values)
        if not {"client_id", "client_secret", "tenant", *ENDPOINTS}.isdisjoint(values):
            values = {**values, "state": "untested", "state_reason": False}
        return super().write(values)

    def action_test(self):
        """Ask the provider whether it accepts client id, secret and redirect URI."""
        self.ensure_one()
        self.check_access("write")
        if not (self.client_id and self.has_secret):
            raise UserError(self.env._("Enter the client ID and the client secret first."))
        return self._tell(self._test())

    def _test(self):
        """Test and keep the result: the reason why it is refused, or ''. Commits."""
        self.check_access("write")
        reason = self._ask_about_itself()
        self.write(
            {
                "state": "refused" if reason else "ok",
                "state_reason": reason or False,
                "tested_at": fields.Datetime.now(),
            }
        )
        return reason

    def _ask_about_itself(self):
        """What the provider says of this app, or why it isn't asked. Commits."""
        sign_in, uri = port.provider(self.provider).sign_in, self.redirect_uri
        try:
            app = self._value()
        except AppMisconfigured as error:
            return error.reason
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        return sign_in.check_app(app, uri)

    def _tell(self, reason):
        """The result of a test as a notification; the open view shows it too."""
        text = app_state_text(self.env, reason) or self.env._("Users can connect now.")
        title = self.env._("Refused") if reason else self.env._("It works")
        params = {
            "type": "danger" if reason else "success",
            "title": title,
            "message": text,
            "next": {"type": "ir.actions.client", "tag": "soft_reload"},
        }
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def _value(self):
        """This app as the port wants it. Does no HTTP.
        Raises AppMisconfigured when its secret can't be read any more."""
        self.ensure_one()
        sealed = self.sudo().client_secret_encrypted
        try:
            secret = vault.decrypt(self.env.cr.dbname, sealed) if sealed else ""
        except vault.KeyLost:
            raise AppMisconfigured("key_lost", operation="open") from None
        return replace(self._public_value(), client_secret=secret)

    def _public_value(self):
        """`_value` without the secret: enough for addresses that a browser is sent to."""
        app = self.sudo()
        sign_in = port.provider(app.provider).sign_in
        default = sign_in.default_endpoints if sign_in else port.Endpoints()
        return port.OAuthApp(
            client_id=app.client_id or "",
            client_secret="",
            endpoints=port.Endpoints(**{n: app[n] or getattr(default, n) for n in ENDPOINTS}),
            tenant=app.tenant or "",
            wants_rooms=app.lists_rooms,
        )

    @api.model
    def _callback_url(self):
        """Where providers send the browser back to: from the settings, never from a Host header."""
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        return f"{base.rstrip('/')}{CALLBACK}"

    @api.model
    def _app_for(self, user, provider):
        """The app that `user` signs in with, or none: own domain first, own company before all."""
        company = self.env.company if self.env.company in user.company_ids else user.company_id
        domain = email_domain_extract(user.email or user.login) or ""
        apps = self.sudo().search(
            Domain("provider", "=", provider)
            & Domain("client_id", "not in", [False, ""])
            & Domain("company_id", "in", [company.id, False])
        )
        fitting = apps.filtered(lambda a: not a.email_domain or a.email_domain == domain)
        best = fitting.sorted(lambda a: (not a.company_id, not a.email_domain, a.sequence, a.id))
        return best[:1]

    @api.model
    def settings_cards(self):
        """What the settings show: each provider with its apps in the chosen companies."""
        self.check_access("read")
        apps = self.search([("company_id", "in", [self.env.company.id, False])])
        return [
            {
                "name": name,
                "label": reg.label,
                "logo": self.env["calendar.sync.account"]._logo_url(name),
                "redirect_uri": self._callback_url(),
                "apps": [app._card() for app in apps.filtered(lambda a, n=name: a.provider == n)],
            }
            for name, reg in port.providers().items()
            if reg.sign_in is not None
        ]

    def _card(self):
        return {
            "id": self.id,
            "name": self.display_name,
            "client_id": self.client_id or "",
            "company": self.company_id.name or self.env._("All companies"),
            "email_domain": self.email_domain or "",
            "state": self.state,
            "state_label": dict(self._fields["state"]._description_selection(self.env))[self.state],
            "state_text": self.state_text,
            "accounts": self.account_count,
        }


def _tidy(values):
    """Take off the spaces and '@' that come along with copying."""
    for name in ("client_id", *ENDPOINTS):
        if values.get(name):
            values[name] = values[name].strip()
    if values.get("email_domain"):
        values["email_domain"] = values["email_domain"].strip().lower().lstrip("@")
