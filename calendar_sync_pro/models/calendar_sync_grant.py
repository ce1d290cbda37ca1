import json
import logging
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg2
from odoo import api, fields, models
from odoo.tools import SQL

from ..core.errors import AppMisconfigured, AuthExpired, ProviderError, Unavailable
from ..providers import port
from ..providers.guard import hosts_from
from ..sync import backoff, grant_end
from . import clock, vault

_logger = logging.getLogger(__name__)

EXPIRY_MARGIN_S = 120
LOCK_PATIENCE_S = 10.0
"""Somebody else refreshes right now: a usual refresh takes less than a second, a slow one is not
worth holding up a worker or a click; whoever gives up tries again later."""
TRUSTED_HOSTS = "calendar_sync_pro.trusted_hosts"
DNS_SERVER = "calendar_sync_pro.dns_server"
_GRANT_COLUMNS = ("credentials_encrypted", "scopes", "grant_ends_at", "grant_warn_at")
_ENDPOINTS = ("auth_url", "token_url", "revoke_url", "userinfo_url", "api_url")


class CalendarSyncAccount(models.Model):
    """What the user granted: kept encrypted, refreshed in time, taken back on request."""

    _inherit = "calendar.sync.account"

    grant_ends_at = fields.Datetime(
        "Permission ends", readonly=True, copy=False, help="Empty where the provider doesn't tell."
    )
    grant_warn_at = fields.Datetime(readonly=True, copy=False)

    @api.model
    def _ensure_key(self):
        """Make the encryption key of this database unless one is configured."""
        vault.ensure_key(self.env.cr.dbname)

    def _oauth_app(self):
        """The OAuth app of this account as the port wants it; one without credentials where people
        connect with a password. Does no HTTP.
        Raises AppMisconfigured when its secret can't be read any more."""
        self.ensure_one()
        app = self.sudo().app_id
        sign_in = port.provider(self.provider).sign_in
        endpoints = sign_in.default_endpoints if sign_in else port.Endpoints()
        own = {name: app[name] for name in _ENDPOINTS if app[name]}
        secret = app.client_secret_encrypted
        try:
            secret = vault.decrypt(self.env.cr.dbname, secret) if secret else ""
        except vault.KeyLost:
            raise AppMisconfigured("key_lost", operation="open") from None
        return port.OAuthApp(
            client_id=app.client_id or "",
            client_secret=secret,
            endpoints=replace(endpoints, **own),
            tenant=app.tenant or "",
            trusted_hosts=self._trusted_hosts(),
            dns_server=self.env["ir.config_parameter"].sudo().get_param(DNS_SERVER, ""),
        )

    @api.model
    def _trusted_hosts(self):
        """Servers that an administrator allows without https or on private networks."""
        text = self.env["ir.config_parameter"].sudo().get_param(TRUSTED_HOSTS, "")
        try:
            return hosts_from(text)
        except ValueError:  # the parameter was written past the settings, which check it
            _logger.warning("%s is not a list of hosts: none is allowed", TRUSTED_HOSTS)
            return frozenset()

    def _store_grant(self, grant, identity=None):
        """Keep a fresh grant and make the account active; what waits for it is sent at once."""
        self.ensure_one()
        values = {
            "credentials_encrypted": self._seal(grant),
            "scopes": " ".join(sorted(grant.scopes)),
            "status": "active",
            "reason_code": False,
            "reason_since": False,
            "failures": 0,
            "next_run": clock.now(),
            **self._end_values(grant),
        }
        if identity is not None:
            values |= {
                "remote_id": identity.remote_id,
                "email": identity.email,
                "remote_name": identity.name,
                "aliases": list(identity.aliases),
            }
        self.sudo().write(values)
        self._schedule_now()

    def _end_values(self, grant):
        """When the grant ends and from when on its owner is warned."""
        if grant.ends_at is None:
            return {"grant_ends_at": None, "grant_warn_at": None}
        ends_at = backoff.as_stored(grant.ends_at)
        return {
            "grant_ends_at": ends_at,
            "grant_warn_at": grant_end.warn_from(clock.now(), ends_at).replace(microsecond=0),
        }

    def _open_provider(self, timeout_s=20.0):
        """The account's provider, with an access token that lasts for this run.

        Call it with nothing pending in the current transaction: a refresh is an HTTP request, and
        its result is committed on its own.
        Raises AuthExpired, AppMisconfigured, Unavailable, RateLimited.
        """
        self.ensure_one()
        app = self._oauth_app()
        grant = self._load_grant()
        if _needs_refresh(grant):
            grant = self._refresh_grant(app)
        return port.provider(self.provider).open(app, grant, timeout_s=timeout_s)

    def _refresh_now(self):
        """Get another access token: the provider refused this one. Raises like `_open_provider`."""
        self._refresh_grant(self._oauth_app(), self._load_grant().access_token)

    def _load_grant(self):
        """The stored grant. Raises AuthExpired when there is none or its key is lost."""
        sealed = self.sudo().credentials_encrypted
        if not sealed:
            raise AuthExpired("not_connected", operation="open")
        try:
            kept = json.loads(vault.decrypt(self.env.cr.dbname, sealed))
        except vault.KeyLost:
            raise AuthExpired("key_lost", operation="open") from None
        return port.Grant(
            access_token=kept["access_token"],
            refresh_token=kept["refresh_token"],
            expires_at=datetime.fromisoformat(kept["expires_at"]) if kept["expires_at"] else None,
            scopes=frozenset((self.sudo().scopes or "").split()),
            username=kept.get("username", ""),
            home_url=kept.get("home_url", ""),
            tz=self.sudo().user_id.tz or "",
            ends_at=self.grant_ends_at.replace(tzinfo=UTC) if self.grant_ends_at else None,
        )

    def _seal(self, grant):
        kept = {
            "access_token": grant.access_token,
            "refresh_token": grant.refresh_token,
            "expires_at": grant.expires_at.isoformat() if grant.expires_at else "",
            "username": grant.username,
            "home_url": grant.home_url,
        }
        return vault.encrypt(self.env.cr.dbname, json.dumps(kept))

    def _refresh_grant(self, app, stale=""):
        """Refresh once, whoever asks: the second process finds the first one's result.

        `stale` is an access token that the provider refused before its time.

        A provider may rotate the refresh token with each use, so two refreshes at once could
        destroy the grant. The guard is a session lock on a connection without a transaction.
        """
        with self._refresh_guard() as account:
            grant = account._load_grant()
            if _needs_refresh(grant, stale):
                sign_in = port.provider(account.provider).sign_in
                account.env.cr.commit()  # pylint: disable=invalid-commit
                if sign_in is None:
                    raise AuthExpired("password_refused", operation="refresh")
                if not grant.refresh_token:
                    raise AuthExpired("no_refresh_token", operation="refresh")
                known, grant = grant, sign_in.refresh(app, grant)
                is_news = not grant_end.is_same(known.ends_at, grant.ends_at)
                account._save_refreshed(grant, account._end_values(grant) if is_news else {})
        self.invalidate_recordset(_GRANT_COLUMNS, flush=False)
        return grant

    def _save_refreshed(self, grant, end_values):
        """Commit the new tokens now, whatever becomes of the work that needed them."""
        values = {"credentials_encrypted": self._seal(grant), **end_values}
        columns = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items()
        )
        self.env.cr.execute(
            SQL(
                """UPDATE calendar_sync_account SET %s
                    WHERE id = %s AND credentials_encrypted IS NOT NULL""",
                columns,
                self.id,
            )
        )
        self.env.cr.commit()  # pylint: disable=invalid-commit

    @contextmanager
    def _refresh_guard(self):
        """This account on a connection of its own, which alone may refresh. Raises Unavailable."""
        key = f"calendar_sync_refresh:{self.id}"
        with self.pool.cursor() as cr:
            _lock_session(cr, key)
            try:
                yield self.with_env(api.Environment(cr, api.SUPERUSER_ID, {}))
            finally:
                cr.rollback()
                cr.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
                cr.commit()  # pylint: disable=invalid-commit

    def _forget_grants(self):
        """Wipe the credentials; after the commit the provider is asked to take the grant back."""
        for account in self.sudo():
            if account.credentials_encrypted:
                account._stop_channels_after_commit()
                account._revoke_after_commit()
        self.sudo().write(dict.fromkeys(_GRANT_COLUMNS, False))

    def _stop_channels_after_commit(self):
        """Whatever the account's provider keeps for us ends before the grant does."""

    def _revoke_after_commit(self):
        try:
            app, grant = self._oauth_app(), self._load_grant()
        except ProviderError:
            return
        sign_in, account_id = port.provider(self.provider).sign_in, self.id
        if sign_in is not None:
            self.env.cr.postcommit.add(lambda: _revoke(sign_in, app, grant, account_id))


def _needs_refresh(grant, stale=""):
    if stale:
        return grant.access_token == stale
    soon = clock.aware() + timedelta(seconds=EXPIRY_MARGIN_S)
    return bool(grant.expires_at and grant.expires_at <= soon and grant.refresh_token)


def _lock_session(cr, key, patience_s=LOCK_PATIENCE_S):
    """Take the session lock; PostgreSQL wakes us when whoever refreshes is done. Raises Unavailable
    when that takes too long. The lock outlives the commit, the snapshot from before it doesn't."""
    try:
        cr.execute("SELECT set_config('lock_timeout', %s, true)", [f"{patience_s * 1000:.0f}ms"])
        lock = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"
        cr.execute(lock, [key], log_exceptions=False)
    except psycopg2.errors.LockNotAvailable:
        raise Unavailable("refresh_under_way", operation="refresh") from None
    cr.commit()  # pylint: disable=invalid-commit


def _revoke(sign_in, app, grant, account_id):
    """Take the grant back at the provider; a failure is told in the log and changes nothing."""
    try:
        sign_in.revoke(app, grant)
    except ProviderError as error:
        _logger.warning("revoke failed account=%s reason=%s", account_id, error.reason)
