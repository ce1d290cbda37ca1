"""What the adapter can do, and opening it without loading the client library before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..port import Capabilities, Grant, OAuthApp

if TYPE_CHECKING:
    from .provider import CaldavProvider

LOSES = frozenset({"show_as", "reminders"})
"""Written values that may come back coarser: there is only busy and free, and no reminder at all
is the same as the calendar's own defaults."""

QUIET = frozenset({"reminders", "show_as", "privacy", "guid"})
"""What a scheduling server keeps to itself."""


class Opener:
    """Opens an account. The library costs a fifth of a second that only syncing processes pay.

    Silent writes are silent, with one exception that is refused as `would_notify`: meetings to
    which a scheduling server has invited already.
    """

    can = Capabilities(has_lasting_keys=False, quiet_fields=QUIET, loses=LOSES)

    def __call__(self, app: OAuthApp, grant: Grant, *, timeout_s: float = 20.0) -> CaldavProvider:
        """The account's provider."""
        from .provider import CaldavProvider

        return CaldavProvider(app, grant, timeout_s=timeout_s)
