"""Which texts a booking's customer gets: those of its booking calendar, else the general ones."""

from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..booking.intervals import moment

KINDS = ("confirmed", "moved", "cancelled", "reminder")
MEDIA = ("mail", "sms")
FIELDS = tuple(f"{medium}_{kind}_id" for medium in MEDIA for kind in KINDS)
OF_CUSTOMERS = [("model", "=", "booking.customer")]


def _template(medium, label):
    """A text of this booking calendar's own; none: the general one."""
    return fields.Many2one(
        f"{medium}.template",
        label,
        domain=OF_CUSTOMERS,
        ondelete="set null",
        help="Empty: the general text, which all booking calendars without one of their own use.",
    )


class BookingCalendarTexts(models.Model):
    _inherit = "booking.calendar"

    mail_confirmed_id = _template("mail", "Mail when booked")
    mail_moved_id = _template("mail", "Mail when changed")
    mail_cancelled_id = _template("mail", "Mail when cancelled")
    mail_reminder_id = _template("mail", "Mail as a reminder")
    sms_confirmed_id = _template("sms", "SMS when booked")
    sms_moved_id = _template("sms", "SMS when changed")
    sms_cancelled_id = _template("sms", "SMS when cancelled")
    sms_reminder_id = _template("sms", "SMS as a reminder")

    @api.constrains(*FIELDS)
    def _check_texts(self):
        """A text about something else could name nothing of the booking."""
        for calendar in self.sudo():
            for name in FIELDS:
                text = calendar[name]
                if text and text.model != "booking.customer":
                    raise ValidationError(
                        self.env._("“%s” is not a text for customers of a booking.", text.name)
                    )

    def _own_text(self, medium, kind):
        """This calendar's own template for 'mail' or 'sms'; empty, also when it was archived."""
        self.ensure_one()
        own = self.sudo()[f"{medium}_{kind}_id"]
        return own.filtered("active") if "active" in own._fields else own

    def _text(self, medium, kind):
        """The template that is used."""
        own = self._own_text(medium, kind)
        return own or self.env.ref(f"calendar_sync_pro.booking_{medium}_{kind}").sudo()

    def _write_own_text(self, medium, kind):
        """This calendar's own template, made of the one in use when there is none yet or when
        others use it too.

        With the rights of who asks: Odoo says who may write texts that are filled in.
        """
        self.check_access("write")
        own = self._own_text(medium, kind)
        if not own or self._is_shared(medium, kind):
            name = (
                f"{self.env.ref(f'calendar_sync_pro.booking_{medium}_{kind}').name} – {self.name}"
            )
            own = self._text(medium, kind).with_env(self.env).copy({"name": name})
            own.name = name  # SMS are named "(copy)" whatever is asked
            self[f"{medium}_{kind}_id"] = own
        return own.with_env(self.env)

    def _is_shared(self, medium, kind):
        """Whether another booking calendar has the same template of its own."""
        name = f"{medium}_{kind}_id"
        calendars = self.sudo().with_context(active_test=False)
        others = [(name, "=", calendars[name].id), ("id", "!=", self.id)]
        return bool(calendars.search_count(others, limit=1))

    def _texts_of_example(self, kind, lang):
        """Subject, mail and SMS of a kind as an example of a customer would get them.

        The example is made on a connection of its own and rolled back: nothing of it stays. For
        who may read the booking calendar.
        """
        self.check_access("read")
        with self.pool.cursor() as cr:
            calendar = self.with_env(self.env(cr=cr))
            try:
                return calendar._example_customer(lang)._texts(kind)
            finally:
                cr.rollback()

    def _example_customer(self, lang):
        """A customer who has booked the next free time."""
        calendar = self.sudo()
        service = calendar.service_ids[:1]
        slot = next(iter(calendar._next_free(service, count=1)), None)
        start = (
            moment(slot.start).replace(tzinfo=None)
            if slot
            else fields.Datetime.now() + timedelta(days=1)
        )
        values = {
            "calendar_id": calendar.id,
            "service_id": service.id,
            "name": self.env._("Mia Example"),
            "email": "mia@example.com",
            "phone": "+4930123456",
            "lang": lang,
            "tz": calendar.tz,
            "told_start": start,
            "told_stop": start + timedelta(minutes=calendar._rules(service).duration_min),
            "told_user_id": (calendar.member_ids.user_id or calendar.user_id)[:1].id,
        }
        return self.env["booking.customer"].sudo().create(values)

    def action_texts(self):
        """Button: the texts as customers will read them."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Texts for customers"),
            "res_model": "booking.texts",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_calendar_id": self.id, "dialog_size": "large"},
        }


class BookingCustomerTexts(models.Model):
    _inherit = "booking.customer"

    def _texts(self, kind):
        """Subject, mail and SMS of a kind, as they would be sent."""
        self.ensure_one()
        mail = self.calendar_id._text("mail", kind).with_context(lang=self.lang)
        sms = self.calendar_id._text("sms", kind).with_context(lang=self.lang)
        return {
            "subject": mail._render_field("subject", self.ids)[self.id],
            # QWeb has escaped every value in it.
            "body": Markup(mail._render_field("body_html", self.ids)[self.id]),  # nosec B704
            "sms": sms._render_field("body", self.ids)[self.id],
        }
