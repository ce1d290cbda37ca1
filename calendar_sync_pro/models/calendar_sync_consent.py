import base64
import hashlib
import logging
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from odoo import api, fields, models
from psycopg2.errors import UniqueViolation

from ..core import errors
from ..providers import port
from . import vault
from .calendar_sync_connect import Wish
from .calendar_sync_worker import TRANSIENT, TRIES
from .connect_texts import permission_text, result_text

_logger = logging.getLogger(__name__)

APPROVAL = "approval"
"""The state under which an administrator comes back from approving; it opens nothing."""
LIFETIME = timedelta(minutes=15)
SHOWN_FOR = timedelta(minutes=2)
CONNECTIONS_PATH = "/odoo/calendar-connections"
_REFUSALS = {
    "access_denied": "denied",
    "consent_required": "admin_approval",
    "admin_policy_enforced": "admin_approval",
    "org_internal": "admin_approval",
    "unauthorized_client": "app_refused",
    "invalid_client": "app_refused",
    "redirect_uri_mismatch": "app_refused",
}
"""What the sign-in page may answer instead of a code (RFC 6749 §4.1.2.1 and usual additions)."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """All that finishing one sign-in needs, read before its transaction was ended."""

    consent_id: int
    provider: str
    purpose: port.Purpose
    app: port.OAuthApp
    redirect_uri: str
    verifier: str = field(repr=False)


class CalendarSyncConsent(models.Model):
    """A sign-in under way: one state, used once, by the browser session that began it."""

    _name = "calendar.sync.consent"
    _description = "Sign-in at a calendar provider"
    _order = "id desc"

    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    app_id = fields.Many2one("calendar.sync.oauth.app", required=True, ondelete="cascade")
    account_id = fields.Many2one(
        "calendar.sync.account", ondelete="cascade", help="Set when this account is reconnected."
    )
    provider = fields.Char(required=True)
    purpose = fields.Char(required=True)
    state_hash = fields.Char(required=True, groups=fields.NO_ACCESS)
    session_hash = fields.Char(required=True, groups=fields.NO_ACCESS)
    verifier_encrypted = fields.Char(groups=fields.NO_ACCESS)
    is_popup = fields.Boolean()
    back_to = fields.Char(required=True)
    expires_at = fields.Datetime(required=True)
    used_at = fields.Datetime()
    result = fields.Char(help="Code of the result; empty while the person is signing in.")
    facts = fields.Json(help="Words for the text of the result.")

    _unique_state = models.UniqueIndex("(state_hash)", "A state is used once.")

    # -- start ----------------------------------------------------------------------------------
    @api.model
    def _start(self, provider, session_nonce, *, purpose, account=None, is_popup, back_to):
        """Begin a sign-in of the current user; earlier unused ones of this session are void.

        Returns {"id", "url"} to send the browser to, or {"error", "title", "text"}.
        """
        account = account or self.env["calendar.sync.account"]
        account._check_own_sign_in(provider)
        company = account.sudo().company_id or self.env.company
        apps = self.env["calendar.sync.oauth.app"].with_company(company)
        app = apps._app_for(self.env.user, provider)
        if not app:
            return self._refusal("no_app", provider)
        obstacle = account._obstacle(company, provider)
        if obstacle:
            return self._refusal(obstacle, provider)
        try:
            app._value()
        except errors.AppMisconfigured:  # its secret can't be read: nobody is sent off in vain
            return self._refusal("app_refused", provider)
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
        self.sudo().search(
            [("session_hash", "=", _hash(session_nonce)), ("used_at", "=", False)]
        ).unlink()
        consent = self.sudo().create(
            {
                "user_id": self.env.uid,
                "company_id": company.id,
                "app_id": app.id,
                "account_id": account.id,
                "provider": provider,
                "purpose": purpose,
                "state_hash": _hash(state),
                "session_hash": _hash(session_nonce),
                "verifier_encrypted": vault.encrypt(self.env.cr.dbname, verifier),
                "is_popup": is_popup,
                "back_to": back_to if _is_own_path(back_to) else CONNECTIONS_PATH,
                "expires_at": fields.Datetime.now() + LIFETIME,
            }
        )
        return {"id": consent.id, "url": consent._authorize_url(state, verifier)}

    def _refusal(self, code, provider):
        title, text = result_text(self.env, code, provider=_label(provider))
        return {"error": code, "title": title, "text": text}

    def _authorize_url(self, state, verifier):
        return port.provider(self.provider).sign_in.authorize_url(
            self.app_id._value(),
            redirect_uri=self.app_id._callback_url(),
            state=state,
            code_challenge=_challenge(verifier),
            purpose=port.Purpose(self.purpose),
            login_hint=self.account_id.email or "",
        )

    # -- finish ---------------------------------------------------------------------------------
    @api.model
    def _finish(self, session_nonce, *, state, code="", error="", description=""):
        """The browser came back. Returns the consent with its result, or none for a wrong state.

        The request's own transaction writes nothing, so Odoo never repeats the request: the code
        works once only. What is stored is stored in transactions of its own, none during HTTP.
        """
        uid = self.env.uid
        self.env.cr.commit()  # pylint: disable=invalid-commit  # nothing pending; ends the snapshot
        consent_id = self._in_own_transaction(lambda own: own._claim(uid, state, session_nonce))
        if not consent_id:
            return self.sudo().browse()
        if error or not code:
            outcome, facts = self._in_own_transaction(
                lambda own: own.browse(consent_id)._refused(error, description)
            )
        else:
            outcome, facts = self._connect(consent_id, code)
        self._in_own_transaction(lambda own: own.browse(consent_id)._record(outcome, facts))
        return self.sudo().browse(consent_id)

    def _refused(self, error, description):
        """What coming back without a code means; (result code, facts for its text)."""
        sign_in = port.provider(self.provider).sign_in
        if isinstance(sign_in, port.AdminApproval) and sign_in.needs_admin(description):
            return "admin_approval", {}
        return _REFUSALS.get(error, "denied" if error else "expired"), {}

    @api.model
    def _claim(self, uid, state, session_nonce):
        """Use the state up: the id of its consent, or None when it is not valid here and now."""
        self.env.cr.execute(
            """UPDATE calendar_sync_consent SET used_at = now() AT TIME ZONE 'UTC'
                WHERE state_hash = %s AND session_hash = %s AND user_id = %s AND used_at IS NULL
                  AND expires_at > now() AT TIME ZONE 'UTC'
            RETURNING id""",
            [_hash(state), _hash(session_nonce), uid],
        )
        row = self.env.cr.fetchone()
        return row and row[0]

    @api.model
    def _connect(self, consent_id, code):
        """Turn the code into a connected account; (result code, facts for its text)."""
        ticket = self._in_own_transaction(lambda own: own.browse(consent_id)._ticket())
        try:
            grant, identity, missing, calendars = _talk(ticket, code)
        except errors.ProviderError as error:
            _logger.info("sign-in failed reason=%s operation=%s", error.reason, error.operation)
            outcome = _outcome_of(error)
            if outcome == "app_refused":  # heard from the provider, not read from an address
                self._in_own_transaction(lambda own: own.browse(consent_id)._note_app("refused"))
            return outcome, {}
        if missing:
            return "partial", {"missing_rows": [row.name for row in missing]}
        facts = {"email": identity.email}
        if not calendars:
            return "no_calendar", facts
        outcome, more = self._in_own_transaction(
            lambda own: own.browse(consent_id)._settle(grant, identity, calendars)
        )
        return outcome, facts | more

    def _ticket(self):
        return Ticket(
            consent_id=self.id,
            provider=self.provider,
            purpose=port.Purpose(self.purpose),
            app=self.app_id._value(),
            redirect_uri=self.app_id._callback_url(),
            verifier=vault.decrypt(self.env.cr.dbname, self.verifier_encrypted),
        )

    def _settle(self, grant, identity, calendars):
        """Store what was granted, and what that says about the app; see the account's `_settle`."""
        wish = Wish(
            user=self.user_id,
            company=self.company_id,
            provider=self.provider,
            purpose=self.purpose,
            account=self.account_id,
            app=self.app_id,
        )
        outcome, facts = self.account_id._settle_sign_in(wish, grant, identity, calendars)
        if outcome == "ok":
            self._note_app("ok")
        return outcome, facts

    def _note_app(self, state):
        """Keep what a sign-in showed about the app's credentials."""
        if self.app_id.state != state:
            reason = "wrong_client" if state == "refused" else False
            self.app_id.write({"state": state, "state_reason": reason})

    def _record(self, outcome, facts):
        """Keep the result for the page that waits for it; the verifier is of no use any more."""
        self.write({"result": outcome, "facts": facts, "verifier_encrypted": False})
        self.user_id._bus_send("calendar_sync_pro/account", {"consent_id": self.id})

    @api.model
    def _in_own_transaction(self, work):
        """Run `work(model as superuser)` and commit it; again when somebody was faster."""
        for attempt in range(TRIES):
            with self.pool.cursor() as cr:
                own = self.with_env(api.Environment(cr, api.SUPERUSER_ID, dict(self.env.context)))
                try:
                    done = work(own)
                    own.env.flush_all()
                    cr.commit()  # pylint: disable=invalid-commit
                    return done
                except (
                    *TRANSIENT,
                    UniqueViolation,
                ):  # also with this identity
                    # PostgreSQL says so once the other one has committed: nothing to wait for.
                    cr.rollback()
                    if attempt == TRIES - 1:
                        raise

    # -- the result -----------------------------------------------------------------------------
    def _result(self, code=""):
        """What the result page and the waiting page show; secrets are never part of it."""
        code = code or self.result or "expired"
        facts = dict(self.facts or {})
        facts["missing"] = ", ".join(
            permission_text(self.env, row) for row in facts.pop("missing_rows", ())
        )
        title, text = result_text(self.env, code, provider=_label(self.provider), **facts)
        return {
            "id": self.id,
            "code": code,
            "is_ok": code in ("ok", "approved"),
            "title": title,
            "text": text,
            "provider": self.provider or "",
            "client_id": self.app_id.client_id if code == "admin_approval" else "",
            "approval_url": self._approval_url() if code == "admin_approval" else "",
        }

    def _approval_url(self):
        """Where the organisation's administrator allows the app, '' where there is no such page."""
        return self._approval_url_of(self.provider, self.app_id)

    @api.model
    def _approval_url_of(self, provider, app):
        sign_in = port.provider(provider).sign_in
        if not isinstance(sign_in, port.AdminApproval):
            return ""
        return sign_in.admin_consent_url(
            app._public_value(), redirect_uri=app._callback_url(), state=APPROVAL
        )

    @api.model
    def result_of(self, consent_id):
        """The result of one of my sign-ins, or False while it is still under way."""
        consent = self.sudo().search([("id", "=", consent_id), ("user_id", "=", self.env.uid)])
        return consent._result() if consent.result else False

    @api.model
    def _recent_result(self):
        """The result of a sign-in in this tab, for the page the person was sent back to."""
        since = fields.Datetime.now() - SHOWN_FOR
        consent = self.sudo().search([("user_id", "=", self.env.uid)], limit=1)
        is_recent = consent.result and not consent.is_popup and consent.used_at >= since
        return consent._result() if is_recent else False

    @api.autovacuum
    def _forget_old(self):
        self.search([("expires_at", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()


def _talk(ticket, code):
    """All HTTP of a sign-in: grant, who it is, what is missing, which calendars there are."""
    registration = port.provider(ticket.provider)
    sign_in = registration.sign_in
    grant = sign_in.exchange(
        ticket.app, redirect_uri=ticket.redirect_uri, code=code, code_verifier=ticket.verifier
    )
    identity = sign_in.identity(ticket.app, grant)
    missing = sign_in.missing_permissions(grant, ticket.purpose)
    if missing:
        return grant, identity, missing, []
    if ticket.purpose is port.Purpose.BUSY_ONLY:
        return grant, identity, (), [_own_busy_calendar(identity)]
    return grant, identity, (), registration.open(ticket.app, grant).calendars()


def _own_busy_calendar(identity):
    """Without the right to list calendars there is the person's own, known by its address."""
    return port.RemoteCalendar(
        identity.email, identity.email, port.AccessRole.FREE_BUSY, is_primary=True
    )


def _outcome_of(error):
    match error:
        case errors.AppMisconfigured():
            return "app_refused"
        case errors.AuthExpired():
            return "code_refused"
        case errors.Forbidden():
            return "admin_approval"
    return "unavailable"


def _label(provider):
    known = port.providers().get(provider)
    return known.label if known else ""


def _is_own_path(path):
    """True for a path of this Odoo; anything else could send the browser to another site.

    Browsers read a backslash as a slash and leave out tabs and line ends (WHATWG URL §4.4).
    """
    if not path or not path.isprintable() or "\\" in path:
        return False
    return path.startswith("/") and not path.startswith("//")


def _hash(text):
    return hashlib.sha256((text or "").encode()).hexdigest()


def _challenge(verifier):
    """The S256 challenge of a PKCE verifier (RFC 7636 §4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
