"""Channels end with the connection: before the grant is taken back, while it still works."""

import logging

from odoo import models

from ..core.errors import ProviderError, Unavailable
from ..providers import port
from .calendar_sync_grant import _needs_refresh

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
