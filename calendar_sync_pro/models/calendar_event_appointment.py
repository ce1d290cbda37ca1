"""Appointments: events that a team keeps about a lead, from booking to cancelling."""

import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError

KEPT = ("sync_meeting_id", "sync_slot", "sync_guid")


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    opportunity_id = fields.Many2one(
        string="Lead / Opportunity",
        domain="[]",
        help="The lead or opportunity that this appointment is about. Its event in a connected"
        " calendar carries a Show Lead link.",
    )
    appointment_state = fields.Selection(
        [("planned", "Planned"), ("cancelled", "Cancelled")],
        default="planned",
        copy=False,
        readonly=True,
        index=True,
    )
    cancel_reason = fields.Char(readonly=True, copy=False)
    appointment_source = fields.Selection(
        [("rep", "Booked in Odoo"), ("import", "Imported from a calendar")],
        copy=False,
        readonly=True,
    )
    sync_guid = fields.Char(
        "Appointment GUID",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="Our own lasting id. Empty for events that came from a calendar.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give what is booked here its GUID, and tell the lead's and contact's timeline once."""
        defaults = {name: self.env.context.get(f"default_{name}") for name in KEPT}
        self._check_kept(*vals_list, defaults)
        vals_list = [self._with_appointment_defaults(vals) for vals in vals_list]
        events = super().create(vals_list)
        # An occurrence is told with its series, whose own values name no rule yet.
        is_occurrence = any(vals.get("recurrence_id") for vals in vals_list)
        if not is_occurrence and not self._is_silent():
            events.filtered("opportunity_id")._log_appointment("booked", is_on_event=False)
        return events

    def write(self, vals):
        """Remember where a person moved an appointment from; unarchiving plans it again."""
        self._check_kept(vals)
        if "start" in vals and not self._is_silent():
            self._remember_starts()
        if vals.get("active") and "appointment_state" not in vals:
            vals = {**vals, "appointment_state": "planned", "cancel_reason": False}
        return super().write(vals)

    @api.model
    def _check_kept(self, *vals_list):
        """Only the sync says which event of a calendar this is: else one could write to others'."""
        if not self.env.su and any(vals.get(name) for vals in vals_list for name in KEPT):
            raise AccessError(self.env._("Calendar sync itself keeps these values."))

    @api.model
    def _with_appointment_defaults(self, vals):
        """`vals` with source and GUID; an import has no GUID unless the calendar brought ours."""
        source = vals.get("appointment_source") or "rep"
        guid = vals.get("sync_guid") or (source != "import" and str(uuid.uuid4()))
        return {**vals, "appointment_source": source, "sync_guid": guid}

    def _is_silent(self):
        """True inside a sync's write: a timeline tells what people do, never each sync."""
        return bool(self.env.context.get("tracking_disable"))

    def _ensure_guids(self):
        """Give events from before the installation the GUID that a calendar will carry."""
        for event in self.sudo().filtered(
            lambda e: not e.sync_guid and e.appointment_source != "import"
        ):
            event.with_context(tracking_disable=True).sync_guid = str(uuid.uuid4())

    # Cancelling

    def _cancel_appointment(self, reason):
        """Archive the appointments as cancelled and say why on event, lead and contact.

        Nobody is mailed. Cancelling twice tells nothing new.
        """
        living = self.filtered(lambda e: e.active or e.appointment_state != "cancelled")
        if not living:
            return
        # Its activity would keep calling for a meeting that no longer takes place.
        living.sudo().activity_ids.unlink()
        living.with_context(mail_notrack=True).write(
            {"active": False, "appointment_state": "cancelled", "cancel_reason": reason}
        )
        living._log_appointment("cancelled", reason=reason)

    def _restore_appointment(self):
        """Plan cancelled appointments again, at their old time. Nobody is mailed."""
        cancelled = self.filtered(lambda e: e.appointment_state == "cancelled")
        if not cancelled:
            return
        cancelled.with_context(mail_notrack=True).write({"active": True})
        cancelled._log_appointment("restored")

    def action_cancel_appointment(self):
        """Button: ask why, then cancel; it stays in the lists and leaves the calendars."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel appointment"),
            "res_model": "calendar.sync.cancel",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_event_ids": self.ids, "dialog_size": "medium"},
        }

    def action_restore_appointment(self):
        """Button: plan a cancelled appointment again."""
        self.check_access("write")
        self._restore_appointment()
        return True

    # What a timeline tells about moves

    def _remember_starts(self):
        """Note the start that each event has before this transaction; told once at its end."""
        starts = self.env.cr.precommit.data.setdefault("calendar_sync_pro.starts", {})
        if not starts:
            self.env.cr.precommit.add(self.browse()._log_remembered_moves)
        for event in self:
            starts.setdefault(event.id, event.start)

    def _log_remembered_moves(self):
        starts = self.env.cr.precommit.data.pop("calendar_sync_pro.starts", {})
        moved = (
            self.with_context(active_test=False)
            .browse(starts)
            .exists()
            .filtered(lambda e: e.active and e.start != starts[e.id])
        )
        # The event itself already shows the change by Odoo's own tracking.
        moved._log_appointment("moved", old_starts=starts, is_on_event=False)
