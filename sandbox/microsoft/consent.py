"""The authorise endpoint: a sign-in and consent page that stands for login.microsoftonline.com."""

from html import escape
from urllib.parse import urlencode, urlsplit

from ..http.message import html_response, redirect
from ..service import ApiError
from .access import ALL_SCOPES
from .accounts import accounts, change_account, people
from .entra import check_audience, fits_tenant, known_tenant
from .grants import OIDC, Grants, short_scope

LOOPBACK = ("127.0.0.1", "localhost", "::1")
KNOWN = {*ALL_SCOPES, *OIDC, ".default", "User.ReadBasic.All", "Calendars.Read.Shared"}
WORDS = {
    "Calendars.ReadWrite": "Have full access to your calendars",
    "Calendars.Read": "Read your calendars",
    "Calendars.ReadBasic": "Read basic details of your calendars",
    "Calendars.ReadWrite.Shared": "Read and write calendars that you can access",
    "Calendars.Read.Shared": "Read calendars that you can access",
    "MailboxSettings.Read": "Read your mailbox settings",
    "MailboxSettings.ReadWrite": "Read and write your mailbox settings",
    "User.Read": "Sign you in and read your profile",
    "Place.Read.All": "Read all company places",
    "offline_access": "Maintain access to data you have given it access to",
    "openid": "Sign you in",
    "profile": "View your basic profile",
    "email": "View your email address",
}
STYLE = """
body{margin:0;font:16px/1.45 "Segoe UI",system-ui,sans-serif;background:#f2f2f2;color:#1b1b1b}
main{max-width:27rem;margin:6vh auto;background:#fff;padding:2rem 2.2rem;box-shadow:0 2px 6px #0003}
h1{font-size:1.4rem;font-weight:600;margin:.2rem 0 .8rem}p{margin:.4rem 0}fieldset{border:0;padding:0;margin:1rem 0}
legend{font-weight:600;padding:0}label{display:flex;gap:.6rem;padding:.4rem .2rem;align-items:flex-start}label small{color:#5e5e5e}
input[type=password]{font:inherit;padding:.45rem .2rem;border:0;border-bottom:1px solid #666;width:100%;background:transparent;color:inherit}
ul{padding-left:1.2rem;margin:.3rem 0}.row{display:flex;gap:.5rem;justify-content:flex-end;margin-top:1.2rem}
button,.button{font:inherit;padding:.4rem 1.5rem;border:1px solid transparent;background:#d6d6d6;color:#1b1b1b;cursor:pointer;text-decoration:none}
button.go{background:#0067b8;color:#fff}:focus-visible{outline:3px solid #60a5fa;outline-offset:2px}
.error{color:#b3001b;margin:.6rem 0}.note{font-size:.85rem;color:#5e5e5e}
@media (prefers-color-scheme:dark){body{background:#111;color:#eee}main{background:#1f1f1f}label small,.note{color:#b0b0b0}
button,.button{background:#3a3a3a;color:#eee}button.go{background:#4aa3e8;color:#00213a}.error{color:#ff9aa8}}
"""


def add_routes(router):
    """Paths of the authorise endpoint."""
    router.add("GET", "/{tenant}/oauth2/v2.0/authorize", "oauth.authorize", show)
    router.add("POST", "/{tenant}/oauth2/v2.0/authorize", "oauth.consent", decide)


def page(title, body, status=200):
    """A page of the sign-in service."""
    head = f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width,initial-scale=1'><title>{escape(title)}</title><style>{STYLE}</style>"
    return html_response(f"{head}<main>{body}</main></html>", status, Cache_Control="no-store")


def error_page(number, text, extra="", status=400):
    """An error that the user sees here; it is not sent back to the client."""
    body = f"<h1>Sign in</h1><p>Sorry, but we’re having trouble signing you in.</p><p class=note>AADSTS{number}: {escape(text)}</p>{extra}"
    return page("Sign in to your account", body, status)


