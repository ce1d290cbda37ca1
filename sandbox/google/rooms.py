"""Resource calendars: rooms that answer invitations by themselves.

An invited room gets a copy of the meeting, accepts when it is free and declines otherwise; what it
answers follows the invitation without any mail. Everybody of its domain sees when it is busy.
"""

import hashlib

from .accounts import accounts
from .calendars import new_calendar, share, subscribe
from .invites import ROOM_DOMAIN, guests_of, is_room

KEPT = ("id", "summary", "start", "end", "status", "organizer", "creator", "created")
KEPT += ("recurrence", "sequence", "iCalUID", "eventType")


def create_room(world, name, capacity=0, domain="", email=""):
    """Make a room of a domain; Google's own name for it ends with its seats."""
    digest = hashlib.sha256(f"{domain}|{name}".encode()).hexdigest()[:24]
    email = email or f"c_{digest}@{ROOM_DOMAIN}"
    if not email.endswith(f"@{ROOM_DOMAIN}"):
        raise ValueError(f"no address of a room: {email}")
    summary = f"{name} ({capacity})" if capacity else name
    calendar = new_calendar(world, "", summary, id=email)
    for user in list(accounts(world).values()):
        if not domain or user["email"].endswith(f"@{domain}"):
            share(world, email, user["email"], "freeBusyReader")
            subscribe(world, user["email"], email, colorId="24")
    return calendar


def answer_for_rooms(world, rec, before):
    """Bring the rooms' copies in line with the organizer's record, and their answers into it."""
    shelf = world.services["google"].shelf
    old, new = guests_of(before), guests_of(rec["e"])
    is_over = rec["e"]["status"] == "cancelled"
    for email in {**old, **new}:
        if is_room(email) and email in world.store.table("google.calendars"):
            _take_away(shelf, email, rec)
            if email in new and not is_over:
                rec = _answered(shelf, email, rec)
    return rec


def _take_away(shelf, email, rec):
    for copy in [c for c in shelf.copies(rec["e"]["iCalUID"]) if c["cal"] == email]:
        if copy["e"]["status"] != "cancelled" and not copy.get("gone"):
            shelf.cancel(dict(copy))


def _answered(shelf, email, rec):
    answer = "declined" if _is_taken(shelf, email, rec) else "accepted"
    if answer == "accepted":
        copy = {name: rec["e"][name] for name in KEPT if name in rec["e"]}
        copy["reminders"] = {"useDefault": True}
        shelf.put({"cal": email, "maker": rec.get("maker"), "e": copy, "own": []})
    entry = {"responseStatus": answer, "resource": True}
    guests = [{**g, **entry} if g["email"] == email else g for g in rec["e"]["attendees"]]
    if guests == rec["e"]["attendees"]:
        return rec
    return shelf.put({**rec, "e": {**rec["e"], "attendees": guests}})


def _is_taken(shelf, email, rec):
    """Whether something else has the room at that time; of a series the first time counts."""
    for other in list(shelf.of(email)):
        e = other["e"]
        if other.get("gone") or e["status"] == "cancelled" or e["iCalUID"] == rec["e"]["iCalUID"]:
            continue
        if other["t0"] < rec["t1"] and other["t1"] > rec["t0"]:
            return True
    return False
