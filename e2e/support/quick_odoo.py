"""Odoo's launcher for soaks: what becomes due does so faster than on the wall's clock.

CSP_CLOCK is `{"origin": unix seconds, "rate": 3}`: from the origin on, the one clock of what is due
(`models/clock.py`) goes that much faster. All servers of a run share the origin. Everything else
(times of events, tokens, requests) keeps real time, and the product knows nothing of this.
"""

import json
import os
from datetime import UTC, datetime, timedelta

ADDON = "calendar_sync_pro"


class QuickClock:
    """`now` is the origin plus `rate` times what has passed since."""

    def __init__(self, origin: float, rate: float):
        self.origin, self.rate = datetime.fromtimestamp(origin, UTC), rate

    def now(self) -> datetime:
        """This moment, aware UTC, on the quick clock."""
        passed = datetime.now(UTC) - self.origin
        return self.origin + max(passed, timedelta()) * self.rate


def hasten():
    """Turn the clock as soon as the addon is loaded."""
    from odoo.modules import loading

    quick = QuickClock(**json.loads(os.environ["CSP_CLOCK"]))
    load = loading.load_openerp_module

    def loaded(name):
        load(name)
        if name == ADDON:
            from odoo.addons.calendar_sync_pro.models import clock

            clock.aware = quick.now

    loading.load_openerp_module = loaded


if __name__ == "__main__":
    import odoo.cli
    from hasty_odoo import hasten_passwords

    hasten_passwords()
    hasten()
    odoo.cli.main()
