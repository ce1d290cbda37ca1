"""Who allowed which client what: clients, codes, consents, refresh and access tokens."""

import base64
import hashlib
import hmac
import secrets

from ..service import ApiError

CODE_TTL_S = 600
ACCESS_TTL_S = 3599
TESTING_TTL_S = 7 * 86400
UNUSED_TTL_S = 182 * 86400
MAX_REFRESH_TOKENS = 100
SCOPE_PREFIX = "https://www.googleapis.com/auth/"
EXPANDED = {"email": SCOPE_PREFIX + "userinfo.email", "profile": SCOPE_PREFIX + "userinfo.profile"}


def invalid_grant(message="Token has been expired or revoked."):
    """400 of the token endpoint: this code or refresh token is worth nothing."""
    return ApiError(400, "invalid_grant", message)


class Grants:
    """Rules of Google's OAuth 2 server, on tables of the store."""

    def __init__(self, world):
        self.clock = world.clock
        self.clients = world.store.table("google.clients")
        self.codes = world.store.table("google.codes")
        self.consents = world.store.table("google.consents")
        self.refresh = world.store.table("google.refresh")
        self.access = world.store.table("google.access")

    def register(self, client_id="", client_secret="", **facts):
        """Make an OAuth client. No redirect_uris: any http loopback address is accepted."""
        client = {
            "client_id": client_id
            or f"{secrets.randbelow(10**12)}-{secrets.token_hex(8)}.apps.example",
            "client_secret": client_secret or "GOCSPX-" + secrets.token_urlsafe(21),
            "name": facts.get("name") or "Calendar Sync Pro",
            "redirect_uris": list(facts.get("redirect_uris") or []),
            "testing": bool(facts.get("testing")),
            "api_disabled": bool(facts.get("api_disabled")),
        }
        return self.clients.save(client["client_id"], client)

    def check_client(self, client_id, client_secret):
        """The client, or 401 `invalid_client`: the administrator's mistake, not the user's."""
        client = self.clients.get(client_id or "")
        if client is None:
            raise ApiError(401, "invalid_client", "The OAuth client was not found.")
        if not hmac.compare_digest(
            client["client_secret"].encode(), (client_secret or "").encode()
        ):
            raise ApiError(401, "invalid_client", "Unauthorized")
        return client

    def issue_code(self, user, ask, scopes):
        """Remember the user's consent and give a one-time code for it."""
        key = f"{user}|{ask['client_id']}"
        known = self.consents.get(key)
        granted = set(scopes)
        if known and ask.get("include_granted_scopes") == "true":
            granted |= set(known["scopes"])
        offline = ask.get("access_type") == "offline"
        gives_refresh = offline and (not (known and known["offline"]) or wants_consent(ask))
        consent = {
            "scopes": sorted(granted),
            "offline": offline or bool(known and known["offline"]),
        }
        self.consents.save(key, consent)
        code = "4/0A" + secrets.token_urlsafe(32)
        facts = {
            "user": user,
            "client_id": ask["client_id"],
            "redirect_uri": ask["redirect_uri"],
            "scopes": sorted(granted),
            "challenge": ask.get("code_challenge", ""),
            "method": ask.get("code_challenge_method") or "plain",
            "nonce": ask.get("nonce", ""),
            "refresh": gives_refresh,
            "expires": self.clock.timestamp() + CODE_TTL_S,
            "used": False,
        }
        self.codes.save(code, facts)
        return code

    def redeem_code(self, client, form):
        """What a code stands for; raises the endpoint's errors. A code works once."""
        code = self.codes.get(form.get("code", ""))
        if code is None or code["client_id"] != client["client_id"]:
            raise invalid_grant("Malformed auth code.")
        if code["used"] or code["expires"] < self.clock.timestamp():
            raise invalid_grant("Bad Request")
        if code["redirect_uri"] != form.get("redirect_uri"):
            raise ApiError(400, "redirect_uri_mismatch", "Bad Request")
        check_verifier(code, form.get("code_verifier", ""))
        code["used"] = True
        return self.codes.save(form["code"], code)

    def issue_refresh(self, user, client_id, scopes):
        """A refresh token; the 101st for one user and client silently kills the oldest."""
        token = "1//0" + secrets.token_urlsafe(40)
        now = self.clock.timestamp()
        facts = {
            "user": user,
            "client_id": client_id,
            "scopes": scopes,
            "created": now,
            "used": now,
        }
        self.refresh.save(token, facts)
        mine = [
            t for t, f in self.refresh.items() if (f["user"], f["client_id"]) == (user, client_id)
        ]
        for old in sorted(mine, key=lambda t: self.refresh[t]["created"])[:-MAX_REFRESH_TOKENS]:
            self.refresh.drop(old)
        return token

    def seconds_left(self, client, facts):
        """How long the grant of these scopes still lives, None where its end is not known before:
        what `refresh_token_expires_in` says."""
        basic = {"openid", *EXPANDED.values()}
        if not client["testing"] or set(facts["scopes"]) <= basic:
            return None
        return int(facts["created"] + TESTING_TTL_S - self.clock.timestamp())

    def use_refresh(self, client, token):
        """The facts of a living refresh token of this client; otherwise `invalid_grant`."""
        facts = self.refresh.get(token or "")
        if facts is None or facts["client_id"] != client["client_id"]:
            raise invalid_grant()
        now, left = self.clock.timestamp(), self.seconds_left(client, facts)
        if (left is not None and left < 0) or now - facts["used"] > UNUSED_TTL_S:
            self.refresh.drop(token)
            raise invalid_grant()
        facts["used"] = now
        return self.refresh.save(token, facts)

    def issue_access(self, user, client_id, scopes, ttl_s=ACCESS_TTL_S):
        """An access token that lives for `ttl_s` seconds."""
        token = "ya29.a0" + secrets.token_urlsafe(48)
        facts = {"user": user, "client_id": client_id, "scopes": list(scopes)}
        facts["expires"] = self.clock.timestamp() + ttl_s
        self.access.save(token, facts)
        return token

    def living_access(self, token):
        """Facts of a valid access token, or None."""
        facts = self.access.get(token or "")
        return facts if facts and facts["expires"] > self.clock.timestamp() else None

    def expire_access(self, user=""):
        """End the life of access tokens (of one user, or all). Returns how many.

        The ready tokens of scripts are the other side's own; they live on, here and in `revoke`.
        """
        mine = ((t, f) for t, f in self.access.items() if not f.get("ready"))
        ended = [token for token, facts in mine if user in ("", facts["user"])]
        for token in ended:
            self.access.drop(token)
        return len(ended)

    def revoke(self, user, client_id=""):
        """Take back the user's consent: consent, refresh and access tokens end at once."""
        ended = 0
        for table in (self.consents, self.refresh, self.access):
            for key, facts in list(table.items()):
                owner, client = _owner_of(table is self.consents, key, facts)
                if owner == user and client_id in ("", client) and not _is_ready(facts):
                    table.drop(key)
                    ended += 1
        return ended


def _is_ready(facts):
    return bool(facts.get("ready"))


def _owner_of(is_consent, key, facts):
    return key.split("|", 1) if is_consent else (facts["user"], facts["client_id"])


def wants_consent(ask):
    """Whether the client asked to see the consent page again."""
    return "consent" in ask.get("prompt", "").split() or ask.get("approval_prompt") == "force"


def check_verifier(code, verifier):
    """PKCE (RFC 7636): the verifier must hash to the challenge of the authorise request."""
    if not code["challenge"]:
        return
    digest = hashlib.sha256(verifier.encode()).digest()
    hashed = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    made = hashed if code["method"] == "S256" else verifier
    if not verifier:
        raise invalid_grant("Missing code verifier.")
    if not hmac.compare_digest(made, code["challenge"]):
        raise invalid_grant("Invalid code verifier.")


def granted_names(scopes):
    """Scope names as Google's answers spell them: `email` becomes its long form."""
    return [EXPANDED.get(scope, scope) for scope in scopes]


def bearer(request):
    """The access token of a request (header; the query only for old clients)."""
    header = request.header("authorization")
    if header.lower().startswith("bearer "):
        return header[7:].strip()
    return request.param("access_token", "")
