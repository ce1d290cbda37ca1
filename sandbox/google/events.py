"""The events resource: get, insert, import, patch, update, delete, move, quickAdd."""

import uuid
from datetime import timedelta

from ..clock import rfc3339
from ..http.message import Response, json_response
from ..service import ApiError
from . import conference, listing
from .access import at_least, calendar_for, caller_of
from .clean import EVENT_ID, clean, clean_guests, writable_part
from .errors import bad, invalid, not_found
from .etags import check_if_match, etag_of, is_unchanged
from .guests import is_guest_copy
from .invites import Mailer, send_choice
from .present import present
from .writes import change, create, remove

EVENTS = "/calendars/{calendar}/events"
WORKSPACE_TYPES = ("outOfOffice", "focusTime", "workingLocation")


def add_routes(router):
    """Paths under /calendars/{id}/events."""
    router.add("GET", EVENTS, "events.list", listing.list_events)
    router.add("POST", EVENTS, "events.insert", insert, writes=True)
    router.add("POST", EVENTS + "/import", "events.import", import_event, writes=True)
    router.add("POST", EVENTS + "/quickAdd", "events.quickAdd", quick_add, writes=True)
    router.add("GET", EVENTS + "/{event}", "events.get", get)
    router.add("PATCH", EVENTS + "/{event}", "events.patch", patch, writes=True)
    router.add("PUT", EVENTS + "/{event}", "events.update", update, writes=True)
    router.add("DELETE", EVENTS + "/{event}", "events.delete", delete, writes=True)
    router.add("POST", EVENTS + "/{event}/move", "events.move", move, writes=True)
    router.add("GET", EVENTS + "/{event}/instances", "events.instances", listing.list_instances)


def body_of(request):
    """The JSON object of a request; 400 `parseError` otherwise."""
    try:
        body = request.json()
    except ValueError:
        raise bad("parseError", "Parse Error") from None
    if not isinstance(body, dict):
        raise bad("parseError", "Parse Error")
    return body


def resource(world, rec, caller, role, request, status=200):
    """An answer with one event."""
    limit = listing.number(request.query, "maxAttendees", None, 10_000)
    shown = present(world, rec, caller.user, role, request.param("timeZone", ""), limit)
    return json_response(shown, status, ETag=etag_of(rec["rev"]))


def found(world, caller, request, wanted):
    """The record that a request names, with the caller's role; 404 when it is not there."""
    calendar, role = calendar_for(world, caller, request.args["calendar"], wanted)
    rec = world.services["google"].shelf.find(calendar["id"], request.args["event"])
    if rec is None:
        raise not_found()
    return rec, role


def get(world, request):
    """One event, cancelled ones too; a pending conference is ready by now."""
    caller = caller_of(world, request, "events.get")
    rec, role = found(world, caller, request, "freeBusyReader")
    fails = world.store.table("google.users").get(rec["cal"], {}).get("conference_fails", False)
    settled = conference.settle(rec["e"], fails)
    if settled is not None and not is_guest_copy(rec):
        rec = world.services["google"].settle_conference(rec, settled)
    if is_unchanged(request, etag_of(rec["rev"])):
        return Response(304, b"", {"ETag": etag_of(rec["rev"])})
    return resource(world, rec, caller, role, request)


def insert(world, request):
    """A new event, with an id of the client's choice if it gives one."""
    caller = caller_of(world, request, "events.insert")
    calendar, role = calendar_for(
        world, caller, request.args["calendar"], "writerWithoutPrivateAccess"
    )
    body = body_of(request)
    event = writable_part(body, request.query)
    event = {k: v for k, v in event.items() if v is not None}
    identify(world, calendar["id"], event, body)
    set_type(world, calendar, event, body)
    if event.get("status") == "cancelled":
        raise invalid("A new event cannot be cancelled.", "status")
    conference.take_request(event, None)
    clean(event, calendar["timeZone"], world.setting("google.rewrite_html"))
    mailer = Mailer(world, caller.user, send_choice(request.query), "insert")
    rec = create(world, calendar, caller, event, mailer)
    return resource(world, rec, caller, role, request)


def identify(world, calendar_id, event, body):
    """Give the event its id and iCalUID; 400 for a bad id, 409 for one that was ever used."""
    shelf = world.services["google"].shelf
    wanted, uid = body.get("id"), body.get("iCalUID")
    if wanted and uid:
        raise invalid("Only one of id and iCalUID may be given at creation.", "id")
    if wanted and not (isinstance(wanted, str) and EVENT_ID.fullmatch(wanted)):
        raise invalid("Invalid resource id value.", "id")
    taken = wanted and shelf.get(calendar_id, wanted) is not None
    if taken or (uid and any(r["cal"] == calendar_id for r in shelf.copies(uid))):
        raise ApiError(409, "duplicate", "The requested identifier already exists.")
    event["id"] = wanted or uuid.uuid4().hex[:26]
    event["iCalUID"] = uid or f"{event['id']}@google.com"


