"""Changing a stored resource in place, and what may be written without anybody being told. Pure.

Only what is named is changed; all other lines, zones, alarms and occurrences stay as they are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from datetime import datetime

from ...core.errors import Forbidden
from ...core.event import FIELD_NAMES, PERSONAL_FIELDS
from ...core.when import When
from ..port import EventDraft
from . import guests, series, wire
from .lines import Component, put_together, written
from .moments import Form, form_for, form_of
from .opening import QUIET
from .resource import Resource
from .zones import Zones, definition, used

PRODID = "-//Calendar Sync Pro//Calendar Sync Pro//EN"

_BESIDE = frozenset({"guid", "source"})
_NOT_WRITTEN = _BESIDE | {"conference_url"}
_RESCHEDULES = frozenset({"when", "recurrence", "location", "attendees"})
_VALID_NAME = re.compile(r"[A-Za-z0-9-]{1,128}")


def name_for(key: str) -> str:
    """A resource's name for a key: itself where every server takes it, else derived from it."""
    if _VALID_NAME.fullmatch(key):
        return key
    return hashlib.sha256(key.encode()).hexdigest()[:40]


# -- what may be written ---------------------------------------------------------------------------


def check(event: Component, names: set[str], own: Collection[str], *, is_loud: bool) -> None:
    """Raises Forbidden for a guest's change of what everybody shares, and for a change that a
    server would mail although it shall be silent (`is_loud`: it may, or the server never does)."""
    if not guests.is_organizer(event, own):
        if names - PERSONAL_FIELDS - _NOT_WRITTEN - {"attendees"}:
            raise Forbidden("not_organizer", operation="update")
    elif not is_loud and names - QUIET and guests.told_by_server(event, own):
        raise Forbidden("would_notify", operation="update")


def check_delete(resource: Resource, own: Collection[str], *, is_loud: bool) -> None:
    """Raises Forbidden when a silent deletion would call off a meeting by mail."""
    for event in resource.calendar.inner("VEVENT"):
        is_ours = guests.is_organizer(event, own)
        if is_ours and not is_loud and guests.told_by_server(event, own):
            raise Forbidden("would_notify", operation="delete")


# -- a new one -------------------------------------------------------------------------------------


def new_text(draft: EventDraft, uid: str, own: Sequence[str], now: datetime, *, is_told: bool):
    """The iCalendar text of a new event."""
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    event = Component("VEVENT", [put_together("UID", uid), f"DTSTAMP:{stamp}", f"CREATED:{stamp}"])
    event.items += ["SEQUENCE:0", f"LAST-MODIFIED:{stamp}"]
    fields = draft.fields
    form = form_for(fields.when, None)
    series.put_times(event, fields.when, form)
    series.put_rules(event, fields.recurrence, fields.when, form)
    for write in wire.WRITERS.values():
        write(event, fields)
    guests.put_guests(event, fields.attendees, own, is_told=is_told)
    wire.put_guid(event, draft.guid)
    wire.put_source(event, draft.source_url)
    calendar = Component("VCALENDAR", ["VERSION:2.0", put_together("PRODID", PRODID), event])
    add_zones(calendar, series.day_of(fields.when.start))
    return written(calendar)


def add_zones(calendar: Component, start) -> None:
    """A definition for each zone that is used and not defined: without one servers guess."""
    known = {zone.value("TZID") for zone in calendar.inner("VTIMEZONE")}
    zones = Zones(calendar)
    for event in calendar.inner("VEVENT"):
        for tzid in used(event):
            name = zones.name(tzid)
            if tzid in known or not name:
                continue
            zone = definition(name, start)
            zone.put("TZID", put_together("TZID", tzid))
            known.add(tzid)
            at = next(n for n, one in enumerate(calendar.items) if isinstance(one, Component))
            calendar.items.insert(at, zone)


# -- a stored one ----------------------------------------------------------------------------------


def change(
    resource: Resource,
    slot: str,
    draft: EventDraft,
    names: set[str],
    now: datetime,
    *,
    is_told: bool,
    is_loud: bool,
) -> bool:
    """Bring `names` of the event, or of its occurrence `slot`, to the draft.

    `is_told`: from now on the server invites the guests. False when nothing had to be changed.
    Raises NotFound, Forbidden, Malformed.
    """
    found, _when = resource.find(slot, "update")
    check(found, names, resource.own, is_loud=is_loud)
    before = written(resource.calendar)
    event = _event_at(resource, slot)
    if guests.is_organizer(event, resource.own):
        _change_own(resource, event, slot, draft, names, is_told)
    else:
        _change_copy(event, draft, names, resource.own)
    if written(resource.calendar) == before:
        return False
    _stamp(event, names, now)
    add_zones(resource.calendar, series.day_of(draft.fields.when.start))
    return True


