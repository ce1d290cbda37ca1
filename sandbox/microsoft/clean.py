"""Event bodies of requests: what may be written, and in which form it is kept."""

import re
from datetime import datetime

from . import recurrence
from .content import clean_body
from .errors import bad, invalid
from .zones import instant_of, parse_local, zone

CHOICES = {
    "showAs": ("free", "tentative", "busy", "oof", "workingElsewhere", "unknown"),
    "sensitivity": ("normal", "personal", "private", "confidential"),
    "importance": ("low", "normal", "high"),
    "onlineMeetingProvider": (
        "unknown",
        "teamsForBusiness",
        "skypeForBusiness",
        "skypeForConsumer",
    ),
}
FLAGS = (
    "isAllDay",
    "isReminderOn",
    "responseRequested",
    "allowNewTimeProposals",
    "hideAttendees",
    "isOnlineMeeting",
)
READ_ONLY = {
    "id", "createdDateTime", "lastModifiedDateTime", "changeKey", "iCalUId", "webLink", "type",
    "organizer", "isOrganizer", "responseStatus", "seriesMasterId", "originalStart", "isDraft",
    "originalStartTimeZone", "originalEndTimeZone", "bodyPreview", "hasAttachments", "isCancelled",
    "onlineMeeting", "onlineMeetingUrl", "cancelledOccurrences", "exceptionOccurrences", "uid",
    "attachments", "calendar", "instances", "occurrenceId",
}  # fmt: skip
ELSEWHERE = {"extensions", "singleValueExtendedProperties", "multiValueExtendedProperties"}
TYPES = ("required", "optional", "resource")
ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
MAX_ATTENDEES = 500
MAX_SPAN_S = 5 * 366 * 86400
NEVER = "0001-01-01T00:00:00Z"
DEFAULTS = {
    "subject": "",
    "body": {"html": ""},
    "location": {},
    "locations": [],
    "attendees": [],
    "isAllDay": False,
    "showAs": "busy",
    "sensitivity": "normal",
    "importance": "normal",
    "categories": [],
    "isReminderOn": True,
    "reminderMinutesBeforeStart": 15,
    "responseRequested": True,
    "allowNewTimeProposals": True,
    "hideAttendees": False,
    "isOnlineMeeting": False,
    "onlineMeetingProvider": "unknown",
    "onlineMeeting": None,
    "isCancelled": False,
    "isDraft": False,
    "hasAttachments": False,
}


def cleaned(body, old):
    """Members of a request in stored form; `old` is the event before (None: a new one).

    Read-only members are passed over; unknown ones and impossible values are a 400.
    """
    changes = {}
    for name, value in body.items():
        if name in READ_ONLY or name in ELSEWHERE or name.startswith("@") or "@odata" in name:
            continue
        if value is None and (name in FLAGS or name in CHOICES):
            continue
        if name in FLAGS:
            changes[name] = flag(name, value)
        elif name in CHOICES:
            changes[name] = choice(name, value)
        elif name in READERS:
            READERS[name](changes, value, old)
        else:
            text = f"The property '{name}' does not exist on type 'microsoft.graph.event'."
            raise bad("RequestBodyRead", text)
    return changes


def flag(name, value):
    """A boolean; its name as a text is understood too, as Graph does (O365 sends it)."""
    value = {"true": True, "false": False}.get(str(value).lower(), value)
    if not isinstance(value, bool):
        raise invalid(f"'{name}' must be true or false.")
    return value


def choice(name, value):
    """One of an enumeration's members, in any case of letters."""
    found = next((c for c in CHOICES[name] if c.lower() == str(value).lower()), None)
    if found is None:
        raise invalid(f"Requested value '{value}' was not found for '{name}'.")
    return found


def read_subject(changes, value, old):
    """At most 255 characters."""
    if value is not None and not isinstance(value, str):
        raise invalid("'subject' must be a text.")
    changes["subject"] = (value or "")[:255]


def read_body(changes, value, old):
    """`{contentType, content}`."""
    changes["body"] = clean_body(value, (old or {}).get("body"))


def read_time(name):
    """A reader for `start` or `end`."""

    def read(changes, value, old):
        changes[name] = clean_time(value)

    return read


def clean_time(value):
    """`{dateTime, timeZone}` with a naive dateTime and a zone that exists."""
    if not isinstance(value, dict) or not isinstance(value.get("dateTime"), str):
        raise invalid("A start or end needs dateTime and timeZone.")
    zone_name = value.get("timeZone") or "UTC"
    zone(zone_name)
    try:
        moment = parse_local(value["dateTime"])
    except ValueError:
        text = f"Cannot convert the literal '{value['dateTime']}' to the expected type."
        raise bad("RequestBodyRead", text) from None
    return {"dateTime": moment.isoformat(timespec="seconds"), "timeZone": zone_name}


