from odoo import api, fields, models

from ..core.when import slot_of
from .calendar_sync_mark import UNTOUCHED


class CalendarEvent(models.Model):
    """Hooks: what changes here is noted, and marked once when the transaction commits."""

    _inherit = "calendar.event"

    sync_meeting_id = fields.Many2one(
        "calendar.sync.meeting", index="btree_not_null", copy=False, ondelete="set null"
    )
    sync_slot = fields.Char(
        copy=False, readonly=True, help="Original start of an occurrence; never moves."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Note the new events; an occurrence gets its slot before anything can move it."""
        for vals in vals_list:
            if vals.get("recurrence_id") and "sync_slot" not in vals:
                vals["sync_slot"] = self._slot_of_values(vals)
        records = self
        if all(vals.get("recurrence_id") for vals in vals_list):
            # The text they repeat names the contact already; Odoo would add it once more.
            records = self.with_context(skip_contact_description=True)
        events = super(CalendarEvent, records).create(vals_list)
        self.env["calendar.sync.mark"]._note(events)
        return events

    def write(self, vals):
        """Note the changed events, also the rest of a series that "all" or "following" reaches."""
        is_noted = not UNTOUCHED.issuperset(vals)
        joins_series = bool(vals.get("recurrence_id")) and "sync_slot" not in vals
        result = super().write(vals)
        if is_noted:
            self.env["calendar.sync.mark"]._note(self)
        if joins_series:
            self._set_slots()
        return result

    def unlink(self):
        """Note what finds the links of the deleted events."""
        self.env["calendar.sync.mark"]._note_gone(self)
        return super().unlink()

    def action_sendmail(self):
        """The button "Send email": a person chose it, so it is sent."""
        return super(
            CalendarEvent, self.with_context(calendar_sync_mail_by_hand=True)
        ).action_sendmail()

    @api.model
    def _slot_of_values(self, vals):
        start = vals.get("start_date") if vals.get("allday") else None
        if start or vals.get("allday"):
            return slot_of(fields.Date.to_date(start or vals["start"]))
        return f"{fields.Datetime.to_datetime(vals['start']):%Y%m%dT%H%M%SZ}"

    def _set_slots(self):
        """The first row of a series joins it after it was made: its start is its slot."""
        self.flush_recordset(["start", "start_date", "allday", "sync_slot"])
        self.env.cr.execute(
            """UPDATE calendar_event
                  SET sync_slot = CASE WHEN allday THEN to_char(start_date, 'YYYYMMDD')
                                  ELSE to_char(start, 'YYYYMMDD"T"HH24MISS"Z"') END
                WHERE id IN %s""",
            [tuple(self.ids)],
        )
        self.invalidate_recordset(["sync_slot"], flush=False)
