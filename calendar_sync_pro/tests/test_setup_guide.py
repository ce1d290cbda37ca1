"""The set-up guide: what each line says, whom it is for, and what its buttons do."""

from datetime import timedelta

from cryptography.fernet import Fernet
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models.calendar_sync_worker import CRONS
from ..providers import port
from .pull_case import PullCase

HOME, PLAIN = "https://odoo.corp.example", "http://odoo.corp.example"


@tagged("post_install", "-at_install")
class TestSetupGuide(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.apps = cls.env["calendar.sync.oauth.app"]
        cls.apps.search([]).active = False
        cls.account.status = "not_connected"
        cls.admin = new_test_user(
            cls.env, "ada.admin", groups="base.group_user,calendar_sync_pro.group_admin"
        )
        cls.first, cls.second = (n for n, reg in port.providers().items() if reg.console)
        cls.at_address(HOME)

    @classmethod
    def at_address(cls, url):
        cls.env["ir.config_parameter"].set_param("web.base.url", url)

    def app(self, provider="", **values):
        secrets = {"client_id": "id", "client_secret": "secret"}
        return self.apps.create({"provider": provider or self.first, **secrets, **values})

    def setup(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["calendar.sync.setup"].with_user(user or self.env.ref("base.user_admin"))

    def page(self, origin=HOME, user=None):
        return self.setup(user).guide(origin)

    def lines(self, **asked):
        return {
            line["key"]: line for group in self.page(**asked)["groups"] for line in group["lines"]
        }

    def group(self, name):
        return next(one for one in self.page()["groups"] if one["key"] == name)

    def codes(self, provider):
        return [(line["state"], line["code"]) for line in self.group(provider)["lines"]]

    def fix(self, key, **asked):
        return self.lines(**asked)[key]["fix"]

    # -- this Odoo ----
    def test_a_plain_address_is_changed_by_a_click_and_apps_are_tried_anew(self):
        """B-15: only to where the administrator is, only encrypted, and then for good."""
        app = self.app(state="ok")
        self.at_address(PLAIN)
        line = self.lines()["address"]
        self.assertEqual((line["state"], line["shows"]), ("failing", [PLAIN]))
        self.assertEqual(line["fix"]["call"], ["use_address", HOME])
        for origin in ("https://evil.example/x", "https://localhost", "http://10.0.0.7"):
            with self.assertRaises(UserError):
                self.setup().use_address(origin)
        self.setup().use_address(HOME)
        self.assertEqual(self.lines()["address"]["code"], "address_ok")
        self.assertEqual(self.env["ir.config_parameter"].get_param("web.base.url.freeze"), "True")
        self.assertEqual(app.state, "untested")
        with self.assertRaises(UserError):
            self.setup().use_address("https://other.example")

    def test_another_address_has_to_be_registered_by_every_company(self):
        """B-15: one address for all; the administrator looks at one company just now."""
        abroad = self.env["res.company"].create({"name": "Abroad"})
        theirs = self.app(company_id=abroad.id)
        theirs.state = "ok"
        self.at_address(PLAIN)
        self.setup().use_address(HOME)
        self.assertEqual(theirs.state, "untested")

    def test_a_secret_whose_key_is_lost_is_told_to_whoever_can_enter_it_again(self):
        """B-15, S0-33: neither the check nor a sign-in ends in an error."""
        app = self.app()
        app.sudo().client_secret_encrypted = Fernet(Fernet.generate_key()).encrypt(b"x").decode()
        self.env.flush_all()
        self.assertEqual(self.setup().test_app(app.id), None)
        self.assertEqual((app.state, app.state_reason), ("refused", "key_lost"))
        self.assertIn("Enter it again", app.state_text)
        self.assertIn(("failing", "app_refused"), self.codes(self.first))
        consents = self.env["calendar.sync.consent"].with_user(self.admin)
        how = {"purpose": "sync", "is_popup": False, "back_to": ""}
        self.assertEqual(consents._start(self.first, "n", **how)["error"], "app_refused")
        self.assertFalse(consents.sudo().search([("user_id", "=", self.admin.id)]))

    def test_workers_that_are_off_are_switched_on(self):
        """B-15: a deactivated one, one that comes, and none that came for long."""
        crons = self.env["ir.cron"].union(*(self.env.ref(name) for name in CRONS))
        crons[0].lastcall = fields.Datetime.now()
        crons[1].active = False
        line = self.lines()["workers"]
        self.assertEqual((line["state"], line["code"]), ("failing", "workers_off"))
        self.setup().switch_workers_on()
        self.assertTrue(all(crons.mapped("active")))
        self.assertEqual(self.lines()["workers"]["state"], "ok")
        crons.lastcall = fields.Datetime.now() - timedelta(hours=1)
        self.assertEqual(self.lines()["workers"]["code"], "workers_silent")

    # -- providers ----
    def test_one_provider_is_enough(self):
        """B-15: without any both are to do; with one the other is optional, or switched off."""
        missing = ("open", "app_missing")
        self.assertEqual((self.codes(self.first), self.codes(self.second)), ([missing], [missing]))
        self.assertEqual(self.fix("credentials")["action"]["res_model"], self.apps._name)
        self.app()
        self.assertEqual(self.codes(self.second), [("optional", "app_missing")])
        self.apps.switch_provider(self.second, False)
        self.assertEqual(self.codes(self.second), [("optional", "provider_off")])
        self.assertFalse(self.group(self.second)["steps"])

    def test_each_app_tells_credentials_and_redirect_uri(self):
        """B-15: entered, tried, refused; a second app is told apart by its name."""
        app = self.app(client_id=False)
        self.assertEqual(self.codes(self.first), [("open", "app_incomplete")])
        app.client_id = "id"
        self.assertTrue(self.page()["is_untested"])
        untested = [("open", "app_untested"), ("open", "redirect_untried")]
        self.assertEqual(self.codes(self.first)[:2], untested)
        app.write({"state": "refused", "state_reason": "wrong_redirect_uri"})
        wrong = [("ok", "app_ok"), ("failing", "redirect_wrong")]
        self.assertEqual(self.codes(self.first)[:2], wrong)
        line = self.lines()[f"redirect:{app.id}"]
        self.assertEqual(line["shows"], [f"{HOME}/calendar_sync/oauth/callback"])
        app.write({"state": "ok", "state_reason": False})
        other = self.app(name="North's", email_domain="north.example")
        self.assertIn("North's", self.lines()[f"credentials:{other.id}"]["title"])

    def test_each_console_is_told_step_by_step(self):
        """B-15: with the address and the very permissions that people are asked for later."""
        for name, registration in port.providers().items():
            if not registration.console:
                continue
            with self.subTest(name):
                steps = self.group(name)["steps"]
                values = [step["value"] for step in steps if step["value"]]
                self.assertGreater(len(steps), 5)
                self.assertIn(f"{HOME}/calendar_sync/oauth/callback", values)
                self.assertIn("\n".join(registration.console.permissions), values)
                asked = registration.sign_in.permissions(port.Purpose.SYNC)
                scopes = {scope for row in asked for scope in row.scopes}
                self.assertLessEqual(scopes, set(registration.console.permissions))
                self.assertTrue(all(not s["url"] or s["url"].startswith("https") for s in steps))

    def test_notices_are_tried_again_by_a_click(self):
        """B-15: what was found out by trying; switched off by the company it is no task."""
        app = self.app(state="ok", push_state="unreachable")
        key = f"notices:{app.id}"
        line = self.lines()[key]
        self.assertEqual((line["state"], line["code"]), ("optional", "notices_unreachable"))
        self.setup().try_notices(line["fix"]["call"][1])
        self.assertEqual(self.lines()[key]["code"], "notices_untried")
        app.push_state = "working"
        self.assertEqual(self.lines()[key]["state"], "ok")
        self.env.company.sync_use_push = False
        self.assertEqual(self.lines()[key]["code"], "notices_off")

    def test_calendars_with_a_password_need_nothing(self):
        """B-15: done from the beginning, and gone where the company lets nobody connect them."""
        known = [(n, reg.label) for n, reg in port.providers().items() if reg.password_sign_in]
        self.assertEqual(self.codes("password"), [("ok", "password")])
        for name, label in known:
            self.assertIn(label, self.group("password")["label"])
            self.apps.switch_provider(name, False)
        self.assertNotIn("password", [one["key"] for one in self.page()["groups"]])

    # -- the team ----
    def test_a_test_appointment_turns_the_last_line_green(self):
        """B-15: nobody connected, connected, and one that got through."""
        self.assertEqual(self.lines()["trial"]["code"], "trial_nobody")
        self.account.status = "active"
        self.assertEqual(self.lines()["trial"]["code"], "trial_untried")
        self.account.with_user(self.user).book_trial()
        self.assertEqual(self.lines()["trial"]["code"], "trial_untried")
        self.turn()
        line = self.lines()["trial"]
        self.assertEqual((line["state"], line["code"]), ("ok", "trial_ok"))
        self.assertIn("Connected calendars: 1.", line["text"])
        self.assert_nobody_heard()

    def test_text_messages_go_out_or_say_why_not(self):
        """B-15: optional until a booking calendar sends some; then the latest one counts."""
        self.env["booking.calendar"].search([]).is_sms_sent = False
        self.env["iap.account"].search([("service_name", "=", "sms")]).unlink()
        self.assertEqual(self.lines()["sms"]["state"], "optional")
        self.env["booking.calendar"].create({"name": "Fair", "is_sms_sent": True})
        self.assertEqual(self.lines()["sms"]["state"], "open")
        message = self.env["sms.sms"].create({"number": "+4915100000000", "body": "Hello"})
        message.write({"state": "error", "failure_type": "sms_credit"})
        self.assertEqual(self.lines()["sms"]["code"], "sms_no_credit")
        again = self.env["sms.sms"].create({"number": "+4915100000000", "body": "Hello"})
        self.assertEqual(self.lines()["sms"]["code"], "sms_no_credit", "it only waits")
        again.state = "sent"
        self.assertEqual(self.lines()["sms"]["state"], "ok")

    # -- for whom ----
    def test_it_is_for_administrators(self):
        """S0-33, B-15: nobody else reads it or presses its buttons; the address is Odoo's own
        administrator's to change."""
        app = self.app()
        self.at_address(PLAIN)
        rep = self.setup(self.user)
        calls = (
            ("guide",), ("check",), ("test_app", app.id), ("try_notices", app.id),
            ("switch_workers_on",), ("use_address", HOME),
        )  # fmt: skip
        for name, *args in calls:
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(rep, name)(*args)
        self.assertFalse(self.fix("address", user=self.admin))
        with self.assertRaises(AccessError):
            self.setup(self.admin).use_address(HOME)
        self.assertTrue(self.page(user=self.admin)["needed"])

    def test_reading_it_asks_nobody_and_shows_no_secret(self):
        """S0-33: the page holds neither the secret nor what it was sealed to."""
        app = self.app(client_secret="canary-secret")
        opened = self.world.revision
        said = repr(self.page())
        self.assertNotIn("canary", said)
        self.assertNotIn(app.sudo().client_secret_encrypted, said)
        self.assertEqual(self.world.revision, opened)
        self.assertEqual(app.state, "untested")
