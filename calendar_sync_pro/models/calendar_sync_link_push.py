from odoo import fields, models


class CalendarSyncLink(models.Model):
    """What sending needs to remember of a link."""

    _inherit = "calendar.sync.link"

    sent_block = fields.Char(
        copy=False, help="Digest of what was sent beside the merged fields: text block, source."
    )

    def _is_elected(self):
        """True when this guest's link carries the shared fields: no organizer is connected, and
        of the guests' links this is the oldest."""
        self.ensure_one()
        if self.is_organizer:
            return False
        siblings = self.meeting_id.link_ids.filtered(
            lambda link: link.state not in ("closed", "frozen", "quarantined")
        )
        if any(link.is_organizer for link in siblings):
            return False
        return bool(siblings) and min(siblings.ids) == self.id
