from odoo import api, fields, models


class CalendarSyncCancel(models.TransientModel):
    """The question before an appointment is cancelled: why, and what will happen."""

    _name = "calendar.sync.cancel"
    _description = "Cancel appointment"

    event_ids = fields.Many2many("calendar.event", required=True)
    reason = fields.Char()
    people = fields.Integer(compute="_compute_summary")
    summary = fields.Text(compute="_compute_summary")

    @api.depends("event_ids")
    def _compute_summary(self):
        """What becomes of it in the calendars, and who hears of it."""
        for wizard in self:
            facts = wizard.event_ids._removal_facts(wizard.event_ids)
            wizard.people = len(facts["told"])
            kept = self.env._("It stays here as cancelled; you can plan it again.")
            wizard.summary = "\n".join([kept, *wizard.event_ids._removal_lines(facts)])

    def action_cancel(self):
        """Cancel with the given reason, as the user and with the user's rights; nobody is told."""
        return self._cancel(is_telling=False)

    def action_tell(self):
        """Cancel, and the participants get a cancellation, each once."""
        return self._cancel(is_telling=True)

    def _cancel(self, *, is_telling):
        self.ensure_one()
        reason = (self.reason or "").strip()
        events = self.event_ids._told_of_removal(is_telling)
        events._cancel_appointment(
            reason or self.env._("Cancelled by %s in Odoo.", self.env.user.name)
        )
        return {"type": "ir.actions.act_window_close"}
