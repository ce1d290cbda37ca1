from markupsafe import Markup
from odoo import fields, models

from ..sync import health
from ..sync.reasons import explain
from .calendar_sync_mass import GONE_HERE, GONE_THERE
from .sync_terms import say
from .turn import GOOD

NOTICE = "mail.mail_activity_data_warning"
PAGE = "/odoo/calendar-connections"
LOST = "calendar_lost"
GRANT_ENDING = "grant_ending"
FOR_OWNER = frozenset({LOST, GONE_HERE, GONE_THERE})
"""Trouble of a connected account that only its owner can end."""


class CalendarSyncAccount(models.Model):
    """Who can mend something hears of it once: one activity for as long as the trouble lasts,
    however many turns meet it, and none after it is over."""

    _inherit = "calendar.sync.account"

    notice_code = fields.Char(
        readonly=True, copy=False, help="What the owner was told of and is not over yet."
    )

    # -- the owner --------------------------------------------------------------------------------
    def _notify_reconnect(self):
        """Tell the owner that the connection is lost."""
        for account in self.sudo():
            account._notify_owner(account.reason_code or "access_revoked")

    def _notify_owner(self, code):
        """One message with a button. Told already: only its words change, where the cause does;
        who has put it aside is left alone."""
        for account in self.sudo().with_context(mail_activity_quick_update=True):
            if account.notice_code == code:
                continue
            words = account.with_context(lang=account.user_id.lang)._notice_words(code)
            known = account._notices()
            known.write(words)
            if not known:
                account.activity_schedule(NOTICE, user_id=account.user_id.id, **words)
            account.notice_code = code

    def _notice_words(self, code):
        """Summary and note of the activity, in the language of the environment."""
        titles = {
            LOST: self.env._("Choose a calendar for your appointments"),
            GONE_THERE: self.env._("Were these appointments deleted on purpose?"),
            GONE_HERE: self.env._("Were these appointments deleted on purpose?"),
        }
        title = titles.get(code) or self.env._("Reconnect your calendar")
        reason = explain(code)
        text = f"{say(self.env, reason.sentence)} {say(self.env, reason.next_step)}"
        return {"summary": f"{title}: {self.email or ''}", "note": self._notice_note(text)}

    def _notice_note(self, text):
        return Markup('<p>%s</p><p><a class="btn btn-primary" href="%s">%s</a></p>') % (
            text, PAGE, self.env._("Open Calendar Connections"),
        )  # fmt: skip

    def _notify_moved(self):
        """Ask the owner to connect: Odoo's own sync was switched off for this one."""
        for account in self.sudo().with_context(mail_activity_quick_update=True):
            if account._notices() or account.status != "not_connected":
                continue
            account = account.with_context(lang=account.user_id.lang)  # noqa: PLW2901
            text = account.env._(
                "Your calendar moves to Calendar Sync Pro. Open Calendar, Configuration,"
                " Calendar Connections and press Authorize. Your appointments stay as they"
                " are, here and in your calendar; nothing is sent to anybody."
            )
            account.activity_schedule(
                NOTICE,
                summary=account.env._("Connect your calendar again"),
                note=account._notice_note(text),
                user_id=account.user_id.id,
            )
            account._tell_owner()

    def _notices(self):
        kind = self.env.ref(NOTICE)
        return self.activity_ids.filtered(
            lambda a: a.user_id == self.user_id and a.activity_type_id == kind
        )

    def _close_notice(self):
        """It is over: the message goes."""
        for account in self.sudo():
            account._notices().unlink()
            account.notice_code = False

    # -- when it begins and ends ------------------------------------------------------------------
    def _set_reason(self, reason_code):
        """A question that only the owner answers is asked in a message, too."""
        super()._set_reason(reason_code)
        if reason_code in FOR_OWNER:
            self._notify_owner(reason_code)

    def _apply_calendar_list(self, listed):
        """The calendar for events may have vanished, or be there again."""
        found = super()._apply_calendar_list(listed)
        self._mind_calendar()
        return found

    def _choose_calendar(self, calendar_id):
        """With another calendar for events nothing is lost any more."""
        super()._choose_calendar(calendar_id)
        self.env.flush_all()
        self.invalidate_recordset(["events_calendar_id"])
        self._mind_calendar()

    def _mind_calendar(self):
        for account in self.sudo():
            if account.is_sync_on and account.events_calendar_id.is_missing:
                account._notify_owner(LOST)
            elif account.notice_code == LOST:
                account._close_notice()

    def _close_turn(self, turn):
        """What this turn met for the first time is told, what it ended is forgotten. Commits."""
        super()._close_turn(turn)
        if turn.reason in FOR_OWNER:
            self._write_apart(lambda: self._notify_owner(turn.reason))
        elif turn.reason in health.APP_CODES:
            self._write_apart(lambda: self.sudo().app_id._notify_admin(turn.reason))
        elif turn.was_ill and turn.reason == GOOD:
            self._write_apart(self._recover)

    def _recover(self):
        """The trouble of earlier turns is over, unless it goes on although this one went well."""
        self.invalidate_recordset()
        if self.reason_code:
            return
        if self.notice_code and self.notice_code != GRANT_ENDING:  # a good turn is no new grant
            self._close_notice()
        self.sudo().app_id._close_admin_notice()

    def _write_apart(self, work):
        def write():
            work()
            self.env.cr.commit()  # pylint: disable=invalid-commit  # a message of its own

        self._retried(write)
