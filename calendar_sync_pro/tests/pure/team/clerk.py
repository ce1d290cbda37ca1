"""Somebody of the small world's team: what that person does in Odoo, and what stands where."""

from __future__ import annotations

from typing import Any

from ....core.event import Attendee, EventFields, Response
from ....sync.series import at_slot
from .hand import Hand
from .office import Office, Record
from .times import day_at, hour_from, occurrences, slots_of, view, weekly
from .worker import Worker


class Clerk(Worker):
    """The interface of `e2e/search/office.Member`."""

    def __init__(self, office: Office, name: str) -> None:
        self.office, self.name, self.email = office, name, name
        self.uid = self.partner = name
        self.hand = Hand(office.place, name)
        self.homes, self.is_on = ["primary"], True

    # -- the connection -----------------------------------------------------------------------
    def is_connected(self) -> bool:
        """Whether the account works and is switched on."""
        return self.is_on

    def reconnects(self) -> None:
        """Sign in again: everything is read once, then everything is sent once."""
        if not self.is_on:
            self.is_on = True
            self.desk.is_first_done = False

    def disconnects(self) -> None:
        """Press "Disconnect"."""
        self.is_on = False

    def switches(self) -> None:
        """Make another calendar there and choose it for new appointments."""
        self.homes.append(self.hand.new_calendar(f"More {len(self.homes)}"))
        self.desk.cursor = None

    # -- in Odoo --------------------------------------------------------------------------------
    def books(self, title, start, *, guests=(), invites=False, **values) -> None:
        """A meeting of an hour in Odoo."""
        people = (Attendee(self.email, response=Response.ACCEPTED), *map(Attendee, guests))
        rules = weekly(values["count"]) if values.get("recurrency") else ()
        fields = EventFields(
            hour_from(start, "UTC" if rules else ""), title, recurrence=rules,
            attendees=tuple(sorted(people)),
        )  # fmt: skip
        number = self.office.new_record(fields, self.email, self.office.tick())
        self.marks_everybody(number, "notify" if invites else "")

    def edits(self, handle, *, recurrence_update="", user_id="", **values) -> None:
        """Change a meeting in Odoo, or one, all or some occurrences."""
        number, slot = self._find(handle)
        record = self.office.state.records[number]
        said = _said(values)
        record.edited = self.office.tick()
        record.owner = user_id or record.owner
        if not slot:
            record.fields = record.fields.replace(**said)
        elif recurrence_update == "self_only":
            record.parts[slot] = self._part(record, slot).replace(**said)
        elif recurrence_update == "all_events":
            _edit_all(record, said)
        else:
            self._edit_following(record, slot, said)
        self.marks_everybody(number)

    def _edit_following(self, record: Record, slot: str, said: dict) -> None:
        """The series ends before the slot, and another one goes on from there."""
        slots = slots_of(record.fields)
        at = slots.index(slot)
        if not at:
            _edit_all(record, said)
            return
        first = at_slot(record.fields, slot)
        rest = record.fields.replace(when=first.when, recurrence=weekly(len(slots) - at))
        number = self.office.new_record(rest, record.owner, self.office.tick())
        new = self.office.state.records[number]
        later = set(slots[at:])
        new.parts = {each: part for each, part in record.parts.items() if each in later}
        new.cut = {each for each in record.cut if each in later}
        _edit_all(new, said)
        record.fields = record.fields.replace(recurrence=weekly(at))
        record.parts = {each: part for each, part in record.parts.items() if each not in later}
        record.cut -= later
        self.marks_everybody(number)

    def deletes(self, handle) -> None:
        """Delete a meeting in Odoo, or one occurrence."""
        number, slot = self._find(handle)
        record = self.office.state.records[number]
        self.marks_everybody(number)
        if slot:
            record.cut.add(slot)
            record.parts.pop(slot, None)
        else:
            del self.office.state.records[number]

    def deletes_all(self, handle) -> None:
        """Delete the whole series that an occurrence belongs to, in Odoo."""
        self.deletes(str(handle).partition("#")[0])

    def answers(self, handle, answer) -> None:
        """Answer in Odoo."""
        number, _slot = self._find(handle)
        self.responds(self.office.state.records[number], Response(answer))
        self.marks_everybody(number)

    # -- what stands where ---------------------------------------------------------------------
    def here(self) -> list:
        """This person's meetings in Odoo."""
        return [
            view(said, str(number), slot, f"record {number}")
            for number, record in self._mine()
            if self.response_in(record) is not Response.DECLINED
            for slot, said in occurrences(record.fields, record.parts, record.cut)
        ]

    def there(self) -> list:
        """Everything in this person's calendars, with the calendar that each stands in."""
        return [(each, home) for home in self.homes for each in self.hand.views(home)]

    def declined(self) -> set[str]:
        """Tags of meetings that this person does not come to."""
        return {
            record.fields.title.partition(" ")[0]
            for _number, record in self._mine()
            if self.response_in(record) is Response.DECLINED
        }

    def stored(self) -> dict[str, Any]:
        """Everything that the provider keeps, as it keeps it."""
        return {home: self.hand.stored(home) for home in self.homes}

    def _mine(self):
        for number, record in self.office.state.records.items():
            if not record.is_cancelled and self.response_in(record) is not None:
                yield number, record

    def _find(self, handle) -> tuple[int, str]:
        number, _hash, slot = str(handle).partition("#")
        return int(number), slot

    @staticmethod
    def _part(record: Record, slot: str) -> EventFields:
        return record.parts.get(slot) or at_slot(record.fields, slot)


def _edit_all(record: Record, said: dict) -> None:
    """Every occurrence gets the values, also those that were changed."""
    record.fields = record.fields.replace(**said)
    record.parts = {slot: part.replace(**said) for slot, part in record.parts.items()}


def _said(values: dict) -> dict:
    """Odoo's values as fields."""
    said = {{"name": "title", "location": "location"}[n]: values[n] for n in values if n in _WORDS}
    if values.get("allday"):
        said["when"] = day_at(values["start_date"])
    elif "start" in values:
        said["when"] = hour_from(values["start"])
    return said


_WORDS = ("name", "location")
