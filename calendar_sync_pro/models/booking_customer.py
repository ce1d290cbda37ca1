"""The customer's side of a booking: who, in which language and zone, and what was told."""

import secrets
from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date, format_time

from ..booking.calendar_file import Appointment, google_link, outlook_link
from .safe_texts import web_address


class BookingCustomer(models.Model):
    """One row per booking of somebody outside.

    The `told_` fields are a base: what the customer knows. Whatever differs from the appointment
    is told once, and equals it afterwards (`booking_notice.py`).
    """

    _name = "booking.customer"
    _description = "Customer of a booking"
    _order = "id desc"
    _rec_name = "name"

    event_id = fields.Many2one(
        "calendar.event", "Appointment", readonly=True, index=True, ondelete="set null"
    )
    calendar_id = fields.Many2one(
        "booking.calendar", required=True, readonly=True, index=True, ondelete="cascade"
    )
    service_id = fields.Many2one("booking.service", readonly=True, ondelete="set null")
    company_id = fields.Many2one(related="calendar_id.company_id")
    partner_id = fields.Many2one("res.partner", readonly=True, index=True, ondelete="set null")
    name = fields.Char(required=True, readonly=True)
    email = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    lang = fields.Char(required=True, readonly=True)
    tz = fields.Char(required=True, readonly=True)
    request_key = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    secret = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        default=lambda self: secrets.token_urlsafe(12),
        help="Part of the customer's links.",
    )

    told_start = fields.Datetime(readonly=True)
    told_stop = fields.Datetime(readonly=True)
    told_user_id = fields.Many2one("res.users", "With", readonly=True, ondelete="set null")
    told_state = fields.Selection(
        [("nothing", "Nothing yet"), ("booked", "Booked"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="nothing",
    )
    sequence = fields.Integer(readonly=True, help="Grows with each change (RFC 5545).")
    reminded_min = fields.Integer(
        readonly=True, help="Reminders of so many minutes before, or more, are done with."
    )
    due_at = fields.Datetime(readonly=True, index="btree_not_null", help="When to look again.")
    failures = fields.Integer(readonly=True)

    is_cancelled = fields.Boolean(compute="_compute_now")
    start = fields.Datetime(compute="_compute_now")
    stop = fields.Datetime(compute="_compute_now")
    user_id = fields.Many2one("res.users", compute="_compute_now")
    title = fields.Char(compute="_compute_words")
    when_text = fields.Char(compute="_compute_words")
    told_text = fields.Char(compute="_compute_words")
    where_text = fields.Char(compute="_compute_words")
    join_url = fields.Char(compute="_compute_words")
    person_text = fields.Char(compute="_compute_words")

    _one_per_event = models.Constraint("unique (event_id)", "This appointment has a customer.")
    _once = models.Constraint("unique (request_key)", "This was booked already.")

    @api.model
    def _of_key(self, key):
        """The booking that a request with this key has made, or none."""
        return self.sudo().search([("request_key", "=", key)], limit=1) if key else self

    @api.model
    def _confirmed(self, holds, customer):
        """A booking has been made: remember its customer; what goes out is due."""
        event = holds.event_id
        made = self.sudo().create(
            {
                "event_id": event.id,
                "calendar_id": holds.calendar_id.id,
                "service_id": holds.service_id.id,
                "partner_id": (event.partner_ids - holds.user_id.partner_id)[:1].id,
                "name": customer.name,
                "email": customer.email,
                "phone": customer.phone,
                "lang": customer.lang,
                "tz": customer.tz,
                "request_key": customer.key or False,
                "told_start": event.start,
                "told_stop": event.stop,
                "told_user_id": event.user_id.id,
            }
        )
        made._accept()
        made._skip_past_reminders()
        made._tell_soon(made._wait_for_link())
        made._notify_reps("booked")
        return made

    def _accept(self):
        """Whoever booked has said yes. A calendar that invites asks for the answer itself."""
        if self.calendar_id.is_customer_invited:
            return
        mine = self.event_id.attendee_ids.filtered(lambda one: one.partner_id == self.partner_id)
        mine.write({"state": "accepted"})

    # -- what it is now ---------------------------------------------------------------------------
    @api.depends("event_id.start", "event_id.stop", "event_id.active", "event_id.user_id")
    def _compute_now(self):
        """A deleted appointment is a cancelled one, at the time that the customer knows."""
        for each in self:
            event = each.event_id
            each.is_cancelled = not event.active or event.appointment_state == "cancelled"
            each.start = event.start or each.told_start
            each.stop = event.stop or each.told_stop
            each.user_id = event.user_id or each.told_user_id

    @api.depends_context("lang")
    @api.depends(
        "start", "stop", "tz", "lang", "user_id", "event_id.location", "event_id.videocall_location"
    )
    def _compute_words(self):
        for each in self:
            mine = each.with_context(lang=each.lang)
            each.title = (mine.service_id or mine.calendar_id).name
            each.when_text = mine._in_words(each.start)
            each.told_text = mine._in_words(each.told_start)
            each.join_url = web_address(each.event_id.videocall_location)
            each.where_text = mine._place_in_words()
            each.person_text = each.user_id.name or each.company_id.name

    def _in_words(self, start):
        """A time in the customer's language and zone, with the zone named."""
        if not start:
            return ""
        local = fields.Datetime.context_timestamp(self.with_context(tz=self.tz), start)
        day = format_date(self.env, local.date(), self.lang, "EEEE d MMMM y")
        time = format_time(self.env, start, self.tz, "short", self.lang)
        return f"{day}, {time} ({self.tz.replace('_', ' ')})"

    def _place_in_words(self):
        match self.calendar_id.location_kind:
            case "phone":
                return self.env._("By phone. We call you at %s.", self.phone) if self.phone else ""
            case "video" if self.join_url:
                return self.env._("Video call: %s", self.join_url)
            case "video":
                return self.env._("Video call. The link is on the page of your appointment.")
        return self.event_id.location or self.calendar_id.address or ""

    # -- for the customer's own calendar ----------------------------------------------------------
    def _appointment(self, text=""):
        """The appointment for a calendar's file or link."""
        self.ensure_one()
        host = self.get_base_url().partition("://")[2]
        return Appointment(
            uid=f"booking-{self.id}-{self.secret}@{host}",
            title=f"{self.title} – {self.person_text}",
            start=self.start.replace(tzinfo=UTC),
            stop=self.stop.replace(tzinfo=UTC),
            stamp=fields.Datetime.now().replace(tzinfo=UTC),
            sequence=self.sequence,
            text=text,
            place=self.join_url or self.where_text,
            organizer_name=self.person_text,
            organizer_email=self.user_id.email_normalized or self.company_id.email_normalized or "",
            customer_name=self.name,
            customer_email=self.email or "",
            is_cancelled=self.is_cancelled,
        )

    def _text_of_file(self):
        """What the entry says, in the customer's language: where to change it."""
        mine = self.with_context(lang=self.lang)
        return mine.env._("Change or cancel: %s", self._link("manage"))

    def _calendar_links(self):
        """Pages that add the appointment to a calendar: [(label, url)]."""
        appointment = self._appointment(self._text_of_file())
        return [
            (self.env._("Google Calendar"), google_link(appointment)),
            (self.env._("Outlook"), outlook_link(appointment)),
            (self.env._("Apple and others (.ics)"), self._link("file")),
        ]

    # -- may it still be changed? -----------------------------------------------------------------
    def _change_state(self):
        """'open', or why nothing can be changed: 'cancelled', 'past' or 'late'."""
        now = fields.Datetime.now()
        notice = timedelta(minutes=self.calendar_id.change_notice_min)
        if self.is_cancelled:
            return "cancelled"
        if self.start <= now:
            return "past"
        return "late" if self.start - notice < now else "open"
