from odoo import models

from .silent import silent

_OF_GUEST = (
    "sync_email", "sync_name", "common_name", "state", "is_host", "is_room", "room_id",
    "invitation",
)  # fmt: skip
_OF_EVENT = ("internal_notes", "appointment_source", "is_lead_matched")


class CalendarRecurrence(models.Model):
    """Where Odoo makes the rows of a series anew (a split, another time, a longer rule), it copies
    what a copy of an event has: contacts alone, and nothing of ours. A guest who is an address, or
    a room, would be off the later dates, and the next push would take them off there too."""

    _inherit = "calendar.recurrence"

    def _apply_recurrence(self, *args, **kwargs):
        """The rows that are made here have all guests of the first one, and its notes."""
        known = self.with_context(active_test=False).calendar_event_ids
        detached = super()._apply_recurrence(*args, **kwargs)
        guests = []
        for recurrence in self:
            first = recurrence.base_event_id.sudo()
            rows = recurrence.calendar_event_ids - known - first
            guests += [{"event_id": row.id, **values} for values in first._other_guests()
                       for row in rows]  # fmt: skip
            silent(rows).write({name: first[name] for name in _OF_EVENT})
        self.env["calendar.attendee"].sudo().create(guests)
        return detached


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def _other_guests(self):
        """Values of the participants' rows that name no contact."""
        guests = self.attendee_ids.filtered(lambda guest: not guest.partner_id)
        return [
            {name: guest[name].id if name == "room_id" else guest[name] for name in _OF_GUEST}
            for guest in guests
        ]
