from odoo import fields, models


class CalendarSyncLink(models.Model):
    """A meeting on one remote calendar: remote identity, and the base both sides agreed on.

    One row per single event, per series master, and per changed or cancelled occurrence.
    """

    _name = "calendar.sync.link"
    _description = "Calendar link"
    _order = "id"

    meeting_id = fields.Many2one(
        "calendar.sync.meeting", required=True, index=True, ondelete="cascade"
    )
    calendar_id = fields.Many2one(
        "calendar.sync.calendar", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        related="calendar_id.account_id", store=True, index=True, precompute=True
    )
    ical_uid = fields.Char(required=True)
    slot = fields.Char(required=True, default="")
    remote_id = fields.Char(
        index="btree_not_null", help="Chosen and committed before the first create call."
    )
    master_remote_id = fields.Char(help="Remote id of the series, for an occurrence.")
    etag = fields.Char()
    sequence = fields.Integer()
    remote_updated = fields.Datetime()
    web_url = fields.Char(help="Opens the event at the provider.")
    base = fields.Json(help="Normalised fields on which both sides last agreed.")
    show_as_kind = fields.Char(help="The provider's finer busy kind, which Odoo can't hold.")
    is_organizer = fields.Boolean(default=True)
    can_edit = fields.Boolean(default=True)
    has_hidden_guests = fields.Boolean()
    is_ours = fields.Boolean(help="We created this remote event.")
    is_silent = fields.Boolean(
        help="Attendees stay off the remote event: nobody chose to invite them."
    )
    state = fields.Selection(
        [
            ("creating", "Being created"),
            ("synced", "Synced"),
            ("waiting_master", "Waiting for its series"),
            ("quarantined", "Needs attention"),
            ("read_only", "Not writable here"),
            ("frozen", "Former calendar"),
            ("cancelled", "Cancelled occurrence"),
            ("closed", "Closed"),
        ],
        required=True,
        default="synced",
        index=True,
    )
    problem_code = fields.Char()
    attempts = fields.Integer()
    not_before = fields.Datetime()
    has_unknown_outcome = fields.Boolean()
    seen_run = fields.Integer(help="Number of the last full listing that showed this event.")

    _unique_remote = models.UniqueIndex(
        "(calendar_id, remote_id) WHERE state != 'closed' AND remote_id IS NOT NULL",
        "This remote event is already linked.",
    )
    _unique_meeting = models.UniqueIndex(
        "(calendar_id, ical_uid, slot) WHERE state NOT IN ('closed', 'quarantined')",
        "This meeting is already linked on this calendar.",
    )
