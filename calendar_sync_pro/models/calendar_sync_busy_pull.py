from datetime import timedelta

from odoo import api, models

from ..core.changes import Window
from ..providers.port import BusyUnreadable
from . import bulk, clock

_COLUMNS = ("calendar_id", "user_id", "start", "stop", "kind")


class CalendarSyncBusyPull(models.AbstractModel):
    """Busy times of calendars that only block availability: times are all that is asked for."""

    _name = "calendar.sync.busy.pull"
    _description = "Inbound busy times"

    @api.model
    def _blocking(self, account):
        """The blocking calendars of the account that are not read as events."""
        return account.calendar_ids.filtered(
            lambda c: (
                c.blocks_availability
                and not c.is_missing
                and not (c.is_events and account.is_sync_on)
            )
        )

    @api.model
    def _run(self, account, lease, calendars):
        """Refresh the busy times of `calendars`."""
        window = self._window(account)
        ids = calendars.mapped("remote_id")
        provider = account._open_provider()
        pull = self.env["calendar.sync.pull"]
        pull._in_transaction(calendars[0], lease, lambda _is_last_try: None)
        try:
            found = provider.busy(ids, window)
        finally:
            provider.close()
        pull._in_transaction(
            calendars[0], lease, lambda _is_last_try: self._store(calendars, found)
        )

    def _window(self, account):
        """From now to the end of the synced time."""
        window = account._window(clock.now())
        return Window(window.start + timedelta(days=account._policy().days_back), window.stop)

    def _store(self, calendars, found):
        """Replace the times of each calendar that could be read; the others keep what is known
        and show by `busy_read` how old that is."""
        readable = calendars.filtered(
            lambda c: not isinstance(found.get(c.remote_id, BusyUnreadable("")), BusyUnreadable)
        )
        if not readable:
            return
        self.env.cr.execute(
            "DELETE FROM calendar_sync_busy WHERE calendar_id = ANY(%s)", [readable.ids]
        )
        rows = [
            (c.id, c.user_id.id, time.start, time.stop, time.kind)
            for c in readable
            for time in found[c.remote_id]
            if time.start < time.stop
        ]
        bulk.insert(self.env, "calendar.sync.busy", _COLUMNS, rows)
        readable.sudo().write({"busy_read": clock.now()})
        for calendar in readable.sudo():
            is_more_sent = getattr(found[calendar.remote_id], "is_more_sent", False)
            if calendar.is_more_sent != is_more_sent:
                calendar.is_more_sent = is_more_sent
