from odoo import models
from odoo.tools.misc import format_datetime

from ..providers import port
from . import clock
from .calendar_sync_alert import GRANT_ENDING
from .calendar_sync_connections import _iso
from .turn import GOOD


class CalendarSyncAccount(models.Model):
    """A permission that its provider gave for some time only: the owner hears of its end before,
    once, and connects again while everything still works."""

    _inherit = "calendar.sync.account"

    def _is_grant_ending(self):
        """True in the last days of a permission that ends."""
        account = self.sudo()
        is_time = account.grant_warn_at and account.grant_warn_at <= clock.now()
        return bool(is_time and account.status == "active")

    def _end_words(self):
        """Until when, and what to do, in the language and zone of the environment."""
        label = port.provider(self.provider).label
        zone = self.env.user.tz or self.user_id.tz or "UTC"
        moment = format_datetime(self.env, self.sudo().grant_ends_at, tz=zone, dt_format="short")
        return (
            self.env._(
                "%(provider)s lets Odoo in only until %(moment)s.", provider=label, moment=moment
            ),
            self.env._("Press Reconnect before then and allow access again; so nothing stops."),
        )

    # -- told once --------------------------------------------------------------------------------
    def _sync(self, lease):
        """What is known at the beginning of the turn costs no query after it."""
        lease.turn.has_ending = not self.notice_code and self._is_grant_ending()
        super()._sync(lease)

    def _close_turn(self, turn):
        """The owner is warned after a turn that is well; what is worse has its own message."""
        super()._close_turn(turn)
        if turn.has_ending and turn.reason == GOOD:
            self._write_apart(self._warn_of_end)

    def _warn_of_end(self):
        """Unless the owner has connected again meanwhile, or something else was told."""
        if not self.notice_code and self._is_grant_ending():
            self._notify_owner(GRANT_ENDING)
            self._tell_owner()

    def _notice_words(self, code):
        if code != GRANT_ENDING:
            return super()._notice_words(code)
        title = self.env._("Reconnect your calendar soon")
        words = self.with_user(self.user_id).sudo()._end_words()
        note = self._notice_note(" ".join(words))
        return {"summary": f"{title}: {self.email or ''}", "note": note}

    # -- where it shows ---------------------------------------------------------------------------
    def _page_card(self):
        """Also for how long the permission lasts, where that is known."""
        return super()._page_card() | {"grant_ends_at": _iso(self.grant_ends_at)}

    def _page_problem(self):
        problem = super()._page_problem()
        if problem or not self._is_grant_ending():
            return problem
        sentence, step = self._end_words()
        return {**self._problem("warning", "", "reconnect", sentence), "next_step": step}
