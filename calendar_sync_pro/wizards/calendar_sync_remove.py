from odoo import api, fields, models

DONE = {"type": "ir.actions.act_window_close", "infos": {"is_removed": True}}


class CalendarSyncRemove(models.TransientModel):
    """The question before appointments are deleted or archived: what will happen, whom to tell."""

    _name = "calendar.sync.remove"
    _description = "Delete or archive appointments"

    event_ids = fields.Many2many("calendar.event", required=True)
    kind = fields.Selection([("delete", "Delete"), ("archive", "Archive")], required=True)
    is_series = fields.Boolean(compute="_compute_summary")
    scope = fields.Selection(
        [
            ("self_only", "This event"),
            ("future_events", "This and following events"),
            ("all_events", "All events"),
        ],
        required=True,
        default="self_only",
    )
    people = fields.Integer(compute="_compute_summary")
    summary = fields.Text(compute="_compute_summary")

    @api.depends("event_ids", "kind", "scope")
    def _compute_summary(self):
        """What will happen, a sentence for each thing."""
        for wizard in self:
            events = wizard.event_ids
            wizard.is_series = len(events) == 1 and bool(events.recurrence_id)
            reached = wizard._reached()
            facts = events._removal_facts(reached)
            wizard.people = len(facts["told"])
            wizard.summary = "\n".join(wizard._lines(reached, facts))

    def _reached(self):
        if len(self.event_ids) == 1:
            return self.event_ids._in_scope(self.scope)
        return self.event_ids

    def _lines(self, events, facts):
        return [self._line_of_odoo(events), *events._removal_lines(facts)]

    def _line_of_odoo(self, events):
        titles = events._shortly(events.mapped("display_name"))
        count = len(events)
        if self.kind == "delete" and count == 1:
            return self.env._("“%s” is deleted in Odoo for good.", titles)
        if self.kind == "delete":
            return self.env._("%(count)s events are deleted in Odoo for good.", count=count)
        if count == 1:
            return self.env._("“%s” is archived in Odoo and can be brought back.", titles)
        return self.env._(
            "%(count)s events are archived in Odoo and can be brought back.", count=count
        )

    def action_tell(self):
        """Remove, and the guests get a cancellation, each once."""
        return self._act(is_telling=True)

    def action_quiet(self):
        """Remove; nobody is told."""
        return self._act(is_telling=False)

    def _act(self, *, is_telling):
        self.ensure_one()
        self.event_ids._remove(self.kind, self.scope, is_telling=is_telling)
        return DONE
