from odoo import models

from .safe_texts import color, one_line


class CalendarSyncAccount(models.Model):
    """The account's list of calendars, kept like the provider's."""

    _inherit = "calendar.sync.account"

    def _apply_calendar_list(self, listed):
        """Take over the provider's list; calendars that vanished are flagged, never deleted.

        Returns {"new": […], "renamed": […], "missing": […]}, names for the person who asked.
        """
        self.ensure_one()
        account = self.sudo()
        known = {calendar.remote_id: calendar for calendar in account.calendar_ids}
        new = [remote for remote in listed if remote.remote_id not in known]
        renamed = [
            remote.name
            for remote in listed
            if remote.remote_id in known and known[remote.remote_id]._take_over(remote)
        ]
        account._add_calendars(new)
        missing = account._flag_missing({remote.remote_id for remote in listed})
        if account.is_sync_on:
            account._ensure_events_calendar()
        return {"new": [remote.name for remote in new], "renamed": renamed, "missing": missing}

    def _add_calendars(self, new):
        self.env["calendar.sync.calendar"].sudo().create(
            [
                {"account_id": self.id, "remote_id": remote.remote_id, **_values(remote)}
                for remote in new
            ]
        )

    def _flag_missing(self, present):
        gone = self.calendar_ids.filtered(lambda c: not c.is_missing and c.remote_id not in present)
        gone.is_missing = True
        return gone.mapped("name")


class CalendarSyncCalendar(models.Model):
    _inherit = "calendar.sync.calendar"

    def _take_over(self, remote):
        """Write what the provider changed; True when the calendar has another name now."""
        was = self.name
        changed = {name: value for name, value in _values(remote).items() if self[name] != value}
        if self.is_events and not remote.role.can_write:
            changed["is_events"] = False  # the right to write was taken away: another is chosen
        if changed:
            self.write(changed)
        return was != self.name


def _values(remote):
    return {
        "name": one_line(remote.name) or remote.remote_id,
        "color": color(remote.color),
        "tz": remote.tz,
        "access_role": remote.role.value,
        "can_write": remote.role.can_write,
        "can_invite": remote.can_invite,
        "is_primary": remote.is_primary,
        "is_own": remote.is_own,
        "is_missing": False,
    }
