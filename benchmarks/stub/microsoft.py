"""Microsoft Graph v1.0, as far as both contestants call it.

Delta tells series masters in full and their occurrences with id, series and time only, as Outlook
does; with `has_masters` off it leaves the masters out, which Outlook does as well. Extended
properties are stored and searched, extensions stored and expanded, `transactionId` creates once.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from ..workload import LONG_AGO, Entry, owner, stamp
from .shelf import Request, Shelf

CALENDAR = r"/v1\.0/me(?:/calendars/[^/]+|/calendar)?"
DELTA = re.compile(rf"{CALENDAR}/calendarView/delta$")
INSTANCES = re.compile(rf"{CALENDAR}/events/([^/]+)/instances$")
EVENTS = re.compile(rf"{CALENDAR}/events(?:/([^/]+))?$")
EXTENSIONS = re.compile(rf"{CALENDAR}/events/([^/]+)/extensions(?:/([^/]+))?$")
PAGE = re.compile(r"odata\.maxpagesize=(\d+)")
SOUGHT = re.compile(r"ep/value eq '([^']*)'")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NEVER = "0001-01-01T00:00:00Z"
GONE = json.dumps({"error": {"code": "ErrorItemNotFound", "message": "Not found."}})
CHANGED = json.dumps({"error": {"code": "ErrorIrresolvableConflict", "message": "Changed."}})
WEEK = timedelta(weeks=1)


def point(moment: datetime) -> dict:
    """One end of an event, in UTC with Outlook's seven digits."""
    return {"dateTime": moment.strftime("%Y-%m-%dT%H:%M:%S.0000000"), "timeZone": "UTC"}


def resource(account: str, item: Entry, updated: str = LONG_AGO) -> dict:
    """The event or series master as Graph lists it."""
    me = owner(account)
    payload = {
        "id": item.key,
        "@odata.etag": f'W/"{item.key}-{updated}"',
        "iCalUId": f"UID{item.key}",
        "createdDateTime": LONG_AGO,
        "lastModifiedDateTime": updated,
        "subject": item.title,
        "body": {"contentType": "html", "content": f"<p>{item.text}</p>"},
        "bodyPreview": item.text[:80],
        "start": point(item.start),
        "end": point(item.stop),
        "originalStartTimeZone": "UTC",
        "originalEndTimeZone": "UTC",
        "isAllDay": False,
        "isCancelled": False,
        "isOrganizer": True,
        "organizer": {"emailAddress": {"name": me, "address": me}},
        "location": {"displayName": item.location, "locationType": "default"},
        "attendees": [_attendee(address) for address in item.guests],
        "responseStatus": {"response": "organizer", "time": NEVER},
        "isReminderOn": True,
        "reminderMinutesBeforeStart": 30,
        "sensitivity": "normal",
        "showAs": "busy",
        "type": "seriesMaster" if item.is_series else "singleInstance",
        "seriesMasterId": None,
        "recurrence": _recurrence(item) if item.is_series else None,
        "isOnlineMeeting": False,
        "onlineMeeting": None,
        "webLink": f"https://outlook.example/{item.key}",
        "importance": "normal",
        "categories": [],
        "hasAttachments": False,
    }
    return payload


def _attendee(address: str) -> dict:
    return {
        "type": "required",
        "status": {"response": "none", "time": NEVER},
        "emailAddress": {"name": address.split("@")[0].title(), "address": address},
    }


def _recurrence(item: Entry) -> dict:
    day = DAYS[item.start.weekday()]
    return {
        "pattern": {
            "type": "weekly",
            "interval": 1,
            "month": 0,
            "dayOfMonth": 0,
            "daysOfWeek": [day],
            "firstDayOfWeek": "sunday",
            "index": "first",
        },
        "range": {
            "type": "numbered",
            "startDate": item.start.date().isoformat(),
            "endDate": "0001-01-01",
            "recurrenceTimeZone": "UTC",
            "numberOfOccurrences": item.weeks,
        },
    }


def occurrences(master: dict, item: Entry) -> list[dict]:
    """The occurrences of a series in full."""
    return [
        master
        | place(item, number)
        | {"recurrence": None, "iCalUId": f"{master['iCalUId']}_{number:02d}"}
        for number in range(item.weeks)
    ]


def place(item: Entry, number: int) -> dict:
    """All that delta says about an unchanged occurrence."""
    return {
        "@odata.type": "#microsoft.graph.event",
        "id": f"{item.key}_occ{number:02d}",
        "type": "occurrence",
        "seriesMasterId": item.key,
        "start": point(item.start + number * WEEK),
        "end": point(item.stop + number * WEEK),
    }


