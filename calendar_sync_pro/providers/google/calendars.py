"""The calendar list of a Google account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..port import AccessRole, RemoteCalendar
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


def read_calendars(client: Client) -> list[RemoteCalendar]:
    """All calendars of the list, every page; the user's removed ones are left out."""
    return [calendar_from(entry) for entry in _entries(client) if not entry.get("deleted")]


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
