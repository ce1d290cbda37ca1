"""Reading one connected CalDAV account: calendars, changes, single events, busy times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property

from ...core.changes import BusyTime, ChangePage, Window
from ...core.errors import Malformed, NotFound
from ...core.event import RemoteEvent
from ..port import BusyUnreadable, Grant, OAuthApp, RemoteCalendar, RemoteRoom
from . import bodies, busy, resource
from .calendars import Person, read_calendars, zone_of
from .cursor import place_of
from .dav import Dav
from .multistatus import path_of
from .resource import SUFFIX, Resource, Told
from .rounds import PAGE_SIZE, WHOLE_SIZE, Changed, Rounds
from .writes import name_for


class Reader:
    """The half of `port.Provider` that changes nothing.

    `timeout_s` bounds each request; `page_size` is how many events a page may hold, `whole_size`
    up to which size a calendar is read whole.
    """

    def __init__(
        self,
        app: OAuthApp,
        grant: Grant,
        *,
        timeout_s: float = 20.0,
        page_size: int = PAGE_SIZE,
        whole_size: int = WHOLE_SIZE,
    ) -> None:
        self._grant = grant
        self._sizes = page_size, whole_size
        self.dav = Dav(
            grant.home_url,
            grant.username,
            grant.access_token,
            trusted_hosts=app.trusted_hosts,
            timeout_s=timeout_s,
        )
        self._left: dict[tuple[str, str], Changed] = {}
        self._zones: dict[str, str] = {}

    def close(self) -> None:
        """Close the kept connections."""
        self.dav.close()

    @cached_property
    def person(self) -> Person:
        """Who the account belongs to; asked for when it matters."""
        return Person(self.dav, self._grant.username)

    def floating(self, calendar: str) -> str:
        """The zone of times that name none: the calendar's own, else the user's."""
        if calendar not in self._zones:
            row = self.dav.properties(calendar, "zone", "C:calendar-timezone")
            self._zones[calendar] = zone_of(row.raw("C:calendar-timezone")) or self._grant.tz
        return self._zones[calendar]

    # -- calendars ---------------------------------------------------------------------------------

    def calendars(self) -> list[RemoteCalendar]:
        """All calendars of the account that hold events."""
        who = self.person
        return read_calendars(self.dav, who.main_path, who.principal, can_invite=who.schedules)

    # -- reading -----------------------------------------------------------------------------------

    def changes(self, calendar_id: str, cursor: str, window: Window) -> ChangePage:
        """The next page of changes; see `cursor.py` and `rounds.py`."""
        calendar = self.calendar_path(calendar_id, "changes")
        place = place_of(cursor, calendar_id, datetime.now(UTC))

        def read_one(path: str, content: str, etag: str) -> Told:
            return self._told(calendar, path, content, etag, window)

        rounds = Rounds(self.dav, calendar, window, read_one, *self._sizes)
        page, changed = rounds.page(place, self._left.pop((calendar, cursor), None))
        if page.has_more:
            self._left[calendar, page.cursor] = changed
        return page

    def _told(self, calendar: str, path: str, content: str, etag: str, window: Window) -> Told:
        try:
            found = self._resource(calendar, path, content, etag)
        except Malformed as error:
            return resource.unreadable(path, error)
        return found.told(window)

    def _resource(self, calendar: str, path: str, content: str, etag: str) -> Resource:
        """A stored text; whose it is and what its local times mean is asked only where it
        matters. Raises Malformed."""
        found = Resource(path, content, etag)
        if found.has_floating_times:
            found = Resource(path, content, etag, floating=self.floating(calendar))
        if found.has_people:
            found.own = self.person.addresses
        return found

    def resource(self, path: str, operation: str) -> Resource:
        """A resource as it is now. Raises NotFound, Malformed."""
        content, etag = self.dav.get(path, operation)
        return self._resource(path.rpartition("/")[0] + "/", path, content, etag)

    def made(self, path: str, content: str, etag: str) -> Resource:
        """A resource as it was just written."""
        return self._resource(path.rpartition("/")[0] + "/", path, content, etag)

    def get(self, calendar_id: str, remote_id: str) -> RemoteEvent:
        """One event as it is now. Raises NotFound when it is gone or cancelled."""
        path, slot = self.split(calendar_id, remote_id)
        return self.resource(path, "get").at(slot, "get")

    def find(self, calendar_id: str, key: str) -> RemoteEvent | None:
        """The event that an earlier `create` with `key` made, if it is still there."""
        try:
            return self.resource(self.path_for(calendar_id, key), "find").at("", "find")
        except NotFound:
            return None

    def occurrence_id(self, calendar_id: str, master_id: str, slot: str) -> str:
        """The id of one occurrence, when the series has it. Raises NotFound."""
        path, _slot = self.split(calendar_id, master_id)
        self.resource(path, "occurrence_id").find(slot, "occurrence_id")
        return resource.occurrence_id(path, slot)

    def busy(
        self, calendar_ids: Sequence[str], window: Window
    ) -> Mapping[str, tuple[BusyTime, ...] | BusyUnreadable]:
        """Busy times per calendar; nothing but times is asked for."""
        return busy.read_busy(self.dav, calendar_ids, window, self._grant.tz)

    def busy_of(
        self, addresses: Sequence[str], window: Window
    ) -> Mapping[str, tuple[BusyTime, ...] | BusyUnreadable]:
        """Nobody's: hardly any of these servers tells it about addresses."""
        return dict.fromkeys(addresses, BusyUnreadable("not_offered"))

    def rooms(self) -> list[RemoteRoom]:
        """None: there is no list of rooms to be asked for."""
        return []

    # -- paths -------------------------------------------------------------------------------------

    def calendar_path(self, calendar_id: str, operation: str) -> str:
        """A calendar's path. Raises NotFound for what cannot be one."""
        if not calendar_id.startswith("/"):
            raise NotFound("notFound", operation=operation)
        return path_of(calendar_id)

    def path_for(self, calendar_id: str, key: str) -> str:
        """Where the event that is created with `key` is stored."""
        return f"{self.calendar_path(calendar_id, 'path')}{name_for(key)}{SUFFIX}"

    def split(self, calendar_id: str, remote_id: str) -> tuple[str, str]:
        """(path, slot) of a remote id; a key that was never answered counts as the id."""
        path, slot = resource.split_id(remote_id)
        return (path if path.startswith("/") else self.path_for(calendar_id, path)), slot

    def path_of_uid(self, calendar_id: str, uid: str, operation: str) -> str:
        """Path of the calendar's resource with this UID, '' when there is none. Servers match
        parts of texts, so equality is checked here."""
        calendar = self.calendar_path(calendar_id, operation)
        answer = self.dav.report(calendar, operation, bodies.query_uid(uid))
        for row in answer.rows:
            try:
                found = Resource(row.path, row.raw("C:calendar-data"), "")
            except Malformed:
                continue
            if found.uid == uid:
                return row.path
        return ""
