"""events.list and events.instances: which events, in which order, on which page."""

from ..clock import parse_instant
from ..http.message import json_response
from ..service import ApiError
from .access import calendar_for, caller_of
from .cursors import Cursors
from .errors import bad, invalid
from .etags import etag_of
from .matching import Filter
from .present import present, tombstone
from .when import instant, zone

NOT_WITH_SYNC = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "sharedExtendedProperty",
    "q",
    "timeMin",
    "timeMax",
    "updatedMin",
)
NO_SYNC_TOKEN = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "sharedExtendedProperty",
    "q",
    "updatedMin",
)
SAME_WITH_SYNC = ("singleEvents", "eventTypes", "maxAttendees", "showHiddenInvitations", "timeZone")
UPDATED_MIN_LIMIT_S = 28 * 86400


def one(query, name, default=""):
    """First value of a parameter."""
    values = query.get(name)
    return values[0] if values else default


def flag(query, name):
    """A boolean parameter; 400 when it is neither true nor false."""
    text = one(query, name, "false").lower()
    if text not in ("true", "false"):
        raise invalid(f"Invalid boolean value: '{text}'.", name)
    return text == "true"


def number(query, name, default, top):
    """A positive integer parameter, capped at `top`."""
    text = one(query, name)
    if not text:
        return default
    if not text.isdigit() or int(text) < 1:
        raise invalid(f"Invalid integer value: '{text}'.", name)
    return min(int(text), top)


def moment(query, name):
    """An RFC 3339 parameter as seconds since the epoch, or None; 400 without offset."""
    text = one(query, name)
    if not text:
        return None
    try:
        return parse_instant(text).timestamp()
    except ValueError:
        raise bad("badRequest", "Bad Request", name) from None


def list_events(world, request):
    """`GET calendars/{id}/events`."""
    caller = caller_of(world, request, "events.list")
    calendar, role = calendar_for(world, caller, request.args["calendar"])
    asked = {
        k: v
        for k, v in request.query.items()
        if k not in ("fields", "alt", "prettyPrint", "key", "access_token")
    }
    shelf, cursors = world.services["google"].shelf, Cursors(world)
    kind = f"events:{calendar['id']}"
    query, last, top = asked, None, world.meta.get("next.rev", 0)
    if one(asked, "pageToken"):
        query, last, top = cursors.read_page(one(asked, "pageToken"), kind, asked)
    check_query(world, query)
    fingerprint = {name: query[name] for name in SAME_WITH_SYNC if query.get(name)}
    since = None
    if one(query, "syncToken"):
        since = cursors.read_sync(one(query, "syncToken"), kind, caller.user, fingerprint)
    items = ordered(shelf, calendar["id"], query, since, top)
    size = number(query, "maxResults", 250, 2500)
    page, more = cut(items, last, size, getattr(request, "args", {}).get("empty_page"))
    answer = envelope(world, calendar, role, caller)
    answer["items"] = [show(world, rec, caller, role, query, since) for _key, rec in page]
    if more:
        keep = {k: v for k, v in query.items() if k not in ("pageToken", "maxResults")}
        answer["nextPageToken"] = cursors.page(
            kind, keep, list(page[-1][0]) if page else last or [], top
        )
    elif since is not None or not any(query.get(name) for name in NO_SYNC_TOKEN):
        answer["nextSyncToken"] = cursors.sync(kind, caller.user, top, fingerprint)
    return json_response(answer)


def check_query(world, query):
    """The rules about parameters that exclude each other."""
    if one(query, "syncToken"):
        for name in NOT_WITH_SYNC:
            if query.get(name):
                raise bad(
                    "syncTokenWithRequestRestrictions",
                    f"Sync token cannot be used with {name}.",
                    name,
                )
        if one(query, "showDeleted") == "false":
            raise bad(
                "syncTokenWithRequestRestrictions",
                "Sync token needs deleted events.",
                "showDeleted",
            )
    order = one(query, "orderBy")
    if order not in ("", "startTime", "updated"):
        raise invalid(f"Invalid value '{order}'.", "orderBy")
    if order == "startTime" and not flag(query, "singleEvents"):
        raise bad(
            "badRequest",
            "The requested ordering is not available for the particular query.",
            "orderBy",
        )
    low, high = moment(query, "timeMin"), moment(query, "timeMax")
    if low is not None and high is not None and low >= high:
        raise bad("timeRangeEmpty", "The specified time range is empty.", "timeRange")
    updated = moment(query, "updatedMin")
    if updated is not None and world.clock.timestamp() - updated > UPDATED_MIN_LIMIT_S:
        raise ApiError(
            410,
            "updatedMinTooLongAgo",
            "The requested minimum modification time lies too far in the past.",
        )
    if one(query, "timeZone"):
        zone(one(query, "timeZone"))


def ordered(shelf, calendar_id, query, since, top):
    """`(sort key, record)` pairs of everything that the query asks for, in order."""
    low, high = moment(query, "timeMin"), moment(query, "timeMax")
    single = flag(query, "singleEvents")
    with_deleted = flag(query, "showDeleted") or since is not None or bool(one(query, "updatedMin"))
    wanted = Filter(query, moment(query, "updatedMin"))
    order = one(query, "orderBy")
    found = {}
    for rec in shelf.of(calendar_id):
        if rec.get("gone") or (since is not None and not since < rec["rev"] <= top):
            continue
        for shown in expand(shelf, rec, single, low, high, since):
            cancelled = shown["e"]["status"] == "cancelled"
            if cancelled and not with_deleted and (single or not is_hole(shelf, shown)):
                continue
            if in_window(shelf, shown, low, high, single) and wanted(shown):
                found[shown["e"]["id"]] = (sort_key(shown, order, since), shown)
    return sorted(found.values(), key=lambda pair: pair[0])


