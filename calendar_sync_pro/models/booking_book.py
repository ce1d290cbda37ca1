from contextlib import contextmanager

from odoo import models

from ..booking.intervals import instant, moment
from ..booking.layers import Own, Reason
from ..booking.slots import explain
from ..core.changes import Window
from .asking import Ask, ask_all, opened
from .booking_take import SlotTaken, with_live

STALE = frozenset({Reason.BUSY, Reason.UNREADABLE})
"""What was read earlier and may have changed since."""
OF_DATABASE = frozenset({Reason.BOOKING, Reason.HOLD})
"""What PostgreSQL itself keeps apart: it let this hold in, so none of them is in its way."""


class BookingCalendarBook(models.Model):
    """Hold, ask the calendars themselves, confirm."""

    _inherit = "booking.calendar"

    def _book(self, service, start, make_event, members=None, salesperson=None):
        """Book a time: the confirmed `booking.hold` rows.

        The time is held and committed, then each needed calendar is asked, with no transaction
        open, whether it is free right now. Busy or silent: the next person who is free gets it.
        Only then `make_event(users)` makes the appointment, and all that goes out with it; a
        failed try leaves nothing. Raises SlotTaken with the next free slots.

        Commits, so call it with nothing of one's own pending.
        """
        self.ensure_one()
        holds = self._secure(service, start, members, salesperson)
        return holds._book(make_event)

    def _secure(self, service, start, members=None, salesperson=None):
        """Hold a time that the calendars themselves say is free: the `booking.hold` rows.

        Raises SlotTaken. Commits.
        """
        live = {}
        while True:
            holds, asked = self._try_take(service, start, members, salesperson, live)
            with holds._given_back_on_failure():
                live |= self._ask_calendars(asked, self._rules(service), start)
                if holds and self._is_still_free(holds, start, live):
                    return holds
            holds._give_back()

    def _book_held(self, holds, make_event):
        """Book a time that was held earlier; the calendars are asked again, as in `_book`.

        Raises SlotTaken, and the time is given back, when it has been taken in a calendar or the
        hold has expired. Commits.
        """
        self.ensure_one()
        service, start, members = holds.service_id, holds._start(), self._members_of(holds)
        with holds._given_back_on_failure():
            live = self._ask_calendars(holds.user_id, self._rules(service), start)
            if not (holds._lock_held() and self._is_still_free(holds, start, live)):
                raise self._taken(service, start, members, live=live, own=own(holds))
            return holds._book(make_event)

    def _try_take(self, service, start, members, salesperson, live):
        """(held rows, whom to ask now). Nobody is asked twice, so this comes to an end."""
        try:
            holds = self._take(service, start, members, salesperson, live)
            return holds, holds.user_id.filtered(lambda user: user.id not in live)
        except SlotTaken as taken:
            doubtful = [
                user_id
                for user_id, reasons in taken.reasons.items()
                if user_id not in live and reasons and all(is_stale(why) for why in reasons)
            ]
            if not doubtful:
                raise
            none = self.env["booking.hold"].sudo()
            return none, self.env["res.users"].sudo().browse(doubtful)

    def _is_still_free(self, holds, start, live):
        """Whether nothing stands there that the database can't refuse: somebody may have entered
        something meanwhile, here or in a calendar, or booked the last time of that day."""
        search = self.env["booking.search"]._search_of(
            self, holds.service_id, start, start + 1, self._members_of(holds), own(holds)
        )
        reasons = explain(with_live(search, start, live), start)
        against = [why for each in reasons.values() for why in each]
        return len(reasons) == len(holds) and all(is_of_database(why) for why in against)

    def _members_of(self, holds):
        """The places of these people."""
        return self.sudo().member_ids.filtered(lambda one: one.user_id in holds.user_id)

    def _ask_calendars(self, users, rules, start):
        """What the calendars say about the time of this slot, as `_ask_within`."""
        return self._ask_within(users, rules, rules.stored_range(start))

    def _ask_within(self, users, rules, within):
        """{user id: {calendar id: busy spans, or None when there was no answer in time}}.

        Commits, also when nobody is asked: what is looked at next is what others have saved.
        """
        window = Window(*map(moment, within))
        accounts = self.env["calendar.sync.account"].sudo()
        live, whose, asks = {user.id: {} for user in users}, [], []
        for account in accounts.search([("user_id", "in", users.ids), ("status", "=", "active")]):
            blocking = account.calendar_ids.filtered(
                lambda calendar: calendar.blocks_availability and not calendar.is_missing
            )
            live[account.user_id.id] |= dict.fromkeys(blocking.ids)
            provider = opened(account) if blocking else None
            if provider:
                known = {calendar.remote_id: calendar.id for calendar in blocking}
                whose.append((account.user_id.id, known))
                asks.append(Ask(provider, "busy", tuple(known)))
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        for (user_id, known), answer in zip(whose, ask_all(asks, window), strict=True):
            for remote_id, calendar_id in known.items():
                live[user_id][calendar_id] = _spans(answer.found.get(remote_id), rules)
        return live


class BookingHoldBook(models.Model):
    _inherit = "booking.hold"

    def _book(self, make_event):
        """Make the appointment and confirm these rows, which they then are.

        What fails leaves nothing held: the time was committed as held, and would stand in the way
        of the same request when it is repeated, as Odoo does after a conflict.
        """
        with self._given_back_on_failure():
            self._confirm(make_event(self.user_id))
            self.env.flush_all()
        return self

    @contextmanager
    def _given_back_on_failure(self):
        """Nothing stays held when what is done in here fails."""
        try:
            yield
        except Exception:  # whatever it was: the error goes on
            self.env.cr.rollback()
            self._give_back()
            raise

    def _give_back(self):
        """Others can have these times again, at once: they were committed as held."""
        self.exists().filtered(lambda row: row.state == "held").unlink()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # as the holds were


def is_stale(why):
    """Whether a reason is only what was read earlier."""
    return why.reason in STALE or why.of in STALE


def is_of_database(why):
    """Whether a reason is another row of `booking.hold`."""
    return why.reason in OF_DATABASE or why.of in OF_DATABASE


def own(holds):
    """These rows, which are not in their own way."""
    return Own(0, 0, frozenset(holds.ids))


def _spans(times, rules):
    """What blocks of an answer; None for a calendar that could not be read."""
    if not isinstance(times, tuple | list):
        return None
    return [(instant(time.start), instant(time.stop)) for time in times if rules.blocks(time.kind)]
