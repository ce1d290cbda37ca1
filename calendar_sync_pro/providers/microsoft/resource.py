"""A whole event resource: identity, rights and what is written beside the fields. Pure.

The fields themselves are in `wire.py`. Source: Graph v1.0, event. The adapter's id of an
occurrence is `<series>#<slot>`: Graph's own is not known before the occurrence was read, and is
not told when it is cancelled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from ...core import timezones
from ...core.errors import Malformed
from ...core.event import EventFields, RemoteEvent
from ...core.when import slot_of
from ..port import EventDraft
from . import wire
from .guests import address_of, attendees_from

EXTENSION = "CalendarSyncPro.Appointment"
GUID_MEMBER = "AppointmentGuid"
KEY_PROPERTY = "String {6f0f6a4c-2f0e-4d0a-9a53-6a7a3f0d4c1b} Name CalendarSyncProKey"
"""Names that stay in people's calendars for ever."""

TEAMS = "teamsForBusiness"
"""The one kind of online meeting that we ask for."""

_EXTENSION_PREFIX = "Microsoft.OutlookServices.OpenTypeExtension."
_TRANSACTION = re.compile(r"csp\.(?P<key>.+)\.(?P<guid>[^.]*)")
_EXCHANGE_UID = re.compile(r"040000008200E00074C5B7101A82E008[0-9A-F]{8}[0-9A-F]*", re.I)
_CANCELLED = re.compile(r".*(\d{4}-\d{2}-\d{2})")
_PART_REASONS = {"when": "missing_time", "recurrence": "broken_rule"}
_BROKEN = (KeyError, ValueError, TypeError, AttributeError)

SELECT = (
    "id,transactionId,subject,body,start,end,originalStartTimeZone,isAllDay,location,recurrence,"
    "type,seriesMasterId,originalStart,iCalUId,isOrganizer,organizer,attendees,hideAttendees,"
    "responseStatus,showAs,sensitivity,isReminderOn,reminderMinutesBeforeStart,isCancelled,"
    "isOnlineMeeting,onlineMeeting,lastModifiedDateTime,webLink"
)
EXPAND_OWN = f"extensions($filter=id eq '{EXTENSION}')"
SELECT_SERIES = f"{SELECT},cancelledOccurrences,exceptionOccurrences"
EXPAND_SERIES = f"{EXPAND_OWN},exceptionOccurrences"


# -- identity --------------------------------------------------------------------------------------


def transaction_of(key: str, guid: str) -> str:
    """The transactionId of a create: Graph makes one event of it, and tells it in listings."""
    return f"csp.{key}.{guid}"


def guid_from(item: Mapping[str, Any]) -> str:
    """Our lasting id: from the extension where it was asked for, else from our transactionId."""
    for extension in item.get("extensions") or ():
        name = str(extension.get("id") or extension.get("extensionName") or "")
        if name.removeprefix(_EXTENSION_PREFIX) == EXTENSION:
            return str(extension.get(GUID_MEMBER) or "")
    return ours(item)["guid"]


def ours(item: Mapping[str, Any]) -> dict[str, str]:
    """`key` and `guid` of our transactionId; both '' for an event that we did not create."""
    found = _TRANSACTION.fullmatch(item.get("transactionId") or "")
    return found.groupdict() if found else {"key": "", "guid": ""}


def series_uid(ical_uid: str) -> str:
    """The iCalUId of the series behind that of one occurrence, which holds its day in four bytes
    (MS-OXOCAL §2.2.1.27); '' for a uid of another make."""
    if not _EXCHANGE_UID.fullmatch(ical_uid):
        return ""
    return f"{ical_uid[:32]}00000000{ical_uid[40:]}"


def occurrence_id(master_id: str, slot: str) -> str:
    """The adapter's id of one occurrence."""
    return f"{master_id}#{slot}"


def split_id(remote_id: str) -> tuple[str, str]:
    """(id of the event or series, slot or '')."""
    master_id, _mark, slot = remote_id.partition("#")
    return master_id, slot


def is_occurrence(item: Mapping[str, Any]) -> bool:
    """True for an occurrence, changed or not."""
    return item.get("type") in ("occurrence", "exception")


def slot_from(item: Mapping[str, Any], *, is_day: bool | None = None) -> str:
    """The original start of an occurrence, wherever it was moved to; '' otherwise.

    `is_day` says whether its series has whole days; None: as the occurrence itself has it.
    """
    if not is_occurrence(item):
        return ""
    original = item.get("originalStart")
    if is_day is None:
        is_day = bool(item.get("isAllDay"))
    if not original:
        return slot_of(wire.day_from(item["start"]) if is_day else wire.moment_from(item["start"]))
    moment = datetime.fromisoformat(original).astimezone(UTC)
    return slot_of(_original_day(item, moment) if is_day else moment)


