"""What a sync did can be taken back, from the journal, on both sides and without any mail."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .needs_you_case import NeedsYouCase
from .preview_case import PreviewCase
from .pull_case import PullCase


class UndoMixin:
    def mine(self, record=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (record if record is not None else self.account).with_user(self.user)

    def rows(self, *domain):
        return self.env["calendar.sync.journal"].search([*domain])

    def work(self, turns=1):
        for _turn in range(turns):
            self.turn()
            self.env.invalidate_all()

    def read(self):
        """The worker's turn with a look at the calendar."""
        self.account._ask_sync()
        self.env.flush_all()
        self.work()

    def undo(self, row):
        """Press Undo on a journal row; what the page says, after the workers' turn."""
        said = self.mine(row).action_undo()["params"]
        self.work()
        return said["type"], said["message"]


@tagged("post_install", "-at_install")
class TestUndo(UndoMixin, PullCase):
    def test_change_from_the_calendar_is_undone_on_both_sides(self):
        """B-07: the old time stands in Odoo and in the calendar again; nobody is mailed."""
        remote = self.adds("Demo", 10)
        self.read()
        event = self.event("Demo")
        self.edits(remote, title="Moved", location="Annex")
        self.read()
        self.assertEqual(event.location, "Annex")
        [row] = self.rows(("action", "=", "update"), ("direction", "=", "in"))
        self.assertIn("Title: Demo → Moved", self.mine(row).changes)
        kind, _said = self.undo(row)
        self.assertEqual(kind, "success")
        self.assertEqual((event.name, event.location or ""), ("Demo", ""))
        self.assertEqual(self.remote()["Demo"].fields.location, "")
        self.assertEqual(row.undo_state, "undone")
        self.assertFalse(self.world.mails)
        self.assert_nobody_heard()

    def test_change_from_odoo_is_undone_on_both_sides(self):
        """B-07: an edit that was sent is taken back; the journal had its old and new value."""
        event = self.book("Demo")
        self.read()
        event.with_user(self.user).location = "Pier 7"
        self.work()
        [row] = self.rows(("action", "=", "update"), ("direction", "=", "out"))
        self.assertEqual((row.old["location"], row.new["location"]), ("", "Pier 7"))
        self.assertEqual(self.undo(row)[0], "success")
        self.assertFalse(event.location)
        self.assertEqual(self.remote()["Demo"].fields.location, "")

    def test_later_edit_is_not_undone(self):
        """B-06: what somebody changed again since stays, and the page says so."""
        remote = self.adds("Demo")
        self.read()
        self.edits(remote, location="Annex")
        self.read()
        [row] = self.rows(("action", "=", "update"), ("direction", "=", "in"))
        self.event("Demo").with_user(self.user).location = "Pier 7"
        self.work()
        kind, said = self.undo(row)
        self.assertEqual((kind, row.undo_state), ("warning", "refused"))
        self.assertIn("changed again", said)
        self.assertEqual(self.remote()["Demo"].fields.location, "Pier 7")

    def test_import_is_undone_and_does_not_come_back(self):
        """B-07: the event leaves Odoo, the calendar keeps it, the next reading brings nothing."""
        remote = self.adds("Demo")
        self.read()
        [row] = self.rows(("action", "=", "create"), ("direction", "=", "in"))
        self.assertEqual(self.undo(row)[0], "success")
        self.edits(remote, location="Annex")
        self.read()
        self.assertFalse(self.events("Demo"))
        self.assertIn("Demo", self.remote())
        self.assertEqual(self.mine(row).event_title, "Demo", "the journal still names it")
        self.assertFalse(self.world.mails)

    def test_what_is_left_in_the_calendar_by_setting_never_comes_back(self):
        """S3-44: deleted in Odoo and left there; an edit there later imports nothing."""
        self.account.local_delete = "leave"
        remote = self.adds("Demo")
        self.read()
        self.event("Demo").with_user(self.user).unlink()
        self.work()
        self.edits(remote, location="Annex")
        self.read()
        self.assertFalse(self.events("Demo"))
        self.assertIn("Demo", self.remote())

    def test_imported_series_is_undone_as_a_whole(self):
        """B-07: no occurrence is left in Odoo, all of them stay in the calendar."""
        self.adds("Weekly", rules=("RRULE:FREQ=WEEKLY;COUNT=4",))
        self.read()
        self.assertEqual(len(self.events("Weekly")), 4)
        [row] = self.rows(("action", "=", "create"), ("direction", "=", "in"))
        self.assertEqual(self.undo(row)[0], "success")
        self.read()
        self.assertFalse(self.events("Weekly"))
        self.assertIn("Weekly", self.remote())

    def test_import_with_an_outcome_stays(self):
        """B-07: what somebody worked with is not taken away, and the page says why."""
        self.adds("Demo", days=-2)
        self.read()
        event = self.event("Demo")
        event.with_user(self.user)._set_outcome("completed")
        [row] = self.rows(("action", "=", "create"), ("direction", "=", "in"))
        kind, said = self.undo(row)
        self.assertEqual(kind, "warning")
        self.assertIn("outcome", said)
        self.assertTrue(event.exists().active)

    def test_cancellation_by_the_calendar_is_undone(self):
        """B-07, S1-27: the appointment takes place again and stands in the calendar, once."""
        remote = self.adds("Demo")
        self.read()
        event = self.event("Demo")
        self.deletes(remote)
        self.read()
        self.assertFalse(event.active)
        [row] = self.rows(("action", "=", "cancel"))
        self.assertEqual(self.undo(row)[0], "success")
        self.work()
        self.assertTrue(event.active)
        self.assertEqual([r.fields.title for r in self.remotes()], ["Demo"])
        self.assertFalse(self.remotes()[0].fields.attendees, "inviting stays a choice")
        self.assertFalse(self.world.mails)

    def test_removal_from_the_calendar_is_undone(self):
        """B-07: deleted for good in Odoo, so also in the calendar; it is made again once."""
        event = self.book("Demo")
        self.read()
        start = event.start
        event.with_user(self.user).unlink()
        self.work()
        self.assertFalse(self.remotes())
        [row] = self.rows(("action", "=", "delete"))
        self.assertEqual(self.mine(row).event_title, "Demo")
        self.assertEqual(self.undo(row)[0], "success")
        self.work()
        self.assertEqual([r.fields.title for r in self.remotes()], ["Demo"])
        self.assertEqual(self.event("Demo").start, start)

    def test_export_is_undone_by_a_cleanup(self):
        """B-07: it leaves the calendar, stays in Odoo and is not sent again."""
        event = self.book("Demo")
        self.read()
        [row] = self.rows(("action", "=", "create"), ("direction", "=", "out"))
        self.assertEqual(self.undo(row)[0], "success")
        self.work()
        self.assertFalse(self.remotes())
        event.with_user(self.user).location = "Pier 7"
        self.work()
        self.assertFalse(self.remotes())
        self.assertTrue(event.active)

    def test_one_event_of_a_cleanup_is_put_back_alone(self):
        """S4-11: the row's button puts its own event back, the others of the run stay away."""
        self.book("One", hour=9)
        self.book("Two", hour=10)
        self.read()
        self.mine().cleanup_start()
        self.work()
        self.assertFalse(self.remotes())
        row = self.rows(("rule", "=", "cleaned_up"), ("event_id.name", "=", "One"))
        self.mine(row).action_restore()
        self.work()
        self.assertEqual(sorted(self.remote()), ["One"])
        self.assertEqual(row.undo_state, "undone")
        again = self.rows(("rule", "=", "cleaned_up"), ("event_id.name", "=", "Two"))
        self.assertFalse(again.undo_state)

    def test_whole_run_is_undone(self):
        """B-07: everything that one turn of the workers did, newest first; the numbers are told."""
        one, two = self.adds("One", 9), self.adds("Two", 11)
        self.read()
        self.edits(one, title="One changed")
        self.deletes(two)
        self.book("Three", hour=13)
        self.read()
        run = self.rows(("action", "=", "cancel")).run_id
        self.assertEqual((run.ended, run.into_odoo), (1, 1))
        self.mine(run).action_undo()
        self.work(3)
        self.assertEqual(run.undo_state, "undone")
        self.assertEqual((run.undone, run.refused), (3, 0))
        self.assertEqual(sorted(self.remote()), ["One", "Two"])
        self.assertEqual(self.events("One").active and self.events("Two").active, True)
        self.assertTrue(self.event("Three").active, "it stays in Odoo")
        self.assertFalse(self.world.mails)
        self.assert_nobody_heard()

    def test_losing_value_is_restored_by_one_click(self):
        """B-06: the conflict's row has a button of its own; the value is sent."""
        remote = self.adds("Demo")
        self.read()
        event = self.event("Demo")
        event.with_user(self.user).name = "Mine"
        self.save()
        self.edits(remote, title="Theirs")
        self.pull()
        row = self.rows(("is_conflict", "=", True))
        self.assertTrue(self.mine(row).can_restore)
        self.mine(row).action_restore()
        self.work()
        self.assertEqual((event.name, sorted(self.remote())), ("Mine", ["Mine"]))
        self.assertFalse(self.mine(row).can_restore)

    def test_journal_and_runs_are_their_owners(self):
        """B-07, D-04: a colleague and an administrator read no row and undo nothing."""
        self.adds("Demo")
        self.read()
        row = self.rows(("action", "=", "create"))
        for groups in ("base.group_user", "base.group_user,calendar_sync_pro.group_admin"):
            other = new_test_user(self.env, groups[-8:], groups=groups)
            self.env.invalidate_all()
            self.assertFalse(self.env["calendar.sync.run"].with_user(other).search([]))
            self.assertFalse(self.env["calendar.sync.journal"].with_user(other).search([]))
            with self.assertRaises(AccessError):
                row.with_user(other).action_undo()
            with self.assertRaises(AccessError):
                row.run_id.with_user(other).action_undo()
        self.assertTrue(self.event("Demo").active)


