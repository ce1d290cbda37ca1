"""Answers of guests, and calling off by the organizer."""

from ..clock import rfc3339
from .copies import is_organizers, spread, take_answer
from .errors import bad
from .mailer import Mailer
from .shelf import Item

SHOWN = {"accepted": "busy", "tentativelyAccepted": "tentative"}


def respond(world, item, response, comment, send, operation="events.respond"):
    """Accept, tentatively accept or decline; the organizer hears of it when `send`."""
    shelf, rec = world.services["microsoft"].shelf, item.rec
    if is_organizers(rec):
        text = "You can't respond to this meeting because you're the meeting organizer."
        raise bad("ErrorInvalidRequest", f"Your request can't be completed. {text}")
    stamp, before = rfc3339(world.clock.now()), item.e
    marks = {"responseStatus": {"response": response, "time": stamp}}
    marks["showAs"] = SHOWN.get(response, "free") if before["showAs"] != "free" else "free"
    if response == "accepted":
        marks["showAs"] = "busy"
    if send:
        Mailer(world, operation).about_answer(before, item, rec["box"], response, comment)
    if send or world.store.table("ms.users")[rec["box"]]["is_room"]:
        take_answer(world, item, rec["box"], response, stamp)
    if response == "declined" and world.setting("microsoft.decline_removes"):
        take_off(world, item)
        return
    if item.day:
        rec["exc"].setdefault(item.day, {"rev": 0, "e": {}})["e"] |= marks
    else:
        rec["e"] |= marks
    shelf.put(rec, item.day)


def take_off(world, item):
    """Remove an item from its own mailbox only."""
    shelf, rec = world.services["microsoft"].shelf, item.rec
    if not item.day:
        shelf.drop(rec)
        return
    rec["cut"] = sorted({*rec["cut"], item.day})
    rec["exc"].pop(item.day, None)
    shelf.put(rec)


def call_off(world, item, mailer, comment=""):
    """The organizer deletes or cancels: guests are told, always."""
    before = item.e
    take_off(world, item)
    if not item.day:
        gone = {**item.rec, "e": {**before, "attendees": []}}
        spread(world, Item(gone), before)
    else:
        spread(world, item, before)
    mailer.about_end(before, item, comment)
