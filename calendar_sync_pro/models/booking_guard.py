"""Who asks too often, and whether a form is one of ours, filled in by a person."""

import hashlib
import hmac
import ipaddress
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import hash_sign, verify_hash_signed

LIMITS = {"look": (120, 60), "book": (12, 600), "api": (600, 60), "told": (10, 86400)}
"""What -> (how often, in how many seconds) from one address, or with one person's API keys; `told`:
forms with one e-mail address or phone number, wherever they come from."""
FORM_SCOPE = "calendar_sync_pro.booking.form"
FORM_LIFE_H = 12
FASTEST_S = 2
"""Nobody fills in a form faster; programs do."""


class BookingGuard(models.Model):
    """One row per request of the public pages, without saying whose: only that many were the same.

    Rows are added and never changed, so that requests at the same moment don't wait for each other.
    """

    _name = "booking.guard"
    _description = "Requests of the booking pages"
    _log_access = False

    caller = fields.Char(required=True, help="Changes every day and can't be traced back.")
    kind = fields.Char(required=True)
    at = fields.Datetime(required=True)

    _recent = models.Index("(caller, kind, at)")

    @api.model
    def _admits(self, address, kind):
        """Note a request from an address; False when there were too many.

        The parameters `calendar_sync_pro.booking_limit_look`, `…_book` and `…_told` raise or lower
        the number for sites that serve many visitors from one address.
        """
        most, seconds = LIMITS[kind]
        name = f"calendar_sync_pro.booking_limit_{kind}"
        wanted = self.env["ir.config_parameter"].sudo().get_param(name) or ""
        most = int(wanted) if wanted.isdecimal() else most
        now = fields.Datetime.now()
        values = {"caller": self._caller(address, now), "kind": kind, "at": now}
        self.flush_model()
        self.env.cr.execute(
            "SELECT count(*) FROM booking_guard WHERE caller = %s AND kind = %s AND at > %s",
            [values["caller"], kind, now - timedelta(seconds=seconds)],
        )
        if self.env.cr.fetchone()[0] >= most:
            return False
        self.sudo().create(values)
        return True

    @api.model
    def _caller(self, address, now):
        key = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        text = f"{now.date()} {_site_of(address)}"
        return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]

    @api.autovacuum
    def _forget(self):
        """Nothing is kept for longer than a day."""
        old = fields.Datetime.now() - timedelta(days=1)
        self.env.cr.execute("DELETE FROM booking_guard WHERE at < %s", [old])

    # -- the form ---------------------------------------------------------------------------------
    @api.model
    def _form_token(self, calendar):
        """What a form of this calendar carries: when it was made, and a key that books once."""
        made_at = int(fields.Datetime.now().timestamp())
        values = [calendar.id, made_at, secrets.token_urlsafe(12)]
        return hash_sign(self.sudo().env, FORM_SCOPE, values, expiration_hours=FORM_LIFE_H)

    @api.model
    def _form_key(self, calendar, token):
        """(the key of a form, '' or why it is not taken: 'old' or 'fast')."""
        try:
            values = verify_hash_signed(self.sudo().env, FORM_SCOPE, token[:400])
        except ValueError:
            values = None
        if not values or values[0] != calendar.id:
            return "", "old"
        age = int(fields.Datetime.now().timestamp()) - values[1]
        return (values[2], "") if age >= FASTEST_S else ("", "fast")


def _site_of(address):
    """Whose an address is: the first 64 bits of an IPv6 address, since the rest is free to choose
    for whoever has them (RFC 4291, section 2.5.4). Anything else as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((int(found), 64), strict=False))
