"""What a client may write, and the form in which Google keeps it."""

import re

from . import recurrence
from .errors import bad, invalid
from .when import check_span

PERSONAL = ("reminders", "colorId", "eventLabelId", "transparency", "visibility")
GUEST_FLAGS = (
    "guestsCanModify",
    "guestsCanInviteOthers",
    "guestsCanSeeOtherGuests",
    "anyoneCanAddSelf",
)
WRITABLE = (
    "summary",
    "description",
    "location",
    "start",
    "end",
    "recurrence",
    "status",
    "attendees",
    "extendedProperties",
    "source",
    "attachments",
    "conferenceData",
    "workingLocationProperties",
    "outOfOfficeProperties",
    "focusTimeProperties",
    "birthdayProperties",
    *PERSONAL,
    *GUEST_FLAGS,
)
CHOICES = {
    "status": ("confirmed", "tentative", "cancelled"),
    "transparency": ("opaque", "transparent"),
    "visibility": ("default", "public", "private", "confidential"),
}
ANSWERS = ("needsAction", "declined", "tentative", "accepted")
GUEST_FIELDS = (
    "email",
    "displayName",
    "optional",
    "resource",
    "responseStatus",
    "comment",
    "additionalGuests",
    "id",
)
ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
KEY_LIMIT, VALUE_LIMIT, COUNT_LIMIT, SIZE_LIMIT = 44, 1024, 300, 32 * 1024
EVENT_ID = re.compile(r"[0-9a-v]{5,1024}")


def writable_part(body, query):
    """The members of a body that this request may change; the others are ignored, as by Google."""
    part = {name: body[name] for name in WRITABLE if name in body}
    if query.get("conferenceDataVersion", ["0"])[0] != "1":
        part.pop("conferenceData", None)
    if query.get("supportsAttachments", ["false"])[0] != "true":
        part.pop("attachments", None)
    if query.get("eventLabelVersion", ["0"])[0] == "1":
        part.pop("colorId", None)
    else:
        part.pop("eventLabelId", None)
    return part


def merged(old, changes):
    """PATCH: null deletes, objects merge, everything else (arrays too) replaces."""
    new = dict(old)
    for name, value in changes.items():
        if value is None:
            new.pop(name, None)
        elif isinstance(value, dict) and isinstance(old.get(name), dict):
            new[name] = merged(old[name], value)
        elif isinstance(value, dict):
            new[name] = merged({}, value)
        else:
            new[name] = value
    return new


def clean(event, calendar_tz, rewrite_html=True):
    """Validate an event and bring it into normal form, in place; raises 400s."""
    for name, allowed in CHOICES.items():
        if event.get(name) not in (None, *allowed):
            raise invalid(f"Invalid value for: {name}: {event[name]!r}", name)
    if not event.get("recurrence"):
        event.pop("recurrence", None)
    check_span(event, calendar_tz)
    if event.get("recurrence"):
        recurrence.check(event)
    event["status"] = event.get("status") or "confirmed"
    _texts(event, rewrite_html)
    _people(event)
    event["reminders"] = clean_reminders(event.get("reminders"))
    if event.get("extendedProperties") is not None:
        _properties(event)
    if event.get("source") is not None:
        _source(event)
    if len(event.get("attachments") or []) > 25:
        raise invalid("Too many attachments.", "attachments")
    for name, default in (("transparency", "opaque"), ("visibility", "default")):
        if event.get(name) == default:
            event.pop(name)


def _people(event):
    guests = clean_guests(event.pop("attendees", None) or [])
    if guests:
        event["attendees"] = guests


def _texts(event, rewrite_html):
    for name in ("summary", "description", "location"):
        if name in event and not isinstance(event[name], str):
            raise invalid(f"Invalid value for: {name}", name)
        if name in event and not event[name]:
            event.pop(name)
    if rewrite_html and "<" in event.get("description", ""):
        event["description"] = google_html(event["description"])


def google_html(text):
    """A description as it comes back: scripts, styles and handlers gone, tags in plain form.

    Google does not publish its rewriting; this one stands for it, so that no client gets away
    with comparing raw HTML.
    """
    text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", "", text)
    text = re.sub(r"""(?i)\s(on\w+|style|class|id)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", "", text)
    text = re.sub(r"(?i)<(br|hr)\s*/?>", lambda m: f"<{m[1].lower()}>", text)
    return re.sub(r"</?[A-Za-z][A-Za-z0-9]*", lambda m: m[0].lower(), text).replace("\r\n", "\n")


def clean_guests(guests):
    """Guests with normal addresses, each once; flags that depend on the reader are dropped."""
    if not isinstance(guests, list):
        raise invalid("Invalid value for: attendees", "attendees")
    found = {}
    for guest in guests:
        email = str(guest.get("email") or "").strip().lower() if isinstance(guest, dict) else ""
        if not ADDRESS.fullmatch(email):
            raise invalid("Invalid attendee email.", "attendees")
        kept = {k: guest[k] for k in GUEST_FIELDS if guest.get(k) not in (None, False, "")}
        kept["email"] = email
        if kept.setdefault("responseStatus", "needsAction") not in ANSWERS:
            raise invalid("Invalid attendee response status.", "attendees")
        found.setdefault(email, kept)
    return list(found.values())


def clean_reminders(reminders):
    """Default reminders, or up to five of one's own."""
    if not reminders:
        return {"useDefault": True}
    overrides = reminders.get("overrides") or []
    if reminders.get("useDefault") and overrides:
        raise bad(
            "cannotUseDefaultRemindersAndSpecifyOverride",
            "Cannot specify both default reminders and overrides",
        )
    if len(overrides) > 5:
        raise invalid("Too many reminders.", "reminders")
    for item in overrides:
        minutes = item.get("minutes")
        if (
            item.get("method") not in ("popup", "email")
            or not isinstance(minutes, int)
            or not 0 <= minutes <= 40320
        ):
            raise invalid("Invalid reminder.", "reminders")
    if reminders.get("useDefault"):
        return {"useDefault": True}
    return {"useDefault": False, **({"overrides": overrides} if overrides else {})}


def _properties(event):
    total = count = 0
    kept = {}
    for side in ("private", "shared"):
        given = event["extendedProperties"].get(side) or {}
        cut = {
            k: str(v)[:VALUE_LIMIT]
            for k, v in given.items()
            if v is not None and len(k) <= KEY_LIMIT
        }
        count += len(cut)
        total += sum(len(k.encode()) + len(v.encode()) for k, v in cut.items())
        if cut:
            kept[side] = cut
    if count > COUNT_LIMIT or total > SIZE_LIMIT:
        raise invalid("Extended properties are too large.", "extendedProperties")
    event["extendedProperties"] = kept
    if not kept:
        event.pop("extendedProperties")


def _source(event):
    url = event["source"].get("url") if isinstance(event["source"], dict) else None
    if not isinstance(url, str) or not url.lower().startswith(("http://", "https://")):
        raise invalid("Invalid source URL.", "source.url")
    event["source"] = {k: event["source"][k] for k in ("url", "title") if event["source"].get(k)}
