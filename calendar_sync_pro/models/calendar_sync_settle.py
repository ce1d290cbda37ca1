from dataclasses import dataclass, field
from datetime import UTC, timedelta

from odoo import models

from ..core.event import EventFields, EventKey
from ..sync import base
from ..sync.decide import decide
from ..sync.decisions import (
    Agree,
    CreateLocal,
    Decision,
    KeepLocal,
    Noop,
    Pair,
    PushDelete,
    PushUpdate,
    UpdateLocal,
)
from ..sync.normalise import canonical
from .calendar_sync_local import with_memory
from .calendar_sync_update import conflict_rows
from .calendar_sync_write import own_response
from .pull_types import STANDING, Item, Outcome, Run
from .silent import silent

OF_THE_ORIGINAL = "copied"
"""`sent_block` of a copy: what stands beside its fields is not what we would write there."""


_READ = (
    "active", "allday", "appointment_state", "opportunity_id", "privacy", "recurrence_id",
    "recurrency", "start", "start_date", "stop", "stop_date", "user_id", "write_date",
)  # fmt: skip
"""What deciding and writing look at; an event has four times as many columns."""


@dataclass(slots=True)
class Decided:
    """What a chunk's decisions come to. `agreed`: (item, base to record) by the item's id; `ask`:
    items that Odoo has differently on purpose."""

    create: list = field(default_factory=list)
    update: list = field(default_factory=list)
    ask: list = field(default_factory=list)
    agreed: dict = field(default_factory=dict)

    def agree(self, item: Item, fields: EventFields) -> None:
        """Record `fields` as the item's base, unless another decision said so before."""
        self.agreed.setdefault(id(item), (item, fields))

    def add(self, item: Item, decision: Decision, pair: Pair) -> None:
        """Sort one decision in; they come in the order in which they are applied."""
        match decision:
            case CreateLocal():
                self.create.append((item, decision))
                self.agree(item, decision.base)
            case UpdateLocal():
                self.update.append((item, decision))
                self.agree(item, decision.base)
            case Agree():
                self.agree(item, decision.base)
            case PushUpdate():
                self.ask.append(item)
                self.agree(item, canonical(item.remote.fields))
            case Noop() | KeepLocal():
                self.agree(item, pair.base or canonical(item.remote.fields))
        if item.is_copy and item.agreed != canonical(item.remote.fields):
            self.ask.append(item)  # edited by a guest: it is put right again


