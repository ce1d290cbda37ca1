"""Who is who to an event of the small world, and what is stored for one account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ....core.event import PERSONAL_FIELDS, Attendee, EventFields, Response
from ....core.settings import Policy
from ....sync import base as stored_base
from ....sync import view as shown_view
from .office import Desk, Link, Record


class Roles:
    """One person's account: its rows, and its part in each meeting."""

    office: Any
    email: str
    homes: list[str]
    is_on: bool

    @property
    def desk(self) -> Desk:
        """What is stored for this account now."""
        return self.office.state.desks[self.email]

    @property
    def records(self) -> dict[int, Record]:
        """What is stored in Odoo now."""
        return self.office.state.records

    def marks_everybody(self, number: int, told: str = "") -> None:
        """A change of a record may have to be sent by everybody who has it."""
        record = self.records.get(number)
        people = {each.email for each in record.fields.attendees} if record else set()
        for email, desk in self.office.state.desks.items():
            if number in desk.links or email in people:
                desk.marks[number] = told or desk.marks.get(number, "")

    def response_in(self, record: Record) -> Response | None:
        """This person's answer, None for somebody who does not take part."""
        mine = (each.response for each in record.fields.attendees if each.email == self.email)
        return next(mine, None)

    def responds(self, record: Record, response: Response) -> None:
        """Keep this person's answer."""
        record.declined.discard(self.email)
        record.fields = record.fields.replace(
            attendees=tuple(
                Attendee(each.email, response=response) if each.email == self.email else each
                for each in record.fields.attendees
            )
        )

    @property
    def _team(self):
        return self.office.state.desks.keys()

    def _policy(self) -> Policy:
        return replace(self.office.policy, own_addresses=frozenset({self.email}))

    def _note(self, number: int, rule: str, conflicts) -> None:
        self.office.state.journal.append((number, rule, conflicts))

    def _read(self, payload) -> EventFields:
        return self.office.place.shelf.read(payload, self.email)

    def _shown(self, number: int, fields: EventFields) -> EventFields:
        link = self.desk.links[number]
        agreed = stored_base.load(link.base)
        return shown_view.shown(fields, agreed, {self.email}, is_silent=link.is_silent)

    def _is_copy(self, link: Link, record: Record | None) -> bool:
        return bool(
            record and link.is_ours and link.is_organizer and record.owner
            and record.owner != self.email
        )  # fmt: skip

    def _roles(self, number: int, record: Record) -> dict:
        link = self.desk.links[number]
        is_organizer = link.is_organizer and not self._is_copy(link, record)
        return {
            "is_organizer": is_organizer,
            "is_elected": not is_organizer and self._speaker(number) == self.email,
            "can_edit": link.is_organizer,
            "local_edited_at": record.edited,
        }

    def _speaker(self, number: int) -> str:
        """Whose link carries the shared fields."""
        record = self.records[number]
        linked = [e for e, desk in self.office.state.desks.items() if number in desk.links]
        return record.owner if record.owner in linked else linked[0]

    def _is_out(self, link: Link, record: Record) -> bool:
        return link.is_ours and record.owner != self.email and self.response_in(record) is None

    def _is_wanted(self, number: int, record: Record | None) -> bool:
        if record is None or record.is_cancelled:
            return False
        if self.response_in(record) in (None, Response.DECLINED):
            return False
        return not (self.office.place.invites and self._is_delivered(number, record))

    def _is_delivered(self, number: int, record: Record) -> bool:
        """The organizer's provider invites this person, now or soon."""
        for email, desk in self.office.state.desks.items():
            link = desk.links.get(number)
            if email != self.email and link and not link.is_silent:
                return True
        owner = self.office.state.desks.get(record.owner)
        if owner is None or record.owner == self.email or owner.marks.get(number) != "notify":
            return False
        answers = {each.email: each.response for each in record.fields.attendees}
        return answers.get(record.owner, Response.DECLINED) is not Response.DECLINED

    def _would_tell(self, link: Link, told: str, names) -> bool:
        if told or not self.office.place.shelf.is_loud or not link.is_organizer:
            return False
        base = stored_base.load(link.base)
        people = {each.email for each in base.attendees} - {self.email}
        return bool(people) and not set(names) <= PERSONAL_FIELDS
