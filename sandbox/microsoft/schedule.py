"""getSchedule and rooms."""

from .access import PLACES, READ, caller_of, find_place, mailbox_of
from .accounts import accounts, is_personal
from .bodies import answered, body_of, collection, context, preferences
from .calendars import CONTAINERS, USER
from .clean import clean_time
from .errors import bad, denied, not_found
from .mailbox import hours_of
from .present import PRIVATE
from .zones import instant_of, shown

MAX_ADDRESSES = 100
MAX_SPAN_S = 62 * 86400
MAX_ENTRIES = 1000
DIGITS = {"free": "0", "tentative": "1", "busy": "2", "oof": "3", "workingElsewhere": "4"}
WEIGHT = {"0": 0, "4": 1, "1": 2, "2": 3, "3": 4}
MESSAGES = {
    "ErrorMailRecipientNotFound": "Unable to resolve e-mail address to an Active Directory object.",
    "5006": "The result set contains too many calendar entries.",
}


def add_routes(router):
    """Paths of free/busy and places."""
    for container in CONTAINERS[1:]:
        path = USER + container + "/getSchedule"
        router.add("POST", path, "calendar.getSchedule", get_schedule)
    router.add("GET", "/graph/places/microsoft.graph.room", "places.rooms", rooms)
    router.add("GET", "/graph/places/microsoft.graph.roomlist", "places.lists", room_lists)
    within = "/graph/places/{list}/microsoft.graph.roomlist/rooms"
    router.add("GET", within, "places.rooms", rooms)
    router.add("GET", "/graph/places/{place}", "places.get", one_room)


def get_schedule(world, request):
    """Free and busy times of up to 100 addresses; each may have an error of its own."""
    caller = caller_of(world, request, READ)
    if is_personal(accounts(world)[mailbox_of(world, caller, request)]):
        raise denied("getSchedule is not available for personal accounts.")
    body, prefs = body_of(request), preferences(request)
    start, end = (clean_time(body.get(name)) for name in ("startTime", "endTime"))
    low, high = instant_of(start), instant_of(end)
    check_limits(body, low, high)
    step_s = body.get("availabilityViewInterval", 30) * 60
    found = [
        one_schedule(world, caller, str(address), low, high, step_s, prefs)
        for address in body.get("schedules") or []
    ]
    return answered(
        {"@odata.context": context(request, "scheduleInformation"), "value": found}, prefs
    )


def check_limits(body, low, high):
    """400 for too many addresses, too long a span, an odd interval."""
    if len(body.get("schedules") or []) > MAX_ADDRESSES:
        raise bad("ErrorMailboxDataArrayTooBig", "Too many mailboxes were requested.")
    if high - low > MAX_SPAN_S:
        raise bad("ErrorTimeIntervalTooBig", "The requested time duration is longer than 62 days.")
    if high <= low:
        raise bad("ErrorInvalidTimeInterval", "The end must be after the start.")
    minutes = body.get("availabilityViewInterval", 30)
    if not isinstance(minutes, int) or not 5 <= minutes <= 1440:
        raise bad("ErrorInvalidMergedFreeBusyInterval", "The interval must be 5 to 1440 minutes.")


def one_schedule(world, caller, address, low, high, step_s, prefs):
    """The answer for one address."""
    user = accounts(world).get(address.lower())
    home = accounts(world)[caller.user]["tid"]
    if user is None or user["tid"] != home:
        return failed(address, "ErrorMailRecipientNotFound")
    if user["schedule_error"]:
        return failed(address, user["schedule_error"])
    items = busy_items(world, user["email"], low, high)
    if len(items) > MAX_ENTRIES:
        return failed(address, "5006")
    place = find_place(world, caller, user["email"], None)
    open_ = place is not None and place.role in ("owner", "read", "write")
    return {
        "scheduleId": address,
        "availabilityView": view(items, low, high, step_s),
        "scheduleItems": [present_item(item, prefs, open_) for item in items],
        "workingHours": hours_of(user),
    }


def failed(address, code):
    """Unknown is not free."""
    error = {"message": MESSAGES.get(code, "Free/busy is not available."), "responseCode": code}
    return {"scheduleId": address, "availabilityView": "", "error": error}


def busy_items(world, box, low, high):
    """What the default calendar holds in a span, free things too, by start."""
    shelf, cal = world.services["microsoft"].shelf, find_default(world, box)
    found = [item for rec in shelf.of(cal) for item in shelf.in_window(rec, low, high)]
    return sorted((i for i in found if not i.e["isCancelled"]), key=lambda item: item.span)


def find_default(world, box):
    """Id of the mailbox's own calendar."""
    calendars = world.store.table("ms.calendars").values()
    return next(c["id"] for c in calendars if c["box"] == box and c["default"])


def view(items, low, high, step_s):
    """One digit per interval: what weighs most in it."""
    spans = [(*item.span, DIGITS.get(item.e["showAs"], "0")) for item in items]
    digits = []
    start = low
    while start < high:
        stop = start + step_s
        inside = [digit for begin, end, digit in spans if begin < stop and end > start]
        digits.append(max(inside, key=WEIGHT.get, default="0"))
        start = stop
    return "".join(digits)


def present_item(item, prefs, open_):
    """One entry; subject and place only for those who may read them."""
    e = item.e
    private = e["sensitivity"] in PRIVATE
    entry = {"isPrivate": private, "status": e["showAs"], "isMeeting": bool(e["attendees"])}
    entry |= {"isRecurring": bool(item.day), "isException": item.kind == "exception"}
    entry |= {n: shown(e[n], prefs.timezone, e["isAllDay"]) for n in ("start", "end")}
    if open_ and not private:
        entry |= {"subject": e["subject"], "location": e["location"].get("displayName", "")}
    return entry


def rooms_of(world, caller):
    """Rooms of the caller's organisation."""
    home = accounts(world)[caller.user]
    if is_personal(home):
        raise denied("Places are not available for personal accounts.")
    return [u for u in accounts(world).values() if u["is_room"] and u["tid"] == home["tid"]]


def present_room(user):
    """The room resource."""
    return {
        "@odata.type": "#microsoft.graph.room",
        "id": user["oid"],
        "displayName": user["name"],
        "emailAddress": user["email"],
        "capacity": user["capacity"],
        "bookingType": "standard",
        "phone": "",
    }


def rooms(world, request):
    """All rooms, or those of one list."""
    caller = caller_of(world, request, PLACES)
    wanted = request.args.get("list")
    found = [u for u in rooms_of(world, caller) if wanted in (None, u["room_list"])]
    return collection(request, "places/microsoft.graph.room", [present_room(u) for u in found])


def room_lists(world, request):
    """The lists that rooms are in."""
    caller = caller_of(world, request, PLACES)
    names = sorted({u["room_list"] for u in rooms_of(world, caller) if u["room_list"]})
    found = [
        {"id": name, "displayName": name.partition("@")[0].title(), "emailAddress": name}
        for name in names
    ]
    return collection(request, "places/microsoft.graph.roomlist", found)


def one_room(world, request):
    """A room by address or id."""
    caller = caller_of(world, request, PLACES)
    for user in rooms_of(world, caller):
        if request.args["place"] in (user["email"], user["oid"]):
            return answered(present_room(user))
    raise not_found("The place was not found.")
