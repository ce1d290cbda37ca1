"""So much would go at once that a person is asked first, in both directions."""

from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models

from ..core.settings import RemoteDelete
from ..sync.decide import must_ask
from . import clock
from .push_task import Send

GONE_THERE = "mass_delete"
GONE_HERE = "mass_removal"
ASK_AGAIN_DAYS = 7
FEW = 5

_REMOVED_HERE = """
    SELECT link.id FROM calendar_sync_link link
      JOIN calendar_sync_meeting meeting ON meeting.id = link.meeting_id
     WHERE link.account_id = %s AND link.slot = '' AND link.is_organizer
       AND link.state IN ('synced', 'needs_you')
       AND NOT EXISTS (SELECT 1 FROM calendar_event event
                        WHERE event.active AND (event.sync_meeting_id = meeting.id
                              OR event.id = meeting.event_id))
"""


class CalendarSyncPush(models.AbstractModel):
    _inherit = "calendar.sync.push"

    @api.model
    def _plan(self, account, marks):
        """Removals that would empty the calendar wait for the owner; the rest goes on."""
        tasks = super()._plan(account, marks)
        removals = [t for t in tasks if t.send is Send.DELETE and not t.slot and t.is_gone]
        if len(removals) <= FEW and not account.holds_removals:
            return tasks
        if account.allows_many_removed:
            return tasks
        if not account._is_emptying():
            account._end_holding()
            return tasks
        self._hold_removals(account, marks, removals)
        return [task for task in tasks if task not in removals]

    def _hold_removals(self, account, marks, removals):
        """Their marks come again later, and at once when the owner says so."""
        held = set().union(*(task.mark_ids for task in removals))
        waits = clock.now() + timedelta(days=ASK_AGAIN_DAYS)
        self.env["calendar.sync.mark"].create(
            [values | {"not_before": waits} for mark in marks if mark.id in held
             for values in mark.copy_data()]
        )  # fmt: skip
        if not account.holds_removals:
            account.holds_removals = True
            row = {"account_id": account.id, "direction": "none", "action": "stopped",
                   "rule": GONE_HERE, "new": {"gone": len(account._removed_here())}}  # fmt: skip
            self.env["calendar.sync.journal"]._log([row])
            account._notify_owner(GONE_HERE)
            account._tell_owner()


class CalendarSyncPull(models.AbstractModel):
    _inherit = "calendar.sync.pull"

    @api.model
    def _run(self, calendar, lease):
        """What the owner said about a mass deletion holds for the run that carries it out."""
        result = super()._run(calendar, lease)
        is_over = not result.has_more and not result.is_stopped
        if is_over and (calendar.allows_many_gone or calendar.keeps_many_gone):
            said = {"allows_many_gone": False, "keeps_many_gone": False}
            self._in_transaction(calendar, lease, lambda _last: calendar.sudo().write(said))
        return result

    def _surroundings(self, calendar, page, window, *, is_alone=False):
        """Kept in Odoo this once, whatever the setting is."""
        run = super()._surroundings(calendar, page, window, is_alone=is_alone)
        if calendar.keeps_many_gone:
            run.policy = replace(run.policy, remote_delete=RemoteDelete.KEEP)
        return run


