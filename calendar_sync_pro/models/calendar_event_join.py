"""Joining: from a reminder, and Odoo's own video call where no calendar makes one."""

from odoo import api, models

from ..core.settings import VideoCalls
from .safe_texts import web_address


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.readonly
    def join_address(self):
        """The web address of the video call as it is now, for a reminder's Join button; "" where
        there is none."""
        self.ensure_one()
        return web_address(self.videocall_location or "")

    @api.model_create_multi
    def create(self, vals_list):
        """Appointments with somebody outside get Odoo's own video call by the company's setting,
        where the organizer's calendar is not connected: a connected one makes its own."""
        events = super().create(vals_list)
        if not self._is_silent():
            for event in events._without_any_call():
                event._set_discuss_videocall_location()
        return events

    def _without_any_call(self):
        """Those of these new events that shall have a call and get none from a calendar."""
        wanted = self.filtered(
            lambda event: (
                event.appointment_source == "rep"
                and event.opportunity_id
                and not event.location
                and not event.videocall_location
                and not event.allday
                and event._outside_partners()
            )
        )
        if not wanted:
            return wanted
        accounts = self.env["calendar.sync.account"].sudo()
        connected = accounts.search(
            [("user_id", "in", wanted.user_id.ids), ("is_sync_on", "=", True)]
        ).user_id
        return wanted.filtered(lambda event: event._wants_own_call(connected))

    def _wants_own_call(self, connected):
        organizer = self.user_id
        setting = (organizer.company_id or self.env.company).sudo().sync_video_calls
        return organizer not in connected and setting == VideoCalls.OUTSIDERS.value
