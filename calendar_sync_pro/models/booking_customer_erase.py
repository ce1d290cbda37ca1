import secrets

from odoo import models


class BookingCustomer(models.Model):
    _inherit = "booking.customer"

    def _forget_customer(self):
        """Empty what says who it was. Links that were mailed are dead from now on, and nothing is
        sent to this customer any more."""
        for each in self:
            each.write(
                {
                    "name": self.env._("Erased"),
                    "email": False,
                    "phone": False,
                    "partner_id": False,
                    "request_key": False,
                    "api_request": False,
                    "secret": secrets.token_urlsafe(12),
                    "due_at": False,
                    "reminded_min": 0,
                }
            )

    def _what_to_tell(self):
        """Nothing to whoever can't be reached."""
        return super()._what_to_tell() if self.email or self.phone else ""
