"""When people are busy on one day, live from their calendars, and when they can all meet.

Times only: no title is asked for, read or told. What Odoo itself knows counts too, private
appointments like any other.
"""

from collections import defaultdict
from datetime import timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..booking.intervals import IntervalSet, instant
from ..booking.together import starts, together
from ..providers import port
from .asking import Ask, ask_all, opened
from .availability_texts import why_unreadable
from .availability_times import (
    Person,
    drawn,
    lesser,
    midnight,
    naive,
    spans,
    text,
    texts,
    window_of,
)

MAX_PEOPLE = 20
STEP_S = 30 * 60
MAX_MINUTES = 12 * 60

_EVENTS = """
SELECT a.partner_id, extract(epoch FROM e.start)::bigint, extract(epoch FROM e.stop)::bigint,
       CASE WHEN e.allday THEN e.start_date END, CASE WHEN e.allday THEN e.stop_date END
  FROM calendar_event e
  JOIN calendar_attendee a ON a.event_id = e.id AND a.state IS DISTINCT FROM 'declined'
 WHERE a.partner_id = ANY(%s) AND e.active AND e.show_as = 'busy' AND e.id != %s
   AND e.start < %s AND e.stop > %s"""


class CalendarAvailability(models.AbstractModel):
    _name = "calendar.availability"
    _description = "Availability of people on a day"

    @api.model
    def day_of(self, partner_ids, day, zone, minutes=60, event_id=False):
        """The day of these people and the times that suit all of them.

        Args:
            day: "YYYY-MM-DD" in `zone`, the reader's IANA zone.
            minutes: how long the meeting is.
            event_id: the appointment that is being planned, which is not in its own way.

        Returns {"start", "stop", "people": [{"id", "name", "busy", "working", "source", "why",
        "read_at"}], "slots": [{"start", "stop"}], "zone"}; times are naive UTC texts, "working" is
        None where no hours are known. Commits: no transaction is open while calendars are asked.
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only colleagues can look at availability."))
        try:
            zone, window = window_of(day, zone)
        except ValueError:
            raise UserError(self.env._("This is not a day, or not a time zone.")) from None
        people = self._people(partner_ids)
        own = self._own_span(event_id)
        self._add_events(people, window, zone, own[0])
        self._add_hours(people, window)
        asks = self._asks(people)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        answers = ask_all([ask for ask, _whose in asks], window)
        for (ask, whose), answer in zip(asks, answers, strict=True):
            self._take(ask, whose, answer, own[1], window)
        minutes = min(max(int(minutes), 15), MAX_MINUTES)
        return self._told(list(people.values()), window, zone, minutes)

    # Who

    def _people(self, partner_ids):
        partners = self.env["res.partner"].browse(partner_ids[:MAX_PEOPLE]).exists()
        partners.check_access("read")
        found = {}
        for partner in partners:
            users = partner.sudo().user_ids.filtered(lambda u: u.active and u._is_internal())
            found[partner.id] = Person(partner, users[:1])
        return found

    def _own_span(self, event_id):
        """(id, {partner id: spans}) of the appointment that is being planned: the calendars of
        those who take part show it as busy, and only theirs."""
        event = self.env["calendar.event"].browse(event_id or ()).exists()
        if not event or not event.has_access("read"):
            return 0, {}
        event = event.sudo()
        spans = IntervalSet.of([(instant(event.start), instant(event.stop))])
        return event.id, dict.fromkeys(event.partner_ids.ids, spans)

    # What Odoo knows

    def _add_events(self, people, window, zone, event_id):
        self.env.flush_all()
        late, early = (naive(at) for at in (window.stop, window.start))
        day = timedelta(days=1)
        self.env.cr.execute(_EVENTS, [list(people), event_id, late + day, early - day])
        for partner_id, start, stop, first, last in self.env.cr.fetchall():
            times = (start, stop)
            if first:
                ends = (midnight(zone, at) for at in (first, last + day))
                times = tuple(instant(end.astimezone(pytz.utc)) for end in ends)
            people[partner_id].busy.append((*times, "busy"))

    def _add_hours(self, people, window):
        """Working hours without time off, of everybody who has some."""
        by_hours = defaultdict(list)
        for person in people.values():
            user = person.user.sudo()
            hours = user.resource_calendar_id or user.company_id.resource_calendar_id
            if user and hours:
                by_hours[hours].append(person)
        for hours, group in by_hours.items():
            resources = (
                self.env["resource.resource"]
                .sudo()
                .union(*(person.user.sudo().resource_ids[:1] for person in group))
            )
            found = hours._work_intervals_batch(window.start, window.stop, resources)
            for person in group:
                mine = found[person.user.sudo().resource_ids[:1].id]
                person.working = IntervalSet.of(
                    (int(start.timestamp()), int(stop.timestamp())) for start, stop, _row in mine
                )

    # What calendars say

    def _asks(self, people):
        """[(Ask, persons by id or address)]: connected people's own calendars, and the reader's
        provider for everybody else."""
        accounts = self.env["calendar.sync.account"].sudo()
        users = self.env["res.users"].sudo().union(*(p.user for p in people.values()))
        of_user = defaultdict(accounts.browse)
        for account in accounts.search(
            [("user_id", "in", users.ids), ("status", "!=", "not_connected")]
        ):
            of_user[account.user_id.id] |= account
        asks, others = [], {}
        for person in people.values():
            connected = of_user[person.user.id]
            if not connected or not self._ask_own(asks, person, connected):
                others.setdefault(person.partner.email_normalized or "", []).append(person)
        self._ask_for_others(asks, others)
        return asks

    def _ask_own(self, asks, person, accounts):
        """Add questions for the person's own calendars; False when there are none to be asked."""
        calendars = accounts.calendar_ids.filtered(
            lambda c: (c.blocks_availability or c.is_events) and not c.is_missing
        )
        if not calendars:
            return False
        person.source = "live"
        for account in calendars.account_id:
            mine = calendars.filtered(lambda c, a=account: c.account_id == a)
            provider = opened(account) if account.status == "active" else None
            if provider:
                whose = {remote_id: [person] for remote_id in mine.mapped("remote_id")}
                asks.append((Ask(provider, "busy", tuple(whose)), whose))
            else:
                code = "no_answer" if account.status == "active" else "sign_in"
                self._add_stored(person, code)
        return True

    def _ask_for_others(self, asks, others):
        """Add the question about people without a connection; the reader's account asks it."""
        for person in others.pop("", ()):
            person.source, person.why = lesser(person), "no_address"
        if not others:
            return
        account = self.env["calendar.sync.account"].sudo().search(
            [("user_id", "=", self.env.uid), ("status", "=", "active")],
            order="is_sync_on desc, id", limit=1,
        )  # fmt: skip
        registration = port.providers().get(account.provider) if account else None
        code = "no_account" if not registration else ""
        if registration and not registration.can.has_busy_of_others:
            code = "not_offered"
        provider = opened(account) if not code else None
        if provider:
            asks.append((Ask(provider, "busy_of", tuple(others)), others))
            return
        for person in (one for group in others.values() for one in group):
            person.source, person.why = lesser(person), code or "no_answer"

    def _take(self, ask, whose, answer, own, window):
        """Note what a calendar said of each person."""
        for who, persons in whose.items():
            times = answer.found.get(who)
            for person in persons:
                if isinstance(times, tuple):
                    person.busy += spans(times, own.get(person.partner.id, IntervalSet()))
                    person.source = "live" if person.source != "stored" else "stored"
                elif ask.operation == "busy":
                    self._add_stored(person, "no_answer")
                else:
                    person.source = lesser(person)
                    person.why = "no_answer" if answer.error else getattr(times, "reason", "")

    def _add_stored(self, person, code):
        """What was read before, in place of what can't be read now."""
        busy = self.env["calendar.sync.busy"].sudo()
        rows = busy.search_read(
            [("user_id", "=", person.user.id)], ["start", "stop", "kind"], load=""
        )
        person.busy += [
            (instant(row["start"]), instant(row["stop"]), row["kind"])
            for row in rows if row["kind"] not in ("free", "elsewhere")
        ]  # fmt: skip
        calendars = (
            self.env["calendar.sync.calendar"]
            .sudo()
            .search([("user_id", "=", person.user.id), ("blocks_availability", "=", True)])
        )
        read = [at for c in calendars for at in (c.last_read, c.busy_read) if at]
        person.source, person.why = "stored", code
        person.read_at = min(read) if read else None

    # What is told

    def _told(self, people, window, zone, minutes):
        span = (instant(window.start), instant(window.stop))
        slots = self._slots(people, span, minutes)
        return {
            "start": text(span[0]),
            "stop": text(span[1]),
            "zone": zone.zone,
            "people": [self._told_of(person, span) for person in people],
            "slots": [{"start": text(at), "stop": text(at + 60 * minutes)} for at in slots],
        }

    def _told_of(self, person, span):
        working = person.working
        return {
            "id": person.partner.id,
            "name": person.partner.name or person.partner.email or "",
            "source": person.source,
            "why": why_unreadable(self.env, person.why) if person.why else "",
            "read_at": fields.Datetime.to_string(person.read_at) if person.read_at else "",
            "working": None if working is None else texts(working.clip(*span)),
            "busy": [
                {"kind": kind, "start": text(start), "stop": text(stop)}
                for kind, start, stop in drawn(person.busy, span)
            ],
        }

    def _slots(self, people, span, minutes):
        """Starts that suit everybody whose times are known, from now on."""
        working = [person.working for person in people if person.working is not None]
        busy = [IntervalSet.of((a, b) for a, b, _kind in person.busy) for person in people]
        now = instant(fields.Datetime.now())
        found = starts(together(working, busy), span, 60 * minutes, STEP_S)
        return [start for start in found if start >= now]
