"""People's hands on the calendars of the small world; the interface of `e2e/search/hands.py`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ....core.event import Attendee, EventFields, Response
from ....sync.series import at_slot
from .times import day_at, hour_from, occurrences, slots_of, view, weekly
from .town import Calendar, Item, Town


class Hand:
    """The provider's own app on somebody's telephone."""

    def __init__(self, town: Town, email: str) -> None:
        self.town, self.email, self.provider = town, email, town.shelf.name

    def views(self, home: str = "primary") -> list:
        """Everything that stands there, each occurrence for itself."""
        found = []
        for item in self.town.calendars[self.email, home].items.values():
            fields, parts = self._read(item)
            found += [
                view(said, item.id, slot, item.uid)
                for slot, said in occurrences(fields, parts, item.cut)
            ]
        return found

    def stored(self, home: str = "primary") -> dict[str, Any]:
        """{id: everything that the provider keeps of it}."""
        items = self.town.calendars[self.email, home].items
        return {
            each: repr((item.etag, item.payload, item.parts, sorted(item.cut)))
            for each, item in items.items()
        }

    def new_calendar(self, name: str) -> str:
        """One more calendar."""
        self.town.calendars[self.email, name] = Calendar()
        return name

    def add(self, title, start, guests=(), weeks=0) -> None:
        """A new event."""
        people = tuple(Attendee(guest) for guest in guests)
        rules, zone = (weekly(weeks), "UTC") if weeks else ((), "")
        fields = EventFields(hour_from(start, zone), title, recurrence=rules, attendees=people)
        number = sum(len(calendar.log) for calendar in self.town.calendars.values())
        id_ = f"their{number}"
        item = Item(id_, f"{id_}@uid", self._new(fields, id_), self.email)
        self.town.types(self.email, "primary", item)

    def change(self, handle, home="primary", *, day=None, start=None, weeks=0, **to) -> None:
        """Another title, place, time or number of weeks, of an event or one occurrence."""
        item, slot = self._item(handle, home)
        fields, parts = self._read(item)
        fields = parts.get(slot) or at_slot(fields, slot) if slot else fields
        values = {{"title": "title", "place": "location"}[n]: v for n, v in to.items()}
        if start is not None:
            values["when"] = hour_from(start, fields.when.tz)
        if day is not None:
            values["when"] = day_at(day.date())
        if weeks:
            values["recurrence"] = weekly(weeks)
        self._type(item, home, slot, fields.replace(**values), values.keys())

    def _type(self, item, home, slot, fields, names) -> None:
        shelf = self.town.shelf
        stored = item.parts.get(slot) if slot else item.payload
        if stored is None:
            payload = self._new(fields, f"{item.id}_{slot}")
        else:
            payload = shelf.change(stored, fields, set(names), self.email)
        if slot:
            item = replace(item, parts={**item.parts, slot: payload})
        else:
            item = replace(item, payload=payload)
        if "recurrence" in names:
            left = set(slots_of(fields))
            parts = {each: part for each, part in item.parts.items() if each in left}
            item = replace(item, parts=parts, cut=item.cut & left)
        self.town.types(self.email, home, item)

    def remove(self, handle, home="primary") -> None:
        """Delete an event or one occurrence."""
        item, slot = self._item(handle, home)
        if not slot:
            self.town.tears(self.email, home, item)
            return
        parts = {each: part for each, part in item.parts.items() if each != slot}
        self.town.types(self.email, home, replace(item, parts=parts, cut=item.cut | {slot}))

    def reply(self, handle, answer, home="primary") -> None:
        """Answer an invitation; nothing where there is none."""
        item, _slot = self._item(handle, home)
        if item.organizer != self.email:
            self.town.replies(self.email, item, Response(answer))

    def _item(self, handle, home):
        id_, _hash, slot = handle.partition("#")
        return self.town.calendars[self.email, home].items[id_], slot

    def _read(self, item):
        read = self.town.shelf.read
        parts = {slot: read(part, self.email) for slot, part in item.parts.items()}
        return read(item.payload, self.email), parts

    def _new(self, fields, id_):
        return self.town.shelf.new(fields, id_, self.email)
