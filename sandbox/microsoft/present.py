"""The event resource as one reader sees it."""

from datetime import date

from . import content
from .recurrence import times_on
from .shelf import Item
from .zones import instant_of, shown, utc_text, windows_name

PRIVATE = ("private", "confidential")
PLAIN = (
    "createdDateTime", "lastModifiedDateTime", "categories", "transactionId", "isReminderOn",
    "reminderMinutesBeforeStart", "hasAttachments", "subject", "importance", "sensitivity",
    "isAllDay", "isCancelled", "responseRequested", "showAs", "isOnlineMeeting", "isDraft",
    "onlineMeetingProvider", "allowNewTimeProposals", "hideAttendees", "recurrence",
)  # fmt: skip
EXTENSION = "Microsoft.OutlookServices.OpenTypeExtension."


def change_key(item):
    """A key that is another one after every change."""
    return f"LoZTRuQAAAAA{item.rev:010d}=="


def etag(item):
    """The etag of If-Match."""
    return f'W/"{change_key(item)}"'


def present(world, item, prefs, place):
    """The whole resource."""
    e, rec = item.e, item.rec
    if place.shared and e["sensitivity"] in PRIVATE and not place.entry.get("private"):
        e = hidden(e)
    resource = {"@odata.etag": etag(item), "id": item.id(prefs.immutable)}
    resource["changeKey"] = change_key(item)
    resource |= {name: e[name] for name in PLAIN if name in e}
    resource.setdefault("recurrence", None)
    resource["originalStartTimeZone"] = windows_name(e["start"]["timeZone"])
    resource["originalEndTimeZone"] = windows_name(e["end"]["timeZone"])
    resource |= {"iCalUId": item.uid, "type": item.kind, "seriesMasterId": None}
    resource |= times(e, prefs)
    resource |= people(rec, e, place)
    resource["bodyPreview"] = content.preview(e["body"])
    resource["body"] = content.shown_body(e["body"], prefs.body_type)
    resource["location"] = e["location"] or {"displayName": "", "locationType": "default"}
    resource["locations"] = e["locations"]
    resource["onlineMeetingUrl"] = None
    resource["onlineMeeting"] = meeting_of(world, rec, e)
    resource["webLink"] = f"{world.base_url}/page/microsoft/event?itemid={item.id()}"
    if item.day:
        resource["seriesMasterId"] = Item(rec).id(prefs.immutable)
        resource["originalStart"] = original_start(item)
    return resource


def sparse(item, prefs):
    """An occurrence in a delta answer: where it is, and nothing of what it says."""
    return {
        "@odata.etag": etag(item),
        "seriesMasterId": Item(item.rec).id(prefs.immutable),
        "type": "occurrence",
        "id": item.id(prefs.immutable),
        **times(item.e, prefs),
    }


def times(e, prefs):
    """Start and end in the reader's zone."""
    return {n: shown(e[n], prefs.timezone, e["isAllDay"]) for n in ("start", "end")}


def original_start(item):
    """When the occurrence would be as the series says, in UTC."""
    start, _end = times_on(item.rec["e"], item.day)
    if item.rec["e"]["isAllDay"]:
        return f"{date.fromisoformat(item.day)}T00:00:00Z"
    return utc_text(instant_of(start))


def people(rec, e, place):
    """Organizer, attendees and answers."""
    mine = e["organizer"]["emailAddress"]["address"].lower() == rec["box"]
    attendees = e["attendees"]
    if e["hideAttendees"] and not mine:
        attendees = [a for a in attendees if a["emailAddress"]["address"].lower() == rec["box"]]
    return {
        "organizer": e["organizer"],
        "isOrganizer": mine,
        "attendees": attendees,
        "responseStatus": e["responseStatus"],
    }


def meeting_of(world, rec, e):
    """`onlineMeeting`, which may come late."""
    meeting = e.get("onlineMeeting")
    if meeting and meeting.get("ready", 0) > world.clock.timestamp():
        return None
    return {k: v for k, v in meeting.items() if k != "ready"} if meeting else None


def hidden(e):
    """A private event in somebody else's calendar."""
    blank = {
        "subject": "Private appointment",
        "body": {"html": ""},
        "location": {},
        "locations": [],
    }
    return {**e, **blank, "attendees": [], "categories": [], "onlineMeeting": None}


def present_extension(name, values):
    """An open extension; its id has a prefix that clients must accept."""
    return {
        "@odata.type": "#microsoft.graph.openTypeExtension",
        "id": f"{EXTENSION}{name}",
        "extensionName": name,
        **values,
    }
