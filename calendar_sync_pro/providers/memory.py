"""A complete provider that lives in memory, for tests. It keeps state and obeys the contract.

`MemoryWorld` is the other side: users with one calendar each, copies of meetings on the guests'
calendars, revisions, mails that would have been sent, and faults waiting to happen. Nothing here
registers itself.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from ..core.changes import ChangePage, Gone, Window
from ..core.errors import Conflict, Forbidden, NotFound, ProviderError, SyncTokenExpired
from ..core.event import FIELD_NAMES, PERSONAL_FIELDS, RemoteEvent
from .memory_availability import MemoryAvailability
from .memory_channels import MemoryChannels, Post
from .memory_rules import (
    FULL,
    Entry,
    Mail,
    capabilities,
    changed_parts,
    check_silence,
    faulty,
    guest_list,
    in_listing,
    listing_kind,
    occurrence_at,
    people_of,
    shared,
)
from .port import AccessRole, EventDraft, RemoteCalendar, RemoteRoom


@dataclass(slots=True)
class MemoryWorld:
    """All users' calendars. `now` is the provider's clock; a loud world mails about any change."""

    now: datetime = datetime(2027, 3, 1, 8, tzinfo=UTC)
    page_size: int = 100
    calendars: dict[str, dict[str, Entry]] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    faults: deque[tuple[str, ProviderError, bool]] = field(default_factory=deque)
    revision: int = 1
    epoch: int = 0
    is_loud: bool = False
    rooms: list[RemoteRoom] = field(default_factory=list)
    post: Post = field(default_factory=Post)

    def account(self, email: str) -> MemoryProvider:
        """The provider of one user, whose calendar is made at the first call."""
        self.calendars.setdefault(email, {})
        return MemoryProvider(self, email)

    def fail(self, operation: str, error: ProviderError, *, is_after: bool = False) -> None:
        """Let the next `operation` fail; `is_after`: once its work is done."""
        self.faults.append((operation, error, is_after))

    def expire_cursors(self) -> None:
        """Refuse every cursor handed out so far."""
        self.epoch += 1

    def put(self, calendar_id: str, event: RemoteEvent) -> RemoteEvent:
        """Store an event with a new revision, etag and time stamp."""
        self.revision += 1
        stored = replace(event, etag=f'"{self.revision}"', updated=self.now)
        self.calendars[calendar_id][event.remote_id] = Entry(stored, None, self.revision)
        return stored

    def bury(self, calendar_id: str, gone: Gone) -> None:
        """Remember that an event, or one occurrence, is gone."""
        self.revision += 1
        self.calendars[calendar_id][gone.remote_id] = Entry(None, gone, self.revision)

    def take_fault(self, operation: str, *, is_after: bool) -> None:
        """Raise the first waiting fault when it is meant for this moment."""
        if self.faults and self.faults[0][0] == operation and self.faults[0][2] == is_after:
            raise self.faults.popleft()[1]


class MemoryProvider(MemoryAvailability, MemoryChannels):
    """One user of a `MemoryWorld`, see `port.Provider`. The calendar's id is the address."""

    can = capabilities()

    def __init__(self, world: MemoryWorld, email: str) -> None:
        self.world = world
        self.email = email
        self.can = capabilities(is_loud=world.is_loud)

    def close(self) -> None:
        """Nothing to let go of."""

    @faulty
    def calendars(self) -> list[RemoteCalendar]:
        """The user's one calendar."""
        return [RemoteCalendar(self.email, self.email, AccessRole.OWNER, is_primary=True)]

    @faulty
    def changes(self, calendar_id: str, cursor: str, window: Window) -> ChangePage:
        """The next page, in order of revision; a full listing starts with the window."""
        entries = self._entries(calendar_id)
        since, upto, kind, start = self._place(cursor, window)
        changed = sorted(
            (e for e in entries.values() if since < e.revision <= upto), key=lambda e: e.revision
        )
        if kind == FULL:
            changed = [e for e in changed if in_listing(e, start)]
        page = changed[: self.world.page_size]
        has_more = len(changed) > len(page)
        at = page[-1].revision if has_more else upto
        state = [self.world.epoch, at, upto, kind if has_more else "", start.isoformat()]
        return ChangePage(
            cursor=json.dumps(state),
            events=tuple(e.event for e in page if e.event),
            gone=tuple(e.gone for e in page if e.gone),
            has_more=has_more,
            listing=listing_kind(kind, has_more),
            server_time=self.world.now,
        )

    def _place(self, cursor: str, window: Window) -> tuple[int, int, str, datetime]:
        if not cursor:
            return 0, self.world.revision, FULL, window.start
        try:
            epoch, since, upto, kind, start = json.loads(cursor)
        except (ValueError, TypeError):
            raise SyncTokenExpired("unreadable_cursor", operation="changes") from None
        if epoch != self.world.epoch:
            raise SyncTokenExpired("expired", operation="changes")
        is_new_round = since == upto
        upto = self.world.revision if is_new_round else upto
        return since, upto, kind, datetime.fromisoformat(start)

    @faulty
    def get(self, calendar_id: str, remote_id: str) -> RemoteEvent:
        """One event, or one occurrence of a series that was never changed."""
        return self._event(calendar_id, remote_id)

    @faulty
    def find(self, calendar_id: str, key: str) -> RemoteEvent | None:
        """The event that `create` made for `key`."""
        entry = self._entries(calendar_id).get(key)
        return entry.event if entry else None

    @faulty
    def create(
        self, calendar_id: str, draft: EventDraft, key: str, *, is_notifying: bool = False
    ) -> RemoteEvent:
        """Create under the key, once."""
        known = self._entries(calendar_id).get(key)
        if known is not None:
            return self._event(calendar_id, key)
        if self.world.is_loud and not is_notifying and people_of(draft.fields):
            raise Forbidden("would_notify", operation="create")
        event = RemoteEvent(
            remote_id=key,
            etag="",
            ical_uid=draft.ical_uid or f"{key}@memory",
            fields=draft.fields,
            guid=draft.guid,
            organizer_email=calendar_id,
        )
        stored = self.world.put(calendar_id, event)
        self._share(stored, calendar_id)
        self._mail(stored, calendar_id, is_notifying)
        return stored

    @faulty
    def update(
        self,
        calendar_id: str,
        remote_id: str,
        etag: str,
        draft: EventDraft,
        names: Sequence[str],
        *,
        is_notifying: bool = False,
    ) -> RemoteEvent:
        """Write `names` only; a guest may change what is personal and the own answer."""
        event = self._checked(calendar_id, remote_id, etag)
        wanted = set(names)
        if self.world.is_loud and not is_notifying:
            check_silence(event, wanted, draft.fields, calendar_id)
        if not event.can_edit and not wanted <= PERSONAL_FIELDS | {"attendees", "guid", "source"}:
            raise Forbidden("not_organizer", operation="update")
        changes = {n: getattr(draft.fields, n) for n in FIELD_NAMES if n in wanted}
        if "attendees" in changes:
            changes["attendees"] = guest_list(event, draft.fields, calendar_id)
        guid = draft.guid if "guid" in wanted else event.guid
        changed = replace(event, fields=event.fields.replace(**changes), guid=guid)
        stored = self.world.put(calendar_id, changed)
        self._share(stored, calendar_id)
        self._mail(stored, calendar_id, is_notifying)
        return stored

    @faulty
    def delete(
        self, calendar_id: str, remote_id: str, etag: str, *, is_notifying: bool = False
    ) -> None:
        """Remove for everybody when it is ours, else for this guest, who thereby declines."""
        try:
            event = self._checked(calendar_id, remote_id, etag)
        except NotFound:
            return
        if self.world.is_loud and not is_notifying:
            check_silence(event, {"when"}, event.fields, calendar_id)
        gone = Gone(event.remote_id, event.slot, event.master_id)
        holders = [calendar_id]
        if event.is_organizer:
            holders = [c for c, held in self.world.calendars.items() if self._holds(held, event)]
            self._mail(event, calendar_id, is_notifying)
        for holder in {calendar_id, *holders}:
            for each in (*changed_parts(self.world.calendars[holder], event.remote_id), gone):
                self.world.bury(holder, each)

    @faulty
    def occurrence_id(self, calendar_id: str, master_id: str, slot: str) -> str:
        """Master id and slot, when the series has such an occurrence."""
        remote_id = f"{master_id}_{slot}"
        if remote_id not in self._entries(calendar_id):
            self._event(calendar_id, remote_id)
        return remote_id

    def _entries(self, calendar_id: str) -> dict[str, Entry]:
        if calendar_id not in self.world.calendars:
            raise NotFound("notFound")
        return self.world.calendars[calendar_id]

    def _event(self, calendar_id: str, remote_id: str) -> RemoteEvent:
        entry = self._entries(calendar_id).get(remote_id)
        event = entry.event if entry else self._occurrence(calendar_id, remote_id)
        if event is None:
            raise NotFound("deleted")
        return event

    def _occurrence(self, calendar_id: str, remote_id: str) -> RemoteEvent | None:
        """An occurrence as its series says, while nobody has changed it."""
        master_id, _, slot = remote_id.rpartition("_")
        entry = self._entries(calendar_id).get(master_id)
        if not entry or not entry.event or not entry.event.is_series:
            return None
        when = occurrence_at(entry.event.fields, slot)
        if when is None:
            return None
        fields = entry.event.fields.replace(when=when, recurrence=())
        master = entry.event
        return replace(master, remote_id=remote_id, fields=fields, slot=slot, master_id=master_id)

    def _checked(self, calendar_id: str, remote_id: str, etag: str) -> RemoteEvent:
        event = self._event(calendar_id, remote_id)
        if etag and etag != event.etag:
            raise Conflict("etag")
        return event

    @staticmethod
    def _holds(entries: Mapping[str, Entry], event: RemoteEvent) -> bool:
        entry = entries.get(event.remote_id)
        return bool(entry and entry.event)

    def _share(self, event: RemoteEvent, calendar_id: str) -> None:
        """Bring the shared part to the other people's copies; a guest brings only the answer."""
        people = {event.organizer_email, *(guest.email for guest in event.fields.attendees)}
        for email in sorted(people & self.world.calendars.keys() - {calendar_id}):
            known = self.world.calendars[email].get(event.remote_id)
            if known and known.event:
                self.world.put(email, shared(event, known.event))
            elif event.is_organizer and known is None:
                copy = replace(event, is_organizer=False, can_edit=False, guid="")
                self.world.put(email, copy)

    def _mail(self, event: RemoteEvent, calendar_id: str, is_notifying: bool) -> None:
        if is_notifying:
            others = [a.email for a in event.fields.attendees if a.email != calendar_id]
            if not event.is_organizer:
                others = [event.organizer_email]  # a guest only answers
            self.world.mails += [Mail(to, event.remote_id) for to in others]
