"""Who has been invited how, and the invitations that Odoo mails itself."""

import uuid
from datetime import UTC, datetime

from odoo import fields, models

from ..core.when import slot_start
from ..sync import odoo_recurrence
from ..sync.invitation import Invitation, invitation_file
from .calendar_event_invite import BY_MAIL, HELD
from .calendar_sync_local import RULE_FIELDS

TEMPLATES = {
    "invited": "calendar.calendar_template_meeting_invitation",
    "changed": "calendar_sync_pro.invitation_mail_changed",
    "cancelled": "calendar_sync_pro.invitation_mail_cancelled",
}


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    invitation = fields.Selection(
        [(HELD, "Not invited yet"), (BY_MAIL, "Invited by Odoo's mail")],
        readonly=True,
        copy=False,
        help="Whoever has a value here is on no calendar's guest list. Empty: invited by the"
        " organizer's calendar, or not by this product.",
    )

    def _is_host_of_event(self):
        """True for the row of the person who organizes the meeting."""
        self.ensure_one()
        organizer = self.event_id.user_id.partner_id or self.env.user.partner_id
        return self.is_host or self.partner_id == organizer

    def _is_mailable(self):
        """True for a person who may be invited: not the organizer, and no room, which answers to
        its calendar alone."""
        return not self._is_host_of_event() and not self.is_room

    def _mail_invitation(self, kind):
        """Mail these guests a calendar file, one mail each; of a series one for all of it.

        kind: 'invited', 'changed' or 'cancelled'. Whoever has no address is left out.
        """
        rows = self.filtered(lambda row: row._email_key())
        by_meeting = {}
        for event, guests in rows.grouped("event_id").items():
            meeting = event.recurrence_id if event._is_told_as_series(self) else event
            first, known = by_meeting.get(meeting, (event, guests))
            earlier = event if event.start <= first.start else first
            by_meeting[meeting] = (earlier, guests if earlier == event else known)
        for event, guests in by_meeting.values():
            self._mail_meeting(event, guests, kind)

    def _mail_meeting(self, event, guests, kind):
        is_series = event._is_told_as_series(self)
        attachment = event._invitation_attachment(kind == "cancelled", is_series=is_series)
        template = self.env.ref(TEMPLATES[kind]).sudo()
        for guest in guests:
            template.send_mail(
                guest.id,
                email_layout_xmlid="mail.mail_notification_light",
                email_values={
                    "email_to": guest._email_key(),
                    "recipient_ids": [],
                    "attachment_ids": [fields.Command.link(attachment.id)],
                },
            )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def _is_told_as_series(self, rows):
        """True when `rows` reach more than one occurrence of this event's series."""
        siblings = rows.event_id.filtered(lambda event: event.recurrence_id == self.recurrence_id)
        return bool(self.recurrence_id) and len(siblings) > 1

    def _invitation_attachment(self, is_cancelled, *, is_series):
        """The calendar file of the meeting as it is now, with the next sequence number."""
        events = self._with_series() if is_series else self
        self._count_invitation(events)
        file = invitation_file(self._invitation(is_cancelled, is_series))
        method = "CANCEL" if is_cancelled else "REQUEST"
        return self.env["ir.attachment"].sudo().create(
            {
                "name": "invitation.ics",
                "raw": file,
                "mimetype": f"text/calendar; method={method}",
                "res_model": "mail.compose.message",
                "res_id": 0,
            }
        )  # fmt: skip

    def _count_invitation(self, events):
        uid = self.invitation_uid or self.sync_guid or str(uuid.uuid4())
        sequence = self.invitation_sequence + 1 if self.invitation_uid else 0
        events.sudo().with_context(tracking_disable=True).write(
            {"invitation_uid": uid, "invitation_sequence": sequence}
        )

    def _invitation(self, is_cancelled, is_series):
        local = self.env["calendar.sync.local"].sudo()
        said = local._fields_of(self.sudo())[self.id]
        people = local._people(self.sudo(), is_everybody=True)[self.id]
        organizer = self.user_id.sudo()
        own = organizer.email_normalized
        guests = tuple(person for person in people if person.email != own)
        is_part = bool(self.recurrence_id and self.sync_slot and not is_series)
        return Invitation(
            uid=self.invitation_uid,
            sequence=self.invitation_sequence,
            stamp=datetime.now(UTC),
            fields=said.replace(
                attendees=guests, recurrence=self._invitation_rule(said) if is_series else ()
            ),
            organizer_email=own or "",
            organizer_name=organizer.name or "",
            slot_of=slot_start(self.sync_slot) if is_part else None,
            is_cancelled=is_cancelled,
        )

    def _invitation_rule(self, said):
        """The rule of a series as lines of a calendar file."""
        rule = self.recurrence_id.sudo()
        held = {name: rule[name] for name in RULE_FIELDS}
        slots = self.env["calendar.sync.series"]._slots_of(rule.calendar_event_ids)
        usual = rule._get_lang_week_start().weekday
        wkst = odoo_recurrence.week_start(held, said.when, slots, usual)
        return odoo_recurrence.lines_from_odoo(held, said.when, wkst=wkst)
