from odoo import models

from . import bulk
from .pull_types import Item, Outcome, RowPlan, Run, journal_row, own_fields

_MEETING = ("ical_uid", "slot", "guid", "form", "series_id")


class CalendarSyncApply(models.AbstractModel):
    """New events: meetings, rules and rows, each flat and in bulk."""

    _inherit = "calendar.sync.apply"

    def _create(self, run: Run, items, taken, outcome: Outcome):
        """New events: meetings, rules and rows flat, each in one statement or create."""
        if not items:
            return
        self._create_meetings(items)
        series = self.env["calendar.sync.series"]
        proofs: dict = {}
        for item in items:
            if item.form == "series":
                item.shape = series._shape(run, item.remote.fields, proofs, run.window)
        natives = [item for item in items if item.shape and item.shape.native]
        rules = series._create_rules(run, [i.shape.native for i in natives]) if natives else ()
        rule_of = {id(item): rule.id for item, rule in zip(natives, rules, strict=True)}
        plans, owner_of = [], []
        for item in items:
            made = self._plans(run, item, rule_of.get(id(item)), taken)
            plans += made
            owner_of += [item] * len(made)
        events = self.env["calendar.sync.write"]._create_rows(run, plans)
        first = {}
        for item, event_id in zip(owner_of, events._ids, strict=True):
            first.setdefault(id(item), event_id)
        self._record_meetings(run, items, first, rule_of)
        events._match_leads(run.owner)
        if run.account.first_sync_done:
            events.browse(first.values())._tell_invitations()
        outcome.changed |= set(events._ids)
        outcome.counts["create"] += len(items)
        outcome.journal += [
            journal_row(run, item.link, "create", item.rule, event_id=first.get(id(item)))
            for item in items
        ]

    def _create_meetings(self, items):
        """A meeting for each item that has none; a colleague's at the same time wins the race."""
        missing = [item for item in items if not item.meeting]
        rows = [
            (i.remote.ical_uid, i.remote.slot, i.guid or None, _new_form(i), None) for i in missing
        ]
        ids = bulk.insert(self.env, "calendar.sync.meeting", _MEETING, rows)
        meetings = self.env["calendar.sync.meeting"].sudo().browse(ids)
        for item, meeting in zip(missing, meetings, strict=True):
            item.meeting = meeting

    def _plans(self, run: Run, item: Item, rule_id, taken):
        if item.form == "series":
            known = taken.get(item.remote.remote_id, set())
            series = self.env["calendar.sync.series"]
            return series._plans(run, item, item.shape, rule_id, known)
        fields = item.remote.fields
        slot = item.remote.slot
        series = item.meeting.series_id if slot else None
        rule = series.recurrence_id.id if series else None
        return [RowPlan(fields=fields, slot=slot, recurrence_id=rule, **own_fields(item))]

    def _record_meetings(self, run: Run, items, first, rule_of):
        """What each meeting owns: its event, or its rule and raw lines."""
        columns = (
            "event_id", "form", "recurrence_id", "rules", "starts", "duration_min", "tz",
            "expanded_since", "expanded_until",
        )  # fmt: skip
        rows = []
        for item in items:
            if item.form == "series":
                values = self.env["calendar.sync.series"]._meeting_values(
                    run.window, item.remote.fields, item.shape, rule_of.get(id(item))
                )
                values["event_id"] = None
            else:
                values = dict.fromkeys(columns) | {
                    "event_id": first.get(id(item)),
                    "form": _new_form(item),
                }
            rows.append((item.meeting.id, *(values[name] for name in columns)))
        bulk.update(self.env, "calendar.sync.meeting", columns, rows)


def _new_form(item: Item) -> str:
    if item.form == "series":
        return "native" if item.shape and item.shape.native else "materialised"
    return item.form
