from datetime import timedelta

from odoo import fields, models

from ..core import timezones
from ..core.changes import Window
from ..core.when import When, slot_start


class CalendarSyncMeeting(models.Model):
    """One meeting of the world: one row per iCalUID and recurrence id. It owns the Odoo event.

    Two connected colleagues in one meeting share this row and the event; each has a link.
    A series has one row (slot ''), every override has one more.
    """

    _name = "calendar.sync.meeting"
    _description = "Synced meeting"
    _rec_name = "ical_uid"

    ical_uid = fields.Char(required=True)
    slot = fields.Char(
        required=True,
        default="",
        help="Original start of an override: 20270329T080000Z or"
        " 20270329; empty for a single event or a series.",
    )
    guid = fields.Char(index="btree_not_null", help="Our own lasting id, written to the calendar.")
    form = fields.Selection(
        [
            ("single", "Single event"),
            ("native", "Odoo series"),
            ("materialised", "Series as plain events"),
            ("override", "Changed occurrence"),
        ],
        required=True,
        default="single",
    )
    event_id = fields.Many2one("calendar.event", index="btree_not_null", ondelete="set null")
    recurrence_id = fields.Many2one(
        "calendar.recurrence", index="btree_not_null", ondelete="set null"
    )
    series_id = fields.Many2one(
        "calendar.sync.meeting",
        index="btree_not_null",
        ondelete="cascade",
        help="The series of a changed occurrence.",
    )
    rules = fields.Json(help="Raw RFC 5545 lines of the series, never rewritten by us.")
    starts = fields.Char(help="First start of the series as a slot.")
    duration_min = fields.Integer("Duration (minutes)")
    tz = fields.Char()
    expanded_since = fields.Datetime(help="Occurrences exist as events from here on.")
    expanded_until = fields.Datetime(help="Occurrences exist as events up to here.")
    is_taken_over = fields.Boolean(
        help="A former sync kept it: at the first agreement the calendar's word counts."
    )
    link_ids = fields.One2many("calendar.sync.link", "meeting_id")

    _unique_meeting = models.UniqueIndex("(ical_uid, slot)", "This meeting is already known.")

    def _is_series(self):
        """True for a series; its changed occurrences are meetings of their own."""
        return self.form in ("native", "materialised")

    def _made_window(self):
        """Where each date of a series of plain events was made as one: there a date without its
        event was deleted here, elsewhere it never had one. None for other series."""
        self.ensure_one()
        if self.form != "materialised" or not self.expanded_until:
            return None
        until = timezones.to_utc(self.expanded_until, "UTC")
        since = self.expanded_since
        return Window(timezones.to_utc(since, "UTC") if since else until, until)

    def _takes_calendars_word(self, link):
        """True while nothing of ours was agreed on a meeting that a former sync kept equal: what
        differs then is what the calendar changed since. `link` is the one here, if any."""
        self.ensure_one()
        if self.series_id:
            return self.series_id.is_taken_over and not (link and link.etag)
        return self.is_taken_over and not link and not self.link_ids

    def _occurrence(self, slot):
        """When the unchanged occurrence of this series with that slot takes place."""
        self.ensure_one()
        start = slot_start(slot)
        length = timedelta(minutes=self.duration_min)
        return When(start, start + length, (self.tz or "") if "T" in slot else "")
