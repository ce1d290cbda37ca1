from odoo import api, fields, models


class CalendarAttendee(models.Model):
    """A guest whom only the calendar knows: an address on the guest list, and no contact.

    Importing a calendar must not fill the address book, yet the guest list, its answers and later
    pushes need every guest. So a guest may stand on an event with an address instead of a partner.
    A partner that is only archived was the other choice: it would count as a contact in exports,
    merges and duplicates, and Odoo hides archived people from `partner_ids` all the same.
    """

    _inherit = "calendar.attendee"

    partner_id = fields.Many2one(required=False)
    common_name = fields.Char(compute="_compute_common_name", store=True, precompute=True)
    email = fields.Char(related=None, compute="_compute_email")
    sync_email = fields.Char(
        "Guest's address",
        readonly=True,
        index="btree_not_null",
        help="Address of a guest who is no contact.",
    )
    sync_name = fields.Char("Guest's name in the calendar", readonly=True)

    is_host = fields.Boolean(
        readonly=True,
        help="Invited the others, and is no guest in the calendar's own list.",
    )

    _somebody = models.Constraint(
        "CHECK (partner_id IS NOT NULL OR sync_email IS NOT NULL)",
        "A guest is a contact or an address.",
    )

    @api.depends("partner_id.email", "sync_email")
    def _compute_email(self):
        for attendee in self:
            attendee.email = attendee.partner_id.email or attendee.sync_email

    @api.depends("sync_name")
    def _compute_common_name(self):
        super()._compute_common_name()
        for attendee in self:
            if not attendee.partner_id:
                attendee.common_name = attendee.sync_name or attendee.sync_email

    def _email_key(self):
        """The normalised address under which calendars know this guest, '' for none."""
        return self.partner_id.email_normalized or self.sync_email or ""
