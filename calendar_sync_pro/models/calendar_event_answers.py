"""Answers: what everybody said to the invitation, and the reader's own."""

from collections import defaultdict
from dataclasses import replace

from markupsafe import Markup
from odoo import api, fields, models

ANSWERS = ("accepted", "tentative", "declined")


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    answer_comment = fields.Char("Comment", readonly=True, copy=False)

    def write(self, vals):
        """Remember that a person answered: whoever invited waits for it. What a sync takes over
        was answered elsewhere."""
        rows = self
        if vals.get("state") in ANSWERS and not self.event_id._is_silent():
            rows = self.with_context(calendar_sync_answer=True)
        return super(CalendarAttendee, rows).write(vals)

    def _tell_answers(self):
        """Note these guests' answers on the timelines of their events; nobody is notified. Of a
        series an answer is told once."""
        bodies, told = defaultdict(list), set()
        for row in self.sudo().filtered(lambda row: row.state in ANSWERS):
            key = (row.event_id.recurrence_id or row.event_id, row._email_key(), row.state)
            if key not in told:
                told.add(key)
                bodies[row.event_id.id].append(row._answer_note())
        notes = {event_id: Markup("<br/>").join(lines) for event_id, lines in bodies.items()}
        self.env["calendar.event"].sudo().browse(notes)._message_log_batch(notes)

    def _answer_note(self):
        match self.state:
            case "accepted":
                line = self.env._("%s comes.", self.common_name)
            case "tentative":
                line = self.env._("%s may come.", self.common_name)
            case _:
                line = self.env._("%s does not come.", self.common_name)
        if not self.answer_comment:
            return line
        return Markup("%s “%s”") % (line, self.answer_comment)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    guest_ids = fields.Many2many(
        "calendar.attendee",
        compute="_compute_guest_ids",
        string="Participants and answers",
        help="Everybody who is shown, with the answer; who declined stays listed.",
    )
    can_answer = fields.Boolean(
        compute="_compute_can_answer", help="Somebody else invites the reader to it."
    )

    @api.depends("attendee_ids.partner_id", "attendee_ids.state", "attendee_ids.answer_comment")
    def _compute_guest_ids(self):
        for event in self:
            known = event.attendee_ids.filtered("partner_id")
            event.guest_ids = known | event._unknown_guests()

    @api.depends("attendee_ids.partner_id", "user_id", "stop")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        me, now = self.env.user.partner_id, fields.Datetime.now()
        for event in self:
            is_guest = me in event.attendee_ids.partner_id and event.user_id != self.env.user
            event.can_answer = bool(is_guest and event.active and event.stop and event.stop >= now)

    def action_answer(self):
        """Button: the dialog in which the reader answers the invitation."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer the invitation"),
            "res_model": "calendar.sync.answer",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_event_id": self.id, "dialog_size": "medium"},
        }

    def _answer(self, state, comment, scope):
        """Answer for the reader: this event, the following ones or all of its series. The
        calendar tells the organizer."""
        self.ensure_one()
        events = self._in_scope(scope)
        rows = events.attendee_ids.filtered(lambda row: row.partner_id == self.env.user.partner_id)
        rows.filtered(lambda row: row.state != state).write(
            {"answer_comment": comment or False, "state": state}
        )
        rows[:1]._tell_answers()

    def _in_scope(self, scope):
        """The rows that "this", "this and following" or "all" mean."""
        self.ensure_one()
        series = self.recurrence_id.calendar_event_ids
        match scope:
            case "all_events":
                return series or self
            case "future_events":
                return series.filtered(lambda row: row.start >= self.start) or self
        return self

    def _answering_account(self):
        """The reader's account whose calendar holds the invitation; none without one."""
        self.ensure_one()
        links = [
            link
            for link in self.sudo()._links_by_event()[self.id]
            if link.account_id.user_id == self.env.user and not link.is_organizer
        ]
        return links[0].account_id if links else self.env["calendar.sync.account"]


class CalendarSyncPush(models.AbstractModel):
    """A guest's own answer is told to the organizer, as that person's calendar would."""

    _inherit = "calendar.sync.push"

    def _task(self, subject, send, **more):
        task = super()._task(subject, send, **more)
        is_guest = not subject.link.is_organizer
        if not is_guest or "attendees" not in task.names or task.draft is None:
            return task
        marks = self.env["calendar.sync.mark"].browse(subject.mark_ids)
        return replace(task, is_notifying=True) if any(marks.mapped("is_answer")) else task
