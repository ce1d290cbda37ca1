"""The consent page: choose an account, tick scopes, allow or deny. Plain HTML form, no script."""

from html import escape
from urllib.parse import urlencode, urlsplit

from ..http.message import html_response, redirect
from .accounts import accounts
from .grants import Grants, granted_names, wants_consent
from .scopes import describe

ALWAYS = ("openid", "email", "profile")
AUTH_PATHS = ("/o/oauth2/v2/auth", "/o/oauth2/auth")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
STYLE = """
:root{color-scheme:light dark}*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f5f8;color:#1f2328;display:grid;place-items:center;min-height:100vh}
main{background:#fff;border:1px solid #d9dee5;border-radius:12px;max-width:30rem;width:calc(100% - 2rem);margin:1rem;padding:1.75rem}
h1{font-size:1.35rem;font-weight:500;margin:0 0 .25rem}p{margin:.25rem 0 1rem;color:#57606a}
fieldset{border:0;padding:0;margin:0 0 1rem}legend{font-weight:600;padding:0;margin-bottom:.35rem}
label{display:flex;gap:.6rem;padding:.35rem .2rem;align-items:flex-start}label small{color:#57606a}
input[type=password]{font:inherit;padding:.5rem .6rem;border:1px solid #b6bec9;border-radius:6px;width:100%}
.row{display:flex;gap:.75rem;justify-content:flex-end;flex-wrap:wrap}
button,.button{font:inherit;padding:.55rem 1.3rem;border-radius:999px;border:1px solid #b6bec9;background:#fff;color:#0b57d0;cursor:pointer;text-decoration:none}
button.go{background:#0b57d0;border-color:#0b57d0;color:#fff}:focus-visible{outline:3px solid #8ab4f8;outline-offset:2px}
.error{background:#fdecea;color:#8c1d18;border-radius:6px;padding:.5rem .75rem;margin-bottom:1rem}
.note{font-size:.85rem;color:#57606a;margin:1rem 0 0}
@media (prefers-color-scheme:dark){body{background:#16181c;color:#e6e8eb}main{background:#1f2226;border-color:#3a3f46}
p,label small,.note{color:#a8b0ba}button,.button{background:transparent;color:#a8c7fa}button.go{background:#a8c7fa;color:#062e6f}
input[type=password]{background:#16181c;color:inherit}}
"""


def add_routes(router):
    """Paths of the authorise endpoint."""
    for path in AUTH_PATHS:
        router.add("GET", path, "oauth.authorize", show)
        router.add("POST", path, "oauth.consent", decide)


def page(title, body, status=200):
    """A page of the sign-in service."""
    head = f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width,initial-scale=1'><title>{escape(title)}</title><style>{STYLE}</style>"
    return html_response(f"{head}<main>{body}</main></html>", status, Cache_Control="no-store")


def error_page(status, code, text, extra=""):
    """An error that the user sees here; it is not sent back to the client."""
    body = f"<h1>Access blocked</h1><p>{escape(text)}</p><p class=note>Error {status}: {escape(code)}</p>{extra}"
    return page("Error", body, status)


def ask_of(world, request):
    """The authorise request as a dictionary, or the page that refuses it."""
    ask = {name: values[0] for name, values in request.query.items()}
    client = Grants(world).clients.get(ask.get("client_id", ""))
    if client is None:
        return None, error_page(401, "invalid_client", "The OAuth client was not found.")
    if not redirect_allowed(client, ask.get("redirect_uri", "")):
        return None, error_page(400, "redirect_uri_mismatch", "The redirect_uri is not one of this client's.")
    if ask.get("response_type") != "code":
        return None, back(ask, error="unsupported_response_type")
    if not ask.get("scope", "").split():
        return None, error_page(400, "invalid_request", "Missing required parameter: scope")
    if ask.get("code_challenge_method", "plain") not in ("plain", "S256"):
        return None, error_page(400, "invalid_request", "Invalid code_challenge_method")
    return ask, None


def redirect_allowed(client, uri):
    """Registered byte for byte; without registered ones any http(s) loopback address will do."""
    if client["redirect_uris"]:
        return uri in client["redirect_uris"]
    parts = urlsplit(uri)
    return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK and not parts.fragment


