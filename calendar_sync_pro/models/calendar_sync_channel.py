import hashlib
import hmac
import logging
import secrets

from odoo import api, fields, models

from ..providers import port
from . import clock

_logger = logging.getLogger(__name__)

ADDRESS = "/calendar_sync/notice"
_NOBODYS = hashlib.sha256(b"").hexdigest()


class CalendarSyncChannel(models.Model):
    """A calendar whose provider tells us of changes, see `providers/notices.py`.

    A notice only raises a flag here. The account's row is left to the workers: a request that
    waited for one would be too slow for the provider, and one that lost against it would be
    repeated.
    """

    _name = "calendar.sync.channel"
    _description = "Channel for change notices"
    _order = "id desc"

    account_id = fields.Many2one(
        "calendar.sync.account", required=True, index=True, ondelete="cascade", readonly=True
    )
    calendar_id = fields.Many2one(
        "calendar.sync.calendar", required=True, index=True, ondelete="cascade", readonly=True
    )
    key = fields.Char(required=True, groups=fields.NO_ACCESS, help="Its name in our address.")
    secret_hash = fields.Char(required=True, groups=fields.NO_ACCESS)
    base_url = fields.Char(readonly=True, help="The address of this Odoo that was given.")
    remote_id = fields.Char(readonly=True)
    resource_id = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("asked", "Waiting for the first notice"),
            ("working", "Working"),
            ("unreachable", "Notices can't reach this Odoo"),
            ("refused", "Not possible for this calendar"),
            ("ended", "Ended by the provider"),
        ],
        default="asked",
        required=True,
        readonly=True,
    )
    reason_code = fields.Char(readonly=True)
    asked_at = fields.Datetime(readonly=True)
    expires_at = fields.Datetime(readonly=True)
    renew_at = fields.Datetime(readonly=True, help="When it is renewed, or tried again.")
    is_noticed = fields.Boolean(readonly=True, help="Something changed since it was read.")
    last_notice = fields.Datetime(readonly=True)
    doubted_at = fields.Datetime(
        readonly=True, help="A change was found that it had not told of; nothing was told since."
    )

    _unique_key = models.UniqueIndex("(key)", "This channel is known.")
    _noticed = models.Index("(account_id) WHERE is_noticed")

    @api.model
    def _new_values(self, calendar, base_url):
        """(values of a new row, its secret, which is kept nowhere)."""
        secret = secrets.token_urlsafe(32)
        values = {
            "account_id": calendar.account_id.id,
            "calendar_id": calendar.id,
            "key": secrets.token_hex(16),
            "secret_hash": _digest(secret),
            "base_url": base_url,
            "asked_at": clock.now(),
            "is_noticed": False,
        }
        return values, secret

    def _address(self):
        """Where the provider sends this channel's notices."""
        return f"{self.base_url}{ADDRESS}/{self.key}"

    def _value(self):
        """The channel as the port wants it."""
        return port.Channel(
            remote_id=self.remote_id or "",
            resource_id=self.resource_id or "",
            expires_at=self.expires_at or clock.now(),
        )

    # -- requests to our address -------------------------------------------------------------------
    @api.model
    def _find(self, key):
        """(id, provider's reader, state, hash of the secret) of the channel called `key`; None for
        an unknown one. One statement: anybody may ask."""
        self.env.cr.execute(
            """SELECT channel.id, account.provider, channel.state, channel.secret_hash
                 FROM calendar_sync_channel channel
                 JOIN calendar_sync_account account ON account.id = channel.account_id
                WHERE channel.key = %s""",
            [key],
        )
        row = self.env.cr.fetchone()
        registration = port.providers().get(row[1]) if row else None
        if not registration or not registration.notices:
            return None
        return row[0], registration.notices, row[2], row[3]

    @api.model
    def _greet(self, key, query):
        """What a provider that tries our address wants to have back; '' when it asked for nothing
        or for a channel that isn't ours."""
        found = self._find(key)
        return found[1].greeting(query) if found else ""

    @api.model
    def _take_in(self, key, headers, body):
        """Take in a request with notices. False when it isn't from whom we asked for them.

        Any number of notices between two looks at the calendar costs one write and one look.
        """
        found = self._find(key)
        channel_id, reader, state, known = found or (0, None, "", _NOBODYS)
        notices = reader.notices(headers, body) if reader else ()
        kinds = {notice.kind for notice in notices if _is_secret(notice.secret, known)}
        if not kinds or not found:
            return False
        self._note(channel_id, state, kinds)
        return True

    @api.model
    def _note(self, channel_id, state, kinds):
        """Raise the flag of a channel, and wake the workers if it wasn't up."""
        values = {
            "id": channel_id,
            "now": clock.now(),
            "is_change": bool(kinds - {port.NoticeKind.PROOF}),
            "is_renewal": port.NoticeKind.RENEW in kinds,
            "is_ended": port.NoticeKind.ENDED in kinds,
            "is_first": state == "asked",
        }
        self.env.cr.execute(
            """UPDATE calendar_sync_channel
                  SET is_noticed = is_noticed OR %(is_change)s,
                      last_notice = %(now)s,
                      doubted_at = NULL,
                      renew_at = CASE WHEN %(is_renewal)s THEN %(now)s ELSE renew_at END,
                      state = CASE WHEN %(is_ended)s THEN 'ended'
                                   WHEN state = 'asked' THEN 'working' ELSE state END
                WHERE id = %(id)s
                  AND ((%(is_change)s AND NOT is_noticed) OR doubted_at IS NOT NULL OR %(is_first)s
                       OR %(is_renewal)s OR %(is_ended)s)
            RETURNING is_noticed""",
            values,
        )
        woken = self.env.cr.fetchone()
        self.invalidate_model(flush=False)
        if values["is_first"]:
            self.browse(channel_id).account_id.app_id._note_reached()
        if woken and woken[0]:
            self.env["calendar.sync.account"]._schedule_now()


def _digest(secret):
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _is_secret(secret, known):
    """Compared in constant time, by the digests."""
    return hmac.compare_digest(_digest(secret), known)
