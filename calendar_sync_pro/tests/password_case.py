"""Connecting with a password over real HTTP: Odoo's own routes, and a real CalDAV server."""

import importlib.util
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import skipUnless

from .connect_case import OverHttp

HAS_SERVERS = importlib.util.find_spec("e2e") is not None
SECRET = "correct horse battery"
OTHER_SECRET = "another one altogether"


@skipUnless(HAS_SERVERS, "the servers for tests are not on the path")
class PasswordCase(OverHttp):
    """Ann and Eve at Odoo; Ann has a calendar on a server that the administrator allows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        from e2e.support.dav_proxy import DavProxy
        from e2e.support.dav_servers import Radicale

        folder = Path(cls.enterClassContext(TemporaryDirectory()))
        cls.server = cls.enterClassContext(Radicale(folder))
        cls.dav = cls.enterClassContext(DavProxy(cls.server))
        cls.ann = cls.make_user("ann")
        cls.eve = cls.make_user("eve")

    def setUp(self):
        super().setUp()
        self.dav.calm()
        self.server.add_user("ann@north.example", SECRET)
        self.server.add_user("eve@north.example", OTHER_SECRET)
        self.allow(f"127.0.0.1:{self.dav.port}")
        self.authenticate("ann", "ann")

    def allow(self, hosts):
        """What an administrator enters in the settings."""
        self.env["ir.config_parameter"].set_param("calendar_sync_pro.trusted_hosts", hosts)

    def connect(self, password=SECRET, username="ann@north.example", **params):
        """Fill in the form and press Connect: what it shows then."""
        params = {"provider": "caldav", "address": self.dav.url, **params}
        answer = self.make_jsonrpc_request(
            "/calendar_sync/password/connect",
            {"username": username, "password": password, **params},
        )
        self.env.invalidate_all()
        return answer

    def page(self, user):
        """The connections page as `user` gets it."""
        return self.as_user(self.env["calendar.sync.account"], user).connections_page()
