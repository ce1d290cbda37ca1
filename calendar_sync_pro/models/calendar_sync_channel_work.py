"""The workers look after channels: open, renew, stop, and find out whether notices arrive."""

import logging
from datetime import UTC

from odoo import api, fields, models

from ..core.errors import AuthExpired, Forbidden, NotFound, ProviderError, RateLimited, Unavailable
from ..providers import port
from ..sync import channels
from . import clock

_logger = logging.getLogger(__name__)

BASE_URL = "web.base.url"
_CHANGES = ("create", "update", "cancel", "decline", "unlink")
"""What a sync does here because of a change there."""


class CalendarSyncAccount(models.Model):
    """When an account's channels are looked after: in its turn, when that is due."""

    _inherit = "calendar.sync.account"

    channel_ids = fields.One2many(
        "calendar.sync.channel", "account_id", readonly=True, groups="calendar_sync_pro.group_admin"
    )
    push_due = fields.Datetime(
        readonly=True, copy=False, help="When its channels are looked after. Empty: at once."
    )

    def _pull(self, lease):
        """Read the calendars; what is noticed from now on is for the next turn."""
        if lease.has_notice:
            self._lower_flags()
        is_poll = bool(self.first_sync_done and not lease.has_notice and self._has_push())
        pulled = super()._pull(lease)
        if is_poll and any(pulled.counts[name] for name in _CHANGES):
            self._retried(self._doubt)
        if not pulled.has_more and self._is_push_due(lease):
            self.env["calendar.sync.channel.work"]._keep(self, lease)
        return pulled

    def _lower_flags(self):
        def lower():
            self.env.cr.execute(
                """UPDATE calendar_sync_channel SET is_noticed = FALSE
                    WHERE account_id = %s AND is_noticed""",
                [self.id],
                log_exceptions=False,
            )
            self.env.cr.commit()  # pylint: disable=invalid-commit  # the reading comes after it

        self._retried(lower)

    def _doubt(self):
        """Something changed and nobody told: unless a notice comes after all, the channel is mute.
        One that is new may not have known, and one may have told of it since the account was taken.
        """
        now = clock.now()
        self.env.cr.execute(
            """UPDATE calendar_sync_channel channel SET doubted_at = %(now)s
                 FROM calendar_sync_calendar calendar
                WHERE calendar.id = channel.calendar_id AND calendar.is_events
                  AND channel.account_id = %(id)s AND channel.state = 'working'
                  AND NOT channel.is_noticed
                  AND channel.doubted_at IS NULL AND channel.asked_at < %(known)s""",
            {"id": self.id, "now": now, "known": now - channels.PATIENCE},
            log_exceptions=False,
        )
        if self.env.cr.rowcount:
            due = now + channels.PATIENCE
            self.push_due = min(self.push_due or due, due)
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _is_push_due(self, lease):
        if not self._has_push():
            return False
        now = clock.now()
        if not self.push_due or self.push_due <= now:
            return True
        if not lease.has_notice:
            return False
        self.invalidate_recordset(["channel_ids"])
        return any(
            one.state == "ended" or (one.renew_at and one.renew_at <= now)
            for one in self.sudo().channel_ids
        )

    def _has_push(self):
        """True when the account's provider can tell of changes."""
        registration = port.providers().get(self.provider)
        return bool(registration and registration.can.has_push_channel and self.sudo().app_id)

    def _watched_calendars(self):
        """The calendars whose changes are to be told: those that are read, as far as their events
        may be seen."""
        account = self.sudo()
        if not account.company_id.sync_use_push or account.purpose != "sync":
            return account.calendar_ids.browse()
        read = self.env["calendar.sync.busy.pull"]._blocking(account)
        if account.is_sync_on:
            read = account.events_calendar_id | account._former_calendars() | read
        seen = read.filtered(lambda c: not c.is_missing and c.access_role != "free_busy")
        return seen[: channels.AT_MOST]


