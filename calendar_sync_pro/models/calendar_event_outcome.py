"""After the meeting: what came of it, dates that stay as they were, and the follow-up."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

TIMES = ("start", "stop", "start_date", "stop_date", "allday", "duration")
OUTCOMES = ("completed", "not_completed", "no_show")
UNMET = ("not_completed", "no_show")


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    appointment_state = fields.Selection(
        selection_add=[
            ("completed", "Completed"),
            ("not_completed", "Not completed"),
            ("no_show", "No-show"),
        ],
    )
    is_past = fields.Boolean(compute="_compute_is_past", help="It is over.")
    is_time_locked = fields.Boolean(
        compute="_compute_is_past", help="An appointment that took place keeps its time."
    )
    follow_up_of_id = fields.Many2one(
        "calendar.event", "Follow-up of", index="btree_not_null", copy=False, ondelete="set null"
    )
    follow_up_ids = fields.One2many("calendar.event", "follow_up_of_id", "Follow-ups")
    follow_up_count = fields.Integer(compute="_compute_follow_up_count")

    @api.depends("stop", "appointment_state", "opportunity_id", "partner_ids")
    def _compute_is_past(self):
        now = fields.Datetime.now()
        for event in self:
            event.is_past = bool(event.stop and event.stop < now)
            event.is_time_locked = event._is_over(now)

    @api.depends("follow_up_ids")
    def _compute_follow_up_count(self):
        for event in self:
            event.follow_up_count = len(event.follow_up_ids)

    def _is_appointment(self):
        """True for a meeting with a customer: about a lead, or with somebody from outside."""
        return bool(self.opportunity_id or self._outside_partners())

    def _has_outcome(self):
        """True when somebody told what came of it."""
        return self.appointment_state in OUTCOMES

    def _is_over(self, now):
        """True when a person may not move it any more: an appointment that has ended, or whose
        outcome was told."""
        if not self._origin.id:
            return False
        stop = self._origin.stop
        is_told = self._origin.appointment_state in OUTCOMES
        return is_told or bool(stop and stop < now and self._origin._is_appointment())

    # Dates

    def write(self, vals):
        """Refuse to move an appointment that is over. Syncs, which run as superuser, may: what
        happened is what the calendar says."""
        if not self.env.su and not self._is_series_edit(vals):
            self._check_times_kept(vals)
        return super().write(vals)

    def _is_series_edit(self, vals):
        """True for an edit of a series, whose rows Odoo makes anew."""
        reaches_more = vals.get("recurrence_update") in ("all_events", "future_events")
        return bool(reaches_more and self.recurrence_id)

    def _check_times_kept(self, vals):
        named = [name for name in TIMES if name in vals]
        if not named:
            return
        now = fields.Datetime.now()
        for event in self:
            if event._is_over(now) and any(event._differs(name, vals[name]) for name in named):
                raise UserError(
                    event.env._(
                        "“%(name)s” is over, so its date and time stay as they were. To meet"
                        " again, set the outcome “Not completed” and book a follow-up.",
                        name=event.display_name,
                    )
                )

    def _differs(self, name, value):
        """True when `value`, as a client sends it, is another one than the event's."""
        field = self._fields[name]
        wanted = field.convert_to_record(field.convert_to_cache(value, self), self)
        return wanted != self[name]

    # Outcome

    def action_completed(self):
        """Button: it took place."""
        return self._set_outcome("completed")

    def action_not_completed(self):
        """Button: it did not take place; a follow-up is offered."""
        return self._set_outcome("not_completed")

    def action_no_show(self):
        """Button: the customer did not come; a follow-up is offered."""
        return self._set_outcome("no_show")

    def action_clear_outcome(self):
        """Button: take the outcome back."""
        return self._set_outcome("planned")

    def _set_outcome(self, outcome):
        """Note what came of these appointments and tell it once on their timelines; nobody is
        mailed. Raises UserError for what has not begun."""
        self.check_access("write")
        now = fields.Datetime.now()
        early = self.filtered(lambda event: event.start > now)
        if early and outcome != "planned":
            raise UserError(
                self.env._(
                    "“%(name)s” has not begun yet. Its outcome can be told once it has; to call it"
                    " off, cancel it.",
                    name=early[:1].display_name,
                )
            )
        told = self.filtered(lambda event: event.appointment_state not in (outcome, "cancelled"))
        told.with_context(mail_notrack=True).write({"appointment_state": outcome})
        if outcome != "planned":
            told._log_appointment("outcome")
        return True

    # Follow-up

    def action_follow_up(self):
        """Button: book the next meeting with the same people about the same thing."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book follow-up"),
            "res_model": "calendar.event",
            "views": [(self.env.ref("calendar_sync_pro.calendar_event_view_form_book").id, "form")],
            "target": "new",
            "context": self._follow_up_context(),
        }

    def _follow_up_context(self):
        """Defaults of a follow-up: same hour, a week later or in the first week to come."""
        start = self.start
        while start <= fields.Datetime.now():
            start += timedelta(days=7)
        partners = self.partner_ids | self.env.user.partner_id
        privacy = {"default_privacy": self.privacy} if self.privacy else {}
        return privacy | {
            "default_follow_up_of_id": self.id,
            "default_opportunity_id": self.opportunity_id.id,
            "default_partner_ids": partners.ids,
            "default_name": self.name,
            "default_description": self.description or False,
            "default_location": self.location or False,
            "default_start": fields.Datetime.to_string(start),
            "default_stop": fields.Datetime.to_string(start + (self.stop - self.start)),
            "default_duration": self.duration,
            "default_user_id": self.env.uid,
            "no_mail_to_attendees": True,
            "skip_contact_description": True,
            "dialog_size": "medium",
        }

    def action_view_follow_ups(self):
        """Button: what was booked after this one."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "calendar_sync_pro.calendar_event_action_of_record"
        )
        action["domain"] = [("follow_up_of_id", "=", self.id)]
        action["context"] = {"active_test": False}
        return action