def ask_of(world, request):
    """The authorise request as a dictionary, or the page that refuses it."""
    ask = {name: values[0] for name, values in request.query.items()}
    ask["tenant"] = request.args["tenant"]
    client = Grants(world).clients.get(ask.get("client_id", ""))
    if client is None:
        return None, error_page(700016, "Application was not found in the directory.")
    if not redirect_allowed(client, ask.get("redirect_uri", "")):
        text = "The redirect URI specified in the request does not match those configured."
        return None, error_page(50011, text)
    try:
        check_audience(client, ask["tenant"], known_tenant(world, ask["tenant"]))
    except ApiError as error:
        number, _, text = error.message.removeprefix("AADSTS").partition(": ")
        return None, error_page(number, text)
    return ask, refused_parameters(ask)


def refused_parameters(ask):
    """The way back for a request that can't be served, or None."""
    if ask.get("response_type") != "code":
        return back(ask, error="unsupported_response_type")
    scopes = ask.get("scope", "").split()
    if not scopes:
        text = "AADSTS900144: The request body must contain the following parameter: 'scope'."
        return back(ask, error="invalid_request", error_description=text)
    unknown = [s for s in scopes if short_scope(s) not in KNOWN]
    if unknown:
        text = f"AADSTS650053: The application asked for scope '{unknown[0]}' that doesn't exist."
        return back(ask, error="invalid_client", error_description=text)
    return None


def redirect_allowed(client, uri):
    """Registered byte for byte; without registered ones any http(s) loopback address will do."""
    if client["redirect_uris"]:
        return uri in client["redirect_uris"]
    parts = urlsplit(uri)
    return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK and not parts.fragment


def back(ask, **facts):
    """Send the browser back to the client, in the response mode that it chose."""
    if ask.get("state") is not None:
        facts["state"] = ask["state"]
    if ask.get("response_mode") == "form_post":
        return form_post(ask["redirect_uri"], facts)
    if ask.get("response_mode") == "fragment":
        return redirect(f"{ask['redirect_uri']}#{urlencode(facts)}")
    joint = "&" if urlsplit(ask["redirect_uri"]).query else "?"
    return redirect(f"{ask['redirect_uri']}{joint}{urlencode(facts)}")


def form_post(target, facts):
    """A page that posts the answer to the client by itself."""
    rows = "".join(
        f"<input type=hidden name='{escape(k)}' value='{escape(str(v))}'>" for k, v in facts.items()
    )
    body = f"<form method=post action='{escape(target)}' name=hiddenform>{rows}<noscript><button class=go>Continue</button></noscript></form><script>document.forms[0].submit()</script>"
    return page("Working…", body)


def show(world, request):
    """`GET`: the page, or at once an answer when consent is automatic or must not be asked."""
    ask, refusal = ask_of(world, request)
    if refusal is not None:
        return refusal
    user = accounts(world).get(ask.get("login_hint", "").lower())
    automatic = world.setting("microsoft.auto_consent")
    if automatic and user:
        return conclude(world, ask, user, automatic == "allow")
    if ask.get("prompt") == "none":
        return silent(world, ask, user)
    return form(world, ask, ask.get("login_hint", "").lower())


def silent(world, ask, user):
    """`prompt=none`: a code, or the reason why a person is needed."""
    if user is None:
        text = "AADSTS50058: A silent sign-in request was sent but no user is signed in."
        return back(ask, error="login_required", error_description=text)
    wanted = graph_scopes(ask)
    if not wanted <= Grants(world).consented(user["email"], ask["client_id"]):
        text = "AADSTS65001: The user or administrator has not consented to use the application."
        return back(ask, error="consent_required", error_description=text)
    return conclude(world, ask, user, True)


def graph_scopes(ask):
    """Short names of the scopes that need consent."""
    return {short_scope(s) for s in ask["scope"].split()} - set(OIDC) - {".default"}


