"""The authorise endpoint: a sign-in and consent page that stands for login.microsoftonline.com."""

from urllib.parse import urlencode, urlsplit

from ..html import FOLDER, NOTHING, Html, each, render, when
from ..http.message import html_response, redirect
from ..second_factor import body_asking
from ..service import ApiError
from .access import ALL_SCOPES
from .accounts import accounts, change_account, people
from .entra import check_audience, fits_tenant, known_tenant
from .grants import OIDC, Grants, short_scope

LOOPBACK = ("127.0.0.1", "localhost", "::1")
KNOWN = {
    *ALL_SCOPES,
    *OIDC,
    ".default",
    "MailboxSettings.Read",
    "User.ReadBasic.All",
    "Calendars.Read.Shared",
}
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
STYLE = Html((FOLDER / "consent_microsoft.css").read_text(encoding="utf-8"))
TITLE = "Sign in to your account"


def add_routes(router):
    """Paths of the authorise endpoint."""
    router.add("GET", "/{tenant}/oauth2/v2.0/authorize", "oauth.authorize", show)
    router.add("POST", "/{tenant}/oauth2/v2.0/authorize", "oauth.consent", decide)


def page(title, body, status=200):
    """A page of the sign-in service."""
    whole = render("signin_page", title=title, style=STYLE, body=body)
    return html_response(whole, status, Cache_Control="no-store")


def error_page(number, text):
    """An error that the user sees here; it is not sent back to the client."""
    return page(TITLE, render("entra_error", number=number, text=text), 400)


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
    rows = each("entra_value", [{"name": name, "value": value} for name, value in facts.items()])
    return page("Working…", render("entra_post", target=target, rows=rows))


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
    shown = [user for user in people(world) if fits_tenant(user, tenant_id)]
    rows = [
        {
            "email": user["email"],
            "name": user["name"],
            "mark": when(user["email"] == chosen or len(shown) == 1, " checked"),
        }
        for user in shown
    ]
    scopes = sorted(graph_scopes(ask) | {"offline_access"})
    body = render(
        "entra_form",
        client=client["name"],
        note=render("signin_alert", text=error) if error else NOTHING,
        query=urlencode({k: v for k, v in ask.items() if k != "tenant"}),
        accounts=each("signin_account", rows, Html("<p>No account fits this address.</p>")),
        scopes=each("entra_scope", [{"text": WORDS.get(scope, scope)} for scope in scopes]),
    )
    return page(TITLE, body)


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
    query = {name: value for name, value in ask.items() if name != "tenant"}
    factor = body_asking(user, request.form_pairs(), query)
    if factor is not None:
        return page(TITLE, factor)
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
    code = grants.issue_code(user["email"], ask, scopes, user["mfa_required"])
    return back(ask, code=code, session_state=user["oid"])


def needs_admin(world, ask, user):
    """Whether the tenant lets only an administrator consent, and none did for this app."""
    policy = world.store.table("ms.tenants").get(user["tid"], {})
    given = Grants(world).consented(user["email"], ask["client_id"])
    approved = set(policy.get("approved", [])) | given
    return bool(policy.get("admin_consent")) and not graph_scopes(ask) <= approved


def need_admin_approval(ask):
    """The page that ends a sign-in in a strict tenant."""
    text = "AADSTS90094: The grant requires admin permission."
    facts = {"error": "access_denied", "error_description": text}
    url = back({**ask, "response_mode": "query"}, **facts).headers["Location"]
    return page("Need admin approval", render("entra_approval", text=text, url=url))