def back(ask, **facts):
    """Send the browser back to the client."""
    if ask.get("state") is not None:
        facts["state"] = ask["state"]
    joint = "&" if urlsplit(ask["redirect_uri"]).query else "?"
    return redirect(f"{ask['redirect_uri']}{joint}{urlencode(facts)}")


def show(world, request):
    """`GET`: the page, or at once an answer when consent is automatic or must not be asked."""
    ask, refusal = ask_of(world, request)
    if refusal is not None:
        return refusal
    automatic = world.setting("google.auto_consent")
    user = accounts(world).get(ask.get("login_hint", "").lower())
    if automatic and user:
        scopes = world.setting("google.auto_scopes").split() or ask["scope"].split()
        return conclude(world, ask, user, automatic == "allow", scopes)
    if ask.get("prompt") == "none":
        known = user and f"{user['email']}|{ask['client_id']}" in Grants(world).consents
        if not known:
            return back(ask, error="interaction_required")
        return conclude(world, ask, user, True, ask["scope"].split())
    return form(world, ask, ask.get("login_hint", "").lower())


def form(world, ask, chosen, error=""):
    """The page itself."""
    client = Grants(world).clients[ask["client_id"]]
    people = [u for u in accounts(world).values()]
    rows = "".join(_account_row(u, u["email"] == chosen or len(people) == 1) for u in people)
    scopes = "".join(_scope_row(s) for s in ask["scope"].split() if s not in ALWAYS)
    note = f"<div class=error role=alert>{escape(error)}</div>" if error else ""
    testing = "<p class=error>This app is in testing: access ends after 7 days.</p>" if client["testing"] else ""
    body = f"""<h1>{escape(client['name'])} wants access to your calendar</h1>
<p>This is the sandbox's sign-in page. It stands for accounts.google.com.</p>{note}{testing}
<form method=post action="?{escape(urlencode(ask))}">
<fieldset><legend>Choose an account</legend>{rows}</fieldset>
<fieldset><legend><label for=password style=padding:0>Password</label></legend>
<input type=password id=password name=password autocomplete=off required></fieldset>
<fieldset><legend>What {escape(client['name'])} may do</legend>{scopes}</fieldset>
<div class=row><button name=decision value=deny formnovalidate>Deny</button>
<button class=go name=decision value=allow>Allow</button></div>
<p class=note>Accounts of the demo have the password <b>demo</b>.</p></form>"""
    return page("Sign in", body)


def _account_row(user, checked):
    mark = " checked" if checked else ""
    email, name = escape(user["email"]), escape(user["name"])
    return f"<label><input type=radio name=user value='{email}' required{mark}><span>{name}<br><small>{email}</small></span></label>"


def _scope_row(scope):
    return f"<label><input type=checkbox name=scope value='{escape(scope)}' checked><span>{escape(describe(scope))}</span></label>"


def decide(world, request):
    """`POST` of the form."""
    ask, refusal = ask_of(world, request)
    if refusal is not None:
        return refusal
    fields = request.form_pairs()
    values = dict(fields)
    user = accounts(world).get(values.get("user", "").lower())
    if values.get("decision") != "allow":
        return back(ask, error="access_denied")
    if user is None or values.get("password") != user["password"]:
        return form(world, ask, values.get("user", ""), "Wrong password. Try again, or choose another account.")
    ticked = {value for name, value in fields if name == "scope"}
    scopes = [s for s in ask["scope"].split() if s in ALWAYS or s in ticked]
    return conclude(world, ask, user, True, scopes)


def conclude(world, ask, user, allowed, scopes):
    """Back to the client with a code, or with the reason why there is none."""
    if user["admin_blocked"]:
        url = back(ask, error="admin_policy_enforced").headers["Location"]
        link = f"<div class=row><a class=button href='{escape(url)}'>Back to the application</a></div>"
        text = "Your organization's administrator has blocked this app."
        return error_page(400, "admin_policy_enforced", text, link)
    if not allowed:
        return back(ask, error="access_denied")
    grants = Grants(world)
    granted = [s for s in ask["scope"].split() if s in scopes]
    code = grants.issue_code(user["email"], ask, granted_names(granted))
    given = grants.codes[code]["scopes"]
    return back(ask, code=code, scope=" ".join(given), authuser="0", prompt="consent" if wants_consent(ask) else "none")
