"""Changing events: one function says what a change means for series, copies, meetings and mails."""

from datetime import date

from . import recurrence
from .answers import call_off, take_off
from .clean import DEFAULTS, NEVER, cleaned, settle
from .content import has_blob, new_meeting, with_blob
from .copies import is_organizers, spread
from .errors import bad, conflict
from .mailer import Mailer
from .present import etag
from .shelf import Item

TIMES = ("start", "end", "isAllDay", "recurrence")


def create(world, place, body, mailer):
    """Store a new event and invite its guests; returns its item."""
    shelf, box = world.services["microsoft"].shelf, place.calendar["box"]
    user = world.store.table("ms.users")[box]
    e = {**{k: v for k, v in DEFAULTS.items()}, **cleaned(body, None)}
    e["organizer"] = {"emailAddress": {"name": user["name"], "address": box}}
    e["responseStatus"] = {"response": "organizer", "time": NEVER}
    settle(e)
    open_meeting(world, user, e)
    rec = shelf.put(shelf.new(box, place.calendar["id"], e))
    item = Item(rec)
    spread(world, item, None)
    mailer.about_change(None, e, item, ())
    return item


def open_meeting(world, user, e):
    """Give an online meeting its link, when the account may have one."""
    e["onlineMeetingProvider"] = "unknown"
    if not e["isOnlineMeeting"] or user["kind"] == "personal":
        e["isOnlineMeeting"] = False
        return
    e["onlineMeetingProvider"] = "teamsForBusiness"
    if e["onlineMeeting"] is None and user["teams"]:
        meeting = new_meeting()
        e["body"] = with_blob(e["body"], meeting)
        meeting["ready"] = world.clock.timestamp() + user["teams_late_s"]
        e["onlineMeeting"] = meeting


def change(world, item, body, operation):
    """Apply a PATCH; returns the item as it is then."""
    rec, before = item.rec, item.e
    changes = cleaned(body, before)
    if item.day:
        changes.pop("recurrence", None)
    if not is_organizers(rec):
        changes.pop("attendees", None)  # the list is the organizer's
    wanted = {**before, **changes}
    settle_meeting(world, rec, before, wanted, changes)
    settle(wanted, None if item.day else before)
    names = {n for n in {*before, *wanted} if before.get(n) != wanted.get(n)}
    if item.day:
        return change_occurrence(world, item, before, wanted, names, changes, operation)
    return change_whole(world, item, before, wanted, names, changes, operation)


def settle_meeting(world, rec, before, wanted, changes):
    """isOnlineMeeting is sticky; a body without its blob ends the meeting."""
    meeting = before.get("onlineMeeting")
    if before["isOnlineMeeting"]:
        wanted["isOnlineMeeting"] = True
        wanted["onlineMeetingProvider"] = before["onlineMeetingProvider"]
        if meeting and "body" in changes and not has_blob(wanted["body"], meeting):
            wanted |= {"isOnlineMeeting": False, "onlineMeeting": None}
            wanted["onlineMeetingProvider"] = "unknown"
    elif wanted["isOnlineMeeting"]:
        open_meeting(world, world.store.table("ms.users")[rec["box"]], wanted)
    else:
        wanted["onlineMeetingProvider"] = "unknown"


def change_whole(world, item, before, wanted, names, changes, operation):
    """A single event or a master; new times of a series end its exceptions."""
    rec, shelf = item.rec, world.services["microsoft"].shelf
    if names & {"recurrence", "start", "isAllDay"} and before.get("recurrence"):
        rec["exc"], rec["cut"] = {}, []
    if names:
        rec["e"] = wanted
        shelf.put(rec)
    if is_organizers(rec):
        mailer = Mailer(world, operation)
        if names:
            spread(world, item, before)
        mailer.about_change(before, wanted, item, names, changes)
        if wanted.get("recurrence") and names:
            mailer.about_exceptions(rec, item)
    return item


def change_occurrence(world, item, before, wanted, names, changes, operation):
    """One occurrence becomes (or stays) an exception."""
    rec, shelf = item.rec, world.services["microsoft"].shelf
    if names & {"start", "end", "isAllDay"}:
        check_neighbours(rec, item.day, wanted)
    if names:
        over = rec["exc"].setdefault(item.day, {"rev": 0, "e": {}})
        over["e"] |= {name: wanted[name] for name in names}
        shelf.put(rec, item.day)
    if is_organizers(rec):
        if names:
            spread(world, item, before)
        Mailer(world, operation).about_change(before, wanted, item, names, changes)
    return item


def check_neighbours(rec, day, wanted):
    """An exception may not reach or pass the day of the occurrence before or after it."""
    first, last = (wanted[n]["dateTime"][:10] for n in ("start", "end"))
    far = recurrence.day_after(date.fromisoformat(max(last, day)), 400)
    days = [d for d in recurrence.days_of(rec["e"], far) if d not in rec["cut"]]
    before, after = recurrence.neighbours(days, day)
    places = {d: Item(rec, d).e["start"]["dateTime"][:10] for d in (before, after) if d}
    if (before and first <= places[before]) or (after and last >= places[after]):
        text = "Modified occurrence is crossing or overlapping adjacent occurrence."
        raise bad("ErrorOccurrenceCrossingBoundary", text)


def remove(world, item, operation, comment=""):
    """DELETE: the organizer calls off for all, a guest only loses the own copy."""
    if is_organizers(item.rec):
        call_off(world, item, Mailer(world, operation), comment)
    else:
        take_off(world, item)


def check_if_match(request, item):
    """412 when the request names another state than the current one."""
    wanted = request.header("if-match")
    if (
        wanted
        and wanted.strip() != "*"
        and etag(item) not in [t.strip() for t in wanted.split(",")]
    ):
        raise conflict()
