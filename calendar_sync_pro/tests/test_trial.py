from odoo.exceptions import UserError
from odoo.tests import tagged

from ..core.errors import Forbidden, Unavailable
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestTrial(PullCase):
    """ "Book a test appointment": made in the calendar, read back and removed, told in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).sync_import_policy = "everything"

    def press(self):
        self.account.with_user(self.user).book_trial()

    def card(self):
        self.env.invalidate_all()
        return self.account._page_card()["trial"]

    def rows(self):
        return self.env["calendar.event"].search_count([("name", "ilike", "test appointment")])

    def test_it_arrives_and_is_removed_and_nobody_hears_of_it(self):
        """S1-33: the last step of a switch proves that the new calendar takes appointments."""
        mails = self.env["mail.mail"].search_count([])
        self.assertEqual(self.card(), {"state": "", "text": "", "at": "", "may_book": True})
        self.press()
        self.assertEqual(self.card()["state"], "waiting")
        self.assertEqual(self.world.revision, 1, "nothing is asked of the provider in the click")
        self.turn()
        told = self.card()
        self.assertEqual(told["state"], "passed", told["text"])
        self.assertIn("was removed again", told["text"])
        made = [e for e in self.world.calendars[self.account.email].values()]
        self.assertEqual([one.event for one in made], [None], "made there, and gone again")
        self.assertEqual(self.rows(), 0)
        self.assertEqual(self.world.mails, [])
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(self.account.trial_key)

    def test_a_calendar_that_does_not_answer_is_told_and_nothing_is_left_there(self):
        """S1-33: the answer was lost after it was made: it fails in words, and is cleared later."""
        self.world.fail("create", Unavailable("unavailable"), is_after=True)
        self.press()
        self.turn()
        told = self.card()
        self.assertEqual(told["state"], "failed")
        self.assertIn("did not get through", told["text"])
        self.assertIn("removed by itself", told["text"])
        self.account.next_run = self.account.trial_at
        self.turn()
        self.assertEqual(self.remotes(), [])
        self.assertEqual(self.rows(), 0)
        told = self.card()
        self.assertEqual(told["state"], "failed", "the result stays")
        self.assertNotIn("removed by itself", told["text"])
        self.press()
        self.turn()
        self.assertEqual(self.card()["state"], "passed")

    def test_a_calendar_that_takes_no_events_says_what_to_do(self):
        """S1-33: refused, not disturbed: another calendar is the way out; nothing stays there."""
        self.world.fail("create", Forbidden("forbidden"))
        self.press()
        self.turn()
        told = self.card()
        self.assertEqual(told["state"], "failed")
        self.assertIn("Choose another calendar", told["text"])
        self.account.next_run = self.account.trial_at
        self.turn()
        self.assertFalse(self.account.trial_key)
        self.assertEqual(self.world.calendars[self.account.email], {})

    def test_after_a_killed_worker_the_next_one_clears_and_tries_anew(self):
        """S1-33: however often a worker dies over it, no test appointment stays behind."""
        self.press()
        left = self.adds("Test appointment from before", remote_id="left-by-the-killed-one")
        self.account.write({"trial_key": left.remote_id, "trial_place": self.account.email})
        self.turn()
        self.assertEqual(self.card()["state"], "passed")
        self.assertEqual(self.remotes(), [])
        self.assertEqual(self.rows(), 0)

    def test_it_is_offered_where_it_can_be_booked(self):
        """S1-33: without sync there is no button, and a request past it is refused in words."""
        self.account.is_sync_on = False
        self.assertFalse(self.card()["may_book"])
        with self.assertRaises(UserError):
            self.press()
        self.assertFalse(self.account.trial_state)
