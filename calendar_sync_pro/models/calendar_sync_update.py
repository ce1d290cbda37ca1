from odoo import api, models

from ..core.event import PERSONAL_FIELDS
from ..sync import base
from .pull_types import Item, Outcome, Run, journal_row
from .silent import silent

_SERIES_TIMES = frozenset({"when", "recurrence"})


class CalendarSyncUpdate(models.AbstractModel):
    """Takes over what changed in the calendar."""

    _name = "calendar.sync.update"
    _description = "Inbound updates"

    @api.model
    def _update(self, run: Run, decided, outcome: Outcome):
        """Write the `UpdateLocal` decisions of (item, decision)."""
        rows, proofs = [], {}
        for item, decision in decided:
            values = self._own_values(item, decision.values)
            changed = self._rows_for(run, item, values, proofs, outcome)
            removed = item.removed(values)
            rows += [(event, said, removed) for event, said in changed]
            event = changed[0][0] if changed else item.meeting.event_id
            self._tell(run, item, decision, event, outcome)
        starts = {event.id: event.start for event, values, _gone in rows if "when" in values}
        self.env["calendar.sync.write"]._update_rows(run, rows)
        self._tell_leads(run, rows, starts)
        outcome.changed |= {event.id for event, _values, _gone in rows}
        outcome.counts["update"] += len(decided)

    def _own_values(self, item: Item, values):
        """What goes to the shared event: another guest's personal choices stay on that link,
        reminders are kept by the calendar alone, so that nobody is reminded twice, and a meeting
        whose outcome was told took place when it did."""
        kept = {"reminders"} if item.is_organizers else PERSONAL_FIELDS
        if item.meeting.event_id._has_outcome():
            kept |= {"when"}
        return {name: value for name, value in values.items() if name not in kept}

    def _rows_for(self, run: Run, item: Item, values, proofs, outcome: Outcome):
        """(event, values) for each row that the change reaches."""
        meeting = item.meeting
        was_series = meeting._is_series()
        if not was_series and not item.remote.is_series:
            return [(meeting.event_id, values)] if values else []
        series = self.env["calendar.sync.series"]
        plain = {name: value for name, value in values.items() if name not in _SERIES_TIMES}
        if was_series and not item.remote.is_series:
            rows = self._back_to_single(run, item, outcome)
        elif _SERIES_TIMES & values.keys():
            kept, _created, gone = series._reshape(run, item, item.remote.fields, proofs)
            self.env["calendar.sync.gone"]._drop_occurrences(run, gone)
            outcome.changed |= {event.id for event in kept}
            rows = [(event, {}) for event in kept]
        else:
            rows = [(event, {}) for event in series._rows_of(meeting).values()]
        return [(event, given | plain) for event, given in rows if given | plain]

    def _back_to_single(self, run: Run, item: Item, outcome: Outcome):
        """A series that is one event now: the row at its time stays, the others end."""
        meeting, when = item.meeting, item.remote.fields.when
        series = self.env["calendar.sync.series"]
        rows = series._rows_of(meeting)
        event = rows.get(when.slot) or next(iter(rows.values()))
        rule = silent(meeting.recurrence_id)
        series._follow(self.env["calendar.event"].union(*rows.values()), None)
        rule.unlink()
        others = [row for row in rows.values() if row != event]
        self.env["calendar.sync.gone"]._drop_occurrences(run, others)
        silent(event).sync_slot = False
        meeting.sudo().write(
            {
                "form": "single",
                "event_id": event.id,
                "recurrence_id": False,
                "rules": False,
                "starts": False,
                "expanded_since": False,
                "expanded_until": False,
            }
        )
        return [(event, {"when": when})]

    def _tell(self, run: Run, item: Item, decision, event, outcome: Outcome):
        """One journal row for the update, one for each value that lost."""
        old = item.agreed or item.side  # what Odoo had, where nothing was agreed before
        names = decision.values.keys()
        outcome.journal.append(
            journal_row(
                run,
                item.link,
                "update",
                decision.rule,
                event_id=event.id,
                old={n: base.dump_value(n, getattr(old, n)) for n in names} if old else None,
                new={n: base.dump_value(n, value) for n, value in decision.values.items()},
            )
        )
        outcome.journal += conflict_rows(run, item.link, event, decision)
        outcome.counts["conflict"] += len(decision.conflicts)

    def _tell_leads(self, run: Run, rows, starts):
        """Moves of appointments are told on their leads, once for a whole series."""
        moved = [
            event
            for event, _values, _gone in rows
            if event.id in starts and event.opportunity_id and event.start != starts[event.id]
        ]
        events = self.env["calendar.event"].union(*moved)
        if events:
            events._log_appointment("moved", by=run.account.email, old_starts=starts)


def conflict_rows(run: Run, link, event, decision):
    """Journal rows of values that lost: `old` can be restored, `new` is what stands."""
    return [
        journal_row(
            run,
            link,
            "conflict",
            decision.rule,
            event_id=event.id,
            conflict=True,
            old={conflict.name: base.dump_value(conflict.name, conflict.lost)},
            new={
                conflict.name: base.dump_value(
                    conflict.name, conflict.there if conflict.winner == "remote" else conflict.here
                )
            },
        )
        for conflict in decision.conflicts
    ]
