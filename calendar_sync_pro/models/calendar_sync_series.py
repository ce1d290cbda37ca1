import json

from odoo import api, models

from ..core import recurrence, timezones
from ..core.changes import Window
from ..core.when import When, slot_of, slot_start
from ..sync import odoo_recurrence, odoo_values
from . import bulk
from .calendar_sync_local import RULE_FIELDS, rule_lines
from .pull_types import RowPlan, Run, Shape, own_fields
from .series_span import whole
from .silent import SILENT, silent

MAX_ROWS = 500
_RULE = ("event_tz", *RULE_FIELDS)
_DEFAULTS = {"month_by": "date", "day": 1, "count": 1} | dict.fromkeys(
    odoo_recurrence.DAY_FIELDS, False
)
"""What Odoo's own fields default to where a rule says nothing."""


class CalendarSyncSeries(models.AbstractModel):
    """How a calendar's series stands in Odoo: with Odoo's own rule where that gives exactly the
    same occurrences, else as plain events in the window. Rules are kept raw and never rewritten.
    """

    _name = "calendar.sync.series"
    _description = "Inbound series"

    @api.model
    def _shape(self, run: Run, fields, proofs: dict, window: Window) -> Shape:
        """The occurrences of a series and whether Odoo can hold its rule; those of a rule that it
        can't hold in `window` alone.

        `proofs` remembers what was proven in this run. Raises Malformed for a rule that makes no
        sense.
        """
        when, lines = fields.when, fields.recurrence
        native = odoo_recurrence.native_values(when, rule_lines(lines), wkst=self._wkst(run))
        if native is not None:
            found = recurrence.expand(
                when, rule_lines(lines), whole(when), limit=odoo_recurrence.MAX_ROWS + 1
            )
            if len(found) <= odoo_recurrence.MAX_ROWS and self._is_exact(
                run, native, found, proofs
            ):
                kept = found
                if len(lines) > 1:
                    kept = recurrence.expand(when, lines, whole(when), limit=MAX_ROWS * 2)
                return Shape(kept, native)
        return Shape(recurrence.expand(when, lines, window, limit=MAX_ROWS), None)

    def _wkst(self, run: Run) -> int:
        """The first day of the week (Monday 0) that Odoo takes from the owner's language."""
        lang = self.env["res.lang"]._get_data(code=run.owner.lang or "en_US")
        return int(lang.week_start or 1) - 1

    def _is_exact(self, run: Run, native, found: tuple[When, ...], proofs) -> bool:
        """True when Odoo's own calculation, run in memory, gives exactly `found`."""
        key = _proof_key(native, found)
        if key not in proofs:
            proofs[key] = self._odoo_starts(run, native, found[0]) == {
                _odoo_start(each) for each in found
            }
        return proofs[key]

    def _odoo_starts(self, run: Run, native, first: When):
        """What Odoo would make of the rule; a new record, so nothing is stored or queried."""
        times = odoo_values.when_values(first)
        rows = [(0, 0, {name: times[name] for name in ("start", "stop", "allday")})]
        rules = self.env["calendar.recurrence"].with_user(run.owner).sudo()
        rule = rules.with_context(**SILENT).new({**native, "calendar_event_ids": rows})
        row = rule.calendar_event_ids[:1]
        ranges = rule._range_calculation(row, row.stop - row.start)
        return {start for start, _stop in ranges}

    @api.model
    def _create_rules(self, run: Run, natives):
        """Odoo's rules for these values, in one statement: Odoo's own create would parse each
        rule's text back into the fields it was made from."""
        rules = self.env["calendar.recurrence"].with_user(run.owner).sudo()
        names: dict[str, tuple[str, str]] = {}
        rows = []
        for native in natives:
            key = json.dumps(native, sort_keys=True, default=str)
            if key not in names:
                rule = rules.new(native)
                names[key] = rule.get_recurrence_name(), rule._rrule_serialize()
            rows.append((*names[key], *(native.get(n, _DEFAULTS.get(n)) for n in _RULE)))
        ids = bulk.insert(self.env, "calendar.recurrence", ("name", "rrule", *_RULE), rows)
        return rules.browse(ids)

    @api.model
    def _plans(self, run: Run, item, shape: Shape, rule_id, taken) -> list[RowPlan]:
        """Rows for all occurrences but the `taken` slots, which stand or fell on their own."""
        plan_of = own_fields(item)
        shared: dict = {}
        return [
            RowPlan(
                fields=item.remote.fields.replace(when=when, recurrence=()),
                slot=when.slot,
                recurrence_id=rule_id,
                shared=shared,
                **plan_of,
            )
            for when in shape.occurrences
            if when.slot not in taken
        ]

    @api.model
    def _meeting_values(self, window: Window, fields, shape: Shape, rule_id):
        """What the meeting remembers of its series."""
        when = fields.when
        return {
            "form": "native" if shape.native else "materialised",
            "recurrence_id": rule_id or False,
            "rules": list(fields.recurrence),
            "starts": when.slot,
            "duration_min": int((when.stop - when.start).total_seconds() // 60),
            "tz": when.tz or False,
            "expanded_since": window.start.replace(tzinfo=None),
            "expanded_until": window.stop.replace(tzinfo=None),
        }

    @api.model
    def _rows_of(self, meeting):
        """{slot: event} of a series' active rows without a meeting of their own."""
        events = silent(self.env["calendar.event"]).search(
            [("sync_meeting_id", "=", meeting.id), ("active", "=", True)], order="start, id"
        )
        return dict(zip(self._slots_of(events), events, strict=True))

    @api.model
    def _slots_of(self, events):
        """The original start of each row, in the same order."""
        return [event.sync_slot or self._slot_of(event) for event in events]

    @api.model
    def _slot_of(self, event):
        if event.allday:
            return slot_of(event.start_date or event.start.date())
        return f"{event.start:%Y%m%dT%H%M%SZ}"

    @api.model
    def _taken(self, meeting):
        """Slots that are overrides or were cancelled."""
        parts = self.env["calendar.sync.meeting"].sudo().search([("series_id", "=", meeting.id)])
        return set(parts.mapped("slot")) - {""}

    @api.model
    def _reshape(self, run: Run, item, fields, proofs):
        """Make an existing meeting stand as `fields` say: another rule, another time, a series
        that was a single event before. Rows of slots that stay keep their ids.

        Returns (rows that were kept or moved, new rows, rows that no longer take place).
        """
        meeting = item.meeting
        made = meeting._made_window() or run.window
        window = Window(min(made.start, run.window.start), run.window.stop)
        shape = self._shape(run, fields, proofs, window)
        rows, taken = self._rows_of(meeting), self._taken(meeting)
        known = self._known_slots(meeting, rows)
        rule_id = self._attach_rule(run, meeting, shape, rows)
        moves, gaps, leftovers = _assign(shape, rows, taken, known)
        self._move(run, meeting, moves)
        created = self._create_missing(run, item, fields, gaps, rule_id)
        meeting.sudo().write(
            self._meeting_values(window, fields, shape, rule_id) | {"event_id": False}
        )
        return [event for event, _when in moves], created, leftovers

    def _known_slots(self, meeting, rows):
        """Slots that the old rule had: one without a row was taken away on purpose."""
        if not meeting._is_series() or not meeting.starts:
            return set(rows)
        start = slot_start(meeting.starts)
        when = When(start, start, meeting.tz or "") if "T" in meeting.starts else When(start, start)
        span = meeting._made_window() or whole(when)
        lines = tuple(meeting.rules or ())
        found = recurrence.expand(when, lines, span, limit=odoo_recurrence.MAX_ROWS * 2)
        return {each.slot for each in found} | set(rows)

    def _attach_rule(self, run: Run, meeting, shape: Shape, rows):
        """The Odoo rule that the rows follow from now on; None for plain rows."""
        events = self.env["calendar.event"].union(*rows.values())
        rule = meeting.recurrence_id
        if shape.native is None:
            self._follow(events, None)
            silent(rule).unlink()
            return None
        if rule:
            silent(rule).with_user(run.owner).sudo().write(shape.native)
        else:
            rule = self._create_rules(run, [shape.native])
        self._follow(events, rule.id)
        return rule.id

    def _follow(self, events, rule_id):
        """Put rows under a rule or take them off. By SQL: Odoo's write would apply the rule."""
        if not events:
            return
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE calendar_event
                  SET recurrence_id = %s, recurrency = %s, follow_recurrence = %s
                WHERE id = ANY(%s)""",
            [rule_id, bool(rule_id), bool(rule_id), events.ids],
        )
        if rule_id:
            self.env.cr.execute(
                "UPDATE calendar_recurrence SET base_event_id = %s"
                " WHERE id = %s AND base_event_id IS NULL",
                [events.ids[0], rule_id],
            )
        self.env.invalidate_all(flush=False)

    def _move(self, run: Run, meeting, moves):
        """Rows keep their ids and get the slot and time of their occurrence; one whose outcome was
        told took place when it did, and only belongs to another date now."""
        rows = [(event, {"when": when}, ()) for event, when in moves if not event._has_outcome()]
        self.env["calendar.sync.write"]._update_rows(run, rows)
        if moves:
            self.env.flush_all()
            self.env.cr.execute_values(
                "UPDATE calendar_event e SET sync_slot = v.slot,"
                " follow_recurrence = e.recurrence_id IS NOT NULL"
                " FROM (VALUES %s) v(id, slot) WHERE e.id = v.id",
                [(event.id, when.slot) for event, when in moves],
            )
            self.env["calendar.event"].invalidate_model(
                ["sync_slot", "follow_recurrence"], flush=False
            )

    def _create_missing(self, run: Run, item, fields, gaps, rule_id):
        if not gaps:
            return self.env["calendar.event"]
        shared: dict = {}
        plans = [
            RowPlan(
                fields=fields.replace(when=when, recurrence=()),
                slot=when.slot,
                recurrence_id=rule_id,
                shared=shared,
                **own_fields(item),
            )
            for when in gaps
        ]
        events = self.env["calendar.sync.write"]._create_rows(run, plans)
        self.env["calendar.sync.mark"]._settle_for(run.account, events.ids)
        return events

    @api.model
    def _extend(self, run: Run, items):
        """Make the rows of plain series that came into the window since last time.

        Only slots after the last expansion are made, so that what a person deleted does not come
        back.
        """
        for item in items:
            meeting, fields = item.meeting, item.remote.fields
            if meeting.form != "materialised" or not item.remote.is_series:
                continue
            made = meeting._made_window()
            if not made or made.stop >= run.window.stop:
                continue
            gap = Window(max(made.stop, run.window.start), run.window.stop)
            found = recurrence.expand(fields.when, fields.recurrence, gap, limit=MAX_ROWS)
            taken = self._taken(meeting) | set(self._rows_of(meeting))
            self._create_missing(run, item, fields, [w for w in found if w.slot not in taken], None)
            since = made.start if gap.start == made.stop else gap.start
            meeting.sudo().write(
                {
                    "expanded_since": since.replace(tzinfo=None),
                    "expanded_until": gap.stop.replace(tzinfo=None),
                }
            )


def _assign(shape: Shape, rows, taken, known):
    """(moves, gaps, leftovers): rows for the occurrences, occurrences without one, other rows.

    A row whose slot stays is kept. When a series was moved as a whole, no slot stays: the rows
    then follow in time order.
    """
    wanted = [when for when in shape.occurrences if when.slot not in taken]
    staying = {when.slot for when in wanted} & set(rows)
    moves = [(rows[when.slot], when) for when in wanted if when.slot in staying]
    free = [when for when in wanted if when.slot not in staying]
    others = [event for slot, event in rows.items() if slot not in staying]
    if not staying:
        moves += list(zip(others, free, strict=False))
        free, others = free[len(others) :], others[len(free) :]
        return moves, free, others
    gaps = [when for when in free if when.slot not in known]
    return moves, gaps, others


def _odoo_start(when: When):
    """The naive start that Odoo's calculation gives: 08:00 for whole days."""
    return odoo_values.when_values(when)["start"]


def _proof_key(native, found: tuple[When, ...]):
    """Series that Odoo treats alike.

    Daily and weekly rules only depend on the weekday (here and in UTC) while the zone's offset
    stays the same all along; everything else is proven on its own dates.
    """
    first, last = found[0], found[-1]
    values = json.dumps(native, sort_keys=True, default=str)
    tz = native.get("event_tz") or "UTC"
    is_regular = native["rrule_type"] in ("daily", "weekly") and native["end_type"] == "count"
    if first.is_all_day or not is_regular:
        return values, first.slot
    local = [timezones.to_local(at.start, tz) for at in (first, last)]
    offsets = {
        timezones.to_local(each.start, tz) - each.start.replace(tzinfo=None) for each in found
    }
    if len(offsets) > 1:
        return values, first.slot
    return values, local[0].weekday(), first.start.weekday(), len(found), first.stop - first.start
