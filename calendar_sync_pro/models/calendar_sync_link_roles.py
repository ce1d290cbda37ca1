from odoo import models

from ..sync import base as stored_base
from .pull_types import STANDING


class CalendarSyncLink(models.Model):
    """Which of a meeting's links speaks for it."""

    _inherit = "calendar.sync.link"

    def _is_copy(self):
        """True for a copy that we made on the calendar of somebody who only attends: nobody was
        invited, so the provider takes that person for its organizer."""
        self.ensure_one()
        if not (self.is_ours and self.is_organizer):
            return False
        organizer = self.meeting_id._organizer()
        return bool(organizer) and organizer != self.account_id.user_id

    def _is_organizers(self):
        """True for the link on the calendar of the person who organizes the meeting."""
        return self.is_organizer and not self._is_copy()

    def _is_left_behind(self, account):
        """True where this meeting stands in a calendar that its owner used before `account`: it
        stays there. What was removed from that calendar on purpose (`frozen`) does not."""
        former = self.account_id
        return former != account and former.user_id == account.user_id and self.state != "frozen"

    def _invites(self, addresses):
        """True when this calendar's event invites somebody with one of these addresses: the
        provider brings the invitation, and a copy of ours would show the meeting twice."""
        agreed = stored_base.load(self.base)
        people = agreed.attendees if agreed else ()
        return any(person.email in addresses for person in people)

    def _is_elected(self):
        """True when shared fields merge through this link although its owner does not organize
        the meeting."""
        return not self._is_organizers() and self.meeting_id._speaker() == self

    def _is_left_alone(self):
        """True for the ended link of an event that Odoo no longer has and that stays in the
        calendar: it is never imported again. What a colleague's calendar shows is no such event."""
        left = ("left_in_calendar", "not_ours_to_delete")
        return self.problem_code in left and not self.meeting_id._first_event().active


class CalendarSyncMeeting(models.Model):
    _inherit = "calendar.sync.meeting"

    def _first_event(self):
        """The event, or for a series one of its rows; none when nothing is left of it."""
        self.ensure_one()
        event = self.event_id or self.recurrence_id.base_event_id
        if not event and self._is_series():
            rows = self.env["calendar.event"].sudo().with_context(active_test=False)
            event = rows.search([("sync_meeting_id", "=", self.id)], order="start, id", limit=1)
        return event

    def _organizer(self):
        """The user who organizes this meeting in Odoo; none for an organizer from outside."""
        event = self._first_event()
        if not event and self.series_id:
            event = self.series_id._first_event()
        return event.user_id

    def _is_going(self):
        """True for a meeting that Odoo no longer has although it stands in its organizer's
        calendar: a person deleted or cancelled it, and that calendar has yet to be told."""
        standing = self.link_ids.filtered(
            lambda link: link.state in STANDING and link.base and link._is_organizers()
        )
        return bool(standing) and not self._first_event().active

    def _speaker(self):
        """The link that carries the shared fields: the organizer's, or the oldest of the guests'
        where the organizer has no calendar in sync."""
        living = self.link_ids.filtered(
            lambda link: (
                link.state not in ("closed", "frozen", "quarantined")
                and link.account_id.is_sync_on
                and link.account_id.status != "not_connected"
            )
        )
        organizers = living.filtered(lambda link: link._is_organizers())
        return (organizers or living).sorted("id")[:1]
