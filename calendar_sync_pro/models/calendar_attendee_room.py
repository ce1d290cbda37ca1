"""Rooms stand on the guest list: it is how calendars book them, and how they answer."""

from odoo import api, fields, models


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    is_room = fields.Boolean(readonly=True, help="A room, which is no person: nobody mails it.")
    room_id = fields.Many2one(
        "calendar.sync.room", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    _somebody = models.Constraint(
        "CHECK (partner_id IS NOT NULL OR sync_email IS NOT NULL OR room_id IS NOT NULL)",
        "A guest is a contact, an address or a room.",
    )

    @api.depends("room_id")
    def _compute_common_name(self):
        super()._compute_common_name()
        for attendee in self.filtered("room_id"):
            attendee.common_name = attendee.room_id.name

    def _notify_attendees(self, mail_template, notify_author=False, force_send=False):
        """Nobody mails a room: its provider tells it, and one of Odoo's own can't read."""
        people = self.filtered(lambda guest: not guest.is_room)
        if not people:
            return False
        return super(CalendarAttendee, people)._notify_attendees(
            mail_template, notify_author=notify_author, force_send=force_send
        )
