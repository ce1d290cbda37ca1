"""Leads and opportunities: booking from the card, and the appointments they have."""

from datetime import timedelta

from odoo import api, fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    appointment_count = fields.Integer("Appointments", compute="_compute_appointments")
    next_appointment_id = fields.Many2one("calendar.event", compute="_compute_appointments")
    appointment_strip = fields.Json(
        compute="_compute_appointment_strip", string="Next appointment in short"
    )

    @api.depends("calendar_event_ids.start", "calendar_event_ids.active")
    @api.depends_context("uid")
    def _compute_appointments(self):
        """Planned and past ones count; a cancelled one is listed, but not counted."""
        events = self.env["calendar.event"].search_fetch(
            [("opportunity_id", "in", self.ids)], ["opportunity_id", "stop"], order="start desc"
        )
        now = fields.Datetime.now()
        next_of, counts = {}, {}
        for event in events:
            lead_id = event.opportunity_id.id
            counts[lead_id] = counts.get(lead_id, 0) + 1
            if event.stop >= now:
                next_of[lead_id] = event.id
        for lead in self:
            lead.appointment_count = counts.get(lead._origin.id, 0)
            lead.next_appointment_id = next_of.get(lead._origin.id, False)

    @api.depends("next_appointment_id", "appointment_count")
    @api.depends_context("uid")
    def _compute_appointment_strip(self):
        self.next_appointment_id.fetch(["name", "start", "stop", "allday", "videocall_location"])
        for lead in self:
            lead.appointment_strip = {
                "count": lead.appointment_count,
                "next": lead.next_appointment_id._strip_values(),
            }

    # Booking

    def action_book_by_hand(self):
        """Open the booking dialog for any time, free or not, filled so that one click books."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book appointment"),
            "res_model": "calendar.event",
            "views": [(self.env.ref("calendar_sync_pro.calendar_event_view_form_book").id, "form")],
            "target": "new",
            "context": self._booking_context(),
        }

    def _booking_context(self):
        """Defaults of a new appointment about this lead. Nobody is mailed when it is saved."""
        start = self._next_full_hour()
        partners = self.env.user.partner_id | self._find_matching_partner()
        return {
            "default_opportunity_id": self.id,
            "default_partner_ids": partners.ids,
            "default_name": self._appointment_title(),
            "default_start": fields.Datetime.to_string(start),
            "default_stop": fields.Datetime.to_string(start + timedelta(minutes=30)),
            "default_duration": 0.5,
            "default_user_id": self.env.uid,
            "no_mail_to_attendees": True,
            "skip_contact_description": True,
            "dialog_size": "medium",
        }

    def _appointment_title(self):
        who = self.partner_id.name or self.contact_name or self.partner_name
        return f"{self.name} – {who}" if who and who not in (self.name or "") else self.name

    @api.model
    def _next_full_hour(self):
        now = fields.Datetime.now()
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

    def action_use_for_appointment(self):
        """Button in the choice of leads: the appointment of the context is about this one."""
        self.ensure_one()
        event = self.env["calendar.event"].browse(self.env.context["calendar_sync_event_id"])
        event.write({"opportunity_id": self.id})
        return {"type": "ir.actions.act_window_close"}

    # Lists

    def action_view_appointments(self):
        """All appointments of these leads, the cancelled ones under their filter."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "calendar_sync_pro.calendar_event_action_of_record"
        )
        action["domain"] = [("opportunity_id", "in", self.ids)]
        action["context"] = {"active_test": False}
        if len(self) == 1:
            action["context"] |= self._booking_context()
        return action

    def action_schedule_meeting(self, smart_calendar=True):
        """Odoo's calendar for this record, for leads as well as for opportunities (D-02)."""
        action = super().action_schedule_meeting(smart_calendar=smart_calendar)
        action["context"].update(
            search_default_opportunity_id=self.id, default_opportunity_id=self.id
        )
        if smart_calendar and self.type == "lead":
            mode, initial_date = self._get_opportunity_meeting_view_parameters()
            action["context"].update(default_mode=mode, initial_date=initial_date)
        return action

    def log_meeting(self, meeting):
        """Nothing more: the appointment has told this timeline itself, once."""
        return self.env["mail.message"]

    def _merge_dependences_calendar_events(self, opportunities):
        """Cancelled and private appointments follow their lead too; Show Lead opens the result.

        As superuser: whoever may merge leads moves all that belongs to them.
        """
        events = self.env["calendar.event"].sudo().with_context(active_test=False)
        moved = events.search([("opportunity_id", "in", opportunities.ids)])
        moved.filtered(lambda e: e.res_model == self._name).write({"res_id": self.id})
        return moved.write({"opportunity_id": self.id})

    @api.ondelete(at_uninstall=False)
    def _release_appointments(self):
        """Appointments of a deleted lead stay; the link to it leaves their calendars."""
        events = self.env["calendar.event"].sudo().with_context(active_test=False)
        events.search([("opportunity_id", "in", self.ids)]).write({"opportunity_id": False})
