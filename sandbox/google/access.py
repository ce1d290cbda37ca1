"""Who calls, and what that person may do with a calendar."""

from dataclasses import dataclass

from .errors import forbidden, not_found, unauthorized
from .grants import SCOPE_PREFIX, Grants, bearer
from .scopes import NEEDED

ROLES = ("none", "freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")
FREEBUSY_ONLY = {SCOPE_PREFIX + "calendar.events.freebusy"}
OWNED_ONLY = {
    SCOPE_PREFIX + "calendar.events.owned",
    SCOPE_PREFIX + "calendar.events.owned.readonly",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """The account behind the access token, and what was granted to the client."""

    user: str
    client_id: str
    scopes: frozenset


def caller_of(world, request, operation):
    """Check token, scopes and project of a request; raises 401 or 403."""
    grants = Grants(world)
    facts = grants.living_access(bearer(request))
    if facts is None:
        raise unauthorized()
    client = grants.clients.get(facts["client_id"])
    if client and client["api_disabled"]:
        raise forbidden(
            "accessNotConfigured", "Google Calendar API has not been used in this project"
        )
    scopes = frozenset(facts["scopes"])
    needed = NEEDED.get(operation)
    if needed is not None and not scopes & needed:
        raise forbidden(
            "insufficientPermissions", "Request had insufficient authentication scopes."
        )
    return Caller(facts["user"], facts["client_id"], scopes)


def role_on(calendar, user):
    """The role of an account on a calendar, `none` included."""
    given = calendar["acl"].get(user) or calendar["acl"].get("*") or "none"
    return given


def at_least(role, wanted):
    """Whether `role` includes `wanted`; an unknown role includes nothing."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(wanted)


def calendar_for(world, caller, calendar_id, wanted="freeBusyReader"):
    """The calendar by id or alias and the caller's role; 404 unseen, 403 when not enough."""
    real = caller.user if calendar_id == "primary" else calendar_id
    calendar = world.store.table("google.calendars").get(real) or world.store.table(
        "google.calendars"
    ).get(real.lower())
    if calendar is None:
        raise not_found()
    role = limited(caller, calendar, role_on(calendar, caller.user))
    if role == "none":
        raise not_found()
    if not at_least(role, wanted):
        raise forbidden(
            "requiredAccessLevel", f"You need to have {wanted} access to this calendar."
        )
    return calendar, role


def limited(caller, calendar, role):
    """The role that the granted scopes leave over: free/busy scopes show no details."""
    events = caller.scopes & NEEDED["events.list"]
    if events and events <= FREEBUSY_ONLY and at_least(role, "freeBusyReader"):
        return "freeBusyReader"
    if events and events <= OWNED_ONLY and calendar["dataOwner"] != caller.user:
        return "none"
    return role
