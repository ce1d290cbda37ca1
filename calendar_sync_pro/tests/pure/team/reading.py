"""Reading in the small world: a page, a match, a decision, a base; in the order of the real one."""

from __future__ import annotations

from dataclasses import replace

from ....core.errors import NotFound, SyncTokenExpired
from ....core.event import Attendee, EventKey, RemoteEvent, Response
from ....sync import base as stored_base
from ....sync import decisions as table
from ....sync.decide import Pair, decide
from ....sync.match import Index, MatchKind, match
from ....sync.normalise import canonical
from ....sync.series import at_slot
from .office import Link, Record
from .roles import Roles
from .times import slots_of
from .town import PAGE, Item


class Reading(Roles):
    """What changed in the calendar comes into Odoo."""

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
        self._look_at_early(home)
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

    def _look_at_early(self, home: str) -> None:
        """Invitations that wait are read again: their meeting may be known by now."""
        for remote_id in sorted(self.desk.early):
            self.desk.early.discard(remote_id)
            try:
                item = self.office.place.get(self.email, home, remote_id)
            except NotFound:
                item = None
            self._take(home, remote_id, item)

    def _is_early(self, item: Item) -> bool:
        """True for an unknown invitation while its organizer has a creation that this person is
        invited to and whose outcome nobody has written down."""
        desk = self.office.state.desks.get(item.organizer)
        if desk is None or desk is self.desk or EventKey(item.uid) in self._index().by_uid:
            return False
        invited = [
            self.records.get(number)
            for number, link in desk.links.items()
            if link.is_pending and not link.is_silent
        ]
        return any(
            record is None or self.email in {each.email for each in record.fields.attendees}
            for record in invited
        )

    def _take(self, home: str, remote_id: str, item: Item | None) -> None:
        """One entry of a listing."""
        number = self._number_of(remote_id, item)
        if item is None:
            if number is not None:
                self._gone(number)
            return
        if remote_id in self.desk.twins:
            return
        if number is None and self._is_early(item):
            self.desk.early.add(remote_id)
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
            if link.uid
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
        said = self._decided(
            number,
            link,
            Pair(base, local, remote, remote_edited_at=item.updated, **self._roles(number, record)),
        )
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
            people = [
                replace(each, response=Response.DECLINED) if each.email in record.declined else each
                for each in said["attendees"]
            ]
            said = {**said, "attendees": tuple(sorted((*people, *unseen)))}
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
                remote_edited_at=item.updated,
                **self._roles(number, record),
            )
            said = self._decided(number, link, pair, slot) or {}
            part = (record.parts.get(slot) or at_slot(before, slot)).replace(**said)
            whole = at_slot(record.fields, slot)  # may say something else since this reading
            part = part.replace(attendees=whole.attendees)
            if slot in record.parts or part != whole:
                record.parts[slot] = part

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
                    record.declined.add(self.email)
                    self._note(number, decision.rule, ())
        self.desk.links.pop(number)
        self.desk.marks.pop(number, None)
