"""Who allowed which client what: app registrations, codes, consents, refresh and access tokens."""

import base64
import hashlib
import hmac
import secrets
import uuid

from ..service import ApiError

CODE_TTL_S = 600
REFRESH_TTL_S = 90 * 86400
AUDIENCES = ("all", "organizations", "single", "consumers")
OIDC = ("openid", "profile", "email", "offline_access")
REVOKED = "The provided grant has expired due to it being revoked, a fresh auth token is needed."
CONSENT = "The user or administrator has not consented to use the application."
CODES = {
    50055: ("invalid_grant", "The password is expired."),
    50057: ("invalid_grant", "The user account is disabled."),
    50076: ("interaction_required", "You must use multi-factor authentication to access this."),
    50079: ("interaction_required", "The user is required to enroll for multi-factor access."),
    50173: ("invalid_grant", REVOKED),
    53003: ("invalid_grant", "Access has been blocked by Conditional Access policies."),
    54005: ("invalid_grant", "OAuth2 Authorization code was already redeemed."),
    65001: ("invalid_grant", CONSENT),
    70008: ("invalid_grant", "The provided authorization code or refresh token has expired."),
    70043: ("invalid_grant", "The refresh token has expired due to sign-in frequency checks."),
    90094: ("invalid_grant", "Admin consent is required for the permissions requested."),
    700082: ("invalid_grant", "The refresh token has expired due to inactivity."),
    9002313: ("invalid_request", "Invalid request. Request is malformed or invalid."),
}
SUBERRORS = {65001: "consent_required", 50076: "basic_action", 50079: "basic_action"}
SUBERRORS |= {50173: "bad_token", 53003: "message_only", 700082: "bad_token"}


def aadsts(number, text="", error="", status=400):
    """The token endpoint's error of that number."""
    known = CODES.get(number, ("invalid_grant", "The request was refused."))
    extra = {"suberror": SUBERRORS[number]} if number in SUBERRORS else {}
    return ApiError(status, error or known[0], f"AADSTS{number}: {text or known[1]}", **extra)


def short_scope(scope):
    """`https://graph.microsoft.com/User.Read` is `User.Read`, in any cloud."""
    return scope.rpartition("/")[2] if "://" in scope else scope


