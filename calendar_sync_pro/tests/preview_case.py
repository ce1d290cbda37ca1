"""What the tests of first syncs share: Ann connects a calendar that is full already."""

from odoo import fields

from ..core.errors import Unavailable
from ..providers import port
from .pull_case import PullCase
from .push_case import WORLD, WatchedProvider


class BreakingProvider(WatchedProvider):
    """Breaks off once, after so many pages; and what happens one after the other as it closes."""

    pages_left = 0
    at_close = []

    def close(self):
        """Let somebody do something in that moment."""
        super().close()
        if self.at_close:
            self.at_close.pop(0)()

    def changes(self, *args, **kwargs):
        """A page, or the end of the line."""
        kind = type(self)
        kind.pages_left -= 1
        if kind.pages_left == -1:
            raise Unavailable("down")
        return super().changes(*args, **kwargs)


def _open(app, grant, *, timeout_s=20.0):
    WORLD["world"].account(grant.access_token)
    return BreakingProvider(WORLD["world"], grant.access_token)


port.register(port.Registration("breaking", "Breaking", None, _open, "Open in Breaking"))


class PreviewCase(PullCase):
    """Ann's calendar is connected and was never synced; the company shows a preview first."""

    def setUp(self):
        super().setUp()
        self.env.company.sync_preview_first = True
        self.account.is_sync_on = False
        self.account.write({
            "synced_from": False, "first_sync_done": False, "exported_until": False,
            "last_sync": False,
        })  # fmt: skip
        self.env.flush_all()

    def mine(self, record=None):
        """The account (or another record) as Ann meets it."""
        self.env.flush_all()
        self.env.invalidate_all()
        return (record if record is not None else self.account).with_user(self.user)

    def toggle(self):
        """Ann turns the toggle on; the preview that opens."""
        answer = self.mine().set_sync(True)
        return self.env["calendar.sync.preview"].browse(answer["preview_id"])

    def work(self, turns=1):
        for _turn in range(turns):
            self.turn()
            self.env.invalidate_all()

    def preview(self):
        """The toggle, and the workers' reading."""
        preview = self.toggle()
        self.work()
        return preview

    def begin(self, preview):
        """Press "Start sync" and let the workers finish."""
        self.mine(preview).start()
        self.work(2)

    def page(self, preview):
        return self.mine(preview).page()

    def titles(self, preview, side):
        return sorted(row["title"] for row in self.page(preview)["lists"][side])

    def in_odoo(self, *names):
        """Titles among `names` that stand in Odoo."""
        found = self.env["calendar.event"].search([("name", "in", names)])
        return sorted(found.mapped("name"))

    def later(self):
        """The account is due for another look at the calendar."""
        self.account.next_run = fields.Datetime.now()
        self.env.flush_all()
        self.work()
