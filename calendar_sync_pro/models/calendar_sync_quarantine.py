from odoo import api, fields, models

from ..core.changes import Gone, Unreadable
from ..sync.backoff import quarantine_delay_s
from ..sync.reasons import known as known_reason
from .pull_types import Run


class CalendarSyncQuarantine(models.AbstractModel):
    """Sets single events aside with a reason that a person can act on."""

    _name = "calendar.sync.quarantine"
    _description = "Events that need attention"

    @api.model
    def _put(self, run: Run, entry, reason):
        """The link that keeps `entry` aside. What Odoo already has of it stays as it is; its next
        try is later, and at once when the event changes in the calendar."""
        links = self.env["calendar.sync.link"].sudo()
        link = links.search(
            [
                ("calendar_id", "=", run.calendar.id),
                ("remote_id", "=", entry.remote_id),
                ("state", "!=", "closed"),
            ],
            limit=1,
        )
        attempts = link.attempts + 1
        values = {
            "state": "quarantined",
            "problem_code": reason if reason == "duplicate" else known_reason(reason, "malformed"),
            "attempts": attempts,
            "etag": getattr(entry, "etag", False),
            "not_before": fields.Datetime.add(run.now, seconds=quarantine_delay_s(attempts)),
            "seen_run": run.calendar.listing_run,
        }
        if link:
            link.write(values)
            return link
        meeting = self._meeting(run, entry, reason)
        return links.create(
            values
            | {
                "meeting_id": meeting.id,
                "calendar_id": run.calendar.id,
                "ical_uid": meeting.ical_uid,
                "slot": meeting.slot,
                "remote_id": entry.remote_id,
                "master_remote_id": getattr(entry, "master_id", "") or False,
                "is_organizer": getattr(entry, "is_organizer", True),
            }
        )

    def _meeting(self, run: Run, entry, reason):
        """The meeting that the entry belongs to, made when nothing is known of it."""
        meetings = self.env["calendar.sync.meeting"].sudo()
        is_event = not isinstance(entry, (Gone, Unreadable))
        uid = entry.ical_uid if is_event else f"unread:{run.calendar.id}:{entry.remote_id}"
        slot = getattr(entry, "slot", "") or ""
        found = meetings.search([("ical_uid", "=", uid), ("slot", "=", slot)], limit=1)
        if not found and reason == "duplicate" and entry.guid:
            found = meetings.search([("guid", "=", entry.guid)], limit=1)
        return found or meetings.create({"ical_uid": uid, "slot": slot})
