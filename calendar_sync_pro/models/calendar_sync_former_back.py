from odoo import api, models

from ..providers.former import FormerSync
from . import bulk
from .silent import silent

_STANDING = ("synced", "needs_you", "read_only", "quarantined")


class CalendarSyncFormer(models.Model):
    """Giving a database back to the sync that it came from."""

    _inherit = "calendar.sync.former"

    @api.model
    def _give_back(self, former: FormerSync, lines):
        """Let the former sync know what was synced meanwhile under ids that it lacks, so that it
        takes none of it for new; forget what was taken from it."""
        self.search([("provider", "=", former.provider), ("account_key", "=", False)]).unlink()
        accounts = lines.filtered(lambda line: line.provider == former.provider).account_id
        if not accounts or former.remote_id not in self.env["calendar.event"]._fields:
            return
        links = self.env["calendar.sync.link"].sudo().search(
            [("account_id", "in", accounts.ids), ("remote_id", "!=", False),
             ("state", "in", _STANDING)]
        )  # fmt: skip
        parts = links.filtered("slot")
        self._give_ids(former, "calendar.event", links - parts)
        self._give_ids(former, "calendar.recurrence", links - parts)
        if former.ical_uid:
            self._follow_series(former, parts)
        else:
            self._give_ids(former, "calendar.event", parts)

    def _give_ids(self, former, model, links):
        """Write the ids of `links` on the records of `model` that have none."""
        name = "event_id" if model == "calendar.event" else "recurrence_id"
        columns = tuple(filter(None, (former.remote_id, former.pending, former.ical_uid)))
        lacking = self._lacking(former, model, links, name)
        rows = [
            (link.meeting_id[name].id, link.remote_id, False, link.ical_uid)[: len(columns) + 1]
            for link in links
            if link.meeting_id[name] in lacking
        ]
        bulk.update(self.env, model, columns, rows)
        lacking.modified([former.remote_id])

    def _lacking(self, former, model, links, name):
        records = silent(self.env[model]).union(*(link.meeting_id[name] for link in links))
        return records.filtered(lambda record: not record[former.remote_id])

    def _follow_series(self, former, parts):
        """It knows no ids of changed occurrences and sends those that left their series as new."""
        lacking = self._lacking(former, "calendar.event", parts, "event_id")
        rows = [(row.id, True) for row in lacking if row.recurrence_id]
        bulk.update(self.env, "calendar.event", ("follow_recurrence",), rows)
