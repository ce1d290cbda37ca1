"""The rooms that a connected calendar's provider lists, read once a day or on request."""

from datetime import timedelta

from odoo import fields, models

from ..core.errors import ProviderError
from ..providers import port
from . import clock
from .availability_texts import why_unreadable
from .safe_texts import one_line

READ_EVERY = timedelta(hours=24)


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    rooms_read = fields.Datetime("Rooms read", readonly=True, copy=False)
    rooms_reason = fields.Char(readonly=True, copy=False, help="Why rooms can't be listed.")

    def refresh_rooms(self):
        """Read the list of rooms again, while the owner waits. Returns {"rooms": number} or
        {"error": sentence}. The request's transaction is committed first: none is open during
        HTTP."""
        self.ensure_one()
        account = self._mine()
        if not account._lists_rooms():
            return {"rooms": 0}
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        try:
            listed, reason = account._ask_rooms(timeout_s=8.0)
        except ProviderError as error:
            return {"error": account._why(error)}
        account._apply_rooms(listed, reason)
        return {"error": account._rooms_text()} if reason else {"rooms": len(listed)}

    def _lists_rooms(self):
        registration = port.providers().get(self.provider)
        return self.status == "active" and bool(registration and registration.can.has_rooms)

    def _pull(self, lease):
        """Read the calendars, and once a day the rooms that can be invited."""
        is_rooms_day = self.first_sync_done and self._is_rooms_day()
        pulled = super()._pull(lease)
        if is_rooms_day and not pulled.has_more:
            self._keep_rooms(lease)
        return pulled

    def _is_rooms_day(self):
        due = not self.rooms_read or self.rooms_read < clock.now() - READ_EVERY
        return due and self.is_sync_on and self._lists_rooms()

    def _keep_rooms(self, lease):
        """Take over the rooms as they are now. They are a convenience: trouble with them waits for
        the next day and never stops a sync."""
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        try:
            listed, reason = self._ask_rooms()
        except ProviderError as error:
            listed, reason = None, error.reason

        def keep():
            self._relock(lease)
            self._apply_rooms(listed, reason)
            self.env.cr.commit()  # pylint: disable=invalid-commit

        self._retried(keep)

    def _ask_rooms(self, timeout_s=20.0):
        """(rooms, '') or (none, why they can't be listed). Raises other errors of the provider."""
        provider = self._open_provider(timeout_s=timeout_s)
        self.env.cr.commit()  # pylint: disable=invalid-commit
        try:
            return provider.rooms(), ""
        except ProviderError as error:
            if error.reason != "rooms_not_allowed":
                raise
            return [], error.reason
        finally:
            provider.close()

    def _apply_rooms(self, listed, reason):
        """Keep what was listed (None: nothing was told). A room that is listed by nobody any more
        is archived; the appointments in it stay."""
        self.sudo().write({"rooms_read": clock.now(), "rooms_reason": reason or False})
        if listed is None:
            return
        rooms = self.env["calendar.sync.room"].sudo().with_context(active_test=False)
        mine = rooms.search([("account_ids", "in", self.ids)])
        addresses = [room.address.strip().lower() for room in listed]
        there = rooms.search(
            [("company_id", "=", self.company_id.id), ("address", "in", addresses)]
        )
        by_address = {room.address: room for room in there}
        new = []
        for room, address in zip(listed, addresses, strict=True):
            values = self._room_values(room, address)
            if address in by_address:
                by_address[address]._take_over_room(values, self)
            elif address not in {one["address"] for one in new}:
                new.append(values | {"account_ids": [(6, 0, self.ids)]})
        rooms.create(new)
        gone = mine.filtered(lambda room: room.address not in addresses)
        gone.write({"account_ids": [(3, self.id)]})
        gone.filtered(lambda room: not room.account_ids).active = False

    def _room_values(self, room, address):
        return {
            "name": one_line(room.name) or address,
            "capacity": max(room.capacity, 0),
            "place": one_line(room.place),
            "provider": self.provider,
            "address": address,
            "company_id": self.company_id.id,
            "active": True,
        }

    def _rooms_text(self):
        """Why the account's rooms can't be listed, in words; '' when they can."""
        return why_unreadable(self.env, self.rooms_reason) if self.rooms_reason else ""


class CalendarSyncRoom(models.Model):
    _inherit = "calendar.sync.room"

    def _take_over_room(self, values, account):
        """Write what the provider changed. Seats that nobody told stay as an administrator wrote
        them."""
        if not values["capacity"]:
            values = {name: value for name, value in values.items() if name != "capacity"}
        changed = {
            name: value for name, value in values.items()
            if name != "company_id" and (self[name] or False) != (value or False)
        }  # fmt: skip
        if account not in self.account_ids:
            changed["account_ids"] = [(4, account.id)]
        if changed:
            self.write(changed)
