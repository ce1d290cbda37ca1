from odoo import fields, models
from odoo.exceptions import UserError

from .pull_types import STANDING

_MOVABLE = """
    SELECT count(*) FROM calendar_sync_link link
     WHERE link.account_id = ANY(%(accounts)s) AND link.calendar_id != %(here)s
       AND link.state = 'synced' AND link.slot = ''
       AND link.is_ours AND link.is_organizer AND link.remote_id IS NOT NULL
       AND NOT COALESCE(link.is_copied, FALSE) AND NOT COALESCE(link.is_moving, FALSE)
       AND COALESCE(link.problem_code, '') NOT IN ('cleaned_up', 'duplicate')
       AND %(now)s < (SELECT min(event.start) FROM calendar_event event
                       WHERE event.sync_meeting_id = link.meeting_id AND event.active)
       AND NOT EXISTS (
           SELECT FROM jsonb_array_elements(link.base->'attendees') guest
            WHERE guest->>'email' != ALL(%(own)s))
       AND NOT EXISTS (
           SELECT FROM calendar_sync_meeting meeting
             JOIN calendar_sync_link part ON part.meeting_id = meeting.id,
                  jsonb_array_elements(part.base->'attendees') guest
            WHERE meeting.series_id = link.meeting_id AND part.calendar_id = link.calendar_id
              AND part.state != 'closed' AND guest->>'email' != ALL(%(own)s))
"""


class CalendarSyncLink(models.Model):
    _inherit = "calendar.sync.link"

    is_moving = fields.Boolean(
        help="Its owner takes it along to the calendar that is in use now: it leaves this one as"
        " soon as it stands there."
    )

    def _is_left_behind(self, account):
        """What is taken along doesn't stay behind. Nor does a creation on the way whose answer
        nobody knows: the account that is in use now makes its own, and that one goes."""
        is_left = super()._is_left_behind(account) and not self.is_moving
        if not is_left or self.state != "creating":
            return is_left
        return not any(self.meeting_id.link_ids.mapped("is_moving"))

    def _was_taken_along(self):
        """True where its meeting stands in another calendar of the same account by now."""
        others = self.meeting_id.link_ids - self
        return any(link.account_id == self.account_id and link.state in STANDING for link in others)

    def _without_event(self):
        """Those of which Odoo has nothing to take along any more: deleted or cancelled."""
        standing = self._spans()
        return self.filtered(
            lambda link: (
                link.meeting_id not in standing
                or link.meeting_id.event_id.appointment_state == "cancelled"
            )
        )

    def _mark_for(self, accounts):
        """Let the workers look at these meetings: `accounts` says for whose calendar, by link."""
        self.env["calendar.sync.mark"].sudo().create(
            [
                {
                    "account_id": accounts[link].id,
                    "event_id": link.meeting_id._first_event().id,
                    "meeting_id": link.meeting_id.id,
                    "kind": "series" if link.meeting_id._is_series() else "event",
                    "user_id": self.env.uid,
                }
                for link in self
            ]
        )
        self.env["calendar.sync.account"]._schedule_now()

    def _spans(self):
        """{meeting: (start of its first date, start of its last one)} of what Odoo has."""
        rows = self.env["calendar.event"].sudo()
        found = rows._read_group(
            [("sync_meeting_id", "in", self.meeting_id.ids)],
            ["sync_meeting_id"],
            ["start:min", "start:max"],
        )
        return {meeting: (first, last) for meeting, first, last in found}