def set_type(world, calendar, event, body):
    """eventType is fixed at creation; some exist on primary Workspace calendars only."""
    kind = body.get("eventType") or "default"
    if kind not in ("default", "birthday", *WORKSPACE_TYPES):
        raise bad("eventTypeRestriction", f"Events of type {kind} cannot be created.", "eventType")
    user = world.store.table("google.users").get(calendar["id"], {})
    if kind in WORKSPACE_TYPES and user.get("kind") != "workspace":
        raise bad(
            "eventTypeRestriction",
            f"Events of type {kind} need a primary Workspace calendar.",
            "eventType",
        )
    event["eventType"] = kind


def import_event(world, request):
    """A private copy with a given iCalUID; nobody is mailed or invited."""
    caller = caller_of(world, request, "events.import")
    calendar, role = calendar_for(world, caller, request.args["calendar"], "writer")
    body = body_of(request)
    if not body.get("iCalUID"):
        raise bad("required", "Missing iCalUID.", "iCalUID")
    if body.get("eventType") not in (None, "default"):
        raise bad(
            "eventTypeRestriction", "Only events of type default can be imported.", "eventType"
        )
    shelf = world.services["google"].shelf
    known = [r for r in shelf.copies(body["iCalUID"]) if r["cal"] == calendar["id"]]
    if any(r["e"]["status"] != "cancelled" for r in known):
        raise ApiError(409, "duplicate", "The requested identifier already exists.")
    event = {k: v for k, v in writable_part(body, request.query).items() if v is not None}
    event.update(id="_" + uuid.uuid4().hex[:25], iCalUID=body["iCalUID"], privateCopy=True)
    clean(event, calendar["timeZone"], world.setting("google.rewrite_html"))
    organizer = body.get("organizer")
    if organizer:
        organizer = clean_guests(
            [{"email": organizer.get("email"), "displayName": organizer.get("displayName")}]
        )[0]
        organizer.pop("responseStatus")
    mailer = Mailer(world, caller.user, "none", "import")
    rec = create(world, calendar, caller, event, mailer, organizer)
    return resource(world, rec, caller, role, request)


def quick_add(world, request):
    """An hour from the next full hour, named by the text (Google reads times out of it)."""
    caller = caller_of(world, request, "events.quickAdd")
    calendar, role = calendar_for(
        world, caller, request.args["calendar"], "writerWithoutPrivateAccess"
    )
    text = request.param("text", "")
    if not text:
        raise bad("required", "Missing text.", "text")
    start = world.clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    event = {"summary": text, "start": {"dateTime": rfc3339(start)}}
    event["end"] = {"dateTime": rfc3339(start + timedelta(hours=1))}
    identify(world, calendar["id"], event, {})
    clean(event, calendar["timeZone"])
    mailer = Mailer(world, caller.user, send_choice(request.query), "quickAdd")
    return resource(world, create(world, calendar, caller, event, mailer), caller, role, request)


def patch(world, request):
    """Change the given members only."""
    return _change(world, request, "patch", replace=False)


def update(world, request):
    """Replace the event: what is left out goes back to its default."""
    return _change(world, request, "update", replace=True)


def _change(world, request, operation, replace):
    caller = caller_of(world, request, f"events.{operation}")
    rec, role = found(world, caller, request, "writerWithoutPrivateAccess")
    check_if_match(request, etag_of(rec["rev"]))
    body = body_of(request)
    changes = writable_part(body, request.query)
    if replace:
        changes = {name: value for name, value in changes.items() if value is not None}
    if body.get("attendeesOmitted"):
        changes = own_entry_only(rec, changes)
    mailer = Mailer(world, caller.user, send_choice(request.query), operation)
    rec = change(world, rec, changes, mailer, role, replace)
    return resource(world, rec, caller, role, request)


def own_entry_only(rec, changes):
    """`attendeesOmitted`: the list is cut, so it says something about the given guests only."""
    given = {g["email"]: g for g in clean_guests(changes.get("attendees") or [])}
    mine = {rec["cal"]: given[rec["cal"]]} if rec["cal"] in given else {}
    guests = [{**g, **mine.get(g["email"], {})} for g in rec["e"].get("attendees", [])]
    return {**changes, "attendees": guests} if guests else changes


def delete(world, request):
    """204; deleting again is 410 `deleted`."""
    caller = caller_of(world, request, "events.delete")
    rec, role = found(world, caller, request, "writerWithoutPrivateAccess")
    if rec["e"]["status"] == "cancelled":
        raise ApiError(410, "deleted", "Resource has been deleted")
    check_if_match(request, etag_of(rec["rev"]))
    if rec["e"].get("visibility") in ("private", "confidential") and not at_least(role, "writer"):
        raise not_found()
    remove(world, rec, Mailer(world, caller.user, send_choice(request.query), "delete"))
    return Response(204)


def move(world, request):
    """Change the organizer: the event leaves this calendar for another one."""
    caller = caller_of(world, request, "events.move")
    rec, _role = found(world, caller, request, "writer")
    target, role = calendar_for(world, caller, request.param("destination", ""), "writer")
    if rec["e"].get("eventType", "default") != "default" or rec["e"].get("recurringEventId"):
        raise bad("eventTypeRestriction", "This event cannot be moved.", "eventId")
    if is_guest_copy(rec):
        raise ApiError(403, "forbiddenForNonOrganizer", "Only the organizer's copy can be moved.")
    mailer = Mailer(world, caller.user, send_choice(request.query), "move")
    rec = world.services["google"].move(rec, target, mailer)
    return resource(world, rec, caller, role, request)
