from dataclasses import replace

from odoo import api, fields, models

from ..core.settings import VideoCalls
from ..providers import port
from ..sync.admission import is_outside
from .push_task import Send


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    def _can(self):
        """What the provider of this account can do."""
        registration = port.providers().get(self.provider)
        return registration.can if registration else port.Capabilities()

    def _keeps_calls(self):
        """True when the calendar keeps any link of a video call, not only its own."""
        return "conference_url" not in self._can().loses


class CalendarSyncPush(models.AbstractModel):
    """Video calls that the calendar makes: asked for once, by itself or by a person."""

    _inherit = "calendar.sync.push"

    def _create_task(self, plan, subject):
        task = super()._create_task(plan, subject)
        return _asking(task) if self._gets_a_call(plan, subject) else task

    def _task(self, subject, send, **more):
        task = super()._task(subject, send, **more)
        is_news = "block" in more and task.block != (subject.link.sent_block or "")
        if send is not Send.UPDATE or not is_news or not self._was_asked_for(subject):
            return task
        return replace(_asking(task), names=tuple(sorted({*task.names, "conference_url"})))

    def _digest(self, subject):
        """A request of a person is sent once, as the text beside the fields is."""
        digest = super()._digest(subject)
        return f"{digest}+call" if self._was_asked_for(subject) else digest

    def _was_asked_for(self, subject):
        """True when a person wants a call and there is none."""
        return bool(
            subject.link.is_ours
            and subject.event.online_meeting == "yes"
            and not subject.event.videocall_location
        )

    def _gets_a_call(self, plan, subject):
        """True for a new event that gets a call: asked for, or by the setting. What is older than
        the first sync, stands on a participant's calendar or has a place gets none by itself."""
        event = subject.event
        if event.videocall_location or event.online_meeting == "no" or subject.link._is_copy():
            return False
        if event.online_meeting == "yes":
            return True
        since = plan.account.synced_from
        is_old = bool(since and event.create_date and event.create_date < since)
        is_wanted = plan.policy.video_calls is VideoCalls.OUTSIDERS
        return is_wanted and not is_old and not event.location and self._meets(plan, event)

    def _meets(self, plan, event):
        """True when somebody outside the company takes part."""
        addresses = event.attendee_ids.mapped("email")
        return any(is_outside(one, plan.policy) for one in addresses if one)


def _asking(task):
    return replace(task, draft=replace(task.draft, wants_conference=True))


class CalendarEvent(models.Model):
    """A video call that a person asked for or took away; else the setting decides."""

    _inherit = "calendar.event"

    online_meeting = fields.Selection(
        [("yes", "Asked for"), ("no", "Taken away")],
        "Calendar's video call",
        copy=False,
        readonly=True,
    )
    sync_can_call = fields.Boolean(compute="_compute_sync_can_call")

    @api.depends("user_id", "appointment_source")
    def _compute_sync_can_call(self):
        """True for what was booked here when the calendar that leads it can make a call."""
        domain = [("user_id", "in", self.user_id.ids), ("is_sync_on", "=", True)]
        accounts = self.env["calendar.sync.account"].sudo().search(domain)
        able = accounts.filtered(lambda account: account._can().has_conference).user_id
        for event in self:
            is_ours = event.appointment_source != "import"
            event.sync_can_call = is_ours and event.user_id in able

    def write(self, vals):
        """A call that a person takes away is not made again."""
        is_cleared = "videocall_location" in vals and not vals["videocall_location"]
        if is_cleared and not self._is_silent() and any(self.mapped("videocall_location")):
            vals = {**vals, "online_meeting": "no"}
        return super().write(vals)

    def action_ask_for_call(self):
        """Button: the calendar makes a call of its own kind; the link comes back in seconds."""
        self.check_access("write")
        self.write({"online_meeting": "yes"})