class CalendarSyncAccount(models.Model):
    """Taking upcoming appointments along to another account or another calendar of one account.

    First they are made in the new calendar, each under a chosen id as ever, then a clean-up takes
    those that have arrived out of the former one. Whatever is killed in between, an appointment
    stands in at least one calendar, and nobody is told.
    """

    _inherit = "calendar.sync.account"

    is_taking_along = fields.Boolean(
        readonly=True, copy=False, help="Something is on its way here from a former account."
    )

    def write(self, values):
        """Who goes on to a third account in the middle of a move takes the rest along there."""
        if values.get("is_sync_on"):
            accounts = self.sudo()
            moving = accounts.user_id.calendar_sync_account_ids.filtered("is_taking_along").user_id
            accounts.filtered(lambda one: one.user_id in moving).is_taking_along = True
        return super().write(values)

    # -- what would move --------------------------------------------------------------------------
    def _move_plan(self):
        """(links that may move, how many stay because guests would be told, how many because they
        began already) of what this account's owner has in other calendars."""
        self.ensure_one()
        accounts, home = self.user_id.calendar_sync_account_ids, self.events_calendar_id
        none = self.env["calendar.sync.link"]
        if not self.is_sync_on or not home:
            return none, 0, 0
        links = none.union(*(account._our_links() for account in accounts)).filtered(
            lambda link: link.state == "synced" and not link.is_moving and link.calendar_id != home
        )
        now, guests, span = fields.Datetime.now(), {}, links._spans()
        upcoming = links.filtered(lambda link: span.get(link.meeting_id, (now, now))[1] > now)
        for account in accounts:
            guests |= account._guests_on(
                upcoming.filtered(lambda link, a=account: link.account_id == a)
            )
        alone = upcoming.filtered(lambda link: not guests[link.id])
        free = alone.filtered(lambda link: span[link.meeting_id][0] > now)
        return free, len(upcoming - alone), len(alone - free)

    def _movable_count(self):
        """How many links `_move_plan` would name; one statement, whatever stands there."""
        accounts, home = self.user_id.calendar_sync_account_ids, self.events_calendar_id
        if not self.is_sync_on or not home:
            return 0
        self.env.flush_all()
        own = sorted(frozenset().union(*(account._own_addresses() for account in accounts)))
        facts = {"accounts": accounts.ids, "here": home.id, "own": own}
        self.env.cr.execute(_MOVABLE, facts | {"now": fields.Datetime.now()})
        return self.env.cr.fetchone()[0]

    def _page_card(self):
        """The card offers to take along what stands in former calendars."""
        return super()._page_card() | {"movable": self._movable_count()}

    # -- clicks -----------------------------------------------------------------------------------
    def action_move_here(self):
        """Open the dialog that says what would move."""
        self.ensure_one()
        self._mine()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move upcoming appointments"),
            "res_model": "calendar.sync.move",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    def _move_here(self):
        """Let the workers make them here, and take them out there when they have arrived."""
        account = self._mine()
        links = account._move_plan()[0]
        for former in links.account_id:
            former._check_cleanup_allowed()
            if former._running_cleanup():
                raise UserError(self.env._("Another clean-up of this account is running."))
        links.is_moving = True
        # Also there: whoever goes back before the worker came has the rest stay where it is.
        (account | links.account_id).is_taking_along = True
        links._mark_for(dict.fromkeys(links, account))
        return len(links)

    # -- the workers ------------------------------------------------------------------------------
    def _sync(self, lease):
        """What has arrived here leaves the former calendar, whoever was killed in between."""
        is_moving = self.sudo().is_taking_along  # before a commit, read with the rest of the row
        super()._sync(lease)
        if is_moving and self.is_sync_on:
            self._retried(self._clear_former)

    def _clear_former(self):
        """Take out what stands twice by now; who went back to the calendar that something was to
        leave keeps it there, and its copy goes. What was deleted meanwhile stays a link like any
        other: its deletion takes the ordinary way."""
        links = self.env["calendar.sync.link"].sudo()
        accounts = self.user_id.calendar_sync_account_ids
        going = links.search([("is_moving", "=", True), ("account_id", "in", accounts.ids)])
        staying = going.filtered(lambda link: link.calendar_id == self.events_calendar_id)
        staying.is_moving = False
        others = links.search(
            [("meeting_id", "in", going.meeting_id.ids), ("account_id", "in", accounts.ids),
             ("slot", "=", ""), ("is_ours", "=", True), ("is_organizer", "=", True),
             ("is_moving", "=", False), ("state", "not in", ("closed", "frozen"))]
        ) - staying  # fmt: skip
        moving = going - staying
        arrived = others.filtered(lambda link: link.state == "synced").meeting_id
        begun = others.filtered(lambda link: link.state == "creating" and link.account_id != self)
        leaving = (moving | begun).filtered(lambda link: link.meeting_id in arrived)
        leaving |= others.filtered(lambda link: link.meeting_id in staying.meeting_id)
        gone = moving.filtered(lambda link: link.meeting_id not in others.meeting_id)
        gone = gone._without_event()
        gone.is_moving = False
        gone._mark_for({link: link.account_id for link in gone})
        for former in leaving.account_id:
            former._take_out(leaving.filtered(lambda link, a=former: link.account_id == a))
        if not moving - gone:
            accounts.sudo().is_taking_along = False
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _take_out(self, links):
        """A clean-up of these links alone, or as a part of the one under way."""
        run = self._running_cleanup()
        if run.state == "undoing":
            return
        is_new = not run
        run = run or self.env["calendar.sync.cleanup"].sudo().create({"account_id": self.id})
        items = self.env["calendar.sync.cleanup.item"].sudo()
        items.create([{"cleanup_id": run.id, "link_id": link.id} for link in links])
        links.is_moving = False
        if is_new:
            run._start("running")
        else:
            self._ask_sync()