def _original_day(item: Mapping[str, Any], moment: datetime) -> date:
    """The day that began at `moment` where the event was made."""
    tz = wire.zone_of(item.get("originalStartTimeZone") or "")
    is_midnight = moment.hour == moment.minute == 0
    return moment.date() if is_midnight or not tz else timezones.to_local(moment, tz).date()


def cancelled_slots(master: Mapping[str, Any]) -> tuple[str, ...]:
    """Slots of the occurrences that were taken out of a series, by its `cancelledOccurrences`."""
    when = wire.when_from(master)
    days = (_CANCELLED.fullmatch(str(one)) for one in master.get("cancelledOccurrences") or ())
    return tuple(_slot_on(date.fromisoformat(day[1]), when) for day in days if day)


def _slot_on(day: date, when) -> str:
    """The slot of the occurrence of a series on that local day."""
    if when.is_all_day:
        return slot_of(day)
    clock = timezones.to_local(when.start, when.tz).time()
    return slot_of(timezones.to_utc(datetime.combine(day, clock), when.tz))


# -- reading ---------------------------------------------------------------------------------------


def fields_from(item: Mapping[str, Any], owner: str = "") -> EventFields:
    """The fields of a living event. Raises Malformed naming the part that made no sense."""
    name = "item"
    values = {}
    try:
        for name, read in wire.READERS:
            values[name] = read(item)
        values["attendees"] = attendees_from(item, owner)
    except _BROKEN:
        reason = _PART_REASONS.get(name, "malformed")
        raise Malformed(reason, field=name, where=str(item.get("id", ""))) from None
    return EventFields(**values)


def event_from(
    item: Mapping[str, Any], owner: str = "", uid: str = "", slot: str = ""
) -> RemoteEvent:
    """A living event resource as a value. Raises Malformed.

    `owner` is the address whose calendar this is. Of an occurrence, `uid` is the iCalUId of its
    series and `slot` its original start, where they are known.
    """
    fields = fields_from(item, owner)
    try:
        return _event(item, fields, uid, slot or slot_from(item))
    except _BROKEN:
        raise Malformed("malformed", field="item", where=str(item.get("id", ""))) from None


def _event(item: Mapping[str, Any], fields: EventFields, uid: str, slot: str) -> RemoteEvent:
    is_organizer = bool(item.get("isOrganizer", True))
    organizer = (item.get("organizer") or {}).get("emailAddress") or {}
    own_uid = item.get("iCalUId") or ""
    master_id = item.get("seriesMasterId") or ""
    updated = item.get("lastModifiedDateTime")
    return RemoteEvent(
        remote_id=occurrence_id(master_id, slot) if slot else item["id"],
        etag=item.get("@odata.etag") or "",
        ical_uid=(uid or series_uid(own_uid) or own_uid) if slot else own_uid,
        fields=fields,
        slot=slot,
        master_id=master_id if slot else "",
        guid="" if slot else guid_from(item),
        updated=datetime.fromisoformat(updated).astimezone(UTC) if updated else None,
        organizer_email=address_of(item.get("organizer")),
        organizer_name=organizer.get("name") or "",
        is_organizer=is_organizer,
        can_edit=is_organizer,
        has_hidden_guests=bool(item.get("hideAttendees")) and not is_organizer,
        web_url=item.get("webLink") or "",
        create_key="" if slot else ours(item)["key"],
    )


# -- writing ---------------------------------------------------------------------------------------


def members(fields: EventFields, names: Iterable[str], zone: str = "UTC") -> dict[str, Any]:
    """The members to write for `names`. Unknown names are left out.

    A rule and the times it starts at go together: the range names the first day.
    """
    wanted = set(names)
    if "recurrence" in wanted or (fields.recurrence and "when" in wanted):
        wanted |= {"recurrence", "when"} if fields.recurrence else {"recurrence"}
    body: dict[str, Any] = {}
    for name in sorted(wanted & wire.WRITERS.keys()):
        body |= wire.WRITERS[name](fields)
    if "when" in wanted:
        body |= wire.when_to(fields, zone)
    return body


def extension(guid: str) -> dict[str, str]:
    """Our open extension with the lasting id."""
    return {
        "@odata.type": "microsoft.graph.openTypeExtension",
        "extensionName": EXTENSION,
        GUID_MEMBER: guid,
    }


def new_event(draft: EventDraft, key: str, zone: str = "UTC") -> dict[str, Any]:
    """The body of a create. Raises Malformed for a rule that Graph cannot express."""
    fields = draft.fields
    body = members(fields, wire.WRITERS, zone)
    if not fields.recurrence:
        del body["recurrence"]
    body["transactionId"] = transaction_of(key, draft.guid)
    body["singleValueExtendedProperties"] = [{"id": KEY_PROPERTY, "value": key}]
    if draft.guid:
        body["extensions"] = [extension(draft.guid)]
    return body | (online_meeting() if draft.wants_conference else {})


def online_meeting() -> dict[str, Any]:
    """Ask for a Teams link. It can be asked for once and never be taken off again."""
    return {"isOnlineMeeting": True, "onlineMeetingProvider": TEAMS}
