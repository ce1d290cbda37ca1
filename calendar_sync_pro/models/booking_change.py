"""What a customer changes: another time, or cancelled."""

from odoo import models

from ..booking.customer import one_line
from ..booking.intervals import moment

QUIET = {
    "no_mail_to_attendees": True,
    "tracking_disable": True,  # the timeline is told in one line of its own
    "mail_notrack": True,
}


class BookingCustomerChange(models.Model):
    _inherit = "booking.customer"

    def _holds(self):
        """The booked times of the appointment's people."""
        return self.env["booking.hold"].search(
            [("event_id", "=", self.event_id.id), ("state", "in", ("booked", "overlapping"))]
        )

    def _as_organizer(self, records):
        """`records` as their organizer handles them: as anybody else Odoo would take back the
        organizer's own acceptance. The calendar tells the customer where it has invited them."""
        context = {**QUIET, "calendar_sync_notify": self.calendar_id.is_customer_invited}
        return records.with_user(self.event_id.user_id).sudo().with_context(**context)

    def _move_by_customer(self, start):
        """Move the appointment to `start` (UTC seconds); 'moved', or why not: see `_change_state`.

        Asked twice for the same time it is moved once. Raises SlotTaken with the next free slots
        of the same people. Commits, as `_reschedule` does.
        """
        with self.env["booking.calendar"]._one_at_a_time(f"booking.customer-{self.id}"):
            self.invalidate_recordset()
            state = self._change_state()
            if state != "open" or not self._holds():
                return state if state != "open" else "late"
            old = self.start
            if moment(start).replace(tzinfo=None) != old:
                self._as_organizer(self._holds())._reschedule(start)
                self._changed_by_customer("moved", old)
        return "moved"

    def _cancel_by_customer(self, reason=""):
        """Cancel the appointment; 'cancelled', or why not. Done twice it tells nothing new."""
        with self.env["booking.calendar"]._one_at_a_time(f"booking.customer-{self.id}"):
            self.invalidate_recordset()
            state = self._change_state()
            if state != "open":
                return state
            text = f"{self.env._('Cancelled by the customer.')} {one_line(reason)}".strip()
            self._as_organizer(self.event_id)._cancel_appointment(text)
            self._changed_by_customer("cancelled", self.start)
        return "cancelled"

    def _changed_by_customer(self, kind, old_start):
        """Customer, people and timeline hear of it: the customer at once, whatever the setting."""
        self.env["booking.hold"]._follow_noted()
        self.invalidate_recordset()
        self.is_own_change = True
        self._tell_soon()
        self._notify_reps(kind, old_start)
        if kind == "moved":
            event = self.event_id
            event._log_appointment("moved", by=self.name, old_starts={event.id: old_start})
