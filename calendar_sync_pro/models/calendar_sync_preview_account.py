from odoo import fields, models
from odoo.exceptions import UserError


class CalendarSyncAccount(models.Model):
    """Switching sync on for the first time begins with a preview, unless the company skips it."""

    _inherit = "calendar.sync.account"

    preview_id = fields.Many2one(
        "calendar.sync.preview", "Preview of the first sync", readonly=True, copy=False,
        ondelete="set null",
    )  # fmt: skip
    has_own_window = fields.Boolean(readonly=True, help="Other days than the company's are synced.")
    own_days_back = fields.Integer(readonly=True)
    own_days_ahead = fields.Integer(readonly=True)

    def _days(self):
        """The days chosen for this account, where the company allows a choice."""
        if self.has_own_window and self.company_id.sync_allow_override:
            return self.own_days_back, self.own_days_ahead
        return super()._days()

    # -- beginning --------------------------------------------------------------------------------
    def _wants_preview(self):
        """True when switching on now would be this account's first sync."""
        return self.company_id.sync_preview_first and not self.synced_from

    def _check_may_start(self):
        """Nobody gets around the preview by writing the field, not even in the list of accounts."""
        super()._check_may_start()
        if not self.env.su and any(account._wants_preview() for account in self.sudo()):
            raise UserError(
                self.env._(
                    "The first sync is shown before it is done. Turn it on under Calendar"
                    " Connections, or in the user's form."
                )
            )

    def _begin(self):
        """Switch sync on, or show first what that would do."""
        if self._wants_preview():
            self._open_preview()
        else:
            self.is_sync_on = True

    def _open_preview(self, is_switch=False):
        """A preview, which the workers read in a moment; the one under way if there is one."""
        self.ensure_one()
        reason = self._toggle_reason()
        if reason and not (is_switch and self._other_with_sync()):
            raise UserError(reason)
        if self.preview_id.state in ("reading", "ready"):
            if is_switch:
                self.preview_id.is_switch = True  # it was opened before the other one was on
            return self.preview_id
        self._ensure_events_calendar()
        self.env.flush_all()
        self.invalidate_recordset(["events_calendar_id"])
        self.preview_id = self.env["calendar.sync.preview"].create(
            {"account_id": self.id, "calendar_id": self.events_calendar_id.id,
             "is_switch": is_switch}
        )  # fmt: skip
        self._ask_sync()
        self._tell_owner()
        return self.preview_id

    def set_sync(self, is_on):
        """Switch on through the preview when this is the first time. Returns the preview's id to
        show, or True."""
        self.ensure_one()
        account = self._mine()
        if is_on and not account.is_sync_on and account._wants_preview():
            return {"preview_id": account._open_preview().id}
        return super().set_sync(is_on)

    def switch_here(self):
        """The other account stays on until this one's preview is started."""
        self.ensure_one()
        account = self._mine()
        if account._wants_preview():
            return {"preview_id": account._open_preview(is_switch=True).id}
        return super().switch_here()

    def _choose_calendar(self, calendar_id):
        """Another calendar: the preview is of that one."""
        super()._choose_calendar(calendar_id)
        preview = self.sudo().preview_id
        if preview.state in ("reading", "ready") and preview.calendar_id.id != calendar_id:
            self.env.flush_all()
            self.invalidate_recordset(["events_calendar_id"])
            preview._read_anew()

    def _page_card(self):
        """The card says how the preview stands, for a day after its sync is over."""
        preview = self.preview_id.filtered(lambda one: one._is_news())
        return super()._page_card() | {"preview": preview._in_numbers() if preview else False}

    # -- the workers ------------------------------------------------------------------------------
    def _sync(self, lease):
        """A preview is read in the account's turn; a started one is an ordinary first sync, whose
        results are noted afterwards."""
        preview = self.sudo().preview_id
        was_running = preview.state == "running"  # started during this turn, it is the next one's
        is_left = False
        if preview.state == "reading":
            is_left = self.env["calendar.sync.preview.work"]._turn(self, lease, preview)
        super()._sync(lease)
        if is_left:
            self._retried(self._go_on_cleaning)
        if was_running:
            work = self.env["calendar.sync.preview.result"]
            self._retried(lambda: work._note(self, preview))
