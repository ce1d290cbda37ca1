from odoo.exceptions import AccessError
from odoo.tests import tagged

from .connect_case import ConnectCase

SECRETS = ("credentials_encrypted", "lease_token")


@tagged("post_install", "-at_install")
class TestRights(ConnectCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.make_user("ann")
        cls.bob = cls.make_user("bob")
        cls.admin = cls.make_user("boss", "calendar_sync_pro.group_admin")
        cls.portal = cls.make_user("visitor", "base.group_portal")
        cls.account = cls.make_account(cls.ann, is_sync_on=True)

    def assertRefused(self, work):
        with self.assertRaises(AccessError):
            work()

    def test_owner_reads_and_sets_own_account(self):
        account = self.as_user(self.account, self.ann)
        self.assertEqual(account.email, "ann@corp.example")
        account.import_policy = "busy_only"
        account.calendar_ids[0].blocks_availability = True
        self.assertEqual(self.as_user(account, self.ann).import_policy, "busy_only")

    def test_another_user_sees_and_changes_nothing(self):
        """S0-07: other users can't see the card."""
        self.assertRefused(lambda: self.as_user(self.account, self.bob).read(["email"]))
        self.assertRefused(
            lambda: self.as_user(self.account, self.bob).write({"is_sync_on": False})
        )
        self.assertRefused(lambda: self.as_user(self.account.calendar_ids, self.bob).read(["name"]))
        found = self.as_user(self.env["calendar.sync.account"], self.bob).search([])
        self.assertFalse(found)

    def test_another_user_can_press_no_button_over_rpc(self):
        """S0-33: every public method checks the rights of who calls it."""
        calendar_id = self.account.calendar_ids[0].id
        calls = [
            ("set_sync", False),
            ("switch_here",),
            ("choose_calendar", calendar_id),
            ("set_blocking", calendar_id, True),
            ("refresh_calendars",),
            ("refresh_rooms",),
            ("sync_now",),
            ("diagnose",),
            ("diagnose_ask",),
            ("diagnose_day", "2027-03-01"),
            ("diagnose_fix", "switch_off"),
            ("action_diagnose",),
            ("book_trial",),
            ("set_preference", "import_policy", "nothing"),
            ("disconnect",),
            ("pause",),
            ("resume",),
            ("cleanup_plan",),
            ("cleanup_start",),
            ("remove_card",),
            ("mass_go_on",),
            ("mass_keep",),
            ("mass_look",),
            ("action_move_here",),
            ("action_sync_now",),
            ("action_pause",),
            ("action_resume",),
            ("action_ask_reconnect",),
            ("action_open_troubles",),
            ("action_open_figures",),
            ("health_tiles",),
        ]
        for name, *args in calls:
            with self.subTest(name):
                method = getattr(self.as_user(self.account, self.bob), name)
                self.assertRefused(lambda method=method, args=args: method(*args))
        self.assertRefused(
            lambda: self.as_user(self.env["calendar.sync.account"], self.bob).connections_page(
                self.ann.id
            )
        )

    def test_public_methods_are_the_ones_that_are_checked(self):
        """S0-33: a new public method has to be thought about here."""
        known = {
            "set_sync",
            "switch_here",
            "choose_calendar",
            "set_blocking",
            "refresh_calendars",
            "refresh_rooms",
            "sync_now",
            "disconnect",
            "pause",
            "resume",
            "diagnose",
            "diagnose_ask",
            "diagnose_day",
            "diagnose_fix",
            "action_diagnose",
            "book_trial",
            "set_preference",
            "cleanup_plan",
            "cleanup_start",
            "remove_card",
            "mass_go_on",
            "mass_keep",
            "mass_look",
            "action_move_here",
            "action_sync_now",
            "action_pause",
            "action_resume",
            "action_ask_reconnect",
            "action_open_troubles",
            "action_open_figures",
            "health_tiles",
            "connections_page",
            "disconnected_banner",
            "write",
            "message_subscribe",
        }
        found = set()
        for cls in type(self.account).__mro__:
            if "calendar_sync_pro" in cls.__module__:
                found |= {
                    name
                    for name, value in vars(cls).items()
                    if callable(value)
                    and not name.startswith("_")
                    and not getattr(value, "_api_private", False)
                }
        self.assertEqual(found - known, set())

    def test_admin_manages_but_reads_no_credentials(self):
        """S0-33: the admin toggles; token fields are unreadable, also in searches."""
        account = self.as_user(self.account, self.admin)
        account.set_sync(False)
        self.assertFalse(account.is_sync_on)
        for name in SECRETS:
            with self.subTest(name):
                self.assertNotIn(name, self.as_user(account, self.admin).fields_get())
                self.assertRefused(lambda name=name: self.as_user(account, self.admin).read([name]))
                self.assertRefused(
                    lambda name=name: self.as_user(account, self.admin).search(
                        [(name, "=like", "s%")]
                    )
                )

    def test_nobody_writes_what_the_product_keeps(self):
        """S0-33: not even over RPC can anybody fake a status or move an account."""
        for user in (self.ann, self.admin):
            for values in ({"status": "paused"}, {"user_id": self.bob.id}, {"remote_id": "x"}):
                with self.subTest(user=user.login, values=values):
                    account = self.as_user(self.account, user)
                    self.assertRefused(lambda account=account, values=values: account.write(values))
        row = self.as_user(self.account.calendar_ids[0], self.ann)
        self.assertRefused(lambda: row.write({"can_write": True}))

    def test_nobody_makes_an_account_by_hand(self):
        values = {"user_id": self.ann.id, "company_id": self.ann.company_id.id}
        for user in (self.ann, self.admin):
            model = self.as_user(self.env["calendar.sync.account"], user)
            self.assertRefused(lambda model=model: model.create(values))

    def test_the_journal_is_for_the_owner_only(self):
        """S0-33: titles in the journal may be private."""
        row = self.env["calendar.sync.journal"].create(
            {
                "account_id": self.account.id,
                "direction": "in",
                "action": "update",
                "old": {"title": "Doctor"},
            }
        )
        self.assertEqual(self.as_user(row, self.ann).old, {"title": "Doctor"})
        self.assertRefused(lambda: self.as_user(row, self.admin).read(["old"]))

    def test_oauth_apps_are_for_the_admin_and_keep_their_secret(self):
        """S0-04: the secret can be written and never read."""
        app = self.as_user(self.env["calendar.sync.oauth.app"], self.admin).create(
            {
                "provider": self.account.provider,
                "client_id": " id-1 ",
                "client_secret": "s3cret",
            }
        )
        app = self.as_user(app, self.admin)
        self.assertEqual(app.client_id, "id-1")
        self.assertTrue(app.has_secret)
        self.assertFalse(app.client_secret)
        self.assertEqual(app.sudo()._value().client_secret, "s3cret")
        self.assertNotIn("s3cret", app.sudo().client_secret_encrypted)
        self.assertRefused(lambda: self.as_user(app, self.admin).read(["client_secret_encrypted"]))
        self.assertRefused(lambda: self.as_user(app, self.ann).read(["client_id"]))
        self.assertRefused(lambda: self.as_user(app, self.ann).settings_cards())

    def test_a_sign_in_under_way_is_nobodys_business(self):
        for user in (self.ann, self.admin):
            model = self.as_user(self.env["calendar.sync.consent"], user)
            self.assertRefused(lambda model=model: model.search([]))

    def test_portal_users_have_no_calendars_to_connect(self):
        names = ("account", "calendar", "meeting", "link", "mark", "busy", "journal", "oauth.app")
        for name in names:
            model = self.as_user(self.env[f"calendar.sync.{name}"], self.portal)
            with self.subTest(name):
                self.assertRefused(lambda model=model: model.search([]))

    def test_admin_of_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.admin.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertRefused(lambda: self.as_user(self.account, self.admin).read(["email"]))
        page = self.as_user(self.env["calendar.sync.account"], self.admin).connections_page(
            self.ann.id
        )
        self.assertFalse(page["accounts"])
