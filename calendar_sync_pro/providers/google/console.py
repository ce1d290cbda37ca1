"""Registering an app at Google; seen in the Google Auth Platform's pages of 2025."""

from ..connecting import Purpose
from ..console import Console, ConsoleStep, Shown
from .oauth import scopes_of

_CLOUD = "https://console.cloud.google.com"

CONSOLE = Console(
    steps=(
        ConsoleStep(
            "In the Google Cloud console make a project, or choose one.", f"{_CLOUD}/projectcreate"
        ),
        ConsoleStep(
            "Enable the Google Calendar API for it.",
            f"{_CLOUD}/apis/library/calendar-json.googleapis.com",
        ),
        ConsoleStep(
            "Google Auth Platform, Branding: enter the app's name and your addresses, and this"
            " Odoo's domain under Authorised domains.",
            f"{_CLOUD}/auth/branding",
        ),
        ConsoleStep(
            "Audience: Internal if everybody belongs to one Google Workspace. Otherwise External,"
            " and press Publish app: as long as it says Testing, Google ends every connection"
            " after seven days.",
            f"{_CLOUD}/auth/audience",
        ),
        ConsoleStep(
            "Data Access, Add or remove scopes: paste these, one on each line.",
            f"{_CLOUD}/auth/scopes",
            Shown.PERMISSIONS,
        ),
        ConsoleStep(
            "Clients, Create client, Web application: add this under Authorised redirect URIs,"
            " exactly as it is.",
            f"{_CLOUD}/auth/clients",
            Shown.REDIRECT_URI,
        ),
        ConsoleStep("Copy the client ID and the client secret, and enter both here."),
        ConsoleStep(
            "Only where your Workspace restricts which apps may be used: Admin console, Security,"
            " API controls, mark the client ID as trusted.",
            "https://admin.google.com/ac/owl/list?tab=configuredApps",
        ),
    ),
    permissions=scopes_of(Purpose.SYNC),
)
