"""Entra's endpoints for programs: token, discovery of tenants and of instances, keys."""

import base64
import json
from urllib.parse import unquote, urlsplit

from ..http.message import json_response
from ..service import ApiError
from . import tokens
from .accounts import CONSUMERS, accounts, is_personal, tenant_of
from .grants import OIDC, Grants, aadsts, short_scope

WORDS = ("common", "organizations", "consumers")
GLOBAL_HOSTS = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com"]
OTHER_CLOUDS = ["login.microsoftonline.us", "login.partner.microsoftonline.cn"]


def add_routes(router):
    """Paths of login.microsoftonline.com."""
    router.add("POST", "/{tenant}/oauth2/v2.0/token", "oauth.token", token)
    router.add(
        "GET", "/{tenant}/v2.0/.well-known/openid-configuration", "oauth.discovery", discovery
    )
    router.add("GET", "/common/discovery/instance", "oauth.instance", instance)
    router.add("GET", "/{tenant}/discovery/v2.0/keys", "oauth.keys", keys)
    router.add("GET", "/{tenant}/oauth2/v2.0/logout", "oauth.logout", logout)
    router.add("POST", "/{tenant}/oauth2/v2.0/devicecode", "oauth.devicecode", no_device_code)


def token(world, request):
    """A code or a refresh token becomes an access token."""
    form, grants = request.form(), Grants(world)
    tenant_id = known_tenant(world, request.args["tenant"])
    client = grants.check_client(*client_credentials(request, form))
    check_audience(client, request.args["tenant"], tenant_id)
    match form.get("grant_type"):
        case "authorization_code":
            facts = grants.redeem_code(client, form)
        case "refresh_token":
            facts = grants.use_refresh(client, form.get("refresh_token"))
        case other:
            text = f"The app requested an unsupported grant type '{other}'."
            raise aadsts(70003, text, "unsupported_grant_type")
    check_account(world, request.args["tenant"], tenant_id, facts)
    asked = form.get("scope", "").split() or facts["scopes"]
    check_consent(grants, facts, asked)
    return json_response(answer(world, grants, facts, asked, form), Cache_Control="no-store")


def client_credentials(request, form):
    """Client id and secret from the form or from HTTP Basic."""
    header = request.header("authorization")
    if not header.lower().startswith("basic "):
        return form.get("client_id"), form.get("client_secret")
    try:
        text = base64.b64decode(header[6:]).decode()
    except ValueError:
        raise aadsts(900144, "The request is malformed.", "invalid_request") from None
    client_id, _, secret = text.partition(":")
    return unquote(client_id), unquote(secret)


def known_tenant(world, name):
    """The tenant id behind a path: a word stays a word; unknown ones are AADSTS90002."""
    if name in WORDS:
        return name
    ids = {u["tid"] for u in accounts(world).values()} | {CONSUMERS}
    ids |= {c["tenant"] for c in Grants(world).clients.values()}
    found = name.lower() if "." not in name else tenant_of(name)
    if found not in ids:
        raise aadsts(90002, f"Tenant '{name}' not found.", "invalid_request")
    return found


def check_audience(client, name, tenant_id):
    """The app's supported account types must agree with the tenant of the address."""
    if client["audience"] == "single" and tenant_id != client["tenant"]:
        number = 50194 if name in WORDS else 700016
        text = (
            f"Application '{client['client_id']}' is not configured as a multi-tenant application."
        )
        raise aadsts(number, text, "invalid_request" if name in WORDS else "unauthorized_client")
    personal = name == "consumers" or tenant_id == CONSUMERS
    if client["audience"] == "organizations" and personal:
        raise aadsts(700016, "The application is not enabled for consumers.", "unauthorized_client")
    if client["audience"] == "consumers" and not personal:
        text = "The application is configured for use by Microsoft Account users only."
        raise aadsts(9002346, text, "invalid_request")


def fits_tenant(user, tenant_id):
    """Whether an account may sign in at this tenant."""
    if tenant_id == "common":
        return True
    if tenant_id in ("consumers", CONSUMERS):
        return is_personal(user)
    return not is_personal(user) and tenant_id in ("organizations", user["tid"])


