"""Sending in the small world: marks, a plan against the base, a request, the new base."""

from __future__ import annotations

from ....core.errors import AlreadyExists, Conflict, NotFound
from ....sync import base as stored_base
from ....sync import decisions as table
from ....sync.decide import Pair, decide
from ....sync.normalise import canonical
from ....sync.series import at_slot
from .office import Link, Record
from .reading import Reading
from .times import slots_of

ROUNDS = 3


class Sending(Reading):
    """What changed in Odoo goes into the calendar."""

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
