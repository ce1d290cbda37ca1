from dataclasses import replace

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..core.settings import ImportPolicy

OWN_WRITABLE = frozenset({"blocks_availability", "access_mode"})
"""What the owner and the administrator may write; everything else comes from the provider."""


class CalendarSyncCalendar(models.Model):
    """A calendar of a connected account, with where reading it stands."""

    _name = "calendar.sync.calendar"
    _description = "Remote calendar"
    _order = "is_primary desc, name, id"

    account_id = fields.Many2one(
        "calendar.sync.account", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="account_id.user_id", store=True, index=True)
    remote_id = fields.Char(required=True)
    name = fields.Char(required=True)
    color = fields.Char()
    tz = fields.Char("Time zone")
    access_role = fields.Selection(
        [
            ("owner", "Owner"),
            ("writer", "Can edit"),
            ("reader", "Read only"),
            ("free_busy", "Free/busy only"),
        ],
        required=True,
        default="reader",
    )
    can_write = fields.Boolean(required=True)
    can_invite = fields.Boolean(
        default=True, help="Its provider mails invitations and answers when asked to."
    )
    is_primary = fields.Boolean()
    is_own = fields.Boolean()
    is_missing = fields.Boolean(help="The provider no longer lists this calendar.")
    is_events = fields.Boolean("Calendar for events", copy=False)
    blocks_availability = fields.Boolean("Blocks my availability")
    access_mode = fields.Selection(
        [("full", "Full"), ("busy_only", "Busy only")], default="busy_only", required=True
    )

    cursor = fields.Char(copy=False, groups=fields.NO_ACCESS)
    listing_run = fields.Integer(copy=False, help="Number of the full listing under way or done.")
    is_listing = fields.Boolean(copy=False, help="A full listing is under way.")
    window_start = fields.Datetime(copy=False, help="Window that the cursor's listing covered.")
    window_stop = fields.Datetime(copy=False)
    clock_offset_s = fields.Float(copy=False, help="Provider's clock minus ours, in seconds.")
    last_read = fields.Datetime(copy=False)
    busy_read = fields.Datetime(copy=False)
    is_more_sent = fields.Boolean(
        copy=False,
        help="Its server sends whole events although only times are asked for.",
    )
    link_ids = fields.One2many("calendar.sync.link", "calendar_id")

    _unique_remote = models.UniqueIndex(
        "(account_id, remote_id)", "This calendar is already known."
    )
    _one_events_calendar = models.UniqueIndex(
        "(account_id) WHERE is_events", "An account has one calendar for events."
    )
    _events_is_writable = models.Constraint(
        "CHECK (NOT is_events OR can_write)",
        "A read-only calendar can't be the calendar for events.",
    )

    def write(self, values):
        """Own choices only, unless the product itself writes."""
        if not self.env.su and not OWN_WRITABLE.issuperset(values):
            raise AccessError(self.env._("Calendar sync itself keeps these values."))
        return super().write(values)

    def _unusable_reason(self):
        """Why this calendar can't be the calendar for events, in words; '' when it can."""
        words = {
            "missing": self.env._("It is no longer there. Refresh the list."),
            "free_busy": self.env._("You only see when it is busy."),
            "read_only": self.env._("Read-only: its owner doesn't let you add events."),
            "not_main": self.env._("Your company lets appointments go to the main calendar only."),
        }
        return words.get(self._unusable_code(), "")

    def _unusable_code(self):
        """The same as a code, '' when it can."""
        self.ensure_one()
        if self.is_missing:
            return "missing"
        if self.access_role == "free_busy":
            return "free_busy"
        if not self.can_write:
            return "read_only"
        if not self.is_primary and self.sudo().account_id.company_id.sync_lock_primary:
            return "not_main"
        return ""

    def _choose_for_events(self):
        """New appointments go here from now on; those in the former calendar stay there.

        Raises UserError when the calendar can't be written to.
        """
        self.ensure_one()
        calendar = self.sudo()  # the choice is the owner's or the admin's; the flags are ours
        reason = calendar._unusable_reason()
        if reason:
            raise UserError(
                self.env._("%(calendar)s: %(reason)s", calendar=calendar.name, reason=reason)
            )
        calendar.account_id._hold()
        former = calendar.account_id.calendar_ids.filtered("is_events") - calendar
        former.is_events = False
        former.flush_recordset(["is_events"])  # the database allows one at any moment
        calendar.write({"is_events": True, "access_mode": "full", "blocks_availability": True})
        calendar.account_id._ask_sync()

    def _policy(self):
        """What decides here; one that is not the calendar for events brings in nothing new."""
        policy = self.account_id._policy()
        if self.is_events:
            return policy
        return replace(policy, import_policy=ImportPolicy.NOTHING)


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    def _former_calendars(self):
        """Calendars of this account that were the one for events before and still hold what was
        booked then: it stays there and goes on being synced."""
        self.ensure_one()
        read = self.sudo().calendar_ids.filtered(
            lambda c: not c.is_events and not c.is_missing and c.access_mode == "full"
        )
        if not read:
            return read
        links = self.env["calendar.sync.link"].sudo()
        domain = [("calendar_id", "in", read.ids), ("state", "not in", ("closed", "frozen"))]
        held = links._read_group(domain, ["calendar_id"])
        return read.filtered(lambda c: (c,) in held)
