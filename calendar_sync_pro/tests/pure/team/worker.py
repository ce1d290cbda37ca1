"""The worker of the small world: the order of work of the real one, with the real decisions."""

from __future__ import annotations

from typing import Any

from ....core.errors import (
    AlreadyExists,
    AuthExpired,
    Conflict,
    NotFound,
    ProviderError,
    SyncTokenExpired,
)
from ....core.event import PERSONAL_FIELDS, Attendee, EventFields, EventKey, RemoteEvent, Response
from ....sync import base as stored_base
from ....sync import decisions as table
from ....sync import view as shown_view
from ....sync.decide import Pair, decide
from ....sync.match import Index, MatchKind, match
from ....sync.normalise import canonical
from ....sync.series import at_slot
from .office import Desk, Killed, Link, Record
from .times import slots_of
from .town import PAGE, Item

ROUNDS = 3


class Worker:
    """One person's account and the turns that it gets."""

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

    # -- a turn ---------------------------------------------------------------------------------
    def syncs(self, at: int = 0, *, is_asked: bool = True) -> None:
        """A turn for this account; `at`: the worker is killed at that point of it."""
        if not self.is_on:
            return
        self.office.arms(at)
        try:
            self._turn(is_asked)
        except AuthExpired as error:
            self.is_on = not error.is_revoked
        except ProviderError:
            pass  # the account has its next turn later
        except Killed:
            self.office.buries()

    def _turn(self, is_asked: bool) -> None:
        if self.desk.is_first_done:
            self._push()
        if is_asked:
            self._pull()
            if not self.desk.is_first_done:
                for number in self.records:
                    self.desk.marks.setdefault(number, "")
                self.desk.is_first_done = True
                self.office.commit()
            self._push()

    # -- reading ---------------------------------------------------------------------------------
    def _pull(self) -> None:
        town, home = self.office.place, self.homes[-1]
        is_listing = self.desk.cursor is None
        try:
            entries, cursor = town.changes(self.email, home, self.desk.cursor)
        except SyncTokenExpired:
            is_listing = True
            self.desk.cursor = None
            self.office.commit()
            entries, cursor = town.changes(self.email, home, None)
        self.office.point()
        while entries:
            page, entries = entries[:PAGE], entries[PAGE:]
            for remote_id, item in page:
                self._take(home, remote_id, item)
            self.office.commit()
        if is_listing:
            self._look_for_unseen(home)
        self.desk.cursor = cursor
        self.office.commit()

    def _look_for_unseen(self, home: str) -> None:
        """What a complete listing did not show is looked at before it is believed."""
        listed = self.office.place.calendars[self.email, home].items.keys()
        for link in list(self.desk.links.values()):
            if link.home != home or link.is_pending or link.remote_id in listed:
                continue
            try:
                self.office.place.get(self.email, home, link.remote_id)
            except NotFound:
                self._take(home, link.remote_id, None)
                self.office.commit()

    def _take(self, home: str, remote_id: str, item: Item | None) -> None:
        """One entry of a listing."""
        number = self._number_of(remote_id, item)
        if item is None:
            if number is not None:
                self._gone(number)
            return
        if remote_id in self.desk.twins:
            return
        if number is None:
            number = self._matched(home, item)
        if number is not None:
            self._settle(number, item)

    def _number_of(self, remote_id: str, item: Item | None) -> int | None:
        key = item.key if item else ""
        for number, link in self.desk.links.items():
            if link.remote_id == remote_id or (link.is_pending and key and link.key == key):
                return number
        return None

    def _matched(self, home: str, item: Item) -> int | None:
        """The number of an event that has no link here, with its new link; None for a twin."""
        fields = self.office.place.shelf.read(item.payload, self.email)
        remote = RemoteEvent(item.id, str(item.etag), item.uid, fields)
        found = match(remote, self._index())
        if found.kind is MatchKind.TWIN:
            self.desk.twins.add(item.id)
            return None
        number = found.meeting_id
        if number is None:
            people = {each.email: each for each in fields.attendees}
            for email in {self.email, item.organizer}:
                people.setdefault(email, Attendee(email, response=Response.ACCEPTED))
            own = fields.replace(attendees=tuple(sorted(people.values())))
            number = self.office.new_record(own, item.organizer, self.office.now)
            self._note(number, "new_remote", ())
        is_own = item.organizer == self.email
        self.desk.links[number] = Link(
            home, item.id, uid=item.uid, is_organizer=is_own, is_silent=False
        )
        return number

    def _index(self) -> Index:
        by_uid = {
            EventKey(link.uid): number
            for desk in self.office.state.desks.values()
            for number, link in desk.links.items()
            if link.uid and number in self.records
        }
        return Index(by_uid=by_uid, living={number: number for number in self.desk.links})

    def _settle(self, number: int, item: Item) -> None:
        """Decide an event that both sides have, and its occurrences."""
        link, record = self.desk.links[number], self.records.get(number)
        if link.etag == item.etag and not link.is_pending:
            return
        link.remote_id, link.uid = item.id, item.uid
        base = stored_base.load(link.base)
        if record is None or record.is_cancelled:
            link.is_pending = False
            link.base = link.base or stored_base.dump(self._read(item.payload))
            link.etag = item.etag
            self.desk.marks.setdefault(number, "")
            return
        remote, local = self._read(item.payload), self._shown(number, record.fields)
        before = record.fields
        said = self._decided(number, link, Pair(base, local, remote, **self._roles(number, record)))
        if said is not None:
            self._update(record, said)
        link.is_pending = False
        link.etag = item.etag
        self._settle_parts(number, item, (base, before, remote))

    def _decided(self, number: int, link: Link, pair: Pair, slot: str = "") -> dict | None:
        """Values for Odoo, if any; the new base is kept and a write is asked for."""
        said = None
        for decision in decide(pair, self._policy()):
            agreed = getattr(decision, "base", None)
            match decision:
                case table.UpdateLocal():
                    said = decision.values
                    self._note(number, decision.rule, decision.conflicts)
                    self.marks_everybody(number)
                case table.PushUpdate():
                    agreed = None if said is not None else canonical(pair.remote)
                    self._note(number, decision.rule, decision.conflicts)
                    self.desk.marks.setdefault(number, "")
            if agreed is not None and slot:
                link.parts[slot] = stored_base.dump(agreed)
            elif agreed is not None:
                link.base = stored_base.dump(agreed)
        if self._is_copy(link, self.records[number]):
            self.desk.marks.setdefault(number, "")
        return said

    def _update(self, record: Record, said: dict) -> None:
        """Write what the calendar has; whoever does not stand there stays."""
        if "attendees" in said:
            here = {each.email for each in said["attendees"]}
            unseen = [
                each for each in record.fields.attendees
                if each.email not in here and (each.email == self.email or each.email in self._team)
            ]  # fmt: skip
            said = {**said, "attendees": tuple(sorted((*said["attendees"], *unseen)))}
        record.fields = record.fields.replace(**said)
        if "recurrence" in said or "when" in said:
            left = set(slots_of(record.fields))
            record.parts = {slot: part for slot, part in record.parts.items() if slot in left}
            record.cut &= left

    def _settle_parts(self, number: int, item: Item, seen) -> None:
        base, before, remote = seen
        link, record = self.desk.links[number], self.records[number]
        left = set(slots_of(record.fields))
        link.parts = {slot: part for slot, part in link.parts.items() if slot in left}
        for slot in (item.cut - link.cut) & left:
            if slot not in record.cut:
                self._note(number, "deleted_in_calendar", ())
                self.marks_everybody(number)
            record.cut.add(slot)
            record.parts.pop(slot, None)
        link.cut = set(item.cut) & left
        if record.cut - link.cut:
            self.desk.marks.setdefault(number, "")
        changed = {*record.parts, *item.parts, *link.parts} - record.cut
        for slot in sorted(changed & left):
            there = item.parts.get(slot)
            known = stored_base.load(link.parts.get(slot))
            pair = Pair(
                known or (canonical(at_slot(base, slot)) if base else None),
                self._shown(number, record.parts.get(slot) or at_slot(before, slot)),
                self._read(there) if there is not None else at_slot(remote, slot),
                **self._roles(number, record),
            )
            said = self._decided(number, link, pair, slot)
            if said is not None:
                part = record.parts.get(slot) or at_slot(before, slot)
                record.parts[slot] = part.replace(
                    **{name: value for name, value in said.items() if name != "attendees"}
                )

    def _gone(self, number: int) -> None:
        """The calendar no longer has it."""
        link, record = self.desk.links[number], self.records.get(number)
        if link.is_pending:
            return
        is_gone = record is None or record.is_cancelled
        pair = Pair(
            base=stored_base.load(link.base),
            local=None if is_gone else self._shown(number, record.fields),
            is_local_gone=is_gone,
            is_remote_gone=True,
            is_organizer=link.is_organizer and not self._is_copy(link, record),
        )
        for decision in decide(pair, self._policy()):
            match decision:
                case table.CancelLocal():
                    record.is_cancelled = True
                    self._note(number, decision.rule, decision.conflicts)
                    self.marks_everybody(number)
                case table.Decline():
                    self.responds(record, Response.DECLINED)
                    self._note(number, decision.rule, ())
        self.desk.links.pop(number)
        self.desk.marks.pop(number, None)

    # -- sending ---------------------------------------------------------------------------------
    def _push(self) -> None:
        for _round in range(ROUNDS):
            for number in sorted(self.desk.marks):
                self._send(number)
            if not self.desk.marks:
                return

    def _send(self, number: int) -> None:
        told = self.desk.marks[number]
        try:
            self._plan(number, told)
        except (Conflict, AlreadyExists):
            self._merge_answer(number)
            return
        except NotFound:
            self._gone(number)
            self.office.commit()
            return
        self.desk.marks.pop(number, None)
        self.office.commit()

    def _merge_answer(self, number: int) -> None:
        """The calendar's answer to our write is another version: it is read, merged and retried."""
        link, town = self.desk.links[number], self.office.place
        if link.is_pending:
            item = town.find(self.email, link.home, link.key)
        else:
            item = town.get(self.email, link.home, link.remote_id)
        if item is None:  # it was there, and somebody deleted it
            link.is_pending = False
            self._gone(number)
        else:
            self._settle(number, item)
        self.office.commit()

    def _plan(self, number: int, told: str) -> None:
        record, link = self.records.get(number), self.desk.links.get(number)
        if link is None:
            if not self._is_wanted(number, record):
                return
            link = self.desk.links[number] = Link(
                self.homes[-1], key := self.office.new_key(), key, is_pending=True, is_ours=True,
                is_silent=not (told == "notify" and record.owner == self.email),
            )  # fmt: skip
            self.office.commit()
        if link.is_pending:
            self._create(number, link, record, told)
        if number in self.desk.links:
            self._compare(number, link, record, told)

    def _create(self, number: int, link: Link, record: Record | None, told: str) -> None:
        town = self.office.place
        if record is None or record.is_cancelled:
            item = town.find(self.email, link.home, link.key)
            if item is not None:
                town.delete(self.email, link.home, (item.id, item.etag), False)
            del self.desk.links[number]
            return
        fields = self._shown(number, record.fields)
        item = town.create(self.email, link.home, link.key, fields, told == "notify")
        self.office.point()
        link.remote_id, link.uid, link.etag = item.id, item.uid, item.etag
        link.base, link.is_pending = stored_base.dump(canonical(fields)), False

    def _compare(self, number: int, link: Link, record: Record | None, told: str) -> None:
        """Send what Odoo has differently from what both sides agreed on."""
        base = stored_base.load(link.base)
        is_gone = record is None or record.is_cancelled or self._is_out(link, record)
        local = None if is_gone else self._shown(number, record.fields)
        pair = Pair(
            base, local, base, is_local_gone=is_gone, is_organizer=link.is_organizer,
            can_edit=link.is_organizer,
        )  # fmt: skip
        link.is_waiting = False
        for decision in decide(pair, self._policy()):
            self._act(number, link, decision, local, told)
        if number in self.desk.links and not is_gone and record.fields.recurrence:
            self._send_parts(number, link, record, told)

    def _act(self, number: int, link: Link, decision, local, told: str, slot: str = "") -> None:
        known = (link.remote_id, link.etag)
        match decision:
            case table.PushUpdate():
                if self._would_tell(link, told, decision.names):
                    link.is_waiting = True
                    return
                fields = local.replace(**decision.values)
                item = self.office.place.update(
                    self.email, link.home, known, fields, decision.names, bool(told), slot
                )
                self.office.point()
                link.etag = item.etag
                agreed = stored_base.dump(decision.base)
                if slot:
                    link.parts[slot] = agreed
                else:
                    link.base = agreed
            case table.PushDelete():
                if self._would_tell(link, told, ("when",)):
                    link.is_waiting = True
                    return
                self.office.place.delete(self.email, link.home, known, bool(told))
                self.office.point()
                del self.desk.links[number]
            case table.Unlink() | table.DropLink():
                self.desk.twins.add(link.remote_id)
                del self.desk.links[number]
            case table.Agree():
                link.base = stored_base.dump(decision.base)

    def _send_parts(self, number: int, link: Link, record: Record, told: str) -> None:
        if not link.is_organizer:
            return
        left = set(slots_of(record.fields))
        for slot in sorted((record.cut - link.cut) & left):
            if self._would_tell(link, told, ("when",)):
                link.is_waiting = True
                return
            known = (link.remote_id, link.etag)
            item = self.office.place.delete(self.email, link.home, known, bool(told), slot)
            self.office.point()
            link.etag = item.etag
            link.cut.add(slot)
            link.parts.pop(slot, None)
        series = stored_base.load(link.base)
        for slot in sorted({*record.parts, *link.parts} & left - record.cut):
            base = stored_base.load(link.parts.get(slot)) or canonical(at_slot(series, slot))
            local = self._shown(number, record.parts.get(slot) or at_slot(record.fields, slot))
            for decision in decide(Pair(base, local, base), self._policy()):
                self._act(number, link, decision, local, told, slot)

    def decides(self) -> list[str]:
        """Send what waits for a decision; who is told of it."""
        told = set()
        for number, link in self.desk.links.items():
            if link.is_waiting:
                base = stored_base.load(link.base)
                told |= {each.email for each in base.attendees} - {self.email}
                self.desk.marks[number] = "approved"
        return sorted(told)

    # -- who is who -------------------------------------------------------------------------------
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
        record.fields = record.fields.replace(
            attendees=tuple(
                Attendee(each.email, response=response) if each.email == self.email else each
                for each in record.fields.attendees
            )
        )

    @property
    def _team(self):
        return self.office.state.desks.keys()

    def _policy(self):
        from dataclasses import replace

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
            "remote_edited_at": self.office.now,
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
        return bool(owner) and owner.marks.get(number) == "notify" and record.owner != self.email

    def _would_tell(self, link: Link, told: str, names) -> bool:
        if told or not self.office.place.shelf.is_loud or not link.is_organizer:
            return False
        base = stored_base.load(link.base)
        people = {each.email for each in base.attendees} - {self.email}
        return bool(people) and not set(names) <= PERSONAL_FIELDS
