from odoo import api, fields, models


class CalendarSyncDecide(models.TransientModel):
    """The question before guests are told of a change, or before the change is taken back."""

    _name = "calendar.sync.decide"
    _description = "Decide about waiting changes"

    link_ids = fields.Many2many("calendar.sync.link", required=True)
    choice = fields.Selection([("send", "Send"), ("discard", "Discard")], required=True)
    summary = fields.Text(compute="_compute_summary")
    people = fields.Integer(compute="_compute_summary")

    @api.depends("link_ids", "choice")
    def _compute_summary(self):
        """What will happen, in one sentence for each kind of thing."""
        for wizard in self:
            links = wizard._own_links()
            wizard.people = links._people_to_tell()
            wizard.summary = "\n".join(wizard._lines(links, wizard.people))

    def _own_links(self):
        """The reader's links on which something still waits."""
        return self.link_ids._waiting().filtered(
            lambda link: link.account_id.user_id == self.env.user
        )

    def _lines(self, links, people):
        if not links:
            return [self.env._("Nothing waits for a decision here any more.")]
        removals = len(links.filtered(lambda link: link.held == "delete"))
        if self.choice == "send":
            return self._lines_of_send(links, people, removals)
        return self._lines_of_discard(len(links) - removals, removals)

    def _lines_of_send(self, links, people, removals):
        label = ", ".join(sorted({link._provider_label() for link in links}))
        lines = self._counts(
            (self.env._("Events whose change is sent to the calendar: %s"), len(links) - removals),
            (self.env._("Events that are removed from the calendar: %s"), removals),
        )
        match people:
            case 0:
                lines.append(self.env._("%s tells the guests by e-mail, once.", label))
            case 1:
                lines.append(self.env._("%s tells 1 person by e-mail, once.", label))
            case _:
                told = {"label": label, "people": people}
                text = self.env._("%(label)s tells %(people)s people by e-mail, once.", **told)
                lines.append(text)
        return lines

    def _lines_of_discard(self, changes, removals):
        return [
            *self._counts(
                (self.env._("Events that show again what the calendar shows: %s"), changes),
                (self.env._("Cancelled or deleted events that come back: %s"), removals),
            ),
            self.env._("Nothing is sent and nobody is told. The journal keeps what you discard."),
        ]

    @api.model
    def _counts(self, *pairs):
        return [text % count for text, count in pairs if count]

    def action_confirm(self):
        """Do what the dialog says, as the user and with the user's rights."""
        self.ensure_one()
        links = self.link_ids._waiting().with_env(self.env)
        if self.choice == "send":
            links._send_waiting()
        else:
            links._discard_waiting()
        return {"type": "ir.actions.act_window_close"}
