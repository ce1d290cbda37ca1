"""Copies: a guest with a mailbox here holds a copy of the meeting, with another id."""

from .access import default_calendar
from .clean import NEVER, address_of
from .mailer import guests_of
from .shelf import Item

PERSONAL = ("categories", "isReminderOn", "reminderMinutesBeforeStart", "responseStatus", "showAs")
KEPT = (*PERSONAL, "createdDateTime", "transactionId")


def is_organizers(rec):
    """Whether the record is the organizer's own."""
    return rec["e"]["organizer"]["emailAddress"]["address"].lower() == rec["box"]


def spread(world, item, before):
    """Bring the guests' copies in line with the organizer's item after a write."""
    for email in {**guests_of(before), **guests_of(item.e)}:
        if email in world.store.table("ms.users"):
            _spread_to(world, item, email, email in guests_of(item.e))


def _spread_to(world, item, email, invited):
    shelf = world.services["microsoft"].shelf
    copy = shelf.in_box(email, item.rec["uid"])
    if copy is None and item.day:
        copy = shelf.in_box(email, item.uid)  # invited to this occurrence only
        _single(world, shelf, copy, item, email, invited)
    elif item.day:
        _occurrence(world, shelf, copy, item, invited)
    else:
        _single(world, shelf, copy, item, email, invited)


def _single(world, shelf, copy, item, email, invited):
    if not invited:
        if copy is not None:
            call_off(world, Item(copy), item.e)
        return
    if copy is None:
        fresh = shelf.new(email, default_calendar(world, email)["id"], {}, item.uid)
        copy = {**fresh, "e": first_personal(world, item.e, email)}
    is_moved = any(copy["e"].get(name) != item.e.get(name) for name in ("start", "end"))
    copy["e"] = shared_part(item.e, copy["e"])
    if is_moved and world.store.table("ms.users")[email]["is_room"]:
        copy["e"]["responseStatus"] = {"response": "notResponded", "time": NEVER}
    if item.e.get("recurrence"):
        copy["cut"] = list(item.rec["cut"])
        copy["exc"] = {d: exception_for(item, copy, d) for d in item.rec["exc"]}
        for day in [d for d in copy["exc"] if email not in guests_of(Item(item.rec, d).e)]:
            copy["exc"].pop(day)
            copy["cut"] = sorted({*copy["cut"], day})
    else:
        copy["e"].pop("recurrence", None)
    shelf.put(copy)
    answer_for_room(world, email, Item(copy))


def exception_for(item, copy, day):
    """An exception of the organizer as the copy has it."""
    old = copy["exc"].get(day, {"e": {}})
    rev = old.get("rev", item.rec["exc"][day]["rev"])
    over = {k: v for k, v in item.rec["exc"][day]["e"].items() if k not in PERSONAL}
    return {"rev": rev, "e": {**over, **{k: v for k, v in old["e"].items() if k in PERSONAL}}}


def _occurrence(world, shelf, copy, item, invited):
    if copy["e"]["isCancelled"]:
        return
    if item.day in item.rec["cut"] or not invited:
        call_off(world, Item(copy, item.day), item.e)
        return
    copy["cut"] = [day for day in copy["cut"] if day != item.day]
    if item.day in item.rec["exc"]:
        copy["exc"][item.day] = exception_for(item, copy, item.day)
    shelf.put(copy, item.day)


def call_off(world, item, e):
    """A cancelled meeting: the copy stays, marked, or vanishes at once (by setting)."""
    shelf, rec = world.services["microsoft"].shelf, item.rec
    stays = world.setting("microsoft.cancelled_copies_stay")
    if not stays and not item.day:
        shelf.drop(rec)
        return
    marks = {"isCancelled": True, "subject": f"Canceled: {e['subject']}", "showAs": "free"}
    if not item.day:
        rec["e"] |= marks
    elif stays:
        over = rec["exc"].setdefault(item.day, {"rev": 0, "e": {}})
        over["e"] |= marks
    else:
        rec["cut"] = sorted({*rec["cut"], item.day})
        rec["exc"].pop(item.day, None)
    shelf.put(rec, item.day)


def first_personal(world, e, email):
    """What a fresh copy has of its own."""
    answer = {"response": "notResponded", "time": NEVER}
    shown = "tentative" if e["showAs"] != "free" else "free"
    facts = {"categories": [], "isReminderOn": True, "reminderMinutesBeforeStart": 15}
    return {**facts, "responseStatus": answer, "showAs": shown}


def shared_part(e, copy):
    """The organizer's event with the personal members of a copy."""
    shared = {k: v for k, v in e.items() if k not in KEPT}
    shared["attendees"] = [silent(a) for a in e["attendees"]]
    if copy.get("isCancelled"):
        copy = {**copy, "showAs": "tentative"}
    return {**shared, **{k: copy[k] for k in KEPT if k in copy}}


def silent(attendee):
    """Guests are not told what other guests answered."""
    return {**attendee, "status": {"response": "none", "time": NEVER}}


def take_answer(world, item, email, response, stamp):
    """The organizer's tally of an answer; nobody else's copy changes."""
    shelf = world.services["microsoft"].shelf
    organizer = item.e["organizer"]["emailAddress"]["address"].lower()
    home = shelf.in_box(organizer, item.rec["uid"])
    if home is None:
        return
    target = Item(home, item.day if item.day and home["e"].get("recurrence") else "")
    guests = [
        {**a, "status": {"response": response, "time": stamp}} if address_of(a) == email else a
        for a in target.e["attendees"]
    ]
    if target.day:
        home["exc"].setdefault(target.day, {"rev": 0, "e": {}})["e"]["attendees"] = guests
    else:
        home["e"]["attendees"] = guests
    shelf.put(home, target.day)


def answer_for_room(world, email, item):
    """A room with automatic answers accepts when it is free, and declines otherwise."""
    user = world.store.table("ms.users")[email]
    if not (user["is_room"] and user["auto_accept"]):
        return
    if item.e["responseStatus"]["response"] != "notResponded":
        return
    from .answers import respond  # answers write through the organizer, which spreads again

    respond(world, item, "declined" if busy(world, email, item) else "accepted", "", False)


def busy(world, email, item):
    """Whether something else already takes the room at that time."""
    shelf = world.services["microsoft"].shelf
    low, high = item.span
    for rec in shelf.of(item.rec["cal"]):
        others = rec["key"] != item.rec["key"] and not rec["e"]["isCancelled"]
        if others and any(i.e["showAs"] == "busy" for i in shelf.in_window(rec, low, high)):
            return True
    return False
