from odoo import fields, models
from odoo.addons.iap.tools.iap_tools import _MAIL_PROVIDERS
from odoo.tools import SQL

from ..core.settings import SETTINGS
from ..sync.admission import PUBLIC_MAIL_DOMAINS
from .sync_choices import CHOICES


def _default(name):
    value = str(SETTINGS[name][0])
    if value in ("True", "False"):
        return value == "True"
    return int(value) if value.isdigit() else value


def _choice(name, label):
    return fields.Selection(CHOICES[name], label, required=True, default=_default(name))


class ResCompany(models.Model):
    """The company's defaults of calendar sync; what each does is said in core/settings.py."""

    _inherit = "res.company"

    sync_remote_delete = _choice("remote_delete", "Deleted in the calendar")
    sync_local_delete = _choice("local_delete", "Deleted in Odoo")
    sync_import_policy = _choice("import_policy", "From the calendar to Odoo")
    sync_export_policy = _choice("export_policy", "From Odoo to the calendar")
    sync_conflict_winner = _choice("conflict_winner", "Changed on both sides")
    sync_video_calls = _choice("video_calls", "Video calls")
    sync_days_back = fields.Integer("Days back", required=True, default=_default("days_back"))
    sync_days_ahead = fields.Integer("Days ahead", required=True, default=_default("days_ahead"))
    sync_allow_override = fields.Boolean("Users may choose for themselves", default=True)
    sync_allow_further = fields.Boolean("Further accounts", default=_default("allow_further"))
    sync_lock_primary = fields.Boolean("Main calendar only", default=_default("lock_primary"))
    sync_preview_first = fields.Boolean(
        "Preview of a first sync", default=_default("preview_first")
    )
    sync_show_colleagues = fields.Boolean(
        "Colleagues without a user", default=_default("show_colleagues")
    )
    sync_poll_minutes = fields.Integer("Minutes in working hours", required=True, default=5)
    sync_poll_minutes_outside = fields.Integer(
        "Minutes outside working hours", required=True, default=15
    )
    sync_own_domains = fields.Char(
        "Our mail domains",
        help="Further domains that count as inside the company, separated by commas.",
    )

    _sync_window = models.Constraint(
        "CHECK (sync_days_back BETWEEN 0 AND 3650 AND sync_days_ahead BETWEEN 1 AND 3650)",
        "The days to sync lie between 0 and 3650.",
    )
    _sync_poll = models.Constraint(
        "CHECK (sync_poll_minutes BETWEEN 1 AND 1440"
        " AND sync_poll_minutes_outside BETWEEN 1 AND 1440)",
        "Calendars are checked at least once a day and at most once a minute.",
    )

    def _sync_internal_domains(self):
        """Mail domains that count as inside: those of all internal users and the company's list.

        Public mail services never count: two customers there are no colleagues.
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT lower(split_part(person.email_normalized, '@', 2))
                 FROM res_users AS member
                 JOIN res_partner AS person ON person.id = member.partner_id
                WHERE member.active AND NOT member.share
                  AND person.email_normalized IS NOT NULL"""
            )
        )
        own = (self.sync_own_domains or "").replace(";", ",").split(",")
        found = {domain.strip().lower().lstrip("@") for domain in (*(row[0] for row in rows), *own)}
        return frozenset(found - self._public_mail_domains() - {""})

    def _sync_hidden_domains(self):
        """Mail domains of colleagues who are not shown unless they have a user. Looked up once in
        a transaction, since each event that is shown or sent asks."""
        if self.sync_show_colleagues:
            return frozenset()
        kept = self.env.cr.cache.setdefault("calendar_sync_pro.hidden_domains", {})
        if self.id not in kept:
            kept[self.id] = self._sync_internal_domains()
        return kept[self.id]

    def _public_mail_domains(self):
        """Domains where anybody gets an address: sharing one makes nobody a colleague."""
        return _MAIL_PROVIDERS | PUBLIC_MAIL_DOMAINS
