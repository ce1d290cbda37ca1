from odoo import models

from ..sync import odoo_values


class CalendarSyncWrite(models.AbstractModel):
    """Answers that come back from a calendar: kept with their comment, and told once."""

    _inherit = "calendar.sync.write"

    def _replace_guests(self, run, guests):
        before = self._answers(guests)
        super()._replace_guests(run, guests)
        if guests:
            self._take_answers(guests, before)

    def _answers(self, guests):
        """{attendee id: answer} of what these events have now."""
        return {row.id: row.state for event, _wanted, _gone in guests for row in event.attendee_ids}

    def _take_answers(self, guests, before):
        """Keep the comments, and note on the timelines who answered otherwise than before."""
        answered = self.env["calendar.attendee"].sudo()
        for event, wanted, _gone in guests:
            said = {person.email: person for person in wanted}
            for row in event.attendee_ids:
                person = said.get(row._email_key())
                if person is None or odoo_values.state_from(person.response) != row.state:
                    continue
                if (row.answer_comment or "") != person.comment and person.comment:
                    row.answer_comment = person.comment
                if before.get(row.id, row.state) != row.state:
                    answered |= row
        answered._tell_answers()
