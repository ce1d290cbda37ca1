from datetime import UTC, timedelta

from odoo import fields, models

from ..core.changes import Window
from ..core.recurrence import expand
from ..sync import base
from . import clock
from .busy_times import slot_instant, span

MARGIN_DAYS = 7
"""A listing reaches this much further than the window, and is done anew when that is used up."""


class CalendarSyncCalendar(models.Model):
    """Where reading a calendar stands."""

    _inherit = "calendar.sync.calendar"

    allows_many_gone = fields.Boolean(
        copy=False, help="The owner confirmed that most events were really deleted."
    )

    def _ask(self):
        """(remote id, cursor, window) for the next request. Starts a full listing where there is
        no cursor, or where the window has moved on as far as the last listing reached."""
        self.ensure_one()
        covered = self._covered()
        if self._starts_listing():
            wanted = self.account_id._window(clock.now())
            covered = Window(wanted.start, wanted.stop + timedelta(days=MARGIN_DAYS))
            self._start_listing(covered)
        return self.remote_id, self.sudo().cursor or "", covered

    def _starts_listing(self):
        """True when the next request begins a full listing."""
        covered = self._covered()
        if not self.sudo().cursor or not covered:
            return True
        wanted = self.account_id._window(clock.now())
        return not self.is_listing and wanted.stop > covered.stop

    def _covered(self):
        if not self.window_start or not self.window_stop:
            return None
        return Window(self.window_start.replace(tzinfo=UTC), self.window_stop.replace(tzinfo=UTC))

    def _start_listing(self, window):
        self.sudo().write(
            {
                "cursor": False,
                "is_listing": True,
                "listing_run": self.listing_run + 1,
                "window_start": window.start.replace(tzinfo=None),
                "window_stop": window.stop.replace(tzinfo=None),
            }
        )

    def _relist(self):
        """The provider refused the cursor: list in full. Nothing is deleted because of that."""
        self.sudo().write({"cursor": False})

    def _save_place(self, page):
        """The cursor of a page that was applied, and the provider's clock. One statement: most
        polls find nothing else to write."""
        offset = None
        if page.server_time:
            offset = (page.server_time - clock.aware()).total_seconds()
        self.env.cr.execute(
            """UPDATE calendar_sync_calendar
                  SET last_read = %(now)s, cursor = %(cursor)s,
                      clock_offset_s = coalesce(%(offset)s, clock_offset_s)
                WHERE id = %(id)s""",
            {
                "now": clock.now(),
                "cursor": page.cursor or None,
                "offset": offset,
                "id": self.id,
            },
        )
        self.invalidate_recordset(["last_read", "cursor", "clock_offset_s"], flush=False)

    def _unseen(self, window):
        """Remote ids of links that the listing now complete did not show although they lie inside
        its window. Occurrences are judged by their series."""
        links = self.env["calendar.sync.link"].sudo().search(
            [
                ("calendar_id", "=", self.id),
                ("slot", "=", ""),
                ("state", "in", ("synced", "needs_you", "read_only")),
                ("remote_id", "!=", False),
                "|", ("seen_run", "<", self.listing_run), ("seen_run", "=", False),
            ],
            order="id",
        )  # fmt: skip
        return [link.remote_id for link in links if _is_inside(link, window)]

    def _note_reset(self, wholes, window):
        """Occurrences that were changed or taken out and are as their series again (see
        `ChangePage.wholes`): each is read at the end of the run."""
        if not wholes:
            return
        links = self.env["calendar.sync.link"].sudo().search(
            [
                ("calendar_id", "=", self.id),
                ("master_remote_id", "in", list(wholes)),
                ("state", "in", ("synced", "read_only", "cancelled")),
                ("remote_id", "!=", False), ("slot", "!=", ""),
            ]
        )  # fmt: skip
        reset = links.filtered(
            lambda link: (
                link.slot not in wholes[link.master_remote_id]
                and window.start <= slot_instant(link.slot).replace(tzinfo=UTC) < window.stop
            )
        )
        reset.filtered(lambda link: link.state == "cancelled").base = False
        if reset:
            reset._read_again(clock.now())

    def _listing_done(self):
        """Every event of the window was seen: what only blocked time and was not shown is gone."""
        self.env["calendar.sync.busy"].sudo()._drop_unseen(self)
        self.sudo().write({"is_listing": False, "allows_many_gone": False})

    def _leftovers(self, limit):
        """(remote ids, window): what waits for its series, and quarantine whose time has come."""
        links = self.env["calendar.sync.link"].sudo().search(
            [
                ("calendar_id", "=", self.id),
                ("remote_id", "!=", False),
                "|", ("state", "=", "waiting_master"),
                "&", "&", ("state", "=", "quarantined"), ("problem_code", "!=", "duplicate"),
                ("not_before", "<=", clock.now()),
            ],
            limit=limit,
            order="not_before NULLS FIRST, id",
        )  # fmt: skip
        return links.mapped("remote_id"), self._covered() if links else None

    def action_confirm_deletions(self):
        """Button: most events were really deleted in the calendar; read on and cancel them here."""
        self.account_id.check_access("write")
        self.sudo().account_id._hold()
        self.sudo().write({"allows_many_gone": True})
        self.account_id.sudo().write({"reason_code": False, "reason_since": False})
        self.account_id._ask_sync()
        return True


def _is_inside(link, window) -> bool:
    """True when the event, as last agreed, touches the window that was listed."""
    agreed = base.load(link.base)
    if agreed is None:
        return False
    if agreed.recurrence:
        return bool(expand(agreed.when, agreed.recurrence, window, limit=1))
    start, stop = (at.replace(tzinfo=UTC) for at in span(agreed.when))
    return stop > window.start and start < window.stop
