from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date, format_datetime

from ..providers import port
from ..sync import base, odoo_values
from .calendar_sync_link_waiting import NEEDS_YOU
from .calendar_sync_undo import RULE

_WRITTEN = (
    ("in", "create"), ("in", "update"), ("in", "cancel"), ("in", "decline"), ("out", "create"),
    ("out", "update"), ("out", "delete"), ("out", "cleanup"), ("none", "merge"),
)  # fmt: skip
_RESTORABLE = ("conflict", "discard")
_AGAIN = ("cleanup_running", "internal_error")
"""Why an undo failed that may work another time."""


class CalendarSyncJournal(models.Model):
    """The journal as its owner reads it: each row in words, what can be taken back, and why not."""

    _inherit = "calendar.sync.journal"

    undo_state = fields.Selection(
        [("waiting", "Being undone"), ("undone", "Undone"), ("refused", "Could not be undone")],
        readonly=True,
    )
    undo_code = fields.Char(readonly=True)
    event_title = fields.Char("Event", compute="_compute_words")
    way = fields.Char("From → to", compute="_compute_words")
    sentence = fields.Text("What and why", compute="_compute_words")
    changes = fields.Text("Old → new", compute="_compute_words")
    undo_text = fields.Char("Undo", compute="_compute_undo")
    can_undo = fields.Boolean(compute="_compute_undo")
    can_restore = fields.Boolean(compute="_compute_undo")

    # -- in words ---------------------------------------------------------------------------------
    @api.depends("event_id", "old", "new", "action", "rule", "direction", "link_id")
    @api.depends_context("uid", "lang", "tz")
    def _compute_words(self):
        for row in self:
            said = self.env["calendar.event"]._story_of_entry(row)
            row.event_title = row._title()
            row.way = f"{said['from']} → {said['to']}" if said["from"] else ""
            row.sentence = said["sentence"]
            row.changes = " · ".join(map(row._line_in_words, said["lines"]))

    def _title(self):
        """The event's title as the reader sees it, else the last one that was agreed."""
        own = self.event_id._filtered_access("read") if self.event_id else self.event_id
        old = self.old or {}
        title = own.display_name or old.get("title") or old.get("was")
        return title or self.link_id.sudo().event_title or ""

    @api.depends("event_title", "sentence")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.event_title or row.sentence

    def _line_in_words(self, line):
        old, new = (self._moment_in_words(line[side]) for side in ("old", "new"))
        return f"{line['name']}: {old} → {new}" if old else f"{line['name']}: {new}"

    def _moment_in_words(self, value):
        """Times in the reader's zone; everything else is text already."""
        if not isinstance(value, dict):
            return value or "–"
        when = base.load_value("when", value)
        if when.is_all_day:
            return format_date(self.env, when.start)
        return format_datetime(self.env, when.start.replace(tzinfo=None), dt_format="short")

    @api.depends("undo_state", "undo_code", "restored_at", "action", "direction")
    def _compute_undo(self):
        for row in self:
            row.can_restore = row._is_restorable()
            row.can_undo = row._is_undoable()
            row.undo_text = row._undo_in_words()

    def _is_undoable(self):
        is_open = not self.undo_state or self.undo_code in _AGAIN
        return (self.direction, self.action) in _WRITTEN and is_open

    def _is_restorable(self):
        is_kept = self.is_conflict or self.action in _RESTORABLE or self.rule == "discarded"
        return bool(is_kept and self.old and self.event_id and not self.restored_at)

    def _undo_in_words(self):
        if self.restored_at:
            return self.env._("Restored")
        if self.undo_state == "refused":
            return self._why_not(self.undo_code)
        if self.undo_state == "undone" and self.link_id.sudo().state == NEEDS_YOU:
            return self.env._("Undone in Odoo; the calendar's side waits for your decision.")
        states = dict(self._fields["undo_state"]._description_selection(self.env))
        return states.get(self.undo_state, "")

    @api.model
    def _why_not(self, code):
        """Why something can't be undone, and what to do instead."""
        label = self._provider_in_words()
        words = {
            "nothing_written": self.env._("Nothing was written, so there is nothing to undo."),
            "declined": self.env._(
                "The calendar no longer has the invitation. Ask the organizer to invite you again."
            ),
            "gone": self.env._("It is no longer there."),
            "shared": self.env._("It stands in a colleague's calendar too, so it stays in Odoo."),
            "has_outcome": self.env._("Its outcome was noted, so it stays in Odoo."),
            "has_lead": self.env._("You linked it to a lead, so it stays in Odoo."),
            "edited": self.env._("It was edited in Odoo since, so it stays."),
            "has_work": self.env._(
                "Notes, messages, activities or a follow-up hang on it in Odoo, so it stays."
            ),
            "was_on_both": self.env._(
                "It stood on both sides before. Odoo keeps what it had, and so does the calendar."
            ),
            "not_linked": self.env._("It is no longer synced, so only one side could be changed."),
            "not_organizer": self.env._("Only the organizer's calendar can change it."),
            "guests": self.env._(
                "Guests are not put back by themselves: invite them from the appointment."
            ),
            "changed_since": self.env._("It was changed again since."),
            "deleted_for_good": self.env._("It was deleted for good. Create it anew."),
            "part_of_series": self.env._("It belongs to a series; undo the series."),
            "has_guests": self.env._(
                "It has guests: decide about it under Calendar Connections, Remove our events from"
                " %s.",
                label,
            ),
            "put_back_before": self.env._("It was put back before."),
            "cleanup_running": self.env._("A clean-up is running. Undo this when it is done."),
            "internal_error": self.env._("Something went wrong; nothing was changed."),
        }
        return words.get(code, words["internal_error"])

    def _provider_in_words(self):
        registration = port.providers().get(self.account_id[:1].provider)
        return registration.label if registration else ""

    # -- clicks -----------------------------------------------------------------------------------
    def action_restore(self):
        """Button: put the values that lost back into the event. They are sent to the calendar as
        any other edit of this user, whose rights on the event decide. Other rows are undone."""
        lost = self.filtered(lambda row: row._is_restorable())
        for row in lost:
            values = {n: base.load_value(n, v) for n, v in row.old.items() if n != "attendees"}
            said = odoo_values.event_values(values)
            said.pop("event_tz", None)
            row.event_id.with_context(skip_attendee_notification=True).write(said)
            row.sudo().restored_at = fields.Datetime.now()
        rest = self - lost
        return rest.action_undo() if rest.filtered(lambda row: row._is_undoable()) else True

    def action_undo(self):
        """Button: take back what this row says was done, on both sides. Says how it went."""
        rows = self.filtered(lambda row: row._is_undoable())
        if not rows:
            raise UserError(self._why_not("nothing_written"))
        rows._check_own()
        rows.sudo()._undo_now()
        refused = rows.filtered(lambda row: row.undo_state == "refused")
        rows.account_id.sudo()._ask_sync()
        return rows._told(refused)

    def _check_own(self):
        """Only whose calendar it is takes back what was done there."""
        self.check_access("read")
        for account in self.account_id:
            account._mine()._check_cleanup_allowed()

    def _undo_now(self):
        """Undo these rows, newest first, each in a savepoint; note how it went."""
        undo, said = self.env["calendar.sync.undo"], []
        for row in self.sorted("id", reverse=True):
            with self.env.cr.savepoint():
                code = undo._undo(row)
            state = "refused" if code else "undone"
            row.write({"undo_state": state, "undo_code": code or False})
            if not code:
                said.append(row._entry_of_undo())
        self._log(said)

    def _entry_of_undo(self):
        return {
            "account_id": self.account_id.id,
            "calendar_id": self.calendar_id.id,
            "link_id": self.link_id.exists().id or None,
            "event_id": self.event_id.exists().id or None,
            "direction": "none",
            "action": "undo",
            "rule": RULE,
        }

    def _told(self, refused):
        """What the page says afterwards: done, or in words why not."""
        if refused:
            kind, text = "warning", refused[0]._undo_in_words()
        else:
            kind = "success"
            text = self.env._("Undone. The calendar follows in a moment; nobody is e-mailed.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": text, "sticky": bool(refused),
                       "next": {"type": "ir.actions.client", "tag": "soft_reload"}},
        }  # fmt: skip