class Grants:
    """Rules of Entra's token service, on tables of the store."""

    def __init__(self, world):
        self.clock = world.clock
        self.clients = world.store.table("ms.clients")
        self.codes = world.store.table("ms.codes")
        self.consents = world.store.table("ms.consents")
        self.refresh = world.store.table("ms.refresh")
        self.access = world.store.table("ms.access")

    def register(self, client_id="", client_secret="", **facts):
        """Register an app. No redirect_uris: any loopback address is accepted."""
        audience = facts.get("audience") or "all"
        if audience not in AUDIENCES:
            raise ValueError(f"audience must be one of {', '.join(AUDIENCES)}")
        client = {
            "client_id": client_id or str(uuid.uuid4()),
            "client_secret": client_secret or secrets.token_urlsafe(30),
            "name": facts.get("name") or "Calendar Sync Pro",
            "redirect_uris": list(facts.get("redirect_uris") or []),
            "audience": audience,
            "tenant": facts.get("tenant", ""),
            "secret_expired": bool(facts.get("secret_expired")),
        }
        return self.clients.save(client["client_id"], client)

    def check_client(self, client_id, client_secret):
        """The app, or `invalid_client`: the administrator's mistake, not the user's."""
        client = self.clients.get(client_id or "")
        if client is None:
            text = f"Application with identifier '{client_id}' was not found in the directory."
            raise aadsts(700016, text, "unauthorized_client")
        given = (client_secret or "").encode()
        if not hmac.compare_digest(client["client_secret"].encode(), given):
            raise aadsts(7000215, "Invalid client secret provided.", "invalid_client", 401)
        if client["secret_expired"]:
            raise aadsts(
                7000222, "The provided client secret keys are expired.", "invalid_client", 401
            )
        return client

    def consent(self, user, client_id, scopes):
        """Remember what the user allowed, beside what was allowed before."""
        key = f"{user}|{client_id}"
        known = set(self.consents.get(key, {}).get("scopes", []))
        self.consents.save(key, {"scopes": sorted(known | set(scopes))})

    def consented(self, user, client_id):
        """Scopes that the user (or an admin, for everybody of the tenant) allowed."""
        return set(self.consents.get(f"{user}|{client_id}", {}).get("scopes", []))

    def issue_code(self, user, ask, scopes, mfa):
        """A one-time code for this sign-in."""
        code = "0.A" + secrets.token_urlsafe(90)
        facts = {
            "user": user,
            "client_id": ask["client_id"],
            "redirect_uri": ask["redirect_uri"],
            "scopes": scopes,
            "challenge": ask.get("code_challenge", ""),
            "method": ask.get("code_challenge_method") or "plain",
            "nonce": ask.get("nonce", ""),
            "mfa": mfa,
            "expires": self.clock.timestamp() + CODE_TTL_S,
            "used": False,
        }
        self.codes.save(code, facts)
        return code

    def redeem_code(self, client, form):
        """What a code stands for; raises the endpoint's errors. A code works once."""
        code = self.codes.get(form.get("code", ""))
        if code is None or code["client_id"] != client["client_id"]:
            raise aadsts(
                9002313, "Invalid request. Request is malformed or invalid.", "invalid_grant"
            )
        if code["used"]:
            raise aadsts(54005)
        if code["expires"] < self.clock.timestamp():
            raise aadsts(70008)
        if code["redirect_uri"] != form.get("redirect_uri"):
            raise aadsts(500112, "The reply address does not match the one of the request.")
        check_verifier(code, form.get("code_verifier", ""))
        code["used"] = True
        return self.codes.save(form["code"], code)

    def issue_refresh(self, user, client_id, scopes, mfa=False):
        """A refresh token; others of the same grant stay valid until they expire."""
        token = "1.A" + secrets.token_urlsafe(80)
        now = self.clock.timestamp()
        facts = {"user": user, "client_id": client_id, "scopes": list(scopes), "mfa": mfa}
        return self._keep(token, {**facts, "created": now, "dead": 0})

    def _keep(self, token, facts):
        self.refresh.save(token, facts)
        return token

    def use_refresh(self, client, token):
        """The facts of a living refresh token of this app; otherwise an AADSTS error."""
        facts = self.refresh.get(token or "")
        if facts is None or facts["client_id"] != client["client_id"]:
            raise aadsts(
                9002313, "Invalid request. Request is malformed or invalid.", "invalid_grant"
            )
        if facts["dead"]:
            raise aadsts(facts["dead"])
        if self.clock.timestamp() - facts["created"] > REFRESH_TTL_S:
            raise aadsts(700082)
        return facts

    def issue_access(self, user, client_id, scopes, ttl_s):
        """An access token that lives for `ttl_s` seconds; it looks like a JWT, but is opaque."""
        token = f"eyJ0eXAiOiJKV1Qi.{secrets.token_urlsafe(120)}.{secrets.token_urlsafe(40)}"
        facts = {"user": user, "client_id": client_id, "scopes": list(scopes)}
        facts["expires"] = self.clock.timestamp() + ttl_s
        self.access.save(token, facts)
        return token

    def living_access(self, token):
        """Facts of a valid access token, or None."""
        facts = self.access.get(token or "")
        return facts if facts and facts["expires"] > self.clock.timestamp() else None

    def expire_access(self, user=""):
        """End the life of access tokens (of one user, or all), ready ones aside."""
        mine = ((t, f) for t, f in self.access.items() if not f.get("ready"))
        ended = [token for token, facts in mine if user in ("", facts["user"])]
        for token in ended:
            self.access.drop(token)
        return len(ended)

    def revoke(self, user, client_id="", number=65001, keep_access=False):
        """End a grant: by the user (65001) or by an admin or a password reset (50173)."""
        ended = 0
        for token, facts in list(self.refresh.items()):
            if facts["user"] == user and client_id in ("", facts["client_id"]):
                self.refresh.save(token, {**facts, "dead": facts["dead"] or number})
                ended += 1
        if number == 65001:
            for key in [k for k in self.consents if _owns(k, user, client_id)]:
                self.consents.drop(key)
        return ended if keep_access else ended + self._end_access(user, client_id)

    def _end_access(self, user, client_id):
        gone = [
            token
            for token, f in self.access.items()
            if f["user"] == user and client_id in ("", f["client_id"]) and not f.get("ready")
        ]
        for token in gone:
            self.access.drop(token)
        return len(gone)


def _owns(key, user, client_id):
    owner, client = key.split("|", 1)
    return owner == user and client_id in ("", client)


def check_verifier(code, verifier):
    """PKCE (RFC 7636): the verifier must hash to the challenge of the authorise request."""
    if not code["challenge"]:
        return
    digest = hashlib.sha256(verifier.encode()).digest()
    hashed = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    made = hashed if code["method"] == "S256" else verifier
    if not verifier or not hmac.compare_digest(made, code["challenge"]):
        raise aadsts(501481, "The Code_Verifier does not match the code_challenge supplied.")


def bearer(request):
    """The access token of a request."""
    header = request.header("authorization")
    return header[7:].strip() if header.lower().startswith("bearer ") else ""
