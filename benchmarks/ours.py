"""calendar_sync_pro, connected to the stub, exactly as its worker cron runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .harness import environment

MAX_TURNS = 50
DUE = "SELECT 1 FROM calendar_sync_account WHERE next_run <= now() AT TIME ZONE 'utc'"


@dataclass(frozen=True, slots=True)
class Ours:
    """One account at `provider`; its API stands at `api_path` of the stub."""

    provider: str
    api_path: str
    module: str = "calendar_sync_pro"

    def redirect(self, url: str) -> None:
        """Nothing to bend: the addresses are fields of the OAuth app."""

    def connect(self, registry, user_id: int, url: str, token: str) -> None:
        """An active account with the calendar for events, as after consent."""
        from odoo.addons.calendar_sync_pro.providers.port import Grant

        with environment(registry) as env:
            user = env["res.users"].browse(user_id)
            user.company_id.write({"sync_days_back": 200, "sync_days_ahead": 200})
            app = env["calendar.sync.oauth.app"].create(self._app(url))
            account = env["calendar.sync.account"].create(self._account(user, app))
            expires = datetime.now(UTC) + timedelta(days=2)
            account._store_grant(Grant(token, "r", expires, frozenset({"calendar"})))
            account.write({"status": "active", "is_sync_on": True})

    def _app(self, url: str) -> dict:
        return {
            "name": "Stub",
            "provider": self.provider,
            "client_id": "x",
            "client_secret": "x",
            "api_url": f"{url}{self.api_path}",
            "token_url": f"{url}/token",
        }

    def _account(self, user, app) -> dict:
        return {
            "user_id": user.id,
            "company_id": user.company_id.id,
            "provider": self.provider,
            "app_id": app.id,
            "remote_id": user.login,
            "email": user.login,
            "calendar_ids": [(0, 0, _calendar(user.login))],
        }

    @staticmethod
    def make_due(registry) -> None:
        """The poll interval has passed."""
        with environment(registry) as env:
            env.cr.execute(
                "UPDATE calendar_sync_account SET next_run = now() AT TIME ZONE 'utc'"
                " - interval '1 minute'"
            )

    @staticmethod
    def work(registry) -> None:
        """What the worker cron does; it comes again at once while an account is due."""
        for _turn in range(MAX_TURNS):
            with environment(registry) as env:
                env["calendar.sync.account"]._cron_work()
                if not _is_due(env):
                    return


def _is_due(env) -> bool:
    """Asked past Odoo's cursor, so that it is not counted as the product's."""
    with env.cr._cnx.cursor() as cursor:
        cursor.execute(DUE)
        return cursor.fetchone() is not None


def _calendar(remote_id: str) -> dict:
    return {
        "remote_id": remote_id,
        "name": "Primary",
        "access_role": "owner",
        "can_write": True,
        "is_primary": True,
        "is_events": True,
        "is_own": True,
        "access_mode": "full",
        "tz": "UTC",
    }
