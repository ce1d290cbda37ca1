"""The customer's links: signed, each for one purpose, and dead some time after the appointment."""

import binascii
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools.misc import consteq, hash_sign, verify_hash_signed

SCOPES = ("manage", "move", "cancel", "file")
KEPT = timedelta(days=30)
LONGEST = 400


class BookingCustomerLink(models.Model):
    _inherit = "booking.customer"

    manage_url = fields.Char(compute="_compute_links", groups=fields.NO_ACCESS)
    move_url = fields.Char(compute="_compute_links", groups=fields.NO_ACCESS)
    cancel_url = fields.Char(compute="_compute_links", groups=fields.NO_ACCESS)
    page_url = fields.Char(compute="_compute_links", help="Where to book anew.")
    sender = fields.Char(compute="_compute_links", help="Whom the customer may answer.")

    @api.depends("start", "stop")
    def _compute_links(self):
        """For the texts of mails and SMS."""
        for each in self:
            calendar = each.calendar_id
            each.manage_url = each._link("manage")
            each.move_url = each._link("move")
            each.cancel_url = each._link("cancel")
            each.page_url = calendar.is_published and calendar.page_url
            each.sender = each.user_id.email_formatted or each.company_id.email_formatted

    def _link(self, scope):
        """The absolute address of this booking's page for one purpose.

        'manage' shows it, 'move' and 'cancel' change it, 'file' is the calendar's file.
        """
        token = hash_sign(
            self.sudo().env, _scope(scope), [self.id, self.sudo().secret], self.stop + KEPT
        )
        name = f"{token}.ics" if scope == "file" else token
        return f"{self.get_base_url()}/booking/{scope}/{name}"

    @api.model
    def _of_token(self, scope, token):
        """The booking that a link names, as OdooBot; none for a link that is no longer valid, was
        made for something else, or was made up."""
        bookings = self.with_env(self.env(user=SUPERUSER_ID, su=True))
        try:
            found = verify_hash_signed(bookings.env, _scope(scope), token[:LONGEST])
        except (ValueError, binascii.Error, IndexError):
            return bookings.browse()
        if not found:
            return bookings.browse()
        number, secret = found
        booking = bookings.browse(number).exists()
        return booking if booking and consteq(booking.secret, secret) else bookings.browse()


def _scope(scope):
    return f"calendar_sync_pro.booking.{scope}"
