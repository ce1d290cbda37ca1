from odoo import models

_KEPT = (
    "sync_email", "sync_name", "common_name", "state", "is_host", "is_room", "room_id",
    "invitation",
)  # fmt: skip


class CalendarRecurrence(models.Model):
    """Where Odoo makes the rows of a series anew (a split, another time, a longer rule), it copies
    contacts alone. A guest who is an address, or a room, would be off the later dates, and the next
    push would take them off there too."""

    _inherit = "calendar.recurrence"

    def _apply_recurrence(self, *args, **kwargs):
        """Also guests without a contact stand on the rows that are made here."""
        known = self.with_context(active_test=False).calendar_event_ids
        detached = super()._apply_recurrence(*args, **kwargs)
        self.env["calendar.attendee"].sudo().create(
            [
                {"event_id": row.id, **values}
                for recurrence in self
                for values in recurrence.base_event_id._guests_without_contact()
                for row in recurrence.calendar_event_ids - known - recurrence.base_event_id
            ]
        )
        return detached


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def _guests_without_contact(self):
        """Values of participants' rows that name no contact."""
        guests = self.sudo().attendee_ids.filtered(lambda guest: not guest.partner_id)
        return [
            {name: guest[name].id if name == "room_id" else guest[name] for name in _KEPT}
            for guest in guests
        ]
