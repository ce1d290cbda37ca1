"""calendarView/delta: what changed in a window that never moves."""

from itertools import islice

from .access import READ, caller_of, place_of
from .bodies import PAGE_DEFAULT, answered, context, link, number, preferences
from .calendars import CONTAINERS, USER
from .cursors import Cursors
from .errors import bad
from .listing import window_of
from .present import present, sparse
from .shelf import Item

REFUSED = ("$select", "$filter", "$expand", "$orderby", "$search")


def add_routes(router):
    """Paths of the delta function."""
    for container in CONTAINERS:
        path = USER + container + "/calendarView/delta"
        router.add("GET", path, "calendarView.delta", delta)
        router.add("GET", path + r"\(\)", "calendarView.delta", delta)


def delta(world, request):
    """One page of a round; the last one has the deltaLink."""
    caller = caller_of(world, request, READ)
    place = place_of(world, caller, request)
    for name in REFUSED:
        if name in request.query:
            text = "The following parameters are not supported with change tracking over the "
            text += f"'CalendarView' resource: '{name}'."
            raise bad("ErrorInvalidUrlQuery", text)
    state = state_of(world, request, caller, place)
    prefs = preferences(request)
    size = number(request, "$top", prefs.page_size or PAGE_DEFAULT, 1000)
    cap = world.setting("microsoft.delta_page_cap")
    size = min(size, cap) if cap else size
    if request.args.get("empty_page"):
        return page_answer(world, request, [], state, state["last"], prefs)
    rows = list(islice(rows_after(world, place, state), size + 1))
    shown = [make_row(world, row, prefs, place) for row in rows[:size]]
    if len(rows) > size:
        return page_answer(world, request, shown, state, rows[size - 1][0], prefs)
    if world.setting("microsoft.delta_duplicates") and shown:
        shown.append(shown[0])
    return page_answer(world, request, shown, state, None, prefs)


def state_of(world, request, caller, place):
    """`{c, u, w, r, top, last, n, t}` of a round: begun now, or carried by a token."""
    cursors, now = Cursors(world), world.clock.timestamp()
    cal, token = place.calendar["id"], request.param("$skiptoken")
    if token:
        return cursors.read(token, "page", caller.user, cal)
    top = visible_top(world, cal)
    fresh = {"c": cal, "u": caller.user, "top": top, "last": [0, 0], "t": now}
    fresh["n"] = world.meta.get("next.rev", 0) + 1
    token = request.param("$deltatoken")
    if not token:
        return {**fresh, "w": window_of(request), "r": None}
    known = cursors.read(token, "delta", caller.user, cal)
    since = max(0, known["r"] - int(world.setting("microsoft.delta_replay")))
    return {**fresh, "w": known["w"], "r": since, "top": max(top, since)}


def visible_top(world, cal):
    """The newest revision that delta shows; changes may be late by setting."""
    shelf, late_s = world.services["microsoft"].shelf, world.setting("microsoft.delta_late_s")
    top = world.meta.get("next.rev", 0)
    if not late_s:
        return top
    limit = world.clock.timestamp() - late_s
    hidden = [rec["touched"] for rec in shelf.of(cal) if rec["at"] > limit]
    hidden += [tomb["rev"] for tomb in shelf.tombs_of(cal) if tomb["at"] > limit]
    return min([top, *(rev - 1 for rev in hidden)])


def rows_after(world, place, state):
    """`(mark, kind, thing)` rows in order of change, after the mark of the page before."""
    last_rev, last_place = state["last"]
    for rev, rec, tomb in changed(world, place.calendar["id"], state):
        if rev < last_rev:
            continue
        rows = [("gone", tomb)] if tomb else rows_of(world, rec, state)
        for index, row in enumerate(rows, 1):
            if rev > last_rev or index > last_place:
                yield [rev, index], *row


def changed(world, cal, state):
    """Records and stones of the round, oldest change first."""
    shelf, since, top = world.services["microsoft"].shelf, state["r"], state["top"]
    found = [(r["touched"], r, None) for r in shelf.of(cal) if (since or 0) < r["touched"] <= top]
    if since is not None:
        stones = (t for t in shelf.tombs_of(cal) if since < t["rev"] <= top)
        found += [(t["rev"], None, t) for t in stones]
    return sorted(found, key=lambda row: row[0])


def rows_of(world, rec, state):
    """Rows of one record: itself, or its series in one piece."""
    low, high = state["w"]
    first = state["r"] is None
    items = world.services["microsoft"].shelf.in_window(rec, low, high)
    if not rec["e"].get("recurrence"):
        return [("item", item) for item in items] or gone_row(rec, first)
    if not items:
        return gone_row(rec, first)
    rows = []
    if world.setting("microsoft.delta_master"):
        rows.append(("item", Item(rec)))
    rows += [("item", item) for item in items]
    if not first:
        inside = {item.day for item in items}
        moved = [d for d, x in rec["exc"].items() if x["rev"] > state["r"] and d not in inside]
        rows += [("gone", {"item": Item(rec, day)}) for day in moved]
    return rows


def gone_row(rec, first):
    """A change outside the window looks like a deletion; a first round is silent about it."""
    return [] if first else [("gone", {"item": Item(rec)})]


def make_row(world, row, prefs, place):
    """The JSON of a row."""
    _mark, kind, thing = row
    if kind == "gone":
        if "item" in thing:
            known_as = thing["item"].id(prefs.immutable)
        else:
            known_as = thing["iid" if prefs.immutable else "id"]
        return {"id": known_as, "@removed": {"reason": "deleted"}}
    if thing.kind == "occurrence":
        return {"@odata.type": "#microsoft.graph.event", **sparse(thing, prefs)}
    return {"@odata.type": "#microsoft.graph.event", **present(world, thing, prefs, place)}


def page_answer(world, request, rows, state, mark, prefs):
    """The answer with the link to go on; both links are whole addresses."""
    cursors = Cursors(world)
    body = {"@odata.context": context(request, "Collection(event)"), "value": rows}
    if mark is not None:
        token = cursors.pack({**state, "k": "page", "last": mark})
        body["@odata.nextLink"] = link(request, request.path, [("$skiptoken", token)])
    else:
        kept = {name: state[name] for name in ("c", "u", "w", "n", "t")}
        token = cursors.pack({**kept, "k": "delta", "r": state["top"]})
        body["@odata.deltaLink"] = link(request, request.path, [("$deltatoken", token)])
    return answered(body, prefs)
