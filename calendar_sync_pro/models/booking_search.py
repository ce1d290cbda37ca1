from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

from ..booking import layers
from ..booking.assign import Booked, Mode, load_of
from ..booking.days import DAY, day_span
from ..booking.intervals import instant, moment
from ..booking.reading import Connection, Reading, unread_layers
from ..booking.slots import Person, Search

_BUSY = """
SELECT c.user_id, b.calendar_id, extract(epoch FROM b.start)::bigint,
       extract(epoch FROM b.stop)::bigint, b.kind
  FROM calendar_sync_busy b
  JOIN calendar_sync_calendar c ON c.id = b.calendar_id
  JOIN calendar_sync_account a ON a.id = c.account_id
 WHERE c.user_id = ANY(%(users)s) AND c.blocks_availability AND a.status != 'not_connected'
   AND b.start < %(stop)s AND b.stop > %(start)s"""

_EVENTS = """
SELECT u.id, e.id,
       CASE WHEN own.kind > '' THEN own.kind
            WHEN a.state = 'needsAction' AND e.user_id IS DISTINCT FROM u.id THEN 'tentative'
            ELSE 'busy' END,
       CASE WHEN e.allday THEN ARRAY[e.start_date, e.stop_date] END,
       extract(epoch FROM e.start)::bigint, extract(epoch FROM e.stop)::bigint
  FROM calendar_event e
  JOIN calendar_attendee a ON a.event_id = e.id AND a.state IS DISTINCT FROM 'declined'
  JOIN res_users u ON u.partner_id = a.partner_id
  LEFT JOIN LATERAL (
       SELECT l.show_as_kind AS kind FROM calendar_sync_link l
         JOIN calendar_sync_account s ON s.id = l.account_id AND s.user_id = u.id
        WHERE l.meeting_id = e.sync_meeting_id LIMIT 1) own ON true
 WHERE u.id = ANY(%(users)s) AND e.active AND e.show_as = 'busy'
   AND e.start < %(late)s AND e.stop > %(early)s
   AND NOT EXISTS (SELECT 1 FROM booking_hold h
                    WHERE h.event_id = e.id AND h.user_id = u.id AND h.state = 'booked')"""

_TAKEN = """
SELECT user_id, id, extract(epoch FROM start)::bigint + 60 * buffer_before_min,
       extract(epoch FROM stop)::bigint - 60 * buffer_after_min,
       60 * buffer_before_min, 60 * buffer_after_min, state = 'held'
  FROM booking_hold
 WHERE user_id = ANY(%(users)s) AND start < %(late)s AND stop > %(early)s
   AND (state = 'booked' OR (state = 'held' AND expires_at > %(now)s))"""

_READ = """
SELECT a.user_id, a.id, a.status, c.id,
       extract(epoch FROM greatest(c.last_read, c.busy_read))::bigint,
       extract(epoch FROM c.busy_until)::bigint
  FROM calendar_sync_account a
  LEFT JOIN calendar_sync_calendar c ON c.account_id = a.id AND c.blocks_availability
 WHERE a.user_id = ANY(%(users)s)"""

_LOADS = """
SELECT user_id, extract(epoch FROM start)::bigint + 60 * buffer_before_min,
       extract(epoch FROM assigned_at)::bigint, state = 'cancelled'
  FROM booking_hold
 WHERE user_id = ANY(%(users)s) AND start >= %(since)s AND state != 'held'"""


