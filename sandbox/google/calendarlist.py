"""calendarList: the calendars a user sees, with role, colour, and what changed since a token."""

from ..http.message import Response, json_response
from .access import ROLES, at_least, calendar_for, caller_of, limited, role_on
from .calendars import subscribe
from .cursors import Cursors
from .errors import bad, invalid, not_found
from .etags import check_if_match, etag_of
from .events import body_of
from .listing import cut, flag, number, one

COLOURS = {"14": "#9fe1e7", "16": "#4986e7", "8": "#16a765", "24": "#a47ae2", "11": "#fbe983"}
LIST = "/users/me/calendarList"
EDITABLE = (
    "summaryOverride",
    "hidden",
    "selected",
    "colorId",
    "defaultReminders",
    "backgroundColor",
    "foregroundColor",
)


def add_routes(router):
    """Paths under /users/me/calendarList."""
    router.add("GET", LIST, "calendarList.list", list_entries)
    router.add("POST", LIST, "calendarList.insert", insert, writes=True)
    router.add("GET", LIST + "/{calendar}", "calendarList.get", get)
    router.add("PATCH", LIST + "/{calendar}", "calendarList.patch", patch, writes=True)
    router.add("PUT", LIST + "/{calendar}", "calendarList.update", patch, writes=True)
    router.add("DELETE", LIST + "/{calendar}", "calendarList.delete", delete, writes=True)


def table(world):
    """Entries by `user|calendar`."""
    return world.store.table("google.entries")


def present_entry(world, caller, entry):
    """The CalendarListEntry resource; a calendar that is gone leaves its id only."""
    calendar = world.store.table("google.calendars").get(entry["calendar"])
    shown = {
        "kind": "calendar#calendarListEntry",
        "etag": etag_of(entry["rev"]),
        "id": entry["calendar"],
    }
    role = role_on(calendar, caller.user) if calendar else "none"
    if entry["deleted"] or role == "none":
        return {**shown, "deleted": True}
    colour = COLOURS.get(entry["colorId"], "#9fe1e7")
    shown.update(summary=calendar["summary"], timeZone=calendar["timeZone"], accessRole=role)
    shown.update(colorId=entry["colorId"], backgroundColor=colour, foregroundColor="#000000")
    shown["defaultReminders"] = entry["defaultReminders"]
    shown["conferenceProperties"] = {"allowedConferenceSolutionTypes": ["hangoutsMeet"]}
    for name in ("description", "location"):
        if calendar.get(name):
            shown[name] = calendar[name]
    for name in ("summaryOverride", "hidden", "selected"):
        if entry.get(name):
            shown[name] = entry[name]
    if calendar["primary"] and calendar["id"] == caller.user:
        shown["primary"] = True
    elif not calendar["primary"] and calendar["dataOwner"]:
        shown["dataOwner"] = calendar["dataOwner"]
    return shown


def list_entries(world, request):
    """All entries, or those that changed since a sync token (deleted and hidden ones too)."""
    caller = caller_of(world, request, "calendarList.list")
    query, cursors, last, top = request.query, Cursors(world), None, world.meta.get("next.rev", 0)
    query = {k: v for k, v in query.items() if k in _KNOWN}
    if one(query, "pageToken"):
        query, last, top = cursors.read_page(one(query, "pageToken"), "calendarList", query)
    since = _since(cursors, caller, query)
    items = []
    for entry in table(world).values():
        if entry["user"] == caller.user and _wanted(world, caller, entry, query, since):
            items.append(((entry["rev"],), present_entry(world, caller, entry)))
    page, more = cut(sorted(items, key=lambda p: p[0]), last, number(query, "maxResults", 100, 250))
    answer = {
        "kind": "calendar#calendarList",
        "etag": etag_of(top),
        "items": [shown for _key, shown in page],
    }
    if more:
        keep = {k: v for k, v in query.items() if k not in ("pageToken", "maxResults")}
        answer["nextPageToken"] = cursors.page("calendarList", keep, list(page[-1][0]), top)
    else:
        answer["nextSyncToken"] = cursors.sync("calendarList", caller.user, top, {})
    return json_response(answer)


_KNOWN = (
    "maxResults",
    "minAccessRole",
    "pageToken",
    "showDeleted",
    "showHidden",
    "syncToken",
    "showOwnOrganizationOnly",
)


def _since(cursors, caller, query):
    if not one(query, "syncToken"):
        return None
    for name in ("minAccessRole", "showOwnOrganizationOnly"):
        if query.get(name):
            raise bad(
                "syncTokenWithRequestRestrictions", f"Sync token cannot be used with {name}.", name
            )
    return cursors.read_sync(one(query, "syncToken"), "calendarList", caller.user, {})


def _wanted(world, caller, entry, query, since):
    calendar = world.store.table("google.calendars").get(entry["calendar"])
    role = limited(caller, calendar, role_on(calendar, caller.user)) if calendar else "none"
    gone = entry["deleted"] or role == "none"
    if since is not None:
        return entry["rev"] > since
    if gone:
        return flag(query, "showDeleted")
    if entry.get("hidden") and not flag(query, "showHidden"):
        return False
    least = one(query, "minAccessRole")
    if least and least not in ROLES:
        raise invalid(f"Invalid value '{least}'.", "minAccessRole")
    return not least or at_least(role, least)


def _entry(world, caller, calendar_id):
    real = caller.user if calendar_id == "primary" else calendar_id
    entry = table(world).get(f"{caller.user}|{real}")
    if entry is None or entry["deleted"]:
        raise not_found()
    return entry


def get(world, request):
    """One entry."""
    caller = caller_of(world, request, "calendarList.get")
    entry = _entry(world, caller, request.args["calendar"])
    return json_response(present_entry(world, caller, entry), ETag=etag_of(entry["rev"]))


def insert(world, request):
    """Subscribe to a calendar that the user may see."""
    caller = caller_of(world, request, "calendarList.insert")
    body = body_of(request)
    if not body.get("id"):
        raise bad("required", "Missing calendar id.", "id")
    calendar, _role = calendar_for(world, caller, body["id"])
    facts = {name: body[name] for name in EDITABLE if name in body}
    return json_response(
        present_entry(world, caller, subscribe(world, caller.user, calendar["id"], **facts))
    )


def patch(world, request):
    """Change how the user sees a calendar."""
    caller = caller_of(world, request, "calendarList.patch")
    entry = dict(_entry(world, caller, request.args["calendar"]))
    check_if_match(request, etag_of(entry["rev"]))
    body = body_of(request)
    entry.update({name: body[name] for name in EDITABLE if body.get(name) is not None})
    entry["rev"] = world.next_number("rev")
    table(world).save(f"{entry['user']}|{entry['calendar']}", entry)
    return json_response(present_entry(world, caller, entry))


def delete(world, request):
    """Take a calendar off the list; one's own primary calendar stays."""
    caller = caller_of(world, request, "calendarList.delete")
    entry = _entry(world, caller, request.args["calendar"])
    if entry["calendar"] == caller.user:
        raise invalid("Cannot remove the primary calendar.")
    gone = {**entry, "deleted": True, "rev": world.next_number("rev")}
    table(world).save(f"{entry['user']}|{entry['calendar']}", gone)
    return Response(204)
