"""The set-up guide as an administrator walks through it, against a provider on loopback."""

from odoo import fields
from odoo.tests import tagged

from ..models.calendar_sync_worker import CRONS
from .connect_case import SandboxCase


@tagged("post_install", "-at_install")
class TestSetupGuideWeb(SandboxCase):
    def test_from_nothing_to_green(self):
        """B-15, S0-04: entered, tried by itself, corrected; what is wrong at the provider is told
        by the next check."""
        crons = self.env["ir.cron"].union(*(self.env.ref(name) for name in CRONS))
        crons[0].lastcall = fields.Datetime.now()
        crons[1].active = False
        apps = self.env["calendar.sync.oauth.app"]
        apps.search([("id", "!=", self.app.id)]).active = False
        self.app.sudo().write({"client_id": False, "client_secret_encrypted": False})
        # The tour types what everybody can read: the sandbox takes a client of that name.
        facts = {"client_id": "CLIENT_ID", "client_secret": "CLIENT_SECRET"}
        self.box.register_client(**facts)
        self.start_tour("/odoo/calendar", "calendar_sync_pro_setup_guide", login="admin")
        self.env.invalidate_all()
        self.assertTrue(all(crons.mapped("active")))
        self.assertEqual((self.app.state, self.app.client_id), ("ok", "CLIENT_ID"))

        self.box.register_client(**facts, redirect_uris=["https://elsewhere.example/back"])
        self.authenticate("admin", "admin")
        page = self.make_jsonrpc_request(
            "/web/dataset/call_kw/calendar.sync.setup/check",
            {"model": "calendar.sync.setup", "method": "check", "args": [], "kwargs": {}},
        )
        lines = {line["key"]: line for group in page["groups"] for line in group["lines"]}
        self.assertEqual(lines[f"credentials:{self.app.id}"]["state"], "ok")
        self.assertEqual(lines[f"redirect:{self.app.id}"]["code"], "redirect_wrong")
