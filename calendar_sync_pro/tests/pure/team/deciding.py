"""What waits for a person in the small world, and what comes of the decision."""

from __future__ import annotations

from ....core.event import FIELD_NAMES, Attendee, Response
from ....sync import base as stored_base
from ....sync.normalise import canonical
from .office import Link, Record
from .sending import Sending


class Deciding(Sending):
    """Send a waiting change aloud, or take it back."""

    def decides(self) -> list[str]:
        """Send what waits for a decision; who is told of it."""
        told = set()
        for number, link in self._waiting():
            base = stored_base.load(link.base)
            told |= {each.email for each in base.attendees} - {self.email}
            self.desk.marks[number] = "approved"
        return sorted(told)

    def discards(self) -> set[str]:
        """Take back what waits for a decision; what the calendar calls these events."""
        waiting = self._waiting()
        for number, link in waiting:
            self._take_back(number, link)
        return {link.remote_id for _number, link in waiting}

    def _waiting(self) -> list[tuple[int, Link]]:
        return [(number, link) for number, link in self.desk.links.items() if link.is_waiting]

    def _take_back(self, number: int, link: Link) -> None:
        """Odoo says what both sides agreed on last; what was deleted is made again."""
        agreed = stored_base.load(link.base)
        if number not in self.records:
            mine = Attendee(self.email, response=Response.ACCEPTED)
            people = tuple(sorted((*agreed.attendees, mine)))
            again = Record(agreed.replace(attendees=people), self.email, self.office.tick())
            self.records[number] = again
        record = self.records[number]
        record.is_cancelled = False
        shown = canonical(self._shown(number, record.fields))
        names = [name for name in FIELD_NAMES if getattr(shown, name) != getattr(agreed, name)]
        self._update(record, {name: getattr(agreed, name) for name in names})
        record.parts = {
            slot: stored_base.load(part).replace(attendees=record.fields.attendees)
            for slot, part in link.parts.items()
        }
        record.cut = set(link.cut)
        link.is_waiting = False
        self.marks_everybody(number)
        self.desk.marks.pop(number, None)
