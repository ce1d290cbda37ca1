from odoo import fields, models

from ..models.booking_api_key import BOOK, LOOK


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
