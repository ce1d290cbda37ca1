"""What customers are told, by mail and SMS, and when: booked, moved, cancelled, a reminder.

Nothing is sent where something changes. The row is due, and the cron compares what the customer
knows with what is: told once, whoever changed it how often, and nothing for what was put back.
"""

import logging
from datetime import timedelta

import psycopg2
from odoo import api, fields, models

from ..booking.calendar_file import calendar_file

_logger = logging.getLogger(__name__)

LINK_WAIT = timedelta(minutes=1)
"""How long a confirmation waits for the video call that the calendar makes."""
GRACE = timedelta(minutes=2)
"""Whoever moves an appointment in Odoo or a calendar may move it once more."""
FRESH_MIN = 30
"""A reminder sooner than this after the booking would only repeat the confirmation."""
AT_ONCE = 50
TRIES = 6


class BookingCustomerNotice(models.Model):
    _inherit = "booking.customer"

    is_own_change = fields.Boolean(
        readonly=True, help="The customer made the last change and is told in any case."
    )

    # -- when -------------------------------------------------------------------------------------
    def _tell_soon(self, wait=timedelta()):
        """Look at these rows in a moment, after this transaction."""
        at = fields.Datetime.now() + wait
        for each in self:
            each.due_at = min(each.due_at or at, at)
        self.env.ref("calendar_sync_pro.cron_tell_customers")._trigger(at)

    def _wait_for_link(self):
        """How long a confirmation waits: until the calendar should have made the video call."""
        is_asked = self.calendar_id.location_kind == "video" and not self.join_url
        return LINK_WAIT if is_asked and self.event_id.online_meeting == "yes" else timedelta()

    def _skip_past_reminders(self):
        """From a new time on, only reminders that come well after now."""
        for each in self:
            ahead = (each.start - fields.Datetime.now()).total_seconds() // 60
            each.reminded_min = max(0, int(ahead) - FRESH_MIN)

    def _open_reminders(self):
        """{minutes before: when}, those that are not done with."""
        minutes = self.calendar_id._reminders()
        return {
            each: self.start - timedelta(minutes=each)
            for each in minutes
            if each < self.reminded_min
        }

    def _next_due(self):
        """When the next reminder is due; False when nothing more is to come."""
        now = fields.Datetime.now()
        if self.is_cancelled or self.start <= now:
            return False
        return min(self._open_reminders().values(), default=False)

    @api.model
    def _note_changed(self, events):
        """These appointments were moved, cancelled or planned again by somebody of ours."""
        mine = self.sudo().search([("event_id", "in", events.ids)])
        mine.is_own_change = False
        mine._tell_soon(GRACE)

    # -- the cron ---------------------------------------------------------------------------------
    @api.model
    def _cron_tell(self):
        """Tell what is due. One customer's trouble holds up nobody else."""
        self._note_deleted()
        due = self.search([("due_at", "<=", fields.Datetime.now())], order="due_at", limit=500)
        left = self.env["ir.cron"]._commit_progress(remaining=len(due))
        while due and left > 0:
            some, due = due[:AT_ONCE], due[AT_ONCE:]
            for each in some.try_lock_for_update(allow_referencing=True):
                each._tell_or_postpone()
            left = self.env["ir.cron"]._commit_progress(len(some))

    @api.model
    def _note_deleted(self):
        """Appointments that were deleted: their customers are told as of cancelled ones."""
        gone = self.search(
            [("event_id", "=", False), ("told_state", "=", "booked"), ("failures", "=", 0)]
        )
        gone.due_at = fields.Datetime.now()

    def _tell_or_postpone(self):
        try:
            with self.env.cr.savepoint():
                self._tell()
        except psycopg2.OperationalError:
            raise  # somebody changed the row meanwhile: the cron starts over on what is now
        except Exception as error:  # a template that was edited may raise anything
            _logger.warning("customer %s was not told: %s", self.id, type(error).__name__)
            tries = self.failures + 1
            wait = timedelta(minutes=5 * 2**tries)
            self.failures = tries
            self.due_at = fields.Datetime.now() + wait if tries < TRIES else False

    def _tell(self):
        """Send what the customer does not know yet, if anything, and note that it is known."""
        kind = self._what_to_tell()
        if self.start != self.told_start:
            self._skip_past_reminders()
        if kind in ("confirmed", "moved", "cancelled") and self.told_state != "nothing":
            self.sequence += 1
        if kind:
            self._send(kind)
        self._remember()

    def _what_to_tell(self):
        """'confirmed', 'moved', 'cancelled', 'reminder' or ''. Nothing about what is over."""
        is_told = self.is_own_change or self.calendar_id.is_customer_told
        if max(self.start, self.told_start) <= fields.Datetime.now():
            return ""
        match self.told_state, self.is_cancelled:
            case "nothing", False:
                return "confirmed"
            case "cancelled", False:
                return "confirmed" if is_told else ""
            case "booked", True:
                return "cancelled" if is_told else ""
            case "booked", False if self._is_changed():
                return "moved" if is_told and self.start > fields.Datetime.now() else ""
            case "booked", False if self._reminders_now():
                return "reminder"
        return ""

    def _is_changed(self):
        """True when time or person is not what the customer knows."""
        now = (self.start, self.stop, self.user_id)
        return now != (self.told_start, self.told_stop, self.told_user_id)

    def _reminders_now(self):
        """The reminders whose time has come."""
        now = fields.Datetime.now()
        return [minutes for minutes, at in self._open_reminders().items() if at <= now]

    def _remember(self):
        self.write(
            {
                "told_start": self.start,
                "told_stop": self.stop,
                "told_user_id": self.user_id.id,
                "told_state": "cancelled" if self.is_cancelled else "booked",
                "reminded_min": min([self.reminded_min, *self._reminders_now()]),
                "is_own_change": False,
                "failures": 0,
            }
        )
        self.due_at = self._next_due()

    # -- what goes out ----------------------------------------------------------------------------
    def _send(self, kind):
        """One mail and one SMS, each where there is somewhere to send it."""
        if self.email:
            self._send_mail(kind)
        if self.phone and self.calendar_id.is_sms_sent:
            self._send_sms(kind)

    def _send_mail(self, kind):
        template = self.calendar_id._text("mail", kind)
        files = template.attachment_ids  # those of the text, which values given here would replace
        if self._carries_file(kind):
            files |= self._calendar_attachment()
        values = {"attachment_ids": [(4, file.id) for file in files]}
        template.send_mail(self.id, email_values=values)
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _carries_file(self, kind):
        """The calendar that invites the customer sends its own."""
        return kind != "reminder" and not self.calendar_id.is_customer_invited

    def _calendar_attachment(self):
        return self.env["ir.attachment"].create(
            {
                "name": "cancelled.ics" if self.is_cancelled else "invite.ics",
                "raw": calendar_file(self._appointment(self._text_of_file())),
                "mimetype": "text/calendar",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _send_sms(self, kind):
        """Nobody who objected to SMS gets one."""
        if self.env["phone.blacklist"].search_count([("number", "=", self.phone)], limit=1):
            return
        template = self.calendar_id._text("sms", kind)
        body = template.with_context(lang=self.lang)._render_field("body", self.ids)[self.id]
        values = {"number": self.phone, "body": body, "partner_id": self.partner_id.id}
        self.env["sms.sms"].create(values)


class BookingCalendarNotice(models.Model):
    _inherit = "booking.calendar"

    is_sms_sent = fields.Boolean(
        "Send SMS too",
        default=True,
        help="Customers who left a phone number get confirmations and reminders there as well.",
    )


class BookingHoldNotice(models.Model):
    _inherit = "booking.hold"

    def _follow(self):
        """A booking that follows its appointment is news for its customer."""
        before = (self.start, self.stop, self.state == "cancelled")
        result = super()._follow()
        if before != (self.start, self.stop, self.state == "cancelled"):
            self.env["booking.customer"]._note_changed(self.event_id)
        return result
