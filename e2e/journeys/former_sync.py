"""A database in which Odoo's own calendar syncs were at work, before the addon came."""

from e2e.support import templates
from e2e.support.odoo_process import install
from e2e.support.stack import Stack
from scripts.ground import places

from .people import Product

MODULES = ["google_calendar", "microsoft_calendar"]
_RUN = """
    import os
    from benchmarks.peers import GooglePeer, MicrosoftPeer
    peer = {"google": GooglePeer, "microsoft": MicrosoftPeer}[os.environ["PEER"]]
    peer.redirect(os.environ["PEER_URL"])
    if os.environ["PEER_TOKEN"]:
        peer.connect(env.registry, int(os.environ["PEER_UID"]), "", os.environ["PEER_TOKEN"])
    peer.work(env.registry)
"""
_TAKE_OUT = """
    addon = env["ir.module.module"].search([("name", "=", "calendar_sync_pro")])
    addon.button_immediate_uninstall()
"""


class FormerStack(Stack):
    """A running product whose database has Odoo's syncs first; `bring_in` installs the addon."""

    def _prepare_database(self):
        source = templates.without_addon(self.cluster, self.kind, MODULES)
        templates.clone(self.cluster, source, self.db)

    def sync_as_before(self, person, *, connect=False):
        """One run of Odoo's own sync of that provider; `connect` gives it the person's token."""
        phone, world = person.phone, person.world
        side = world if phone.provider == "google" else world.ms
        token = side.token_of(person.email) if connect else ""
        self.shell(
            _RUN, PEER=phone.provider, PEER_URL=world.google["auth_base"], PEER_TOKEN=token,
            PEER_UID=str(person.uid),
        )  # fmt: skip

    def bring_in(self):
        """Install the addon, as under Apps, and set it up; Odoo answers at the same address."""
        self._while_stopped(lambda: install(self.cluster, self.db, [places.NAME], demo=False))
        self.configure()

    def take_out(self):
        """Uninstall the addon."""
        self._while_stopped(lambda: self.shell(_TAKE_OUT))

    def _while_stopped(self, work):
        server = self.odoo
        server.stop()
        work()
        self.start_odoo(port=server.port)


class FormerProduct(Product):
    """The product before the addon is there: it has no preview of first syncs to leave out."""

    is_there = False

    def previews_first_syncs(self, is_shown):
        """As in a product, once there is one."""
        if self.is_there:
            super().previews_first_syncs(is_shown)
