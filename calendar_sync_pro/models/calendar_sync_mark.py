from odoo import api, fields, models

from . import clock

NOTES = "calendar_sync_pro.notes"
UNTOUCHED = frozenset(
    {
        "sync_meeting_id",
        "sync_guid",
        "sync_slot",
        "show_lead_token",
        "cancel_reason",
        "appointment_source",
        "invitation_uid",
        "invitation_sequence",
        "access_token",
        "message_follower_ids",
        "message_ids",
        "message_main_attachment_id",
        "activity_ids",
        "need_sync",
        "google_id",
        "microsoft_id",
        "ms_universal_event_id",
        "res_model_id",
        "res_id",
        "res_model",
        "recurrence_update",
    }
)
"""Fields of an event whose change never has to reach a calendar."""

_DISPATCH = """
    WITH picked AS MATERIALIZED (
        SELECT id FROM calendar_sync_mark WHERE account_id IS NULL
         ORDER BY id LIMIT 2000 FOR UPDATE SKIP LOCKED
    ), raw AS (
        DELETE FROM calendar_sync_mark mark USING picked WHERE mark.id = picked.id
        RETURNING mark.*
    ), place AS (
        SELECT raw.*, COALESCE(event.sync_meeting_id, series.id, raw.meeting_id) AS known_id
          FROM raw
          LEFT JOIN calendar_event event ON event.id = raw.event_id
          LEFT JOIN calendar_sync_meeting series ON series.recurrence_id = event.recurrence_id
    ), hit AS (
        SELECT place.id, account.id AS account_id, place.is_notifying
          FROM place
          JOIN calendar_attendee guest ON guest.event_id = place.event_id
          JOIN res_users person ON person.partner_id = guest.partner_id
          JOIN calendar_sync_account account ON account.user_id = person.id
         WHERE account.is_sync_on
         UNION
        SELECT place.id, link.account_id, place.is_notifying AND account.is_sync_on
          FROM place
          JOIN calendar_sync_meeting part
            ON part.id = place.known_id OR part.series_id = place.known_id
          JOIN calendar_sync_link link ON link.meeting_id = part.id AND link.state != 'closed'
          JOIN calendar_sync_account account ON account.id = link.account_id
         WHERE account.is_sync_on OR place.kind = 'gone'
    )
    INSERT INTO calendar_sync_mark (account_id, event_id, res_model, meeting_id, slot, kind,
                                    is_notifying, is_answer, user_id, marked_at)
    SELECT hit.account_id, place.event_id, place.res_model, place.known_id, place.slot, place.kind,
           hit.is_notifying, place.is_answer, place.user_id, place.marked_at
      FROM hit JOIN place ON place.id = hit.id
     ORDER BY place.id
"""


