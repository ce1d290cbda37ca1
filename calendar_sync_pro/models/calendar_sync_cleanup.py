from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sync.cleanup import Choice
from . import retention

LISTED = 100


class CalendarSyncCleanup(models.Model):
    """One clean-up: removes from the provider what we created there, in the workers.

    It only takes away at the provider. Odoo's appointments stay; their links are frozen, so that
    nothing is sent again until the run is undone.
    """

    _name = "calendar.sync.cleanup"
    _description = "Calendar clean-up"
    _order = "id desc"

    account_id = fields.Many2one(
        "calendar.sync.account", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="account_id.user_id", store=True, index=True)
    state = fields.Selection(
        [
            ("running", "Removing"),
            ("stopped", "Stopped"),
            ("done", "Done"),
            ("undoing", "Putting back"),
            ("undone", "Put back"),
        ],
        required=True,
        default="running",
    )
    item_ids = fields.One2many("calendar.sync.cleanup.item", "cleanup_id")
    kept_count = fields.Integer(help="Events that others made, seen at the start.")
    ended_at = fields.Datetime()

    # -- what the pages show ----------------------------------------------------------------------
    def progress(self):
        """How the run stands, as plain values."""
        self.ensure_one()
        self.account_id._mine()
        run = self.sudo()
        counts = run._counts()
        asking = run.item_ids.filtered(lambda item: item.state == "asks")
        failed = run.item_ids.filtered(lambda item: item.state in ("failed", "kept", "lost"))
        return run._in_numbers(counts) | {
            "label": run.account_id._provider_label(),
            "email": run.account_id.email or "",
            "is_loud": run.account_id._is_loud(),
            "is_sync_on": run.account_id.is_sync_on,
            "waits": run._waits(),
            "asking": asking[:LISTED]._rows(),
            "people": len(frozenset().union(*(item._people() for item in asking))),
            "told": len(run._told()),
            "trouble": failed[:LISTED]._rows(),
        }

    def _told(self):
        """Addresses of those whom the provider told of removals, because a person chose so."""
        told = self.item_ids.filtered(lambda item: item.choice == Choice.TELL)
        gone = told.filtered(lambda item: item.state not in ("waiting", "removing", "asks"))
        return frozenset().union(*(item._people() for item in gone))

    def _in_numbers(self, counts=None):
        counts = self._counts() if counts is None else counts
        is_back = self.state in ("undoing", "undone")
        done = ("restored", "lost") if is_back else ("removed", "gone", "failed")
        left = ("removed", "restoring") if is_back else ("waiting", "removing")
        number_done = sum(counts.get(state, 0) for state in done)
        return {
            "id": self.id,
            "state": self.state,
            "counts": counts,
            "done": number_done,
            "total": number_done + sum(counts.get(state, 0) for state in left),
            "asks": counts.get("asks", 0),
            "kept_count": self.kept_count,
            "started": fields.Datetime.to_string(self.create_date),
            "may_put_back": self.state in ("done", "stopped")
            and bool(counts.get("removed") or counts.get("restoring")),
        }

    def _counts(self):
        """{item state: number}."""
        items = self.env["calendar.sync.cleanup.item"]
        found = items._read_group([("cleanup_id", "=", self.id)], ["state"], ["__count"])
        return dict(found)

    def _waits(self):
        """Why a run that is under way does not get on, in words; '' when it does."""
        if self.state not in ("running", "undoing"):
            return ""
        blocked = self.account_id._cleanup_blocked()
        problem = self.account_id._degraded()
        return blocked or (problem["sentence"] if problem else "")

    def _tell(self):
        """Open pages show the progress."""
        for run in self:
            for user in run.user_id | run.create_uid:
                user._bus_send("calendar_sync_pro/cleanup", {"id": run.id})
            run.account_id._tell_owner()

    # -- clicks -----------------------------------------------------------------------------------
    def stop(self):
        """Stop; what was removed stays removed until it is put back."""
        run = self._checked("running", "undoing", is_served=False)
        run.state = "stopped"
        run.account_id._ask_sync()
        run._tell()
        return True

    def go_on(self):
        """Go on where it was stopped, with the removal or with putting back."""
        run = self._checked("stopped")
        is_back = not {"restoring", "restored"}.isdisjoint(run._counts())
        run._start("undoing" if is_back else "running")
        return True

    def put_back(self):
        """Create again what this run removed. Nobody is mailed."""
        self._checked("done", "stopped")._start("undoing")
        return True

    def decide(self, item_ids, choice):
        """Remove events with guests after all: `choice` is "tell" (the provider mails the guests)
        or, where it can be silent, "quiet". Without `item_ids` all that were asked about."""
        run = self._checked("running", "done")
        if choice == Choice.QUIET and run.account_id._is_loud():
            raise UserError(self.env._("This calendar tells the guests about every removal."))
        items = run.item_ids.filtered(
            lambda item: item.state == "asks" and (not item_ids or item.id in item_ids)
        )
        items.write({"state": "waiting", "choice": Choice(choice).value, "attempts": 0})
        run._start("running")
        return True

    def _checked(self, *states, is_served=True):
        """This run as superuser, if the user manages its account and it is in one of `states`.
        `is_served`: only while the provider can be reached."""
        self.ensure_one()
        account = self.account_id._mine()
        if self.state not in states:
            raise UserError(self.env._("This clean-up has gone on meanwhile. Look again."))
        if is_served:
            account._check_cleanup_allowed()
        return self.sudo()

    def _start(self, state):
        """Let the workers take it up as soon as this transaction is committed."""
        account = self.account_id
        other = account.cleanup_id - self
        if other.state in ("running", "undoing"):
            raise UserError(self.env._("Another clean-up of this account is running."))
        self.write({"state": state, "ended_at": False})
        account.cleanup_id = self
        account._ask_sync()
        self._tell()

    def _end(self):
        """Nothing is left to do for the workers. A run stopped meanwhile ends when it goes on."""
        ends = {"running": "done", "undoing": "undone"}
        if self.state not in ends:
            return
        self.write({"state": ends[self.state], "ended_at": fields.Datetime.now()})
        self.account_id.cleanup_id = False
        self._tell()

    @api.autovacuum
    def _drop_old(self):
        """A run can be undone for as long as the journal is kept."""
        limit = retention.kept_since(self.env, retention.JOURNAL)
        old = [("ended_at", "<", limit), ("state", "not in", ("running", "undoing"))]
        self.sudo().search(old, limit=100).unlink()
