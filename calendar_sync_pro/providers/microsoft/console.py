"""Registering an app at Microsoft; seen in the Entra admin center's pages of 2025."""

from ..connecting import Purpose
from ..console import Console, ConsoleStep, Shown
from .oauth import PLACES, scopes_of

_APPS = (
    "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade"
    "/quickStartType~/null/sourceType/Microsoft_AAD_IAM"
)

CONSOLE = Console(
    steps=(
        ConsoleStep(
            "In the Microsoft Entra admin center open App registrations and press New"
            " registration.",
            _APPS,
        ),
        ConsoleStep(
            "Supported account types: any organisation and personal accounts. For your own"
            " organisation only, choose that, and enter its tenant ID here with the credentials."
        ),
        ConsoleStep(
            "Redirect URI: platform Web, and this address exactly as it is.",
            shows=Shown.REDIRECT_URI,
        ),
        ConsoleStep(
            "API permissions, Add a permission, Microsoft Graph, Delegated permissions: add these."
            f" To book rooms add {PLACES} too, and switch List meeting rooms on with the"
            " credentials.",
            shows=Shown.PERMISSIONS,
        ),
        ConsoleStep(
            "Where only administrators may approve apps: press Grant admin consent on that page."
        ),
        ConsoleStep(
            "Certificates & secrets, New client secret: copy its Value, not the Secret ID. It is"
            " shown once. Note the day it ends: until then a new one has to be entered here."
        ),
        ConsoleStep(
            "Overview: copy the Application (client) ID, and enter it with the secret here."
        ),
    ),
    permissions=(*scopes_of(Purpose.SYNC), "offline_access"),
)
