from collections import defaultdict

from odoo import api, models

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
                if _is_news(row, person):
                    row.answer_comment = person.comment
                if before.get(row.id, row.state) != row.state:
                    answered |= row
        answered._tell_answers()

    @api.model
    def _take_comments(self, items, met):
        """Keep what guests wrote without answering anew: words alone are no difference between
        calendar and Odoo. They are noted on the timelines, but for events that are met just now
        (`met`, remote ids)."""
        said = {}
        for item in items:
            for person in item.remote.fields.attendees:
                if person.comment and item.meeting:
                    said[item.meeting.id, person.email] = (person, item.remote.remote_id in met)
        if not said:
            return
        rows = self.env["calendar.attendee"].sudo()
        meetings = {meeting_id for meeting_id, _email in said}
        news, told = defaultdict(rows.browse), rows.browse()
        for row in rows.search([("event_id.sync_meeting_id", "in", list(meetings))]):
            key = (row.event_id.sync_meeting_id.id, row._email_key())
            person, is_met = said.get(key, (None, False))
            if person and _is_news(row, person):
                news[person.comment] |= row
                told |= row.browse() if is_met else row
        for comment, found in news.items():
            found.write({"answer_comment": comment})
        told._tell_answers()


def _is_news(row, person):
    """True when the guest's answer is known and its words are not."""
    is_same_answer = odoo_values.state_from(person.response) == row.state
    return is_same_answer and bool(person.comment) and person.comment != row.answer_comment
