"""Google Calendar API v3, as far as both contestants call it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from ..workload import LONG_AGO, WEEKDAYS, Entry, owner, stamp
from .shelf import Request, Shelf

EVENTS = re.compile(r"/calendar/v3/calendars/[^/]+/events(?:/([^/]+))?$")
DUPLICATE = json.dumps(
    {"error": {"code": 409, "errors": [{"domain": "global", "reason": "duplicate"}]}}
)


def resource(account: str, item: Entry, updated: str = LONG_AGO) -> dict:
    """The event as Google's API lists it."""
    me = owner(account)
    payload = {
        "kind": "calendar#event",
        "etag": f'"{item.key}-{updated}"',
        "id": item.key,
        "status": "confirmed",
        "htmlLink": f"https://calendar.example/event?eid={item.key}",
        "created": LONG_AGO,
        "updated": updated,
        "summary": item.title,
        "description": item.text,
        "creator": {"email": me, "self": True},
        "organizer": {"email": me, "self": True},
        "start": {"dateTime": item.start.strftime("%Y-%m-%dT%H:%M:%SZ"), "timeZone": "UTC"},
        "end": {"dateTime": item.stop.strftime("%Y-%m-%dT%H:%M:%SZ"), "timeZone": "UTC"},
        "iCalUID": f"{item.key}@google.example",
        "sequence": 0,
        "attendees": [
            {"email": me, "organizer": True, "self": True, "responseStatus": "accepted"},
            *(
                {
                    "email": address,
                    "displayName": address.split("@")[0].title(),
                    "responseStatus": "needsAction",
                }
                for address in item.guests
            ),
        ],
        "reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 30}]},
        "eventType": "default",
    }
    if item.location:
        payload["location"] = item.location
    if item.is_series:
        weekday = WEEKDAYS[item.start.weekday()]
        payload["recurrence"] = [f"RRULE:FREQ=WEEKLY;COUNT={item.weeks};BYDAY={weekday}"]
    return payload


class GoogleShelf(Shelf):
    """A calendar at Google."""

    def render(self, item: Entry, updated: str) -> dict:
        """See `resource`."""
        return resource(self.account, item, updated)

    def insert(self, payload: dict) -> dict | None:
        """Create; None when the chosen id exists."""
        with self.lock:
            key = payload.get("id") or f"stub{self.revision}"
            if key in self.texts:
                return None
            self.revision += 1
            now = stamp(datetime.now(UTC))
            payload = {
                **payload,
                "id": key,
                "etag": f'"{key}-{self.revision}"',
                "status": payload.get("status", "confirmed"),
                "created": now,
                "updated": now,
                "organizer": {"email": owner(self.account), "self": True},
                "creator": {"email": owner(self.account), "self": True},
                "iCalUID": payload.get("iCalUID") or f"{key}@google.example",
                "sequence": 0,
            }
            for edge in ("start", "end"):
                payload[edge] = {name: value for name, value in payload[edge].items() if value}
            self.store(key, payload)
            self.inserted.append(payload.get("summary", ""))
            return payload

    def patch(self, key: str, changes: dict) -> dict | None:
        """Merge `changes`; None when there is no such event."""
        with self.lock:
            if key not in self.texts:
                return None
            self.revision += 1
            payload = json.loads(self.texts[key]) | changes
            payload |= {"updated": stamp(datetime.now(UTC)), "etag": f'"{key}-{self.revision}"'}
            self.store(key, payload)
            return payload


def answer(shelf: GoogleShelf, request: Request, max_page: int) -> tuple[int, str, str]:
    """Answer one API call: status, JSON text, kind of call."""
    found = EVENTS.match(request.path)
    if not found:
        return 404, "{}", "other"
    key = found.group(1)
    if request.method == "GET" and not key:
        return 200, listing(shelf, request.query, max_page), "list"
    if request.method == "GET":
        return (200, shelf.texts[key], "get") if key in shelf.texts else (404, "{}", "get")
    if request.method == "POST":
        made = shelf.insert(request.body)
        return (200, json.dumps(made), "insert") if made else (409, DUPLICATE, "insert")
    changed = shelf.patch(key, request.body)
    return (200, json.dumps(changed), "patch") if changed else (404, "{}", "patch")


def listing(shelf: GoogleShelf, query: dict, max_page: int) -> str:
    """One page of events; the last one carries the sync token."""
    size = min(int(query.get("maxResults", 250)), max_page, 2500)
    base, offset = int(query.get("syncToken", 0)), 0
    if query.get("pageToken"):
        base, offset = (int(part) for part in query["pageToken"].split("."))
    items = shelf.since(base)
    tail = f'"nextSyncToken":"{shelf.revision}"'
    if offset + size < len(items):
        tail = f'"nextPageToken":"{base}.{offset + size}"'
    page = ",".join(items[offset : offset + size])
    reminders = '"defaultReminders":[{"method":"popup","minutes":30}]'
    return (
        '{"kind":"calendar#events","timeZone":"UTC","accessRole":"owner",'
        f'{reminders},"items":[{page}],{tail}}}'
    )
