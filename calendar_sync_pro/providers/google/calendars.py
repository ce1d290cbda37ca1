"""The calendar list of a Google account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..port import AccessRole, RemoteCalendar, RemoteRoom
from .client import Client

_CALENDAR_FIELDS = (
    "nextPageToken,items(id,summary,summaryOverride,timeZone,primary,accessRole,backgroundColor,"
    "deleted)"
)
_ROLES = {
    "owner": AccessRole.OWNER,
    "writer": AccessRole.WRITER,
    "writerWithoutPrivateAccess": AccessRole.WRITER,
    "reader": AccessRole.READER,
    "freeBusyReader": AccessRole.FREE_BUSY,
}
_ROOM_DOMAIN = "@resource.calendar.google.com"
_SEATS = re.compile(r"^(?P<name>.*\S)\s*\((?P<seats>\d{1,4})\)$")
"""Google names a resource after its building, floor and name, seats last: "Oslo-2-Elbe (8)"."""


def read_calendars(client: Client) -> list[RemoteCalendar]:
    """All calendars of the list, every page; the user's removed ones and rooms are left out."""
    entries = _entries(client)
    return [calendar_from(one) for one in entries if not one.get("deleted") and not is_room(one)]


def _entries(client: Client) -> Iterator[Mapping[str, Any]]:
    page = None
    while True:
        request = client.calendar_list.list(maxResults=250, pageToken=page, fields=_CALENDAR_FIELDS)
        answer = client.run(request, "calendars")
        yield from answer.get("items", ())
        page = answer.get("nextPageToken")
        if not page:
            return


def calendar_from(entry: Mapping[str, Any]) -> RemoteCalendar:
    """One entry of the calendar list. The id of the primary one is already its real id."""
    role = _ROLES.get(entry.get("accessRole", ""), AccessRole.READER)
    return RemoteCalendar(
        remote_id=entry["id"],
        name=entry.get("summaryOverride") or entry.get("summary") or entry["id"],
        role=role,
        color=entry.get("backgroundColor", ""),
        tz=entry.get("timeZone", ""),
        is_primary=bool(entry.get("primary", False)),
        is_own=role is AccessRole.OWNER,
    )


def read_rooms(client: Client) -> list[RemoteRoom]:
    """The resources on the user's list of calendars, which is where a domain's people find them:
    the directory of all resources answers administrators only."""
    entries = _entries(client)
    return [room_from(one) for one in entries if is_room(one) and not one.get("deleted")]


def is_room(entry: Mapping[str, Any]) -> bool:
    """True for the calendar of a room or another resource."""
    return entry["id"].endswith(_ROOM_DOMAIN)


def room_from(entry: Mapping[str, Any]) -> RemoteRoom:
    """One resource of the list; Google's own name for it tells the seats."""
    name = entry.get("summary") or entry["id"]
    found = _SEATS.match(name)
    seats = int(found["seats"]) if found else 0
    shown = entry.get("summaryOverride") or (found["name"] if found else name)
    return RemoteRoom(entry["id"], shown, seats)
