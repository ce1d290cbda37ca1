from odoo import api, fields, models
from odoo.exceptions import UserError

from ..providers import port
from ..sync import base as stored_base
from ..sync import cleanup
from .calendar_sync_cleanup import LISTED

LEFT = "left_in_calendar"
"""Problem code of a closed link whose event still stands in the calendar: deleted in Odoo only."""


class CalendarSyncAccount(models.Model):
    """What a clean-up would do, starting it, its turn in the workers; and removing the card of an
    account that is disconnected."""

    _inherit = "calendar.sync.account"

    active = fields.Boolean(
        default=True, copy=False, readonly=True, help="Removed from the page; all else is kept."
    )
    cleanup_id = fields.Many2one(
        "calendar.sync.cleanup", "Clean-up under way", readonly=True, copy=False,
        ondelete="set null",
    )  # fmt: skip

    # -- the dry run ------------------------------------------------------------------------------
    def cleanup_plan(self):
        """What a clean-up would remove and what it would leave alone, from what Odoo knows. No
        request is made and nothing is written."""
        self.ensure_one()
        account = self._mine()
        links = account._our_links()
        guests = account._guests_on(links)
        asking = links.filtered(lambda link: guests[link.id])
        return {
            "blocked": account._cleanup_blocked(),
            "label": account._provider_label(),
            "email": account.email or "",
            "is_loud": account._is_loud(),
            "is_sync_on": account.is_sync_on,
            "calendars": account._by_calendar(links, asking),
            "total": len(links),
            "quiet": len(links) - len(asking),
            "asks": len(asking),
            "people": len(frozenset().union(*guests.values())),
            "asking": account._asking_rows(asking[:LISTED], guests),
            "kept": account._others_count(),
            "running_id": account._running_cleanup().id,
        }

    def _our_links(self):
        """Links of all events of ours that may still stand at the provider, a series once."""
        links = self.env["calendar.sync.link"].search(
            [("account_id", "=", self.id), ("slot", "=", ""), ("is_ours", "=", True),
             ("is_organizer", "=", True), ("is_copied", "=", False), ("remote_id", "!=", False),
             "|", ("state", "!=", "closed"), ("problem_code", "=", LEFT)]
        )  # fmt: skip
        return links.filtered(
            lambda link: link.problem_code not in (cleanup.CLEANED_UP, "duplicate")
        )

    def _others_count(self):
        """How many linked events were made by others, or by hand in the calendar."""
        here = [("account_id", "=", self.id), ("slot", "=", ""), ("state", "!=", "closed")]
        others = [
            "|", "|", ("is_ours", "=", False), ("is_organizer", "=", False),
            ("is_copied", "=", True),
        ]  # fmt: skip
        return self.env["calendar.sync.link"].search_count([*here, *others])

    def _guests_on(self, links):
        """{link id: addresses of its guests}, those of a series' changed occurrences included."""
        own = self._own_addresses()
        series = links.filtered(lambda link: link.meeting_id._is_series()).meeting_id
        parts = links._parts_by_series(series)
        found = {}
        for link in links:
            with_parts = (link, *parts.get((link.meeting_id.id, link.calendar_id.id), ()))
            bases = (stored_base.load(one.base) for one in with_parts)
            found[link.id] = frozenset().union(*(cleanup.guests(base, own) for base in bases))
        return found

    def _by_calendar(self, links, asking):
        rows = []
        for calendar in links.calendar_id.sorted(lambda c: (not c.is_events, c.name)):
            here = links.filtered(lambda link, c=calendar: link.calendar_id == c)
            rows.append(
                {
                    "id": calendar.id,
                    "name": calendar.name,
                    "color": calendar.color or "",
                    "count": len(here),
                    "series": len(here.filtered(lambda link: link.meeting_id._is_series())),
                    "asks": len(here & asking),
                }
            )
        return rows

    def _asking_rows(self, links, guests):
        items = self.env["calendar.sync.cleanup.item"]
        drafts = items.union(
            *(items.new({"link_id": link.id, "told_to": sorted(guests[link.id])}) for link in links)
        )
        return [row | {"id": link.id} for link, row in zip(links, drafts._rows(), strict=True)]

    def _provider_label(self):
        registration = port.providers().get(self.provider)
        return registration.label if registration else self.provider

    def _is_loud(self):
        """True where the provider mails guests about every removal."""
        registration = port.providers().get(self.provider)
        return bool(registration) and not registration.can.has_silent_writes

    def _cleanup_blocked(self):
        """Why nothing can be removed at the provider now, in words; '' when it can."""
        label = self._provider_label()
        match self.status:
            case "not_connected":
                return self.env._(
                    "This account is not connected, so nothing can be removed from %s. Connect it"
                    " again first.",
                    label,
                )
            case "reconnect_required":
                return self.env._(
                    "%s asks for a new sign-in. Reconnect first, then events can be removed.", label
                )
            case "paused":
                return self.env._(
                    "An administrator paused this connection. Events can be removed when it is"
                    " resumed."
                )
        return ""

    def _check_cleanup_allowed(self):
        blocked = self._cleanup_blocked()
        if blocked:
            raise UserError(blocked)

    def _running_cleanup(self):
        return self.cleanup_id.filtered(lambda run: run.state in ("running", "undoing"))

    # -- clicks -----------------------------------------------------------------------------------
    def cleanup_start(self, with_guests=False, turn_off=False):
        """Let the workers remove our events; returns the run's id, that of one under way if any.

        `with_guests`: also those with guests, where the provider tells them nothing. Otherwise
        they wait for a decision. `turn_off`: sync is switched off as well.
        """
        self.ensure_one()
        account = self._mine()
        account._check_cleanup_allowed()
        if turn_off:
            account.is_sync_on = False
        running = account._running_cleanup()
        return (running or account._new_cleanup(with_guests and not account._is_loud())).id

    def _new_cleanup(self, with_guests):
        links = self._our_links()
        if not links:
            raise UserError(self.env._("Odoo has put nothing there that is still there."))
        guests = self._guests_on(links)
        run = self.env["calendar.sync.cleanup"].create(
            {"account_id": self.id, "kept_count": self._others_count()}
        )
        self.env["calendar.sync.cleanup.item"].create(
            [
                {
                    "cleanup_id": run.id,
                    "link_id": link.id,
                    "told_to": sorted(guests[link.id]),
                    "state": "asks" if guests[link.id] and not with_guests else "waiting",
                    "choice": cleanup.Choice.QUIET.value if with_guests else "",
                }
                for link in links
            ]
        )
        run._start("running")
        return run

    def remove_card(self):
        """Take a disconnected account off the page. Appointments, journal and what links them
        stay; connecting the same account again goes on from there."""
        self.ensure_one()
        account = self._mine()
        if account.status != "not_connected":
            raise UserError(self.env._("Disconnect this account first."))
        account.active = False
        account._tell_owner()
        return True

    @api.model
    def _settle_sign_in(self, wish, grant, identity, calendars):
        """Whoever connects a removed account again has the card back."""
        removed = [
            ("active", "=", False), ("user_id", "=", wish.user.id),
            ("provider", "=", wish.provider), ("remote_id", "=", identity.remote_id),
        ]  # fmt: skip
        self.search(removed, limit=1).active = True
        return super()._settle_sign_in(wish, grant, identity, calendars)

    def _page_card(self):
        """The card says how the last clean-up stands."""
        run = self._running_cleanup() or self.env["calendar.sync.cleanup"].search(
            [("account_id", "=", self.id)], limit=1
        )
        return super()._page_card() | {"cleanup": run._in_numbers() if run else False}

    # -- the workers ------------------------------------------------------------------------------
    def _sync(self, lease):
        """A clean-up goes first: what it takes away must not be taken for the owner's doing."""
        run = self.sudo()._cleanup_to_do()
        is_left = bool(run) and self.env["calendar.sync.cleanup.work"]._turn(self, lease, run)
        super()._sync(lease)
        if is_left:
            self._retried(self._go_on_cleaning)

    def _cleanup_to_do(self):
        """The clean-up under way, or a stopped one that has begun events which it must let go."""
        return self._running_cleanup() or self.cleanup_id.filtered(
            lambda run: run.state == "stopped" and run._counts().get("removing")
        )

    def _go_on_cleaning(self):
        """More is to be removed: the account is due again at once."""
        self._ask_sync()
        self.env.cr.commit()  # pylint: disable=invalid-commit
