"""The steps in providers' consoles, so that translators find them: adapters know no Odoo and say
them in English. A test keeps both alike."""

from odoo.tools.translate import LazyTranslate

from ..providers.port import Shown

_lt = LazyTranslate(__name__)

_ALL = (
    _lt("In the Google Cloud console make a project, or choose one."),
    _lt("Enable the Google Calendar API for it."),
    _lt(
        "Google Auth Platform, Branding: enter the app's name and your addresses, and this"
        " Odoo's domain under Authorised domains."
    ),
    _lt(
        "Audience: Internal if everybody belongs to one Google Workspace. Otherwise External,"
        " and press Publish app: as long as it says Testing, Google ends every connection"
        " after seven days."
    ),
    _lt("Data Access, Add or remove scopes: paste these, one on each line."),
    _lt(
        "Clients, Create client, Web application: add this under Authorised redirect URIs,"
        " exactly as it is."
    ),
    _lt("Copy the client ID and the client secret, and enter both here."),
    _lt(
        "Only where your Workspace restricts which apps may be used: Admin console, Security,"
        " API controls, mark the client ID as trusted."
    ),
    _lt("In the Microsoft Entra admin center open App registrations and press New registration."),
    _lt(
        "Supported account types: any organisation and personal accounts. For your own"
        " organisation only, choose that, and enter its tenant ID here with the credentials."
    ),
    _lt("Redirect URI: platform Web, and this address exactly as it is."),
    _lt(
        "API permissions, Add a permission, Microsoft Graph, Delegated permissions: add"
        " these. To book rooms add Place.Read.All too, and switch List meeting rooms on with"
        " the credentials."
    ),
    _lt("Where only administrators may approve apps: press Grant admin consent on that page."),
    _lt(
        "Certificates & secrets, New client secret: copy its Value, not the Secret ID. It is"
        " shown once. Note the day it ends: until then a new one has to be entered here."
    ),
    _lt("Overview: copy the Application (client) ID, and enter it with the secret here."),
)
STEPS = {term._source: term for term in _ALL}
"""English sentence → the same, to be said in the reader's language."""


def console_steps(env, console, redirect_uri):
    """The steps of a provider's console for the page: [{"text", "url", "value"}]; `value` is what
    is copied there, one thing on each line."""
    values = {
        Shown.REDIRECT_URI: redirect_uri,
        Shown.PERMISSIONS: "\n".join(console.permissions) if console else "",
    }
    return [
        {
            "text": env._(STEPS[step.text]) if step.text in STEPS else step.text,
            "url": step.url,
            "value": values.get(step.shows, ""),
        }
        for step in (console.steps if console else ())
    ]
