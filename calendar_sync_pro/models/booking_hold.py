from datetime import timedelta

import psycopg2
from odoo import api, fields, models
from odoo.tools import SQL

from ..booking.intervals import instant, moment

MOVED = "calendar_sync_pro.moved_bookings"
HOLD_MINUTES = 10
"""How long a time is kept for somebody who is filling in the details."""


class BookingHold(models.Model):
    """A person's time that is held or booked, with the buffers on both sides.

    PostgreSQL itself refuses a second one over the same time: no check before the insert could,
    since a transaction doesn't see what others commit meanwhile. One row per person; those of one
    appointment share `event_id`.
    """

    _name = "booking.hold"
    _description = "Held or booked time"
    _order = "start, id"

    user_id = fields.Many2one(
        "res.users", "Person", required=True, index=True, readonly=True, ondelete="cascade"
    )
    calendar_id = fields.Many2one(
        "booking.calendar", required=True, index=True, readonly=True, ondelete="restrict"
    )
    service_id = fields.Many2one("booking.service", readonly=True, ondelete="restrict")
    event_id = fields.Many2one(
        "calendar.event", "Appointment", index="btree_not_null", readonly=True, ondelete="cascade"
    )
    start = fields.Datetime(required=True, readonly=True, help="With the buffer before.")
    stop = fields.Datetime(required=True, readonly=True, help="With the buffer after.")
    buffer_before_min = fields.Integer(readonly=True)
    buffer_after_min = fields.Integer(readonly=True)
    state = fields.Selection(
        [
            ("held", "Held"),
            ("booked", "Booked"),
            ("overlapping", "Moved over another booking"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="held",
    )
    expires_at = fields.Datetime(readonly=True)
    assigned_at = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(user_id, user_id, '[]') WITH &&,"
        " tsrange(start, stop, '[)') WITH &&) WHERE (state IN ('held', 'booked'))",
        "This time was just taken.",
    )
    _ordered = models.Constraint("CHECK (start < stop)", "A time has a length.")
    _held_expires = models.Constraint(
        "CHECK ((state = 'held') = (expires_at IS NOT NULL))", "Only a hold expires."
    )
    _booked_has_event = models.Constraint(
        "CHECK (state = 'held' OR event_id IS NOT NULL)", "A booking has an appointment."
    )
    _buffers = models.Constraint(
        "CHECK (least(buffer_before_min, buffer_after_min) >= 0"
        " AND start + (buffer_before_min + buffer_after_min) * interval '1 minute' < stop)",
        "Buffers are not negative and leave time for the appointment.",
    )

    @api.model
    def _hold(self, user, calendar, service, rules, start):
        """Hold a person's time from `start` (UTC seconds) for some minutes: the new row.

        Empty when somebody else has it, also when that was committed a moment ago.
        """
        first, last = (moment(each).replace(tzinfo=None) for each in rules.stored_range(start))
        now = fields.Datetime.now()
        values = {
            "user_id": user.id,
            "calendar_id": calendar.id,
            "service_id": service.id if service else None,
            "start": first,
            "stop": last,
            "buffer_before_min": rules.buffer_before_min,
            "buffer_after_min": rules.buffer_after_min,
            "state": "held",
            "expires_at": now + timedelta(minutes=HOLD_MINUTES),
            "assigned_at": now,
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        query = SQL(
            "INSERT INTO booking_hold (%s) VALUES (%s) RETURNING id",
            SQL(", ").join(map(SQL.identifier, values)),
            SQL(", ").join(SQL("%s", value) for value in values.values()),
        )
        self.flush_model()
        return self.browse(self._unless_taken(query))

    def _unless_taken(self, query):
        """Ids that the query returns; none when the time is another's. That is nothing to log."""
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(query, log_exceptions=False)
                ids = [row[0] for row in self.env.cr.fetchall()]
        except psycopg2.errors.ExclusionViolation:
            return []
        self.invalidate_model(flush=False)
        return ids

    @api.model
    def _forget_expired(self, users):
        """Delete the expired holds of these people, in the transaction that inserts."""
        self.search(
            [
                ("user_id", "in", users.ids),
                ("state", "=", "held"),
                ("expires_at", "<=", fields.Datetime.now()),
            ]
        ).unlink()

    def _confirm(self, event):
        """The held time is booked: `event` is the appointment."""
        self.write({"state": "booked", "event_id": event.id, "expires_at": False})
        self.flush_recordset()

    def _span(self):
        """Start and stop of the appointment itself, in naive UTC, without the buffers."""
        self.ensure_one()
        return (
            self.start + timedelta(minutes=self.buffer_before_min),
            self.stop - timedelta(minutes=self.buffer_after_min),
        )

    def _start(self):
        """When the appointment itself starts, in UTC seconds."""
        return instant(self[0]._span()[0])

    def _lock_held(self):
        """Whether all of it is still held, now that nobody else can change that."""
        query = SQL(
            "SELECT id FROM booking_hold WHERE id IN %s AND state = 'held' AND expires_at > %s"
            " FOR UPDATE",
            tuple(self.ids), fields.Datetime.now(),
        )  # fmt: skip
        self.env.cr.execute(query)
        return self.env.cr.rowcount == len(self)

    # -- the appointment is moved or cancelled ---------------------------------------------------
    @api.model
    def _note_moved(self, events):
        """These appointments changed: their bookings follow when the transaction is saved."""
        noted = self.env.cr.precommit.data.setdefault(MOVED, set())
        if not noted:
            self.env.cr.precommit.add(self.sudo()._follow_noted)
        noted.update(events.ids)

    @api.model
    def _follow_noted(self):
        noted = self.env.cr.precommit.data.pop(MOVED, None)
        for booking in self.search(
            [("event_id", "in", list(noted or ())), ("state", "!=", "held")]
        ):
            booking._follow()

    def _follow(self):
        """Take the appointment's time, or free it when that was cancelled.

        Over another booking it stays an appointment like any other: somebody decided so in a
        calendar, and that is not refused here.
        """
        event = self.event_id
        first = event.start - timedelta(minutes=self.buffer_before_min)
        last = event.stop + timedelta(minutes=self.buffer_after_min)
        state = "booked" if event.active else "cancelled"
        if (self.start, self.stop, self.state) == (first, last, state):
            return
        if not self._move_to(first, last, state):
            self._move_to(first, last, "overlapping")

    def _update_range(self, first, last, before_min, after_min):
        """The rows of one appointment get another time, or none of them does."""
        self.flush_model()
        query = SQL(
            "UPDATE booking_hold SET start = %s, stop = %s, buffer_before_min = %s,"
            " buffer_after_min = %s, state = 'booked' WHERE id IN %s RETURNING id",
            first, last, before_min, after_min, tuple(self.ids),
        )  # fmt: skip
        return self._unless_taken(query)

    def _move_to(self, first, last, state):
        self.flush_model()
        query = SQL(
            "UPDATE booking_hold SET start = %s, stop = %s, state = %s WHERE id = %s RETURNING id",
            first, last, state, self.id,
        )  # fmt: skip
        return self._unless_taken(query)
