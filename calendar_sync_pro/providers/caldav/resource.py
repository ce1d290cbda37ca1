"""A stored resource: one meeting as an iCalendar text, read into what the product knows. Pure.

One resource holds the event or the series' master and all its changed occurrences. Its path is
the remote id; a changed occurrence is the path, `#` and its slot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ...core.changes import Gone, Unreadable, Window
from ...core.errors import Malformed, NotFound
from ...core.event import EventFields, RemoteEvent
from ...core.when import When
from . import alarms, guests, series, text, wire
from .lines import Component, parse, written
from .moments import form_of, moment_of, when_of
from .zones import Zones

SUFFIX = ".ics"
_VOLATILE = ("DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE")


@dataclass(slots=True)
class Told:
    """What a resource says: living events, occurrences that are gone, and what made no sense.

    `wholes` is that of `ChangePage`.
    """

    events: list[RemoteEvent] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    wholes: dict[str, frozenset[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.events) + len(self.gone) + len(self.unreadable)

    def add(self, other: Told) -> None:
        """Take over what another resource says."""
        self.events += other.events
        self.gone += other.gone
        self.unreadable += other.unreadable
        self.wholes |= other.wholes


def split_id(remote_id: str) -> tuple[str, str]:
    """(path of the resource, slot of the occurrence or '')."""
    path, _, slot = remote_id.partition("#")
    return path, slot


def occurrence_id(path: str, slot: str) -> str:
    """The remote id of one occurrence."""
    return f"{path}#{slot}"


class Resource:
    """One stored text and its version. Raises Malformed when it holds no calendar.

    `own` are the calendar owner's addresses, `floating` is the zone of times that name none.
    """

    def __init__(
        self, path: str, content: str, etag: str, *, own: Collection[str] = (), floating: str = ""
    ) -> None:
        self.path = path
        self.etag = etag
        self.own = own
        self.calendar = parse(content)
        self.zones = Zones(self.calendar, floating)
        events = self.calendar.inner("VEVENT")
        self.master = next((one for one in events if not one.lines("RECURRENCE-ID")), None)
        self.parts = [one for one in events if one.lines("RECURRENCE-ID")]
        if len({one.value("UID") for one in events}) > 1:
            raise Malformed("malformed", field="uid", where=path)

    @property
    def has_people(self) -> bool:
        """True when it matters whose calendar this is."""
        return any(one.lines("ORGANIZER") for one in self.calendar.inner("VEVENT"))

    @property
    def has_floating_times(self) -> bool:
        """True when the calendar's zone decides what a time means."""
        events = self.calendar.inner("VEVENT")
        starts = [one.first("DTSTART") for one in events]
        return any(one and form_of(one, self.zones).kind == "floating" for one in starts)

    def text(self) -> str:
        """The text to store."""
        return written(self.calendar)

    @property
    def uid(self) -> str:
        """The iCalendar UID; the path's name where a server let one through without."""
        event = self.master or next(iter(self.parts), None)
        return (event.text("UID").strip() if event else "") or stem(self.path)

    # -- time --------------------------------------------------------------------------------------

    def when(self) -> When | None:
        """When the master takes place."""
        return None if self.master is None else when_of(self.master, self.zones)

    def lines(self) -> tuple[str, ...]:
        """The master's rule; () for a single event."""
        return () if self.master is None else series.lines_of(self.master, self.zones)

    def overrides(self) -> dict[str, Component]:
        """Changed occurrences by slot; of two for one slot the later version counts."""
        master = self.when()
        found: dict[str, Component] = {}
        for part in self.parts:
            slot = series.slot_of_override(part, master, self.zones)
            known = found.get(slot)
            if known is None or _sequence(part) >= _sequence(known):
                found[slot] = part
        return found

    # -- telling -----------------------------------------------------------------------------------

    def told(self, window: Window | None = None) -> Told:
        """Everything that the resource says."""
        told = Told()
        if self.master is not None:
            self._tell(told, self.master, "")
            if told.unreadable or told.gone:
                return told
        try:
            overrides = self.overrides()
        except Malformed as error:
            return unreadable(self.path, error)
        for slot, part in overrides.items():
            self._tell(told, part, slot)
        removed = [slot for slot in self.removed(window) if slot not in overrides]
        told.gone += [self._gone(slot) for slot in removed]
        if self.master is not None and self.master.lines(*series.RULES):
            told.wholes[self.path] = frozenset([*overrides, *removed])
        return told

    def removed(self, window: Window | None = None) -> list[str]:
        """Slots of the rule that were taken out."""
        if self.master is None or not self.master.lines("EXDATE"):
            return []
        return series.removed_slots(self.master, self.when(), self.lines(), window, self.zones)

    def _tell(self, told: Told, event: Component, slot: str) -> None:
        if is_cancelled(event):
            told.gone.append(self._gone(slot) if slot else Gone(self.path))
            return
        try:
            told.events.append(self.event(event, slot))
        except Malformed as error:
            told.unreadable.append(Unreadable(self._id(slot), error))
        except (ValueError, KeyError, TypeError, OverflowError):
            where = self._id(slot)
            error = Malformed("malformed", field="item", where=where)
            told.unreadable.append(Unreadable(where, error))

    def _gone(self, slot: str) -> Gone:
        return Gone(occurrence_id(self.path, slot), slot, self.path)

    def _id(self, slot: str) -> str:
        return occurrence_id(self.path, slot) if slot else self.path

    def event(self, event: Component, slot: str = "", when: When | None = None) -> RemoteEvent:
        """One component as a value; `when` for an occurrence that is as its series says."""
        is_own = guests.is_organizer(event, self.own)
        organizer, name = guests.organizer_of(event)
        return RemoteEvent(
            remote_id=self._id(slot),
            etag=version_of(event) if slot else self.etag,
            ical_uid=self.uid,
            fields=fields_of(event, self.zones, when, has_rule=not slot),
            slot=slot,
            master_id=self.path if slot else "",
            guid=wire.guid_of(event) if is_own else "",
            sequence=_sequence(event),
            updated=_updated(event, self.zones),
            organizer_email=organizer,
            organizer_name=name,
            is_organizer=is_own,
            can_edit=is_own,
            is_tentative=event.value("STATUS").upper() == "TENTATIVE",
            create_key="" if slot else stem(self.path),
        )

    def at(self, slot: str, operation: str) -> RemoteEvent:
        """The event, or the occurrence `slot`, as it is now. Raises NotFound, Malformed."""
        event, when = self.find(slot, operation)
        return self.event(event, slot, when)

    def find(self, slot: str, operation: str) -> tuple[Component, When | None]:
        """The component that says what happens at `slot`, and when its series puts it there.

        Raises NotFound for what is cancelled, taken out, or never was.
        """
        if not slot:
            event, when = self.master or next(iter(self.parts), None), None
        elif (own := self.overrides().get(slot)) is not None:
            event, when = own, None
        else:
            event, when = self.master, self._on_rule(slot)
            if when is None:
                raise NotFound("noSuchOccurrence", operation=operation)
        if event is None or is_cancelled(event):
            raise NotFound("deleted", operation=operation)
        return event, when

    def _on_rule(self, slot: str) -> When | None:
        when, lines = self.when(), self.lines()
        if when is None or not lines or slot in self.removed():
            return None
        return series.occurrence(when, lines, slot)


