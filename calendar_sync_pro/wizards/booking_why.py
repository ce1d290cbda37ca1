"""Why (not) this time: each check in words, as the search itself makes it."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.booking_words import CHECKS


class BookingWhy(models.TransientModel):
    _name = "booking.why"
    _description = "Why (not) this time?"

    calendar_id = fields.Many2one("booking.calendar", required=True, ondelete="cascade")
    member_ids = fields.One2many(related="calendar_id.member_ids")
    service_ids = fields.Many2many(related="calendar_id.service_ids")
    service_id = fields.Many2one(
        "booking.service",
        compute="_compute_service_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain="[('id', 'in', service_ids)]",
    )
    member_id = fields.Many2one(
        "booking.member", "Person", domain="[('calendar_id', '=', calendar_id)]", ondelete="cascade"
    )
    start = fields.Datetime("Time", required=True, default=lambda self: self._next_hour())
    answer = fields.Html(compute="_compute_answer", sanitize=False)

    @api.model
    def _next_hour(self):
        return self.env["crm.lead"]._next_full_hour()

    @api.depends("calendar_id")
    def _compute_service_id(self):
        for wizard in self:
            wizard.service_id = wizard.calendar_id.service_ids[:1]

    @api.depends("calendar_id", "service_id", "member_id", "start")
    @api.depends_context("lang", "tz", "uid")
    def _compute_answer(self):
        for wizard in self:
            is_ready = wizard.calendar_id and wizard.start
            wizard.answer = wizard._answer() if is_ready else False

    def _answer(self):
        """HTML: for each person whether the time is offered, and every check."""
        calendar, members = self.calendar_id, self.member_id or self.calendar_id.member_ids
        if not members:
            return Markup("<p>%s</p>") % self.env._(
                "Nobody can be booked here yet. Add people first."
            )
        reasons = calendar._explain_time(self.service_id, self.start, members)
        people = members.filtered(lambda member: member.user_id.id in reasons)
        return Markup('<div class="row">%s</div>') % Markup().join(
            self._person_html(member.user_id, reasons[member.user_id.id]) for member in people
        )

    def _person_html(self, user, reasons):
        found = self.env["calendar.sync.diagnosis"]._offered_rows(user, self.calendar_id.tz)
        headline = self.env._("would be offered") if not reasons else self.env._("is not offered")
        return Markup(
            '<div class="col-md-6 mb-3"><h4>%s <span class="badge %s">%s</span></h4>'
            '<ul class="list-unstyled mb-0">%s%s</ul></div>'
        ) % (
            user.name,
            "text-bg-secondary" if reasons else "text-bg-success",
            headline,
            Markup().join(self._check_html(check, reasons) for check in CHECKS),
            Markup().join(self._connection_html(row) for row in found),
        )

    def _connection_html(self, row):
        looks = {
            "ok": ("fa-check text-success", self.env._("Fine")),
            "warn": ("fa-exclamation-triangle text-warning", self.env._("Look at this")),
            "fail": ("fa-times text-danger", self.env._("In the way")),
        }
        return self._line_html(*looks[row["level"]], row["heading"], row["text"])

    def action_diagnose(self):
        """Button: the checks of the chosen person's connection, one's own without a choice."""
        user = self.member_id.user_id or self.env.user
        account = self.env["calendar.sync.account"].search(
            [("user_id", "=", user.id)], order="is_sync_on desc", limit=1
        )
        if not account:
            raise UserError(
                self.env._("There is no connected calendar of %s that you may look at.", user.name)
            )
        return account.action_diagnose()

    def _check_html(self, check, reasons):
        """One line: the check and what it found."""
        found = [why for why in reasons if why.reason in check]
        tz = self.env.user.tz or self.calendar_id.tz
        words = self.calendar_id._reasons_in_words(found, tz, self.service_id)
        icon, label = (
            ("fa-times text-danger", self.env._("In the way"))
            if found
            else ("fa-check text-success", self.env._("Fine"))
        )
        return self._line_html(icon, label, self.calendar_id._check_name(check), " ".join(words))

    def _line_html(self, *parts):
        line = Markup(
            '<li><i class="fa fa-fw %s" role="img" aria-label="%s"></i> <strong>%s</strong> %s</li>'
        )
        return line % parts
