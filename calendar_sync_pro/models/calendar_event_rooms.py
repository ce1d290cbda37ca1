"""The Rooms tab: what can be booked, what is free at the chosen time, and what a room answered."""

import pytz
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..booking.intervals import IntervalSet, instant
from ..core.changes import Window
from .asking import Ask, ask_all, opened
from .availability_texts import why_unreadable
from .silent import SILENT

ORDER = ("free", "unknown", "busy")
"""What is offered first."""


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    room_names = fields.Char("Room", compute="_compute_rooms", compute_sudo=True)
    declined_rooms = fields.Char(
        compute="_compute_rooms",
        search="_search_declined_rooms",
        compute_sudo=True,
        help="Rooms that said no: they are taken at that time.",
    )

    @api.depends("attendee_ids.is_room", "attendee_ids.state", "attendee_ids.common_name")
    def _compute_rooms(self):
        for event in self:
            rooms = event.attendee_ids.filtered("is_room")
            declined = rooms.filtered(lambda room: room.state == "declined")
            event.room_names = ", ".join((rooms - declined).mapped("common_name"))
            event.declined_rooms = ", ".join(declined.mapped("common_name"))

    def _search_declined_rooms(self, operator, value):
        """Events with a room that said no (`!= False`); names can't be searched."""
        if operator not in ("in", "not in") or set(value) != {False}:
            return NotImplemented
        rows = Domain("is_room", "=", True) & Domain("state", "=", "declined")
        has_some = Domain("attendee_ids", "any", rows)
        return ~has_some if operator == "in" else has_some

    @api.depends("attendee_ids.is_room")
    def _compute_attendees_count(self):
        """A room is nobody's answer."""
        super()._compute_attendees_count()
        for event in self:
            rooms = event.attendee_ids.filtered("is_room")
            for state in ("accepted", "declined", "tentative"):
                answered = len(rooms.filtered(lambda room, s=state: room.state == s))
                event[f"{state}_count"] -= answered
                event.awaiting_count += answered

    # A room that declined needs its organizer

    def _compute_sync_badge(self):
        """A declined room is the organizer's trouble, whatever else is well."""
        super()._compute_sync_badge()
        now = fields.Datetime.now()
        for event in self.filtered("declined_rooms"):
            if event.user_id == self.env.user and event.active and event.stop and event.stop > now:
                event.sync_badge = "problem"
                event.sync_badge_text = event._declined_text()

    def _search_sync_badge(self, operator, value):
        found = super()._search_sync_badge(operator, value)
        if found is NotImplemented:
            return found
        mine = Domain("user_id", "=", self.env.uid) & Domain("stop", ">", fields.Datetime.now())
        return found | (mine & Domain("active", "=", True) & Domain("declined_rooms", "!=", False))

    def _declined_text(self):
        return self.env._(
            "%s said no: it is taken at this time. Choose another room or another time.",
            self.declined_rooms,
        )

    # Looking for a room

    def rooms_at(self, start, stop):
        """The rooms for a meeting from `start` to `stop` (naive UTC texts), free ones first.

        For a new event the recordset is empty. Returns {"rooms": [{"id", "name", "capacity",
        "place", "label", "state", "why"}], "booked": [{"id", "name", "capacity", "state"}],
        "note", "list_of"}; `state` is free, busy or unknown, of a booked one its answer; `list_of`
        is the reader's account whose list of rooms can be read again, or False. Commits: no
        transaction is open while the calendar is asked.
        """
        self.check_access("read")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only colleagues can book rooms."))
        begin, end = (fields.Datetime.to_datetime(at) for at in (start, stop))
        account = self._room_account()
        rooms = self.env["calendar.sync.room"]._offered_to(account)
        taken = rooms._taken(begin, end, self.id or 0)
        booked = self._booked_rooms(rooms)
        reading = self._live_rooms(account, rooms.filtered("address"), begin, end)
        left = rooms - rooms.browse(row["room_id"] for row in booked if row["room_id"])
        rows = [self._room_row(room, taken, reading) for room in left]
        rows.sort(key=lambda row: (ORDER.index(row["state"]), row["name"], row["id"]))
        is_mine = account.user_id == self.env.user and account._lists_rooms()
        note = account._rooms_text() if account else ""
        return {
            "rooms": rows, "booked": booked, "note": note, "list_of": is_mine and account.id,
        }  # fmt: skip

    def _room_account(self):
        """The organizer's account, which invites rooms; empty when nothing is connected."""
        organizer = self.sudo().user_id or self.env.user
        accounts = self.env["calendar.sync.account"].sudo()
        return accounts.search([("user_id", "=", organizer.id), ("is_sync_on", "=", True)], limit=1)

    def _booked_rooms(self, rooms):
        by_address = {room.address: room for room in rooms if room.address}
        found = []
        for guest in self.sudo().attendee_ids.filtered("is_room"):
            room = guest.room_id or by_address.get(guest.sync_email) or rooms.browse()
            found.append(
                {
                    "id": guest.id,
                    "room_id": room.id,
                    "name": guest.common_name,
                    "capacity": room.capacity,
                    "state": guest.state,
                }
            )
        return found

    def _live_rooms(self, account, rooms, start, stop):
        """{address: times, or why they can't be read}, asked now."""
        addresses = tuple(rooms.mapped("address"))
        if not addresses:
            return {}
        provider = opened(account) if account.status == "active" else None
        if provider is None:
            return dict.fromkeys(addresses, "no_answer")
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        window = Window(pytz.utc.localize(start), pytz.utc.localize(stop))
        [answer] = ask_all([Ask(provider, "busy_of", addresses)], window)
        if answer.error:
            return dict.fromkeys(addresses, "no_answer")
        return {one: _reading(answer.found.get(one)) for one in addresses}

    def _room_row(self, room, taken, reading):
        times = reading.get(room.address, IntervalSet())
        is_known = isinstance(times, IntervalSet)
        state = "free" if is_known else "unknown"
        if room.id in taken or (is_known and times):
            state = "busy"
        labels = dict(room._fields["provider"]._description_selection(self.env))
        return {
            "id": room.id,
            "name": room.name,
            "capacity": room.capacity,
            "place": room.place or "",
            "label": labels.get(room.provider, ""),
            "state": state,
            "why": "" if is_known else why_unreadable(self.env, times),
        }

    # Booking

    def book_room(self, room_id):
        """Put the room on the appointment; its calendar invites it with the next sync, and mails
        nobody. Raises UserError when another appointment in Odoo has it."""
        self.ensure_one()
        self.check_access("write")
        room = self.env["calendar.sync.room"]._offered_to(self._room_account())
        room = room.filtered(lambda one: one.id == room_id)
        if not room:
            raise UserError(self.env._("This room is no longer listed. Refresh the list."))
        room._claim()
        if room._taken(self.start, self.stop, self.id):
            raise UserError(
                self.env._("%s is taken at this time. Choose another room.", room.display_name)
            )
        guests = self.env["calendar.attendee"].sudo().with_context(**SILENT)
        if self._has_room(room):
            return True
        guests.create(self._room_guest(room))
        if not self.location:
            self.location = room.name
        return True

    def _has_room(self, room):
        return any(
            guest.room_id == room or (room.address and guest.sync_email == room.address)
            for guest in self.sudo().attendee_ids.filtered("is_room")
        )

    def _room_guest(self, room):
        """Values of the room on the guest list. One of Odoo's own is booked by that alone."""
        return {
            "event_id": self.id,
            "is_room": True,
            "room_id": room.id,
            "sync_email": room.address,
            "sync_name": room.name,
            "state": "needsAction" if room.address else "accepted",
        }

    def release_room(self, attendee_id):
        """Take a room off the appointment again."""
        self.ensure_one()
        self.check_access("write")
        guest = self.sudo().attendee_ids.filtered(lambda g: g.is_room and g.id == attendee_id)
        if guest and self.location == guest.common_name:
            self.location = False
        guest.unlink()
        return True


def _reading(times):
    """Busy times as a set, or the reason why there are none."""
    if isinstance(times, tuple):
        busy = (one for one in times if one.kind not in ("free", "elsewhere"))
        return IntervalSet.of((instant(one.start), instant(one.stop)) for one in busy)
    return getattr(times, "reason", "") or "no_answer"
