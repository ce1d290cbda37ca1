"""Calendars as things: create, share, read, change, delete."""

import secrets

from ..http.message import Response, json_response
from .access import at_least, calendar_for, caller_of
from .errors import forbidden, invalid
from .etags import check_if_match, etag_of
from .when import zone

EDITABLE = ("summary", "description", "location", "timeZone", "autoAcceptInvitations")
GROUP_DOMAIN = "group.calendar.google.com"


def new_calendar(world, owner, summary, **facts):
    """Store a calendar owned by `owner`; returns it. It is in nobody's list yet."""
    calendar = {
        "id": facts.get("id") or f"c_{secrets.token_hex(16)}@{GROUP_DOMAIN}",
        "summary": summary,
        "timeZone": facts.get("timeZone", "Europe/Berlin"),
        "dataOwner": owner,
        "primary": bool(facts.get("primary")),
        "app": facts.get("app", ""),
        "acl": {owner: "owner"} if owner else {},
        "rev": world.next_number("rev"),
    }
    for name in ("description", "location"):
        if facts.get(name):
            calendar[name] = facts[name]
    return world.store.table("google.calendars").save(calendar["id"], calendar)


def share(world, calendar_id, who, role):
    """Give (or with `none` take) a role on a calendar; `*` is everybody."""
    table = world.store.table("google.calendars")
    calendar = table[calendar_id]
    calendar["acl"].pop(who, None)
    if role != "none":
        calendar["acl"][who] = role
    table.save(calendar_id, calendar)


def subscribe(world, user, calendar_id, **entry):
    """Put a calendar on a user's list."""
    table = world.store.table("google.entries")
    facts = {"user": user, "calendar": calendar_id, "colorId": "14", "selected": True}
    facts["defaultReminders"] = [{"method": "popup", "minutes": 10}] if user == calendar_id else []
    facts.update(entry, deleted=False, rev=world.next_number("rev"))
    return table.save(f"{user}|{calendar_id}", facts)


def present_calendar(world, calendar):
    """The Calendar resource; working hours only for primary Workspace calendars."""
    resource = {
        "kind": "calendar#calendar",
        "etag": etag_of(calendar["rev"]),
        "id": calendar["id"],
        "summary": calendar["summary"],
        "timeZone": calendar["timeZone"],
        "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
    }
    for name in ("description", "location", "autoAcceptInvitations"):
        if calendar.get(name):
            resource[name] = calendar[name]
    if not calendar["primary"] and calendar["dataOwner"]:
        resource["dataOwner"] = calendar["dataOwner"]
    user = world.store.table("google.users").get(calendar["id"], {})
    if calendar["primary"] and user.get("kind") == "workspace" and user.get("working_hours"):
        resource["workingHours"] = user["working_hours"]
    return resource


def add_routes(router):
    """Paths under /calendars."""
    router.add("POST", "/calendars", "calendars.insert", insert, writes=True)
    router.add("GET", "/calendars/{calendar}", "calendars.get", get)
    router.add("PATCH", "/calendars/{calendar}", "calendars.patch", patch, writes=True)
    router.add("PUT", "/calendars/{calendar}", "calendars.update", patch, writes=True)
    router.add("DELETE", "/calendars/{calendar}", "calendars.delete", delete, writes=True)
    router.add("POST", "/calendars/{calendar}/clear", "calendars.clear", clear, writes=True)


def insert(world, request):
    """Make a secondary calendar and put it on the owner's list."""
    caller = caller_of(world, request, "calendars.insert")
    body = _body(request)
    if not body.get("summary"):
        raise invalid("Missing summary.")
    user = world.store.table("google.users")[caller.user]
    facts = {name: body[name] for name in EDITABLE if body.get(name)}
    facts.setdefault("timeZone", user["timezone"])
    facts.pop("summary")
    calendar = new_calendar(world, caller.user, body["summary"], app=caller.client_id, **facts)
    subscribe(world, caller.user, calendar["id"])
    return json_response(present_calendar(world, calendar))


def get(world, request):
    """Metadata of a calendar."""
    caller = caller_of(world, request, "calendars.get")
    calendar, _role = calendar_for(world, caller, request.args["calendar"])
    return json_response(present_calendar(world, calendar), ETag=etag_of(calendar["rev"]))


def patch(world, request):
    """Change metadata (owners only)."""
    caller = caller_of(world, request, "calendars.patch")
    calendar, _role = calendar_for(world, caller, request.args["calendar"], "owner")
    check_if_match(request, etag_of(calendar["rev"]))
    for name, value in _body(request).items():
        if name in EDITABLE:
            calendar[name] = value
    calendar["rev"] = world.next_number("rev")
    world.store.table("google.calendars").save(calendar["id"], calendar)
    return json_response(present_calendar(world, calendar))


def delete(world, request):
    """Delete a secondary calendar with its events."""
    caller = caller_of(world, request, "calendars.delete")
    calendar, role = calendar_for(world, caller, request.args["calendar"], "freeBusyReader")
    if calendar["primary"]:
        raise invalid("Cannot delete a primary calendar.")
    if not at_least(role, "owner"):
        raise forbidden("requiredAccessLevel", "You need to have owner access to this calendar.")
    remove_calendar(world, calendar["id"])
    return Response(204)


def remove_calendar(world, calendar_id):
    """Forget a calendar, its events, and its place on everybody's list."""
    world.services["google"].shelf.forget_calendar(calendar_id)
    world.store.table("google.calendars").drop(calendar_id)
    entries = world.store.table("google.entries")
    for key, entry in list(entries.items()):
        if entry["calendar"] == calendar_id:
            entries.save(key, {**entry, "deleted": True, "rev": world.next_number("rev")})


def clear(world, request):
    """Delete all events of a primary calendar."""
    caller = caller_of(world, request, "calendars.clear")
    calendar, _role = calendar_for(world, caller, request.args["calendar"], "owner")
    if not calendar["primary"]:
        raise invalid("Only a primary calendar can be cleared.")
    shelf = world.services["google"].shelf
    for rec in list(shelf.of(calendar["id"])):
        if rec["e"]["status"] != "cancelled" and not rec["e"].get("recurringEventId"):
            shelf.cancel(rec)
    return Response(204)


def _body(request):
    try:
        body = request.json()
    except ValueError:
        raise invalid("Parse Error") from None
    if not isinstance(body, dict):
        raise invalid("Parse Error")
    if body.get("timeZone"):
        zone(body["timeZone"])
    return body
