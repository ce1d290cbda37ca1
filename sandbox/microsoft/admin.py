"""The admin API of the simulated Microsoft: accounts, apps, tokens, raw and bulk events."""

from ..admin import AdminService, body_of
from ..http.message import json_response
from ..service import ApiError
from .access import ALL_SCOPES, Place, default_calendar
from .accounts import accounts, change_account, create_account, tenant_of
from .calendars import new_calendar, remove_calendar, share
from .facts import describe
from .grants import OIDC, Grants
from .mailer import Mailer
from .seed import CLIENT_ID
from .shelf import Item
from .subscriptions import table_of
from .writes import create

ROOT = "/admin/microsoft"
LIFECYCLE = ("reauthorizationRequired", "subscriptionRemoved", "missed")


class MicrosoftAdmin(AdminService):
    """JSON under `/admin/microsoft`."""

    name = "microsoft-admin"

    def __init__(self, world):
        super().__init__(world)
        self.router.routes.clear()
        add = self.router.add
        add("GET", ROOT + "/users", "users.list", list_users)
        add("POST", ROOT + "/users", "users.add", add_user)
        add("PATCH", ROOT + "/users/{email}", "users.change", change_user)
        add("POST", ROOT + "/users/{email}/revoke", "users.revoke", revoke)
        add("POST", ROOT + "/users/{email}/reset_password", "users.password", reset_password)
        add("POST", ROOT + "/users/{email}/expire_tokens", "users.expire", expire_tokens)
        add("POST", ROOT + "/users/{email}/expire_sync", "users.expire_sync", expire_sync)
        add("PATCH", ROOT + "/tenants/{domain}", "tenants.change", change_tenant)
        add("POST", ROOT + "/tokens", "tokens.add", add_token)
        add("POST", ROOT + "/clients", "clients.add", add_client)
        add("PATCH", ROOT + "/clients/{client}", "clients.change", change_client)
        add("GET", ROOT + "/calendars", "calendars.list", list_calendars)
        add("POST", ROOT + "/calendars", "calendars.add", add_calendar)
        one = ROOT + "/calendars/{calendar}"
        add("DELETE", one, "calendars.remove", delete_calendar)
        add("POST", one + "/share", "calendars.share", share_calendar)
        add("GET", one + "/events", "events.dump", dump_events)
        add("POST", one + "/events", "events.bulk", bulk_events)
        add("POST", ROOT + "/events/{event}/move", "events.move", move_event)
        add("PATCH", ROOT + "/events/{event}", "events.raw", raw_event)
        add("GET", ROOT + "/subscriptions", "subscriptions.list", list_subscriptions)
        add("POST", ROOT + "/subscriptions/{id}/lifecycle", "subscriptions.event", lifecycle)


def user_or_404(world, email):
    """The account; 404 when there is none."""
    user = accounts(world).get(email.lower())
    if user is None:
        raise ApiError(404, "notFound", f"no account {email}")
    return user


def list_users(world, request):
    """All accounts, rooms too."""
    return json_response({"users": [describe(world, user) for user in accounts(world).values()]})


def refused(function, *args, **values):
    """Call, and turn a wrong value into a 400."""
    try:
        return function(*args, **values)
    except (ValueError, TypeError) as error:
        raise ApiError(400, "invalid", str(error)) from None


def add_user(world, request):
    """Make an account with its default calendar."""
    body = body_of(request)
    user = refused(create_account, world, body.pop("email", ""), **body)
    return json_response(describe(world, user), 201)


def change_user(world, request):
    """Change facts and switches of an account (`mfa_required`, `token_error`, …)."""
    user_or_404(world, request.args["email"])
    user = refused(change_account, world, request.args["email"], **body_of(request))
    if user["disabled"]:
        end_subscriptions(world, user["email"])
    return json_response(describe(world, user))


def revoke(world, request):
    """`{by: user|admin, client_id?, keep_access?}`: consent taken back, or sessions revoked."""
    user, body = user_or_404(world, request.args["email"]), body_of(request)
    number = 50173 if body.get("by") == "admin" else 65001
    grants, keep = Grants(world), bool(body.get("keep_access"))
    ended = grants.revoke(user["email"], body.get("client_id", ""), number, keep)
    if number == 50173:
        end_subscriptions(world, user["email"])
    return json_response({"ended": ended})


def end_subscriptions(world, email):
    """Subscriptions made with a user's token end with it; their owner is told."""
    for sub in [s for s in table_of(world).values() if s["user"] == email]:
        table_of(world).drop(sub["id"])
        world.services["microsoft"].dispatcher.lifecycle(sub, "subscriptionRemoved")


def reset_password(world, request):
    """`{by: user|admin, password?}`: only an admin's reset ends the grants of web apps."""
    user, body = user_or_404(world, request.args["email"]), body_of(request)
    change_account(world, user["email"], password=body.get("password", "changed"))
    if body.get("by") != "admin":
        return json_response({"ended": 0})
    end_subscriptions(world, user["email"])
    return json_response({"ended": Grants(world).revoke(user["email"], "", 50173)})


def expire_tokens(world, request):
    """Access tokens end, refresh tokens live on; `{refresh: number}` ends those too."""
    user, body = user_or_404(world, request.args["email"]), body_of(request)
    grants = Grants(world)
    if body.get("refresh"):
        grants.revoke(user["email"], "", int(body["refresh"]), True)
    return json_response({"ended": grants.expire_access(user["email"])})


def expire_sync(world, request):
    """Delta links given so far are worth nothing any more (410)."""
    user = user_or_404(world, request.args["email"])
    world.services["microsoft"].expire_sync(user["email"])
    return json_response({})