class BookingSearch(models.AbstractModel):
    """Loads what the pure booking functions ask for: a fixed number of queries for any team.

    Everything is read with superuser rights, since whoever books may not see the appointments in
    the way. Only times and ids leave this model.
    """

    _name = "booking.search"
    _description = "Search for free slots"

    @api.model
    def _search_of(self, calendar, service, start, stop, members=None, own=None):
        """The pure search for slots that start in `[start, stop)` (UTC seconds).

        `own` (a `layers.Own`) is the appointment that is being moved: it is not in its own way.
        """
        calendar = calendar.sudo()
        members = calendar.member_ids if members is None else members.sudo()
        members = members.filtered(lambda member: member.user_id.active)
        rules = calendar._rules(service)
        # A day more on both sides: buffers, and the limit per day looks at whole days.
        early, late = start - 2 * DAY, stop + rules.duration_s + 2 * DAY
        found = self._layers(calendar, members.user_id, rules, early, late)
        hours = self._hours(members, early, late, found)
        if own:
            found = {user_id: layers.without_own(each, own) for user_id, each in found.items()}
        people = tuple(
            Person(
                member.user_id.id, hours[member], tuple(found[member.user_id.id]), member._skills()
            )
            for member in members
        )
        is_collective = calendar.mode == Mode.COLLECTIVE.value
        return Search(people, rules, instant(fields.Datetime.now()), is_collective)

    @api.model
    def _layers(self, calendar, users, rules, early, late):
        """{user id: everything that stands in the way, but for working hours and days off}."""
        self.env["booking.hold"].sudo()._follow_noted()
        self.env.flush_all()
        span = {
            "users": users.ids,
            "start": _naive(early),
            "stop": _naive(late),
            "early": _naive(early - DAY),
            "late": _naive(late + DAY),
            "now": fields.Datetime.now(),
        }
        found = defaultdict(list)
        self._add_busy(found, span, rules)
        self._add_events(found, span, rules, {user.id: user.tz or "UTC" for user in users})
        self._add_taken(found, span)
        self._add_blocked(found, calendar, users, early, late)
        self._add_unread(found, calendar, users)
        return found

    def _query(self, query, parameters):
        self.env.cr.execute(query, parameters)
        return self.env.cr.fetchall()

    def _add_busy(self, found, span, rules):
        ranges = defaultdict(list)
        for user_id, calendar_id, start, stop, kind in self._query(_BUSY, span):
            if rules.blocks(kind):
                ranges[user_id, calendar_id].append((start, stop))
        for (user_id, calendar_id), each in ranges.items():
            found[user_id].append(layers.busy(calendar_id, each))

    def _add_events(self, found, span, rules, zones):
        rows = defaultdict(list)
        for user_id, event_id, kind, days, *times in self._query(_EVENTS, span):
            whole = [day_span(day, zones[user_id])[end] for end, day in enumerate(days or ())]
            if rules.blocks(kind, bool(days)):
                rows[user_id].append((event_id, *(whole or times)))
        for user_id, each in rows.items():
            found[user_id].append(layers.appointments(each))

    def _add_taken(self, found, span):
        rows = defaultdict(list)
        for user_id, *row in self._query(_TAKEN, span):
            rows[user_id].append(layers.Taken(*row))
        for user_id, each in rows.items():
            found[user_id] += layers.taken_layers(each)

    def _add_blocked(self, found, calendar, users, early, late):
        blocked = self.env["booking.blocked.time"].sudo()
        mine = blocked.search(
            ["|", ("user_id", "in", users.ids), ("calendar_id", "=", calendar.id)]
        )
        for each in mine:
            layer = layers.blocked(each._intervals(early, late), each.id)
            for user in each.user_id or users:
                found[user.id].append(layer)

    def _add_unread(self, found, calendar, users):
        found_rows = self._query(_READ, {"users": users.ids})
        accounts = self.env["calendar.sync.account"].sudo()
        accounts = accounts.browse({row[1] for row in found_rows})
        ahead = {account.id: account._days()[1] for account in accounts}
        now = instant(fields.Datetime.now())
        rows = defaultdict(list)
        for user_id, account_id, status, calendar_id, read_at, busy_until in found_rows:
            # Days are counted from some midnight of the last 24 hours.
            known_until = max(busy_until or 0, now + (ahead[account_id] - 1) * DAY)
            rows[user_id].append((status, calendar_id, read_at, known_until))
        for user_id in users.ids:
            connection, readings = _readings(rows[user_id])
            found[user_id] += unread_layers(
                connection, readings, now, is_odoo_enough=calendar.is_odoo_enough
            )

    @api.model
    def _loads(self, members):
        """{user id: what counts for whose turn it is}."""
        now = instant(fields.Datetime.now())
        since = fields.Datetime.now() - timedelta(days=31)
        booked = defaultdict(list)
        parameters = {"users": members.user_id.ids, "since": since}
        for user_id, start, assigned_at, is_cancelled in self._query(_LOADS, parameters):
            booked[user_id].append(Booked(start, assigned_at, is_cancelled))
        return {
            member.user_id.id: load_of(
                member.user_id.id, member.weight, booked[member.user_id.id], now
            )
            for member in members
        }


def _naive(seconds):
    return moment(seconds).replace(tzinfo=None)


def _readings(rows):
    """The state of a person's accounts, and the calendars that block."""
    known = [row for row in rows if row[0] != "not_connected"]
    if not rows:
        return Connection.NEVER, []
    if not known or any(status != "active" for status, *_calendar in known):
        return Connection.BROKEN, []
    return Connection.ACTIVE, [
        Reading(calendar_id, read_at, known_until=known_until)
        for _status, calendar_id, read_at, known_until in known
        if calendar_id
    ]
