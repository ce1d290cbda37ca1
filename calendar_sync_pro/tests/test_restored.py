"""A database from last week beside calendars of today."""

from odoo.tests import tagged

from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestRestored(PullCase):
    def test_a_database_of_last_week_catches_up_without_a_storm(self):
        """D-05, B-01: given a backup, and after it a booking, a move, a deletion and an edit on
        either side, when the backup is restored and syncs again, then nothing is written to the
        calendar, nothing stands twice on either side, and Odoo shows what the calendar shows."""
        kept = self.book("Kept", hour=9)
        moved = self.book("Moved", hour=11)
        self.book("Deleted", hour=13)
        theirs = self.adds("Theirs", hour=15)
        self.look()
        self.env.cr.execute("SAVEPOINT last_week")
        self.book("Booked since", hour=16)
        moved.with_user(self.user).write({"name": "Moved since"})
        self.turn()
        self.deletes(self.remote()["Deleted"])
        self.edits(theirs, location="Pier 7")
        self.look()
        there = sorted(self.remotes(), key=lambda event: event.remote_id)
        self.env.cr.execute("ROLLBACK TO SAVEPOINT last_week")
        self.env.invalidate_all()
        self.assertEqual(moved.name, "Moved", "it is last week")
        self.env["calendar.sync.calendar"].search([]).cursor = False  # it is too old by now
        self.look()
        self.look()
        now = sorted(self.remotes(), key=lambda event: event.remote_id)
        self.assertEqual(now, there, "not one entry was written, made or removed")
        living = self.env["calendar.event"].search([("partner_ids", "in", self.user.partner_id.id)])
        names = sorted(living.mapped("name"))
        self.assertEqual(names, ["Booked since", "Kept", "Moved since", "Theirs"])
        self.assertTrue(kept in living and moved in living)
        self.assertEqual(self.event("Theirs").location, "Pier 7")
        self.assert_nobody_heard()

    def look(self):
        """The worker's turn with a look at the calendar."""
        self.save()
        self.account._ask_sync()
        self.env.flush_all()
        self.turn()
        self.env.invalidate_all()
