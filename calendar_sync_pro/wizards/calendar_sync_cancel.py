from odoo import fields, models


class CalendarSyncCancel(models.TransientModel):
    """The question before an appointment is cancelled: why, and what will happen."""

    _name = "calendar.sync.cancel"
    _description = "Cancel appointment"

    event_ids = fields.Many2many("calendar.event", required=True)
    reason = fields.Char()

    def action_cancel(self):
        """Cancel with the given reason, as the user and with the user's rights."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        self.event_ids._cancel_appointment(
            reason or self.env._("Cancelled by %s in Odoo.", self.env.user.name)
        )
        return {"type": "ir.actions.act_window_close"}
