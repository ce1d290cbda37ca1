"""Reasons of the search in words: the same for the slot picker, the page and other systems."""

from collections.abc import Iterable

from odoo import models
from odoo.tools.misc import format_date, format_time

from ..booking.days import DAY
from ..booking.intervals import FUTURE, PAST, instant, moment
from ..booking.layers import Reason, Why
from ..providers import port

CHECKS = (
    (Reason.SKILL,),
    (Reason.UNREADABLE,),
    (Reason.HOURS,),
    (Reason.LEAVE,),
    (Reason.BLOCKED,),
    (Reason.BUSY,),
    (Reason.APPOINTMENT,),
    (Reason.BOOKING, Reason.HOLD),
    (Reason.BUFFER,),
    (Reason.NOTICE,),
    (Reason.ADVANCE,),
    (Reason.LIMIT,),
    (Reason.STEP,),
)
"""The checks as people think of them, each with the reasons that it can give."""


class BookingCalendarWords(models.Model):
    _inherit = "booking.calendar"

    def _explain_time(self, service, start, members):
        """{user id: reasons against this start} of a naive UTC datetime, as a screen asks."""
        return self._explain(service, instant(start), members)

    def _check_name(self, check):
        """What one of the CHECKS looks at, as a heading."""
        names = {
            Reason.SKILL: self.env._("Skills"),
            Reason.UNREADABLE: self.env._("Calendar can be read"),
            Reason.HOURS: self.env._("Working hours"),
            Reason.LEAVE: self.env._("Days off"),
            Reason.BLOCKED: self.env._("Blocked times"),
            Reason.BUSY: self.env._("Connected calendars"),
            Reason.APPOINTMENT: self.env._("Appointments in Odoo"),
            Reason.BOOKING: self.env._("Other bookings"),
            Reason.BUFFER: self.env._("Distance to appointments"),
            Reason.NOTICE: self.env._("Minimum notice"),
            Reason.ADVANCE: self.env._("Maximum advance"),
            Reason.LIMIT: self.env._("Limit per day"),
            Reason.STEP: self.env._("Grid"),
        }
        return names[check[0]]

    def _reasons_in_words(self, reasons: Iterable[Why], tz, service=None):
        """A sentence for each reason, in the reader's language and the zone `tz`, each once.

        Says when somebody is busy and in which provider's calendar, never with what or whom.
        """
        self.ensure_one()
        reasons = list(reasons)
        labels = self._labels_of_calendars(reasons)
        rules = self._rules(service)
        said = (self._reason_in_words(why, tz, labels, rules) for why in reasons)
        return list(dict.fromkeys(said))

    def _reason_in_words(self, why, tz, labels, rules):
        """One reason as a sentence."""
        match why.reason:
            case Reason.BUFFER:
                return self.env._(
                    "Too close to another appointment (%(when)s): %(before)s minutes before and"
                    " %(after)s minutes after are kept free.",
                    when=self._span_in_words(why, tz),
                    before=rules.buffer_before_min,
                    after=rules.buffer_after_min,
                )
            case Reason.BUSY:
                label = labels.get(why.source) or self.env._("the connected calendar")
                when = self._span_in_words(why, tz)
                return self.env._("Busy in %(calendar)s: %(when)s.", calendar=label, when=when)
            case Reason.UNREADABLE:
                label = labels.get(why.source)
                if label:
                    return self.env._("%s could not be read lately.", label)
                return self.env._("No readable calendar is connected.")
            case Reason.BLOCKED | Reason.APPOINTMENT | Reason.BOOKING | Reason.HOLD:
                return self._taken_in_words(why, tz)
        return self._rule_in_words(why.reason, rules)

    def _taken_in_words(self, why, tz):
        when = self._span_in_words(why, tz)
        match why.reason:
            case Reason.BLOCKED:
                return self.env._("Blocked: %s.", when)
            case Reason.APPOINTMENT:
                return self.env._("An appointment in Odoo: %s.", when)
            case Reason.BOOKING:
                return self.env._("Another booking: %s.", when)
        return self.env._("Somebody is booking this time right now: %s.", when)

    def _rule_in_words(self, reason, rules):
        match reason:
            case Reason.HOURS:
                return self.env._("Outside the working hours.")
            case Reason.LEAVE:
                return self.env._("A day off or a public holiday.")
            case Reason.NOTICE:
                return self.env._(
                    "Sooner than the minimum notice of %s.",
                    self._minutes_in_words(rules.notice_min),
                )
            case Reason.ADVANCE:
                return self.env._("Further ahead than %s days.", rules.advance_days)
            case Reason.LIMIT:
                return self.env._("The limit of %s bookings on this day is reached.", rules.per_day)
            case Reason.SKILL:
                return self.env._("Can't do this service: a skill is missing.")
        return self.env._("Not on the grid: a slot begins every %s minutes.", rules.step_min)

    def _minutes_in_words(self, minutes):
        """A length as people say it."""
        if minutes and not minutes % 60:
            return self.env._("%s hours", minutes // 60)
        return self.env._("%s minutes", minutes)

    def _span_in_words(self, why, tz):
        """“10:00 – 11:00”, with the day where it is longer."""
        if why.start is None or why.start <= PAST or why.stop >= FUTURE:
            return self.env._("all the time")
        first, last = (moment(each).replace(tzinfo=None) for each in (why.start, why.stop))
        clocks = [format_time(self.env, each, tz=tz, time_format="short") for each in (first, last)]
        if why.stop - why.start < DAY:
            return " – ".join(clocks)
        days = [format_date(self.env, each.date(), date_format="d MMM") for each in (first, last)]
        return " – ".join(f"{day} {clock}" for day, clock in zip(days, clocks, strict=True))

    def _labels_of_calendars(self, reasons):
        """{calendar id: provider's label} of the connected calendars among the reasons."""
        asked = (Reason.BUSY, Reason.UNREADABLE)
        ids = {why.source for why in reasons if why.reason in asked and why.source}
        known = port.providers()
        calendars = self.env["calendar.sync.calendar"].sudo().browse(ids).exists()
        return {
            each.id: known[each.account_id.provider].label
            for each in calendars
            if each.account_id.provider in known
        }
