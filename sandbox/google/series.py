"""What a change of a series does to its exceptions, and a change of one to its series."""

from . import recurrence

RULE = ("start", "end", "recurrence")
NOT_INHERITED = ("id", "recurrence", "start", "end", "created", "updated", "etag", "iCalUID")


def rule_changed(before, after):
    """Whether occurrences may have moved."""
    return any(before.get(name) != after.get(name) for name in RULE)


def refresh_exceptions(world, master, before):
    """After a write of a series: exceptions follow in what they have not changed themselves.

    An exception whose original start is no occurrence any more vanishes without a word (Google
    may keep some of them; a client has to list the series again after such a write).
    """
    shelf = world.services["google"].shelf
    after = master["e"]
    moved = rule_changed(before, after)
    for rec in list(shelf.exceptions(master["cal"], after["id"]).values()):
        stamp = recurrence.stamp_of(rec["e"]["originalStartTime"])
        if not after.get("recurrence") or (
            moved and recurrence.original_from_stamp(after, stamp) is None
        ):
            shelf.hide(rec)
            continue
        follow(shelf, rec, before, after)


def follow(shelf, rec, before, after):
    """Hand changed fields of a series down to one exception."""
    changed = {n for n in {*before, *after} if before.get(n) != after.get(n)}
    inherited = changed - set(NOT_INHERITED) - set(rec.get("own", [])) - {"status", "sequence"}
    if not inherited:
        return
    e = {k: v for k, v in rec["e"].items() if k not in inherited or k in after}
    e.update({name: after[name] for name in inherited if name in after})
    shelf.put({**rec, "e": e})


def restrict_series(world, rec):
    """An occurrence made private makes its whole series private; the reverse is ignored."""
    shelf = world.services["google"].shelf
    master = shelf.get(rec["cal"], rec["e"]["recurringEventId"])
    wanted = rec["e"].get("visibility")
    if master is None or wanted == master["e"].get("visibility"):
        return rec
    if wanted in ("private", "confidential"):
        before = master["e"]
        master = shelf.put({**master, "e": {**before, "visibility": wanted}})
        refresh_exceptions(world, master, before)
    else:
        rec["e"].pop("visibility", None)
        if master["e"].get("visibility"):
            rec["e"]["visibility"] = master["e"]["visibility"]
    return rec
