"""Runs in Odoo's shell: hires many reps at once and connects their calendars.

CSP_PASSWORD is what everybody signs in with. CSP_PEOPLE is a file of JSON: for each person login,
email, provider, and either `tokens` (what the provider granted) or `login_at` (address, username
and password of a CalDAV server). It prints the users', partners' and accounts' numbers by login.
The connection is settled by the product as after a sign-in; only the consent form is left out.
"""

import json
import os
from pathlib import Path

from odoo.addons.calendar_sync_pro.models.calendar_sync_connect import Wish
from odoo.addons.calendar_sync_pro.providers import port

GROUPS = ("base.group_user", "sales_team.group_sale_salesman")
PASSWORD = os.environ["CSP_PASSWORD"]
AT_ONCE = 50


def hired(people):
    """The users, in the order of `people`. All have one password, so that it is hashed once."""
    groups = [(6, 0, [env.ref(xmlid).id for xmlid in GROUPS])]  # noqa: F821 - the shell's own name
    values = [
        {"name": one["login"].title(), "login": one["login"], "email": one["email"],
         "tz": "Europe/Berlin", "group_ids": groups}
        for one in people
    ]  # fmt: skip
    users = env["res.users"].with_context(no_reset_password=True).create(values)  # noqa: F821
    hashed = users._crypt_context().hash(PASSWORD)
    env.cr.execute("UPDATE res_users SET password = %s WHERE id = ANY(%s)", [hashed, users.ids])  # noqa: F821
    return users


def connected(user, one):
    """The number of the account that this person connects."""
    accounts = env["calendar.sync.account"].with_user(user).sudo()  # noqa: F821
    app = env["calendar.sync.oauth.app"].search([("provider", "=", one["provider"])], limit=1)  # noqa: F821
    registration = port.provider(one["provider"])
    plain = accounts.new({"provider": one["provider"], "app_id": app.id})._oauth_app()
    if "tokens" in one:
        given = one["tokens"]
        scopes = frozenset(given.get("scopes") or ())
        grant = port.Grant(given["access_token"], given["refresh_token"], scopes=scopes)
        identity = port.Identity(one["email"], one["email"])
    else:
        login = port.Login(**one["login_at"])
        grant, identity = registration.password_sign_in.sign_in(plain, login)
    listed = registration.open(plain, grant).calendars()
    wish = Wish(user, user.company_id, one["provider"], "sync", accounts, app)
    code, facts = accounts._settle_sign_in(wish, grant, identity, listed)
    assert code == "ok", code
    accounts.browse(facts["account_id"]).import_policy = "everything"
    return facts["account_id"]


everybody = json.loads(Path(os.environ["CSP_PEOPLE"]).read_text(encoding="utf-8"))
numbers = {}
for first in range(0, len(everybody), AT_ONCE):
    batch = everybody[first : first + AT_ONCE]
    for user, one in zip(hired(batch), batch, strict=True):
        numbers[one["login"]] = (user.id, user.partner_id.id, connected(user, one))
    env.cr.commit()  # noqa: F821
print(json.dumps(numbers))
