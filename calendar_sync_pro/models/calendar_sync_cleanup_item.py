from odoo import fields, models

from ..sync.cleanup import CLEANED_UP
from ..sync.reasons import explain
from .calendar_sync_link_waiting import NEEDS_YOU
from .sync_terms import say


class CalendarSyncCleanupItem(models.Model):
    """One event of a clean-up, and what became of it."""

    _name = "calendar.sync.cleanup.item"
    _description = "Event of a clean-up"
    _order = "id"

    cleanup_id = fields.Many2one(
        "calendar.sync.cleanup", required=True, index=True, ondelete="cascade"
    )
    link_id = fields.Many2one("calendar.sync.link", index=True, ondelete="set null")
    state = fields.Selection(
        [
            ("waiting", "To be removed"),
            ("removing", "Being removed"),
            ("removed", "Removed"),
            ("gone", "Was gone already"),
            ("asks", "Has guests"),
            ("kept", "Kept"),
            ("failed", "Not removed"),
            ("restoring", "Being put back"),
            ("restored", "Put back"),
            ("lost", "Not put back"),
        ],
        required=True,
        default="waiting",
        index=True,
    )
    choice = fields.Char(help="What a person decided about its guests.")
    reason_code = fields.Char()
    attempts = fields.Integer()
    is_resumed = fields.Boolean(help="An earlier worker may have removed it already.")
    former_state = fields.Char(help="State of the link before.")
    former_code = fields.Char()
    base = fields.Json(groups=fields.NO_ACCESS, help="The event as it was. It holds titles.")
    told_to = fields.Json(groups=fields.NO_ACCESS, help="Addresses of the guests.")

    # -- the link while its event is taken away ---------------------------------------------------
    def _take(self):
        """From now on the workers remove these: whatever the calendar says of them is our own
        doing, and nothing more is sent there. Committed before the first request."""
        resumed = self.filtered(lambda item: item.state == "removing")
        resumed.is_resumed = True
        for item in self - resumed:
            link = item.link_id
            item.write({
                "state": "removing", "base": link.base, "is_resumed": False,
                "former_state": link.state, "former_code": link.problem_code,
            })  # fmt: skip
            link.write({"state": item._resting_state(), "problem_code": CLEANED_UP})

    def _resting_state(self):
        """The link's state once its event is removed: frozen links are known and left alone. One
        that was set aside beside a living one of the same meeting ends."""
        link = self.link_id
        beside = [
            ("calendar_id", "=", link.calendar_id.id), ("ical_uid", "=", link.ical_uid),
            ("slot", "=", link.slot), ("state", "not in", ("closed", "quarantined")),
            ("id", "!=", link.id),
        ]  # fmt: skip
        is_second = self.former_state == "quarantined" and link.search_count(beside)
        return "closed" if self.former_state == "closed" or is_second else "frozen"

    def _is_uncertain(self):
        """True when the calendar may never have had the event: its creation was begun, or waits
        for a person."""
        is_waiting = self.former_state == NEEDS_YOU and not self.base
        return is_waiting or self.former_state == "creating"

    def _give_back(self, state, reason_code=""):
        """The event stays: its link is as before, and Odoo's edits meanwhile are looked at."""
        self.ensure_one()
        link = self.link_id
        link.write({"state": self.former_state, "problem_code": self.former_code})
        self.write({"state": state, "reason_code": reason_code or False})
        if self.former_state != "closed":
            self._mark()

    def _mark(self):
        """Let the push compare these with Odoo."""
        rows = [
            {
                "account_id": link.account_id.id,
                "event_id": link.meeting_id._first_event().id,
                "meeting_id": link.meeting_id.id,
                "kind": "series" if link.meeting_id._is_series() else "event",
            }
            for link in self.link_id
        ]
        return self.env["calendar.sync.mark"].create(rows)

    # -- what a person sees -----------------------------------------------------------------------
    def _people(self):
        """Addresses of the guests that this event had."""
        return frozenset(self.told_to or ())

    def _rows(self):
        """What the reader may see of these events: titles as Odoo shows them to that person."""
        events = {item: item.link_id.meeting_id._first_event() for item in self}
        titles = self._titles(self.env["calendar.event"].union(*events.values()))
        return [
            {
                "id": item.id,
                "state": item.state,
                "title": titles.get(event.id, ""),
                "start": fields.Datetime.to_string(event.start) or "",
                "calendar": item.link_id.calendar_id.name or "",
                "people": len(item._people()),
                "reason": item._reason(),
            }
            for item, event in events.items()
        ]

    def _titles(self, events):
        """{event id: title} as the reader sees them; read on a clean cache, which is shared by
        all users of a transaction."""
        events.invalidate_recordset()
        own = events.with_user(self.env.user)._filtered_access("read")
        return {event.id: event.display_name for event in own}

    def _reason(self):
        return say(self.env, explain(self.reason_code).sentence) if self.reason_code else ""
