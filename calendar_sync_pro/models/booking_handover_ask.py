"""What the calendars of those who get an appointment say at the moment."""

from odoo import models

from ..booking.days import DAY
from ..booking.handover import Answers
from ..booking.intervals import IntervalSet, instant
from ..booking.slots import Person


class BookingHandoverAsk(models.Model):
    """The calendars are asked before a plan is made, carried out or taken back; each commits."""

    _inherit = "booking.handover"

    def _ask_colleagues(self):
        """{booking calendar: Answers} of everybody who may take something over."""
        return self._ask(
            {
                calendar: (
                    calendar.member_ids.user_id - self.user_id,
                    self.env["calendar.event"].sudo().browse(upcoming),
                )
                for calendar, upcoming in self._upcoming().items()
            }
        )

    def _ask_takers(self):
        """The same of those whom the plan names."""
        planned = self.item_ids.sudo().filtered(lambda one: one.state == "planned" and one.taker_id)
        return self._ask(
            {
                calendar: (items.taker_id, items.event_id)
                for calendar, items in planned.grouped("calendar_id").items()
            }
        )

    def _ask_owner(self):
        """The same of the person to whom everything goes back."""
        moved = self.item_ids.sudo().filtered(lambda one: one.state == "moved")
        return self._ask(
            {
                calendar: (self.user_id, items.event_id)
                for calendar, items in moved.grouped("calendar_id").items()
            }
        )

    def _ask(self, wanted):
        """{booking calendar: Answers}; `wanted` is {booking calendar: (users, events)}."""
        found = {}
        for calendar, (users, events) in wanted.items():
            if calendar and users and events:
                within = _span(events)
                said = calendar._ask_within(users.sudo(), calendar._rules(), within)
                found[calendar] = Answers(within, said)
        return found

    def _people_around(self, calendar, users, events):
        """{user id: Person} with what these users have around these events, working hours aside:
        also of who is no longer, or never was, in the booking calendar."""
        found = self.env["booking.search"]._layers(
            calendar, users.sudo(), calendar._rules(), *_span(events)
        )
        return {user.id: Person(user.id, IntervalSet(), tuple(found[user.id])) for user in users}


def _span(events):
    """From a day before the first of these events to a day after the last."""
    first, last = min(events.mapped("start")), max(events.mapped("stop"))
    return instant(first) - DAY, instant(last) + DAY
