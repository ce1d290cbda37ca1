from odoo import api, models

from ..sync.cleanup import CLEANED_UP


class CalendarEvent(models.Model):
    """What an appointment's story says of a clean-up."""

    _inherit = "calendar.event"

    @api.model
    def _story_of_link(self, link):
        row = super()._story_of_link(link)
        if link.problem_code == CLEANED_UP:
            row["state"] = self.env._("Removed from the calendar")
        return row

    @api.model
    def _story_of_entry(self, entry):
        """The values are kept for putting it back; in Odoo none of them changed."""
        row = super()._story_of_entry(entry)
        return row | {"lines": []} if entry.rule == CLEANED_UP else row
