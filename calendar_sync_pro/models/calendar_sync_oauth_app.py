from odoo import api, fields, models

from ..providers import port


class CalendarSyncOauthApp(models.Model):
    """The registered application that asks users for consent: the company's, or one's own (BYOC)."""

    _name = "calendar.sync.oauth.app"
    _description = "Calendar OAuth app"
    _order = "provider, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    provider = fields.Selection(selection="_provider_selection", required=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: every company without an app of its own uses this one."
    )
    email_domain = fields.Char(
        help="Only users whose address ends in this domain use this app. Empty: everybody."
    )
    client_id = fields.Char("Client ID", copy=False)
    client_secret_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    client_secret = fields.Char(
        compute="_compute_client_secret",
        inverse="_inverse_client_secret",
        copy=False,
        help="Stored encrypted. It is never shown again.",
    )
    tenant = fields.Char()
    auth_url = fields.Char("Sign-in address")
    token_url = fields.Char("Token address")
    revoke_url = fields.Char("Revocation address")
    userinfo_url = fields.Char("User info address")
    api_url = fields.Char("API address")
    redirect_uri = fields.Char(compute="_compute_redirect_uri")
    state = fields.Selection(
        [("untested", "Not tested"), ("ok", "Working"), ("refused", "Refused")],
        default="untested",
        required=True,
        readonly=True,
        copy=False,
    )
    state_reason = fields.Char(readonly=True, copy=False)
    tested_at = fields.Datetime(readonly=True, copy=False)
    account_ids = fields.One2many("calendar.sync.account", "app_id")

    @api.model
    def _provider_selection(self):
        return [(name, reg.label) for name, reg in port.providers().items()]
