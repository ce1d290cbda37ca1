"""The admin API of the simulated Google: accounts, clients, tokens, raw and bulk events."""

import uuid

from ..admin import AdminService, body_of
from ..http.message import json_response
from ..service import ApiError
from .access import Caller
from .accounts import accounts, change_account, create_account
from .calendars import new_calendar, remove_calendar, share, subscribe
from .clean import clean
from .cursors import Cursors
from .grants import Grants
from .invites import Mailer
from .rooms import create_room
from .seed import ALL_SCOPES, CLIENT_ID, ready_token
from .writes import create


class GoogleAdmin(AdminService):
    """JSON under `/admin/google`."""

    name = "google-admin"

    def __init__(self, world):
        super().__init__(world)
        self.router.routes.clear()
        add = self.router.add
        add("GET", "/admin/google/users", "users.list", list_users)
        add("POST", "/admin/google/users", "users.add", add_user)
        add("PATCH", "/admin/google/users/{email}", "users.change", change_user)
        add("POST", "/admin/google/users/{email}/revoke", "users.revoke", revoke)
        add("POST", "/admin/google/users/{email}/expire_tokens", "users.expire", expire_tokens)
        add("POST", "/admin/google/users/{email}/expire_sync", "users.expire_sync", expire_sync)
        add("POST", "/admin/google/rooms", "rooms.add", add_room)
        add("POST", "/admin/google/tokens", "tokens.add", add_token)
        add("GET", "/admin/google/clients", "clients.list", list_clients)
        add("POST", "/admin/google/clients", "clients.add", add_client)
        add("GET", "/admin/google/calendars", "calendars.list", list_calendars)
        add("POST", "/admin/google/calendars", "calendars.add", add_calendar)
        add("DELETE", "/admin/google/calendars/{calendar}", "calendars.remove", delete_calendar)
        add("POST", "/admin/google/calendars/{calendar}/share", "calendars.share", share_calendar)
        add(
            "POST",
            "/admin/google/calendars/{calendar}/freebusy_error",
            "calendars.error",
            freebusy_error,
        )
        add("GET", "/admin/google/calendars/{calendar}/events", "events.dump", dump_events)
        add("POST", "/admin/google/calendars/{calendar}/events", "events.bulk", bulk_events)
        add("PATCH", "/admin/google/calendars/{calendar}/events/{event}", "events.raw", raw_event)


def user_or_404(world, email):
    """The account; 404 when there is none."""
    user = accounts(world).get(email.lower())
    if user is None:
        raise ApiError(404, "notFound", f"no account {email}")
    return user


def describe(world, user):
    """An account as tests use it: with a token that is ready to use."""
    return {**user, "access_token": ready_token(world, user["email"])}


def list_users(world, request):
    """All accounts."""
    return json_response({"users": [describe(world, user) for user in accounts(world).values()]})


def add_user(world, request):
    """Make an account with its primary calendar."""
    body = body_of(request)
    try:
        return json_response(
            describe(world, create_account(world, body.pop("email", ""), **body)), 201
        )
    except (ValueError, TypeError) as error:
        raise ApiError(400, "invalid", str(error)) from None


def add_room(world, request):
    """Make a room: `{name, capacity?, domain?}`; the domain's people find it on their lists."""
    body = body_of(request)
    try:
        return json_response(create_room(world, **body), 201)
    except (ValueError, TypeError) as error:
        raise ApiError(400, "invalid", str(error)) from None


def change_user(world, request):
    """Change facts and switches of an account (`admin_blocked`, `conference_fails`, …)."""
    user_or_404(world, request.args["email"])
    try:
        user = change_account(world, request.args["email"], **body_of(request))
    except (ValueError, TypeError) as error:
        raise ApiError(400, "invalid", str(error)) from None
    return json_response(describe(world, user))


def revoke(world, request):
    """The user takes back the consent, as on the account page; for one client or all."""
    user = user_or_404(world, request.args["email"])
    return json_response(
        {"ended": Grants(world).revoke(user["email"], body_of(request).get("client_id", ""))}
    )


def expire_tokens(world, request):
    """Access tokens end, refresh tokens live on."""
    user = user_or_404(world, request.args["email"])
    return json_response({"ended": Grants(world).expire_access(user["email"])})


