"""The customer's timeline: one note per thing that a person would tell, and no mail."""

from collections import defaultdict

from markupsafe import Markup
from odoo import fields, models
from odoo.tools.misc import clean_context, format_date, format_time


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def _log_appointment(self, kind, *, reason="", by="", old_starts=None, is_on_event=True):
        """Tell event, lead, contacts and their companies in one note each; nobody is notified.

        Args:
            kind: 'booked', 'moved', 'cancelled', 'restored', 'handed_over' or 'outcome'.
            reason: full sentence, for cancellations.
            by: who did it, when that is not the acting user ("anna@… in the calendar").
            old_starts: {event id: start before the move, naive UTC}.
            is_on_event: False when Odoo's own tracking already told it there.
        """
        # Without the defaults of the user's view, which are meant for the appointment.
        env = self.env(su=True, context=clean_context(self.env.context))
        bodies = defaultdict(list)
        for event in self.with_env(env):
            body = event._appointment_note(kind, reason, by, (old_starts or {}).get(event.id))
            for record in event._told_records(is_on_event):
                bodies[record].append(body)
        by_model = defaultdict(dict)
        for record, notes in bodies.items():
            by_model[record._name][record.id] = Markup("<br/>").join(notes)
        for model, notes in by_model.items():
            env[model].browse(notes)._message_log_batch(notes)

    def _told_records(self, is_on_event):
        """The records whose timeline tells about this event: itself, its lead, its contacts and
        the companies they belong to.

        A private event is told nowhere but on its lead: contacts are read by everybody.
        """
        lead = self.opportunity_id
        told = [self] if is_on_event else []
        if lead:
            told.append(lead)
        if not self._is_private_appointment():
            people = self._outside_partners() | lead.partner_id
            ours = self.user_id.company_ids.partner_id
            told.extend(people | (people.commercial_partner_id - ours))
        return told

    def _is_private_appointment(self):
        privacy = self.privacy or self.user_id.calendar_default_privacy
        return privacy == "private"

    def _outside_partners(self):
        """Participants who are no internal users."""
        return self.partner_ids.filtered(
            lambda p: not any(user._is_internal() for user in p.user_ids)
        )

    def _unknown_guests(self):
        """Guests known by an address only, without the colleagues who have no user (C21)."""
        guests = self.attendee_ids.filtered(lambda g: not g.partner_id and not g.is_room)
        if not guests:
            return guests
        company = self.user_id.company_id or self.env.company
        hidden = company.sudo()._sync_hidden_domains()
        return guests.filtered(lambda g: g._email_key().rpartition("@")[2] not in hidden)

    def _appointment_note(self, kind, reason, by, old_start):
        """One line of HTML for the timeline."""
        title = self.env._("Appointment") if self._is_private_appointment() else self.name
        values = {
            "appointment": self._get_html_link(title=title),
            "when": self._time_in_words(self.start),
            "people": ", ".join(self._outside_partners().mapped("name")),
        }
        match kind:
            case "booked" if values["people"]:
                line = self.env._("Booked: %(appointment)s, %(when)s, with %(people)s", **values)
            case "booked":
                line = self.env._("Booked: %(appointment)s, %(when)s", **values)
            case "moved":
                values["old"] = self._time_in_words(old_start or self.start)
                line = self.env._("Moved: %(appointment)s, %(old)s → %(when)s", **values)
            case "cancelled":
                line = self.env._("Cancelled: %(appointment)s, %(when)s", **values)
            case "outcome":
                field = self._fields["appointment_state"]
                label = dict(field._description_selection(self.env))[self.appointment_state]
                line = self.env._("%(outcome)s: %(appointment)s, %(when)s", outcome=label, **values)
            case "handed_over":
                line = self.env._("Handed over: %(appointment)s, %(when)s", **values)
            case "restored":
                line = self.env._("Planned again: %(appointment)s, %(when)s", **values)
        details = [text for text in (by and self.env._("by %s", by), reason) if text]
        return Markup(" · ").join([line, *details])

    def _time_in_words(self, start):
        """Start in the organizer's zone with the zone named, for readers anywhere."""
        if self.allday:
            return format_date(self.env, start.date(), date_format="EEE d MMM y")
        tz = self.event_tz or self.user_id.tz or self.env.user.tz or "UTC"
        local = fields.Datetime.context_timestamp(self.with_context(tz=tz), start)
        day = format_date(self.env, local.date(), date_format="EEE d MMM y")
        return f"{day}, {format_time(self.env, start, tz=tz, time_format='short')} ({tz})"

    def _strip_values(self):
        """What the strip on a lead shows of its next appointment; False without one."""
        if not self:
            return False
        return {
            "id": self.id,
            "name": self.name,
            "start": fields.Datetime.to_string(self.start),
            "stop": fields.Datetime.to_string(self.stop),
            "allday": self.allday,
            "people": self._outside_partners().mapped("name"),
            "join_url": self.videocall_location or "",
        }
