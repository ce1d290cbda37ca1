"""Calendars and calendar groups: list, make, share, change, delete."""

import secrets

from ..http.message import Response, json_response
from .access import READ, WRITE, caller_of, mailbox_of, place_of
from .bodies import body_of, collection
from .errors import bad, denied, not_found

COLORS = {
    "auto": "#0f6cbd",
    "lightBlue": "#a6d1f5",
    "lightGreen": "#87d28e",
    "lightOrange": "#fcab73",
    "lightGray": "#c0c0c0",
    "lightYellow": "#f5f05b",
    "lightTeal": "#4adacc",
    "lightPink": "#ff8bb5",
    "lightBrown": "#e3b68f",
    "lightRed": "#fe8c86",
}
CONTAINERS = ("", "/calendar", "/calendars/{cal}", "/calendarGroups/{group}/calendars/{cal}")
USER = "/graph/users/{user}"
GROUP_NAME = "My Calendars"


def new_id(letter="A"):
    """An id that looks like Exchange's: long, case-sensitive, with a `=` at its end."""
    return f"{letter}QMkADAwATM0{secrets.token_urlsafe(60)}="


def new_calendar(world, box, name, **facts):
    """Store a calendar of a mailbox; returns it."""
    calendar = {
        "id": facts.get("id") or new_id(),
        "box": box,
        "name": name,
        "color": facts.get("color", "auto"),
        "default": bool(facts.get("default")),
        "readonly": bool(facts.get("readonly")),
        "group": facts.get("group", ""),
        "rev": world.next_number("rev"),
    }
    return world.store.table("ms.calendars").save(calendar["id"], calendar)


def share(world, calendar_id, user, role):
    """Let another account see the calendar in its list; role `none` takes it away."""
    links = world.store.table("ms.links")
    for link in list(links.values()):
        if (link["box"], link["target"]) == (user, calendar_id):
            links.drop(link["id"])
    if role == "none":
        return None
    link = {"id": new_id(), "box": user, "target": calendar_id, "role": role, "group": ""}
    link |= {"private": False, "rev": world.next_number("rev")}
    return links.save(link["id"], link)


def entries_of(world, box, group=None):
    """`(entry, calendar)` pairs of a mailbox's list: own ones, then shared ones."""
    calendars, links = world.store.table("ms.calendars"), world.store.table("ms.links")
    pairs = [(c, c) for c in calendars.values() if c["box"] == box]
    pairs += [(k, calendars[k["target"]]) for k in links.values() if k["box"] == box]
    return [pair for pair in pairs if group is None or pair[0]["group"] == group]


def present_calendar(world, entry, calendar):
    """The calendar resource; a link shows the owner's calendar under an id of its own."""
    owner = world.store.table("ms.users").get(calendar["box"], {})
    mine = entry is calendar
    teams = owner.get("kind") == "work" and mine
    role = "owner" if mine else entry["role"]
    name = calendar["name"] if mine else shared_name(calendar, owner)
    return {
        "id": entry["id"],
        "name": name,
        "color": calendar["color"],
        "hexColor": "" if calendar["color"] == "auto" else COLORS.get(calendar["color"], ""),
        "isDefaultCalendar": mine and calendar["default"],
        "changeKey": f"ck{max(entry['rev'], calendar['rev']):020d}",
        "canShare": mine and not calendar["readonly"],
        "canViewPrivateItems": mine or entry["private"],
        "canEdit": role in ("owner", "write") and not calendar["readonly"],
        "allowedOnlineMeetingProviders": ["teamsForBusiness"] if teams else [],
        "defaultOnlineMeetingProvider": "teamsForBusiness" if teams else "unknown",
        "isTallyingResponses": mine and calendar["default"],
        "isRemovable": not (mine and calendar["default"]),
        "owner": {"name": owner.get("name", ""), "address": calendar["box"]},
    }


def shared_name(calendar, owner):
    """A shared default calendar is shown under its owner's name."""
    return owner.get("name", "") if calendar["default"] else calendar["name"]


