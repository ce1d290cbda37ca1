from dataclasses import replace

from odoo import models

from ..booking.intervals import IntervalSet, instant, moment
from ..booking.layers import Own
from ..booking.slots import explain
from .booking_book import is_stale
from .booking_take import with_live


class BookingHoldMove(models.Model):
    """A customer's other time for the same appointment, with the same people."""

    _inherit = "booking.hold"

    def _reschedule(self, start):
        """Move a booking (all rows of one appointment) to `start` (UTC seconds).

        The rules of new bookings hold, and the appointment does not stand in its own way. As in
        `_book` the calendars are asked before anything changes, with no transaction open. Raises
        SlotTaken with the next free slots of the same people; the booking then stays as it is.

        Commits, so call it with nothing of one's own pending.
        """
        calendar, service, users = self.calendar_id, self.service_id, self.user_id
        members = calendar.member_ids.filtered(lambda member: member.user_id in users)
        own = self._own()
        calendar._check_move(service, start, members, own, None)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        rules = calendar._rules(service)
        live = _without_own(calendar._ask_calendars(users, rules, start), own)
        calendar._check_move(service, start, members, own, live)
        if not self._take_range(rules, start):
            raise calendar._taken(service, start, members, users.ids, live, own)
        times = {"start": _naive(start), "stop": _naive(start + rules.duration_s)}
        self.event_id.write(times)

    def _own(self):
        """The appointment as it is now."""
        first, last = self[0]._span()
        return Own(instant(first), instant(last), frozenset(self.ids), self.event_id.id)

    def _take_range(self, rules, start):
        """Give all rows the new range; False, and nothing changed, when one of them is refused."""
        first, last = map(_naive, rules.stored_range(start))
        return bool(
            self._update_range(first, last, rules.buffer_before_min, rules.buffer_after_min)
        )


class BookingCalendarMove(models.Model):
    """Whether an appointment may be moved to a time."""

    _inherit = "booking.calendar"

    def _check_move(self, service, start, members, own, live):
        """Raise SlotTaken unless all these people are free then, the appointment itself aside.

        Without `live` what was read earlier is not held against it: it is asked about next.
        """
        if not self._is_near(start):
            raise self._taken(service, own.start, members, live=live, own=own)
        search = self.env["booking.search"]._search_of(
            self, service, start, start + 1, members, own
        )
        reasons = explain(replace(with_live(search, start, live), is_collective=True), start)
        against = [why for each in reasons.values() for why in each]
        if not reasons or (against if live is not None else not all(map(is_stale, against))):
            raise self._taken(service, start, members, live=live, own=own)


def _naive(seconds):
    return moment(seconds).replace(tzinfo=None)


def _without_own(live, own):
    """What calendars said, without the time of the appointment itself."""
    mine = IntervalSet.of(((own.start, own.stop),))
    return {
        user_id: {
            calendar_id: ranges if ranges is None else (IntervalSet.of(ranges) - mine).spans
            for calendar_id, ranges in calendars.items()
        }
        for user_id, calendars in live.items()
    }
