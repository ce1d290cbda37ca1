from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..providers.guard import hosts_from
from .calendar_sync_grant import TRUSTED_HOSTS
from .retention import DEFAULT_DAYS, JOURNAL


def _of_company(name):
    return {"related": f"company_id.sync_{name}", "readonly": False}


class ResConfigSettings(models.TransientModel):
    """Settings, Calendar Sync: the company's defaults, each said in one sentence."""

    _inherit = "res.config.settings"

    sync_remote_delete = fields.Selection(**_of_company("remote_delete"))
    sync_local_delete = fields.Selection(**_of_company("local_delete"))
    sync_import_policy = fields.Selection(**_of_company("import_policy"))
    sync_export_policy = fields.Selection(**_of_company("export_policy"))
    sync_conflict_winner = fields.Selection(**_of_company("conflict_winner"))
    sync_video_calls = fields.Selection(**_of_company("video_calls"))
    sync_days_back = fields.Integer(**_of_company("days_back"))
    sync_days_ahead = fields.Integer(**_of_company("days_ahead"))
    sync_allow_override = fields.Boolean(**_of_company("allow_override"))
    sync_allow_further = fields.Boolean(**_of_company("allow_further"))
    sync_lock_primary = fields.Boolean(**_of_company("lock_primary"))
    sync_preview_first = fields.Boolean(**_of_company("preview_first"))
    sync_show_colleagues = fields.Boolean(**_of_company("show_colleagues"))
    sync_use_push = fields.Boolean(**_of_company("use_push"))
    sync_poll_minutes = fields.Integer(**_of_company("poll_minutes"))
    sync_poll_minutes_outside = fields.Integer(**_of_company("poll_minutes_outside"))
    sync_own_domains = fields.Char(**_of_company("own_domains"))
    sync_trusted_hosts = fields.Char(
        "Servers allowed without https or on private networks",
        config_parameter=TRUSTED_HOSTS,
        groups="base.group_system",
    )

    sync_journal_days = fields.Integer(
        "Days the journal is kept", config_parameter=JOURNAL, default=DEFAULT_DAYS
    )

    @api.constrains("sync_journal_days")
    def _check_journal_days(self):
        for settings in self:
            if settings.sync_journal_days < 1:
                raise ValidationError(self.env._("The journal is kept for one day at least."))

    @api.constrains("sync_trusted_hosts")
    def _check_trusted_hosts(self):
        for settings in self:
            try:
                hosts_from(settings.sync_trusted_hosts or "")
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "%s is not a server: enter a name or an address, with a port if it has"
                        " one, for example calendar.example.lan:5232",
                        error,
                    )
                ) from None
