from odoo import fields, models

from ..sync.decisions import RULES
from ..sync.reasons import REASONS, explain
from .sync_terms import say


class CalendarSyncPreviewItem(models.Model):
    """One event of a preview: what would happen to it and why, and later what became of it."""

    _name = "calendar.sync.preview.item"
    _description = "Event of a preview"
    _order = "start, id"

    preview_id = fields.Many2one(
        "calendar.sync.preview", required=True, index=True, ondelete="cascade"
    )
    side = fields.Selection(
        [
            ("into_odoo", "Into Odoo"),
            ("into_calendar", "Into the calendar"),
            ("same", "Same on both sides"),
            ("kept_out", "Kept out"),
        ],
        required=True,
    )
    reason = fields.Char(help="Why: a rule of the decision table, or of what is let in.")
    remote_id = fields.Char(index=True)
    ical_uid = fields.Char()
    master_id = fields.Char(help="Remote id of the series, for an occurrence that stands alone.")
    slot = fields.Char()
    event_id = fields.Many2one("calendar.event", index="btree_not_null", ondelete="set null")
    event_ids = fields.Json(help="Rows in Odoo that it already is.")
    title = fields.Char(groups=fields.NO_ACCESS, help="Empty for what only blocks time.")
    start = fields.Datetime()
    is_all_day = fields.Boolean()
    is_series = fields.Boolean()
    to_odoo = fields.Json(help="Names of fields that would be filled in in Odoo.")
    to_calendar = fields.Json()
    result = fields.Selection(
        [
            ("done", "Done"),
            ("changed", "Decided anew"),
            ("failed", "Not done"),
            ("late", "Came meanwhile"),
        ]
    )
    problem_code = fields.Char()

    def _rows(self):
        """Plain values of these; titles only for the calendar's owner."""
        is_own = self.preview_id.user_id == self.env.user
        return [
            {
                "id": item.id,
                "side": item.side,
                "title": (item.title or "") if is_own else "",
                "start": fields.Datetime.to_string(item.start) or "",
                "is_all_day": item.is_all_day,
                "is_series": item.is_series,
                "reason": item._reason_in_words(),
                "result": item.result or "",
                "problem": item._problem_in_words(),
            }
            for item in self
        ]

    def _reason_in_words(self):
        words = {
            "ours": self.env._("Made by Odoo earlier."),
            "outside_person": self.env._("Somebody from outside the company takes part."),
            "import_everything": self.env._("Everything comes to Odoo, as chosen."),
            "outside_window": self.env._("Outside the days that are synced."),
            "declined": self.env._("You have declined it."),
            "import_nothing": self.env._("Nothing comes to Odoo, as chosen."),
            "import_busy_only": self.env._("Only its time is blocked, as chosen."),
            "private": self.env._("Private: only its time is blocked."),
            "internal": self.env._("Nobody from outside: only its time is blocked."),
            "twin": self.env._("A second copy of an event in this list."),
            "kind_out_of_office": self.env._("Out of office: only its time is blocked."),
            "kind_focus": self.env._("Focus time: only its time is blocked."),
            "kind_from_mail": self.env._("Made from an e-mail: only its time is blocked."),
            "kind_working_location": self.env._("A place of work is no meeting."),
            "kind_birthday": self.env._("A birthday is no meeting."),
        }
        if self.reason in words:
            return words[self.reason]
        sentence = RULES.get(self.reason or "") or explain(self.reason or "").sentence
        return say(self.env, sentence)

    def _problem_in_words(self):
        if self.result == "changed":
            return self.env._("It changed meanwhile and was decided anew.")
        if self.result == "late":
            return self.env._("It came meanwhile.")
        code = self.problem_code
        return say(self.env, explain(code).sentence) if code in REASONS else ""
