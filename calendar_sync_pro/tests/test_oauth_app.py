from odoo.tests import tagged

from .connect_case import ConnectCase, first_provider


@tagged("post_install", "-at_install")
class TestOauthApp(ConnectCase):
    def app(self, **values):
        return self.env["calendar.sync.oauth.app"].create(
            {"provider": first_provider(), "client_secret": "s", **values}
        )

    def app_for(self, user, company):
        apps = self.env["calendar.sync.oauth.app"].with_user(user).with_company(company)
        return apps._app_for(user, first_provider())

    def test_own_company_and_own_domain_come_first(self):
        """S0-04: two companies and a domain, each with its own client id."""
        north, south = self.env["res.company"].create([{"name": "North"}, {"name": "South"}])
        self.env["calendar.sync.oauth.app"].search([]).active = False
        everybody = self.app(client_id="all")
        norths = self.app(client_id="north", company_id=north.id)
        domain = self.app(client_id="lab", company_id=north.id, email_domain="@Lab.example")
        ann = self.make_user("ann", company_id=north.id, company_ids=[(6, 0, (north + south).ids)])
        lab = self.make_user(
            "lab", email="x@lab.example", company_id=north.id, company_ids=[(6, 0, north.ids)]
        )
        self.assertEqual(self.app_for(ann, north), norths)
        self.assertEqual(self.app_for(ann, south), everybody)
        self.assertEqual(self.app_for(lab, north), domain)

    def test_redirect_uri_comes_from_the_settings(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://odoo.corp.example/")
        self.assertEqual(
            self.app(client_id="a").redirect_uri,
            "https://odoo.corp.example/calendar_sync/oauth/callback",
        )

    def test_changed_credentials_have_to_be_tested_again(self):
        app = self.app(client_id="a", name="Ours")
        app.state = "ok"
        app.name = "Still ours"
        self.assertEqual(app.state, "ok")
        app.client_secret = "other"
        self.assertEqual(app.state, "untested")
