"""What a caller needs to know of the simulated Microsoft: addresses, app, accounts."""

from .accounts import people
from .grants import Grants
from .seed import CLIENT_ID, CLIENT_SECRET, ready_token


def describe(world, user):
    """An account as tests use it: with a token that is ready to use."""
    return {**user, "access_token": ready_token(world, user["email"])}


def facts(world, ca_file):
    """The `microsoft` member of the line that the sandbox prints."""
    base, names = world.base_url, ("email", "name", "password", "kind", "tid", "oid")
    with world.lock:
        users = [
            {name: user[name] for name in names}
            | {"access_token": ready_token(world, user["email"])}
            for user in people(world)
        ]
        client = Grants(world).clients.get(CLIENT_ID, {})
        world.store.flush()
    return {
        "api_base": f"{base}/v1.0",
        "auth_base": base,
        "login_base": world.login_base,
        "tls_api_base": f"{world.login_base}/v1.0",
        "auth_url": f"{base}/common/oauth2/v2.0/authorize",
        "token_url": f"{base}/common/oauth2/v2.0/token",
        "userinfo_url": f"{base}/v1.0/me",
        "tenant": "common",
        "client_id": client.get("client_id", CLIENT_ID),
        "client_secret": client.get("client_secret", CLIENT_SECRET),
        "ca_file": ca_file,
        "users": users,
    }
