"""The consent page: choose an account, tick scopes, allow or deny. Plain HTML form, no script."""

from urllib.parse import urlencode, urlsplit

from ..html import FOLDER, NOTHING, Html, each, render, when
from ..http.message import html_response, redirect
from ..second_factor import body_asking
from .accounts import accounts
from .grants import Grants, granted_names, wants_consent
from .scopes import describe

ALWAYS = ("openid", "email", "profile")
AUTH_PATHS = ("/o/oauth2/v2/auth", "/o/oauth2/auth")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
STYLE = Html((FOLDER / "consent.css").read_text(encoding="utf-8"))


def add_routes(router):
    """Paths of the authorise endpoint."""
    for path in AUTH_PATHS:
        router.add("GET", path, "oauth.authorize", show)
        router.add("POST", path, "oauth.consent", decide)


def page(title, body, status=200):
    """A page of the sign-in service."""
    whole = render("signin_page", title=title, style=STYLE, body=body)
    return html_response(whole, status, Cache_Control="no-store")


def error_page(status, code, text, extra=NOTHING):
    """An error that the user sees here; it is not sent back to the client."""
    body = render("signin_error", status=status, code=code, text=text, extra=extra)
    return page("Error", body, status)


def ask_of(world, request):
    """The authorise request as a dictionary, or the page that refuses it."""
    ask = {name: values[0] for name, values in request.query.items()}
    client = Grants(world).clients.get(ask.get("client_id", ""))
    if client is None:
        return None, error_page(401, "invalid_client", "The OAuth client was not found.")
    if not redirect_allowed(client, ask.get("redirect_uri", "")):
        return None, error_page(
            400, "redirect_uri_mismatch", "The redirect_uri is not one of this client's."
        )
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
    people = list(accounts(world).values())
    rows = [
        {"email": u["email"], "name": u["name"], "mark": when(marked, " checked")}
        for u in people
        for marked in [u["email"] == chosen or len(people) == 1]
    ]
    asked = [s for s in ask["scope"].split() if s not in ALWAYS]
    testing = "This app is in testing: access ends after 7 days." if client["testing"] else ""
    body = render(
        "signin_form",
        client=client["name"],
        note=alert(error),
        testing=alert(testing),
        query=urlencode(ask),
        accounts=each("signin_account", rows),
        scopes=each("signin_scope", [{"scope": s, "text": describe(s)} for s in asked]),
    )
    return page("Sign in", body)


def alert(text):
    """A warning, when there is one."""
    return render("signin_alert", text=text) if text else NOTHING


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
        return form(
            world,
            ask,
            values.get("user", ""),
            "Wrong password. Try again, or choose another account.",
        )
    factor = body_asking(user, fields, ask)
    if factor is not None:
        return page("2-Step Verification", factor)
    ticked = {value for name, value in fields if name == "scope"}
    scopes = [s for s in ask["scope"].split() if s in ALWAYS or s in ticked]
    return conclude(world, ask, user, True, scopes)


def conclude(world, ask, user, allowed, scopes):
    """Back to the client with a code, or with the reason why there is none."""
    if user["admin_blocked"]:
        url = back(ask, error="admin_policy_enforced").headers["Location"]
        link = render("signin_back", url=url)
        text = "Your organization's administrator has blocked this app."
        return error_page(400, "admin_policy_enforced", text, link)
    if not allowed:
        return back(ask, error="access_denied")
    grants = Grants(world)
    granted = [s for s in ask["scope"].split() if s in scopes]
    code = grants.issue_code(user["email"], ask, granted_names(granted))
    given = grants.codes[code]["scopes"]
    return back(
        ask,
        code=code,
        scope=" ".join(given),
        authuser="0",
        prompt="consent" if wants_consent(ask) else "none",
    )
