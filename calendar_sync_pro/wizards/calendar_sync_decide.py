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
        removals = links.filtered(lambda link: link.held == "delete")
        if self.choice == "send":
            return self._lines_of_send(links, links - removals, removals, people)
        return self._lines_of_discard(links - removals, removals)

    def _lines_of_send(self, links, changes, removals, people):
        label = ", ".join(sorted({link._provider_label() for link in links}))
        told = {"label": label, "people": people, "who": links._shortly(links._told_addresses())}
        lines = self._named(
            (self.env._("The change is sent to the calendar: %s"), changes),
            (self.env._("Removed from the calendar: %s"), removals),
        )
        one = self.env._("%(label)s tells 1 person by e-mail, once: %(who)s")
        many = self.env._("%(label)s tells %(people)s people by e-mail, once: %(who)s")
        unknown = self.env._("%(label)s tells the guests by e-mail, once.")
        return [*lines, {0: unknown, 1: one}.get(people, many) % told]

    def _lines_of_discard(self, changes, removals):
        return [
            *self._named(
                (self.env._("Odoo shows again what the calendar shows: %s"), changes),
                (self.env._("Comes back although it was cancelled or deleted: %s"), removals),
            ),
            self.env._("Nothing is sent and nobody is told. The journal keeps what you discard."),
        ]

    def _named(self, *pairs):
        """Sentences with the titles of the events that they are about."""
        own = [(text, links.with_env(self.env).mapped("event_title")) for text, links in pairs]
        return [text % self.link_ids._shortly(titles) for text, titles in own if titles]

    def action_confirm(self):
        """Do what the dialog says, as the user and with the user's rights."""
        self.ensure_one()
        links = self.link_ids._waiting().with_env(self.env)
        if self.choice == "send":
            links._send_waiting()
        else:
            links._discard_waiting()
        return {"type": "ir.actions.act_window_close"}
