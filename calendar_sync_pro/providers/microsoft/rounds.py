"""A lot of calendarView/delta's rows, made whole.

Delta tells singles and changed occurrences in full, plain occurrences only with their place, and
sometimes no series at all; no extensions; no removed occurrences; and "removed" for what only left
the window. What is missing is read in batches: only series whose listed occurrences are not what
their rule says, events that may carry our extension without our transactionId, and what is said
to be removed. A series that is listed as expected costs no request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...core.changes import ChangePage, Gone, Listing, Unreadable, Window
from ...core.errors import Malformed
from ...core.event import RemoteEvent
from ...core.recurrence import expand
from . import resource, wire
from .ahead import Ahead, Lot, follow, gather, preference
from .cursor import Place
from .graph import Graph, located, segment

_MAX_OCCURRENCES = 5000
Item = Mapping[str, Any]


@dataclass(slots=True)
class Rows:
    """A page's rows, each id once. `placed` are the plain occurrences of each series."""

    removed: list[str] = field(default_factory=list)
    masters: dict[str, Item] = field(default_factory=dict)
    placed: dict[str, list[Item]] = field(default_factory=dict)
    singles: dict[str, Item] = field(default_factory=dict)
    changed: dict[str, Item] = field(default_factory=dict)
    broken: list[Unreadable] = field(default_factory=list)

    def take(self, row: Item) -> None:
        """Put a row where it belongs. Raises KeyError or TypeError for one that is none."""
        known_as = row["id"]
        if "@removed" in row:
            self.removed.append(known_as)
            return
        match row.get("type"):
            case "seriesMaster":
                self.masters[known_as] = row
            case "occurrence":
                self.placed.setdefault(row["seriesMasterId"], []).append(row)
            case "exception":
                self.changed[known_as] = row
            case _:
                self.singles[known_as] = row

    def changed_of(self, master_id: str) -> list[Item]:
        """The changed occurrences of one series."""
        return [row for row in self.changed.values() if row.get("seriesMasterId") == master_id]

    @property
    def series(self) -> list[str]:
        """Ids of all series that the page says something about."""
        named = (row.get("seriesMasterId") or "" for row in self.changed.values())
        return list(dict.fromkeys([*self.masters, *self.placed, *filter(None, named)]))


def rows_of(values: Iterable[Any]) -> Rows:
    """Sort a page; of an id that comes twice the later row counts."""
    rows, latest = Rows(), {}
    for number, row in enumerate(values):
        known_as = row.get("id") if isinstance(row, dict) else None
        latest.pop(known_as or number, None)
        latest[known_as or number] = row
    for row in latest.values():
        try:
            rows.take(row)
        except (KeyError, TypeError):
            rows.broken.append(Unreadable("", Malformed("malformed", field="item")))
    return rows


def is_as_ruled(master: Item, placed: list[Item], changed: list[Item], window: Window) -> bool:
    """True when exactly the occurrences are listed that the rule has in `window`. A series that
    cannot be read is left to its reader."""
    try:
        when, lines = wire.when_from(master), wire.recurrence_from(master)
        length = when.stop - when.start
        wide = Window(window.start - length, window.stop)
        found = expand(when, lines, wide, limit=_MAX_OCCURRENCES)
        expected = {one.slot for one in found if _ends_after(one, window)}
        is_day = when.is_all_day
        listed = {resource.slot_from(row, is_day=is_day) for row in (*placed, *changed)}
    except (Malformed, KeyError, ValueError, TypeError):
        return True
    return listed == expected


def _ends_after(when, window: Window) -> bool:
    start = window.start.date() if when.is_all_day else window.start
    return when.stop > start


