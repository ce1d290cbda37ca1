from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..providers import port
from .connect_case import OneAccountCase, first_provider


@tagged("post_install", "-at_install")
class TestProviderSwitch(OneAccountCase):
    """The company's word on which providers people may connect, and what a card says of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bob = cls.make_user("bob")
        cls.boss = cls.make_user("boss", "calendar_sync_pro.group_admin")

    def switch(self, is_on, reader=None, name=""):
        apps = self.as_user(self.env["calendar.sync.oauth.app"], reader or self.boss)
        return apps.switch_provider(name or first_provider(), is_on)

    def obstacle(self, account, user):
        account = self.as_user(account, user)
        return account._obstacle(self.env.company, first_provider())

    def begin(self, user):
        consent = self.as_user(self.env["calendar.sync.consent"], user)
        return consent._start(
            first_provider(), "nonce", purpose="sync", is_popup=True, back_to="/odoo"
        )

    def test_switched_off_nobody_newly_connects_and_the_reason_is_there(self):
        """S3-03: the button is greyed with the reason, and a request past it is refused."""
        none = self.env["calendar.sync.account"]
        self.assertEqual(self.first(self.page(self.bob))["off"], "")
        self.assertEqual(self.obstacle(none, self.bob), "")
        self.switch(False)
        self.assertIn("Settings, Calendar Sync", self.first(self.page(self.bob))["off"])
        self.env["calendar.sync.oauth.app"].create(
            {"provider": first_provider(), "client_id": "ours", "client_secret": "s"}
        )
        before = self.env["calendar.sync.consent"].search_count([])
        self.assertEqual(self.begin(self.bob)["error"], "provider_off")
        self.assertEqual(self.env["calendar.sync.consent"].search_count([]), before)
        self.switch(True)
        self.assertEqual(self.first(self.page(self.bob))["off"], "")
        self.assertIn("url", self.begin(self.bob))

    def test_other_providers_and_other_companies_are_not_switched_off_with_it(self):
        """S3-03: one provider, one company."""
        self.switch(False)
        off = {one["name"] for one in self.page(self.bob)["providers"] if one["off"]}
        self.assertEqual(off, {first_provider()})
        north = self.env["res.company"].create({"name": "North"})
        self.assertFalse(north._is_provider_off(first_provider()))

    def test_what_is_connected_goes_on(self):
        """S3-03: it syncs, may sign in again, and only a disconnected one stays off."""
        told = next(one for one in self.switch(False) if one["name"] == first_provider())
        self.assertEqual((told["is_on"], told["accounts"]), (False, 1))
        self.assertTrue(self.work.is_sync_on)
        self.assertFalse(self.card(self.work)["problem"])
        self.lose("access_revoked")
        self.assertEqual(self.obstacle(self.work, self.ann), "")
        self.assertEqual(self.card(self.work)["problem"]["button"], "reconnect")
        self.work._set_status("not_connected", "")
        self.assertEqual(self.obstacle(self.work, self.ann), "provider_off")
        problem = self.card(self.work)["problem"]
        self.assertEqual(problem["button"], "")
        self.assertIn("administrator", problem["next_step"])

    def test_only_administrators_switch(self):
        """S3-03: the organisation decides, not its people; and nothing unknown is stored."""
        with self.assertRaises(AccessError):
            self.switch(False, self.bob)
        with self.assertRaises(AccessError):
            self.as_user(self.env["calendar.sync.oauth.app"], self.bob).provider_switches()
        with self.assertRaises(UserError):
            self.switch(False, name="nobody's")
        self.assertFalse(self.env.company.sync_providers_off)

    def test_the_card_explains_invitations_that_stay_away(self):
        """S3-22 S3-23: where a provider keeps some back, both ways out are named; nowhere else."""
        explained = [name for name, one in port.providers().items() if one.missing_invitations]
        self.assertEqual(explained, ["google"])
        account = self.make_account(self.bob, provider="google")
        text = self.card(account)["missing_invitations"]
        self.assertIn("From everyone", text)
        self.assertIn("I know the sender", text)
        other = next(name for name in port.providers() if name != "google")
        elsewhere = self.make_account(self.ann, "ann@home.example", provider=other)
        self.assertEqual(self.card(elsewhere)["missing_invitations"], "")
