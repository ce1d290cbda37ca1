"""id_token and the key that signs it."""

import hashlib
import uuid

from ..google.jwt import jwks, make_key, sign
from .accounts import is_personal


def signing_key(world):
    """The key of this sandbox, made when first needed and kept with its state."""
    table = world.store.table("ms.keys")
    return table.get("rs256") or table.save("rs256", make_key())


def public_keys(world):
    """What is published for clients."""
    return jwks(signing_key(world))


def id_token(world, user, facts):
    """Signed statement who the user is; `oid` with `tid` is the stable identity."""
    now = int(world.clock.timestamp())
    pair = f"{user['oid']}|{facts['client_id']}"
    claims = {
        "aud": facts["client_id"],
        "iss": f"{world.login_base}/{user['tid']}/v2.0",
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "oid": user["oid"],
        "tid": user["tid"],
        "sub": hashlib.sha256(pair.encode()).hexdigest()[:43],
        "uti": uuid.uuid4().hex[:22],
        "ver": "2.0",
    }
    if facts.get("nonce"):
        claims["nonce"] = facts["nonce"]
    if "profile" in facts["scopes"] or is_personal(user):
        claims |= {"name": user["name"], "preferred_username": user["email"]}
    if "email" in facts["scopes"]:
        claims["email"] = user["email"]
    return sign(claims, signing_key(world))