class MicrosoftShelf(Shelf):
    """A calendar at Microsoft."""

    def __init__(self, token: str) -> None:
        self.made: dict[str, str] = {}
        super().__init__(token)
        self.series = {item.key: item for item in self.entries if item.is_series}
        self.places = {
            key: [json.dumps(place(item, number)) for number in range(item.weeks)]
            for key, item in self.series.items()
        }

    def render(self, item: Entry, updated: str) -> dict:
        """See `resource`."""
        return resource(self.account, item, updated)

    def since(self, revision: int) -> list[str]:
        """As of any calendar; with the occurrences behind their series."""
        rows = []
        for key, at in self.changed_at.items():
            if at > revision:
                rows += [self.texts[key]] if self.has_masters or key not in self.series else []
                rows += self.places.get(key, ())
        return rows

    def instances(self, key: str) -> list[dict]:
        """The occurrences of a series in full."""
        return occurrences(json.loads(self.texts[key]), self.series[key])

    def insert(self, payload: dict) -> dict:
        """Create, or the event that this transactionId made before."""
        with self.lock:
            transaction = payload.get("transactionId")
            if transaction in self.made:
                return json.loads(self.texts[self.made[transaction]])
            self.revision += 1
            key, me = f"stub{self.revision}", owner(self.account)
            payload = {
                "type": "singleInstance",
                **payload,
                "id": key,
                "iCalUId": f"UID{key}",
                "createdDateTime": stamp(datetime.now(UTC)),
                "isOrganizer": True,
                "isCancelled": False,
                "isOnlineMeeting": False,
                "organizer": {"emailAddress": {"address": me, "name": me}},
                "originalStartTimeZone": payload["start"]["timeZone"],
            }
            self._keep(key, payload)
            self.inserted.append(payload.get("subject", ""))
            if transaction:
                self.made[transaction] = key
            return payload

    def patch(self, key: str, changes: dict) -> dict:
        """Merge `changes`."""
        with self.lock:
            self.revision += 1
            payload = json.loads(self.texts[key]) | changes
            self._keep(key, payload)
            return payload

    def _keep(self, key: str, payload: dict) -> None:
        payload["lastModifiedDateTime"] = stamp(datetime.now(UTC))
        payload["@odata.etag"] = f'W/"{key}-{self.revision}"'
        for edge in ("start", "end"):
            payload[edge] = {"dateTime": payload[edge]["dateTime"][:19], "timeZone": "UTC"}
        self.store(key, payload)


# -- calls -----------------------------------------------------------------------------------------


def answer(shelf: MicrosoftShelf, request: Request, max_page: int) -> tuple[int, str, str]:
    """Answer one API call: status, JSON text, kind of call."""
    if request.path == "/v1.0/$batch":
        return 200, batch(shelf, request, max_page), "batch"
    if DELTA.match(request.path):
        return 200, delta(shelf, request, max_page), "list"
    series = INSTANCES.match(request.path)
    if series:
        values = shelf.instances(series[1]) if series[1] in shelf.series else []
        return 200, json.dumps({"value": values}), "instances"
    extension = EXTENSIONS.match(request.path)
    if extension:
        return extend(shelf, request, *extension.groups())
    event = EVENTS.match(request.path)
    if event and not event[1]:
        return search(shelf, request) if request.method == "GET" else insert(shelf, request)
    return one(shelf, request, event[1]) if event else (404, GONE, "other")


def one(shelf: MicrosoftShelf, request: Request, key: str) -> tuple[int, str, str]:
    """Read or change one event."""
    if key not in shelf.texts:
        return 404, GONE, "get"
    if request.method == "GET":
        return 200, shelf.texts[key], "get"
    if request.etag and json.loads(shelf.texts[key])["@odata.etag"] != request.etag:
        return 412, CHANGED, "patch"
    return 200, json.dumps(shelf.patch(key, request.body)), "patch"


def insert(shelf: MicrosoftShelf, request: Request) -> tuple[int, str, str]:
    """Create an event."""
    return 201, json.dumps(shelf.insert(request.body)), "insert"


def extend(shelf: MicrosoftShelf, request: Request, key: str, name: str | None):
    """Change an open extension that is there, or make one."""
    if key not in shelf.texts:
        return 404, GONE, "extension"
    known = json.loads(shelf.texts[key]).get("extensions", [])
    others = [one for one in known if one["extensionName"] != name]
    if name and len(others) == len(known):
        return 404, GONE, "extension"
    shelf.patch(key, {"extensions": [*others, request.body]})
    return (200 if name else 201), json.dumps(request.body), "extension"


def search(shelf: MicrosoftShelf, request: Request) -> tuple[int, str, str]:
    """Events with that value of an extended property; none for any other filter."""
    sought = SOUGHT.search(request.query.get("$filter", ""))
    events = (json.loads(text) for text in list(shelf.texts.values()))
    found = [event for event in events if sought and _has(event, sought[1])]
    return 200, json.dumps({"value": found}), "search"


def _has(event: dict, value: str) -> bool:
    return any(one["value"] == value for one in event.get("singleValueExtendedProperties", ()))


def delta(shelf: MicrosoftShelf, request: Request, max_page: int) -> str:
    """One page of a round; the last one carries the delta link."""
    asked = PAGE.search(request.prefer)
    size = min(int(asked[1]) if asked else 10, max_page)
    base, offset = int(request.query.get("$deltatoken", 0)), 0
    if "$skiptoken" in request.query:
        base, offset = (int(part) for part in request.query["$skiptoken"].split("."))
    rows = shelf.since(base)
    tail = f'deltaLink":"{request.site}{request.path}?$deltatoken={shelf.revision}'
    if offset + size < len(rows):
        tail = f'nextLink":"{request.site}{request.path}?$skiptoken={base}.{offset + size}'
    return f'{{"value":[{",".join(rows[offset : offset + size])}],"@odata.{tail}"}}'


def batch(shelf: MicrosoftShelf, request: Request, max_page: int) -> str:
    """Up to twenty calls in one."""
    return json.dumps({"responses": [_part(shelf, p, max_page) for p in request.body["requests"]]})


def _part(shelf: MicrosoftShelf, part: dict, max_page: int) -> dict:
    url = urlsplit(part["url"])
    headers = part.get("headers") or {}
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    call = Request(
        part["method"], f"/v1.0{unquote(url.path)}", query, part.get("body") or {}, "",
        headers.get("If-Match", ""), headers.get("Prefer", ""),
    )  # fmt: skip
    status, text, _kind = answer(shelf, call, max_page)
    return {"id": part["id"], "status": status, "headers": {}, "body": json.loads(text)}
