from odoo import api, fields, models


class CalendarSyncAccount(models.Model):
    """One user's connection to one provider account."""

    _name = "calendar.sync.account"
    _description = "Connected calendar account"
    _order = "is_sync_on desc, id"
    _check_company_auto = True
    _rec_name = "email"

    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    app_id = fields.Many2one("calendar.sync.oauth.app", ondelete="restrict", index=True)
    provider = fields.Selection(selection="_provider_selection", required=True)
    remote_id = fields.Char(
        "Provider's account id", help="Never changes, unlike the address.", copy=False
    )
    email = fields.Char(copy=False)
    remote_name = fields.Char(copy=False)
    aliases = fields.Json(copy=False, help="Further addresses of this account.")

    status = fields.Selection(
        [
            ("not_connected", "Not Connected"),
            ("active", "Active"),
            ("reconnect_required", "Reconnect Required"),
            ("paused", "Paused"),
        ],
        default="not_connected",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    reason_code = fields.Char(readonly=True, copy=False)
    reason_since = fields.Datetime(readonly=True, copy=False)
    credentials_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    scopes = fields.Char(readonly=True, copy=False)

    is_sync_on = fields.Boolean("Calendar sync", copy=False)
    calendar_ids = fields.One2many("calendar.sync.calendar", "account_id")
    events_calendar_id = fields.Many2one(
        "calendar.sync.calendar",
        "Calendar for events",
        compute="_compute_events_calendar_id",
        inverse="_inverse_events_calendar_id",
        domain="[('account_id', '=', id), ('can_write', '=', True), ('is_missing', '=', False)]",
    )
    synced_from = fields.Datetime(
        readonly=True, copy=False, help="When sync was first switched on: older appointments go"
        " out without attendees."
    )
    first_sync_done = fields.Boolean(readonly=True, copy=False)
    last_sync = fields.Datetime(readonly=True, copy=False)
    next_run = fields.Datetime(readonly=True, copy=False, index=True)
    failures = fields.Integer(readonly=True, copy=False)
    wait_writes_until = fields.Datetime(readonly=True, copy=False)
    lease_token = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    lease_until = fields.Datetime(readonly=True, copy=False, groups=fields.NO_ACCESS)

    remote_delete = fields.Selection(
        [("cancel", "Cancel the appointment"), ("keep", "Keep the appointment")]
    )
    local_delete = fields.Selection(
        [("remove", "Remove from the calendar"), ("leave", "Leave in the calendar")]
    )
    import_policy = fields.Selection(
        [
            ("external", "Meetings with outsiders in full, the rest as busy time"),
            ("everything", "Everything in full"),
            ("busy_only", "Busy times only"),
            ("nothing", "Nothing"),
        ]
    )
    export_policy = fields.Selection(
        [
            ("everything", "Every meeting I attend"),
            ("leads", "Only appointments with a lead"),
            ("nothing", "Nothing"),
        ]
    )
    conflict_winner = fields.Selection(
        [("latest", "The latest edit"), ("calendar", "The calendar"), ("odoo", "Odoo")]
    )

    _one_sync_per_user = models.UniqueIndex(
        "(user_id) WHERE is_sync_on", "Calendar sync is already on for another account."
    )
    _one_identity = models.UniqueIndex(
        "(provider, remote_id) WHERE remote_id IS NOT NULL AND status != 'not_connected'",
        "This calendar account is already connected.",
    )

    @api.model
    def _provider_selection(self):
        return self.env["calendar.sync.oauth.app"]._provider_selection()
