"""What somebody tries at the address where sign-ins come back."""

from urllib.parse import parse_qs, urlencode, urlsplit

from odoo.tests import tagged

from .connect_case import SandboxCase

MARKUP = "<img src=x onerror=alert(1)>"


@tagged("post_install", "-at_install")
class TestOAuthAttacks(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        facts = cls.box.microsoft
        cls.box.ms.user("eve@north.example", name="Eve")
        cls.env["calendar.sync.oauth.app"].create(
            {
                "provider": "microsoft",
                "client_id": facts["client_id"],
                "client_secret": facts["client_secret"],
                "auth_url": facts["auth_url"],
                "token_url": facts["token_url"],
                "api_url": facts["api_base"],
            }
        )

    def state_of(self, begun):
        return parse_qs(urlsplit(begun["url"]).query)["state"][0]

    def code_of(self, back):
        return parse_qs(urlsplit(back).query)["code"][0]

    def come_back_with(self, **values):
        return self.come_back(f"/calendar_sync/oauth/callback?{urlencode(values)}")

    def assertNothingConnected(self, begun, code="code_refused"):
        self.assertEqual(self.result(begun["id"])["code"], code)
        self.assertFalse(self.account_of(self.ann) | self.account_of(self.eve))

    def test_a_code_of_somebody_elses_sign_in_connects_nothing(self):
        """S1-21, S0-33: code injection: Ann's browser is sent back with a code for Eve's calendar,
        obtained at the same app. It was made for another PKCE verifier."""
        begun = self.start()
        asked = {name: one[0] for name, one in parse_qs(urlsplit(begun["url"]).query).items()}
        other = {**asked, "state": "of-eve", "code_challenge": "E" * 43}
        page = f"{urlsplit(begun['url'])._replace(query=urlencode(other)).geturl()}"
        stolen = self.code_of(self.box.consent(page, "eve@north.example"))
        self.come_back_with(state=self.state_of(begun), code=stolen)
        self.assertNothingConnected(begun)

    def test_a_code_of_another_provider_connects_nothing(self):
        """S1-21: mix-up: the answer of one provider on the state of a sign-in at the other one. The
        state says who is asked for the token, never the browser."""
        at_other = self.start(provider="microsoft")
        stolen = self.code_of(self.box.consent(at_other["url"], "eve@north.example"))
        begun = self.start()
        self.come_back_with(state=self.state_of(begun), code=stolen)
        self.assertNothingConnected(begun)

    def test_a_state_that_was_tried_with_a_wrong_code_is_used_up(self):
        """S1-21: nobody gets a second guess."""
        begun = self.start()
        right = self.code_of(self.box.consent(begun["url"], "ann@north.example"))
        self.come_back_with(state=self.state_of(begun), code="guessed")
        answer = self.come_back_with(state=self.state_of(begun), code=right)
        self.assertIn("no longer valid", answer.text)
        self.assertNothingConnected(begun)

    def test_a_provider_is_not_believed_what_it_says_in_an_address(self):
        """S1-16: texts of a refusal are looked up, never shown as they came."""
        begun = self.start()
        answer = self.come_back_with(
            state=self.state_of(begun), error=f"access_denied{MARKUP}", error_description=MARKUP
        )
        self.assertNotIn("onerror", answer.text)
        self.assertNothingConnected(begun, "denied")

    def test_who_is_not_signed_in_finishes_nothing(self):
        """S0-33: the state alone is worth nothing without the session that began."""
        begun = self.start()
        back = self.box.consent(begun["url"], "ann@north.example")
        self.logout(keep_db=True)
        answer = self.come_back(back)
        self.assertIn("/web/login", answer.headers["Location"])
        self.authenticate("ann", "ann")
        self.assertIn("no longer valid", self.come_back(back).text)
        self.assertFalse(self.account_of(self.ann))
