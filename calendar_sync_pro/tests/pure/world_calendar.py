"""The other side of the small world: a calendar with etags, cursors, chosen ids and faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ...core.errors import AlreadyExists, Conflict, NotFound, SyncTokenExpired, Unavailable
from ...core.event import EventFields


@dataclass
class Calendar:
    """The other side. `lost_answers` is how many writes are done without their answer arriving."""

    events: dict[str, EventFields] = field(default_factory=dict)
    etags: dict[str, int] = field(default_factory=dict)
    edited: dict[str, datetime] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    oldest_cursor: int = 0
    lost_answers: int = 0
    writes: list[tuple[str, str]] = field(default_factory=list)

    def changes(self, cursor: int | None) -> tuple[list[str], int, bool]:
        """(ids that changed, next cursor, is a complete listing)."""
        if cursor is None:
            return list(self.events), len(self.log), True
        if cursor < self.oldest_cursor:
            raise SyncTokenExpired
        return list(dict.fromkeys(self.log[cursor:])), len(self.log), False

    def put(self, remote_id: str, fields: EventFields, now: datetime) -> None:
        """Somebody's edit, ours or theirs."""
        self.events[remote_id] = fields
        self._touch(remote_id, now)

    def drop(self, remote_id: str, now: datetime) -> None:
        """Somebody's deletion."""
        if self.events.pop(remote_id, None) is not None:
            self._touch(remote_id, now)

    def create(self, remote_id: str, fields: EventFields, now: datetime) -> None:
        """Our create with a chosen id; a second one is refused, also after a deletion."""
        if remote_id in self.etags:
            raise AlreadyExists
        self.put(remote_id, rewritten(fields), now)
        self._answer("create", remote_id)

    def update(self, remote_id: str, etag: int, values: dict[str, Any], now: datetime) -> None:
        """Our update of the named fields against an etag."""
        if remote_id not in self.events:
            raise NotFound
        if self.etags[remote_id] != etag:
            raise Conflict
        self.put(remote_id, rewritten(self.events[remote_id].replace(**values)), now)
        self._answer("update", remote_id)

    def delete(self, remote_id: str, etag: int, now: datetime) -> None:
        """Our delete; already gone is done."""
        if remote_id in self.events and self.etags[remote_id] != etag:
            raise Conflict
        self.drop(remote_id, now)
        self._answer("delete", remote_id)

    def _touch(self, remote_id: str, now: datetime) -> None:
        self.etags[remote_id] = self.etags.get(remote_id, 0) + 1
        self.edited[remote_id] = now
        self.log.append(remote_id)

    def _answer(self, operation: str, remote_id: str) -> None:
        self.writes.append((operation, remote_id))
        if self.lost_answers:
            self.lost_answers -= 1
            raise Unavailable(has_unknown_outcome=True)


def rewritten(fields: EventFields) -> EventFields:
    """Calendars wrap what they are given; the words stay."""
    if not fields.description or fields.description.startswith("<span>"):
        return fields
    return fields.replace(description=f"<span>{fields.description}</span>")
