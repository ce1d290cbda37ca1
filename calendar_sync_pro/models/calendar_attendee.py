from odoo import api, models

AUTOMATIC_MAILS = (
    "calendar.calendar_template_meeting_invitation",
    "calendar.calendar_template_meeting_changedate",
)
"""What Odoo sends by itself when a meeting is made, gets guests or moves. Reminders and what a
person sends with a button use other templates, or say so in the context."""


class CalendarAttendee(models.Model):
    """Hooks: who comes, and who answered what, is noted with the event."""

    _inherit = "calendar.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        """Note the events that got guests."""
        attendees = super().create(vals_list)
        self.env["calendar.sync.mark"]._note(attendees.event_id)
        return attendees

    def write(self, vals):
        """Note the events whose guests answered or changed."""
        result = super().write(vals)
        if not {"common_name", "access_token", "availability"}.issuperset(vals):
            self.env["calendar.sync.mark"]._note(self.event_id)
        return result

    def unlink(self):
        """Note the events that lost guests."""
        events = self.event_id
        result = super().unlink()
        self.env["calendar.sync.mark"]._note(events)
        return result

    def _notify_attendees(self, mail_template, notify_author=False, force_send=False):
        """Mail the attendees, but not by itself where the organizer's calendar is in sync: its
        provider tells them when a person chose to invite, and then once."""
        people = self
        if self._is_automatic(mail_template):
            syncing = self._syncing_users()
            people = self.filtered(lambda guest: guest.event_id.user_id not in syncing)
        if not people:
            return False
        return super(CalendarAttendee, people)._notify_attendees(
            mail_template, notify_author=notify_author, force_send=force_send
        )

    def _is_automatic(self, mail_template):
        if not mail_template or self.env.context.get("calendar_sync_mail_by_hand"):
            return False
        return mail_template.get_external_id().get(mail_template.id) in AUTOMATIC_MAILS

    def _syncing_users(self):
        """The organizers of these attendees' meetings whose calendar is in sync."""
        accounts = self.env["calendar.sync.account"].sudo()
        return accounts.search(
            [("user_id", "in", self.event_id.user_id.ids), ("is_sync_on", "=", True)]
        ).user_id
