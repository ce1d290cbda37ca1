"""OAuth 2 and OpenID Connect endpoints: token, revoke, userinfo, tokeninfo, discovery, keys."""

import base64
from urllib.parse import unquote

from ..http.message import json_response
from ..service import ApiError
from . import jwt
from .accounts import accounts
from .errors import unauthorized
from .grants import ACCESS_TTL_S, EXPANDED, Grants, bearer, invalid_grant


def add_routes(router):
    """Paths of accounts.google.com, oauth2.googleapis.com and openidconnect.googleapis.com."""
    for path in ("/token", "/o/oauth2/token", "/oauth2/v4/token"):
        router.add("POST", path, "oauth.token", token)
    for path in ("/revoke", "/o/oauth2/revoke"):
        router.add("POST", path, "oauth.revoke", revoke)
        router.add("GET", path, "oauth.revoke", revoke)
    for path in ("/v1/userinfo", "/oauth2/v3/userinfo", "/oauth2/v2/userinfo"):
        router.add("GET", path, "oauth.userinfo", userinfo)
        router.add("POST", path, "oauth.userinfo", userinfo)
    router.add("GET", "/tokeninfo", "oauth.tokeninfo", tokeninfo)
    router.add("GET", "/.well-known/openid-configuration", "oauth.discovery", discovery)
    router.add("GET", "/oauth2/v3/certs", "oauth.certs", certs)


def token(world, request):
    """`POST /token`: a code or a refresh token becomes an access token."""
    form = request.form()
    grants = Grants(world)
    client_id, client_secret = client_credentials(request, form)
    client = grants.check_client(client_id, client_secret)
    match form.get("grant_type"):
        case "authorization_code":
            return json_response(_from_code(world, grants, client, form), Cache_Control="no-store")
        case "refresh_token":
            facts = grants.use_refresh(client, form.get("refresh_token"))
            answer = _answer(world, grants, facts, {}) | _end(grants, client, facts)
            return json_response(answer, Cache_Control="no-store")
    raise ApiError(400, "unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type')}")


def _from_code(world, grants, client, form):
    facts = grants.redeem_code(client, form)
    extra = {"nonce": facts["nonce"]} if facts["nonce"] else {}
    answer = _answer(world, grants, facts, extra)
    if facts["refresh"]:
        answer["refresh_token"] = grants.issue_refresh(
            facts["user"], client["client_id"], facts["scopes"]
        )
        answer |= _end(grants, client, grants.refresh[answer["refresh_token"]])
    return answer


def _end(grants, client, facts):
    """What is told of a grant whose end is known: nothing of others."""
    left = grants.seconds_left(client, facts)
    return {} if left is None else {"refresh_token_expires_in": left}


def _answer(world, grants, facts, claims):
    if accounts(world).get(facts["user"]) is None:
        raise invalid_grant("Account has been deleted")
    ttl_s = int(world.setting("google.access_token_ttl_s")) or ACCESS_TTL_S
    answer = {
        "access_token": grants.issue_access(
            facts["user"], facts["client_id"], facts["scopes"], ttl_s
        ),
        "expires_in": ttl_s,
        "scope": " ".join(facts["scopes"]),
        "token_type": "Bearer",
    }
    if "openid" in facts["scopes"]:
        answer["id_token"] = id_token(world, facts, claims)
    return answer


def client_credentials(request, form):
    """Client id and secret from the form or from HTTP Basic."""
    header = request.header("authorization")
    if header.lower().startswith("basic "):
        try:
            text = base64.b64decode(header[6:]).decode()
        except ValueError:
            raise ApiError(401, "invalid_client", "Malformed Authorization header") from None
        client_id, _, client_secret = text.partition(":")
        return unquote(client_id), unquote(client_secret)
    return form.get("client_id"), form.get("client_secret")


def id_token(world, facts, claims):
    """Signed statement who the user is, for the client that asked."""
    user, now = accounts(world)[facts["user"]], int(world.clock.timestamp())
    facts_of_user = _claims(user, facts["scopes"])
    times = {"iat": now, "exp": now + 3600}
    who = {"iss": world.base_url, "aud": facts["client_id"], "azp": facts["client_id"]}
    return jwt.sign({**who, **facts_of_user, **times, **claims}, signing_key(world))


def signing_key(world):
    """The key of this sandbox, made when first needed and kept with its state."""
    keys = world.store.table("google.keys")
    return keys.get("rs256") or keys.save("rs256", jwt.make_key())


def _claims(user, scopes):
    claims = {"sub": user["sub"]}
    if EXPANDED["email"] in scopes:
        claims.update(email=user["email"], email_verified=True)
        if user["kind"] == "workspace":
            claims["hd"] = user["email"].partition("@")[2]
    if EXPANDED["profile"] in scopes:
        given, _, family = user["name"].partition(" ")
        claims.update(
            name=user["name"], given_name=given, family_name=family, locale=user["locale"]
        )
    return claims


def revoke(world, request):
    """`POST /revoke`: ends the consent behind an access or refresh token; 400 if there is none."""
    grants = Grants(world)
    value = request.form().get("token") or request.param("token", "")
    facts = grants.refresh.get(value) or grants.living_access(value)
    if facts is None:
        raise ApiError(400, "invalid_token", "Token expired or revoked")
    grants.revoke(facts["user"], facts["client_id"])
    return json_response({})


def userinfo(world, request):
    """Claims about the owner of the access token; `openid` must have been granted."""
    facts = Grants(world).living_access(bearer(request))
    if facts is None or "openid" not in facts["scopes"]:
        raise unauthorized()
    return json_response(_claims(accounts(world)[facts["user"]], facts["scopes"]))


def tokeninfo(world, request):
    """What an access token is good for."""
    facts = Grants(world).living_access(request.param("access_token"))
    if facts is None:
        raise ApiError(400, "invalid_token", "Invalid Value")
    left = int(facts["expires"] - world.clock.timestamp())
    about = {
        "azp": facts["client_id"],
        "aud": facts["client_id"],
        "scope": " ".join(facts["scopes"]),
    }
    return json_response(
        {
            **about,
            "expires_in": str(left),
            **_claims(accounts(world)[facts["user"]], facts["scopes"]),
        }
    )


def discovery(world, request):
    """OpenID Connect discovery."""
    base = request.base_url
    return json_response(
        {
            "issuer": world.base_url,
            "authorization_endpoint": f"{base}/o/oauth2/v2/auth",
            "token_endpoint": f"{base}/token",
            "userinfo_endpoint": f"{base}/v1/userinfo",
            "revocation_endpoint": f"{base}/revoke",
            "jwks_uri": f"{base}/oauth2/v3/certs",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "code_challenge_methods_supported": ["plain", "S256"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
        }
    )


def certs(world, request):
    """Public keys for id_token."""
    return json_response(jwt.jwks(signing_key(world)))