def form(world, ask, chosen, error=""):
    """The page itself."""
    client = Grants(world).clients[ask["client_id"]]
    tenant_id = known_tenant(world, ask["tenant"])
    shown = [u for u in people(world) if fits_tenant(u, tenant_id)]
    rows = "".join(_account_row(u, u["email"] == chosen or len(shown) == 1) for u in shown)
    scopes = "".join(
        f"<li>{escape(WORDS.get(s, s))}</li>"
        for s in sorted(graph_scopes(ask) | {"offline_access"})
    )
    note = f"<p class=error role=alert>{escape(error)}</p>" if error else ""
    query = {k: v for k, v in ask.items() if k != "tenant"}
    body = f"""<p class=note>This is the sandbox's sign-in page. It stands for Microsoft's.</p>
<h1>Sign in and allow {escape(client["name"])}</h1>{note}
<form method=post action="?{escape(urlencode(query))}">
<fieldset><legend>Pick an account</legend>{rows or "<p>No account fits this address.</p>"}</fieldset>
<fieldset><legend><label for=password style=padding:0>Password</label></legend>
<input type=password id=password name=password autocomplete=off required></fieldset>
<fieldset><legend>Permissions requested</legend><ul>{scopes}</ul></fieldset>
<div class=row><button name=decision value=deny formnovalidate>Cancel</button>
<button class=go name=decision value=allow>Accept</button></div>
<p class=note>Accounts of the demo have the password <b>demo</b>.</p></form>"""
    return page("Sign in to your account", body)


def _account_row(user, checked):
    mark = " checked" if checked else ""
    email, name = escape(user["email"]), escape(user["name"])
    return f"<label><input type=radio name=user value='{email}' required{mark}><span>{name}<br><small>{email}</small></span></label>"


def decide(world, request):
    """`POST` of the form."""
    ask, refusal = ask_of(world, request)
    if refusal is not None:
        return refusal
    values = request.form()
    if values.get("decision") != "allow":
        return declined(ask)
    user = accounts(world).get(values.get("user", "").lower())
    if user is None or values.get("password") != user["password"]:
        text = "Your account or password is incorrect."
        return form(world, ask, values.get("user", ""), text)
    return conclude(world, ask, user, True)


def declined(ask):
    """The user pressed Cancel."""
    text = "AADSTS65004: User declined to consent to access the app."
    return back(ask, error="access_denied", error_subcode="cancel", error_description=text)


def conclude(world, ask, user, allowed):
    """Back to the client with a code, or with the reason why there is none."""
    if not allowed:
        return declined(ask)
    tenant_id = known_tenant(world, ask["tenant"])
    if not fits_tenant(user, tenant_id):
        return error_page(50020, f"User account '{user['email']}' does not exist in this tenant.")
    for switch, number, text in (
        ("disabled", 50057, "The user account is disabled."),
        ("password_expired", 50055, "The password is expired."),
        ("conditional_access", 53003, "Access has been blocked by Conditional Access policies."),
    ):
        if user[switch]:
            return error_page(number, text)
    if needs_admin(world, ask, user):
        return need_admin_approval(ask)
    grants = Grants(world)
    scopes = sorted({short_scope(s) for s in ask["scope"].split()})
    grants.consent(user["email"], ask["client_id"], graph_scopes(ask))
    if user["token_error"]:
        change_account(world, user["email"], token_error=0)
    code = grants.issue_code(user["email"], ask, scopes, True)
    return back(ask, code=code, session_state=user["oid"])


def needs_admin(world, ask, user):
    """Whether the tenant lets only an administrator consent, and none did for this app."""
    policy = world.store.table("ms.tenants").get(user["tid"], {})
    approved = set(policy.get("approved", [])) | Grants(world).consented(
        user["email"], ask["client_id"]
    )
    return bool(policy.get("admin_consent")) and not graph_scopes(ask) <= approved


def need_admin_approval(ask):
    """The page that ends a sign-in in a strict tenant."""
    text = "AADSTS90094: The grant requires admin permission."
    url = back({**ask, "response_mode": "query"}, error="access_denied", error_description=text)
    link = f"<div class=row><a class=button href='{escape(url.headers['Location'])}'>Return to the application without granting consent</a></div>"
    body = f"<h1>Need admin approval</h1><p>The app needs permission to access resources in your organization that only an admin can grant.</p><p class=note>{text}</p>{link}"
    return page("Need admin approval", body)
