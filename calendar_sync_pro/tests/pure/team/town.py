"""The provider of the small world: calendars with etags, cursors, invitations, mails and faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from ....core.errors import AlreadyExists, Conflict, NotFound, SyncTokenExpired
from ....core.event import EventFields, Response
from .trouble import TROUBLE

PAGE = 3


class Refused(Exception):
    """The provider's own app says no."""


@dataclass
class Item:
    """A meeting in one calendar; `parts` are changed occurrences by slot, `cut` removed ones."""

    id: str
    uid: str
    payload: Any
    organizer: str
    key: str = ""
    etag: int = 1
    parts: dict[str, Any] = field(default_factory=dict)
    cut: frozenset[str] = frozenset()
    updated: datetime | None = None


@dataclass
class Calendar:
    """Items by id, and the order in which they changed."""

    items: dict[str, Item] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    oldest: int = 0
    buried: set[str] = field(default_factory=set)


@dataclass
class Town:
    """All calendars of one provider, by person and name."""

    shelf: Any
    calendars: dict[tuple[str, str], Calendar] = field(default_factory=dict)
    mailed: list[dict] = field(default_factory=list)
    faults: list[list] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    clock: Callable[[], datetime] = field(default=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    # -- what a place of the search is asked ----------
    trouble = TROUBLE

    @property
    def invites(self) -> bool:
        """Whether guests get a copy of their own."""
        return self.shelf.invites

    @property
    def keeps_ids(self) -> bool:
        """Whether the key of a deleted event stays taken."""
        return self.shelf.keeps_ids

    @property
    def tells_removals(self) -> bool:
        """Whether the organizer hears of a guest who throws an invitation away."""
        return self.shelf.tells_removals

    def disturbs(self, email: str, kind: str, skip: int) -> None:
        """The request of this person after the next `skip` meets trouble."""
        self.faults.append([email, *TROUBLE[kind], skip])

    def struck(self) -> int:
        """How many faults have not struck yet; they are taken away."""
        left = len(self.faults)
        self.faults.clear()
        return left

    def forgets(self, email: str) -> None:
        """Cursors of this person are lost."""
        for (owner, _home), calendar in self.calendars.items():
            if owner == email:
                calendar.oldest = len(calendar.log) + 1
                calendar.log.append("")

    @staticmethod
    def is_refusal(error: Exception) -> bool:
        """True for what the provider doesn't let its own app do."""
        return isinstance(error, Refused)

    def writes(self) -> int:
        """Writes of the product that were really done."""
        return self.counts["writes"]

    def mails(self, email: str) -> list[dict]:
        """Mails that were sent for this person because the product asked."""
        return [mail for mail in self.mailed if mail["from"] == email]

    # -- what the product asks ----------
    def changes(self, email: str, home: str, cursor: int | None):
        """(ids and items that changed, next cursor, whether a listing is over)."""
        self._before(email, "listing")
        calendar = self.calendars[email, home]
        if cursor is not None and cursor < calendar.oldest:
            raise SyncTokenExpired
        known = list(calendar.items) if cursor is None else calendar.log[cursor:]
        ids = [each for each in dict.fromkeys(known) if each]
        found = [(each, calendar.items.get(each)) for each in ids], len(calendar.log)
        self._after(email)
        return found

    def get(self, email: str, home: str, remote_id: str) -> Item:
        """One meeting as it is now."""
        self._before(email, "before")
        item = self.calendars[email, home].items.get(remote_id)
        if item is None:
            raise NotFound
        self._after(email)
        return item

    def find(self, email: str, home: str, key: str) -> Item | None:
        """What a create with this key made."""
        self._before(email, "before")
        items = self.calendars[email, home].items.values()
        return next((item for item in items if item.key == key), None)

    def create(self, email: str, home: str, key: str, fields: EventFields, tells: bool) -> Item:
        """Make a meeting; the same key twice is refused."""
        self._before(email, "writing")
        calendar = self.calendars[email, home]
        if any(item.key == key for item in calendar.items.values()) or (
            self.shelf.keeps_ids and key in calendar.buried
        ):
            raise AlreadyExists
        self.counts["ids"] += 1
        id_ = f"{self.shelf.name}-{self.counts['ids']}" if self.shelf.chooses_ids else key
        item = Item(id_, f"{key}@uid", self.shelf.new(fields, id_, email), email, key)
        self._put(email, home, item)
        self._told(email, item, tells)
        self._after(email, is_write=True)
        return item

    def update(self, email, home, known, fields, names, tells, slot="") -> Item:
        """Change some fields of a meeting, or of one occurrence. Raises Conflict, NotFound."""
        self._before(email, "writing")
        item = self._current(email, home, known)
        payload = self._changed(item, fields, names, email, slot)
        item = replace(item, parts={**item.parts, slot: payload}) if slot else replace(
            item, payload=payload
        )  # fmt: skip
        self._put(email, home, item)
        self._told(email, item, tells)
        self._after(email, is_write=True)
        return self.calendars[email, home].items[item.id]

    def delete(self, email, home, known, tells, slot="") -> Item | None:
        """Remove a meeting, or one occurrence. Raises Conflict."""
        self._before(email, "writing")
        item = self._current(email, home, known)
        self._told(email, item, tells)
        if slot:
            parts = {each: part for each, part in item.parts.items() if each != slot}
            self._put(email, home, replace(item, parts=parts, cut=item.cut | {slot}))
        else:
            self._drop(email, home, item)
        self._after(email, is_write=True)
        return self.calendars[email, home].items.get(item.id)

    def _current(self, email, home, known) -> Item:
        item = self.calendars[email, home].items.get(known[0])
        if item is None:
            raise NotFound
        if item.etag != known[1]:
            raise Conflict
        return item

    def _changed(self, item, fields, names, email, slot):
        stored = item.parts.get(slot, None) if slot else item.payload
        if stored is None:
            return self.shelf.new(fields, f"{item.id}_{slot}", email)
        return self.shelf.change(stored, fields, names, email)

    # -- what people do there ----------
    def types(self, email, home, item: Item) -> None:
        """Somebody's own app stores a meeting."""
        if item.organizer != email:
            raise Refused
        self._put(email, home, item)

    def tears(self, email, home, item: Item) -> None:
        """Somebody deletes a meeting; of somebody else's only the own copy."""
        if item.organizer == email:
            self._drop(email, home, item)
            return
        calendar = self.calendars[email, home]
        calendar.items.pop(item.id)
        calendar.log.append(item.id)
        if self.tells_removals:
            self.replies(email, item, Response.DECLINED)

    def replies(self, email, item: Item, response: Response) -> None:
        """An answer arrives in every copy of the meeting."""
        for (owner, _home), calendar in self.calendars.items():
            for one in list(calendar.items.values()):
                if one.uid == item.uid:
                    one.payload = self.shelf.answered(one.payload, email, response, owner)
                    self._touch(calendar, one)

    # -- inside ----------
    def _put(self, email, home, item: Item) -> None:
        calendar = self.calendars[email, home]
        calendar.items[item.id] = item
        self._touch(calendar, item)
        if self.shelf.invites and item.organizer == email:
            self._deliver(email, item)

    def _deliver(self, email, item: Item) -> None:
        """Guests who have a calendar here get a copy, or lose it."""
        people = self.shelf.read(item.payload, email).attendees
        answers = {person.email: person.response for person in people}
        for (guest, home), calendar in self.calendars.items():
            if guest == email or home != "primary":
                continue
            id_ = f"{item.id}-{guest}"
            if guest not in answers:
                if calendar.items.pop(id_, None):
                    calendar.log.append(id_)
                continue
            if id_ not in calendar.items and answers[guest] is Response.DECLINED:
                continue
            payload = item.payload
            if isinstance(payload, dict) and "isOrganizer" in payload:
                payload = {**payload, "isOrganizer": False}
            payload = self.shelf.answered(payload, guest, answers[guest], guest)
            copy = replace(item, id=id_, payload=payload, key="")
            copy.etag = calendar.items[id_].etag if id_ in calendar.items else 1
            calendar.items[id_] = copy
            self._touch(calendar, copy)

    def _drop(self, email, home, item: Item) -> None:
        calendar = self.calendars[email, home]
        calendar.items.pop(item.id)
        calendar.buried.add(item.key)
        calendar.log.append(item.id)
        for (guest, _home), other in self.calendars.items():
            if other.items.pop(f"{item.id}-{guest}", None):
                other.log.append(f"{item.id}-{guest}")

    def _touch(self, calendar: Calendar, item: Item) -> None:
        item.etag += 1
        item.updated = self.clock()
        calendar.log.append(item.id)

    def _told(self, email, item: Item, tells: bool) -> None:
        if tells:
            people = self.shelf.read(item.payload, email).attendees
            self.mailed += [{"from": email, "to": each.email} for each in people]

    def _before(self, email, kind) -> None:
        self.counts["requests"] += 1
        self._fault(email, ("before", kind))

    def _after(self, email, *, is_write=False) -> None:
        self.counts["writes"] += is_write
        self._fault(email, ("after",))

    def _fault(self, email, moments) -> None:
        for fault in self.faults:
            if fault[0] == email and fault[2] in moments:
                if fault[3]:
                    fault[3] -= 1
                    return
                self.faults.remove(fault)
                self.counts["struck"] += 1
                raise fault[1]
