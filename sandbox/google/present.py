"""How a stored event looks to the person who asks: self flags, hidden guests, hidden details."""

from urllib.parse import quote

from .access import at_least
from .etags import etag_of
from .when import in_zone

BUSY_FIELDS = (
    "id",
    "status",
    "start",
    "end",
    "recurrence",
    "recurringEventId",
    "originalStartTime",
)
BUSY_KEPT = (
    *BUSY_FIELDS,
    "iCalUID",
    "transparency",
    "visibility",
    "updated",
    "created",
    "sequence",
    "eventType",
)
DEFAULT_TRUE = ("guestsCanInviteOthers", "guestsCanSeeOtherGuests")


def present(world, rec, user, role, zone_name="", max_attendees=None):
    """The Event resource of a record for `user`, who has `role` on its calendar."""
    e, calendar_id = rec["e"], rec["cal"]
    if not sees_details(e, user, role):
        return busy_block(rec, role, zone_name)
    shown = {"kind": "calendar#event", "etag": etag_of(rec["rev"]), **e}
    shown["htmlLink"] = (
        f"{world.base_url}/page/google/event?eid={quote(e['id'])}&cal={quote(calendar_id)}"
    )
    organizer = e.get("organizer") or {}
    mine = organizer.get("email") == calendar_id
    if organizer:
        shown["organizer"] = {**organizer, **({"self": True} if mine else {})}
    if e.get("creator"):
        shown["creator"] = {
            **e["creator"],
            **({"self": True} if e["creator"].get("email") == calendar_id else {}),
        }
    if e.get("attendees"):
        present_guests(shown, calendar_id, organizer.get("email"), mine, max_attendees)
    if "source" in e and rec.get("maker") != user:
        del shown["source"]
    for name in DEFAULT_TRUE:
        if shown.get(name) is True:
            del shown[name]
    if zone_name:
        move_to_zone(shown, zone_name)
    shown.update(rec.get("odd", {}))
    return shown


def sees_details(event, user, role):
    """Private events show their details only to writers with private access (and the owner)."""
    if not at_least(role, "reader"):
        return False
    return event.get("visibility") not in ("private", "confidential") or at_least(role, "writer")


def present_guests(shown, calendar_id, organizer, mine, max_attendees):
    """Mark self and organizer; hide or cut the list where the event or the caller says so."""
    guests = [mark(guest, calendar_id, organizer) for guest in shown["attendees"]]
    if shown.get("guestsCanSeeOtherGuests") is False and not mine:
        guests = [g for g in guests if g.get("self")]
        shown["attendeesOmitted"] = True
    if max_attendees and len(guests) > max_attendees:
        guests = [g for g in guests if g.get("self")][:1] or guests[:max_attendees]
        shown["attendeesOmitted"] = True
    shown["attendees"] = guests


def mark(guest, calendar_id, organizer):
    """One guest with the flags that depend on the calendar."""
    flags = {"organizer": True} if guest["email"] == organizer else {}
    if guest["email"] == calendar_id:
        flags["self"] = True
    return {**guest, **flags}


def busy_block(rec, role, zone_name):
    """What readers of free/busy, or of other people's private events, get to see."""
    e = rec["e"]
    shown = {"kind": "calendar#event", "etag": etag_of(rec["rev"])}
    shown.update({name: e[name] for name in BUSY_KEPT if name in e})
    if not at_least(role, "reader"):
        shown.pop("iCalUID", None)
    shown.setdefault("visibility", "private")
    if zone_name:
        move_to_zone(shown, zone_name)
    return shown


def move_to_zone(shown, name):
    """Show the times in another zone (the `timeZone` parameter)."""
    for key in ("start", "end", "originalStartTime"):
        if key in shown:
            shown[key] = in_zone(shown[key], name)


def tombstone(rec):
    """The little that is guaranteed of a cancelled event."""
    e = rec["e"]
    shown = {
        "kind": "calendar#event",
        "etag": etag_of(rec["rev"]),
        "id": e["id"],
        "status": "cancelled",
    }
    if e.get("recurringEventId"):
        shown["recurringEventId"] = e["recurringEventId"]
        shown["originalStartTime"] = e["originalStartTime"]
    return shown
