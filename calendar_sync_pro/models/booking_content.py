"""The appointment that a booking makes: its title, place, people, and what was told with it."""

from dataclasses import dataclass

from odoo import models
from odoo.tools import plaintext2html

from ..booking.intervals import moment
from .calendar_event_invite import INVITE, QUIET


@dataclass(frozen=True, slots=True)
class BookingDetails:
    """What is known of a booking beside calendar, service, time and people.

    `partner_id` and `lead_id` are 0 where there is none. `agenda` is read by participants, `notes`
    by colleagues only. `place` is the customer's, for appointments there. `source` is a value of
    `appointment_source`. `is_invited`: the customer becomes a guest of the calendar's event, and
    that calendar invites. `location_kind` is the booking calendar's own where empty.
    """

    customer_name: str = ""
    phone: str = ""
    partner_id: int = 0
    lead_id: int = 0
    agenda: str = ""
    notes: str = ""
    transcript_url: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    place: str = ""
    source: str = "rep"
    is_invited: bool = False
    location_kind: str = ""


class BookingCalendarContent(models.Model):
    """From a held time to an appointment."""

    _inherit = "booking.calendar"

    def _make_appointment(self, service, start, users, details):
        """The appointment of these people at `start` (UTC seconds); the first one organizes it.

        With `details.is_invited` the organizer's calendar invites, or Odoo's mail where that can't;
        else nobody is mailed.
        """
        self.ensure_one()
        organizer = users[0]
        events = self.env["calendar.event"].with_user(organizer).sudo()
        events = events.with_context(
            lang=organizer.lang, no_mail_to_attendees=True, skip_contact_description=True
        )
        event = events.create(self._appointment_values(service, start, users, details))
        if (details.location_kind or self.location_kind) == "video":
            event._give_video_call(self.video_kind)
        return event

    def _appointment_values(self, service, start, users, details):
        rules = self._rules(service)
        title = service.with_context(lang=users[0].lang).name if service else self.name
        return {
            "name": f"{title} – {details.customer_name}" if details.customer_name else title,
            "start": moment(start).replace(tzinfo=None),
            "stop": moment(start + rules.duration_s).replace(tzinfo=None),
            "user_id": users[0].id,
            "partner_ids": [(6, 0, [*users.partner_id.ids, *filter(None, [details.partner_id])])],
            "opportunity_id": details.lead_id or False,
            "description": plaintext2html(details.agenda) if details.agenda else False,
            "appointment_source": details.source,
            "invite_choice": INVITE if details.is_invited else QUIET,
            "booking_calendar_id": self.id,
            "booking_service_id": service.id if service else False,
            "customer_name": details.customer_name,
            "customer_phone": details.phone,
            "conversation_notes": details.notes,
            "transcript_url": details.transcript_url,
            "booking_answers": [list(pair) for pair in details.answers],
            **self._place_values(details),
        }

    def _place_values(self, details):
        """Where it takes place. What is no video call gets none by the calendar either."""
        match details.location_kind or self.location_kind:
            case "phone":
                return {"online_meeting": "no"}
            case "address":
                return {"location": self.address or False, "online_meeting": "no"}
            case "customer":
                partner = self.env["res.partner"].sudo().browse(details.partner_id)
                place = details.place or partner.contact_address_inline
                return {"location": place, "online_meeting": "no"}
        return {}
