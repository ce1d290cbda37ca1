"""Well-known services: the address to begin at, and where their users make a password.

Looked up 2026-11-21 in the services' help pages and in several independent clients that agree;
none of the services was signed in to. Services that one runs oneself have no address, only an
example of one.
"""

from __future__ import annotations

from ..connecting import Preset

ICLOUD = Preset(
    name="icloud",
    label="Apple iCloud",
    address="https://caldav.icloud.com/",
    help_url="https://support.apple.com/102654",
    password_url="https://account.apple.com/account/manage",
    needs_app_password=True,
)
OWN_CARD = ("icloud.com",)
"""Domains of services that are connected as a provider of their own: one calendar account must not
sync twice."""
SERVICES = (
    Preset(
        name="fastmail",
        label="Fastmail",
        address="https://caldav.fastmail.com/",
        help_url="https://www.fastmail.help/hc/en-us/articles/360058752854",
        password_url="https://app.fastmail.com/settings/security",
        needs_app_password=True,
    ),
    Preset(
        name="nextcloud",
        label="Nextcloud",
        example="https://cloud.example.com",
        help_url="https://docs.nextcloud.com/server/latest/user_manual/en/session_management.html",
    ),
    Preset(name="mailbox", label="mailbox.org", address="https://dav.mailbox.org/"),
    Preset(name="posteo", label="Posteo", address="https://posteo.de:8443/"),
    Preset(
        name="zoho",
        label="Zoho Calendar",
        address="https://calendar.zoho.com/caldav/",
        password_url="https://accounts.zoho.com/home#security/app_password",
        needs_app_password=True,
    ),
    Preset(
        name="yahoo",
        label="Yahoo Calendar",
        address="https://caldav.calendar.yahoo.com/",
        password_url="https://login.yahoo.com/account/security",
        needs_app_password=True,
    ),
    Preset(name="gmx", label="GMX", address="https://caldav.gmx.net/"),
    Preset(name="webde", label="WEB.DE", address="https://caldav.web.de/"),
    Preset(name="sogo", label="SOGo", example="https://mail.example.com/SOGo/dav/"),
    Preset(name="radicale", label="Radicale", example="https://calendar.example.com/"),
)
