"""Whoever got a booking is told, by the channel of their choice and by no other."""

from markupsafe import Markup
from odoo import fields, models

BOOKED = "calendar_sync_pro/booking"


class ResUsersBooking(models.Model):
    _inherit = "res.users"

    booking_channel = fields.Selection(
        [
            ("inbox", "Odoo inbox"),
            ("email", "E-mail"),
            ("sms", "SMS"),
            ("discuss", "Message in Discuss"),
        ],
        "Bookings are told by",
        help="How you hear that a customer booked, moved or cancelled. Empty: as all your"
        " notifications of Odoo. Without a phone number SMS become e-mails.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "booking_channel"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "booking_channel"]

    def _booking_channel(self):
        """The one channel by which this user hears of bookings."""
        self.ensure_one()
        if self.booking_channel == "sms" and not self.partner_id.phone:
            return "email"
        return self.booking_channel or self.notification_type


class CalendarEventNotice(models.Model):
    _inherit = "calendar.event"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """A notice of a booking goes by the user's channel for these, whatever it is for others."""
        found = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if channel := self.env.context.get("booking_channel"):
            return [{**one, "notif": channel} for one in found]
        return found

    def _notify_of_booking(self, user, text):
        """Tell one person of ours a sentence about this appointment, by the channel of choice."""
        match user._booking_channel():
            case "sms":
                partner = user.partner_id
                number = partner.phone_sanitized or partner.phone
                values = {"number": number, "body": text, "partner_id": partner.id}
                self.env["sms.sms"].create(values)
            case "discuss":
                self._chat(user, text)
            case channel:
                self.with_context(
                    booking_channel=channel, lang=user.lang
                ).message_notify(
                    partner_ids=user.partner_id.ids,
                    subject=text,
                    body=Markup("<p>%s</p>") % text,
                    author_id=self.env.ref("base.partner_root").id,
                    force_send=False,
                )  # fmt: skip
                # Nobody who clicks waits for a mail server.
                self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _chat(self, user, text):
        """A message of OdooBot, with the link to the appointment."""
        chat = self.env["discuss.channel"]._get_or_create_chat(user.partner_id.ids)
        link = self._get_html_link(title=self.name)
        body = Markup("%s · %s") % (text, link)
        chat.message_post(
            body=body,
            author_id=self.env.ref("base.partner_root").id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )


class BookingCustomerRep(models.Model):
    _inherit = "booking.customer"

    def _notify_reps(self, kind, old_start=None):
        """Tell the people of the appointment what the customer did: 'booked', 'moved' or
        'cancelled'. Open lists and leads of the team show it at once."""
        event = self.event_id
        people = event.partner_ids.user_ids.filtered(lambda user: user._is_internal())
        for user in people or self.user_id:
            event._notify_of_booking(user, self._text_for(user, kind, old_start))
        payload = {"event_id": event.id, "lead_id": event.opportunity_id.id}
        self.env.ref("sales_team.group_sale_salesman")._bus_send(BOOKED, payload)

    def _text_for(self, user, kind, old_start):
        """One sentence in the user's language, with the time in the organizer's zone."""
        event = self.event_id.with_context(lang=user.lang)
        values = {
            "customer": self.name,
            "service": self.with_context(lang=user.lang).calendar_id.name,
            "when": event._time_in_words(event.start),
            "old": event._time_in_words(old_start or event.start),
        }
        if self.service_id:
            values["service"] = self.service_id.with_context(lang=user.lang).name
        match kind:
            case "moved":
                return event.env._("%(customer)s moved %(service)s: %(old)s → %(when)s", **values)
            case "cancelled":
                return event.env._("%(customer)s cancelled %(service)s: %(when)s", **values)
        return event.env._("%(customer)s booked %(service)s: %(when)s", **values)
