"""Undoing at its edges: single dates of a series, clean-ups under way, a first sync that runs."""

from datetime import timedelta

from odoo.tests import new_test_user, tagged

from .preview_case import BreakingProvider, PreviewCase
from .pull_case import PullCase
from .test_undo import UndoMixin

WEEKLY = ("RRULE:FREQ=WEEKLY;COUNT=3",)


@tagged("post_install", "-at_install")
class TestUndoEdges(UndoMixin, PullCase):
    def test_a_cancelled_date_of_a_series_takes_place_again_on_both_sides(self):
        """B-07: one date was cancelled in the calendar; undone, both sides have three again."""
        weekly = self.adds("Weekly", rules=WEEKLY)
        self.read()
        self.cancels_occurrence(weekly, 7)
        self.read()
        [row] = self.rows(("action", "=", "cancel"))
        self.assertEqual(self.undo(row)[0], "success")
        self.read()
        self.assertEqual(len(self.events("Weekly").filtered("active")), 3)
        titles = [one.fields.title for one in self.remotes()]
        self.assertEqual(titles, ["Weekly", "Weekly"], "the series, and the date beside it")
        self.read()
        self.assertEqual(len(self.events("Weekly").filtered("active")), 3)
        self.assertEqual(len(self.remotes()), 2)
        self.assertFalse(self.world.mails)

    def test_what_a_running_cleanup_refused_can_be_undone_afterwards(self):
        """B-07: the page says "undo this when it is done", and then it can be."""
        self.book("One", hour=9)
        self.book("Two", hour=10)
        self.read()
        self.mine().cleanup_start()
        self.work()
        rows = self.rows(("rule", "=", "cleaned_up"))
        run = self.env["calendar.sync.cleanup"].create({"account_id": self.account.id})
        run._start("running")
        self.mine(rows[0]).action_undo()
        self.assertEqual(rows[0].undo_code, "cleanup_running")
        self.work()
        self.assertTrue(self.mine(rows[0]).can_undo, "the button is there again")
        self.assertEqual(self.undo(rows[0])[0], "success")
        self.work()
        self.assertEqual(len(self.remotes()), 1)

    def test_an_export_is_not_lost_in_a_cleanup_that_puts_back(self):
        """B-07: while events are put back another one's removal has to wait: the page says so,
        and afterwards the button does it."""
        self.book("One", hour=9)
        self.read()
        self.mine().cleanup_start()
        self.work()
        self.book("Two", hour=12)
        self.work()
        back = self.rows(("rule", "=", "cleaned_up"))
        out = self.rows(("action", "=", "create"), ("event_id.name", "=", "Two"))
        self.mine(back).action_undo()
        said = self.mine(out).action_undo()["params"]
        self.assertIn("clean-up is running", said["message"])
        self.work(2)
        self.assertEqual(sorted(self.remote()), ["One", "Two"])
        self.assertEqual(self.undo(out)[0], "success")
        self.work()
        self.assertEqual(sorted(self.remote()), ["One"])

    def test_undo_with_sync_off_comes_to_an_end(self):
        """B-07: sync was switched off while edits waited; undoing the run ends all the same."""
        self.adds("Demo")
        self.read()
        run = self.rows(("action", "=", "create")).run_id
        self.book("Waiting")
        with self.committing() as env:
            env["calendar.sync.mark"]._dispatch()
        self.account.with_user(self.user).set_sync(False)
        self.mine(run).action_undo()
        self.work(2)
        self.assertEqual(run.undo_state, "undone")
        self.assertFalse(self.events("Demo"))


@tagged("post_install", "-at_install")
class TestUndoFirstSyncEdges(UndoMixin, PreviewCase):
    def test_nothing_more_is_synced_once_undo_was_pressed(self):
        """B-07, B-02: what came on either side just before the click stays where it is."""
        self.adds("Theirs", 9)
        preview = self.preview()
        self.begin(preview)
        self.adds("Theirs, new", 11)
        self.book("Mine, new", hour=14)
        self.mine(preview).undo()
        self.work(3)
        self.assertFalse(self.in_odoo("Theirs", "Theirs, new"))
        self.assertEqual(sorted(self.remote()), ["Theirs", "Theirs, new"])
        self.assertFalse(self.account.is_sync_on)

    def test_a_first_sync_that_still_runs_is_undone_as_a_whole(self):
        """B-07, B-02: pressed half-way, the rest does not come, and what came goes."""
        for n in range(5):
            self.adds(f"Talk {n}", 8 + n)
        self.world.page_size = 2
        preview = self.preview()
        self.account.provider = "breaking"
        BreakingProvider.pages_left = 1
        self.mine(preview).start()
        self.work()
        self.assertEqual((preview.state, len(self.events())), ("running", 2))
        self.mine(preview).undo()
        BreakingProvider.pages_left = 100
        self.work(3)
        self.assertFalse(self.events())
        self.assertEqual(self.page(preview)["undo"], "undone")
        self.assertEqual(len(self.remotes()), 5)

    def test_what_stood_on_both_sides_is_as_before_on_both(self):
        """B-07, B-02: one event with another place on each side: undone, each side has its own
        again, and the next first sync begins as this one did."""
        remote = self.adds("Demo", fields={"location": "Annex"})
        start = self.naive(10, 2)
        event = self.book("Demo", location="Pier 7", start=start, stop=start + timedelta(hours=1))
        self.env["calendar.sync.former"].create(
            {"provider": "memory", "remote_id": remote.remote_id, "event_id": event.id}
        )
        preview = self.preview()
        self.begin(preview)
        self.assertEqual(event.location, "Annex")
        self.mine(preview).undo()
        self.work(3)
        self.assertEqual(event.location, "Pier 7")
        self.assertEqual(self.remote()["Demo"].fields.location, "Annex")
        again = self.preview()
        self.assertEqual(self.titles(again, "same"), ["Demo"])
        self.assertIn("location", again.item_ids.to_odoo, "the calendar's word, as the first time")
        self.assertFalse(self.world.mails)

    def test_sync_off_in_the_middle_says_what_it_waits_for(self):
        """B-02: the first sync runs, the toggle is turned off: the page says how it goes on."""
        self.adds("Theirs", 9)
        preview = self.preview()
        self.mine(preview).start()
        self.mine().set_sync(False)
        self.work()
        self.assertEqual(preview.state, "running")
        self.assertIn("turn it on again", self.page(preview)["waits"])
        self.mine().set_sync(True)
        self.work(2)
        self.assertEqual((preview.state, self.page(preview)["waits"]), ("done", ""))

    def test_switch_from_a_preview_that_was_opened_before(self):
        """B-02: the preview was opened while no other account synced; switching works from it."""
        preview = self.preview()
        second = self._connected(
            new_test_user(self.env, "ann2", groups="base.group_user", email="ann@home.example")
        )
        second.is_sync_on = False
        second.write({"user_id": self.user.id})
        second.is_sync_on = True
        again = self.mine().switch_here()
        self.assertEqual(again["preview_id"], preview.id)
        self.mine(preview).start()
        self.assertEqual((self.account.is_sync_on, second.is_sync_on), (True, False))
