from odoo import api, models


class CalendarRecurrence(models.Model):
    """Hooks: a changed rule is noted with the rows that follow it."""

    _inherit = "calendar.recurrence"

    @api.model_create_multi
    def create(self, vals_list):
        """Note the first row of each new series; its other rows note themselves."""
        recurrences = super().create(vals_list)
        self.env["calendar.sync.mark"]._note(recurrences.base_event_id)
        return recurrences

    def write(self, vals):
        """Note a changed rule; computed texts are no change."""
        result = super().write(vals)
        if not {"rrule", "name", "trigger_id", "base_event_id", "dtstart"}.issuperset(vals):
            self.env["calendar.sync.mark"]._note(self.base_event_id)
        return result

    def unlink(self):
        """Note the rows that lose their rule."""
        self.env["calendar.sync.mark"]._note(self.calendar_event_ids | self.base_event_id)
        return super().unlink()
