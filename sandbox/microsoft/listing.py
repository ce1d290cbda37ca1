"""Listings of events: events, calendarView and instances."""

from . import extensions, filters
from .access import READ, caller_of, place_of
from .bodies import collection, preferences
from .calendars import CONTAINERS, USER
from .errors import bad
from .present import present
from .shelf import Item
from .zones import window_epoch

MAX_WINDOW_S = 1825 * 86400


def add_routes(router):
    """Paths of listings."""
    for container in CONTAINERS:
        base = USER + container
        router.add("GET", base + "/events", "events.list", list_events)
        router.add("GET", base + "/calendarView", "calendarView.list", calendar_view)
        router.add("GET", base + "/events/{event}/instances", "events.instances", instances)


def window_of(request):
    """`(low, high)` in seconds since the epoch; 400 without them."""
    bounds = []
    for name in ("startDateTime", "endDateTime"):
        text = request.param(name)
        if not text:
            message = "This request requires a time window specified by the query string "
            message += f"parameters StartDateTime and EndDateTime ({name} is missing)."
            raise bad("ErrorInvalidParameter", message)
        try:
            bounds.append(window_epoch(text))
        except ValueError:
            message = f"The value '{text}' of parameter '{name}' is invalid."
            raise bad("ErrorInvalidParameter", message) from None
    low, high = bounds
    if high < low:
        raise bad("ErrorInvalidParameter", "The end of the window is before its start.")
    if high - low > MAX_WINDOW_S:
        raise bad("ErrorCalendarViewRangeTooBig", "The time window is longer than 1825 days.")
    return low, high


def shown(world, request, items, place):
    """A page of items, after $filter and $orderby."""
    prefs = preferences(request)
    wanted = filters.parse(request.param("$filter"))
    order = request.param("$orderby")
    pairs = [(item, None) for item in items]
    if wanted or order:
        pairs = [(item, present(world, item, prefs, place)) for item in items]
        pairs = [p for p in pairs if wanted is None or wanted(p[1], p[0].rec)]
        pairs = filters.ordered(pairs, order)
    return collection(
        request,
        "users/events",
        Lazy(pairs, lambda pair: full(world, request, pair, prefs, place)),
        prefs,
    )


class Lazy:
    """A list whose members are made when a slice is taken."""

    def __init__(self, pairs, make):
        self.pairs, self.make = pairs, make

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, part):
        return [self.make(pair) for pair in self.pairs[part]]


def full(world, request, pair, prefs, place):
    """The resource of one listed item."""
    item, resource = pair
    resource = resource or present(world, item, prefs, place)
    extensions.expand(world, request, item, resource, prefs, place)
    return resource


def list_events(world, request):
    """Singles and series masters, newest first, without a window."""
    caller = caller_of(world, request, READ)
    place = place_of(world, caller, request)
    recs = world.services["microsoft"].shelf.of(place.calendar["id"])
    return shown(world, request, [Item(rec) for rec in reversed(recs)], place)


def calendar_view(world, request):
    """Singles, occurrences and exceptions of a window, by start; no masters."""
    caller = caller_of(world, request, READ)
    place = place_of(world, caller, request)
    low, high = window_of(request)
    shelf = world.services["microsoft"].shelf
    items = [i for rec in shelf.of(place.calendar["id"]) for i in shelf.in_window(rec, low, high)]
    return shown(world, request, sorted(items, key=lambda item: item.span), place)


def instances(world, request):
    """Occurrences and exceptions of one series in a window."""
    from .events import item_of

    _caller, place, item = item_of(world, request)
    if item.kind != "seriesMaster":
        raise bad("ErrorInvalidRequest", "Instances exist for series masters only.")
    low, high = window_of(request)
    found = world.services["microsoft"].shelf.in_window(item.rec, low, high)
    return shown(world, request, found, place)
