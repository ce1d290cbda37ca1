from odoo import api, fields, models

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


class BookingApiKeyDescription(models.TransientModel):
    _inherit = "res.users.apikeys.description"

    booking_scope = fields.Selection(
        [(LOOK, "Only finding free times"), (BOOK, "Finding free times and booking")],
        "Booking assistant",
        help="What an assistant that books through the booking API may do with this key. Empty:"
        " the key opens everything that you may do in Odoo.",
    )

    def make_key(self):
        """A key for an assistant opens nothing but the booking API."""
        return super(
            BookingApiKeyDescription, self.with_context(booking_key_scope=self.booking_scope)
        ).make_key()
