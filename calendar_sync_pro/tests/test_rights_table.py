"""Every model of ours, every role, every operation, on one's own rows, a colleague's and another
company's; and what other systems may call at all."""

from pathlib import Path
from unittest import skipUnless

from odoo.tests import TransactionCase, tagged

from .rights_page import page, rights_table

PAGE = Path(__file__).parents[2] / "docs" / "rights.md"
NOTHING = "...."
WHOLE_DATABASE = {"booking.skill", "calendar.sync.takeover", "calendar.sync.takeover.user"}
"""Names of skills, and the one move from Odoo's own sync: neither belongs to a company."""
SHARED_INSIDE = {
    "booking.calendar",
    "booking.member",
    "booking.question",
    "booking.service",
    "booking.skill",
    "calendar.sync.room",
}
"""Who can be booked for what, and where one can meet, is no secret inside a company."""


@tagged("post_install", "-at_install")
class TestRightsTable(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = rights_table(cls.env)

    def assertEach(self, is_right, roles=(), models=()):
        """`is_right(model, role, own, a colleague's, another company's)` holds everywhere."""
        wrong = [
            (model, role, *rights)
            for model in models or self.table
            for role, rights in self.table[model].items()
            if (not roles or role in roles) and not is_right(model, role, *rights)
        ]
        self.assertFalse(wrong)

    def test_neither_visitors_nor_portal_users_reach_any_row(self):
        """D-04: public pages see what the product shows them, never a record."""
        self.assertEach(
            lambda model, role, *rights: set(rights) == {NOTHING}, roles=("visitor", "portal")
        )

    def test_nothing_of_another_company_is_reached_by_anybody(self):
        """D-04: administrators included."""
        self.assertEach(
            lambda model, role, own, theirs, abroad: abroad == NOTHING or model in WHOLE_DATABASE
        )

    def test_colleagues_rows_are_read_where_they_are_shared_and_never_changed(self):
        """D-04: not by people in sales either."""
        self.assertEach(
            lambda model, role, own, theirs, abroad: (
                theirs == ("r..." if model in SHARED_INSIDE else NOTHING)
            ),
            roles=("employee", "rep"),
        )

    def test_a_dialog_belongs_to_whoever_opened_it(self):
        """D-04: its rows hold titles; an administrator has no business there either."""
        dialogs = [model for model in self.table if self.env[model].is_transient()]
        self.assertTrue(dialogs)
        self.assertEach(
            lambda model, role, own, theirs, abroad: theirs == abroad == NOTHING, models=dialogs
        )

    def test_rows_with_titles_are_not_for_administrators(self):
        """S0-33: who manages accounts learns numbers, not what people do."""
        self.assertEach(
            lambda model, role, own, theirs, abroad: theirs == abroad == NOTHING,
            models=("calendar.sync.journal", "calendar.sync.run", "calendar.sync.preview.item"),
        )

    def test_nobody_makes_or_deletes_what_the_sync_keeps(self):
        """S0-33: by hand, by RPC or by an import; an administrator may delete an account."""
        may = {"calendar.sync.oauth.app", "calendar.sync.room"}
        kept = [
            model
            for model in self.table
            if model.startswith("calendar.sync.") and not self.env[model].is_transient()
        ]

        def is_kept(model, role, *rights):
            is_account = model == "calendar.sync.account" and role.endswith("admin")
            return set("".join(rights)) & set("cd") <= set("d" if is_account else "")

        self.assertEach(is_kept, models=set(kept) - may)

    @skipUnless(PAGE.exists(), "the addon stands alone, without its documents")
    def test_the_page_about_rights_says_what_is_there(self):
        """D-04: a new model, method or address, or another right, has to be looked at."""
        said = PAGE.read_text(encoding="utf-8").splitlines()
        now = page(self.env, self.table).splitlines()
        gone, new = sorted(set(said) - set(now)), sorted(set(now) - set(said))
        self.assertEqual((gone, new), ([], []), "look at these lines, then: ./dev rights")
