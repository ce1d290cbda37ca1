"""When the people of an in-memory world are busy, and its rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..core.changes import BusyTime, Window
from ..core.event import ShowAs
from .memory_rules import faulty, span
from .port import BusyUnreadable, RemoteRoom


class MemoryAvailability:
    """The part of `port.Provider` that tells who and what is free when."""

    world: Any

    @faulty
    def busy(
        self, calendar_ids: Sequence[str], window: Window
    ) -> Mapping[str, tuple[BusyTime, ...] | BusyUnreadable]:
        """Times of everything that is not free; a calendar that is not there is unreadable."""
        return {c: self._busy(c, window) for c in calendar_ids}

    @faulty
    def busy_of(
        self, addresses: Sequence[str], window: Window
    ) -> Mapping[str, tuple[BusyTime, ...] | BusyUnreadable]:
        """Times of anybody who has a calendar here."""
        return {one: self._busy(one, window) for one in addresses}

    @faulty
    def rooms(self) -> list[RemoteRoom]:
        """The world's rooms."""
        return list(self.world.rooms)

    def _busy(self, calendar_id: str, window: Window) -> tuple[BusyTime, ...] | BusyUnreadable:
        if calendar_id not in self.world.calendars:
            return BusyUnreadable("notFound")
        events = (e.event for e in self.world.calendars[calendar_id].values() if e.event)
        blocking = (e for e in events if e.fields.show_as is not ShowAs.FREE)
        times = (BusyTime(*span(e.fields.when), e.fields.show_as.value) for e in blocking)
        inside = (t for t in times if t.start < window.stop and t.stop > window.start)
        return tuple(sorted(inside, key=lambda one: one.start))
