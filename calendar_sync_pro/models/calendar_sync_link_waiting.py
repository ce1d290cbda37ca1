from odoo import api, fields, models

from ..providers import port
from ..sync import base as stored_base
from . import telling
from .silent import silent

NEEDS_YOU = "needs_you"
WOULD_NOTIFY = "would_notify"
"""The adapters' reason for a write that they refuse because its provider would mail somebody."""


class CalendarSyncLink(models.Model):
    """A change that waits for a person, because the provider would mail the guests about it.

    `_would_tell()` answers beforehand, without a request: 0 means that the remote event can be
    changed and removed silently. Whoever removes events (the clean-up) lists the others instead.
    """

    _inherit = "calendar.sync.link"

    state = fields.Selection(
        selection_add=[(NEEDS_YOU, "Needs you")], ondelete={NEEDS_YOU: "set default"}
    )
    held = fields.Selection(
        [("create", "Invitation"), ("update", "Change"), ("delete", "Removal")],
        string="What waits",
        help="The provider would e-mail guests about it, so it waits for a person's decision.",
    )
    told_to = fields.Json(
        groups=fields.NO_ACCESS, help="Addresses of those whom the provider would e-mail."
    )

    # Who would be told

    def _would_tell(self):
        """How many people the provider would mail if this event were removed from the calendar
        now although nobody chose to tell them. No request is made."""
        self.ensure_one()
        return len(self._told_on_removal()[self.id])

    def _told_on_removal(self):
        """{link id: addresses of those who would be mailed by its removal}, guests of changed
        occurrences of a series among them. A fixed number of queries for any number of links."""
        links = self.sudo()
        loud = links.filtered(lambda link: link._is_loud())
        series = loud.filtered(lambda link: link.meeting_id._is_series()).meeting_id
        parts = self._parts_by_series(series)
        own = {account: account._own_addresses() for account in loud.account_id}
        found = dict.fromkeys(links.ids, frozenset())
        for link in loud:
            for one in (link, *parts.get((link.meeting_id.id, link.calendar_id.id), ())):
                agreed = stored_base.load(one.base)
                found[link.id] |= telling.by_removal(agreed, own[link.account_id])
        return found

    def _parts_by_series(self, meetings):
        """{(series meeting id, calendar id): links of its changed occurrences}."""
        if not meetings:
            return {}
        links = self.sudo().search(
            [("meeting_id.series_id", "in", meetings.ids), ("state", "!=", "closed")]
        )
        found = {}
        for link in links:
            found.setdefault((link.meeting_id.series_id.id, link.calendar_id.id), []).append(link)
        return found

    def _told_by(self, task, before=None):
        """Addresses of those whom the provider would mail about `task` (a `push_task.Task`).
        `before` is what the calendar shows where this link has not recorded it."""
        self.ensure_one()
        if not self._is_loud():
            return frozenset()
        before = stored_base.load(self.base) or before
        own = self.account_id._own_addresses()
        if task.is_gone or task.send == "delete":
            return telling.by_removal(before, own)
        names = task.names or ("attendees",)
        return telling.by_change(before, task.agreed, names, self._can().quiet_fields, own)

    def _is_loud(self):
        """True where the provider mails the guests of the owner's events whatever one asks for,
        and where it has just said so."""
        return self.is_organizer and (self.state == NEEDS_YOU or not self._can().has_silent_writes)

    def _can(self):
        registration = port.providers().get(self.account_id.provider)
        return registration.can if registration else port.Capabilities()

    def _provider_label(self):
        registration = port.providers().get(self.account_id.provider)
        return registration.label if registration else self.account_id.provider

    # The state

    def _hold(self, send, told):
        """Let a write wait for a person; `told` are the addresses of those who would be mailed
        (empty: not known). True when nothing waited here before."""
        self.ensure_one()
        values = {
            "state": NEEDS_YOU, "problem_code": WOULD_NOTIFY, "held": str(send),
            "told_to": sorted(told), "not_before": False,
        }  # fmt: skip
        is_new = self.state != NEEDS_YOU
        if any((self[name] or False) != (value or False) for name, value in values.items()):
            self.write(values)
        return is_new

    def _release(self):
        """Nothing waits for a person here any more."""
        for link in self.filtered(lambda link: link.state == NEEDS_YOU):
            state = "synced" if link.base else "creating"
            link.write({"state": state, "problem_code": False, "held": False, "told_to": False})

    def _forget_occurrence(self):
        """The occurrence is as its series again, so this calendar has nothing of its own for it.
        Its meeting goes too, unless a colleague's calendar still shows it changed."""
        self.ensure_one()
        meeting = self.meeting_id
        if meeting.link_ids != self:
            self.unlink()
            return
        rows = silent(self.env["calendar.event"]).search([("sync_meeting_id", "=", meeting.id)])
        self.env["calendar.sync.push"]._attach(rows, meeting.series_id)
        meeting.unlink()

    def _look_again(self, *, is_approved=False):
        """Mark these links, so that the next push compares them with Odoo anew. `is_approved`: a
        person chose that what waits is sent although the guests are told."""
        rows = [
            {
                "account_id": link.account_id.id,
                "event_id": link.meeting_id.event_id.id or False,
                "meeting_id": link.meeting_id.id,
                "kind": "series" if link.meeting_id._is_series() else "event",
                "is_approved": is_approved,
                "user_id": self.env.uid,
            }
            for link in self
        ]
        if rows:
            self.env["calendar.sync.mark"].sudo().create(rows)
            self.env["calendar.sync.account"]._schedule_now()

    @api.model
    def _record_agreed_many(self, agreements):
        """What waits for a person goes on waiting while the calendar's side merges in. Whether
        anything is left to send is found by comparing anew, which asks the calendar nothing."""
        waiting = self.browse(link.id for link, _r, _f in agreements if link.state == NEEDS_YOU)
        kept = {link: (link.held, link.told_to) for link in waiting.sudo()}
        super()._record_agreed_many(agreements)
        for link, (held, told) in kept.items():
            link._hold(held, told or ())
        waiting.sudo()._look_again()