class CalendarSyncChannelWork(models.AbstractModel):
    """Carries out what `sync/channels.py` plans. Each step is committed by itself; whoever is
    killed in between leaves at most a channel that nobody knows, which its provider forgets."""

    _name = "calendar.sync.channel.work"
    _description = "Looking after channels"

    @api.model
    def _keep(self, account, lease):
        """Open, renew and stop what is due. Trouble of a single calendar's channel is noted there:
        the calendar is polled as before. Raises errors of the whole account, and LeaseLost."""
        wanted = account._watched_calendars().ids
        base_url = self._base_url()
        steps = channels.plan(wanted, self._known(account, base_url), clock.now())
        app, again_at = account.sudo().app_id, None
        if any(step.action == "open" for step in steps) and not app._may_ask(base_url):
            steps = [step for step in steps if step.action != "open"]
            again_at = app._asks_again_at()
        if steps and not self._carry_out(account, lease, steps, base_url):
            again_at = clock.now() + channels.SOON
        self._note_due(account, lease, base_url, again_at)

    @api.model
    def _base_url(self):
        found = self.env["ir.config_parameter"].sudo().get_param(BASE_URL, "")
        return found.rstrip("/")

    def _known(self, account, base_url):
        rows = self.env["calendar.sync.channel"].sudo().search([("account_id", "=", account.id)])
        return [row._known(base_url) for row in rows]

    def _carry_out(self, account, lease, steps, base_url):
        """False when the provider doesn't answer or takes no more for now: the rest has to wait.
        The account was read by then: that is no failure of its sync."""
        provider = account._open_provider()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        try:
            for step in steps:
                self._take_step(account, lease, provider, step, base_url)
            return True
        except Unavailable as error:
            _logger.info("channels wait account=%s reason=%s", account.id, error.reason)
            return False
        except RateLimited as error:
            self.env.cr.rollback()
            lease.turn.slowed += 1
            account._retried(lambda e=error: account._obey(e))
            return False
        finally:
            provider.close()

    def _take_step(self, account, lease, provider, step, base_url):
        row = self.env["calendar.sync.channel"].sudo().browse(step.channel_id)
        calendar = self.env["calendar.sync.calendar"].sudo().browse(step.calendar_id)
        match step.action:
            case "open":
                self._open(account, lease, provider, calendar, base_url)
            case "renew":
                self._renew(account, lease, provider, row, base_url)
            case "stop":
                self._stop(account, lease, provider, row)
            case "give_up":
                self._give_up(account, lease, provider, row)

    def _in_transaction(self, account, lease, work):
        return self.env["calendar.sync.pull"]._in_transaction(
            account.calendar_ids, lease, lambda _is_last_try: work()
        )

    # -- steps -------------------------------------------------------------------------------------
    def _open(self, account, lease, provider, calendar, base_url):
        """Make a channel: it is known here before the provider's first notice can come."""
        row, wish = self._in_transaction(account, lease, lambda: self._begin(calendar, base_url))
        try:
            made = provider.watch(wish)
        except (AuthExpired, RateLimited, Unavailable):
            self._in_transaction(account, lease, row._take_back)
            raise
        except ProviderError as error:
            self._in_transaction(account, lease, lambda e=error: row._note_refusal(e))
            return
        self._in_transaction(account, lease, lambda: row._note_made(made))

    def _begin(self, calendar, base_url):
        rows = self.env["calendar.sync.channel"].sudo()
        rows.search(
            [("calendar_id", "=", calendar.id), ("state", "in", list(channels.DEAD))]
        ).unlink()
        values, secret = rows._new_values(calendar, base_url)
        row = rows.create(values)
        wish = port.Watch(
            calendar_id=calendar.remote_id,
            address=row._address(),
            key=row.key,
            secret=secret,
            until=clock.aware() + channels.LIFE,
        )
        return row, wish

    def _renew(self, account, lease, provider, row, base_url):
        """Let it live longer; another one is made where that can't be."""
        value, calendar = row._value(), row.calendar_id
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        try:
            made = provider.renew(value, clock.aware() + channels.LIFE)
        except NotFound:
            self._open(account, lease, provider, calendar, base_url)
            return
        except (AuthExpired, RateLimited, Unavailable):
            raise
        except ProviderError as error:
            self._in_transaction(account, lease, lambda e=error: row._note_refusal(e))
            return
        self._in_transaction(account, lease, lambda: row._note_made(made))

    def _stop(self, account, lease, provider, row):
        """End it there, then here. One that was never answered for has nothing to be ended by."""
        self._end_there(account, provider, row)
        self._in_transaction(account, lease, row.unlink)

    def _end_there(self, account, provider, row):
        value, is_there = row._value(), bool(row.remote_id) and row.state not in channels.DEAD
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        if not is_there:
            return
        try:
            provider.stop(value)
        except (AuthExpired, RateLimited, Unavailable):
            raise
        except ProviderError as error:
            _logger.info("stop refused account=%s reason=%s", account.id, error.reason)

    def _give_up(self, account, lease, provider, row):
        """No notice came: whatever the provider sends doesn't get here."""
        self._end_there(account, provider, row)
        silence = Forbidden(port.ADDRESS_REFUSED)
        self._in_transaction(account, lease, lambda: row._note_refusal(silence))

    def _note_due(self, account, lease, base_url, again_at):
        """When to look again: `again_at` at the latest, where something is left over."""

        def note():
            now = clock.now()
            due = channels.due(self._known(account, base_url), now)
            account.sudo().push_due = max(min(due, again_at or due), now)

        self._in_transaction(account, lease, note)


class CalendarSyncChannel(models.Model):
    _inherit = "calendar.sync.channel"

    def _known(self, base_url):
        """The channel as `sync/channels.py` looks at it."""
        return channels.Known(
            id=self.id,
            calendar_id=self.calendar_id.id,
            state=self.state,
            asked_at=self.asked_at,
            expires_at=self.expires_at or None,
            renew_at=self.renew_at or None,
            doubted_at=self.doubted_at or None,
            is_here=self.base_url == base_url,
        )

    def _is_heard(self):
        """True when the provider tells of changes through it now."""
        return self._known(self.base_url).is_heard(clock.now())

    def _note_made(self, made):
        """The provider's yes. A notice may have come before it, and then the row says so."""
        now, ends = clock.now(), made.expires_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        values = {
            "remote_id": made.remote_id,
            "resource_id": made.resource_id or self.resource_id,
            "expires_at": ends,
            "renew_at": channels.renew_at(now, ends),
            "reason_code": False,
        }
        if made.is_proven and self.state != "working":
            values["state"] = "working"
            self.account_id.app_id._note_reached()
        self.write(values)

    def _take_back(self):
        """Nobody can say whether it was made: another one will be, this one's notices find none."""
        self.account_id.app_id._note_nothing_learnt()
        self.unlink()

    def _note_refusal(self, error):
        """The provider doesn't tell us of this calendar, or can't: tried again tomorrow."""
        is_address = error.reason == port.ADDRESS_REFUSED
        now = clock.now()
        self.write(
            {
                "state": "unreachable" if is_address else "refused",
                "reason_code": error.reason,
                "renew_at": now + channels.TRY_AGAIN,
            }
        )
        _logger.info(
            "channel %s account=%s reason=%s", self.state, self.account_id.id, error.reason
        )
        if is_address:
            self.account_id.app_id._note_unreachable(self.base_url)
        else:
            self.account_id.app_id._note_nothing_learnt()
