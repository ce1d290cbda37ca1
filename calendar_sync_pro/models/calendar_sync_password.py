import logging
from urllib.parse import urlsplit

from odoo import api, models
from odoo.exceptions import UserError

from ..core import errors
from ..providers import port
from ..sync.reasons import known
from .calendar_sync_connect import Wish
from .connect_texts import password_result

_logger = logging.getLogger(__name__)

LONGEST = 1000
"""Characters of anything that is typed into the form."""
_DEFAULTS = (
    (errors.AuthExpired, "wrong_password"),
    (errors.Forbidden, "no_calendar_access"),
    (errors.Malformed, "not_caldav"),
    (errors.NotFound, "not_caldav"),
)
"""What a refusal without a sentence of its own means while somebody is connecting."""


class CalendarSyncAccount(models.Model):
    """Connecting with a user name and a password, where a provider has no sign-in page."""

    _inherit = "calendar.sync.account"

    def _sign_in_with_password(self, provider, address, username, password, *, purpose):
        """Try the login and, when it opens calendars, connect this account (or a new one).

        Nothing is stored unless everything worked. The request's own transaction writes nothing,
        so Odoo never repeats it, and none is open while the server is asked. Returns what the form
        shows, see `password_result`.
        """
        self._check_own_sign_in(provider)
        registration = self._password_registration(provider)
        company = self.sudo().company_id or self.env.company
        code, facts = self._obstacle(company, provider), {}
        if not code:
            login = port.Login(*(str(one)[:LONGEST] for one in (address, username, password)))
            ids = (self.env.uid, company.id, self.id)
            self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
            code, facts = self._try_login(registration, login, port.Purpose(purpose), ids)
        return password_result(self.env, code, provider=registration.label, **facts)

    @api.model
    def _password_registration(self, provider):
        found = port.providers().get(provider)
        if found is None or found.password_sign_in is None:
            raise UserError(self.env._("This calendar is connected on its provider's own page."))
        return found

    @api.model
    def _try_login(self, registration, login, purpose, ids):
        """All HTTP, then one transaction; (result code, facts for its text)."""
        name = registration.name
        app = self._in_own_transaction(lambda own: own.new({"provider": name})._oauth_app())
        try:
            grant, identity = registration.password_sign_in.sign_in(app, login)
            calendars = _listed(registration, app, grant)
        except errors.Elsewhere as error:
            names = ("host", "address", "named_by")
            return error.reason, {name: getattr(error, name) for name in names}
        except errors.ProviderError as error:
            _logger.info("sign-in failed reason=%s operation=%s", error.reason, error.operation)
            return _reason(error), {}
        if not calendars:
            return "no_calendar", {"email": identity.email}
        granted = (grant, identity, calendars)
        outcome, facts = self._in_own_transaction(
            lambda own: own._settle_login(name, purpose, ids, granted)
        )
        return outcome, {"email": identity.email} | facts

    def _in_own_transaction(self, work):
        """Run `work(accounts as superuser)` and commit it; again when somebody was faster."""
        consents = self.env["calendar.sync.consent"]
        return consents._in_own_transaction(lambda own: work(own.env[self._name]))

    def _settle_login(self, provider, purpose, ids, granted):
        user_id, company_id, account_id = ids
        wish = Wish(
            user=self.env["res.users"].browse(user_id),
            company=self.env["res.company"].browse(company_id),
            provider=provider,
            purpose=purpose.value,
            account=self.browse(account_id or ()),
            app=self.env["calendar.sync.oauth.app"],
        )
        return self._settle_sign_in(wish, *granted)

    # -- what the page shows --------------------------------------------------------------------
    @api.model
    def _password_form(self, registration):
        """What the form of a provider asks for, False where people sign in at the provider."""
        sign_in = registration.password_sign_in
        if sign_in is None:
            return False
        return {
            "needs_address": sign_in.needs_address,
            "presets": [_preset_row(preset) for preset in sign_in.presets],
        }

    def _page_login(self):
        """What the owner doesn't have to type again, and where a password for apps is deleted;
        False where people sign in at the provider. The password is never part of it."""
        self.ensure_one()
        sign_in = port.provider(self.provider).password_sign_in
        if sign_in is None:
            return False
        # The lasting id of such an account is an address at which its calendars are found.
        address = self.remote_id or ""
        preset = _preset_at(sign_in, address)
        return {
            "username": self._known_username(),
            "address": preset.address if preset else address,
            "preset": preset.name if preset else "",
            "password_url": (preset.password_url or preset.help_url) if preset else "",
        }

    def _known_username(self):
        """The name that the owner signed in with; to others, and once forgotten, the address."""
        try:
            is_own = self.user_id == self.env.user
            return self._load_grant().username if is_own else self.email or ""
        except errors.AuthExpired:
            return self.email or ""


def _listed(registration, app, grant):
    provider = registration.open(app, grant, timeout_s=8.0)
    try:
        return provider.calendars()
    finally:
        provider.close()


def _reason(error):
    """The code whose sentence says what is wrong; a server that can't answer now is one case."""
    default = next((code for kind, code in _DEFAULTS if isinstance(error, kind)), "no_answer")
    return known(error.reason, default)


def _preset_row(preset):
    return {
        "name": preset.name,
        "label": preset.label,
        "address": preset.address,
        "example": preset.example,
        "help_url": preset.help_url,
        "password_url": preset.password_url,
        "needs_app_password": preset.needs_app_password,
    }


def _preset_at(sign_in, address):
    """The well-known service at this address, or None."""
    if not sign_in.needs_address:
        return sign_in.presets[0]
    host = urlsplit(address).hostname
    return next((one for one in sign_in.presets if _host(one) == host and host), None)


def _host(preset):
    return urlsplit(preset.address).hostname
