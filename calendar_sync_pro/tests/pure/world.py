"""A small world to rehearse in: one Odoo, one calendar, and what goes wrong between them.

Both sides are dictionaries; every decision is the real table's. The calendar answers like a
provider (etags, cursors, chosen ids), drops answers and expires cursors on demand. `sync()` is one
cycle of pull and push and may be cut short anywhere, `settle()` repeats until nothing is left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ...core.errors import AlreadyExists, Conflict, NotFound, SyncTokenExpired, Unavailable
from ...core.event import EventFields
from ...core.settings import Policy
from ...sync import base as stored_base
from ...sync import decide as table
from ...sync.decide import FieldConflict, Pair, decide
from ...sync.normalise import canonical
from .events import at
from .world_calendar import Calendar


@dataclass
class Record:
    """An Odoo event."""

    fields: EventFields
    edited: datetime
    is_cancelled: bool = False


@dataclass
class Link:
    """What Odoo remembers of a pair. `base` is stored as JSON, as on the real link."""

    remote_id: str
    base: dict | None = None
    etag: int | None = None
    is_pending: bool = False


@dataclass
class World:
    """One Odoo and one calendar."""

    policy: Policy = field(default_factory=Policy)
    calendar: Calendar = field(default_factory=Calendar)
    records: dict[str, Record] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)
    journal: list[tuple[str, str, tuple[FieldConflict, ...]]] = field(default_factory=list)
    cursor: int | None = None
    now: datetime = field(default_factory=lambda: at(8))
    _names: int = 0

    # What people do -------------------------------------------------------------------------

    def books(self, fields: EventFields) -> str:
        """Somebody makes an event in Odoo; returns its name."""
        name = self._new_name()
        self.records[name] = Record(fields, self._tick())
        self.marks.add(name)
        return name

    def edits(self, name: str, **values) -> None:
        """Somebody changes it in Odoo."""
        record = self.records.get(name)
        if record and not record.is_cancelled:
            record.fields = record.fields.replace(**values)
            record.edited = self._tick()
            self.marks.add(name)

    def deletes(self, name: str) -> None:
        """Somebody deletes it in Odoo."""
        if self.records.pop(name, None):
            self._tick()
            self.marks.add(name)

    def they_book(self, remote_id: str, fields: EventFields) -> None:
        """Somebody makes an event in the calendar."""
        self.calendar.put(remote_id, fields, self._tick())

    def they_edit(self, remote_id: str, **values) -> None:
        """Somebody changes it in the calendar."""
        if remote_id in self.calendar.events:
            fields = self.calendar.events[remote_id].replace(**values)
            self.calendar.put(remote_id, fields, self._tick())

    def they_delete(self, remote_id: str) -> None:
        """Somebody deletes it in the calendar."""
        self.calendar.drop(remote_id, self._tick())

    # What goes wrong ------------------------------------------------------------------------

    def loses_answers(self, count: int = 1) -> None:
        """The next writes happen, but their answers are lost."""
        self.calendar.lost_answers = count

    def forgets_cursors(self) -> None:
        """Every cursor given so far is refused from now on."""
        self.calendar.oldest_cursor = len(self.calendar.log) + 1
        self.calendar.log.append("")

    # Sync -----------------------------------------------------------------------------------

    def settle(self) -> None:
        """Cycles until a whole one did nothing."""
        self.calendar.lost_answers = 0
        for _cycle in range(6):
            before = (self.cursor, len(self.calendar.writes), set(self.marks))
            self.sync()
            if before == (self.cursor, len(self.calendar.writes), set(self.marks)):
                return
        raise AssertionError("the two sides never come to rest")

    def sync(self) -> None:
        """One cycle."""
        self.pull()
        self.push()

    def pull(self, most: int | None = None) -> None:
        """Take what changed. With `most` the worker dies after so many events: no cursor saved."""
        try:
            ids, cursor, is_complete = self.calendar.changes(self.cursor)
        except SyncTokenExpired:
            self.cursor = None
            ids, cursor, is_complete = self.calendar.changes(None)
        if is_complete:
            gone = [link.remote_id for link in self.links.values() if not link.is_pending]
            ids += [remote_id for remote_id in gone if remote_id not in self.calendar.events]
        for remote_id in filter(None, ids[:most]):
            self._pull_one(remote_id)
        if most is None:
            self.cursor = cursor

    def push(self) -> None:
        """Send what is marked; a mark goes when its push is done."""
        for name in sorted(self.marks):
            try:
                self._push_one(name)
            except Unavailable:
                continue
            except (Conflict, NotFound, AlreadyExists):
                self._pull_one(self.links[name].remote_id)
                continue
            self.marks.discard(name)

    # What people see ------------------------------------------------------------------------

    def shown_in_odoo(self) -> list[EventFields]:
        """Events that are not cancelled, as compared."""
        seen = [canonical(r.fields) for r in self.records.values() if not r.is_cancelled]
        return sorted(seen, key=repr)

    def shown_in_calendar(self) -> list[EventFields]:
        """The calendar's events, as compared."""
        return sorted((canonical(each) for each in self.calendar.events.values()), key=repr)

    def in_odoo(self, remote_id: str) -> Record | None:
        """The Odoo event of a calendar event."""
        name = self._name_of(remote_id)
        return self.records.get(name) if name else None

    def lost_values(self) -> list[Any]:
        """Values that did not survive, as the journal has them."""
        return [conflict.lost for _name, _rule, lost in self.journal for conflict in lost]

    # The engine, in small -------------------------------------------------------------------

    def _pull_one(self, remote_id: str) -> None:
        remote = self.calendar.events.get(remote_id)
        name = self._name_of(remote_id)
        if name is None:
            if remote is None:
                return
            name = self._new_name()
            self.links[name] = Link(remote_id)
        self._apply(name, self._pair(name, remote, is_remote_gone=remote is None))

    def _push_one(self, name: str) -> None:
        link = self.links.get(name)
        if link is None:
            if name not in self.records:
                return
            link = self.links[name] = Link(f"own-{name}", is_pending=True)  # committed before
        if link.is_pending:
            self._create(name, link)
            return
        base = stored_base.load(link.base) or self.calendar.events.get(link.remote_id)
        self._apply(name, self._pair(name, base, is_remote_gone=base is None), is_push=True)

    def _create(self, name: str, link: Link) -> None:
        """The first write, or what became of it when its answer was lost."""
        if link.remote_id in self.calendar.etags:
            self._pull_one(link.remote_id)
            return
        record = self.records.get(name)
        if record is None or record.is_cancelled:
            del self.links[name]
            return
        (decision,) = decide(self._pair(name, None), self.policy)
        self.calendar.create(link.remote_id, decision.fields, self._tick())
        self._agree(link, decision.base)

    def _pair(self, name: str, remote: EventFields | None, *, is_remote_gone: bool = False) -> Pair:
        record, link = self.records.get(name), self.links[name]
        is_known = link.is_pending or link.base is not None or link.etag is not None
        is_local_gone = record is None and is_known
        return Pair(
            base=stored_base.load(link.base),
            local=record.fields if record and not record.is_cancelled else None,
            remote=None if is_remote_gone else remote,
            is_local_gone=is_local_gone or bool(record and record.is_cancelled),
            is_remote_gone=is_remote_gone,
            local_edited_at=record.edited if record else None,
            remote_edited_at=self.calendar.edited.get(link.remote_id),
        )

    def _apply(self, name: str, pair: Pair, *, is_push: bool = False) -> None:
        for decision in decide(pair, self.policy):
            self._note(name, decision)
            self._apply_one(name, decision, is_push=is_push)

    def _note(self, name: str, decision: table.Decision) -> None:
        if conflicts := getattr(decision, "conflicts", ()):
            self.journal.append((name, decision.rule, conflicts))

    def _apply_one(self, name: str, decision: table.Decision, *, is_push: bool) -> None:
        link = self.links[name]
        match decision:
            case table.CreateLocal():
                self.records[name] = Record(decision.fields, self.now)
                self._agree(link, decision.base)
            case table.UpdateLocal():
                record = self.records[name]
                record.fields = record.fields.replace(**decision.values)
                self._agree(link, decision.base)
            case table.Agree():
                self._agree(link, decision.base)
            case table.Noop():
                self._agree(link, None)
            case table.CancelLocal() | table.KeepLocal() | table.Unlink() | table.DropLink():
                if isinstance(decision, table.CancelLocal):
                    self.records[name].is_cancelled = True
                del self.links[name]
            case table.PushUpdate() | table.PushDelete() if not is_push:
                self.marks.add(name)
                self._agree(link, None)
            case table.PushUpdate():
                self.calendar.update(link.remote_id, link.etag, decision.values, self._tick())
                self._agree(link, decision.base)
            case table.PushDelete():
                self.calendar.delete(link.remote_id, link.etag, self._tick())
                del self.links[name]

    def _agree(self, link: Link, base: EventFields | None) -> None:
        link.base = link.base if base is None else stored_base.dump(base)
        link.etag = self.calendar.etags.get(link.remote_id)
        link.is_pending = False

    def _name_of(self, remote_id: str) -> str | None:
        return next((n for n, link in self.links.items() if link.remote_id == remote_id), None)

    def _new_name(self) -> str:
        self._names += 1
        return f"event{self._names}"

    def _tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now
