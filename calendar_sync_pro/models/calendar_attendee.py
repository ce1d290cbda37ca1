from odoo import api, models


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
