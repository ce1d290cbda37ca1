"""Free times as a page shows them: a week, the times of one day, and the next ones beyond."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from odoo import fields, models
from odoo.tools.misc import format_date, format_time

from ..booking import days
from ..booking.days import DAY
from ..booking.intervals import instant, moment
from ..booking.slots import Slot, slots
from ..booking.suggest import next_free

WEEK = 7


@dataclass(frozen=True, slots=True)
class OfferedDay:
    """A day of the visitor's zone and its free times."""

    day: date
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A week of free times from `days[0]` on, in the zone `tz`.

    `next` is the next free slot after an empty week, None when there is none at all. `has_earlier`
    and `has_later` say whether another week can be looked at.
    """

    days: tuple[OfferedDay, ...]
    tz: str
    next: Slot | None
    has_earlier: bool
    has_later: bool

    @property
    def is_empty(self):
        """True when the whole week has no free time."""
        return not any(each.slots for each in self.days)

    def without(self, start):
        """Without one start: the time that an appointment has already is no other time for it."""
        return replace(
            self,
            days=tuple(
                replace(each, slots=tuple(slot for slot in each.slots if slot.start != start))
                for each in self.days
            ),
        )


class BookingCalendarOffer(models.Model):
    _inherit = "booking.calendar"

    def _offer(self, service, first, tz, members=None, own=None):
        """The `Offer` of the week that begins on the local date `first`.

        `first` may be None: then it is the week of the next free slot. With `own` (`layers.Own`)
        all `members` are needed and their appointment is not in its own way. The number of queries
        depends neither on slots nor on people.
        """
        self.ensure_one()
        now = instant(fields.Datetime.now())
        today = days.local_day(now, tz)
        last = today + timedelta(days=self._rules(service).advance_days)
        begin = today if first is None else min(max(first, today), last)
        offer = self._week(service, begin, tz, members, own)
        if not offer.is_empty:
            return offer
        found = self._next_slot(service, days.day_span(begin, tz)[0], members, own)
        if first is None and found:
            return self._week(service, days.local_day(found.start, tz), tz, members, own)
        return replace(offer, next=found)

    def _week(self, service, begin, tz, members, own):
        dates = [begin + timedelta(days=number) for number in range(WEEK)]
        start, stop = days.day_span(dates[0], tz)[0], days.day_span(dates[-1], tz)[1]
        search = self._offer_search(service, start, stop, members, own)
        found = {}
        for slot in slots(search, start, stop):
            found.setdefault(days.local_day(slot.start, tz), []).append(slot)
        today = days.local_day(search.now, tz)
        last = today + timedelta(days=search.rules.advance_days)
        return Offer(
            days=tuple(OfferedDay(day, tuple(found.get(day, ()))) for day in dates),
            tz=tz,
            next=None,
            has_earlier=begin > today,
            has_later=dates[-1] < last,
        )

    def _next_slot(self, service, start, members, own):
        """The first free slot from `start` on, else the latest one before; None without any."""
        now = instant(fields.Datetime.now())
        last = now + (self._rules(service).advance_days + 2) * DAY
        search = self._offer_search(service, now, last, members, own)
        return next(iter(next_free(search, start, 1)), None)

    def _offer_search(self, service, start, stop, members, own):
        searches = self.env["booking.search"]
        found = searches._search_of(self, service, start, stop, members, own)
        return replace(found, is_collective=True) if own else found

    # -- in words ---------------------------------------------------------------------------------
    def _slot_words(self, slot, tz):
        """{start, iso, time, day, long} of a slot for a page, in the reader's language."""
        start = moment(slot.start).replace(tzinfo=None)
        local = days.local_day(slot.start, tz)
        lang = self.env.lang
        time = format_time(self.env, start, tz, "short", lang)
        return {
            "start": slot.start,
            "iso": f"{start.isoformat()}Z",
            "time": time,
            "day": str(local),
            "long": f"{format_date(self.env, local, lang, 'EEEE d MMMM')}, {time}",
        }

    def _day_words(self, offered):
        """{day, week day, number, month, long, count} of a day for a page."""
        day, lang = offered.day, self.env.lang
        return {
            "day": str(day),
            "weekday": format_date(self.env, day, lang, "EEE"),
            "number": format_date(self.env, day, lang, "d"),
            "month": format_date(self.env, day, lang, "MMM"),
            "long": format_date(self.env, day, lang, "EEEE d MMMM y"),
            "count": len(offered.slots),
        }
