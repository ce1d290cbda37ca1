"""Subscriptions: made after a handshake with both addresses, renewed, ended."""

import uuid
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ..clock import parse_instant
from ..http.app import unlocked
from ..http.message import Response
from ..service import ApiError
from .access import READ, Caller, caller_of, find_place
from .bodies import answered, body_of, context, preferences
from .errors import bad, denied, graph_error_response, not_found
from .notices import handshake

LOOPBACK = ("127.0.0.1", "localhost", "::1")
KINDS = {"created", "updated", "deleted"}
FLOOR_S = 45 * 60
MAX_PER_MAILBOX = 1000
MAX_STATE = 128
SHOWN = (
    "id", "resource", "changeType", "clientState", "notificationUrl", "lifecycleNotificationUrl",
    "expirationDateTime", "creatorId", "applicationId", "includeResourceData",
)  # fmt: skip


def add_routes(router):
    """Paths of subscriptions."""
    base = "/graph/subscriptions"
    router.add("GET", base, "subscriptions.list", listing)
    router.add("POST", base, "subscriptions.create", create, writes=True)
    router.add("GET", base + "/{id}", "subscriptions.get", get)
    router.add("PATCH", base + "/{id}", "subscriptions.update", renew, writes=True)
    router.add("DELETE", base + "/{id}", "subscriptions.delete", delete, writes=True)
    router.add("POST", base + "/{id}/reauthorize", "subscriptions.reauthorize", reauthorize)


def table_of(world):
    """Living and expired subscriptions by id."""
    return world.store.table("ms.subscriptions")


def living(world, user="", client_id=""):
    """Subscriptions that have not expired."""
    now = world.clock.timestamp()
    return [
        s
        for s in table_of(world).values()
        if s["expires"] > now and user in ("", s["user"]) and client_id in ("", s["client_id"])
    ]


def stamp_of(epoch):
    """`2026-12-01T09:00:00.0000000Z`."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%S") + ".0000000Z"


@unlocked
def create(world, request):
    """The addresses must answer the handshake before the 201; the world goes on meanwhile."""
    try:
        with world.lock:
            caller, facts = prepared(world, request)
        for name in ("notificationUrl", "lifecycleNotificationUrl"):
            if facts.get(name):
                shake(facts[name])
        with world.lock:
            check_free(world, caller, facts)
            table_of(world).save(facts["id"], facts)
            world.store.flush()
    except ApiError as error:
        return graph_error_response(world, error, request)
    return answered(present(request, facts), None, 201)


def shake(address):
    """400 when an address does not give the token back."""
    reason = handshake(address)
    if reason:
        raise bad("ValidationError", f"Subscription validation request failed. {reason}")


def prepared(world, request):
    """`(caller, facts)` of a new subscription, checked."""
    caller = caller_of(world, request, READ)
    body = body_of(request)
    kinds = [kind.strip().lower() for kind in str(body.get("changeType", "")).split(",")]
    if set(kinds) - KINDS or not kinds:
        raise bad("InvalidRequest", "changeType must be created, updated or deleted.")
    if len(str(body.get("clientState") or "")) > MAX_STATE:
        raise bad("InvalidRequest", "clientState is longer than 128 characters.")
    for name in ("notificationUrl", "lifecycleNotificationUrl"):
        check_address(body.get(name), name == "notificationUrl")
    box, cal = topic_of(world, caller, str(body.get("resource", "")))
    facts = {name: body.get(name) for name in SHOWN}
    facts |= {"id": str(uuid.uuid4()), "changeType": ",".join(kinds), "box": box, "cal": cal}
    facts |= {"user": caller.user, "client_id": caller.client_id, "applicationId": caller.client_id}
    user = world.store.table("ms.users")[caller.user]
    facts |= {"creatorId": user["oid"], "tid": user["tid"], "oid": user["oid"]}
    facts["includeResourceData"] = bool(body.get("includeResourceData"))
    facts["immutable"] = preferences(request).immutable
    set_expiry(world, facts, body.get("expirationDateTime"))
    check_free(world, caller, facts)
    return caller, facts


def check_address(address, needed):
    """https, or plain http on loopback."""
    if not address and not needed:
        return
    parts = urlsplit(str(address or ""))
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not secure or not parts.netloc:
        raise bad("InvalidRequest", "The notification url must begin with https.")


def topic_of(world, caller, resource):
    """`(mailbox, calendar or "")` of a resource; 400 for what can't be watched."""
    parts = [part for part in resource.strip("/").split("/") if part]
    if parts[:1] == ["me"]:
        parts[:1] = ["users", caller.user]
    if len(parts) < 3 or parts[0] != "users" or parts[-1].lower() != "events":
        raise bad("InvalidRequest", f"The resource '{resource}' can't be subscribed to.")
    users = world.store.table("ms.users").values()
    box = next((u["email"] for u in users if parts[1].lower() in (u["email"], u["oid"])), "")
    middle = parts[2:-1]
    if not middle:
        if box != caller.user:
            raise denied()
        return box, ""
    place = find_place(world, caller, box, middle[1] if len(middle) > 1 else None)
    if place is None:
        raise not_found()
    return place.calendar["box"], place.calendar["id"]


