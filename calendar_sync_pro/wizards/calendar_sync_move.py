from odoo import api, fields, models


class CalendarSyncMove(models.TransientModel):
    """The question before upcoming appointments are taken along to the calendar now in use."""

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
        former = ", ".join(sorted({_named(link.calendar_id, account) for link in links}))
        is_here = links.account_id == account
        here = account.events_calendar_id.name if is_here else account.email
        lines = [self.env._("There is nothing to move.")]
        if links:
            lines = [
                self.env._(
                    "%(count)s upcoming appointments move from %(former)s to %(here)s.",
                    count=len(links), former=former, here=here or "",
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
            lines.append(self._way_back(account not in links.account_id))
        return lines

    def _way_back(self, is_other_account):
        if is_other_account:
            return self.env._("Past ones stay. The former account's card can put them back.")
        return self.env._("Past ones stay. Choose the former calendar again to move them back.")

    def action_confirm(self):
        """Begin; the cards show how it gets on."""
        self.ensure_one()
        self.account_id._move_here()
        return {"type": "ir.actions.act_window_close"}


def _named(calendar, account):
    """What the person calls it: of the same account the calendar, else the account."""
    return calendar.name if calendar.account_id == account else calendar.account_id.email or ""
