"""Changing events: one function says what a change means for copies, series and mails."""

from ..clock import rfc3339
from . import conference
from .access import at_least
from .clean import GUEST_FLAGS, PERSONAL, clean, merged
from .errors import forbidden
from .guests import answer, counterpart, is_guest_copy, spread
from .invites import guests_of
from .series import refresh_exceptions, restrict_series

PERSONAL_TOP = (*PERSONAL, "extendedProperties")
UNSHARED = ("updated", "created", "sequence", "attendees", *PERSONAL)


def change(world, rec, changes, mailer, role, replace=False):
    """Apply a PATCH (or, with `replace`, a PUT) to a record; returns the stored record."""
    if rec["e"].get("visibility") in ("private", "confidential") and not at_least(role, "writer"):
        raise forbidden("requiredAccessLevel", "You need to have writer access to this event.")
    if rec.get("odd"):
        rec = {**rec, "odd": {k: v for k, v in rec["odd"].items() if k not in changes}}
    if is_guest_copy(rec) and changes.get("status") == "cancelled":
        remove(world, rec, mailer)
        return world.services["google"].shelf.find(rec["cal"], rec["e"]["id"])
    if is_guest_copy(rec):
        return change_as_guest(world, rec, changes, mailer, replace)
    wanted = prepared(world, rec, changes, replace)
    return store_change(world, rec, wanted, mailer)


def prepared(world, rec, changes, replace):
    """The event as it will be after the change, validated."""
    old = rec["e"]
    base = kept_by_put(old) if replace else old
    wanted = merged(base, changes)
    if "recurringEventId" in old:
        wanted.pop("recurrence", None)
    conference.take_request(wanted, old)
    conference.forget_link(wanted)
    clean(
        wanted,
        world.services["google"].shelf.zone_of(rec["cal"]),
        world.setting("google.rewrite_html"),
    )
    return wanted


def kept_by_put(old):
    """What a PUT leaves alone: identity, and what only special parameters may change."""
    names = (
        "id",
        "iCalUID",
        "created",
        "creator",
        "organizer",
        "sequence",
        "eventType",
        "attachments",
        "updated",
    )
    more = (
        "recurringEventId",
        "originalStartTime",
        "conferenceData",
        "hangoutLink",
        "privateCopy",
        "locked",
    )
    return {name: old[name] for name in (*names, *more) if name in old}


def store_change(world, rec, wanted, mailer):
    """Store the organizer's (or a lone) record, then series, copies and mails."""
    shelf, before = world.services["google"].shelf, rec["e"]
    if wanted == before and rec.get("odd") == (shelf.get(rec["cal"], before["id"]) or rec).get(
        "odd"
    ):
        return rec
    changed = {n for n in {*before, *wanted} if before.get(n) != wanted.get(n)}
    if changed & {"start", "end", "recurrence", "status"}:
        wanted["sequence"] = before.get("sequence", 0) + 1
    new = {**rec, "e": wanted}
    if "recurringEventId" in wanted:
        new["own"] = sorted(set(rec.get("own", [])) | changed - {"updated", "sequence"})
        new = restrict_series(world, new)
    shared = changed - set(PERSONAL)
    if wanted["status"] == "cancelled" and before["status"] != "cancelled":
        shelf.cancel({**new, "e": {**wanted, "sequence": before.get("sequence", 0)}})
        new = shelf.get(rec["cal"], wanted["id"])
    else:
        shelf.put(new, touch=bool(changed - {"reminders"}))
        if wanted.get("recurrence") or before.get("recurrence"):
            refresh_exceptions(world, new, before)
    spread(world, new, before)
    mailer.about_change(
        before, new["e"], bool(shared - set(UNSHARED) - {"extendedProperties", "source"})
    )
    return shelf.get(rec["cal"], wanted["id"])


def change_as_guest(world, rec, changes, mailer, replace):
    """A guest may change personal fields and the own answer; the rest belongs to the organizer."""
    shelf, old = world.services["google"].shelf, rec["e"]
    wanted = merged(kept_by_put(old) if replace else old, changes)
    entry, others_changed, added = own_answer(rec, changes, wanted)
    shared = shared_changes(world, rec, wanted, changes)
    if others_changed and not added:
        shared.add("attendees")
    if added and old.get("guestsCanInviteOthers") is False and not old.get("guestsCanModify"):
        shared.add("attendees")
    if shared and not old.get("guestsCanModify"):
        raise forbidden(
            "forbiddenForNonOrganizer",
            "Shared properties can only be changed by the organizer of the event.",
        )
    if shared or added:
        pass_to_organizer(world, rec, changes, mailer, shared, added)
        rec = shelf.find(rec["cal"], old["id"])
    personal = {
        n: wanted.get(n) for n in PERSONAL_TOP if n != "extendedProperties" and n in changes
    }
    rec = keep_personal(world, rec, personal, changes)
    if entry is not None:
        answer(world, rec, entry, mailer)
    return shelf.find(rec["cal"], old["id"])


