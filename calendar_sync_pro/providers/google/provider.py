"""One connected Google account behind the port: addresses, parameters, paging and conditions.

Source: discovery document calendar.v3 revision 20261030. What an event resource means is in
`wire.py`, what an error means in `errors.py`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...core.changes import ChangePage, Window
from ...core.errors import AlreadyExists, Conflict, Malformed, NotFound, SyncTokenExpired
from ...core.event import FIELD_NAMES, RemoteEvent
from ..port import (
    AccessRole,
    Capabilities,
    EventDraft,
    Grant,
    OAuthApp,
    Registration,
    RemoteCalendar,
    register,
)
from . import guests, resource, wire
from .availability import Availability
from .calendars import read_calendars
from .channels import Channels, GoogleNotices
from .client import Client
from .console import CONSOLE
from .cursor import fingerprint, place_of
from .oauth import CALENDAR_LIST, GoogleSignIn, endpoints_of, is_granted
from .words import MISSING_INVITATIONS

PAGE_SIZE = 1000
REQUESTS_A_DAY = 1_000_000
"""Of one project (https://developers.google.com/workspace/calendar/api/guides/quota, 2026)."""
"""Events asked for per page. Google gives up to 2,500, which would only cost memory: a first
listing of 5,000 events grew by 32 MB with those, by 19 MB with these."""

_LISTING = {
    "singleEvents": False,
    "fields": f"nextPageToken,nextSyncToken,items({resource.EVENT_FIELDS})",
}
"""Fixed under a sync token. showDeleted is left alone: it may not be false beside a token, where
deletions always come, and a full listing then names cancelled occurrences but no dead events."""

_VALID_ID = re.compile(r"[0-9a-v]{5,1024}")
_SPLIT_MASTER = re.compile(r"_R\d{8}(T\d{6})?$")


class GoogleProvider(Availability, Channels):
    """A Google account, see `port.Provider`.

    `timeout_s` bounds each request; `page_size` is how many events a page may hold (cursors belong
    to one page size).
    """

    can = Capabilities(
        has_private_source=True,
        has_push_channel=True,
        has_conference=True,
        has_rooms=True,
        has_answer_comments=True,
        has_busy_of_others=True,
        calls_per_minute=600,
        app_calls_per_minute=10_000,
        loses=wire.LOSES,
    )

    def __init__(
        self,
        app: OAuthApp,
        grant: Grant,
        *,
        timeout_s: float = 20.0,
        page_size: int = PAGE_SIZE,
    ) -> None:
        self._app = app
        self._grant = grant
        self._listing = _LISTING | {"maxResults": page_size}
        api_url = endpoints_of(app).api_url
        self._client = Client(api_url, grant.access_token, timeout_s=timeout_s)

    def close(self) -> None:
        """Close the kept connections."""
        self._client.close()

    # -- calendars ---------------------------------------------------------------------------------

    def calendars(self) -> list[RemoteCalendar]:
        """All calendars, every page. With a free/busy grant only the account's own one."""
        if not is_granted(self._grant, CALENDAR_LIST):
            return [self._own_calendar()]
        return read_calendars(self._client)

    def _own_calendar(self) -> RemoteCalendar:
        """The primary calendar; its id is the account's address."""
        person = GoogleSignIn().identity(self._app, self._grant)
        return RemoteCalendar(person.email, person.email, AccessRole.FREE_BUSY, is_primary=True)

    # -- reading -----------------------------------------------------------------------------------

    def changes(self, calendar_id: str, cursor: str, window: Window) -> ChangePage:
        """The next page of changes; see `cursor.py` for the order of listings."""
        place = place_of(cursor, fingerprint(calendar_id, self._listing), window)
        request = self._client.events.list(calendarId=calendar_id, **self._listing, **place.query())
        try:
            answer = self._client.run(request, "changes")
        except Malformed as error:
            if not cursor:
                raise
            raise SyncTokenExpired(error.reason, operation="changes") from None
        following, has_more, listing = place.after(answer)
        events, gone, unreadable = resource.sorted_items(answer.get("items", ()))
        return ChangePage(
            cursor=following.text(),
            events=events,
            gone=gone,
            unreadable=unreadable,
            has_more=has_more,
            listing=listing,
            server_time=self._client.server_time,
        )

    def get(self, calendar_id: str, remote_id: str) -> RemoteEvent:
        """One event as it is now. Raises NotFound when it is gone or cancelled."""
        return resource.living(self._item(calendar_id, remote_id, "get"), "get")

    def find(self, calendar_id: str, key: str) -> RemoteEvent | None:
        """The event that an earlier `create` with `key` made, if it is still there."""
        try:
            return resource.living(self._item(calendar_id, event_id(key), "find"), "find")
        except NotFound:
            return None

    def _item(self, calendar_id: str, remote_id: str, operation: str) -> Mapping[str, Any]:
        request = self._client.events.get(
            calendarId=calendar_id, eventId=remote_id, fields=resource.EVENT_FIELDS
        )
        return self._client.run(request, operation)

    def occurrence_id(self, calendar_id: str, master_id: str, slot: str) -> str:
        """The id of one occurrence: the usual form when it is right, else asked for."""
        hint = f"{_SPLIT_MASTER.sub('', master_id)}_{slot}"
        try:
            item = self._item(calendar_id, hint, "occurrence_id")
        except NotFound:
            item = {}
        if item.get("recurringEventId") == master_id and resource.slot_from(item) == slot:
            return hint
        request = self._client.events.instances(
            calendarId=calendar_id,
            eventId=master_id,
            originalStart=original_start(slot),
            showDeleted=True,
            fields="items(id)",
        )
        items = self._client.run(request, "occurrence_id").get("items", ())
        if not items:
            raise NotFound("noSuchOccurrence", operation="occurrence_id")
        return items[0]["id"]

    # -- writing -----------------------------------------------------------------------------------

    def create(
        self, calendar_id: str, draft: EventDraft, key: str, *, is_notifying: bool = False
    ) -> RemoteEvent:
        """Create under an id chosen from `key`, so that a second try cannot make a second one."""
        chosen = event_id(key)
        try:
            item = self._insert(calendar_id, draft, chosen, is_notifying)
        except AlreadyExists:
            item = self._item(calendar_id, chosen, "create")
            event = resource.living(item, "create")
            if event.guid != draft.guid:
                raise
            return event
        return self._with_call(calendar_id, item, draft, "create")

    def _with_call(
        self, calendar_id: str, item: Mapping[str, Any], draft: EventDraft, operation: str
    ) -> RemoteEvent:
        """The event; read once more when a link was asked for, which takes Google a moment."""
        event = resource.living(item, operation)
        is_late = draft.wants_conference and not event.fields.conference_url
        return self.get(calendar_id, event.remote_id) if is_late else event

    def _insert(
        self, calendar_id: str, draft: EventDraft, chosen: str, is_notifying: bool
    ) -> Mapping[str, Any]:
        body = resource.members(draft.fields, FIELD_NAMES)
        body |= resource.extras(draft, ("guid", "source")) | {"id": chosen}
        own = guests.new_guests(draft.fields.attendees, calendar_id.lower())
        body["attendees"] = own or None
        body |= resource.conference_request(chosen) if draft.wants_conference else {}
        request = self._client.events.insert(
            calendarId=calendar_id,
            body=resource.without_nulls(body),
            sendUpdates=_send_updates(is_notifying),
            conferenceDataVersion=int(draft.wants_conference),
            fields=resource.EVENT_FIELDS,
        )
        return self._client.run(request, "create")

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
        """Write only `names`. The guest list is changed from what it is now, see `guests.py`."""
        wanted = set(names)
        body = resource.members(draft.fields, wanted - {"attendees"})
        body |= resource.extras(draft, wanted)
        if "conference_url" in wanted:
            body |= resource.conference_change(draft, f"{remote_id}-{etag}")
        if "attendees" in wanted:
            current = self._current(calendar_id, remote_id, etag)
            etag = current.get("etag", etag)
            body |= self._guests(current, draft)
        if not body:
            return self.get(calendar_id, remote_id)
        request = self._client.events.patch(
            calendarId=calendar_id,
            eventId=remote_id,
            body=body,
            sendUpdates=_send_updates(is_notifying),
            conferenceDataVersion=int("conferenceData" in body),
            fields=resource.EVENT_FIELDS,
        )
        item = self._client.run(request, "update", etag=etag)
        return self._with_call(calendar_id, item, draft, "update")

    def _current(self, calendar_id: str, remote_id: str, etag: str) -> Mapping[str, Any]:
        item = self._item(calendar_id, remote_id, "update")
        if resource.is_cancelled(item):
            raise NotFound("deleted", operation="update")
        if etag and item.get("etag") != etag:
            raise Conflict("conditionNotMet", operation="update")
        return item

    @staticmethod
    def _guests(current: Mapping[str, Any], draft: EventDraft) -> dict[str, Any]:
        event = resource.event_from(current)
        return guests.changed_guests(
            current,
            draft.fields.attendees,
            is_hidden=event.has_hidden_guests,
            can_edit=event.can_edit,
        )

    def delete(
        self, calendar_id: str, remote_id: str, etag: str, *, is_notifying: bool = False
    ) -> None:
        """Remove; already gone is success. Raises Conflict on another etag."""
        request = self._client.events.delete(
            calendarId=calendar_id, eventId=remote_id, sendUpdates=_send_updates(is_notifying)
        )
        try:
            self._client.run(request, "delete", etag=etag)
        except NotFound:
            return


def event_id(key: str) -> str:
    """The event id for `key`: itself where Google takes it (base32hex), else derived from it."""
    if _VALID_ID.fullmatch(key):
        return key
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def original_start(slot: str) -> str:
    """A slot in the form of the `originalStart` parameter."""
    day = f"{slot[:4]}-{slot[4:6]}-{slot[6:8]}"
    if "T" not in slot:
        return day
    return f"{day}T{slot[9:11]}:{slot[11:13]}:{slot[13:15]}Z"


def _send_updates(is_notifying: bool) -> str:
    return "all" if is_notifying else "none"


GOOGLE = register(
    Registration(
        name="google",
        label="Google Calendar",
        sign_in=GoogleSignIn(),
        factory=GoogleProvider,
        web_label="Open in Google Calendar",
        missing_invitations=MISSING_INVITATIONS,
        notices=GoogleNotices(),
        console=CONSOLE,
        daily_quota=REQUESTS_A_DAY,
    )
)
