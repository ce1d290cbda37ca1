"""The type that imported meetings get, and what stays as people chose it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestImportType(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        types = cls.env["calendar.event.type"]
        cls.visit, cls.call = types.create([{"name": "Visit"}, {"name": "Call"}])

    def _choose(self, value):
        self.account.with_user(self.user).set_preference("import_type_id", value)

    def test_new_meetings_get_the_accounts_type(self):
        """S3-07: the company's by default, the account's own, or none; old ones stay."""
        self.company = self.account.company_id
        self.company.sync_import_type_id = self.call
        for name, value, wanted in (
            ("First", "", self.call),
            ("Second", str(self.visit.id), self.visit),
            ("Third", "none", self.visit.browse()),
        ):
            self._choose(value)
            self.adds(name, hour=9 + len(name))
            self.pull()
            self.assertEqual(self.event(name).categ_ids, wanted, name)
        self.assertEqual(self.event("First").categ_ids, self.call)

    def test_a_type_that_was_changed_stays_when_the_meeting_moves(self):
        """S3-07: the choice is for new meetings; what a rep corrects is the rep's."""
        self._choose(str(self.visit.id))
        remote = self.adds("Demo")
        self.pull()
        self.event("Demo").categ_ids = self.call
        self.edits(remote, title="Demo", location="Pier 7")
        self.pull()
        self.assertEqual(self.event("Demo").location, "Pier 7")
        self.assertEqual(self.event("Demo").categ_ids, self.call)

    def test_what_is_booked_in_odoo_keeps_its_own(self):
        """S3-07: only what comes from the calendar."""
        self._choose(str(self.visit.id))
        event = self.book("Own")
        self.turn()
        self.pull()
        self.assertFalse(event.categ_ids)

    def test_only_the_owner_chooses_and_only_where_it_is_allowed(self):
        """S3-07, S0-33: the card offers the types; a fixed choice and a stranger's are refused."""
        rows = {row["name"]: row for row in self.account._page_preferences()}
        self.assertIn((str(self.visit.id), "Visit"), rows["import_type_id"]["options"])
        bob = new_test_user(self.env, "bob", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.account.with_user(bob).set_preference("import_type_id", str(self.visit.id))
        self.account.company_id.sync_allow_override = False
        with self.assertRaises(UserError):
            self._choose(str(self.visit.id))
