"""Who I am, my mailbox settings, supported zones, and ids of the other form."""

from ..http.message import json_response
from .access import PROFILE, READ, SETTINGS_READ, caller_of, mailbox_of
from .accounts import WEEKDAYS, accounts, change_account, is_personal
from .bodies import answered, body_of, collection, context, selected
from .calendars import USER
from .errors import denied, not_found
from .zones import WINDOWS, zone

SETTINGS_WRITE = {"MailboxSettings.ReadWrite"}
HOURS = {"startTime": "08:00:00.0000000", "endTime": "17:00:00.0000000"}
MAX_TRANSLATED = 1000


def add_routes(router):
    """Paths beside calendars."""
    router.add("GET", USER, "users.get", me)
    router.add("GET", USER + "/mailboxSettings", "mailboxSettings.get", settings)
    router.add("PATCH", USER + "/mailboxSettings", "mailboxSettings.update", patch, writes=True)
    router.add("GET", USER + "/mailboxSettings/{part}", "mailboxSettings.get", settings_part)
    zones_path = USER + r"/outlook/supportedTimeZones(\(TimeZoneStandard=[\w.']+\))?"
    router.add("GET", zones_path, "outlook.zones", zones)
    router.add("POST", USER + "/translateExchangeIds", "users.translateIds", translate)


def me(world, request):
    """The account's profile."""
    caller = caller_of(world, request, PROFILE)
    user = accounts(world)[mailbox_of(world, caller, request)]
    given, _, family = user["name"].partition(" ")
    shown = {
        "@odata.context": context(request, "users/$entity"),
        "id": user["oid"].replace("-", "")[:16] if is_personal(user) else user["oid"],
        "userPrincipalName": user["email"],
        "mail": user["email"],
        "displayName": user["name"],
        "givenName": given,
        "surname": family or None,
        "preferredLanguage": user["locale"],
        "businessPhones": [],
        "jobTitle": None,
    }
    if "proxyAddresses" in request.param("$select", ""):  # told only when it is asked for
        shown["proxyAddresses"] = _proxy_addresses(user)
    return answered(selected(request, shown))


def _proxy_addresses(user):
    """The main address, further ones and one that no mail goes to, as Exchange lists them."""
    if is_personal(user):
        return []
    further = [f"smtp:{address}" for address in user["aliases"]]
    return [f"SMTP:{user['email']}", *further, f"SIP:{user['email']}"]


def hours_of(user):
    """Working hours as Graph shows them."""
    known = user["working_hours"] or {}
    hours = {"daysOfWeek": WEEKDAYS, **HOURS, **known}
    hours.setdefault("timeZone", {"name": user["timezone"]})
    return hours


def _settings(world, request, scopes):
    caller = caller_of(world, request, scopes)
    if mailbox_of(world, caller, request) != caller.user:
        raise denied()
    user = accounts(world)[caller.user]
    return user, {
        "timeZone": user["timezone"],
        "dateFormat": "dd/MM/yyyy",
        "timeFormat": "HH:mm",
        "language": {"locale": user["locale"], "displayName": user["locale"]},
        "workingHours": hours_of(user),
    }


def settings(world, request):
    """Time zone (a Windows name), language, working hours."""
    _user, shown = _settings(world, request, SETTINGS_READ)
    head = {"@odata.context": context(request, "users/mailboxSettings")}
    return answered({**head, **selected(request, shown)})


def settings_part(world, request):
    """One member."""
    _user, shown = _settings(world, request, SETTINGS_READ)
    part = request.args["part"]
    if part not in shown:
        raise not_found("Resource not found for the segment.")
    value = shown[part]
    return answered(value if isinstance(value, dict) else {"value": value})


def patch(world, request):
    """Change time zone or working hours."""
    user, _shown = _settings(world, request, SETTINGS_WRITE)
    body = body_of(request)
    if body.get("timeZone"):
        zone(body["timeZone"])
        change_account(world, user["email"], timezone=body["timeZone"])
    if body.get("workingHours"):
        change_account(world, user["email"], working_hours=body["workingHours"])
    return settings(world, request)


def zones(world, request):
    """Names that start and end may have."""
    caller_of(world, request, {*PROFILE, *READ})
    iana = "Iana" in request.path
    names = sorted(set(WINDOWS.values())) if iana else list(WINDOWS)
    return json_response({"value": [{"alias": n, "displayName": n} for n in names]})


def translate(world, request):
    """Ordinary ids to immutable ones, or back; ids that are gone are left out."""
    caller = caller_of(world, request, {*PROFILE, *READ})
    body, shelf = body_of(request), world.services["microsoft"].shelf
    immutable = "immutable" in str(body.get("targetIdType", "")).lower()
    found = []
    for source in (body.get("inputIds") or [])[:MAX_TRANSLATED]:
        item = shelf.find(source)
        if item.rec["box"] == caller.user:
            found.append({"sourceId": source, "targetId": item.id(immutable)})
    return collection_of(request, found)


def collection_of(request, found):
    """All of them in one answer."""
    request.query.setdefault("$top", [str(max(1, len(found)))])
    return collection(request, "convertIdResult", found)
