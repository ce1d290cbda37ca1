"""`odoo calendar_sync_key -d DATABASE`: another encryption key for the stored credentials."""

import sys

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config

UNFINISHED = 3
OLD_KEYS = """Older keys are still there.
A key file: run this again, others were at work meanwhile.
A key of your own: with none under an older one, take the older one out and restart Odoo.
"""


class CalendarSyncKey(Command):
    """Encrypt everything that Calendar Sync Pro stores encrypted with a new key.

    Sync goes on meanwhile. Killed at any moment, call it again: it goes on where it was. A key of
    your own (CALENDAR_SYNC_PRO_KEY or calendar_sync_pro_key): put the new one in front of the old
    one, separated by a comma, restart Odoo, run this, then take the old one out.
    """

    name = "calendar_sync_key"

    def run(self, args):
        """Parse the words after the command, rotate, say what came of it."""
        is_status = "--status" in args
        config.parse_config([one for one in args if one != "--status"], setup_logging=True)
        names = config["db_name"]
        if len(names) != 1:
            sys.exit("Name one database: odoo calendar_sync_key -d DATABASE [--status]")
        with Registry(names[0]).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if "calendar.sync.key" not in env.registry:
                sys.exit(f"Calendar Sync Pro is not installed in {names[0]}")
            keys = env["calendar.sync.key"]
            found = keys._status() if is_status else keys._rotate()
            cr.rollback()
        sys.stdout.write(
            f"{found.current} secrets under the first key, {found.older} under an older one,"
            f" {found.unreadable} that no known key opens.\n"
        )
        if found.has_old_keys:
            sys.stdout.write(OLD_KEYS)
            sys.exit(0 if is_status else UNFINISHED)
