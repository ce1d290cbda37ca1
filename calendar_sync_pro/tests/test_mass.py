"""So much would go at once that a person is asked first, in both directions."""

from odoo.tests import tagged

from .cleanup_case import CleanupCase


@tagged("post_install", "-at_install")
class TestMass(CleanupCase):
    def full(self, count=8):
        """So many appointments of Ann's, which stand in her calendar."""
        events = self.env["calendar.event"].union(
            *(self.book(f"Visit {n}", hour=8 + n) for n in range(count))
        )
        self.read()
        self.assertEqual(len(self.remotes()), count)
        return events

    def problem(self):
        return self.mine().sudo()._page_problem()

    def test_deleting_most_in_odoo_stops_and_asks(self):
        """B-07: nothing leaves the calendar until the owner says so; other edits go on."""
        events = self.full()
        events[:6].with_user(self.user).unlink()
        events[7].with_user(self.user).location = "Pier 7"
        self.work()
        self.assertEqual(len(self.remotes()), 8)
        self.assertEqual(self.remote()["Visit 7"].fields.location, "Pier 7")
        self.assertEqual(self.problem()["button"], "mass_here")
        told = self.env["calendar.sync.journal"].with_user(self.user).search([])
        names = told.filtered(lambda row: row.action == "create").mapped("display_name")
        self.assertIn("Visit 0", names, "what was deleted keeps its name in the journal")
        stopped = told.filtered(lambda row: row.action == "stopped")
        self.assertIn("Stopped to ask you", stopped.display_name)
        self.assertIn("deleted in Odoo", self.problem()["sentence"])
        self.read()
        self.assertEqual(len(self.remotes()), 8, "it still waits")
        self.mine().mass_go_on()
        self.work(2)
        self.assertEqual(self.titles(), ["Visit 6", "Visit 7"])
        self.assertFalse(self.problem())
        self.assertFalse(self.world.mails)

    def test_a_mistake_is_taken_back(self):
        """B-07: kept, Odoo has them again as before and the calendar was never touched."""
        events = self.full()
        events[:3].with_user(self.user).unlink()
        events[3:7].with_user(self.user)._cancel_appointment("Mistake")
        self.work()
        self.assertEqual(len(self.remotes()), 8)
        self.mine().mass_keep()
        self.work(2)
        self.assertEqual(len(self.remotes()), 8)
        names = [f"Visit {n}" for n in range(8)]
        here = self.env["calendar.event"].search([("name", "in", names)])
        self.assertEqual(sorted(here.mapped("name")), names)
        self.assertFalse(self.problem())

    def test_the_question_ends_when_it_answers_itself(self):
        """B-07: planned again by hand in Odoo, nothing is left to ask and nothing is removed."""
        events = self.full()
        events[:6].with_user(self.user)._cancel_appointment("Mistake")
        self.work()
        self.assertTrue(self.problem())
        events[:6].with_user(self.user)._restore_appointment()
        self.work(2)
        self.assertFalse(self.problem())
        self.assertEqual(len(self.remotes()), 8)

    def test_a_few_removals_are_simply_done(self):
        """S4-25: five of eight, or six of twenty, are nobody's accident."""
        self.full()[:5].with_user(self.user).unlink()
        self.work()
        self.assertEqual(self.titles(), ["Visit 5", "Visit 6", "Visit 7"])

    def test_deleted_there_is_kept_here_when_the_owner_says_so(self):
        """B-07, S3-45: most of it vanished from the calendar; kept once, Odoo cancels nothing."""
        remotes = [self.adds(f"Talk {n}", hour=8 + n) for n in range(8)]
        self.read()
        for remote in remotes[:7]:
            self.deletes(remote)
        self.read()
        self.assertEqual(self.problem()["button"], "mass_there")
        self.assertEqual(len(self.events()), 8)
        self.assertEqual(self.mine().mass_look()["res_model"], "calendar.sync.link")
        self.mine().mass_keep()
        self.work(2)
        self.assertEqual(len(self.events()), 8, "nothing was cancelled")
        self.deletes(remotes[7])
        self.read()
        self.assertEqual(len(self.events()), 7, "the next deletion is one again")
        self.assertFalse(self.world.mails)

    def test_list_of_what_it_is_about_opens_for_the_owner(self):
        """B-07: the events that would go, with their titles, although Odoo no longer has them."""
        events = self.full()
        events[:6].with_user(self.user).unlink()
        self.work()
        action = self.mine().mass_look()
        links = self.env["calendar.sync.link"].with_user(self.user).search(action["domain"])
        self.assertEqual(sorted(links.mapped("event_title")), [f"Visit {n}" for n in range(6)])
