from dataclasses import replace

from odoo import fields, models
from odoo.exceptions import UserError

from ..booking import layers
from ..booking.assign import Mode, assign
from ..booking.days import DAY
from ..booking.intervals import instant
from ..booking.slots import explain, slots
from ..booking.suggest import next_free

FARTHEST_S = 5 * 366 * DAY


class SlotTaken(UserError):
    """The time is not free (any more). `alternatives` are the next free slots, in time order;
    `reasons` says per person why; `tz` is the zone of the booking calendar."""

    def __init__(self, message, alternatives, reasons, tz="UTC"):
        super().__init__(message)
        self.alternatives, self.reasons, self.tz = alternatives, reasons, tz


class BookingCalendarTake(models.Model):
    """From an offer to a held time."""

    _inherit = "booking.calendar"

    def _slots(self, service, start, stop, members=None):
        """The free slots that start in `[start, stop)` (UTC seconds), with who is free."""
        search = self.env["booking.search"]._search_of(self, service, start, stop, members)
        return slots(search, start, stop)

    def _explain(self, service, start, members=None):
        """{user id: reasons against this start}; an empty list means: is free."""
        search = self.env["booking.search"]._search_of(self, service, start, start + 1, members)
        return explain(search, start)

    def _take(self, service, start, members=None, salesperson=None, live=None):
        """Hold a time for somebody who is free: the `booking.hold` rows.

        Every rule is checked again, so a forged start is refused like a lost one. `live` is what
        calendars said a moment ago about this time: {user id: {calendar id: spans or None}}.
        Raises SlotTaken with the next free slots of the same people.
        """
        self.ensure_one()
        members = (self.sudo().member_ids if members is None else members.sudo()).exists()
        if not self._is_near(start):
            raise self._taken(service, instant(fields.Datetime.now()), members)
        self.env["booking.hold"].sudo()._forget_expired(members.user_id)
        search = self.env["booking.search"]._search_of(self, service, start, start + 1, members)
        search = with_live(search, start, live)
        lost = set()
        while True:
            free = [person for person, why in explain(search, start).items() if not why]
            chosen = self._choose(search, free, members, salesperson)
            if not chosen:
                raise self._taken(service, start, members, lost, live)
            held = self._try_hold(chosen, service, search.rules, start)
            if held:
                return held
            lost.update(chosen)
            search = _without(search, start, lost)

    def _is_near(self, start):
        """False for a start that no rule could ever offer, which is not worth a search."""
        return abs(start - instant(fields.Datetime.now())) < FARTHEST_S

    def _choose(self, search, free, members, salesperson):
        """User ids to hold together, [] when there are not enough."""
        if search.is_collective:
            return free if free and len(free) == len(search.people) else []
        loads = self.env["booking.search"]._loads(members)
        chosen = assign(
            free,
            loads,
            Mode(self.mode),
            salesperson.id if salesperson and self.is_salesperson_first else 0,
        )
        return [chosen.person_id] if chosen else []

    def _try_hold(self, user_ids, service, rules, start):
        """The held rows of all these people, or none when the database refuses one of them."""
        holds = self.env["booking.hold"].sudo()
        for user in self.env["res.users"].sudo().browse(sorted(user_ids)):
            held = holds._hold(user, self, service, rules, start)
            if not held:
                holds.unlink()
                return held
            holds |= held
        return holds

    def _taken(self, service, start, members, lost=(), live=None, own=None):
        """The polite answer: what else is free."""
        search = self._whole_search(service, members, own)
        search = _without(with_live(search, start, live), start, lost)
        return SlotTaken(
            self.env._("Sorry, this time was just taken. These times are free:"),
            _nearest(search, start),
            explain(search, start),
            self.tz,
        )

    def _next_free(self, service, count=3, members=None, since=None):
        """The next free slots of these people (all where None) from `since` (UTC seconds) on."""
        search = self._whole_search(service, members)
        return _nearest(search, search.now if since is None else since, count)

    def _whole_search(self, service, members=None, own=None):
        """The search from now to the last bookable day."""
        now = instant(fields.Datetime.now())
        last = _last(now, self._rules(service))
        return self.env["booking.search"]._search_of(self, service, now, last, members, own)


def _last(now, rules):
    """After every start that these rules could offer."""
    return now + (rules.advance_days + 2) * DAY


def _nearest(search, start, count=3):
    """The next free slots; from a far away start those before it."""
    return next_free(search, min(start, _last(search.now, search.rules)), count)


def with_live(search, start, live):
    """The search with what calendars just said about the time of this slot."""
    within = search.rules.stored_range(start)
    return replace(
        search,
        people=tuple(
            replace(
                person,
                layers=tuple(layers.with_live(person.layers, live[person.person_id], within)),
            )
            if person.person_id in (live or ())
            else person
            for person in search.people
        ),
    )


def _without(search, start, lost):
    """The search in which others have this time of the people who lost it.

    Their rows were committed after this transaction began, so no query here sees them.
    """
    row = layers.Taken(0, start, start + search.rules.duration_s, is_hold=True)
    theirs = tuple(layers.taken_layers([row]))
    return replace(
        search,
        people=tuple(
            replace(person, layers=person.layers + theirs) if person.person_id in lost else person
            for person in search.people
        ),
    )
