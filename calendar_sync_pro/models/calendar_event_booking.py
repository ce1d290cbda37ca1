from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

LINE_LENGTH = 350
MOST_LINES = 30
LONGEST_URL = 2000


class CalendarEventBooking(models.Model):
    """An appointment that was booked: what was told with it, and its booked time.

    That time moves with the appointment, and is free again when it is cancelled.
    """

    _inherit = "calendar.event"

    appointment_source = fields.Selection(
        selection_add=[("page", "Booking page"), ("api", "Assistant")]
    )
    booking_calendar_id = fields.Many2one(
        "booking.calendar", index="btree_not_null", copy=False, readonly=True, ondelete="set null"
    )
    booking_service_id = fields.Many2one(
        "booking.service", "Service", copy=False, readonly=True, ondelete="set null"
    )
    customer_name = fields.Char("Customer", groups="base.group_user")
    customer_phone = fields.Char("Phone", groups="base.group_user")
    conversation_notes = fields.Text(
        groups="base.group_user",
        copy=False,
        help="From the conversation that led to the booking. They stand in the calendar's event as"
        " long as nobody from outside is invited to it.",
    )
    transcript_url = fields.Char("Transcript", groups="base.group_user", copy=False)
    booking_answers = fields.Json(
        "Answers", groups="base.group_user", copy=False, help="Pairs of question and answer."
    )
    booking_answers_text = fields.Text(
        "Answers in words", compute="_compute_booking_answers_text", groups="base.group_user"
    )

    @api.depends("booking_answers")
    def _compute_booking_answers_text(self):
        for event in self:
            event.booking_answers_text = "\n".join(event._answer_lines())

    @api.constrains("transcript_url")
    def _check_transcript_url(self):
        """A link that a click follows: to a page on https, and nothing else."""
        for event in self.sudo():
            if event.transcript_url and not is_safe_link(event.transcript_url):
                raise ValidationError(
                    self.env._("The link to the transcript has to begin with https://")
                )

    def write(self, vals):
        """Bookings follow, whoever moves or cancels the appointment."""
        result = super().write(vals)
        if not {"start", "stop", "active"}.isdisjoint(vals):
            self.env["booking.hold"]._note_moved(self)
        return result

    def _give_video_call(self, kind):
        """Ask the organizer's calendar for a call where it can make one, else take Odoo's."""
        for event in self:
            if kind == "provider" and event.sync_can_call:
                event.online_meeting = "yes"
            else:
                event._set_discuss_videocall_location()

    # -- what the calendar's event says, while only colleagues read it ---------------------------
    def _private_lines(self):
        """Customer, phone, service, answers, notes: each a line of the text block."""
        self.ensure_one()
        event = self.sudo()
        told = [
            (self.env._("Customer"), event.customer_name),
            (self.env._("Phone"), event.customer_phone),
            (self.env._("Service"), event.booking_service_id.name),
        ]
        lines = [f"{label}: {text}" for label, text in told if text]
        lines += [*event._answer_lines(), *event._note_lines()]
        if event.transcript_url and len(event.transcript_url) <= LINE_LENGTH:
            lines.append(event.transcript_url)
        return tuple(lines[:MOST_LINES])

    def _answer_lines(self):
        return [
            f"{question}: {answer}" for question, answer in self.booking_answers or () if answer
        ]

    def _note_lines(self):
        """The notes in pieces that fit on a line each."""
        notes = " ".join((self.conversation_notes or "").split())
        label = f"{self.env._('Notes')}: " if notes else ""
        return _pieces(label + notes)


def is_safe_link(url):
    """Whether a link is an https address of sensible length."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and len(url) <= LONGEST_URL


def _pieces(text):
    """`text` cut at blanks into lines of at most LINE_LENGTH characters."""
    lines = []
    while len(text) > LINE_LENGTH:
        cut = text.rfind(" ", 0, LINE_LENGTH)
        cut = cut if cut > 0 else LINE_LENGTH
        lines.append(text[:cut])
        text = text[cut:].lstrip()
    return [*lines, text] if text else lines
