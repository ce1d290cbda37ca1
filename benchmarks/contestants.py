"""How each contestant is connected to the stub and how its own scheduled work is run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from .harness import QUIET, environment
from .workload import KNOWN_GUESTS, guest, owner

MODULES = {
    "ours": "crm,calendar,sms,portal,calendar_sync_pro",
    "peer": "crm,calendar,sms,portal,google_calendar",
}


def make_user(registry, account: str) -> int:
    """One Odoo user who owns the calendar; half of the guests are known contacts."""
    with environment(registry, **QUIET) as env:
        env["res.partner"].create(
            [
                {"name": f"Guest {number:03d}", "email": guest(number)}
                for number in range(KNOWN_GUESTS)
            ]
        )
        address = owner(account)
        user = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": f"Bench {account}",
                    "login": address,
                    "email": address,
                    "password": "bench",
                    "tz": "UTC",
                    "group_ids": [(4, env.ref("base.group_user").id)],
                }
            )
        )
        return user.id


class Peer:
    """Odoo's own `google_calendar`, exactly as its scheduled action runs."""

    @staticmethod
    def redirect(url: str) -> None:
        """Send its requests to the stub: its hosts are constants of the module."""
        from odoo.addons.google_account.models import google_service

        google_service.GOOGLE_API_BASE_URL = url
        google_service.GOOGLE_TOKEN_ENDPOINT = f"{url}/o/oauth2/token"
        request = google_service.GoogleService._do_request
        request.__defaults__ = tuple(
            url if value == "https://www.googleapis.com" else value
            for value in request.__defaults__
        )

    @staticmethod
    def connect(registry, user_id: int, url: str, token: str) -> None:
        """Give the user a token, as after consent."""
        with environment(registry) as env:
            for key in ("client_id", "client_secret"):
                env["ir.config_parameter"].set_param(f"google_calendar_{key}", "x")
            user = env["res.users"].browse(user_id)
            settings = env["res.users.settings"]._find_or_create_for_user(user)
            settings.write(
                {
                    "google_calendar_rtoken": "r",
                    "google_calendar_token": token,
                    "google_calendar_token_validity": datetime.now(UTC).replace(tzinfo=None)
                    + timedelta(days=2),
                }
            )

    @staticmethod
    def make_due(registry) -> None:
        """Its scheduled action always takes every user."""

    @staticmethod
    def work(registry) -> None:
        """What the scheduled action does."""
        with environment(registry) as env:
            env["res.users"]._sync_all_google_calendar()


class Ours:
    """calendar_sync_pro, exactly as its worker cron runs."""

    @staticmethod
    def redirect(url: str) -> None:
        """Nothing to bend: the addresses are fields of the OAuth app."""

    @staticmethod
    def connect(registry, user_id: int, url: str, token: str) -> None:
        """An active account with the calendar for events, as after consent."""
        from odoo.addons.calendar_sync_pro.providers.port import Grant

        with environment(registry) as env:
            user = env["res.users"].browse(user_id)
            user.company_id.write({"sync_days_back": 200, "sync_days_ahead": 200})
            app = env["calendar.sync.oauth.app"].create(
                {
                    "name": "Stub",
                    "provider": "google",
                    "client_id": "x",
                    "client_secret": "x",
                    "api_url": f"{url}/calendar/v3",
                    "token_url": f"{url}/token",
                }
            )
            account = env["calendar.sync.account"].create(
                {
                    "user_id": user_id,
                    "company_id": user.company_id.id,
                    "provider": "google",
                    "app_id": app.id,
                    "remote_id": user.login,
                    "email": user.login,
                    "calendar_ids": [
                        (
                            0,
                            0,
                            {
                                "remote_id": user.login,
                                "name": "Primary",
                                "access_role": "owner",
                                "can_write": True,
                                "is_primary": True,
                                "is_events": True,
                                "is_own": True,
                                "access_mode": "full",
                                "tz": "UTC",
                            },
                        )
                    ],
                }
            )
            expires = datetime.now(UTC) + timedelta(days=2)
            account._store_grant(Grant(token, "r", expires, frozenset({"calendar"})))
            account.write({"status": "active", "is_sync_on": True})

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
        """What the worker cron does."""
        with environment(registry) as env:
            env["calendar.sync.account"]._cron_work()


CONTESTANTS = {"ours": Ours, "peer": Peer}
