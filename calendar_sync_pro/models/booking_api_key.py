from odoo import api, models

LOOK, BOOK = "calendar_sync_pro.booking.look", "calendar_sync_pro.booking.book"
SCOPES = {"read": (BOOK, LOOK), "book": (BOOK,)}
"""Scopes of keys that may do what an operation of the booking API needs. A key without a scope may
do everything, in Odoo as here."""


class BookingApiKey(models.Model):
    _inherit = "res.users.apikeys"

    @api.model
    def _booking_user(self, key, scopes):
        """(id of the key's owner, whether the key has one of these scopes); (None, False) for a
        key that is not known."""
        for scope in (BOOK, LOOK):
            if user_id := self._check_credentials(scope=scope, key=key):
                return user_id, scope in scopes
        return None, False

    @api.model
    def _booking_scopes(self):
        """The scopes of keys that may book, and that may only look for times."""
        return [BOOK, LOOK]

    def _generate(self, scope, name, expiration_date):
        """A key that is made for something can do nothing else."""
        only = self.env.context.get("booking_key_scope")
        return super()._generate(scope or only or None, name, expiration_date)