def set_expiry(world, facts, text):
    """Seven days at most (one with resource data), 45 minutes at least."""
    now = world.clock.timestamp()
    try:
        wanted = parse_instant(str(text)[:19] + "Z" if str(text).endswith("Z") else str(text))
    except ValueError:
        raise bad("InvalidRequest", "expirationDateTime is missing or malformed.") from None
    cap_min = (
        1440 if facts["includeResourceData"] else world.setting("microsoft.subscription_cap_min")
    )
    if wanted.timestamp() > now + cap_min * 60 + 5:
        text = f"Subscription expiration can only be {cap_min} minutes in the future."
        raise bad("ExtensionError", text)
    if wanted.timestamp() <= now:
        raise bad("InvalidRequest", "expirationDateTime is in the past.")
    facts["expires"] = max(wanted.timestamp(), now + FLOOR_S)
    facts["expirationDateTime"] = stamp_of(facts["expires"])


def check_free(world, caller, facts):
    """409 for the same thing twice, 403 for the 1001st."""
    for other in living(world, caller.user, caller.client_id):
        same = all(other[name] == facts[name] for name in ("box", "cal", "changeType"))
        if same:
            text = "A subscription for this resource and change type exists already."
            raise ApiError(409, "ExtensionError", text)
    if len(living(world, caller.user)) >= MAX_PER_MAILBOX:
        raise ApiError(403, "ExtensionError", "The mailbox has 1000 subscriptions.")


def present(request, facts):
    """The subscription resource."""
    head = {"@odata.context": context(request, "subscriptions/$entity")}
    return {**head, **{name: facts.get(name) for name in SHOWN}}


def mine(world, request):
    """The caller's living subscription of the path; 404 otherwise."""
    caller: Caller = caller_of(world, request, READ)
    found = living(world, caller.user, caller.client_id)
    facts = next((s for s in found if s["id"] == request.args["id"]), None)
    if facts is None:
        raise ApiError(404, "ResourceNotFound", "The object was not found.")
    return facts


def listing(world, request):
    """Those of this app and user."""
    caller = caller_of(world, request, READ)
    found = [present(request, s) for s in living(world, caller.user, caller.client_id)]
    return answered({"@odata.context": context(request, "subscriptions"), "value": found})


def get(world, request):
    """One."""
    return answered(present(request, mine(world, request)))


def renew(world, request):
    """PATCH of the expiry."""
    facts = dict(mine(world, request))
    set_expiry(world, facts, body_of(request).get("expirationDateTime"))
    facts["reauthorize"] = False
    table_of(world).save(facts["id"], facts)
    return answered(present(request, facts))


def reauthorize(world, request):
    """The token is good again; the expiry stays."""
    facts = mine(world, request)
    table_of(world).save(facts["id"], {**facts, "reauthorize": False})
    return Response(204)


def delete(world, request):
    """End it."""
    table_of(world).drop(mine(world, request)["id"])
    return Response(204)
