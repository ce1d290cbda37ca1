"""One connected CalDAV account behind the port: reading and writing resources.

Writes read the stored text, change it in place and put it back under its version. Source:
RFC 4791, RFC 6638; what servers really do is in `quirks.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from ...core.errors import AlreadyExists, Conflict, NotFound
from ...core.event import FIELD_NAMES, RemoteEvent
from ..port import EventDraft
from . import resource, writes
from .opening import Opener
from .reader import Reader
from .resource import Resource

_TRIES = 3


class CaldavProvider(Reader):
    """A CalDAV account, see `port.Provider`. `timeout_s` bounds each request."""

    can = Opener.can

    def create(
        self, calendar_id: str, draft: EventDraft, key: str, *, is_notifying: bool = False
    ) -> RemoteEvent:
        """Store under a name made of `key`, unless it is there already.

        Raises AlreadyExists when the name, or the meeting's UID, belongs to another event.
        """
        path = self.path_for(calendar_id, key)
        is_told = is_notifying and bool(draft.fields.attendees) and self.person.schedules
        own = self.person.addresses if draft.fields.attendees else ()
        uid = draft.ical_uid or key
        text = writes.new_text(draft, uid, own, _now(), is_told=is_told)
        try:
            etag = self.dav.put(path, "create", text)
        except Conflict:
            return self._adopt(path, draft)
        except AlreadyExists:
            return self._adopt(self._place_of(calendar_id, uid), draft)
        if not etag:
            return self.resource(path, "create").at("", "create")
        return self.made(path, text, etag).at("", "create")

    def _adopt(self, path: str, draft: EventDraft) -> RemoteEvent:
        """The event that is there already, when it is the one that was to be made."""
        event = self.resource(path, "create").at("", "create")
        if event.guid != draft.guid:
            raise AlreadyExists("uid_taken", operation="create")
        return event

    def _place_of(self, calendar_id: str, uid: str) -> str:
        """Path of the resource with this UID. Raises AlreadyExists when it is elsewhere."""
        path = self.path_of_uid(calendar_id, uid, "create")
        if not path:
            raise AlreadyExists("uid_taken", operation="create")
        return path

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
        """Write only `names`. Raises Forbidden(`would_notify`) for a silent change of a meeting
        whose guests the server tells."""
        path, slot = self.split(calendar_id, remote_id)
        wanted = set(names) & {*FIELD_NAMES, "guid", "source"}
        for attempt in range(_TRIES):
            found = self.resource(path, "update")
            self._check_version(found, slot, etag, "update")
            has_guests = bool(draft.fields.attendees) and "attendees" in wanted
            schedules = self._schedules(found, has_guests)
            is_changed = writes.change(
                found,
                slot,
                draft,
                wanted,
                _now(),
                is_told=is_notifying and schedules,
                is_loud=is_notifying or not schedules,
            )
            if not is_changed:
                return found.at(slot, "update")
            try:
                return self._store(found, slot, "update")
            except Conflict:
                # The version was right a moment ago: somebody was faster.
                if etag or attempt == _TRIES - 1:
                    raise
        raise Conflict("conditionNotMet", operation="update")

    def _schedules(self, found: Resource, has_guests: bool = False) -> bool:
        """True when the server tells guests about changes; only asked where there are any."""
        if not (has_guests or found.has_people):
            return False
        found.own = self.person.addresses
        return self.person.schedules

    @staticmethod
    def _check_version(found: Resource, slot: str, etag: str, operation: str) -> None:
        if not etag:
            return
        event, _when = found.find(slot, operation)
        current = resource.version_of(event) if slot else found.etag
        if current != etag:
            raise Conflict("conditionNotMet", operation=operation)

    def _store(self, found: Resource, slot: str, operation: str) -> RemoteEvent:
        """Put a changed resource back over the version that was read."""
        text = found.text()
        etag = self.dav.put(found.path, operation, text, etag=found.etag)
        if etag and not slot:
            return self.made(found.path, text, etag).at("", operation)
        return self.resource(found.path, operation).at(slot, operation)

    def delete(
        self, calendar_id: str, remote_id: str, etag: str, *, is_notifying: bool = False
    ) -> None:
        """Remove; already gone is success. Raises Conflict on another version, and
        Forbidden(`would_notify`) when a silent one would call off a meeting by mail."""
        path, slot = self.split(calendar_id, remote_id)
        try:
            found = self.resource(path, "delete")
            found.find(slot, "delete")
            self._check_version(found, slot, etag, "delete")
            is_loud = is_notifying or not self._schedules(found)
            writes.check_delete(found, found.own, is_loud=is_loud)
            if slot and writes.remove_occurrence(found, slot, _now()):
                self.dav.put(path, "delete", found.text(), etag=found.etag)
            else:
                self.dav.delete(path, "delete", etag=found.etag, is_quiet=not is_notifying)
        except NotFound:
            return


def _now() -> datetime:
    return datetime.now(UTC)
