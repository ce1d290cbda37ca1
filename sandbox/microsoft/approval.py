"""The admin consent endpoint: an administrator allows an app for the whole organisation."""

from urllib.parse import urlencode

from ..html import NOTHING, Html, each, render
from ..http.message import redirect
from .accounts import accounts, people
from .consent import TITLE, WORDS, error_page, page, redirect_allowed
from .entra import fits_tenant, known_tenant
from .grants import OIDC, Grants, short_scope

PATH = "/{tenant}/v2.0/adminconsent"


def add_routes(router):
    """Paths of the admin consent endpoint."""
    router.add("GET", PATH, "oauth.adminconsent", show)
    router.add("POST", PATH, "oauth.approve", decide)


def ask_of(world, request):
    """`(query, client, refusal)` of a request; the refusal is a page."""
    ask = {name: values[0] for name, values in request.query.items()}
    client = Grants(world).clients.get(ask.get("client_id", ""))
    if client is None:
        return ask, None, error_page(700016, "Application was not found in the directory.")
    if not redirect_allowed(client, ask.get("redirect_uri", "")):
        return ask, client, error_page(50011, "The redirect URI does not match those configured.")
    return ask, client, None


def scopes_of(ask):
    """What is to be allowed, in short names."""
    return {short_scope(s) for s in ask.get("scope", "").split()} - set(OIDC) - {".default"}


def show(world, request):
    """`GET`: who the administrator is, and what the app may do for everybody."""
    ask, client, refusal = ask_of(world, request)
    return refusal or form(world, request, ask, client)


def form(world, request, ask, client, error=""):
    """The page itself."""
    tenant_id = known_tenant(world, request.args["tenant"])
    shown = [user for user in people(world) if fits_tenant(user, tenant_id)]
    rows = [{"email": user["email"], "name": user["name"], "mark": NOTHING} for user in shown]
    scopes = [{"text": WORDS.get(scope, scope)} for scope in sorted(scopes_of(ask))]
    body = render(
        "entra_form",
        client=f"{client['name']} for your organization",
        note=render("signin_alert", text=error) if error else NOTHING,
        query=urlencode(ask),
        accounts=each("signin_account", rows, Html("<p>No account fits this address.</p>")),
        scopes=each("entra_scope", scopes),
    )
    return page(TITLE, body)


def decide(world, request):
    """`POST` of the form: allowed for the administrator's organisation, or refused."""
    ask, client, refusal = ask_of(world, request)
    if refusal is not None:
        return refusal
    values = request.form()
    if values.get("decision") != "allow":
        text = "AADSTS65004: The resource owner or authorization server denied the request."
        return back(ask, error="access_denied", error_description=text, admin_consent="True")
    admin = accounts(world).get(values.get("user", "").lower())
    if admin is None or values.get("password") != admin["password"]:
        return form(world, request, ask, client, "Your account or password is incorrect.")
    tenants = world.store.table("ms.tenants")
    policy = tenants.get(admin["tid"], {})
    approved = sorted({*policy.get("approved", ()), *scopes_of(ask)})
    tenants.save(admin["tid"], {**policy, "approved": approved})
    return back(ask, admin_consent="True", tenant=admin["tid"], scope=ask.get("scope", ""))


def back(ask, **facts):
    """Send the administrator's browser to the client."""
    if ask.get("state"):
        facts["state"] = ask["state"]
    return redirect(f"{ask['redirect_uri']}?{urlencode(facts)}")
