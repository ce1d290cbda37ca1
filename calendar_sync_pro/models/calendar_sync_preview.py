from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.settings import MAX_DAYS
from ..sync.preview import Side
from . import retention
from .sync_choices import CHOICES

LISTED = 200
_UNDER_WAY = ("reading", "ready", "running")

_NUMBERS = """
    SELECT item.side, item.result, count(*), count(link.id)
      FROM calendar_sync_preview_item item
      JOIN calendar_sync_preview preview ON preview.id = item.preview_id
      LEFT JOIN calendar_event event ON event.id = item.event_id
      LEFT JOIN LATERAL (
           SELECT one.id FROM calendar_sync_link one
            WHERE one.calendar_id = preview.calendar_id AND one.slot = ''
              AND one.state NOT IN ('closed', 'creating')
              AND (one.remote_id = item.remote_id
                   OR item.side = 'into_calendar' AND one.meeting_id = event.sync_meeting_id)
            LIMIT 1) link ON item.side != 'kept_out'
     WHERE item.preview_id = %s
     GROUP BY item.side, item.result
"""


class CalendarSyncPreview(models.Model):
    """A first sync before it is done: what would happen to each event, decided by the same code
    and written down. The run that follows carries these decisions out and says of each what became
    of it; what changed on either side meanwhile is decided anew and listed as such.
    """

    _name = "calendar.sync.preview"
    _description = "Preview of a first sync"
    _order = "id desc"

    account_id = fields.Many2one(
        "calendar.sync.account", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="account_id.user_id", store=True, index=True)
    calendar_id = fields.Many2one("calendar.sync.calendar", required=True, ondelete="cascade")
    state = fields.Selection(
        [
            ("reading", "Reading"),
            ("ready", "Ready"),
            ("running", "Syncing"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="reading",
    )
    item_ids = fields.One2many("calendar.sync.preview.item", "preview_id")
    reading = fields.Integer(default=1, help="Number of the reading; other choices begin anew.")
    cursor = fields.Char(groups=fields.NO_ACCESS)
    seen = fields.Integer(help="Events of the calendar that were read.")
    is_switch = fields.Boolean(help="Sync is on for another account, which is switched off then.")
    started_at = fields.Datetime()
    last_link_id = fields.Integer(help="Links with higher ids were made since the start.")
    ended_at = fields.Datetime()

    # -- what the page shows ----------------------------------------------------------------------
    def page(self):
        """How it stands, as plain values. Titles are shown to the calendar's owner alone."""
        self.ensure_one()
        account = self.account_id._mine()
        preview = self.sudo()
        return preview._in_numbers() | {
            "label": account._provider_label(),
            "email": account.email or "",
            "calendar": preview.calendar_id.name or "",
            "choices": preview._choices(),
            "lists": {str(side): preview._listed(side) for side in Side},
            "late": preview._late(),
            "waits": preview._waits(),
            "seen": preview.seen,
            "is_own": account.user_id == self.env.user,
            "is_sync_on": account.is_sync_on,
        }

    def _in_numbers(self):
        """What the account's card shows of it."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(_NUMBERS, [self.id])
        counts, done = dict.fromkeys(map(str, Side), 0), 0
        results = {}
        for side, result, number, linked in self.env.cr.fetchall():
            if result != "late":
                counts[side] += number
                done += linked
            results[result or ""] = results.get(result or "", 0) + number
        return {
            "id": self.id,
            "state": self.state,
            "counts": counts,
            "results": results,
            "total": sum(counts.values()) - counts[Side.KEPT_OUT],
            "done": done,
        } | self._undo_numbers()

    def _is_news(self):
        """False for one that was called off or ended more than a day ago."""
        yesterday = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        return self.state in _UNDER_WAY or (self.state == "done" and self.ended_at >= yesterday)

    def _undo_numbers(self):
        """How undoing stands: '' when there is nothing to undo, 'may', 'undoing' or 'undone'; how
        much was taken back and how much was not."""
        run = self.env["calendar.sync.run"].sudo().search([("preview_id", "=", self.id)], limit=1)
        if self.state not in ("running", "done") or not run:
            return {"undo": "", "undone": 0, "refused": 0}
        return {"undo": run.undo_state or "may", "undone": run.undone, "refused": run.refused}

    def _choices(self):
        """What may be chosen before the start, and what counts now."""
        account, policy = self.account_id, self.account_id._policy()
        options = account._fields["import_policy"]._description_selection(self.env)
        return {
            "may_choose": account.company_id.sync_allow_override,
            "import_policy": policy.import_policy.value,
            "import_options": options,
            "days_back": policy.days_back,
            "days_ahead": policy.days_ahead,
        }

    def _listed(self, side):
        domain = [("preview_id", "=", self.id), ("side", "=", side), ("result", "!=", "late")]
        items = self.env["calendar.sync.preview.item"].search(domain, limit=LISTED)
        return items._rows()

    def _late(self):
        """What the preview did not foresee, because it changed between preview and sync."""
        unforeseen = ("late", "changed", "failed")
        domain = [("preview_id", "=", self.id), ("result", "in", unforeseen)]
        return self.env["calendar.sync.preview.item"].search(domain, limit=LISTED)._rows()

    def _waits(self):
        """Why it does not get on, in words; '' when it does."""
        if self.state not in ("reading", "running"):
            return ""
        is_off = self.state == "running" and not self.account_id.is_sync_on
        if is_off and self._undo_numbers()["undo"] != "undoing":
            return self.env._("Sync is off. The first sync goes on when you turn it on again.")
        blocked = self.account_id._cleanup_blocked()
        problem = self.account_id._degraded()
        return blocked or (problem["sentence"] if problem else "")

    def _tell(self):
        for preview in self:
            preview.user_id._bus_send("calendar_sync_pro/preview", {"id": preview.id})
            preview.account_id._tell_owner()

    # -- clicks -----------------------------------------------------------------------------------
    def choose(self, import_policy=False, days_back=None, days_ahead=None):
        """Other choices for this account: the calendar is read and decided anew."""
        preview = self._checked("reading", "ready")
        account = preview.account_id
        account.with_env(self.env)._check_may_override()
        if import_policy not in dict(CHOICES["import_policy"]):
            raise UserError(self.env._("This is not a choice."))
        back, ahead = int(days_back or 0), int(days_ahead or 0)
        if not (0 <= back <= MAX_DAYS and 1 <= ahead <= MAX_DAYS):
            raise UserError(self.env._("The days to sync lie between 0 and 3650."))
        account.write(
            {"import_policy": import_policy, "has_own_window": True, "own_days_back": back,
             "own_days_ahead": ahead}
        )  # fmt: skip
        preview._read_anew()
        return True

    def look_again(self):
        """Read the calendar and decide anew, with the same choices."""
        self._checked("reading", "ready")._read_anew()
        return True

    def _read_anew(self):
        self.item_ids.unlink()
        self.write(
            {"state": "reading", "reading": self.reading + 1, "cursor": False, "seen": 0,
             "calendar_id": self.account_id.events_calendar_id.id}
        )  # fmt: skip
        self.account_id._ask_sync()
        self._tell()

    def start(self):
        """Do what the preview shows. The workers carry it out; nobody is e-mailed."""
        preview = self._checked("ready")
        account = preview.account_id
        other = account._other_with_sync()
        if preview.is_switch and other:
            other.is_sync_on = False
            other.flush_recordset(["is_sync_on"])
        newest = self.env["calendar.sync.link"].sudo().search([], order="id desc", limit=1)
        preview.write(
            {"state": "running", "started_at": fields.Datetime.now(), "last_link_id": newest.id}
        )
        account.is_sync_on = True
        preview._tell()
        return True

    def cancel(self):
        """Nothing was written on either side, and nothing will be."""
        preview = self._checked("reading", "ready")
        preview.item_ids.unlink()
        preview.write({"state": "cancelled", "ended_at": fields.Datetime.now()})
        preview._tell()
        return True

    def undo(self):
        """Take the whole first sync back, on both sides, and switch sync off."""
        preview = self._checked("running", "done")
        run = preview.env["calendar.sync.run"].search([("preview_id", "=", preview.id)], limit=1)
        return run.with_env(self.env).action_undo()

    def _checked(self, *states):
        """This preview as superuser, if the user manages its account and it is in one of
        `states`."""
        self.ensure_one()
        self.account_id._mine()
        if self.state not in states:
            raise UserError(self.env._("This preview has gone on meanwhile. Look again."))
        return self.sudo()

    @api.autovacuum
    def _drop_old(self):
        """Titles of a calendar are kept no longer than its journal."""
        limit = retention.kept_since(self.env, retention.JOURNAL)
        self.sudo().search([("write_date", "<", limit)], limit=100).unlink()