def read_location(changes, value, old):
    """`location` replaces `locations`."""
    place = clean_place(value or {})
    changes["location"], changes["locations"] = place, [place] if place.get("displayName") else []


def read_locations(changes, value, old):
    """The first of `locations` is the location."""
    places = [clean_place(place) for place in value or []]
    changes["locations"] = places
    changes["location"] = places[0] if places else {}


def clean_place(value):
    """A location with the members that Exchange fills in."""
    if not isinstance(value, dict):
        raise invalid("A location must be an object.")
    kept = {k: v for k, v in value.items() if not k.startswith("@") and v is not None}
    name = kept.get("displayName", "")
    kept.setdefault("locationType", "default")
    return {**kept, "displayName": name, "uniqueId": name, "uniqueIdType": "private"}


def read_attendees(changes, value, old):
    """The whole list; answers that were given stay."""
    if len(value or []) > MAX_ATTENDEES:
        raise invalid(f"At most {MAX_ATTENDEES} attendees are allowed.")
    known = {address_of(a): a for a in (old or {}).get("attendees", [])}
    found = {}
    for guest in value or []:
        entry = clean_attendee(guest)
        entry["status"] = known.get(address_of(entry), entry)["status"]
        found.setdefault(address_of(entry), entry)
    changes["attendees"] = list(found.values())


def clean_attendee(guest):
    """One attendee; the status is read-only."""
    mail = guest.get("emailAddress") if isinstance(guest, dict) else None
    address = (mail or {}).get("address") or ""
    if not ADDRESS.fullmatch(address):
        raise bad("ErrorInvalidRecipients", "At least one recipient isn't valid.")
    kind = str(guest.get("type") or "required").lower()
    if kind not in TYPES:
        raise invalid(f"Requested value '{kind}' was not found for 'type'.")
    name = mail.get("name") or address
    status = {"response": "none", "time": NEVER}
    return {"type": kind, "status": status, "emailAddress": {"name": name, "address": address}}


def address_of(guest):
    """An attendee's address, for comparing."""
    return guest["emailAddress"]["address"].lower()


def read_recurrence(changes, value, old):
    """Checked later, when the start is known."""
    changes["recurrence"] = value


def read_categories(changes, value, old):
    """Names."""
    changes["categories"] = [str(name) for name in value or []]


def read_minutes(changes, value, old):
    """Minutes before the start."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid("'reminderMinutesBeforeStart' must be a number.")
    changes["reminderMinutesBeforeStart"] = value


def read_transaction(changes, value, old):
    """At creation only; later it is passed over."""
    if old is None and value:
        changes["transactionId"] = str(value)


READERS = {
    "subject": read_subject,
    "body": read_body,
    "start": read_time("start"),
    "end": read_time("end"),
    "location": read_location,
    "locations": read_locations,
    "attendees": read_attendees,
    "recurrence": read_recurrence,
    "categories": read_categories,
    "reminderMinutesBeforeStart": read_minutes,
    "transactionId": read_transaction,
}


def check_times(e):
    """Start before end, midnights for whole days, a sane length; 400 otherwise."""
    if "start" not in e or "end" not in e:
        raise invalid("Start and end are required.")
    start, end = (datetime.fromisoformat(e[n]["dateTime"]) for n in ("start", "end"))
    if e["isAllDay"]:
        for name, moment in (("Start", start), ("End", end)):
            if moment.time().isoformat() != "00:00:00":
                text = (
                    f"The Event.{name} property for an all-day event needs to be set to midnight."
                )
                raise invalid(text)
        if e["start"]["timeZone"] != e["end"]["timeZone"]:
            raise invalid("An all-day event needs the same time zone for start and end.")
        if end <= start:
            raise invalid("The duration of an all-day event must be at least one day.")
    length = instant_of(e["end"]) - instant_of(e["start"])
    if length < 0:
        text = "EndTime must be later than StartTime."
        raise bad("ErrorCalendarEndDateIsEarlierThanStartDate", text)
    if length > MAX_SPAN_S:
        raise bad("ErrorCalendarDurationIsTooLong", "The duration is longer than five years.")


def settle(e, old=None):
    """Last checks of a whole event: times, recurrence, reminders."""
    check_times(e)
    if e.get("recurrence") is None:
        e.pop("recurrence", None)
        return
    same = old is not None and e["recurrence"] == old.get("recurrence")
    if same and e["start"] == old["start"]:
        return
    if same:  # a new start drags the range along
        span = {**e["recurrence"]["range"], "startDate": e["start"]["dateTime"][:10]}
        e["recurrence"] = {**e["recurrence"], "range": span}
    e["recurrence"] = recurrence.clean(e["recurrence"], e["start"])
    recurrence.settle_start(e)
