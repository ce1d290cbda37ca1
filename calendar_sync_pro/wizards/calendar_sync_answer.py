from odoo import api, fields, models
from odoo.exceptions import UserError


class CalendarSyncAnswer(models.TransientModel):
    """The reader's answer to an invitation, with words for who invites where those arrive."""

    _name = "calendar.sync.answer"
    _description = "Answer an invitation"

    event_id = fields.Many2one("calendar.event", required=True, ondelete="cascade")
    answer = fields.Selection(
        [("accepted", "Yes"), ("tentative", "Maybe"), ("declined", "No")],
        required=True,
        default="accepted",
    )
    comment = fields.Char(help="The organizer reads it with the answer.")
    is_series = fields.Boolean(compute="_compute_facts")
    scope = fields.Selection(
        [
            ("self_only", "This event"),
            ("future_events", "This and following events"),
            ("all_events", "All events"),
        ],
        required=True,
        default="self_only",
    )
    takes_comment = fields.Boolean(compute="_compute_facts")
    consequence = fields.Char(compute="_compute_facts")

    @api.depends("event_id")
    def _compute_facts(self):
        for wizard in self:
            event = wizard.event_id
            account = event._answering_account() if event else self.env["calendar.sync.account"]
            wizard.is_series = bool(event.recurrence_id)
            wizard.takes_comment = bool(account) and account.sudo()._can().has_answer_comments
            wizard.consequence = (
                self.env._("%s tells the organizer.", account.sudo()._provider_label())
                if account
                else self.env._("Your answer is kept in Odoo; nobody is e-mailed.")
            )

    def action_answer(self):
        """Answer as the reader, with the reader's rights."""
        self.ensure_one()
        event = self.event_id
        event.check_access("read")
        if not event.can_answer:
            raise UserError(
                self.env._("You are not among the participants of this meeting, or it is over.")
            )
        event._answer(self.answer, (self.comment or "").strip(), self.scope)
        return {"type": "ir.actions.act_window_close"}
