"""The texts of a booking calendar as customers will read them, filled in with an example."""

import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError

_logger = logging.getLogger(__name__)


class BookingTexts(models.TransientModel):
    _name = "booking.texts"
    _description = "Texts for customers of a booking calendar"

    calendar_id = fields.Many2one("booking.calendar", required=True, ondelete="cascade")
    kind = fields.Selection(
        [
            ("confirmed", "Booked"),
            ("moved", "Changed"),
            ("cancelled", "Cancelled"),
            ("reminder", "Reminder"),
        ],
        "What happened",
        required=True,
        default="confirmed",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Customer's language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
    )
    subject = fields.Char(compute="_compute_texts")
    body = fields.Html(compute="_compute_texts", sanitize=False)
    sms = fields.Text("SMS", compute="_compute_texts")
    problem = fields.Char(compute="_compute_texts")
    is_own_mail = fields.Boolean(compute="_compute_texts")
    is_own_sms = fields.Boolean(compute="_compute_texts")
    is_sms_sent = fields.Boolean(related="calendar_id.is_sms_sent")
    can_write_mail = fields.Boolean(compute="_compute_can_write")
    can_write_sms = fields.Boolean(compute="_compute_can_write")

    @api.depends("calendar_id")
    @api.depends_context("uid")
    def _compute_can_write(self):
        """Texts that are filled in run code, so Odoo lets only some people write them."""
        is_writer = self.env.user.has_group("mail.group_mail_template_editor")
        for wizard in self:
            is_mine = is_writer and wizard.calendar_id.has_access("write")
            wizard.can_write_mail = is_mine
            wizard.can_write_sms = is_mine and self.env["sms.template"].has_access("create")

    @api.depends("calendar_id", "kind", "lang")
    def _compute_texts(self):
        for wizard in self:
            calendar, kind = wizard.calendar_id, wizard.kind or "confirmed"
            wizard.is_own_mail = bool(calendar._own_text("mail", kind))
            wizard.is_own_sms = bool(calendar._own_text("sms", kind))
            wizard.update(wizard._filled_in(calendar, kind))

    def _filled_in(self, calendar, kind):
        """The texts of a kind, or what is wrong with them."""
        texts = {"subject": "", "body": False, "sms": "", "problem": False}
        try:
            return texts | calendar._texts_of_example(kind, self.lang or self.env.lang or "en_US")
        except AccessError:
            raise
        except Exception as error:  # whoever wrote the text sees what is wrong with it
            _logger.info("texts of booking calendar %s: %s", calendar.id, type(error).__name__)
            return texts | {"problem": self.env._("This text can't be filled in: %s", error)}

    def action_write_mail(self):
        """Button: change the mail's text, for this booking calendar alone."""
        return self._open("mail")

    def action_write_sms(self):
        """Button: the same for the SMS."""
        return self._open("sms")

    def _open(self, medium):
        self.ensure_one()
        own = self.calendar_id._write_own_text(medium, self.kind)
        return {
            "type": "ir.actions.act_window",
            "name": own.name,
            "res_model": own._name,
            "res_id": own.id,
            "views": [(False, "form")],
        }
