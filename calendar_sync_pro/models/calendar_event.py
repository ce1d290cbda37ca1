from odoo import fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    opportunity_id = fields.Many2one(
        string="Lead / Opportunity",
        domain="[]",
        help="The lead or opportunity that this appointment is about.",
    )
    sync_meeting_id = fields.Many2one(
        "calendar.sync.meeting", index="btree_not_null", copy=False, ondelete="set null"
    )
    sync_guid = fields.Char(
        "Appointment GUID", index="btree_not_null", copy=False, readonly=True
    )
    sync_slot = fields.Char(
        copy=False, readonly=True, help="Original start of an occurrence; never moves."
    )
    sync_link_ids = fields.One2many(related="sync_meeting_id.link_ids", string="Calendar links")
    sync_badge = fields.Selection(
        [
            ("none", "Not synced"),
            ("synced", "Synced"),
            ("waiting", "Waiting"),
            ("problem", "Needs you"),
            ("former", "Stays in former calendar"),
        ],
        compute="_compute_sync_badge",
        string="Calendar sync",
    )
    sync_badge_text = fields.Char(compute="_compute_sync_badge")
    sync_web_url = fields.Char(compute="_compute_sync_badge")
    sync_web_label = fields.Char(compute="_compute_sync_badge")
    appointment_state = fields.Selection(
        [("planned", "Planned"), ("cancelled", "Cancelled")],
        default="planned",
        copy=False,
        index=True,
    )
    cancel_reason = fields.Char(readonly=True, copy=False)
    show_lead_token = fields.Char(copy=False, readonly=True, index="btree_not_null")
    appointment_source = fields.Selection(
        [("rep", "Booked by a rep"), ("import", "Imported from a calendar")],
        copy=False,
        readonly=True,
    )