def expand(shelf, rec, single, low, high, since):
    """A record as it is, or a series as its occurrences."""
    e = rec["e"]
    if not single or not e.get("recurrence"):
        is_covered = single and since is None and _master_of(shelf, rec) is not None
        return () if is_covered else (rec,)
    if e["status"] != "cancelled":
        return shelf.instances(rec, low, high)
    return ({**o, "e": {**o["e"], "status": "cancelled"}} for o in shelf.instances(rec, low, high))


def _master_of(shelf, rec):
    master_id = rec["e"].get("recurringEventId")
    return shelf.get(rec["cal"], master_id) if master_id else None


def is_hole(shelf, rec):
    """Whether a cancelled record is a cancelled occurrence of a living series."""
    master = _master_of(shelf, rec)
    return master is not None and master["e"]["status"] != "cancelled"


def in_window(shelf, rec, low, high, single):
    """timeMin bounds the end, timeMax the start, both exclusive; a series counts by occurrence."""
    if low is None and high is None:
        return True
    if rec["e"].get("recurrence") and not single:
        if low is not None and rec.get("until") is not None and rec["until"] <= low:
            return False
        return next(iter(shelf.instances(rec, low, high)), None) is not None
    if (high is None or rec["t0"] < high) and (low is None or rec["t1"] > low):
        return True
    return (
        not single
        and rec["e"].get("recurringEventId") is not None
        and _slot_inside(shelf, rec, low, high)
    )


def _slot_inside(shelf, rec, low, high):
    """An exception that was moved out of the window still matters to its series."""
    slot = instant(rec["e"]["originalStartTime"], shelf.zone_of(rec["cal"]))
    return (high is None or slot < high) and (low is None or slot > low)


def sort_key(rec, order, since):
    """Where a record stands; comparable with the last key of the previous page."""
    if order == "startTime":
        return (rec["t0"], rec["e"]["id"])
    if order == "updated":
        return (rec["e"].get("updated", ""), rec["e"]["id"])
    return (rec["rev"] if since is not None else rec["seq"], rec["e"]["id"])


def cut(pairs, last, size, empty=False):
    """The page after key `last`, and whether there is more."""
    rest = pairs if last in (None, []) else [p for p in pairs if list(p[0]) > last]
    if empty:
        return [], True
    return rest[:size], len(rest) > size


def envelope(world, calendar, role, caller):
    """What a listing says about its calendar."""
    entry = world.store.table("google.entries").get(f"{caller.user}|{calendar['id']}", {})
    return {
        "kind": "calendar#events",
        "etag": etag_of(world.meta.get("next.rev", 0)),
        "summary": entry.get("summaryOverride") or calendar["summary"],
        "description": calendar.get("description", ""),
        "updated": world.services["google"].updated_at(calendar["id"]),
        "timeZone": calendar["timeZone"],
        "accessRole": role,
        "defaultReminders": entry.get("defaultReminders", []),
    }


def show(world, rec, caller, role, query, since):
    """One item: in full, or as the remains of a cancelled one."""
    cancelled = rec["e"]["status"] == "cancelled"
    if cancelled and one(query, "showDeleted") != "true":
        return tombstone(rec)
    limit = number(query, "maxAttendees", None, 10_000)
    return present(world, rec, caller.user, role, one(query, "timeZone"), limit)


def list_instances(world, request):
    """`GET calendars/{id}/events/{id}/instances`."""
    caller = caller_of(world, request, "events.instances")
    calendar, role = calendar_for(world, caller, request.args["calendar"])
    service, query = world.services["google"], request.query
    master = service.shelf.get(calendar["id"], request.args["event"])
    if master is None or master["e"]["status"] == "cancelled":
        raise ApiError(404, "notFound", "Not Found")
    if not master["e"].get("recurrence"):
        raise bad("eventNotRecurring", "The event is not recurring.", "eventId")
    low, high = moment(query, "timeMin"), moment(query, "timeMax")
    wanted = _slot(one(query, "originalStart"))
    pairs = [
        (sort_key(rec, "startTime", None), rec)
        for rec in service.shelf.instances(master, low, high)
        if (rec["e"]["status"] != "cancelled" or flag(query, "showDeleted") or wanted)
        and wanted in (None, _slot(_text(rec["e"]["originalStartTime"])))
    ]
    last, cursors, kind = None, Cursors(world), f"instances:{calendar['id']}:{master['e']['id']}"
    if one(query, "pageToken"):
        _query, last, _top = cursors.read_page(one(query, "pageToken"), kind, {})
    page, more = cut(
        sorted(pairs, key=lambda p: p[0]), last, number(query, "maxResults", 250, 2500)
    )
    answer = envelope(world, calendar, role, caller)
    answer["items"] = [show(world, rec, caller, role, query, None) for _key, rec in page]
    if more:
        answer["nextPageToken"] = cursors.page(kind, {}, list(page[-1][0]), 0)
    return json_response(answer)


def _text(original):
    return original.get("date") or original["dateTime"]


def _slot(text):
    if not text:
        return None
    try:
        return parse_instant(text).timestamp() if len(text) > 10 else text
    except ValueError:
        raise invalid("Invalid originalStart.", "originalStart") from None
