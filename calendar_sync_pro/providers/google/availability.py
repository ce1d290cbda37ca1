"""When calendars, people and rooms are busy, and which rooms there are. Never a title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...core.changes import BusyTime, Window
from ...core.errors import Forbidden
from ..port import BusyUnreadable, Grant, RemoteRoom
from . import busy
from .calendars import read_rooms
from .client import Client
from .oauth import CALENDAR_LIST, is_granted


class Availability:
    """The part of `port.Provider` that tells who and what is free when."""

    _client: Client
    _grant: Grant

    def busy(
        self, calendar_ids: Sequence[str], window: Window
    ) -> Mapping[str, tuple[BusyTime, ...] | BusyUnreadable]:
        """Busy times per calendar; nothing but times is asked for."""
        return busy.read_busy(self._client, calendar_ids, window)

    def busy_of(
        self, addresses: Sequence[str], window: Window
    ) -> Mapping[str, tuple[BusyTime, ...] | BusyUnreadable]:
        """Busy times of people and rooms: to Google their addresses are calendars too."""
        return busy.read_busy(self._client, addresses, window)

    def rooms(self) -> list[RemoteRoom]:
        """The resources on the account's list of calendars."""
        if not is_granted(self._grant, CALENDAR_LIST):
            raise Forbidden("rooms_not_allowed", operation="rooms")
        return read_rooms(self._client)
