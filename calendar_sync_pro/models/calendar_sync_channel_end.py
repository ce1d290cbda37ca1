"""Channels end with the connection: before the grant is taken back, while it still works. A pause
ends them too, in the background: the grant is kept, and what is resumed at once is not asked for
anew."""

import logging
import time

from odoo import api, models

from ..core.errors import ProviderError, Unavailable
from ..providers import port
from .calendar_sync_grant import _needs_refresh
from .calendar_sync_worker import RUN_S
from .discreet_log import discreet, place_of

_logger = logging.getLogger(__name__)

STOP_TIMEOUT_S = 5.0


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    def _stop_channels_after_commit(self):
        """Forget the channels; after the commit the provider is asked to end them. What can't be
        ended runs out by itself, and its notices find nobody."""
        super()._stop_channels_after_commit()
        rows = self.channel_ids
        values = [row._value() for row in rows if row.remote_id]
        rows.unlink()
        if not values:
            return
        try:
            app, grant = self._oauth_app(), self._load_grant()
        except ProviderError:
            return
        provider, account_id = self.provider, self.id
        self.env.cr.postcommit.add(lambda: _stop_all(provider, app, grant, values, account_id))

    # -- paused -----------------------------------------------------------------------------------
    def _set_status(self, status, reason_code=""):
        """A pause wakes the workers once more, so that nobody goes on telling us of changes."""
        done = super()._set_status(status, reason_code)
        if status == "paused" and self.sudo().channel_ids:
            self._schedule_now()
        return done

    @api.model
    def _cron_work(self, takes_failing=True):
        """One of the workers ends the channels of paused accounts before the turns of others."""
        if takes_failing:
            with discreet():
                self._end_paused()
        return super()._cron_work(takes_failing)

    @api.model
    def _end_paused(self):
        """End them there, then here. What is left after ten seconds is for the next time."""
        started = time.monotonic()
        for account in self.search([("status", "=", "paused"), ("channel_ids", "!=", False)]):
            if time.monotonic() - started < RUN_S:
                account._end_own_channels()

    def _end_own_channels(self):
        rows = self.channel_ids
        values = [row._value() for row in rows if row.remote_id]
        try:
            if values:
                provider = self._open_provider(STOP_TIMEOUT_S)
                self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
                _end(provider, values, self.id)
        except ProviderError as error:
            _logger.warning("channels not stopped account=%s reason=%s", self.id, error.reason)
        except Exception as error:  # one account's bug must not take the others' turns
            _logger.error("channels not stopped account=%s error=%s", self.id, place_of(error))
        self.env.cr.rollback()
        self._retried(lambda: self._forget_channels(rows))

    def _forget_channels(self, rows):
        """Resumed meanwhile, the account finds that it has none. Commits."""
        self._hold()
        rows.exists().unlink()
        self.exists().push_due = False
        self.env.cr.commit()  # pylint: disable=invalid-commit


def _stop_all(name, app, grant, values, account_id):
    """End the channels one by one. An access token that has run out is renewed for that, which
    nobody has to remember: the grant is taken back next."""
    registration = port.provider(name)
    try:
        if _needs_refresh(grant) and registration.sign_in is not None:
            grant = registration.sign_in.refresh(app, grant)
        provider = registration.open(app, grant, timeout_s=STOP_TIMEOUT_S)
    except ProviderError as error:
        _logger.warning("channels not stopped account=%s reason=%s", account_id, error.reason)
        return
    _end(provider, values, account_id)


def _end(provider, values, account_id):
    try:
        for value in values:
            if not _stop_one(provider, value, account_id):
                return
    finally:
        provider.close()


def _stop_one(provider, value, account_id):
    """True when it makes sense to go on with the next one."""
    try:
        provider.stop(value)
    except ProviderError as error:
        _logger.warning("channel not stopped account=%s reason=%s", account_id, error.reason)
        return not isinstance(error, Unavailable)
    return True
