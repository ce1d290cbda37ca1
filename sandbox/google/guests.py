"""Copies: every guest with an account here holds a copy of the meeting in the primary calendar."""

import secrets

from . import recurrence
from .invites import guests_of
from .rooms import answer_for_rooms
from .series import refresh_exceptions
from .when import in_zone

PERSONAL_KEPT = (
    "id",
    "reminders",
    "colorId",
    "eventLabelId",
    "transparency",
    "visibility",
    "created",
    "recurringEventId",
)
ANSWERS_SHARED_UP_TO = 200


def is_guest_copy(rec):
    """Whether the meeting is organized from another calendar."""
    organizer = (rec["e"].get("organizer") or {}).get("email")
    return bool(organizer) and organizer != rec["cal"]


def counterpart(shelf, calendar_id, rec):
    """The record of the same meeting (and the same occurrence) on another calendar, or None."""
    slot = rec["e"].get("originalStartTime")
    copies = [
        r
        for r in shelf.copies(rec["e"]["iCalUID"])
        if r["cal"] == calendar_id and not r.get("gone")
    ]
    if slot is None:
        return next((r for r in copies if "originalStartTime" not in r["e"]), None)
    stamp = recurrence.stamp_of(slot)
    for copy in copies:
        if (
            "originalStartTime" in copy["e"]
            and recurrence.stamp_of(copy["e"]["originalStartTime"]) == stamp
        ):
            return copy
    master = next((r for r in copies if r["e"].get("recurrence")), None)
    return shelf.find(calendar_id, f"{master['e']['id']}_{stamp}") if master else None


def spread(world, rec, before):
    """Bring all guests' copies in line with the organizer's record after a write."""
    rec = answer_for_rooms(world, rec, before)
    old, new = guests_of(before), guests_of(rec["e"])
    for email in {**old, **new}:
        user = world.store.table("google.users").get(email)
        if user is not None and email != rec["cal"]:
            _spread_to(world, user, rec, new.get(email))


def _spread_to(world, user, rec, guest):
    shelf = world.services["google"].shelf
    copy = counterpart(shelf, user["email"], rec)
    gone = guest is None or rec["e"]["status"] == "cancelled"
    if gone:
        if copy is not None and copy["e"]["status"] != "cancelled":
            shelf.cancel(dict(copy))
        return
    if copy is None:
        if user["adds_invitations"]:
            shelf.put(_new_copy(shelf, user["email"], rec))
        return
    if copy["e"]["status"] == "cancelled" and guest["responseStatus"] == "declined":
        return  # the guest took it off the calendar; it stays off
    renewed = _renewed(shelf, copy, rec)
    if renewed != copy["e"] or copy.get("virtual"):
        own = copy.get("own", [])
        fresh = {**copy, "e": renewed, "own": own}
        if "originalStartTime" in renewed:
            fresh["own"] = sorted(set(own) | set(rec.get("own", [])))
        shelf.put(fresh)


def _shared_part(shelf, calendar_id, rec):
    """The organizer's event as others get it: no private properties, no source, their own zone."""
    kept = {
        k: v
        for k, v in rec["e"].items()
        if k not in (*PERSONAL_KEPT, "source", "extendedProperties")
    }
    shared = (rec["e"].get("extendedProperties") or {}).get("shared")
    if shared:
        kept["extendedProperties"] = {"shared": dict(shared)}
    for name in ("start", "end", "originalStartTime"):
        if name in kept:
            kept[name] = in_zone(kept[name], shelf.zone_of(calendar_id))
    return kept


def _new_copy(shelf, calendar_id, rec):
    e = {
        **_shared_part(shelf, calendar_id, rec),
        "id": rec["e"]["id"],
        "reminders": {"useDefault": True},
    }
    e["created"] = rec["e"]["created"]
    if rec["e"].get("recurringEventId"):
        e["recurringEventId"] = rec["e"]["recurringEventId"]
    if shelf.get(calendar_id, e["id"]) is not None:
        e["id"] = secrets.token_hex(13)
    return {"cal": calendar_id, "maker": rec.get("maker"), "e": e, "own": list(rec.get("own", []))}


def _renewed(shelf, copy, rec):
    e = _shared_part(shelf, copy["cal"], rec)
    private = (copy["e"].get("extendedProperties") or {}).get("private")
    if private:
        e.setdefault("extendedProperties", {})["private"] = private
    e.update({name: copy["e"][name] for name in PERSONAL_KEPT if name in copy["e"]})
    e["updated"] = copy["e"].get("updated", e["updated"])
    return e


def answer(world, rec, entry, mailer):
    """A guest's own answer: kept on the organizer's record and spread to everyone's copy."""
    shelf = world.services["google"].shelf
    organizer = counterpart(shelf, rec["e"]["organizer"]["email"], rec)
    home = organizer if organizer is not None else rec
    before = home["e"]
    guests = [
        {**g, **entry} if g["email"] == entry["email"] else g for g in before.get("attendees", [])
    ]
    if organizer is rec or len(guests) > ANSWERS_SHARED_UP_TO:
        home, before, guests = rec, rec["e"], _answered(rec["e"], entry)
    own = sorted(
        set(home.get("own", [])) | ({"attendees"} if "originalStartTime" in before else set())
    )
    home = {**home, "e": {**before, "attendees": guests}, "own": own}
    shelf.put(home)
    if organizer is not None and home["cal"] != rec["cal"]:
        refresh_exceptions(world, home, before)
        spread(world, home, before)
    mailer.about_answer(rec["e"], entry)


def _answered(event, entry):
    return [
        {**g, **entry} if g["email"] == entry["email"] else g for g in event.get("attendees", [])
    ]
