"""Runs in Odoo's shell: tell the database its own address and where its providers are.

CSP_ODOO_URL is the address of Odoo, CSP_SANDBOX the sandbox's line of JSON, CSP_DAV the address of
a CalDAV server, CSP_PUSH whether calendars tell Odoo of changes. It only fills in what an
administrator would type under Settings: the base address, one OAuth app per provider, that choice,
and the server that is allowed without https.
"""

import json
import os
from urllib.parse import urlsplit

ENDPOINTS = {
    "auth_url": "auth_url",
    "token_url": "token_url",
    "revoke_url": "revoke_url",
    "userinfo_url": "userinfo_url",
    "api_url": "api_base",
    "client_id": "client_id",
    "client_secret": "client_secret",
}

settings = env["ir.config_parameter"].sudo()  # noqa: F821 - the shell's own name
settings.set_param("web.base.url", os.environ["CSP_ODOO_URL"])
settings.set_param("web.base.url.freeze", "True")

# The demo is offline: the company is not looked up at Odoo's enrichment service.
env["res.company"].search([]).iap_enrich_auto_done = True  # noqa: F821

# Whether calendars tell Odoo of changes, as the administrator decides under Settings.
env["res.company"].search([]).sync_use_push = bool(os.environ.get("CSP_PUSH"))  # noqa: F821

server = urlsplit(os.environ.get("CSP_DAV") or "").netloc
if server:
    settings.set_param("calendar_sync_pro.trusted_hosts", server)

world = json.loads(os.environ.get("CSP_SANDBOX") or "{}")
if world:
    settings.set_param("sms.endpoint", world["sms"]["endpoint"])
apps = env["calendar.sync.oauth.app"]  # noqa: F821
for provider, _label in apps._provider_selection():
    if provider not in world:
        continue
    facts = {
        field: world[provider][key] for field, key in ENDPOINTS.items() if key in world[provider]
    }
    app = apps.search([("provider", "=", provider), ("name", "=", "Sandbox")], limit=1)
    if app:
        app.write(facts)
    else:
        apps.create({"name": "Sandbox", "provider": provider, **facts})

reps = env["res.users"].search([("login", "in", ("anna", "ben", "carla"))], order="login")  # noqa: F821
if reps:  # in the demo rooms are shown too, which Microsoft wants to be allowed for itself
    apps.search([("name", "=", "Sandbox")]).filtered("has_room_permission").lists_rooms = True
print("  admin  password admin")
for rep in reps:
    print(f"  {rep.login:<6} password {rep.login:<6} {rep.name}, {rep.email}")
