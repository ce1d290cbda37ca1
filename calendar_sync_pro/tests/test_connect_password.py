import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .password_case import OTHER_SECRET, SECRET, PasswordCase

CHANGED = "test horse"


@tagged("post_install", "-at_install")
class TestConnectPassword(PasswordCase):
    def test_name_and_password_connect_and_sync_is_on(self):
        """S2-07 S2-04: the form's answer, the account, its calendar."""
        result = self.connect()
        self.assertTrue(result["is_ok"], result)
        self.assertIn("ann@north.example", result["text"])
        account = self.account_of(self.ann)
        self.assertEqual((account.status, account.is_sync_on), ("active", True))
        self.assertEqual(account.email, "ann@north.example")
        self.assertEqual(account.calendar_ids.mapped("name"), ["Calendar"])
        self.assertEqual(account.events_calendar_id.name, "Calendar")
        self.assertFalse(account.app_id)

    def test_wrong_password_is_said_and_nothing_is_saved(self):
        """S2-07: a precise message, nothing saved, one question only."""
        before = self.dav.last
        result = self.connect("wrong")
        self.assertEqual((result["code"], result["field"]), ("wrong_password", "password"))
        self.assertIn("does not accept", result["text"])
        self.assertTrue(result["next_step"])
        self.assertFalse(self.account_of(self.ann))
        self.assertLessEqual(len(self.dav.requests(since=before)), 2)

    def test_address_that_is_not_allowed_says_whom_to_ask(self):
        """S2-07: private network or no https, until the administrator names the server."""
        self.allow("")
        before = self.dav.last
        result = self.connect()
        self.assertEqual((result["code"], result["field"]), ("address_not_allowed", "address"))
        self.assertIn("administrator", result["next_step"])
        self.assertEqual(self.dav.last, before)
        self.assertFalse(self.account_of(self.ann))

    def test_every_refusal_has_words_of_its_own(self):
        """S2-07: no code and no technical text is shown."""
        cases = {
            "bad_address": {"address": "my calendar"},
            "no_passwords": {"address": "https://calendar.google.com/"},
            "not_caldav": {"address": f"{self.base_url()}/odoo"},
            "no_password": {"username": ""},
            "tls_problem": {"address": self.dav.url.replace("http:", "https:")},
        }
        self.allow(f"127.0.0.1:{self.dav.port} {self.base_url()}")
        texts = set()
        for code, params in cases.items():
            with self.subTest(code):
                result = self.connect(**params)
                self.assertEqual(result["code"], code)
                self.assertNotIn(code, result["text"])
                texts.add(result["text"])
        self.assertEqual(len(texts), len(cases))
        self.assertFalse(self.account_of(self.ann))

    def test_server_that_points_elsewhere_is_named_and_used_once_agreed_to(self):
        """S2-07: the user decides whether that one may know the password."""
        place = f"http://localhost:{self.dav.port}/"
        self.allow(f"127.0.0.1:{self.dav.port} localhost:{self.dav.port}")
        self.dav.fault("redirect", method="PROPFIND", status=302, location=place)
        result = self.connect()
        self.assertEqual((result["code"], result["is_ok"]), ("foreign_host", False))
        self.assertIn("127.0.0.1 sends us on to localhost", result["text"])
        self.assertEqual(result["offer"]["use"], "Use localhost")
        self.assertFalse(self.account_of(self.ann))
        self.dav.calm()
        self.assertTrue(self.connect(address=result["offer"]["address"])["is_ok"])
        self.assertEqual(self.account_of(self.ann).status, "active")

    def test_domain_that_names_another_server_asks_before_the_password_goes_there(self):
        """S2-07, S2-04: the e-mail address alone; the question; agreed, and connected."""
        from e2e.contract.rough_server import self_signed
        from e2e.support.dns_server import DnsServer
        from e2e.support.tls_front import TlsFront

        certificate = self_signed(Path(self.enterContext(TemporaryDirectory())), "localhost")
        self.enterContext(patch.dict(os.environ, REQUESTS_CA_BUNDLE=str(certificate)))
        front = self.enterContext(TlsFront(certificate, self.dav.port))
        dns = self.enterContext(DnsServer())
        dns.publish("_caldavs._tcp.north.example", "SRV", f"0 0 {front.port} localhost.")
        self.env["ir.config_parameter"].set_param("calendar_sync_pro.dns_server", dns.address)
        self.allow(f"localhost:{front.port}")
        result = self.connect(address="")
        self.assertEqual((result["code"], result["title"]), ("named_elsewhere", "Use localhost?"))
        self.assertIn("north.example says its calendars are at localhost", result["text"])
        self.assertEqual(front.connections, 0)
        self.assertFalse(self.account_of(self.ann))
        self.assertTrue(self.connect(address=result["offer"]["address"])["is_ok"])
        self.assertEqual(self.account_of(self.ann).email, "ann@north.example")

    def test_apple_asks_for_no_address(self):
        """S2-04: the address is known; whatever is sent instead is not used."""
        before = self.dav.last
        page = self.page(self.ann)
        apple = next(one for one in page["providers"] if one["name"] == "icloud")
        self.assertFalse(apple["form"]["needs_address"])
        [preset] = apple["form"]["presets"]
        self.assertTrue(preset["needs_app_password"] and preset["help_url"])
        with mute_logger("odoo.addons.calendar_sync_pro.models.calendar_sync_password"):
            result = self.connect(provider="icloud")  # no network here
        self.assertFalse(result["is_ok"])
        self.assertEqual(self.dav.last, before)

    def test_card_needs_no_setting_up_and_shows_the_permissions(self):
        """S2-05 S2-08: nobody is asked for a client id; the five rows are there."""
        page = self.page(self.ann)
        for name in ("caldav", "icloud"):
            card = next(one for one in page["providers"] if one["name"] == name)
            self.assertTrue(card["is_ready"])
            self.assertEqual(card["client_id"], "")
            self.assertEqual(len(card["permissions"]), 5)
        apps = self.env["calendar.sync.oauth.app"]
        names = [one["name"] for one in apps.settings_cards()]
        self.assertNotIn("caldav", names)
        self.assertNotIn("caldav", dict(apps._provider_selection()))
        self.assertIn("caldav", dict(self.env["calendar.sync.account"]._provider_selection()))

    def test_same_account_for_two_people_is_refused(self):
        """S1-08: one calendar account syncs for one user."""
        self.connect()
        self.authenticate("eve", "eve")
        result = self.connect()
        self.assertEqual(result["code"], "taken")
        self.assertFalse(self.account_of(self.eve))
        self.assertEqual(self.account_of(self.ann).status, "active")

    def test_second_account_does_not_sync_and_the_same_once_more_is_no_second(self):
        """S0-27: the first one goes on syncing."""
        self.connect()
        self.connect(OTHER_SECRET, "eve@north.example")
        first, second = self.account_of(self.ann).sorted("id")
        self.assertEqual((first.is_sync_on, second.is_sync_on), (True, False))
        self.connect()
        self.assertEqual(len(self.account_of(self.ann)), 2)

    def test_company_that_allows_one_account_is_obeyed(self):
        """C4: before the server is asked."""
        self.connect()
        self.env.company.sync_allow_further = False
        before = self.dav.last
        result = self.connect(OTHER_SECRET, "eve@north.example")
        self.assertEqual(result["code"], "no_further")
        self.assertEqual(self.dav.last, before)

    def test_only_for_availability(self):
        """S2-09: sync stays off, the calendar blocks."""
        self.connect(purpose="busy_only")
        account = self.account_of(self.ann)
        self.assertEqual((account.purpose, account.is_sync_on), ("busy_only", False))
        self.assertTrue(account.calendar_ids.blocks_availability)

    # -- the password changes -------------------------------------------------------------------
    def lose(self):
        """The owner changes the password at the server; the next look finds out."""
        self.server.add_user("ann@north.example", CHANGED)
        account = self.account_of(self.ann)
        self.call(account, "refresh_calendars")
        return account

    def test_changed_password_asks_to_reconnect_and_keeps_everything(self):
        """S0-22 S2-07: the user is prefilled, calendars and choices stay."""
        self.connect()
        account = self.account_of(self.ann)
        account.import_policy = "busy_only"
        calendar = account.calendar_ids
        self.lose()
        self.assertEqual(account.status, "reconnect_required")
        [card] = self.page(self.ann)["accounts"]
        self.assertEqual(card["problem"]["button"], "reconnect")
        self.assertIn("new password", card["problem"]["next_step"])
        self.assertEqual(card["login"]["username"], "ann@north.example")
        login = {"address": card["login"]["address"], "account_id": account.id}
        self.assertEqual(self.connect(**login)["code"], "wrong_password")
        self.assertEqual(account.status, "reconnect_required")
        self.assertTrue(self.connect(CHANGED, **login)["is_ok"])
        self.assertEqual(self.account_of(self.ann), account)
        self.assertEqual((account.status, account.is_sync_on), ("active", True))
        self.assertEqual(account.calendar_ids, calendar)
        self.assertEqual(account.import_policy, "busy_only")
        self.assertFalse(account.activity_ids)

    def test_reconnecting_with_somebody_elses_login_mixes_nothing_up(self):
        """S1-08: two persons' calendars stay two."""
        self.connect()
        account = self.lose()
        result = self.connect(OTHER_SECRET, "eve@north.example", account_id=account.id)
        self.assertEqual(result["code"], "other_identity")
        self.assertEqual(account.email, "ann@north.example")

    def test_same_name_on_another_server_is_said_to_be_that(self):
        """S1-08: the calendars there are not the ones of this connection."""
        self.connect()
        account = self.lose()
        self.allow(f"127.0.0.1:{self.server.port} 127.0.0.1:{self.dav.port}")
        result = self.connect(CHANGED, address=self.server.url, account_id=account.id)
        self.assertEqual((result["code"], result["field"]), ("other_server", "address"))
        self.assertEqual(account.status, "reconnect_required")

    def test_permission_that_is_withdrawn_says_why_and_heals_by_itself(self):
        """S2-04: an account that is connected stays so; nothing is sent meanwhile."""
        self.connect()
        account = self.account_of(self.ann)
        self.allow("")
        before = self.dav.last
        said = self.call(account, "refresh_calendars")
        self.assertIn("may not be reached", said["error"])
        self.assertEqual((self.dav.last, account.status), (before, "active"))
        self.allow(f"127.0.0.1:{self.dav.port}")
        self.assertNotIn("error", self.call(account, "refresh_calendars"))

    def test_disconnecting_forgets_the_password_and_asks_nobody(self):
        """S0-21: and connecting again goes on where it was."""
        self.connect()
        account = self.account_of(self.ann)
        before = self.dav.last
        self.as_user(account, self.ann).disconnect()
        self.env.invalidate_all()
        self.assertEqual(account.status, "not_connected")
        self.assertFalse(account.credentials_encrypted)
        self.assertEqual(self.dav.last, before)
        [card] = self.page(self.ann)["accounts"]
        self.assertEqual(card["login"]["username"], "ann@north.example")
        self.assertTrue(self.connect(address=card["login"]["address"])["is_ok"])
        self.assertEqual(self.account_of(self.ann), account)

    # -- rights ---------------------------------------------------------------------------------
    def test_nobody_reads_the_password_again(self):
        """S0-33: not the owner, not an administrator, by no door."""
        self.connect()
        account = self.account_of(self.ann)
        admin = self.make_user("boss", "base.group_system,calendar_sync_pro.group_admin")
        for reader in (self.ann, admin):
            seen = self.as_user(account, reader)
            with self.assertRaises(AccessError):
                seen.read(["credentials_encrypted"])
            names = [name for name in seen.fields_get() if name != "credentials_encrypted"]
            everything = json.dumps(seen.read(names), default=str)
            pages = self.as_user(self.env["calendar.sync.account"], reader)
            everything += json.dumps(pages.connections_page(self.ann.id), default=str)
            self.assertNotIn(SECRET, everything)
        self.assertNotIn(SECRET, account.credentials_encrypted)
        self.assertEqual(account._load_grant().access_token, SECRET)

    def test_password_is_in_no_log(self):
        """S0-33: neither when it works nor when it fails."""
        with self.assertLogs(level="DEBUG") as heard:
            self.connect()
            self.connect(OTHER_SECRET)
            self.connect(address="https://ann:pw@nowhere.invalid/")
        told = "\n".join(heard.output)
        self.assertNotIn(SECRET, told)
        self.assertNotIn(OTHER_SECRET, told)

    def test_nobody_connects_for_somebody_else(self):
        """S0-07: not even with the right password."""
        self.connect()
        account = self.lose()
        self.authenticate("eve", "eve")
        with self.assertRaisesRegex(Exception, "AccessError"), mute_logger("odoo.http"):
            self.connect(CHANGED, account_id=account.id)
        self.assertEqual(account.status, "reconnect_required")
        with self.assertRaises(AccessError):
            self.as_user(account, self.eve).read(["email"])

    def test_form_is_for_providers_with_passwords(self):
        """S2-07: others are connected on the provider's own page."""
        for provider in ("google", "nonsense"):
            with self.assertRaises(UserError):
                self.env["calendar.sync.account"].with_user(self.ann)._sign_in_with_password(
                    provider, "", "a", "b", purpose="sync"
                )

    # -- the setting ----------------------------------------------------------------------------
    def test_list_of_allowed_servers_is_the_system_administrators(self):
        """S2-04: who may change it decides which networks users can look into."""
        settings = self.env["res.config.settings"]
        field = settings._fields["sync_trusted_hosts"]
        self.assertEqual(field.groups, "base.group_system")
        settings.create({"sync_trusted_hosts": "10.0.0.7:5232, dav.lan"}).execute()
        account = self.env["calendar.sync.account"].new({"provider": "caldav"})
        self.assertEqual(account._oauth_app().trusted_hosts, {"10.0.0.7:5232", "dav.lan"})
        with self.assertRaisesRegex(ValidationError, "10.0.0.0/8"):
            settings.create({"sync_trusted_hosts": "10.0.0.0/8"})
        with self.assertRaises(AccessError):
            self.env["ir.config_parameter"].with_user(self.ann).get_param(
                "calendar_sync_pro.trusted_hosts"
            )

    def test_broken_parameter_allows_nothing(self):
        """S2-04: a typing error opens no door."""
        self.allow("10.0.0.0/8")
        with mute_logger("odoo.addons.calendar_sync_pro.models.calendar_sync_grant"):
            app = self.env["calendar.sync.account"].new({"provider": "caldav"})._oauth_app()
        self.assertEqual(app.trusted_hosts, frozenset())
