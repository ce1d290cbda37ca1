"""Busy times beyond the synced days, as far ahead as somebody can be booked."""

from datetime import UTC, timedelta

from odoo import api, fields, models

from ..core.changes import Window
from ..providers.port import BusyUnreadable
from . import bulk, clock
from .calendar_sync_busy_pull import _COLUMNS

MARGIN = timedelta(days=2)
"""The last bookable day ends in another zone, and the appointment after it."""


class CalendarSyncCalendarAhead(models.Model):
    _inherit = "calendar.sync.calendar"

    busy_until = fields.Datetime(
        readonly=True, copy=False, help="Busy times are known up to then, beyond the synced days."
    )


class CalendarSyncBusyAhead(models.AbstractModel):
    """Events are read for the synced days. What is further ahead only blocks, so times are all
    that is asked for there."""

    _inherit = "calendar.sync.busy.pull"

    @api.model
    def _reach(self, account):
        """Up to when (aware) the account's owner can be booked; None for who can't be."""
        members = self.env["booking.member"].sudo().search([("user_id", "=", account.user_id.id)])
        calendars = members.calendar_id.filtered("active")
        services = calendars.service_ids.filtered("has_own_rules")
        days = [each.advance_days for each in (*calendars, *services)]
        if not days:
            return None
        return clock.now().replace(tzinfo=UTC) + timedelta(days=max(days)) + MARGIN

    def _window(self, account):
        """Times of calendars that only block are read as far ahead as somebody can be booked."""
        window = super()._window(account)
        reach = self._reach(account)
        return Window(window.start, max(window.stop, reach)) if reach else window

    def _store(self, calendars, found):
        super()._store(calendars, found)
        for account, group in calendars.grouped("account_id").items():
            self._note_reach(group, found, self._window(account).stop)

    def _note_reach(self, calendars, found, until):
        """Remember up to when times are known; of what could not be read, nothing ahead is."""
        for calendar in calendars.sudo():
            is_read = not isinstance(
                found.get(calendar.remote_id, BusyUnreadable("")), BusyUnreadable
            )
            calendar.busy_until = until.replace(tzinfo=None) if is_read else False

    @api.model
    def _ahead(self, account):
        """The calendar for events and what of it is read as busy times; None when nothing is."""
        calendar = account.events_calendar_id
        if not (account.is_sync_on and calendar.blocks_availability):
            return None
        reach, stop = self._reach(account), account._window(clock.now()).stop
        return (calendar, Window(stop - MARGIN, reach)) if reach and reach > stop else None

    @api.model
    def _run_ahead(self, account, lease):
        """Refresh what blocks beyond the synced days. Raises ProviderError, LeaseLost."""
        asked = self._ahead(account)
        if not asked:
            return
        calendar, window = asked
        remote_id, pull = calendar.remote_id, self.env["calendar.sync.pull"]
        provider = account._open_provider()
        pull._in_transaction(calendar, lease, lambda _is_last_try: None)
        try:
            found = provider.busy([remote_id], window)
        finally:
            provider.close()
        pull._in_transaction(
            calendar, lease, lambda _is_last_try: self._store_ahead(calendar, found, window)
        )

    def _store_ahead(self, calendar, found, window):
        """Replace the times beyond the synced days; they have no entry's id, the others have."""
        times = found.get(calendar.remote_id, BusyUnreadable(""))
        if not isinstance(times, BusyUnreadable):
            self.env.cr.execute(
                "DELETE FROM calendar_sync_busy WHERE calendar_id = %s AND remote_id IS NULL",
                [calendar.id],
            )
            rows = [
                (calendar.id, calendar.user_id.id, time.start, time.stop, time.kind)
                for time in times
                if time.start < time.stop
            ]
            bulk.insert(self.env, "calendar.sync.busy", _COLUMNS, rows)
        self._note_reach(calendar, found, window.stop)