def check_account(world, name, tenant_id, facts):
    """What may be wrong with the account by now."""
    user = accounts(world).get(facts["user"])
    if user is None or not fits_tenant(user, tenant_id):
        raise aadsts(50020, f"The user account does not exist in tenant '{name}'.")
    if user["token_error"]:
        raise aadsts(user["token_error"])
    switches = {"disabled": 50057, "password_expired": 50055, "conditional_access": 53003}
    for switch, number in switches.items():
        if user[switch]:
            raise aadsts(number)
    if user["mfa_required"] and not facts["mfa"]:
        raise aadsts(50076)


def check_consent(grants, facts, asked):
    """Scopes that nobody consented to are AADSTS65001."""
    wanted = {short_scope(s) for s in asked} - set(OIDC) - {".default"}
    if not wanted <= grants.consented(facts["user"], facts["client_id"]):
        raise aadsts(65001)


def answer(world, grants, facts, asked, form):
    """The token answer; every use of a refresh token brings a new one."""
    user = accounts(world)[facts["user"]]
    consented = grants.consented(user["email"], facts["client_id"])
    offline = "offline_access" in facts["scopes"]
    wanted = [s for s in asked if short_scope(s) not in ("offline_access", ".default")]
    granted = wanted or [s for s in sorted(consented) if s not in OIDC]
    named = [short_scope(s) for s in granted]
    ttl_s = int(world.setting("microsoft.access_token_ttl_s"))
    body = {"token_type": "Bearer", "scope": " ".join(granted), "expires_in": ttl_s}
    body["ext_expires_in"] = ttl_s
    kept = sorted(set(named) | consented)
    body["access_token"] = grants.issue_access(user["email"], facts["client_id"], kept, ttl_s)
    if offline:
        body["refresh_token"] = grants.issue_refresh(
            user["email"], facts["client_id"], facts["scopes"], facts["mfa"]
        )
    if "openid" in facts["scopes"]:
        body["id_token"] = tokens.id_token(world, user, facts)
    if form.get("client_info") == "1":
        info = json.dumps({"uid": user["oid"], "utid": user["tid"]}).encode()
        body["client_info"] = base64.urlsafe_b64encode(info).rstrip(b"=").decode()
    return body


def secure_base(world, request):
    """The https address: the caller's own when it came over TLS."""
    return request.base_url if request.base_url.startswith("https") else world.login_base


def discovery(world, request):
    """OpenID Connect discovery of a tenant; its endpoints are always https."""
    name = request.args["tenant"]
    tenant_id = known_tenant(world, name)
    base = f"{secure_base(world, request)}/{name}"
    issuer = {"common": "{tenantid}", "organizations": "{tenantid}", "consumers": CONSUMERS}
    root = secure_base(world, request)
    return json_response(
        {
            "issuer": f"{root}/{issuer.get(name, tenant_id)}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
            "userinfo_endpoint": f"{root}/oidc/userinfo",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "response_types_supported": ["code", "id_token", "code id_token"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": list(OIDC),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
            "msgraph_host": urlsplit(world.base_url).netloc,
        }
    )


def instance(world, request):
    """Whether a host signs people in, and (1.1) which hosts are the same."""
    wanted = urlsplit(request.param("authorization_endpoint", ""))
    home = urlsplit(world.login_base)
    own = {home.netloc, home.hostname, urlsplit(request.base_url).netloc}
    unknown = wanted.netloc not in own | set(GLOBAL_HOSTS) | set(OTHER_CLOUDS)
    if unknown or world.setting("microsoft.invalid_instance"):
        text = "AADSTS50049: Unknown or invalid instance."
        raise ApiError(400, "invalid_instance", text)
    tenant = wanted.path.strip("/").split("/")[0] or "common"
    host = f"https://{home.netloc if wanted.netloc in own else wanted.netloc}"
    body = {"tenant_discovery_endpoint": f"{host}/{tenant}/v2.0/.well-known/openid-configuration"}
    if request.param("api-version") == "1.1":
        names = [GLOBAL_HOSTS, *([h] for h in [*OTHER_CLOUDS, *sorted(own)])]
        body["metadata"] = [
            {"preferred_network": n[0], "preferred_cache": n[0], "aliases": n} for n in names
        ]
        body["api-version"] = "1.1"
    return json_response(body)


def keys(world, request):
    """Public keys of id_token."""
    return json_response(tokens.public_keys(world))


def logout(world, request):
    """Nothing to do: the sandbox keeps no browser session."""
    return json_response({})


def no_device_code(world, request):
    """Device code sign-in is not played."""
    raise aadsts(7000218, "The request is not supported here.", "invalid_client")