class CalendarSyncCalendar(models.Model):
    _inherit = "calendar.sync.calendar"

    keeps_many_gone = fields.Boolean(
        copy=False, readonly=True, help="The owner keeps in Odoo what was deleted all at once."
    )


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    holds_removals = fields.Boolean(
        readonly=True,
        copy=False,
        help="Most appointments were deleted in Odoo; the owner is asked.",
    )
    allows_many_removed = fields.Boolean(readonly=True, copy=False)

    def _removed_here(self):
        """Links of events that Odoo no longer has and that still stand in the calendar."""
        self.env.flush_all()
        self.env.cr.execute(_REMOVED_HERE, [self.id])
        return (
            self.env["calendar.sync.link"].sudo().browse(id_ for (id_,) in self.env.cr.fetchall())
        )

    def _is_emptying(self):
        """True when more than five and more than half of the calendar's events would go."""
        here = [("account_id", "=", self.id), ("slot", "=", ""), ("is_organizer", "=", True),
                ("state", "in", ("synced", "needs_you"))]  # fmt: skip
        total = self.env["calendar.sync.link"].sudo().search_count(here)
        return must_ask(len(self._removed_here()), total)

    def _degraded(self):
        """A stopped mass deletion is asked about before anything else is told."""
        code = GONE_HERE if self.holds_removals else self.reason_code
        if self.is_sync_on and code in (GONE_HERE, GONE_THERE):
            where = "here" if code == GONE_HERE else "there"
            return self._problem("warning", code, f"mass_{where}")
        return super()._degraded()

    def _sync(self, lease):
        """A permission to remove holds until everything that it was given for is sent."""
        account = self.sudo()
        if account.allows_many_removed and not lease.has_marks:
            account.allows_many_removed = False
        super()._sync(lease)

    # -- clicks -----------------------------------------------------------------------------------
    def mass_go_on(self):
        """Button: it was on purpose; carry it out."""
        self.ensure_one()
        account = self._mine()._held()
        if account.holds_removals:
            account.write({"holds_removals": False, "allows_many_removed": True})
            account._release_marks()
        else:
            account._asked_about().action_confirm_deletions()
        account._close_notice()
        account._ask_sync()
        account._tell_owner()
        return True

    def mass_keep(self):
        """Button: it was a mistake. Odoo has its appointments (again), the calendar's side is left
        as it is; nobody is told."""
        self.ensure_one()
        account = self._mine()._held()
        if account.holds_removals:
            links = account._removed_here()
            account._marks_of(links).unlink()
            self.env["calendar.sync.discard"].sudo()._discard(links)
            account.holds_removals = False
            account._release_marks()
        else:
            account._asked_about().keeps_many_gone = True
            account._asked_about().action_confirm_deletions()
        account._close_notice()
        account._ask_sync()
        account._tell_owner()
        return True

    def mass_look(self):
        """Button: what it is about, as a list; everything stays stopped meanwhile."""
        self.ensure_one()
        account = self._mine()
        links = account._removed_here() if account.holds_removals else account._standing_links()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What stands in the calendar of %s", account.email or ""),
            "res_model": "calendar.sync.link",
            "views": [(self.env.ref("calendar_sync_pro.calendar_sync_mass_view_list").id, "list")],
            "domain": [("id", "in", links.ids)],
            "context": {"create": False},
        }

    def _asked_about(self):
        """The calendars in which a mass deletion is noticed: the one for events, and former ones
        that still hold what was booked there."""
        return self.sudo().events_calendar_id | self._former_calendars()

    def _standing_links(self):
        """What Odoo knows of these calendars."""
        here = [("calendar_id", "in", self._asked_about().ids), ("slot", "=", ""),
                ("state", "in", ("synced", "needs_you", "read_only"))]  # fmt: skip
        return self.env["calendar.sync.link"].sudo().search(here)

    def _marks_of(self, links):
        """What was to be sent about these events."""
        marks = self.env["calendar.sync.mark"].sudo()
        meetings = links.meeting_id.ids
        return marks.search([("account_id", "=", self.id), ("meeting_id", "in", meetings)])

    def _end_holding(self):
        """It answered itself: the appointments are there again, or there are many others now."""
        if self.holds_removals:
            self.holds_removals = False
            self._release_marks()
            self._close_notice()
            self._tell_owner()

    def _release_marks(self):
        """What waited for the answer is looked at again at once."""
        marks = self.env["calendar.sync.mark"].sudo()
        marks.search([("account_id", "=", self.id), ("not_before", "!=", False)]).not_before = False