def add_routes(router):
    """Paths of calendars and groups."""
    router.add("GET", USER + "/calendars", "calendars.list", list_calendars)
    router.add("POST", USER + "/calendars", "calendars.create", create, writes=True)
    router.add("GET", USER + "/calendar", "calendars.get", get)
    router.add("PATCH", USER + "/calendar", "calendars.update", patch, writes=True)
    router.add("GET", USER + "/calendars/{cal}", "calendars.get", get)
    router.add("PATCH", USER + "/calendars/{cal}", "calendars.update", patch, writes=True)
    router.add("DELETE", USER + "/calendars/{cal}", "calendars.delete", delete, writes=True)
    groups = USER + "/calendarGroups"
    router.add("GET", groups, "calendarGroups.list", list_groups)
    router.add("POST", groups, "calendarGroups.create", create_group, writes=True)
    router.add("GET", groups + "/{group}/calendars", "calendars.list", list_calendars)
    router.add("POST", groups + "/{group}/calendars", "calendars.create", create, writes=True)


def group_key(request):
    """The stored group of a path; the first group is ''."""
    group = request.args.get("group")
    return "" if group and group.startswith("AQMkMINE") else group


def list_calendars(world, request):
    """Own calendars and those that others share, page by page."""
    caller = caller_of(world, request, READ)
    box = mailbox_of(world, caller, request)
    if box != caller.user:
        raise denied()
    pairs = entries_of(world, box, group_key(request))
    wanted = request.param("$filter", "")
    found = [present_calendar(world, *pair) for pair in pairs]
    if wanted.startswith("name eq "):
        found = [c for c in found if c["name"] == wanted[8:].strip("'")]
    return collection(request, "users/calendars", found)


def get(world, request):
    """One calendar."""
    caller = caller_of(world, request, READ)
    place = place_of(world, caller, request)
    return json_response(present_calendar(world, place.entry, place.calendar))


def create(world, request):
    """Make a calendar; a name is taken only once."""
    caller = caller_of(world, request, WRITE)
    body = body_of(request)
    name = (body.get("name") or "").strip()
    if not name:
        raise bad("ErrorInvalidRequest", "Property 'name' must not be empty.")
    own = (c for e, c in entries_of(world, caller.user) if e is c)
    if any(c["name"].lower() == name.lower() for c in own):
        raise bad("ErrorFolderExists", "A folder with the specified name already exists.")
    facts = {"color": body.get("color", "auto"), "group": group_key(request) or ""}
    calendar = new_calendar(world, caller.user, name, **facts)
    return json_response(present_calendar(world, calendar, calendar), 201)


def patch(world, request):
    """Change name or colour."""
    caller = caller_of(world, request, WRITE)
    place = place_of(world, caller, request, "write")
    calendar = place.calendar
    for name, value in body_of(request).items():
        if name in ("name", "color"):
            calendar[name] = value
    calendar["rev"] = world.next_number("rev")
    world.store.table("ms.calendars").save(calendar["id"], calendar)
    return json_response(present_calendar(world, place.entry, calendar))


def delete(world, request):
    """Delete an own calendar with its events, or take a shared one off the list."""
    caller = caller_of(world, request, WRITE)
    place = place_of(world, caller, request)
    if place.entry is not place.calendar:
        world.store.table("ms.links").drop(place.entry["id"])
        return Response(204)
    if place.calendar["default"]:
        raise bad("ErrorDeleteDistinguishedFolder", "Distinguished folders cannot be deleted.")
    remove_calendar(world, place.calendar["id"])
    return Response(204)


def remove_calendar(world, calendar_id):
    """Forget a calendar, its events and the links to it."""
    world.services["microsoft"].shelf.forget_calendar(calendar_id)
    world.store.table("ms.calendars").drop(calendar_id)
    links = world.store.table("ms.links")
    for link in [k for k in links.values() if k["target"] == calendar_id]:
        links.drop(link["id"])


def list_groups(world, request):
    """The first group, which everybody has, and those that were made."""
    caller = caller_of(world, request, READ)
    made = world.store.table("ms.groups").values()
    mine = {"id": "AQMkMINE=", "name": GROUP_NAME, "changeKey": "ck0"}
    mine["classId"] = "0006f0b7-0000-0000-c000-000000000046"
    own = [{k: v for k, v in g.items() if k != "box"} for g in made if g["box"] == caller.user]
    return collection(request, "users/calendarGroups", [mine, *own])


def create_group(world, request):
    """Make a group."""
    caller = caller_of(world, request, WRITE)
    name = body_of(request).get("name")
    if not name:
        raise not_found("A name is needed.")
    group = {"id": new_id(), "name": name, "changeKey": f"ck{world.next_number('rev')}"}
    world.store.table("ms.groups").save(group["id"], {**group, "box": caller.user})
    return json_response(group, 201)