def _event_at(resource: Resource, slot: str) -> Component:
    """The component to change; an occurrence that was as its series says gets one of its own."""
    event, when = resource.find(slot, "update")
    if when is None:
        return event
    form = _form_of(event, resource.zones)
    own = series.new_override(event, when, form)
    at = max(n for n, one in enumerate(resource.calendar.items) if one is event or _is_event(one))
    resource.calendar.items.insert(at + 1, own)
    resource.parts.append(own)
    return own


def _is_event(item: str | Component) -> bool:
    return isinstance(item, Component) and item.name == "VEVENT"


def _form_of(event: Component, zones: Zones) -> Form:
    found = event.first("DTSTART")
    return form_of(found, zones) if found else Form("utc")


def _change_own(
    resource: Resource,
    event: Component,
    slot: str,
    draft: EventDraft,
    names: set[str],
    is_told: bool,
) -> None:
    fields = draft.fields
    if "when" in names:
        _put_when(resource, event, slot, fields.when)
    if "recurrence" in names and not slot:
        _put_rules(resource, event, fields.recurrence)
    for name in FIELD_NAMES:
        if name in names and name in wire.WRITERS:
            wire.WRITERS[name](event, fields)
    if "attendees" in names:
        guests.put_guests(event, fields.attendees, resource.own, is_told=is_told)
    if is_told:
        for one in [event] if slot else resource.calendar.inner("VEVENT"):
            guests.hand_over(one, resource.own)
    if "guid" in names:
        wire.put_guid(event, draft.guid)
    if "source" in names:
        wire.put_source(event, draft.source_url)


def _put_when(resource: Resource, event: Component, slot: str, when: When) -> None:
    """Move the event; of a series also what belongs to its occurrences."""
    stored = _form_of(event, resource.zones)
    form = form_for(when, stored)
    old = resource.when() if not slot else None
    series.put_times(event, when, form)
    if old is not None and (resource.parts or event.lines("EXDATE")):
        new = series.as_zone(when, form)
        if (new.start, new.tz) != (old.start, old.tz):
            series.shift(resource.calendar, event, old, new, form, resource.zones)


def _put_rules(resource: Resource, event: Component, lines: Sequence[str]) -> None:
    """Another rule; without one the event is single and its occurrences end."""
    when = resource.when()
    series.put_rules(event, lines, when, _form_of(event, resource.zones))
    if not lines:
        items = resource.calendar.items
        resource.calendar.items = [
            one for one in items if not any(one is part for part in resource.parts)
        ]
        resource.parts = []


def _change_copy(
    event: Component, draft: EventDraft, names: set[str], own: Collection[str]
) -> None:
    """A guest's copy: what is personal, and the own answer."""
    for name in sorted(names & PERSONAL_FIELDS):
        wire.WRITERS[name](event, draft.fields)
    if "attendees" in names:
        guests.answer(event, draft.fields.attendees, own)


def _stamp(event: Component, names: set[str], now: datetime) -> None:
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    event.put("DTSTAMP", f"DTSTAMP:{stamp}")
    event.put("LAST-MODIFIED", f"LAST-MODIFIED:{stamp}")
    if names & _RESCHEDULES:
        value = event.value("SEQUENCE").strip()
        number = int(value) if value.isascii() and value.isdigit() else 0
        event.put("SEQUENCE", f"SEQUENCE:{number + 1}")


def remove_occurrence(resource: Resource, slot: str, now: datetime) -> bool:
    """Take one occurrence out. False when nothing of the resource is left. Raises NotFound."""
    event, _when = resource.find(slot, "delete")
    items = resource.calendar.items
    if event is not resource.master:
        resource.calendar.items = [one for one in items if one is not event]
        resource.parts = [one for one in resource.parts if one is not event]
    master = resource.master
    if master is None:
        return bool(resource.parts)
    series.take_out(master, slot, _form_of(master, resource.zones))
    _stamp(master, {"recurrence"}, now)
    return True
