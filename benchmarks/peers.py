"""Odoo's own calendar syncs, connected to the stub, each exactly as its scheduled action runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from .harness import environment


class GooglePeer:
    """`google_calendar`."""

    module = "google_calendar"

    @staticmethod
    def redirect(url: str) -> None:
        """Send its requests to the stub: its hosts are constants of the module."""
        from odoo.addons.google_account.models import google_service

        google_service.GOOGLE_API_BASE_URL = url
        google_service.GOOGLE_TOKEN_ENDPOINT = f"{url}/o/oauth2/token"
        _replace_default(google_service.GoogleService, "https://www.googleapis.com", url)

    @staticmethod
    def connect(registry, user_id: int, _url: str, token: str) -> None:
        """Give the user a token, as after consent."""
        with environment(registry) as env:
            _set_client(env, "google_calendar")
            user = env["res.users"].browse(user_id)
            settings = env["res.users.settings"]._find_or_create_for_user(user)
            settings.write(_token("google_calendar", token))

    @staticmethod
    def make_due(registry) -> None:
        """Its scheduled action always takes every user."""

    @staticmethod
    def work(registry) -> None:
        """What the scheduled action does."""
        with environment(registry) as env:
            env["res.users"]._sync_all_google_calendar()


class MicrosoftPeer:
    """`microsoft_calendar`."""

    module = "microsoft_calendar"

    @staticmethod
    def redirect(url: str) -> None:
        """Send its requests to the stub: its hosts are constants of the module."""
        from odoo.addons.microsoft_account.models import microsoft_service

        microsoft_service.DEFAULT_MICROSOFT_GRAPH_ENDPOINT = url
        microsoft_service.DEFAULT_MICROSOFT_TOKEN_ENDPOINT = f"{url}/common/oauth2/v2.0/token"
        service = microsoft_service.MicrosoftService
        _replace_default(service, "https://graph.microsoft.com", url)

    @staticmethod
    def connect(registry, user_id: int, _url: str, token: str) -> None:
        """Give the user a token, as after consent."""
        with environment(registry) as env:
            _set_client(env, "microsoft_calendar")
            user = env["res.users"].browse(user_id)
            env["res.users.settings"]._find_or_create_for_user(user)
            user.write(_token("microsoft_calendar", token))

    make_due = GooglePeer.make_due

    @staticmethod
    def work(registry) -> None:
        """What the scheduled action does."""
        with environment(registry) as env:
            env["res.users"]._sync_all_microsoft_calendar()


def _replace_default(service, old: str, new: str) -> None:
    """Put `new` where a default of the service's request says `old`."""
    request = service._do_request
    request.__defaults__ = tuple(new if one == old else one for one in request.__defaults__)


def _set_client(env, name: str) -> None:
    for key in ("client_id", "client_secret"):
        env["ir.config_parameter"].set_param(f"{name}_{key}", "x")


def _token(name: str, token: str) -> dict:
    valid_until = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=2)
    return {f"{name}_rtoken": "r", f"{name}_token": token, f"{name}_token_validity": valid_until}