class Page:
    """One page on its way to a `ChangePage`."""

    def __init__(self, graph: Graph, ahead: Ahead, calendar_path: str, place: Place) -> None:
        self._graph = graph
        self._ahead = ahead
        self._path = calendar_path
        self._place = place
        self._events: dict[str, RemoteEvent] = {}
        self._gone: dict[str, Gone] = {}
        self._unreadable: list[Unreadable] = []
        self._wholes: dict[str, frozenset[str]] = {}
        self._done = list(place.done)
        self._owner = place.owner

    def read(self, page_size: int) -> ChangePage:
        """Ask for rows and for what they leave out. Raises Unavailable for what is no page."""
        lot = self._rows(page_size)
        self._tell(rows_of(lot.rows))
        is_complete = self._place.is_first and not lot.has_more
        following = self._place.after(
            lot.link, has_more=lot.has_more, owner=self._owner, done=tuple(self._done)
        )
        return ChangePage(
            cursor=following.text(),
            events=tuple(self._events.values()),
            gone=tuple(self._gone.values()),
            unreadable=tuple(self._unreadable),
            has_more=lot.has_more,
            listing=Listing.COMPLETE if is_complete else self._place.listing,
            server_time=lot.server_time,
            wholes=self._wholes,
        )

    def _rows(self, page_size: int) -> Lot:
        """The rows at our place; where Graph's pages are small, the next are read meanwhile."""
        link = self._place.link
        lot = self._ahead.take(link) or gather(
            self._graph, lambda: self._ask(link, page_size), page_size
        )
        if lot.has_more and lot.pages > 1:
            self._ahead.start(lot.link, page_size)
        return lot

    def _ask(self, link: str, page_size: int) -> Item:
        if link:
            return follow(self._graph, link, page_size)
        window = {"startDateTime": self._place.start, "endDateTime": self._place.stop}
        path = f"{self._path}/calendarView/delta"
        return self._graph.ask("GET", path, "changes", prefer=preference(page_size), **window)

    # -- what is missing ---------------------------------------------------------------------------

    def _tell(self, rows: Rows) -> None:
        """Turn rows into events and gone ones, reading what they leave out."""
        self._unreadable += rows.broken
        wanted = [m for m in rows.series if self._is_asked(rows, m)]
        singles = [] if self._place.is_first else [i for i in rows.singles if _may_be_ours(rows, i)]
        ids = [*wanted, *singles, *rows.removed]
        paths = [_full_path(self._path, one) for one in ids]
        found = dict(zip(ids, self._graph.read_many(paths, "changes"), strict=True))
        self._note_owner([*rows.singles.values(), *rows.masters.values(), *found.values()])
        for one in (*singles, *rows.removed):
            rows.singles.pop(one, None)
            self._one(one, found[one])
        for row in rows.singles.values():
            self._take(row)
        for master_id in rows.series:
            self._series(rows, master_id, found)

    def _is_asked(self, rows: Rows, master_id: str) -> bool:
        """True for a series that the page does not tell as a whole."""
        if master_id in self._done:
            return any(not _uid_of(row) for row in rows.changed_of(master_id))
        master = rows.masters.get(master_id)
        if master is None or (not self._place.is_first and _may_be_ours(rows, master_id)):
            return True
        placed = rows.placed.get(master_id, [])
        return not is_as_ruled(master, placed, rows.changed_of(master_id), self._place.window)

    def _note_owner(self, items: Iterable[Item | None]) -> None:
        """Find out whose calendar this is when it holds somebody else's meeting."""
        if not self._owner and any(item and item.get("isOrganizer") is False for item in items):
            self._owner = owner_of(self._graph, self._path, "changes")

    # -- telling -----------------------------------------------------------------------------------

    def _one(self, known_as: str, item: Item | None) -> None:
        """An event that was read by its id: gone, or somewhere outside of the window; a series
        of which every occurrence was taken out is told like that, too."""
        if item is None:
            self._gone[known_as] = Gone(known_as)
            return
        self._take(item)
        if item.get("type") == "seriesMaster":
            self._cut(known_as, item)

    def _series(self, rows: Rows, master_id: str, found: Mapping[str, Item | None]) -> None:
        """The series and its changed occurrences, those that were taken out, and who it is."""
        master = found.get(master_id, rows.masters.get(master_id))
        if master_id in found and master is None:
            self._gone[master_id] = Gone(master_id)
            return
        changed = {row["id"]: row for row in (master or {}).get("exceptionOccurrences") or ()}
        changed |= {row["id"]: row for row in rows.changed_of(master_id)}
        if master is not None and master_id not in self._place.done:
            self._take(master)
        is_day = None if master is None else bool(master.get("isAllDay"))
        for row in changed.values():
            self._take(row, master, is_day)
        if master is not None and (master_id in found or master_id not in self._place.done):
            self._note_whole(master_id, master, changed.values(), is_day)
        if master_id in found:
            self._done.append(master_id)
            self._cut(master_id, master)

    def _note_whole(
        self, master_id: str, master: Item, changed: Iterable[Item], is_day: bool | None
    ) -> None:
        """Which occurrences are not as their series says: a reset one is never told itself."""
        try:
            slots = {resource.slot_from(row, is_day=is_day) for row in changed}
            self._wholes[master_id] = frozenset(slots | set(resource.cancelled_slots(master)))
        except (Malformed, KeyError, ValueError, TypeError):
            return  # what cannot be read is told as unreadable

    def _cut(self, master_id: str, master: Item) -> None:
        """Occurrences that the series says were taken out."""
        try:
            slots = resource.cancelled_slots(master)
        except (Malformed, KeyError, ValueError, TypeError):
            return  # the series itself was told as unreadable
        for slot in slots:
            remote_id = resource.occurrence_id(master_id, slot)
            self._gone[remote_id] = Gone(remote_id, slot, master_id)

    def _take(self, item: Item, master: Item | None = None, is_day: bool | None = None) -> None:
        """One living or cancelled item."""
        try:
            slot = resource.slot_from(item, is_day=is_day)
            uid = (master or {}).get("iCalUId") or ""
            event = resource.event_from(item, self._owner, uid, slot)
        except Malformed as error:
            self._unreadable.append(Unreadable(error.where, error))
            return
        except (KeyError, ValueError, TypeError, AttributeError):
            error = Malformed("malformed", field="item", where=str(item.get("id", "")))
            self._unreadable.append(Unreadable(error.where, error))
            return
        if item.get("isCancelled"):
            self._gone[event.remote_id] = Gone(event.remote_id, event.slot, event.master_id)
        else:
            self._events[event.remote_id] = event


def owner_of(graph: Graph, calendar_path: str, operation: str) -> str:
    """Address of the person whose calendar it is."""
    answer = graph.ask("GET", calendar_path, operation, _select="id,owner")
    return str((answer.get("owner") or {}).get("address") or "").strip().lower()


def _may_be_ours(rows: Rows, known_as: str) -> bool:
    """True when only the extension can say whether we made it: a copy has no transactionId."""
    row = rows.singles.get(known_as) or rows.masters.get(known_as) or {}
    return not resource.ours(row)["key"]


def _uid_of(row: Item) -> str:
    return resource.series_uid(row.get("iCalUId") or "")


def _full_path(calendar_path: str, known_as: str) -> str:
    query = {"_select": resource.SELECT_SERIES, "_expand": resource.EXPAND_SERIES}
    return located(f"{calendar_path}/events/{segment(known_as)}", query)