def own_answer(rec, changes, wanted):
    """`(own entry if it changed, whether other guests differ, guests that were added)`."""
    if "attendees" not in changes:
        return None, False, []
    given = {g.get("email", "").lower(): g for g in wanted.get("attendees") or []}
    have = guests_of(rec["e"])
    me = rec["cal"]
    entry = None
    if me in given:
        fresh = {
            k: given[me][k]
            for k in ("responseStatus", "comment", "additionalGuests")
            if k in given[me]
        }
        if any(have.get(me, {}).get(k) != v for k, v in fresh.items()):
            entry = {"email": me, **fresh}
            entry.setdefault(
                "responseStatus", have.get(me, {}).get("responseStatus", "needsAction")
            )
    only_me = changes.get("attendeesOmitted") and set(given) <= {me}
    hidden = rec["e"].get("guestsCanSeeOtherGuests") is False
    if only_me or (hidden and set(given) <= {me}):
        return entry, False, []
    added = [given[e] for e in given if e not in have]
    lost = [e for e in have if e not in given]
    edited = [e for e in have if e in given and e != me and _differs(have[e], given[e])]
    return entry, bool(added or lost or edited), added if not lost and not edited else []


def _differs(have, given):
    return any(have.get(k) != given.get(k) for k in ("responseStatus", "optional") if k in given)


def shared_changes(world, rec, wanted, changes):
    """Names of shared fields that the guest's request would change."""
    shelf, old = world.services["google"].shelf, rec["e"]
    probe = {k: v for k, v in wanted.items() if k != "attendees"}
    if probe.get("status") == "cancelled":
        probe["status"] = old["status"]
    clean(probe, shelf.zone_of(rec["cal"]), world.setting("google.rewrite_html"))
    ignored = {*PERSONAL, "attendees", "extendedProperties", "source", "updated"}
    found = {n for n in {*old, *probe} - ignored if old.get(n) != probe.get(n)}
    if _flag_only(old, probe, found):
        return set()
    shared_old = (old.get("extendedProperties") or {}).get("shared")
    if (probe.get("extendedProperties") or {}).get("shared") != shared_old:
        found.add("extendedProperties")
    return found


def _flag_only(old, probe, found):
    defaults = {
        "guestsCanModify": False,
        "guestsCanInviteOthers": True,
        "guestsCanSeeOtherGuests": True,
    }
    return (
        found <= set(GUEST_FLAGS)
        and all(
            old.get(n, defaults.get(n, False)) == probe.get(n, defaults.get(n, False))
            for n in found
        )
        and not found - set(defaults)
    )


def pass_to_organizer(world, rec, changes, mailer, shared, added):
    """A guest who may modify writes through to the organizer's record."""
    shelf = world.services["google"].shelf
    home = counterpart(shelf, rec["e"]["organizer"]["email"], rec)
    part = {n: changes[n] for n in shared - {"attendees"} if n in changes}
    guests = list((home or rec)["e"].get("attendees", []))
    if added:
        part["attendees"] = [*guests, *added]
    elif "attendees" in shared:
        part["attendees"] = changes["attendees"]
    target = home if home is not None else rec
    store_change(world, target, prepared(world, target, part, False), mailer)


def keep_personal(world, rec, personal, changes):
    """Store what belongs to this copy only."""
    shelf, old = world.services["google"].shelf, rec["e"]
    e = dict(old)
    for name, value in personal.items():
        e.pop(name, None) if value is None else e.update({name: value})
    private = (changes.get("extendedProperties") or {}).get("private")
    if private is not None:
        e["extendedProperties"] = merged(old.get("extendedProperties") or {}, {"private": private})
    if changes.get("status") == "confirmed" and old["status"] == "cancelled":
        e["status"] = "confirmed"
    clean(e, shelf.zone_of(rec["cal"]), False)
    if e == old:
        return rec
    own = set(rec.get("own", []))
    if "recurringEventId" in e:
        own |= {n for n in e if e.get(n) != old.get(n)}
    return shelf.put({**rec, "e": e, "own": sorted(own)}, touch=set(personal) != {"reminders"})


def remove(world, rec, mailer):
    """DELETE: the organizer cancels for all, a guest declines and loses the own copy."""
    shelf = world.services["google"].shelf
    if is_guest_copy(rec):
        if guests_of(rec["e"]).get(rec["cal"]):
            answer(world, rec, {"email": rec["cal"], "responseStatus": "declined"}, mailer)
            rec = shelf.find(rec["cal"], rec["e"]["id"])
        shelf.cancel(dict(rec))
        return
    before = rec["e"]
    own = sorted({*rec.get("own", []), "status"}) if "recurringEventId" in before else []
    shelf.cancel({**rec, "own": own})
    after = shelf.get(rec["cal"], before["id"])
    spread(world, after, before)
    mailer.about_change(before, after["e"], True)


def create(world, calendar, caller, event, mailer, organizer=None):
    """Store a new event and invite its guests; `event` is validated and has an id."""
    shelf, now = world.services["google"].shelf, rfc3339(world.clock.now())
    user = world.store.table("google.users")[caller.user]
    event.setdefault("created", now)
    event.setdefault("sequence", 0)
    event.setdefault("eventType", "default")
    event["creator"] = {"email": caller.user, "displayName": user["name"]}
    if organizer is None:
        organizer = {"email": calendar["id"], "displayName": user["name"]}
        if not calendar["primary"] or calendar["id"] != caller.user:
            organizer["displayName"] = calendar["summary"]
    event["organizer"] = organizer
    rec = shelf.put({"cal": calendar["id"], "maker": caller.user, "e": event, "own": []})
    if not event.get("privateCopy"):
        spread(world, rec, None)
        mailer.about_change(None, event, True)
    return shelf.get(rec["cal"], event["id"])
