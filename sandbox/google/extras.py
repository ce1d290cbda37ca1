"""Free/busy, settings, colours and sharing rules."""

from datetime import UTC, datetime

from ..clock import rfc3339
from ..http.message import Response, json_response
from .access import ROLES, at_least, calendar_for, caller_of, role_on
from .calendars import share, subscribe
from .errors import bad, invalid, not_found
from .etags import etag_of
from .events import body_of
from .listing import moment
from .when import text_of, zone

MAX_RANGE_S = 92 * 86400
EVENT_COLOURS = (
    "#a4bdfc",
    "#7ae7bf",
    "#dbadff",
    "#ff887c",
    "#fbd75b",
    "#ffb878",
    "#46d6db",
    "#e1e1e1",
    "#5484ed",
    "#51b749",
    "#dc2127",
)


def add_routes(router):
    """Paths of freeBusy, settings, colors and acl."""
    router.add("POST", "/freeBusy", "freebusy.query", freebusy)
    router.add("GET", "/users/me/settings", "settings.list", list_settings)
    router.add("GET", "/users/me/settings/{setting}", "settings.get", get_setting)
    router.add("GET", "/colors", "colors.get", colours)
    router.add("GET", "/calendars/{calendar}/acl", "acl.list", list_acl)
    router.add("POST", "/calendars/{calendar}/acl", "acl.insert", insert_acl, writes=True)
    router.add("GET", "/calendars/{calendar}/acl/{rule}", "acl.get", get_acl)
    router.add("DELETE", "/calendars/{calendar}/acl/{rule}", "acl.delete", delete_acl, writes=True)


def freebusy(world, request):
    """Busy times per calendar; one that can't be read has an error instead, with status 200."""
    caller = caller_of(world, request, "freebusy.query")
    body = body_of(request)
    query = {name: [str(body[name])] for name in ("timeMin", "timeMax") if body.get(name)}
    low, high = moment(query, "timeMin"), moment(query, "timeMax")
    if low is None or high is None:
        raise bad("required", "Missing timeMin or timeMax.", "timeMin")
    if low >= high or high - low > MAX_RANGE_S:
        reason = "timeRangeEmpty" if low >= high else "timeRangeTooLong"
        raise bad(reason, "The requested time range is empty or too long.", "timeRange")
    wanted = [str(item.get("id", "")) for item in body.get("items") or []]
    limit = min(int(body.get("calendarExpansionMax") or 50), 50)
    name = body.get("timeZone") or "UTC"
    zone(name)
    found = {}
    for position, calendar_id in enumerate(wanted):
        over = position >= limit
        found[calendar_id] = (
            _error("tooManyCalendarsRequested")
            if over
            else busy_of(world, caller, calendar_id, low, high, name)
        )
    times = {"timeMin": body["timeMin"], "timeMax": body["timeMax"]}
    return json_response({"kind": "calendar#freeBusy", **times, "calendars": found})


def busy_of(world, caller, calendar_id, low, high, zone_name):
    """Busy intervals of one calendar, merged; or its error."""
    real = caller.user if calendar_id == "primary" else calendar_id.lower()
    calendar = world.store.table("google.calendars").get(real)
    if calendar is None or not at_least(role_on(calendar, caller.user), "freeBusyReader"):
        return _error("notFound")
    failing = world.meta.get("freebusy_errors", {}).get(calendar["id"])
    if failing:
        return _error(failing)
    merged = []
    for start, stop in sorted(_blocks(world, calendar, low, high)):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], stop)
        else:
            merged.append([start, stop])
    return {"busy": [{"start": _text(a, zone_name), "end": _text(b, zone_name)} for a, b in merged]}


def _error(reason):
    return {"errors": [{"domain": "global", "reason": reason}], "busy": []}


def _blocks(world, calendar, low, high):
    shelf = world.services["google"].shelf
    for rec in list(shelf.of(calendar["id"])):
        if rec.get("gone") or rec["e"]["status"] == "cancelled":
            continue
        is_series = bool(rec["e"].get("recurrence"))
        if (
            not is_series
            and rec["e"].get("recurringEventId")
            and shelf.get(rec["cal"], rec["e"]["recurringEventId"])
        ):
            continue  # met again as an occurrence of its series
        for shown in shelf.instances(rec, low, high) if is_series else (rec,):
            if _is_busy(shown, calendar["id"]) and shown["t0"] < high and shown["t1"] > low:
                yield shown["t0"], shown["t1"]


