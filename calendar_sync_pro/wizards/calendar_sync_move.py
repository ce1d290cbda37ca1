from odoo import api, fields, models


class CalendarSyncMove(models.TransientModel):
    """The question before upcoming appointments are taken along to another account."""

    _name = "calendar.sync.move"
    _description = "Move upcoming appointments"

    account_id = fields.Many2one("calendar.sync.account", required=True)
    summary = fields.Text(compute="_compute_summary")
    count = fields.Integer(compute="_compute_summary")

    @api.depends("account_id")
    def _compute_summary(self):
        """What will happen, in one sentence for each kind of thing."""
        for wizard in self:
            account = wizard.account_id._mine()
            links, with_guests, begun = account._move_plan()
            wizard.count = len(links)
            wizard.summary = "\n".join(wizard._lines(account, links, with_guests, begun))

    def _lines(self, account, links, with_guests, begun):
        former = ", ".join(links.account_id.mapped("email"))
        lines = [self.env._("There is nothing to move.")]
        if links:
            lines = [
                self.env._(
                    "%(count)s upcoming appointments move from %(former)s to %(here)s.",
                    count=len(links), former=former, here=account.email or "",
                ),
                self.env._(
                    "Each is made in the new calendar first and then removed from the former one."
                    " 0 e-mails are sent."
                ),
            ]  # fmt: skip
        if with_guests:
            lines.append(
                self.env._("%s stay: their guests would be told of the change.", with_guests)
            )
        if begun:
            lines.append(self.env._("%s series stay: some of their dates are over.", begun))
        if links:
            lines.append(self.env._("Past ones stay. The former account's card can put them back."))
        return lines

    def action_confirm(self):
        """Begin; the cards show how it gets on."""
        self.ensure_one()
        self.account_id._move_here()
        return {"type": "ir.actions.act_window_close"}
