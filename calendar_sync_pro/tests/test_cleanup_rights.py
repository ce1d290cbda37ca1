"""Who may clean up, and what they see of it."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .cleanup_case import CleanupCase


@tagged("post_install", "-at_install")
class TestCleanupRights(CleanupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        salesman = "sales_team.group_sale_salesman"
        cls.ben = new_test_user(cls.env, "ben", groups=f"base.group_user,{salesman}")
        cls.manager = new_test_user(cls.env, "mia", groups="sales_team.group_sale_manager")
        cls.admin = new_test_user(cls.env, "boss", groups="calendar_sync_pro.group_admin")
        cls.portal = new_test_user(cls.env, "visitor", groups="base.group_portal")

    def setUp(self):
        super().setUp()
        self.book("One")
        self.invited("Board meeting", "carla@customer.example")
        self.run_id = self.clean().id

    def as_(self, user, model="calendar.sync.cleanup", id_=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env[model].with_user(user).browse(id_ or self.run_id)

    def clicks(self, user):
        """Everything that can be called by RPC, on the account and on the run."""
        account = ("calendar.sync.account", self.account.id)
        return {
            "cleanup_plan": lambda: self.as_(user, *account).cleanup_plan(),
            "cleanup_start": lambda: self.as_(user, *account).cleanup_start(),
            "remove_card": lambda: self.as_(user, *account).remove_card(),
            "progress": lambda: self.as_(user).progress(),
            "stop": lambda: self.as_(user).stop(),
            "go_on": lambda: self.as_(user).go_on(),
            "put_back": lambda: self.as_(user).put_back(),
            "decide": lambda: self.as_(user).decide([], "tell"),
        }

    def test_others_can_press_nothing(self):
        """S4-11: a colleague, a sales manager and a portal user are refused everything."""
        for user in (self.ben, self.manager, self.portal):
            for name, click in self.clicks(user).items():
                with self.subTest(user=user.login, click=name), self.assertRaises(AccessError):
                    click()
        self.work()
        self.assertEqual(self.titles(), ["Board meeting"])

    def test_others_read_nothing(self):
        """S4-11: neither runs nor their events, nor by way of a search."""
        for user in (self.ben, self.manager):
            with self.subTest(user.login):
                self.assertFalse(self.as_(user).search([]))
                self.assertFalse(self.as_(user, "calendar.sync.cleanup.item").search([]))
                with self.assertRaises(AccessError):
                    self.as_(user).read(["state"])
        with self.assertRaises(AccessError):
            self.as_(self.portal).search([])

    def test_nobody_writes_or_reads_the_kept_values(self):
        """S4-11: what the event was (titles, addresses) and the states are the product's own."""
        item = self.env["calendar.sync.cleanup.item"].search([], limit=1)
        for user in (self.user, self.admin):
            for values in ({"state": "waiting"}, {"choice": "tell"}):
                with self.subTest(user=user.login, **values), self.assertRaises(AccessError):
                    self.as_(user, item._name, item.id).write(values)
            for name in ("base", "told_to"):
                with self.subTest(user=user.login, name=name), self.assertRaises(AccessError):
                    self.as_(user, item._name, item.id).read([name])
            with self.assertRaises(AccessError):
                self.as_(user).create({"account_id": self.account.id})

    def test_administrator_may_do_it_for_somebody(self):
        """S4-11: sees numbers, decides, puts back."""
        seen = self.as_(self.admin).progress()
        self.assertEqual((seen["asks"], seen["people"]), (1, 1))
        self.as_(self.admin).put_back()
        self.work()
        self.assertEqual(self.titles(), ["Board meeting", "One"])

    def test_administrator_reads_no_private_title(self):
        """S4-11, S0-33: private appointments are counted, and called busy."""
        self.here("Board meeting").with_user(self.user).write({"privacy": "private"})
        seen = self.as_(self.admin).progress()
        self.assertEqual([row["title"] for row in seen["asking"]], ["Busy"])
        own = self.progress(self.as_(self.user))
        self.assertEqual([row["title"] for row in own["asking"]], ["Board meeting"])
        plan = self.as_(self.admin, "calendar.sync.account", self.account.id).cleanup_plan()
        self.assertNotIn("Board meeting", str(plan))
