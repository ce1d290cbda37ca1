from urllib.parse import urlsplit

from odoo.tests import tagged

from .connect_case import SandboxCase

ASKED = {"provider": "microsoft"}


@tagged("post_install", "-at_install")
class TestConnectApproval(SandboxCase):
    """An organisation lets only its administrator allow apps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        facts = cls.box.microsoft
        cls.box.ms.user("ann@north.example", name="Ann")
        cls.outlook = cls.env["calendar.sync.oauth.app"].create(
            {
                "provider": "microsoft",
                "client_id": facts["client_id"],
                "client_secret": facts["client_secret"],
                "auth_url": facts["auth_url"],
                "token_url": facts["token_url"],
                "api_url": facts["api_base"],
            }
        )

    def test_the_administrator_gets_a_link_beside_the_client_id(self):
        """S2-06: the sign-in is refused, nothing is connected, and somebody can settle it."""
        self.box.ms.tenant("north.example", admin_consent=True)
        self.addCleanup(self.box.ms.tenant, "north.example", admin_consent=False)
        begun = self.start(**ASKED)
        page = self.allow(begun["url"]).text
        result = self.result(begun["id"])
        self.assertEqual(result["code"], "admin_approval")
        self.assertEqual(result["client_id"], self.outlook.client_id)
        link = result["approval_url"]
        self.assertTrue(urlsplit(link).path.endswith("/adminconsent"), link)
        self.assertEqual(self.query_of(link)["client_id"], self.outlook.client_id)
        self.assertNotIn(self.box.microsoft["client_secret"], link)
        self.assertIn("/adminconsent?", page)
        self.assertIn(self.outlook.client_id, page)
        self.assertFalse(self.account_of(self.ann))

    def test_the_diagnosis_has_the_link_although_the_secret_can_not_be_read(self):
        """S2-05, B-04: given an app whose key was lost, when somebody whose approval is missing
        asks why nothing is synced, then there is an answer with client id and link."""
        account = self.env["calendar.sync.account"].create(
            {"user_id": self.ann.id, "company_id": self.env.company.id, "provider": "microsoft",
             "app_id": self.outlook.id, "remote_id": "ann", "email": "ann@north.example"}
        )  # fmt: skip
        account._set_status("reconnect_required", "admin_consent_required")
        self.outlook.sudo().client_secret_encrypted = "sealed with another key"
        page = account.with_user(self.ann).diagnose()
        self.assertEqual(page["approval"]["client_id"], self.outlook.client_id)
        self.assertTrue(urlsplit(page["approval"]["url"]).path.endswith("/adminconsent"))
        self.assertIn("administrator", page["rows"][page["main"]]["text"])

    def test_a_person_who_declines_is_not_sent_to_the_administrator(self):
        """S1-16: saying no oneself is something else than not being allowed to say yes."""
        begun = self.start(**ASKED)
        self.allow(begun["url"], deny=True)
        result = self.result(begun["id"])
        self.assertEqual((result["code"], result["approval_url"]), ("denied", ""))

    def test_where_no_such_page_exists_the_client_id_alone_is_offered(self):
        """S2-05: no link that leads nowhere."""
        begun = self.start()
        state = self.query_of(begun["url"])["state"]
        self.come_back(
            f"/calendar_sync/oauth/callback?state={state}&error=admin_policy_enforced"
            "&error_description=AADSTS90094"
        )
        result = self.result(begun["id"])
        self.assertEqual((result["code"], result["approval_url"]), ("admin_approval", ""))

    def test_coming_back_from_the_approval_promises_and_connects_nothing(self):
        """S2-06 S1-21: anybody could type that address."""
        back = "/calendar_sync/oauth/callback?state=approval&admin_consent=True&code=stolen"
        self.assertIn("people of your organisation can connect now", self.come_back(back).text)
        refused = self.come_back(f"{back}&error=access_denied")
        self.assertIn("It was not approved", refused.text)
        self.assertFalse(self.account_of(self.ann))
