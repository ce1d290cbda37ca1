"""One connected Microsoft account behind the port: what is written, and under which conditions.

Reading is in `reader.py`. What may be written without telling anybody is decided in `writes.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from ...core.errors import AlreadyExists, Forbidden, NotFound
from ...core.event import RemoteEvent
from ..port import Capabilities, EventDraft, Registration, register
from . import guests, resource, wire, writes
from .channels import Channels, MicrosoftNotices
from .console import CONSOLE
from .graph import segment
from .oauth import MicrosoftSignIn
from .reader import Reader, calendar_path, event_path, events_path


class MicrosoftProvider(Reader, Channels):
    """A Microsoft account, see `port.Provider`."""

    can = Capabilities(
        has_cursor=True,
        has_private_source=False,
        has_silent_writes=False,
        has_push_channel=True,
        has_conference=True,
        has_lasting_keys=False,
        has_rooms=True,
        has_answer_comments=True,
        has_busy_of_others=True,
        calls_per_minute=1_000,
        app_calls_per_minute=120_000,
        quiet_fields=writes.QUIET,
        loses=wire.LOSES,
    )

    # -- writing -----------------------------------------------------------------------------------

    def create(
        self, calendar_id: str, draft: EventDraft, key: str, *, is_notifying: bool = False
    ) -> RemoteEvent:
        """Create with a transactionId made of `key`, so that a second try finds the first.

        Raises Forbidden(`would_notify`) for a silent one with guests: Outlook would invite them.
        """
        if guests.people(draft.fields.attendees) and not is_notifying:
            raise Forbidden("would_notify", operation="create")
        zone = self.zone() if draft.fields.when.is_all_day else "UTC"
        draft = self._within_means(calendar_id, draft)
        body = resource.new_event(draft, key, zone)
        try:
            item = self._insert(calendar_id, body)
        except AlreadyExists:
            return self._adopt(calendar_id, draft, key)
        return self._with_call(calendar_id, self.living(calendar_id, item, "", "create"), draft)

    def _within_means(self, calendar_id: str, draft: EventDraft) -> EventDraft:
        """Without the wish for a Teams link where this calendar can't have one: personal accounts
        and mailboxes without a licence."""
        if not draft.wants_conference:
            return draft
        member = "allowedOnlineMeetingProviders"
        path = calendar_path(calendar_id)
        allowed = self.graph.ask("GET", path, "create", _select=f"id,{member}").get(member) or ()
        return replace(draft, wants_conference=resource.TEAMS in allowed)

    def _with_call(self, calendar_id: str, event: RemoteEvent, draft: EventDraft) -> RemoteEvent:
        """The event; read once more when a link was asked for, which takes Graph a moment."""
        is_late = draft.wants_conference and not event.fields.conference_url
        return self.get(calendar_id, event.remote_id) if is_late else event

    def _insert(self, calendar_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST; in a calendar of somebody else's mailbox without our extension, which Outlook
        refuses there."""
        path = events_path(calendar_id)
        try:
            return self.graph.ask("POST", path, "create", body)
        except Forbidden:
            if "extensions" not in body:
                raise
            bare = {name: value for name, value in body.items() if name != "extensions"}
            return self.graph.ask("POST", path, "create", bare)

    def _adopt(self, calendar_id: str, draft: EventDraft, key: str) -> RemoteEvent:
        """The event whose transactionId was met. Raises NotFound when it is gone by now."""
        found = self.find(calendar_id, key)
        if found is None:
            raise NotFound("deleted", operation="create")
        if found.guid != draft.guid:
            raise AlreadyExists("ErrorDuplicateTransactionId", operation="create")
        return found

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
        """Write only `names`. Raises Forbidden(`would_notify`) for a silent change of a meeting."""
        wanted = writes.shared_names(names)
        current = self._current(calendar_id, remote_id, etag, draft, wanted)
        if current is not None and not current.get("isOrganizer", True):
            return self._update_copy(calendar_id, current, draft, wanted, is_notifying)
        if current is not None and not is_notifying:
            writes.check_silence(current, wanted, draft.fields, "update")
        event_id = current["id"] if current else remote_id
        if "conference_url" in wanted:
            draft = self._within_means(calendar_id, draft)
        body = self._changes(draft, wanted, current)
        item = None
        if body:
            item = self._patch(
                calendar_id, event_id, body, (current or {}).get("@odata.etag", etag)
            )
        if "guid" in wanted and draft.guid and "#" not in remote_id:
            item = None
            self._write_guid(event_path(calendar_id, event_id), draft.guid)
        if item is None:
            return self.get(calendar_id, remote_id)
        event = self.living(calendar_id, item, remote_id, "update")
        return self._with_call(calendar_id, event, draft) if "conference_url" in wanted else event

    def _current(
        self, calendar_id: str, remote_id: str, etag: str, draft: EventDraft, names: set[str]
    ) -> dict[str, Any] | None:
        """The event as it is now, where the change depends on it. Raises Conflict, NotFound."""
        is_part = "#" in remote_id
        if not writes.needs_current(draft.fields, tuple(names), etag, is_occurrence=is_part):
            return None
        item = self.item(calendar_id, remote_id, "update")
        writes.check_version(item, etag, "update")
        return item

    def _changes(
        self, draft: EventDraft, names: set[str], current: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """The members to PATCH."""
        needs_zone = draft.fields.when.is_all_day and names & {"when", "recurrence"}
        zone = self.zone() if needs_zone else "UTC"
        body = resource.members(draft.fields, names - {"attendees"}, zone)
        if current is not None and resource.is_occurrence(current):
            body.pop("recurrence", None)
        if "attendees" in names and current is not None:
            body |= guests.changed_list(current, draft.fields.attendees)
        if "conference_url" in names and draft.wants_conference:
            body |= resource.online_meeting()
        elif "conference_url" in names and not draft.fields.conference_url:
            return body | writes.without_join_text(draft.fields.description, current)
        return writes.with_join_text(body, current)

    def _patch(
        self, calendar_id: str, event_id: str, body: dict[str, Any], etag: str
    ) -> dict[str, Any]:
        path = event_path(calendar_id, event_id)
        return self.graph.ask("PATCH", path, "update", body, etag=etag)

    def _write_guid(self, path: str, guid: str) -> None:
        """Our lasting id in the one open extension, which is made where there is none."""
        body = resource.extension(guid)
        name = segment(resource.EXTENSION)
        try:
            self.graph.ask("PATCH", f"{path}/extensions/{name}", "update", body)
        except NotFound:
            # Where there is no place for it, that must not be taken for the event's absence:
            # whether it is gone is told by reading it, which comes next.
            with suppress(NotFound):
                self.graph.ask("POST", f"{path}/extensions", "update", body)

    def _update_copy(
        self,
        calendar_id: str,
        current: dict[str, Any],
        draft: EventDraft,
        names: set[str],
        is_notifying: bool,
    ) -> RemoteEvent:
        """A guest's copy: what is personal is written, one's own answer is given by its action."""
        writes.check_guest(current, names)
        path = event_path(calendar_id, current["id"])
        remote_id = resource.event_from(current).remote_id
        answer = None
        if "attendees" in names:
            owner = self.owner(calendar_id)
            answer = guests.own_answer(current, draft.fields.attendees, owner)
        body = resource.members(draft.fields, writes.personal(names))
        if body:
            self._patch(calendar_id, current["id"], body, current.get("@odata.etag", ""))
        if answer in guests.ACTIONS:
            action, sent = guests.ACTIONS[answer], {"sendResponse": is_notifying}
            sent |= guests.comment_of(draft.fields.attendees, owner)
            self.graph.ask("POST", f"{path}/{action}", "update", sent)
        if guests.ACTIONS.get(answer) != "decline":
            return self.get(calendar_id, remote_id)
        # Outlook takes a declined meeting out of the calendar: this is the last that is known.
        declined = current | {"responseStatus": {"response": "declined"}}
        return self.living(calendar_id, declined, remote_id, "update")

    def delete(
        self, calendar_id: str, remote_id: str, etag: str, *, is_notifying: bool = False
    ) -> None:
        """Remove; already gone is success. Raises Conflict on another etag, and
        Forbidden(`would_notify`) when a silent one would call off a meeting by mail."""
        try:
            event_id = self._deletable(calendar_id, remote_id, is_notifying)
            self.graph.ask("DELETE", event_path(calendar_id, event_id), "delete", etag=etag)
        except NotFound:
            return

    def _deletable(self, calendar_id: str, remote_id: str, is_notifying: bool) -> str:
        """Graph's id of what is to be deleted, once nobody is told who must not be."""
        if is_notifying and "#" not in remote_id:
            return remote_id
        item = self.item(calendar_id, remote_id, "delete")
        is_told = item.get("isOrganizer", True) and guests.others(item)
        if is_told and not is_notifying and not item.get("isCancelled"):
            raise Forbidden("would_notify", operation="delete")
        return item["id"]


MICROSOFT = register(
    Registration(
        name="microsoft",
        label="Microsoft Outlook",
        sign_in=MicrosoftSignIn(),
        factory=MicrosoftProvider,
        web_label="Open in Outlook",
        has_tenants=True,
        notices=MicrosoftNotices(),
        console=CONSOLE,
        has_room_permission=True,
        grants_url="https://myapps.microsoft.com",
    )
)
