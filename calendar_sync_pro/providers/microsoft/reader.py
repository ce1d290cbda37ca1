"""Reading one connected Microsoft account: calendars, changes, single events, busy times.

Source: Graph v1.0 calendars. What an event resource means is in `resource.py` and `wire.py`, what
an error means in `errors.py`. Events are always addressed through their calendar, so that one
that was dragged into another calendar counts as gone from this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core.changes import BusyTime, ChangePage, Window
from ...core.errors import Forbidden, Malformed, NotFound, SyncTokenExpired
from ...core.event import RemoteEvent
from ..port import (
    BusyUnreadable,
    Grant,
    OAuthApp,
    RemoteCalendar,
    RemoteRoom,
)
from . import busy, resource, wire
from .ahead import Ahead
from .calendars import read_calendars
from .cursor import place_of
from .graph import Graph, segment
from .oauth import MAILBOX_SETTINGS, PLACES, SHARED, endpoints_of, is_granted
from .occurrences import read_occurrence
from .places import read_rooms
from .rounds import Page, owner_of

PAGE_SIZE = 500
"""Rows asked for per page of changes."""


class Reader:
    """The half of `port.Provider` that changes nothing. `timeout_s` bounds each request."""

    def __init__(
        self,
        app: OAuthApp,
        grant: Grant,
        *,
        timeout_s: float = 20.0,
        page_size: int = PAGE_SIZE,
    ) -> None:
        self._grant = grant
        self._page_size = page_size
        api_url = endpoints_of(app).api_url
        self.graph = Graph(api_url, grant.access_token, timeout_s=timeout_s)
        self._ahead = Ahead(lambda: Graph(api_url, grant.access_token, timeout_s=timeout_s))
        self._zone_name = ""
        self._owners: dict[str, str] = {}

    def close(self) -> None:
        """Close the kept connections."""
        self._ahead.stop()
        self.graph.close()

    # -- calendars ---------------------------------------------------------------------------------

    def calendars(self) -> list[RemoteCalendar]:
        """All calendars, every page."""
        zone = wire.zone_of(self.zone())
        has_shared = is_granted(self._grant, SHARED)
        return read_calendars(self.graph, tz=zone, has_shared=has_shared)

    def zone(self) -> str:
        """The mailbox's time zone as Microsoft calls it; UTC where it may not be read."""
        if not self._zone_name:
            self._zone_name = self._read_zone() or "UTC"
        return self._zone_name

    def _read_zone(self) -> str:
        if not is_granted(self._grant, MAILBOX_SETTINGS):
            return ""
        try:
            answer = self.graph.ask("GET", "/me/mailboxSettings/timeZone", "zone")
        except (Forbidden, NotFound, Malformed):
            return ""
        name = str(answer.get("value") or "")
        return name if wire.zone_of(name) else ""

    # -- reading -----------------------------------------------------------------------------------

    def changes(self, calendar_id: str, cursor: str, window: Window) -> ChangePage:
        """The next page of changes; see `cursor.py` and `rounds.py`."""
        place = place_of(cursor, calendar_id, window)
        try:
            page = Page(self.graph, self._ahead, calendar_path(calendar_id), place)
            return page.read(self._page_size)
        except Malformed as error:
            if not cursor:
                raise
            raise SyncTokenExpired(error.reason, operation="changes") from None

    def get(self, calendar_id: str, remote_id: str) -> RemoteEvent:
        """One event as it is now. Raises NotFound when it is gone or cancelled."""
        item = self.item(calendar_id, remote_id, "get")
        return self.living(calendar_id, item, remote_id, "get")

    def find(self, calendar_id: str, key: str) -> RemoteEvent | None:
        """The event that an earlier `create` with `key` made, if it is still there.

        A copy that a person made carries the same key; it is the younger one.
        """
        name = resource.KEY_PROPERTY
        quoted = key.replace("'", "''")
        condition = f"ep/id eq '{name}' and ep/value eq '{quoted}'"
        listing = self.graph.every(
            events_path(calendar_id),
            "find",
            _filter=f"singleValueExtendedProperties/any(ep: {condition})",
            _select=f"{resource.SELECT},createdDateTime",
            _expand=resource.EXPAND_OWN,
        )
        items = sorted(listing, key=lambda item: str(item.get("createdDateTime") or ""))
        living = [item for item in items if not item.get("isCancelled")]
        made = [item for item in living if resource.ours(item)["key"] == key]
        for item in made or living:
            return self.living(calendar_id, item, "", "find")
        return None

    def item(self, calendar_id: str, remote_id: str, operation: str) -> dict[str, Any]:
        master_id, slot = resource.split_id(remote_id)
        if slot:
            path = events_path(calendar_id)
            return read_occurrence(self.graph, path, master_id, slot, operation)
        return self.graph.ask(
            "GET",
            event_path(calendar_id, remote_id),
            operation,
            _select=resource.SELECT,
            _expand=resource.EXPAND_OWN,
        )

    def living(
        self, calendar_id: str, item: Mapping[str, Any], remote_id: str, operation: str
    ) -> RemoteEvent:
        """The item as a value. Raises NotFound for a cancelled one, which stays in the calendar."""
        if item.get("isCancelled"):
            raise NotFound("cancelled", operation=operation)
        owner = "" if item.get("isOrganizer", True) else self.owner(calendar_id)
        _series, slot = resource.split_id(remote_id)
        uid = self._series_uid(calendar_id, item, operation)
        return resource.event_from(item, owner, uid, slot)

    def _series_uid(self, calendar_id: str, item: Mapping[str, Any], operation: str) -> str:
        """The iCalUId of an occurrence's series, asked for where it cannot be read from its own."""
        if not resource.is_occurrence(item):
            return ""
        uid = resource.series_uid(item.get("iCalUId") or "")
        if uid:
            return uid
        path = event_path(calendar_id, item["seriesMasterId"])
        return self.graph.ask("GET", path, operation, _select="id,iCalUId").get("iCalUId") or ""

    def owner(self, calendar_id: str) -> str:
        """Whose calendar it is: a guest's own answer is not told in the guest list."""
        if calendar_id not in self._owners:
            path = calendar_path(calendar_id)
            self._owners[calendar_id] = owner_of(self.graph, path, "owner")
        return self._owners[calendar_id]

    def occurrence_id(self, calendar_id: str, master_id: str, slot: str) -> str:
        """The id of one occurrence, when the series has it."""
        read_occurrence(self.graph, events_path(calendar_id), master_id, slot, "occurrence_id")
        return resource.occurrence_id(master_id, slot)

    def busy(
        self, calendar_ids: Sequence[str], window: Window
    ) -> Mapping[str, tuple[BusyTime, ...] | BusyUnreadable]:
        """Busy times per calendar or address; nothing but times is asked for."""
        return busy.read_busy(self.graph, calendar_ids, window)

    def busy_of(
        self, addresses: Sequence[str], window: Window
    ) -> Mapping[str, tuple[BusyTime, ...] | BusyUnreadable]:
        """Busy times of people and rooms of the organisation, by address."""
        return busy.read_busy(self.graph, addresses, window)

    def rooms(self) -> list[RemoteRoom]:
        """The organisation's rooms, where the app was set up to ask for that permission."""
        if not is_granted(self._grant, PLACES):
            raise Forbidden("rooms_not_allowed", operation="rooms")
        return read_rooms(self.graph)


def calendar_path(calendar_id: str) -> str:
    """Path of a calendar."""
    return f"/me/calendars/{segment(calendar_id)}"


def events_path(calendar_id: str) -> str:
    """Path of a calendar's events."""
    return f"{calendar_path(calendar_id)}/events"


def event_path(calendar_id: str, event_id: str) -> str:
    """Path of one event, through its calendar."""
    return f"{events_path(calendar_id)}/{segment(event_id)}"
