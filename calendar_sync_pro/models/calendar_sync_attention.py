from odoo import api, fields, models
from odoo.fields import Domain

from ..sync import base as stored_base
from ..sync import reasons
from .calendar_sync_early import BEING_CONNECTED
from .calendar_sync_link_waiting import NEEDS_YOU, WOULD_NOTIFY


class CalendarSyncLink(models.Model):
    """The list of what needs its owner: decisions, and events that could not be synced.

    Also events that Odoo no longer has stand here, so titles and times come from what both sides
    last agreed on. They are shown to the calendar's owner alone.
    """

    _inherit = "calendar.sync.link"

    needs_attention = fields.Boolean(
        compute="_compute_needs_attention", search="_search_needs_attention"
    )
    event_title = fields.Char(compute="_compute_agreed")
    event_start = fields.Datetime(compute="_compute_agreed")
    told_count = fields.Integer(compute="_compute_agreed")
    attention_text = fields.Char(compute="_compute_agreed")

    @api.model
    def _attention_domain(self):
        """Links with trouble that does not pass by itself."""
        stuck = Domain("state", "=", NEEDS_YOU) | (
            Domain("state", "=", "quarantined") & Domain("problem_code", "!=", BEING_CONNECTED)
        )
        ill = stuck | Domain("problem_code", "not in", [False, "", *reasons.PASSING])
        return ill & Domain("state", "not in", ["closed", "frozen"])

    @api.depends("state", "problem_code")
    def _compute_needs_attention(self):
        for link in self:
            is_over = link.state in ("closed", "frozen")
            has_trouble = link.problem_code and link.problem_code not in reasons.PASSING
            is_early = link.problem_code == BEING_CONNECTED
            is_stuck = link.state == NEEDS_YOU or (link.state == "quarantined" and not is_early)
            link.needs_attention = not is_over and bool(is_stuck or has_trouble)

    def _search_needs_attention(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return self._attention_domain()

    @api.depends("base", "state", "problem_code", "told_to")
    @api.depends_context("uid")
    def _compute_agreed(self):
        for link in self:
            told = link.sudo()
            is_own = told.account_id.user_id == self.env.user
            agreed = stored_base.load(told._agreed_or_series()) if is_own else None
            start, title = told._shown_as(agreed) if is_own else (False, "")
            link.event_start, link.event_title = start, title
            link.told_count = len(told.told_to or ()) if is_own else 0
            link.attention_text = link._attention_words()

    def _agreed_or_series(self):
        """The base; of a changed occurrence without one the series'."""
        if self.base or not self.meeting_id.series_id:
            return self.base
        master = self.meeting_id.series_id.link_ids.filtered(
            lambda one: one.calendar_id == self.calendar_id
        )
        return master[:1].base

    def _shown_as(self, agreed):
        """(start, title) as the owner knows the event: what Odoo has, else what was agreed."""
        event = self.meeting_id._first_event() or self.meeting_id.event_id
        if event:
            return event.start, event.name
        if agreed is None:
            return False, ""
        # Who was invited to one occurrence alone has no series of it.
        series = self.meeting_id.series_id
        when = series._occurrence(self.slot) if series and self.slot else agreed.when
        start = when.start
        is_moment = hasattr(start, "tzinfo")
        naive = start.replace(tzinfo=None) if is_moment else fields.Datetime.to_datetime(start)
        return naive, agreed.title

    def _attention_words(self):
        if self.state == NEEDS_YOU:
            return self.env._("Waits for your decision")
        code = self.problem_code or ("malformed" if self.state == "quarantined" else "")
        return self.env["calendar.event"]._sync_reason(code, self.sudo()._provider_label())

    def action_open_event(self):
        """The appointment; nothing to open for one that Odoo no longer has."""
        self.ensure_one()
        self.check_access("read")
        event = self.sudo().meeting_id._first_event()
        if not event:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": "calendar.event",
            "res_id": event.id,
            "views": [(False, "form")],
            "context": {"active_test": False},
        }


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    def _page_card(self):
        return super()._page_card() | {"attention": self._page_attention()}

    def _page_attention(self):
        """{"decide", "other", "people"}: events that wait for a decision, other events that need
        the owner, and how many people would be told."""
        links = self.env["calendar.sync.link"].sudo()
        found = links.search(links._attention_domain() & Domain("account_id", "=", self.id))
        waiting = found.filtered(lambda link: link.problem_code == WOULD_NOTIFY)
        return {
            "decide": len(waiting),
            "other": len(found) - len(waiting),
            "people": waiting._people_to_tell(),
        }
