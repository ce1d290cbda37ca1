from odoo import api, fields, models
from odoo.exceptions import UserError

from ..providers import port
from .connect_texts import result_text


class ResCompany(models.Model):
    """Which providers the company's people may connect. All, unless an administrator says no."""

    _inherit = "res.company"

    sync_providers_off = fields.Json(
        "Providers switched off", help="Names of providers that nobody may newly connect."
    )

    def _is_provider_off(self, provider):
        """True where nobody of this company may newly connect that provider."""
        self.ensure_one()
        return provider in (self.sync_providers_off or ())


class CalendarSyncOauthApp(models.Model):
    _inherit = "calendar.sync.oauth.app"

    @api.model
    def provider_switches(self):
        """What the settings show: each provider, whether people may connect it, and how many of
        the company's accounts are connected."""
        self.check_access("write")
        company = self.env.company
        counts = dict(
            self.env["calendar.sync.account"]
            .sudo()
            ._read_group(
                [("company_id", "=", company.id), ("status", "!=", "not_connected")],
                ["provider"],
                ["__count"],
            )
        )
        return [
            {
                "name": name,
                "label": reg.label,
                "logo": self.env["calendar.sync.account"]._logo_url(name),
                "is_on": not company._is_provider_off(name),
                "accounts": counts.get(name, 0),
            }
            for name, reg in port.providers().items()
            if reg.sign_in or reg.password_sign_in
        ]

    @api.model
    def switch_provider(self, provider, is_on):
        """Let the company's people connect that provider, or not. Who is connected stays so."""
        self.check_access("write")
        if provider not in port.providers():
            raise UserError(self.env._("There is no such calendar provider."))
        company = self.env.company.sudo()
        others = [name for name in company.sync_providers_off or () if name != provider]
        company.sync_providers_off = others if is_on else [*others, provider]
        return self.provider_switches()


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    @api.model
    def _page_providers(self):
        """A provider that is switched off says so in the catalogue."""
        off = self.env.company.sudo().sync_providers_off or ()
        rows = super()._page_providers()
        return [row | {"off": self._why_off(row["label"]) if row["name"] in off else ""}
                for row in rows]  # fmt: skip

    def _page_problem(self):
        """There is nothing to press where the account couldn't be authorised anyway."""
        problem = super()._page_problem()
        is_off = self.company_id._is_provider_off(self.provider)
        if problem and problem["button"] == "authorize" and is_off:
            why = self._why_off(port.provider(self.provider).label)
            return {**problem, "button": "", "next_step": why}
        return problem

    @api.model
    def _why_off(self, label):
        return result_text(self.env, "provider_off", provider=label)[1]