def _is_busy(rec, calendar_id):
    """Declined and transparent events do not block; tentative ones do (the careful reading)."""
    e = rec["e"]
    if (
        e["status"] == "cancelled"
        or e.get("transparency") == "transparent"
        or e.get("eventType") == "workingLocation"
    ):
        return False
    mine = next((g for g in e.get("attendees", []) if g["email"] == calendar_id), {})
    return mine.get("responseStatus") != "declined" and rec["t1"] > rec["t0"]


def _text(seconds, zone_name):
    return text_of(datetime.fromtimestamp(seconds, UTC).astimezone(zone(zone_name)))


def _settings(world, user):
    facts = world.store.table("google.users")[user]
    return {
        "timezone": facts["timezone"],
        "locale": facts["locale"],
        "weekStart": facts["week_start"],
        "format24HourTime": str(facts["format24"]).lower(),
        "defaultEventLength": "60",
        "autoAddHangouts": "false",
    }


def _setting(name, value):
    return {"kind": "calendar#setting", "etag": etag_of(len(value)), "id": name, "value": value}


def list_settings(world, request):
    """All settings of the user."""
    caller = caller_of(world, request, "settings.list")
    items = [_setting(name, value) for name, value in _settings(world, caller.user).items()]
    return json_response({"kind": "calendar#settings", "etag": etag_of(1), "items": items})


def get_setting(world, request):
    """One setting of the user."""
    caller = caller_of(world, request, "settings.get")
    name = request.args["setting"]
    if name not in _settings(world, caller.user):
        raise not_found()
    return json_response(_setting(name, _settings(world, caller.user)[name]))


def colours(world, request):
    """Colour ids and what they look like."""
    caller_of(world, request, "colors.get")
    event = {
        str(i): {"background": c, "foreground": "#1d1d1d"} for i, c in enumerate(EVENT_COLOURS, 1)
    }
    calendar = {"14": {"background": "#9fe1e7", "foreground": "#1d1d1d"}}
    updated = rfc3339(world.clock.now())
    return json_response(
        {"kind": "calendar#colors", "updated": updated, "calendar": calendar, "event": event}
    )


def _rule(who, role):
    scope = {"type": "default"} if who == "*" else {"type": "user", "value": who}
    rule_id = "default" if who == "*" else f"user:{who}"
    return {
        "kind": "calendar#aclRule",
        "etag": etag_of(len(role)),
        "id": rule_id,
        "scope": scope,
        "role": role,
    }


def list_acl(world, request):
    """Who may do what with a calendar."""
    caller = caller_of(world, request, "acl.list")
    calendar, _role = calendar_for(world, caller, request.args["calendar"], "owner")
    items = [_rule(who, role) for who, role in calendar["acl"].items()]
    return json_response({"kind": "calendar#acl", "etag": etag_of(calendar["rev"]), "items": items})


def get_acl(world, request):
    """One rule."""
    caller = caller_of(world, request, "acl.get")
    calendar, _role = calendar_for(world, caller, request.args["calendar"], "owner")
    who = _who(request.args["rule"])
    if who not in calendar["acl"]:
        raise not_found()
    return json_response(_rule(who, calendar["acl"][who]))


def insert_acl(world, request):
    """Share a calendar; it appears in the other user's list."""
    caller = caller_of(world, request, "acl.insert")
    calendar, _role = calendar_for(world, caller, request.args["calendar"], "owner")
    body = body_of(request)
    scope = body.get("scope") or {}
    who = "*" if scope.get("type") == "default" else str(scope.get("value", "")).lower()
    if body.get("role") not in ROLES or not who:
        raise invalid("Invalid sharing rule.", "role")
    share(world, calendar["id"], who, body["role"])
    if who in world.store.table("google.users") and body["role"] != "none":
        subscribe(world, who, calendar["id"])
    return json_response(_rule(who, body["role"]))


def delete_acl(world, request):
    """Take a role away."""
    caller = caller_of(world, request, "acl.delete")
    calendar, _role = calendar_for(world, caller, request.args["calendar"], "owner")
    who = _who(request.args["rule"])
    if who not in calendar["acl"]:
        raise not_found()
    share(world, calendar["id"], who, "none")
    return Response(204)


def _who(rule_id):
    return "*" if rule_id == "default" else rule_id.partition(":")[2].lower()