class CalendarSyncMark(models.Model):
    """A note that something may need a push. Append-only: users insert, the worker deletes what it
    has read.

    A row never blocks a user's save, and deleting exactly the ids that were read loses no edit
    that came meanwhile. No foreign keys to the event: it may be gone when the mark is read.
    A user's mark names no account; the worker turns it into one mark for each account concerned,
    so that colleagues who share a meeting don't wait for each other.
    """

    _name = "calendar.sync.mark"
    _description = "Pending push"
    _order = "id"
    _log_access = False

    account_id = fields.Many2one(
        "calendar.sync.account",
        ondelete="cascade",
        index="btree_not_null",
        help="Empty until the worker found out whose calendars are concerned.",
    )
    event_id = fields.Many2oneReference(model_field="res_model", index=True)
    res_model = fields.Char(default="calendar.event")
    meeting_id = fields.Integer(index=True, help="Known meeting, also of a deleted event.")
    slot = fields.Char(help="Slot of a deleted occurrence.")
    kind = fields.Selection(
        [("event", "Event"), ("series", "Series"), ("gone", "Deleted")],
        required=True,
        default="event",
    )
    is_notifying = fields.Boolean(help="A person chose to tell the attendees.")
    is_answer = fields.Boolean(help="A person answered the invitation.")
    is_approved = fields.Boolean(
        help="A person chose to send what waits on this meeting although its guests are told."
    )
    user_id = fields.Integer(help="Who made the change.")
    marked_at = fields.Datetime(required=True, default=lambda _self: clock.now())
    not_before = fields.Datetime(help="The last try failed; the next one is then.")

    _undispatched = models.Index("(id) WHERE account_id IS NULL")

    @api.model
    def _note(self, events, kind="event"):
        """Remember in this transaction that `events` may need a push. No query, no write."""
        notes = self._notes()
        is_notifying = bool(self.env.context.get("calendar_sync_notify"))
        is_answer = bool(self.env.context.get("calendar_sync_answer"))
        for event_id in events.ids:
            note = notes.setdefault(event_id, {"kind": kind, "is_notifying": False})
            note["is_notifying"] |= is_notifying
            note["is_answer"] = is_answer or note.get("is_answer", False)
            note["user_id"] = self.env.uid

    @api.model
    def _note_gone(self, events):
        """Remember events that are about to be deleted, with what finds their links again."""
        notes = self._notes()
        for event in events.sudo():
            notes[event.id] = {
                "kind": "gone",
                "is_notifying": bool(self.env.context.get("calendar_sync_notify")),
                "user_id": self.env.uid,
                "meeting_id": event.sync_meeting_id.id or None,
                "slot": event.sync_slot or None,
            }

    @api.model
    def _settle(self, event_ids):
        """Forget the notes on events that a pull just made equal to their base.

        Only notes up to now: whatever changes such an event later in the transaction is noted
        again. A deletion stays noted.
        """
        notes = self.env.cr.precommit.data.get(NOTES, {})
        for event_id in event_ids:
            if event_id in notes and notes[event_id]["kind"] != "gone":
                del notes[event_id]

    @api.model
    def _settle_for(self, account, event_ids):
        """`_settle` after a pull of `account`, but for the copies that we keep on colleagues'
        calendars: no provider brings the change there, so it is sent."""
        self._settle(event_ids)
        if not event_ids:
            return
        events = self.env["calendar.event"]
        events.flush_model(["sync_meeting_id"])
        self.env.cr.execute(
            """SELECT DISTINCT event.id
                 FROM calendar_event event
                 JOIN calendar_sync_meeting meeting ON meeting.id = event.sync_meeting_id
                 JOIN calendar_sync_link link ON link.meeting_id IN (meeting.id, meeting.series_id)
                WHERE event.id = ANY(%s) AND link.is_ours AND link.account_id != %s
                  AND link.state NOT IN ('closed', 'frozen')""",
            [list(event_ids), account.id],
        )
        self._note(events.browse([id_ for (id_,) in self.env.cr.fetchall()]))

    @api.model
    def _notes(self):
        """This transaction's notes. Savepoints run pre-commit hooks too and empty them, so the
        collector is registered anew with the first note after that."""
        notes = self.env.cr.precommit.data.get(NOTES)
        if notes is None:
            notes = self.env.cr.precommit.data[NOTES] = {}
            # No default_… of the user's view.
            clean = self.sudo().with_context({})  # pylint: disable=context-overridden
            collector = clean.browse()
            self.env.cr.precommit.add(collector._write_noted)
        return notes

    def _write_noted(self):
        """Insert the marks of this transaction and wake the workers. Only inserts."""
        notes = self.env.cr.precommit.data.pop(NOTES, {})
        if not self._is_anybody_syncing():
            notes = {id_: note for id_, note in notes.items() if note.get("meeting_id")}
        if not notes:
            return
        now = clock.now()
        rows = [{"event_id": id_, "marked_at": now, **note} for id_, note in notes.items()]
        self.create(rows)
        self.flush_model()
        self.env["calendar.sync.account"]._schedule_now()

    @api.model
    def _is_anybody_syncing(self):
        self.env.cr.execute("SELECT 1 FROM calendar_sync_account WHERE is_sync_on LIMIT 1")
        return bool(self.env.cr.rowcount)

    @api.model
    def _dispatch(self):
        """Give each new mark to the accounts whose calendars it concerns: those of users who
        attend, and those that hold a link. A mark that concerns nobody is dropped. What was
        deleted is kept for calendars that are not synced now: once they are again, nothing else
        tells of it. Nobody is mailed that late."""
        self.env.cr.execute(_DISPATCH, log_exceptions=False)

    @api.model
    def _ready(self, account, limit):
        """The oldest marks of `account` whose time has come."""
        now = clock.now()
        domain = [("account_id", "=", account.id), "|", ("not_before", "=", False)]
        return self.sudo().search([*domain, ("not_before", "<=", now)], limit=limit, order="id")

    @api.model
    def _mark_window(self, account, window, since=None):
        """Mark for `account` the user's events in `window`, or those that came into it after
        `since` (naive UTC); without `since` also everything that is linked. Returns how many."""
        self.env.cr.execute(
            """INSERT INTO calendar_sync_mark (account_id, event_id, res_model, meeting_id, kind,
                                               marked_at)
               SELECT %(account)s, event.id, 'calendar.event', event.sync_meeting_id, 'event',
                      now() AT TIME ZONE 'UTC'
                 FROM calendar_event event
                 JOIN calendar_attendee guest ON guest.event_id = event.id
                WHERE guest.partner_id = %(partner)s AND event.active
                  AND ((event.stop >= %(start)s AND event.start < %(stop)s)
                       OR (event.opportunity_id IS NOT NULL AND event.stop >= %(start)s))
                  AND (%(since)s::timestamp IS NULL OR event.start >= %(since)s)
                  AND NOT EXISTS (
                       SELECT 1 FROM calendar_sync_link link
                        WHERE link.meeting_id = event.sync_meeting_id
                          AND link.account_id = %(account)s AND link.state != 'closed'
                          AND (%(since)s::timestamp IS NOT NULL
                               OR %(is_new)s AND event.write_date <= link.create_date))""",
            {
                "account": account.id,
                "partner": account.user_id.partner_id.id,
                "start": window.start.replace(tzinfo=None),
                "stop": window.stop.replace(tzinfo=None),
                "since": since,
                "is_new": not account.exported_until,
            },
        )
        marked = self.env.cr.rowcount
        return marked if since else marked + self._mark_linked(account)

    @api.model
    def _mark_linked(self, account):
        """Mark what is linked: it may have been edited or deleted while sync was off. Never
        synced before: only what was edited since the first listing linked it."""
        self.env.cr.execute(
            """INSERT INTO calendar_sync_mark (account_id, event_id, res_model, meeting_id, kind,
                                               marked_at)
               SELECT %s, meeting.event_id, 'calendar.event', meeting.id, 'series',
                      now() AT TIME ZONE 'UTC'
                 FROM calendar_sync_link link
                 JOIN calendar_sync_meeting meeting ON meeting.id = link.meeting_id
                WHERE link.account_id = %s AND link.state != 'closed'
                  AND meeting.series_id IS NULL
                  AND (NOT %s OR EXISTS (
                       SELECT 1 FROM calendar_event event
                        WHERE event.sync_meeting_id = meeting.id
                          AND event.write_date > link.create_date))""",
            [account.id, account.id, not account.exported_until],
        )
        return self.env.cr.rowcount