def expire_sync(world, request):
    """Sync tokens given so far are worth nothing any more (410)."""
    Cursors(world).expire_sync(user_or_404(world, request.args["email"])["email"])
    return json_response({})


def add_token(world, request):
    """Tokens without the consent page: `{user, client_id?, scopes?, expires_in?}`."""
    body, grants = body_of(request), Grants(world)
    user = user_or_404(world, body.get("user", ""))
    client_id = body.get("client_id", CLIENT_ID)
    scopes = body.get("scopes") or ALL_SCOPES
    access = grants.issue_access(user["email"], client_id, scopes, body.get("expires_in", 3599))
    refresh = grants.issue_refresh(user["email"], client_id, scopes)
    grants.consents.save(f"{user['email']}|{client_id}", {"scopes": scopes, "offline": True})
    return json_response({"access_token": access, "refresh_token": refresh, "scopes": scopes}, 201)


def list_clients(world, request):
    """All OAuth clients."""
    return json_response({"clients": list(Grants(world).clients.values())})


def add_client(world, request):
    """Register an OAuth client: `{name, redirect_uris, testing, api_disabled}`."""
    body = body_of(request)
    return json_response(Grants(world).register(**body), 201)


def list_calendars(world, request):
    """All calendars with their sharing."""
    return json_response({"calendars": list(world.store.table("google.calendars").values())})


def add_calendar(world, request):
    """Make a calendar: `{owner, summary, id?, timeZone?, subscribers?: {email: role}}`."""
    body = body_of(request)
    owner = user_or_404(world, body.get("owner", ""))["email"]
    facts = {name: body[name] for name in ("id", "timeZone", "description") if name in body}
    calendar = new_calendar(world, owner, body.get("summary", "Calendar"), **facts)
    subscribe(world, owner, calendar["id"])
    for email, role in (body.get("subscribers") or {}).items():
        share(world, calendar["id"], email, role)
        subscribe(world, email, calendar["id"])
    return json_response(calendar, 201)


def delete_calendar(world, request):
    """The calendar is gone, whoever used it."""
    remove_calendar(world, calendar_or_404(world, request)["id"])
    return json_response({})


def calendar_or_404(world, request):
    """The calendar of the path."""
    calendar = world.store.table("google.calendars").get(request.args["calendar"])
    if calendar is None:
        raise ApiError(404, "notFound", f"no calendar {request.args['calendar']}")
    return calendar


def share_calendar(world, request):
    """`{user, role}`; role `none` takes the access away."""
    body = body_of(request)
    share(world, calendar_or_404(world, request)["id"], body["user"].lower(), body["role"])
    return json_response({})


def freebusy_error(world, request):
    """`{reason}`: freeBusy answers with this error for the calendar; empty ends it."""
    errors = dict(world.meta.get("freebusy_errors", {}))
    errors[calendar_or_404(world, request)["id"]] = body_of(request).get("reason", "")
    world.meta.save("freebusy_errors", errors)
    return json_response({})


def dump_events(world, request):
    """Every stored record of a calendar, as it is kept."""
    shelf = world.services["google"].shelf
    return json_response(
        {"events": [rec["e"] for rec in shelf.of(calendar_or_404(world, request)["id"])]}
    )


def bulk_events(world, request):
    """Many events at once: `{events: [...], actor?}`; guests get copies, nobody is mailed."""
    body, calendar = body_of(request), calendar_or_404(world, request)
    actor = body.get("actor") or calendar["dataOwner"]
    caller = Caller(actor, CLIENT_ID, frozenset())
    ids = []
    for event in body.get("events", []):
        event.setdefault("id", uuid.uuid4().hex[:26])
        event.setdefault("iCalUID", f"{event['id']}@google.com")
        clean(event, calendar["timeZone"])
        create(world, calendar, caller, event, Mailer(world, actor, "none", "bulk"))
        ids.append(event["id"])
    return json_response({"ids": ids}, 201)


def raw_event(world, request):
    """Overwrite members of a stored event without any check: bad rules, odd values."""
    shelf = world.services["google"].shelf
    rec = shelf.get(calendar_or_404(world, request)["id"], request.args["event"])
    if rec is None:
        raise ApiError(404, "notFound", "no such event")
    body = body_of(request)
    odd = {**rec.get("odd", {}), **body}
    shelf.put({**rec, "odd": {k: v for k, v in odd.items() if v is not None}})
    return json_response(rec["e"])
