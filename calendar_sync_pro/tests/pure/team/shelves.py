"""How each provider keeps an event: in the form that its adapter writes and reads.

`new` is our own create, `change` our own update of some fields, `read` what the adapter makes of
it. What people do with the provider's own app goes the same way.
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ....core.event import EventFields, Response
from ....providers.caldav import writes as dav
from ....providers.caldav.resource import Resource, fields_of
from ....providers.google import guests as google_guests
from ....providers.google import resource as google
from ....providers.google.wire import WRITERS as GOOGLE_WRITERS
from ....providers.microsoft import guests as graph_guests
from ....providers.microsoft import resource as graph
from ....providers.microsoft.wire import WRITERS as GRAPH_WRITERS
from ....providers.port import EventDraft

STAMP = datetime(2027, 1, 1, tzinfo=UTC)
_GOOGLE_ANSWERS = {
    Response.ACCEPTED: "accepted",
    Response.DECLINED: "declined",
    Response.TENTATIVE: "tentative",
    Response.NEEDS_ACTION: "needsAction",
}
_GRAPH_ANSWERS = {
    Response.ACCEPTED: "accepted",
    Response.DECLINED: "declined",
    Response.TENTATIVE: "tentativelyAccepted",
    Response.NEEDS_ACTION: "none",
}


class GoogleShelf:
    """Members of a PATCH replace those that are stored; null takes one away. Texts come back in
    other markup."""

    name, chooses_ids, is_loud, invites, keeps_ids = "google", False, False, True, True
    tells_removals = True

    def new(self, fields: EventFields, uid: str, owner: str) -> Any:
        """An event resource as it is stored."""
        body = google.without_nulls(google.members(fields, GOOGLE_WRITERS))
        return self._rewritten({"id": uid, "start": {}, "end": {}, **body})

    def change(self, item: Any, fields: EventFields, names, owner: str) -> Any:
        """The resource after a PATCH of `names`."""
        body = google.members(fields, set(names) - {"attendees"})
        if "attendees" in names:
            body |= google_guests.changed_guests(
                item, fields.attendees, is_hidden=False, can_edit=True
            )
        return self._rewritten(_patched(item, body))

    def read(self, item: Any, owner: str) -> EventFields:
        """What the adapter reads."""
        return google.fields_from(item)

    def answered(self, item: Any, email: str, response: Response, owner: str) -> Any:
        """The resource after somebody's answer."""
        item = copy.deepcopy(item)
        for guest in item.get("attendees", ()):
            if guest["email"] == email:
                guest["responseStatus"] = _GOOGLE_ANSWERS[response]
        return item

    @staticmethod
    def _rewritten(item):
        text = item.get("description", "")
        if text and not text.startswith("<span>"):
            item["description"] = f"<span>{text}</span>"
        return item


def _patched(item, body):
    """The members of `body` over those of `item`; None takes one away, inside of objects too."""
    done = dict(item)
    for name, value in body.items():
        if value is None:
            done.pop(name, None)
        elif isinstance(value, dict):
            done[name] = _patched(item.get(name) or {}, value)
        else:
            done[name] = value
    return done


class OutlookShelf:
    """Exchange chooses ids, mails guests of a changed meeting, and puts texts into a frame."""

    name, chooses_ids, is_loud, invites, keeps_ids = "microsoft", True, True, True, False
    tells_removals = False

    def new(self, fields: EventFields, uid: str, owner: str) -> Any:
        """An event resource as it is stored."""
        body = graph.members(fields, GRAPH_WRITERS)
        if not fields.recurrence:
            body.pop("recurrence", None)
        return self._framed({"id": uid, "isOrganizer": True, **body})

    def change(self, item: Any, fields: EventFields, names, owner: str) -> Any:
        """The resource after a PATCH of `names`."""
        body = graph.members(fields, set(names) - {"attendees"})
        if "attendees" in names:
            body |= graph_guests.changed_list(item, fields.attendees)
        return self._framed({**item, **body})

    def read(self, item: Any, owner: str) -> EventFields:
        """What the adapter reads."""
        return graph.fields_from(item, owner)

    def answered(self, item: Any, email: str, response: Response, owner: str) -> Any:
        """The resource after somebody's answer; a guest's own one stands beside the list."""
        item, status = copy.deepcopy(item), {"response": _GRAPH_ANSWERS[response]}
        if email == owner:
            item["responseStatus"] = status
        for guest in item.get("attendees", ()):
            if graph_guests.address_of(guest) == email:
                guest["status"] = status
        return item

    @staticmethod
    def _framed(item):
        body = item.get("body") or {}
        text = body.get("content", "")
        if text and not text.startswith("<html>"):
            framed = f"<html><head></head><body>\r\n{text}\r\n</body></html>"
            item["body"] = {**body, "contentType": "html", "content": framed}
        return item


class DavShelf:
    """A text for each meeting; nobody is invited by the server."""

    name, chooses_ids, is_loud, invites, keeps_ids = "caldav", False, False, False, False
    tells_removals = False

    def new(self, fields: EventFields, uid: str, owner: str) -> Any:
        """The iCalendar text as it is stored."""
        draft = EventDraft(fields)
        return dav.new_text(draft, uid, (owner,), STAMP, is_told=False)

    def change(self, text: Any, fields: EventFields, names, owner: str) -> Any:
        """The text after an update of `names`."""
        resource = Resource("event.ics", text, "", own=(owner,))
        draft = EventDraft(fields)
        dav.change(resource, "", draft, set(names), STAMP, is_told=False, is_loud=False)
        return resource.text()

    def read(self, text: Any, owner: str) -> EventFields:
        """What the adapter reads."""
        return _read_text(text, owner)

    def answered(self, text: Any, email: str, response: Response, owner: str) -> Any:
        """Nobody is asked here."""
        return text


@lru_cache(maxsize=256)
def _read_text(text: str, owner: str) -> EventFields:
    resource = Resource("event.ics", text, "", own=(owner,))
    return fields_of(resource.master, resource.zones)


SHELVES = (GoogleShelf, OutlookShelf, DavShelf)
