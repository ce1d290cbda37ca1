"""Events one by one: create, get, change, delete, answer, cancel."""

from ..http.message import Response
from . import extensions
from .access import READ, WRITE, caller_of, place_of, place_of_event, require
from .answers import call_off, respond
from .bodies import answered, body_of, context, preferences, selected
from .calendars import CONTAINERS, USER
from .copies import is_organizers
from .errors import bad, not_found
from .mailer import Mailer
from .present import present
from .shelf import Item
from .writes import change, check_if_match, create, remove

RESPONSES = {
    "accept": "accepted",
    "tentativelyAccept": "tentativelyAccepted",
    "decline": "declined",
}
MODES = {"409": 409, "400": 400}


def add_routes(router):
    """Paths of events, under every way to name their calendar."""
    for container in CONTAINERS:
        one = USER + container + "/events/{event}"
        router.add("POST", USER + container + "/events", "events.create", insert, writes=True)
        router.add("GET", one, "events.get", get)
        router.add("PATCH", one, "events.update", patch, writes=True)
        router.add("DELETE", one, "events.delete", delete, writes=True)
        for action in RESPONSES:
            router.add("POST", f"{one}/{action}", f"events.{action}", answer, writes=True)
        router.add("POST", one + "/cancel", "events.cancel", cancel, writes=True)
        router.add("POST", one + "/permanentDelete", "events.delete", delete, writes=True)
        router.add("POST", one + "/snoozeReminder", "events.snoozeReminder", nothing)
        router.add("POST", one + "/dismissReminder", "events.dismissReminder", nothing)
        router.add("POST", one + "/forward", "events.forward", forward, writes=True)


def item_of(world, request, scopes=READ, wanted="read"):
    """`(caller, place, item)` of a path; 404 when the event is not in that calendar."""
    caller = caller_of(world, request, scopes)
    item = world.services["microsoft"].shelf.find(request.args["event"])
    place = place_of_event(world, caller, item.rec)
    named = request.args.get("cal") or request.path.split("/events/")[0].endswith("/calendar")
    if named or request.args["user"] != "me":
        through = place_of(world, caller, request)
        if named and through.calendar["id"] != item.rec["cal"]:
            raise not_found()
        if through.calendar["box"] != item.rec["box"]:
            raise not_found()
    require(caller, place, wanted)
    return caller, place, item


def insert(world, request):
    """POST: the same transactionId again is the same event, or an error, by setting."""
    caller = caller_of(world, request, WRITE)
    place = place_of(world, caller, request, "write")
    body, prefs = body_of(request), preferences(request)
    if body.get("extensions") and place.shared:
        raise extensions.delegate_refusal()
    known = earlier(world, place, body.get("transactionId"))
    if known is not None:
        return repeated(world, request, known, prefs, place)
    item = create(world, place, body, Mailer(world, "events.create"))
    extensions.take_inline(world, item, body)
    remember(world, place, item)
    response = answered(resource(world, request, item, prefs, place), prefs, 201)
    response.headers["Location"] = (
        f"{request.base_url}/v1.0/me/events('{item.id(prefs.immutable)}')"
    )
    return response


def earlier(world, place, transaction):
    """The event that was made with this transactionId in this mailbox, or None."""
    if not transaction:
        return None
    key = world.store.table("ms.transactions").get(f"{place.calendar['box']}|{transaction}")
    rec = world.services["microsoft"].shelf.table.get(key["key"]) if key else None
    ttl_s = world.setting("microsoft.transaction_ttl_s")
    if key and ttl_s and world.clock.timestamp() - key["at"] > ttl_s:
        return None
    return Item(rec) if rec else None


def remember(world, place, item):
    """Keep the transactionId of a new event."""
    transaction = item.e.get("transactionId")
    if transaction:
        facts = {"key": item.rec["key"], "at": world.clock.timestamp()}
        world.store.table("ms.transactions").save(f"{place.calendar['box']}|{transaction}", facts)


def repeated(world, request, item, prefs, place):
    """What a repeated transactionId is answered."""
    mode = world.setting("microsoft.duplicate_transaction")
    if mode in MODES:
        error = bad("ErrorDuplicateTransactionId", "The transactionId was used before.")
        error.status = MODES[mode]
        raise error
    return answered(resource(world, request, item, prefs, place), prefs, 201)


def resource(world, request, item, prefs, place):
    """The event with its context and what was expanded."""
    shown = present(world, item, prefs, place)
    extensions.expand(world, request, item, shown, prefs, place)
    return {"@odata.context": context(request, "users/events/$entity"), **selected(request, shown)}


def get(world, request):
    """One event, occurrence or master."""
    _caller, place, item = item_of(world, request)
    prefs = preferences(request)
    return answered(resource(world, request, item, prefs, place), prefs)


def patch(world, request):
    """Change what is named."""
    _caller, place, item = item_of(world, request, WRITE, "write")
    check_if_match(request, item)
    prefs, body = preferences(request), body_of(request)
    item = change(world, item, body, "events.update")
    if body.get("singleValueExtendedProperties"):
        extensions.take_properties(world, item, body)
    return answered(resource(world, request, item, prefs, place), prefs)


def delete(world, request):
    """Gone; as organizer, guests are told."""
    _caller, _place, item = item_of(world, request, WRITE, "write")
    check_if_match(request, item)
    remove(world, item, "events.delete")
    return Response(204)


def answer(world, request):
    """accept, tentativelyAccept, decline."""
    _caller, _place, item = item_of(world, request, WRITE, "write")
    action, body = request.path.rsplit("/", 1)[1], body_of(request)
    send = body.get("sendResponse", True)
    if body.get("proposedNewTime") and not item.e["allowNewTimeProposals"]:
        raise bad("ErrorInvalidRequest", "New time proposals are not allowed for this meeting.")
    respond(world, item, RESPONSES[action], body.get("comment") or "", send, f"events.{action}")
    return Response(202)


def cancel(world, request):
    """The organizer calls off, with a comment."""
    _caller, _place, item = item_of(world, request, WRITE, "write")
    if not is_organizers(item.rec):
        text = "Your request can't be completed. You need to be an organizer to cancel a meeting."
        raise bad("ErrorAccessDenied", text)
    body = body_of(request)
    comment = body.get("comment") or body.get("Comment") or ""
    call_off(world, item, Mailer(world, "events.cancel"), comment)
    return Response(202)


def forward(world, request):
    """The organizer's meeting goes to more people; here only the mail is noted."""
    _caller, _place, item = item_of(world, request, WRITE)
    for to in body_of(request).get("toRecipients") or []:
        Mailer(world, "events.forward").mail(
            "invitation", item.e, item, to["emailAddress"]["address"]
        )
    return Response(202)


def nothing(world, request):
    """Reminders are not played."""
    item_of(world, request, WRITE)
    return Response(202)
