from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize


class ResUsers(models.Model):
    _inherit = "res.users"

    calendar_sync_account_ids = fields.One2many(
        "calendar.sync.account", "user_id", "Connected calendars"
    )
    sync_addresses = fields.Char(
        "My further addresses",
        help="Other e-mail addresses under which people invite you, separated by commas. Meetings"
        " that name one of them are yours.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "sync_addresses"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "sync_addresses"]

    def _sync_addresses(self):
        """The further addresses, normalised; a set."""
        texts = (self.sync_addresses or "").replace(";", ",").split(",")
        return {email_normalize(text) for text in texts if text.strip()}

    @api.constrains("sync_addresses")
    def _check_sync_addresses(self):
        """Only addresses, and nobody else's: they decide whose meeting an invitation is."""
        for user in self:
            addresses = user._sync_addresses()
            if False in addresses:
                raise ValidationError(
                    self.env._("Separate e-mail addresses by commas: %s", user.sync_addresses)
                )
            others = self.sudo().search([("id", "!=", user.id), ("sync_addresses", "!=", False)])
            other = others.filtered(lambda one, a=addresses: one._sync_addresses() & a)[:1]
            other = other or self.sudo().search(
                [
                    ("id", "!=", user.id),
                    "|", ("login", "in", list(addresses)),
                    ("partner_id.email_normalized", "in", list(addresses)),
                ],
                limit=1,
            )  # fmt: skip
            if other:
                raise ValidationError(
                    self.env._("One of these addresses belongs to %s.", other.name)
                )