@tagged("post_install", "-at_install")
class TestUndoWhereGuestsAreTold(UndoMixin, NeedsYouCase):
    def test_the_calendars_side_waits_for_its_owner(self):
        """B-07, B-01: where the calendar mails guests of every change, undoing asks as well."""
        event, remote = self.meeting()
        self.edits(remote, title="Renamed there")
        self.read()
        self.assertEqual(event.name, "Renamed there")
        [row] = self.rows(("action", "=", "update"), ("direction", "=", "in"))
        title = row.old["title"]
        self.undo(row)
        self.assertEqual(event.name, title)
        self.assertIn("Renamed there", self.remote())
        self.assertIn("waits for your decision", self.mine(row).undo_text)
        self.assertFalse(self.told())
        self.assertFalse(self.env["mail.mail"].search([]))


@tagged("post_install", "-at_install")
class TestUndoFirstSync(UndoMixin, PreviewCase):
    def test_first_sync_is_undone_as_if_it_had_never_been(self):
        """B-07, B-02, B-01: both sides as before, sync off, and the next start previews anew."""
        self.adds("Theirs", 9)
        self.adds("Theirs weekly", 10, rules=("RRULE:FREQ=WEEKLY;COUNT=3",))
        mine = self.book("Mine", hour=8)
        preview = self.preview()
        self.begin(preview)
        self.assertEqual(self.page(preview)["undo"], "may")
        self.mine(preview).undo()
        self.work(3)
        self.assertEqual(sorted(self.remote()), ["Theirs", "Theirs weekly"])
        self.assertFalse(self.in_odoo("Theirs", "Theirs weekly"))
        self.assertTrue(mine.active)
        self.assertEqual(self.page(preview)["undo"], "undone")
        self.assertFalse(self.account.is_sync_on)
        again = self.preview()
        self.assertEqual(self.titles(again, "into_odoo"), ["Theirs", "Theirs weekly"])
        self.assertEqual(self.titles(again, "into_calendar"), ["Mine"])
        self.begin(again)
        self.assertEqual(sorted(self.remote()), ["Mine", "Theirs", "Theirs weekly"])
        self.assertFalse(self.world.mails)
        self.assert_nobody_heard()