def change_tenant(world, request):
    """`{admin_consent: bool, approved: [scopes]}`: only an administrator may allow apps."""
    tid = tenant_of(request.args["domain"])
    table = world.store.table("ms.tenants")
    return json_response(table.save(tid, {**table.get(tid, {}), **body_of(request)}) | {"tid": tid})


def add_token(world, request):
    """Tokens without the consent page: `{user, client_id?, scopes?, expires_in?, mfa?}`."""
    body, grants = body_of(request), Grants(world)
    user = user_or_404(world, body.get("user", ""))
    client_id = body.get("client_id", CLIENT_ID)
    scopes = body.get("scopes") or ALL_SCOPES
    scopes = sorted({*scopes, "offline_access"})
    names = [s for s in scopes if s not in OIDC]
    grants.consent(user["email"], client_id, names)
    life_s = body.get("expires_in", int(world.setting("microsoft.access_token_ttl_s")))
    access = grants.issue_access(user["email"], client_id, names, life_s)
    refresh = grants.issue_refresh(user["email"], client_id, scopes, bool(body.get("mfa")))
    return json_response({"access_token": access, "refresh_token": refresh, "scopes": names}, 201)


def add_client(world, request):
    """Register an app: `{name, redirect_uris, audience, tenant, secret_expired}`."""
    body = body_of(request)
    if "." in body.get("tenant", ""):
        body["tenant"] = tenant_of(body["tenant"])
    return json_response(refused(Grants(world).register, **body), 201)


def change_client(world, request):
    """Change an app's facts."""
    clients = Grants(world).clients
    if request.args["client"] not in clients:
        raise ApiError(404, "notFound", "no such app")
    client = {**clients[request.args["client"]], **body_of(request)}
    return json_response(clients.save(request.args["client"], client))


def list_calendars(world, request):
    """All calendars, and who sees them."""
    links = list(world.store.table("ms.links").values())
    calendars = list(world.store.table("ms.calendars").values())
    return json_response({"calendars": calendars, "links": links})


def add_calendar(world, request):
    """Make a calendar: `{owner, name, color?, readonly?, subscribers?: {email: role}}`."""
    body = body_of(request)
    owner = user_or_404(world, body.get("owner", ""))["email"]
    facts = {name: body[name] for name in ("color", "readonly") if name in body}
    calendar = new_calendar(world, owner, body.get("name", "Calendar 2"), **facts)
    for email, role in (body.get("subscribers") or {}).items():
        share(world, calendar["id"], email, role)
    return json_response(calendar, 201)


def calendar_or_404(world, request):
    """The calendar of the path, by id, or by its owner's address for the default one."""
    named = request.args["calendar"]
    if named.lower() in accounts(world):
        return default_calendar(world, named.lower())
    calendar = world.store.table("ms.calendars").get(named)
    if calendar is None:
        raise ApiError(404, "notFound", f"no calendar {named}")
    return calendar


def delete_calendar(world, request):
    """The calendar is gone, whoever used it."""
    remove_calendar(world, calendar_or_404(world, request)["id"])
    return json_response({})


def share_calendar(world, request):
    """`{user, role}` with role freeBusyRead, read, write, or none; answers the link."""
    body = body_of(request)
    link = share(world, calendar_or_404(world, request)["id"], body["user"].lower(), body["role"])
    return json_response(link or {})


def dump_events(world, request):
    """Every stored record of a calendar, as it is kept."""
    shelf = world.services["microsoft"].shelf
    return json_response({"events": shelf.of(calendar_or_404(world, request)["id"])})


def bulk_events(world, request):
    """Many events at once: `{events: [...]}`; guests get copies, nobody is mailed."""
    calendar, ids = calendar_or_404(world, request), []
    place, mailer = Place(calendar, "owner", calendar), Mailer(world, "bulk", quiet=True)
    for body in body_of(request).get("events", []):
        ids.append(create(world, place, body, mailer).id(True))
    return json_response({"ids": ids}, 201)


def move_event(world, request):
    """`{calendar}`: a person drags the event into another calendar of the mailbox."""
    shelf = world.services["microsoft"].shelf
    item = shelf.find(request.args["event"])
    request.args["calendar"] = body_of(request).get("calendar", "")
    moved = shelf.move(item.rec, calendar_or_404(world, request)["id"])
    return json_response({"id": Item(moved).id(), "immutable_id": Item(moved).id(True)})


def raw_event(world, request):
    """Overwrite stored members of an event without any check (`isDraft`, odd zones …)."""
    shelf = world.services["microsoft"].shelf
    item = shelf.find(request.args["event"])
    item.rec["e"] |= body_of(request)
    shelf.put(item.rec)
    return json_response(item.rec["e"])


def list_subscriptions(world, request):
    """All subscriptions, expired ones too."""
    return json_response({"subscriptions": list(table_of(world).values())})


def lifecycle(world, request):
    """`{event}`: reauthorizationRequired, subscriptionRemoved (which it then is), or missed."""
    sub = table_of(world).get(request.args["id"])
    event = body_of(request).get("event", "")
    if sub is None or event not in LIFECYCLE:
        raise ApiError(400, "invalid", "no such subscription or event")
    if event == "subscriptionRemoved":
        table_of(world).drop(sub["id"])
    if event == "reauthorizationRequired":
        table_of(world).save(sub["id"], {**sub, "reauthorize": True})
    world.services["microsoft"].dispatcher.lifecycle(sub, event)
    return json_response({})