class CalendarSyncApply(models.AbstractModel):
    """Decides what an event's change means, writes it and records what both sides agree on."""

    _inherit = "calendar.sync.apply"

    def _settle(self, run: Run, known, items, taken, outcome: Outcome):
        """Decide each item against base and Odoo; write creations and updates in bulk."""
        if not items:
            return
        events = self.env["calendar.event"].union(*(i.meeting.event_id for i in items if i.meeting))
        events.sudo().fetch(_READ)
        self._fill(run, items)
        self._let_in(run, items)
        local = self._local_sides(run, items)
        decided, going = Decided(), self._going(items)
        for item in items:
            item.side = local.get(id(item))
            if item.meeting and item.meeting in going:
                decided.agree(item, canonical(item.remote.fields))
                continue
            if item.side is None and item.meeting and self._is_gone_here(item):
                decided.agree(item, self._without_local(run, item, outcome))
                continue
            if item.side and item.meeting and item.meeting._takes_calendars_word(item.link):
                self._start_from_odoo(item)
            pair = self._pair(run, item)
            for decision in decide(pair, run.policy):
                decided.add(item, decision, pair)
        self._revive([i for i in items if i.meeting and i.meeting not in going])
        self._create(run, [item for item, _ in decided.create], taken, outcome)
        self.env["calendar.sync.update"]._update(run, decided.update, outcome)
        if not run.is_answer:
            for item in decided.ask:
                self._ask_push(item)
        self.env["calendar.sync.series"]._extend(run, [i for i in items if i.link])
        self._record(run, decided.agreed.values(), known)

    def _revive(self, items):
        """An appointment that was cancelled because it vanished is planned again when it is
        back in the calendar."""
        back = [i.meeting.event_id for i in items if not i.link]
        events = self.env["calendar.event"].union(*back)
        silent(events)._restore_appointment()

    def _fill(self, run: Run, items):
        organizers = self.env["calendar.sync.write"]._organizers(run, [i.remote for i in items])
        for item in items:
            item.organizer_id = organizers[item.remote.remote_id]
            item.own_response = own_response(run, item.remote)
            item.is_copy = self._is_copy(run, item)
            item.agreed = base.load(item.link.base) if item.link else None

    def _let_in(self, run: Run, items):
        """A database from a backup knows nothing of a meeting that was made after it. It comes in
        through whichever copy is read first; whose calendar shows another one takes part again, or
        that copy would pass for left over and be removed."""
        owner, series = run.owner.partner_id, self.env["calendar.sync.series"]
        guests = []
        for item in items:
            if not item.is_copy or item.link:
                continue
            guest = {"partner_id": owner.id, "common_name": owner.name, "state": item.own_response}
            guests += [
                (event.id, guest)
                for event in item.meeting.event_id or series._rows_of(item.meeting).values()
                if event.appointment_source == "import" and owner not in event.partner_ids
            ]
        if guests:
            self.env["calendar.sync.write"]._insert_guests(guests)

    def _is_copy(self, run: Run, item: Item) -> bool:
        if item.link:
            return item.link._is_copy()
        if not (item.meeting and item.remote.guid and item.remote.is_organizer):
            return False
        organizer = item.meeting._organizer()
        return bool(organizer) and organizer != run.owner

    def _local_sides(self, run: Run, items):
        """{id(item): EventFields} of what Odoo says, as the item's link may compare it."""
        local = self.env["calendar.sync.local"]
        linked = self.env["calendar.sync.link"].union(
            *(i.link for i in items if i.link and not _is_archived(i.meeting))
        )
        agreed = {i.link.id: i.agreed for i in items if i.link}
        by_link = local._for_links(linked, agreed) if linked else {}
        sides = {}
        for item in items:
            if item.agreed and item.link.id in by_link:
                sides[id(item)] = by_link[item.link.id]
        adopted = [i for i in items if i.meeting and not i.agreed and not _was_cancelled(i)]
        if adopted:
            sides |= self._adopted_sides(run, adopted)
        return sides

    def _adopted_sides(self, run: Run, items):
        local = self.env["calendar.sync.local"]
        meetings = self.env["calendar.sync.meeting"].union(*(i.meeting for i in items))
        fields = local._fields_of(meetings.event_id)
        series = local._series_fields(meetings.filtered(lambda m: m._is_series()))
        found = {}
        for item in items:
            side = series.get(item.meeting.id) or fields.get(item.meeting.event_id.id)
            if side is not None:
                agreed = canonical(item.remote.fields)
                own = run.policy.own_addresses
                found[id(item)] = with_memory(
                    side, agreed, own, is_organizer=item.is_organizers,
                    keeps_calls=run.account._keeps_calls(),
                )  # fmt: skip
        return found

    def _is_gone_here(self, item: Item) -> bool:
        """True when Odoo had the event and no longer has it: the push will say what follows."""
        return bool(item.agreed and item.link.state in STANDING)

    def _going(self, items):
        """Meetings that a person deleted or cancelled in Odoo while invitations to them are still
        new to this calendar. They only get a link, or Odoo would have them again."""
        new = [i.meeting for i in items if i.meeting and not i.link and not i.remote.slot]
        meetings = self.env["calendar.sync.meeting"].union(*new)
        return meetings.filtered(lambda meeting: meeting._is_going())

    def _without_local(self, run: Run, item: Item, outcome: Outcome):
        """The base stays as it is, so that the push takes the event off the calendar; what was
        edited there meanwhile is kept in the journal."""
        link, remote = item.link, item.remote
        agreed = item.agreed
        pair = Pair(
            base=agreed, remote=remote.fields, is_local_gone=True,
            is_organizer=remote.is_organizer, can_edit=remote.can_edit,
        )  # fmt: skip
        for decision in decide(pair, run.policy):
            if isinstance(decision, PushDelete):
                outcome.journal += conflict_rows(run, link, item.meeting.event_id, decision)
        return agreed

    def _start_from_odoo(self, item: Item):
        """Let what Odoo has count as agreed: nothing is sent, and what the calendar says comes in.
        A series' dates are gone through one by one, whatever the former sync made of its rule."""
        if item.remote.is_series:
            item.side = item.side.replace(recurrence=())
        item.agreed = canonical(item.side)

    def _pair(self, run: Run, item: Item) -> Pair:
        remote, meeting = item.remote, item.meeting
        edited = None
        if meeting:
            edited = (meeting.event_id or meeting.recurrence_id.base_event_id).write_date
        return Pair(
            base=item.agreed,
            local=item.side,
            remote=remote.fields,
            is_organizer=item.is_organizers,
            is_elected=not item.is_organizers and self._is_elected(item),
            can_edit=remote.can_edit,
            has_hidden_guests=remote.has_hidden_guests,
            local_edited_at=_aware(edited),
            remote_edited_at=_corrected(remote.updated, run.clock_offset_s),
        )

    def _is_elected(self, item: Item) -> bool:
        if item.link:
            return item.link._is_elected()
        return not (item.meeting and item.meeting._speaker())

    def _ask_push(self, item: Item):
        """Odoo differs from the calendar on purpose: note it, the collector writes the mark."""
        self.env["calendar.sync.mark"]._note(item.meeting._first_event())

    def _record(self, run: Run, agreed, known):
        """Bases and etags of everything that was looked at; new links in one statement."""
        link_model = self.env["calendar.sync.link"].sudo()
        old = [(i.link, i.remote, fields) for i, fields in agreed if i.link]
        new = [
            (i.meeting.id, run.calendar, i.remote, fields, {}) for i, fields in agreed if not i.link
        ]
        link_model._record_agreed_many(old)
        link_model.union(*(link for link, _remote, _fields in old))._stamp(run.calendar.listing_run)
        created = link_model._create_agreed_many(new)
        items = [item for item, _fields in agreed if not item.link]
        for item, link in zip(items, created, strict=True):
            item.link = link
            known.by_remote[item.remote.remote_id] = link
            known.meetings[EventKey(item.remote.ical_uid, item.remote.slot)] = item.meeting
        self._give_guids([item for item in items if item.has_own_guid])

    def _give_guids(self, items):
        """A copy becomes an event of its own in the calendar too, or it would pass for the
        original once that is gone."""
        links = self.env["calendar.sync.link"].union(*(i.link for i in items))
        links.write({"sent_block": OF_THE_ORIGINAL, "is_copied": True})
        for item in items:
            self._ask_push(item)


def _is_archived(meeting) -> bool:
    """Cancelled in Odoo while it is linked: the push takes it off the calendar."""
    return bool(meeting.event_id and not meeting.event_id.active)


def _was_cancelled(item: Item) -> bool:
    """An occurrence that was taken out and is back: it is made anew, as the calendar has it."""
    return bool(item.link and item.remote.slot and _is_archived(item.meeting))


def _aware(naive):
    return naive.replace(tzinfo=UTC) if naive else None


def _corrected(updated, offset_s):
    """The provider's time of an edit on our clock."""
    return updated - timedelta(seconds=offset_s) if updated else None