def fields_of(
    event: Component, zones: Zones, when: When | None = None, *, has_rule: bool = True
) -> EventFields:
    """The fields of a component. Raises Malformed naming the part that made no sense."""
    return EventFields(
        when=when or when_of(event, zones),
        title=event.text("SUMMARY"),
        description=text.description_of(event),
        location=event.text("LOCATION"),
        recurrence=series.lines_of(event, zones) if has_rule else (),
        attendees=guests.attendees_of(event),
        show_as=wire.show_as_of(event),
        privacy=wire.privacy_of(event),
        reminders=alarms.reminders_of(event),
        conference_url=wire.conference_of(event),
    )


def unreadable(path: str, error: Malformed) -> Told:
    """A resource that makes no sense."""
    return Told(unreadable=[Unreadable(path, error)])


def is_cancelled(event: Component) -> bool:
    """True for an event or occurrence that was called off."""
    return event.value("STATUS").strip().upper() == "CANCELLED"


def stem(path: str) -> str:
    """A resource's name without its ending: the key of the create that made it."""
    return path.rstrip("/").rpartition("/")[2].removesuffix(SUFFIX)


def version_of(event: Component) -> str:
    """The version of one component: a resource's own changes with each of its occurrences."""
    said = [item for item in event.items if isinstance(item, str)]
    said = sorted(line for line in said if not line.upper().startswith(_VOLATILE))
    alarm_lines = sorted(str(alarm.items) for alarm in event.inner("VALARM"))
    text_ = "\n".join([*said, *alarm_lines])
    return f'"{hashlib.sha256(text_.encode()).hexdigest()[:24]}"'


def _sequence(event: Component) -> int:
    value = event.value("SEQUENCE").strip()
    return int(value) if value.isascii() and value.isdigit() else 0


def _updated(event: Component, zones: Zones) -> datetime | None:
    """When a person last changed it, as far as the programs say; aware UTC."""
    for name in ("LAST-MODIFIED", "DTSTAMP"):
        found = event.first(name)
        if found is None:
            continue
        try:
            moment = moment_of(found.value, form_of(found, zones), zones)
        except Malformed:
            continue
        if isinstance(moment, datetime):
            return moment.astimezone(UTC)
    return None
