"""Series: native where Odoo's rule is exact, plain rows otherwise, exceptions in any order."""

from datetime import timedelta

from odoo.tests import tagged

from ..core.event import Attendee
from ..core.when import When
from .pull_case import PullCase

WEEKLY = ("RRULE:FREQ=WEEKLY;COUNT=6",)
ENDLESS = ("RRULE:FREQ=WEEKLY",)


@tagged("post_install", "-at_install")
class TestPullSeries(PullCase):
    def rows(self, name="Weekly"):
        return self.events(name).filtered("active")

    def meeting(self, remote):
        return self.link(remote).meeting_id

    def test_rule_that_odoo_can_say_is_native(self):
        """S4-22, S4-30: one Odoo rule, one row per occurrence, each with its slot."""
        remote = self.adds("Weekly", rules=WEEKLY)
        self.pull()
        rows = self.rows()
        self.assertEqual(len(rows), 6)
        self.assertEqual(len(rows.recurrence_id), 1)
        self.assertTrue(all(rows.mapped("recurrency")) and all(rows.mapped("follow_recurrence")))
        self.assertEqual(rows.recurrence_id.base_event_id, rows[0])
        self.assertEqual(rows[0].sync_slot, remote.fields.when.slot)
        self.assertEqual(self.meeting(remote).form, "native")
        self.assertEqual(self.meeting(remote).rules, list(WEEKLY))
        self.assertEqual(self.pull().changed, 0)
        self.assertFalse(self.marks())
        self.assert_nobody_heard()

    def test_rule_that_odoo_would_change_becomes_plain_rows(self):
        """S4-22: an endless rule stays raw; its occurrences in the window are plain events."""
        remote = self.adds("Weekly", rules=ENDLESS)
        self.pull()
        rows = self.rows()
        self.assertGreaterEqual(len(rows), 12)
        self.assertLess(len(rows), 20)
        self.assertFalse(rows.recurrence_id)
        self.assertFalse(any(rows.mapped("recurrency")))
        self.assertEqual(self.meeting(remote).form, "materialised")

    def test_last_weekday_of_the_month(self):
        """S4-22: BYSETPOS, which Odoo drops silently, gives the right days."""
        rule = "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3"
        self.adds("Weekly", rules=(rule,))
        self.pull()
        rows = self.rows()
        self.assertFalse(rows.recurrence_id)
        self.assertGreaterEqual(len(rows), 2)

    def test_moved_occurrence(self):
        """S4-22: one occurrence is moved there; its row keeps its id, the others stay."""
        remote = self.adds("Weekly", rules=WEEKLY)
        self.pull()
        row = self.rows()[1]
        when = When(self.at(15, 10), self.at(16, 10))
        part = self.occurrence(remote, 7, when=when, title="Weekly")
        self.pull()
        self.assertEqual(row.start, self.naive(15, 10))
        self.assertFalse(row.follow_recurrence)
        self.assertEqual(row.sync_meeting_id.series_id, self.meeting(remote))
        self.assertEqual(len(self.rows()), 6)
        self.edits(part, when=When(self.at(17, 10), self.at(18, 10)))
        self.pull()
        self.assertEqual(row.start, self.naive(17, 10))
        self.assertFalse(self.marks())

    def test_cancelled_occurrence(self):
        """S4-22: one occurrence is cancelled there: its row is cancelled, five stay."""
        remote = self.adds("Weekly", rules=WEEKLY)
        self.pull()
        row = self.rows()[2]
        self.cancels_occurrence(remote, 14)
        self.pull()
        self.assertFalse(row.active)
        self.assertEqual(len(self.rows()), 5)
        self.assertEqual(self.pull().changed, 0)
        self.assertFalse(self.marks())

    def test_exceptions_in_the_first_listing(self):
        """S4-22: a full listing with moved and cancelled occurrences makes the right rows."""
        remote = self.adds("Weekly", rules=WEEKLY)
        self.occurrence(remote, 7, title="Weekly", when=When(self.at(15, 10), self.at(16, 10)))
        self.cancels_occurrence(remote, 14)
        self.pull()
        starts = self.rows().mapped("start")
        self.assertEqual(len(starts), 5)
        self.assertIn(self.naive(15, 10), starts)
        self.assertNotIn(self.naive(10, 16), starts)

    def test_occurrences_before_their_series(self):
        """S4-22: exceptions that are listed before their series wait and find it."""
        self.world.page_size = 1
        remote = self.remote_event("Weekly", rules=WEEKLY)
        self.occurrence(remote, 7, title="Weekly", when=When(self.at(15, 10), self.at(16, 10)))
        self.cancels_occurrence(remote, 14)
        self.put(remote)
        self.pull()
        starts = self.rows().mapped("start")
        self.assertEqual(len(starts), 5)
        self.assertIn(self.naive(15, 10), starts)
        waiting = self.env["calendar.sync.link"].search([("state", "=", "waiting_master")])
        self.assertFalse(waiting)

    def test_invited_to_one_occurrence_only(self):
        """S4-22: an occurrence whose series this calendar doesn't have is a single event."""
        remote = self.remote_event("Weekly", rules=WEEKLY)
        self.occurrence(remote, 7)
        self.pull()
        self.assertEqual(self.rows().mapped("start"), [self.naive(10, 9)])

    def test_title_of_the_series(self):
        """S1-25: a renamed series: all rows renamed, ids kept."""
        remote = self.adds("Weekly", rules=WEEKLY)
        self.pull()
        ids = self.rows().ids
        self.edits(remote, title="Jour fixe")
        self.pull()
        self.assertEqual(self.rows("Jour fixe").ids, ids)
        self.assertFalse(self.marks())

    def test_the_latest_title_of_a_series_wins(self):
        """S4-14: renamed there first and in Odoo later, Odoo's title stays, as for any event."""
        remote = self.adds("Demo", rules=("RRULE:FREQ=WEEKLY;COUNT=3",))
        self.pull()
        now = self.world.now
        self.world.now = now - timedelta(hours=2)
        self.edits(remote, title="There")
        self.world.now = now
        self.events("Demo").with_user(self.user).write({"name": "Here"})
        self.pull()
        self.assertEqual(set(self.events().mapped("name")), {"Here"})

    def test_series_gets_another_time(self):
        """S1-24: the whole series moves; the rows keep their ids."""
        remote = self.adds("Weekly", rules=WEEKLY)
        self.pull()
        ids = self.rows().ids
        self.edits(remote, when=When(self.at(14), self.at(16), "UTC"))
        self.pull()
        rows = self.rows()
        self.assertEqual(rows.ids, ids)
        self.assertEqual(rows[0].start, self.naive(14))
        self.assertEqual(set(rows.mapped("duration")), {2.0})
        self.assertEqual(rows[0].sync_slot, When(self.at(14), self.at(16)).slot)
        self.assertFalse(self.marks())

    def test_shorter_rule_ends_the_last_rows(self):
        """S4-22: a changed rule keeps the rows of slots that stay."""
        remote = self.adds("Weekly", rules=WEEKLY)
        self.pull()
        ids = self.rows().ids
        self.edits(remote, recurrence=("RRULE:FREQ=WEEKLY;COUNT=4",))
        self.pull()
        self.assertEqual(self.rows().ids, ids[:4])
        self.assertEqual(self.rows().recurrence_id.count, 4)
        self.edits(remote, recurrence=("RRULE:FREQ=WEEKLY;COUNT=7",))
        self.pull()
        self.assertEqual(len(self.rows()), 7)
        self.assertEqual(self.rows().ids[:4], ids[:4])

    def test_native_series_becomes_endless(self):
        """S4-22: when Odoo can't hold the new rule, the rows stay as plain events."""
        remote = self.adds("Weekly", rules=WEEKLY)
        self.pull()
        ids = self.rows().ids
        self.edits(remote, recurrence=ENDLESS)
        self.pull()
        rows = self.rows()
        self.assertEqual(rows.ids[:6], ids)
        self.assertGreater(len(rows), 6)
        self.assertFalse(rows.recurrence_id)
        self.assertEqual(self.meeting(remote).form, "materialised")

    def test_series_deleted(self):
        """S1-27: a deleted series cancels its rows, changed ones too."""
        remote = self.adds("Weekly", rules=WEEKLY)
        self.occurrence(remote, 7, title="Weekly", when=When(self.at(15, 10), self.at(16, 10)))
        self.pull()
        self.deletes(remote)
        self.pull()
        self.assertFalse(self.rows())
        self.assertEqual(set(self.events("Weekly").mapped("appointment_state")), {"cancelled"})
        self.assertFalse(self.marks())

    def test_single_becomes_series_and_back(self):
        """S4-22: the row of the single event stays through both conversions."""
        remote = self.adds("Weekly")
        self.pull()
        event = self.event("Weekly")
        when = remote.fields.when
        self.edits(remote, recurrence=WEEKLY, when=When(when.start, when.stop, "UTC"))
        self.pull()
        rows = self.rows()
        self.assertEqual((len(rows), rows[0]), (6, event))
        self.edits(remote, recurrence=())
        self.pull()
        self.assertEqual(self.rows(), event)
        self.assertFalse(event.recurrence_id)
        self.assertEqual(self.meeting(remote).event_id, event)

    def test_new_guest_of_a_series(self):
        """S1-22: a guest added to the series stands on every row."""
        remote = self.adds("Weekly", rules=WEEKLY)
        self.pull()
        self.edits(remote, attendees=(self.GUEST, Attendee("dave@customer.example")))
        self.pull()
        counts = {len(row.attendee_ids) for row in self.rows()}
        self.assertEqual(counts, {3})

    def test_occurrence_deleted_here_stays_deleted(self):
        """S4-25: a row that a person deleted doesn't come back with the next change there."""
        remote = self.adds("Weekly", rules=WEEKLY)
        self.pull()
        self.rows()[3].with_user(self.user).unlink()
        self.save()
        self.edits(remote, title="Jour fixe")
        self.pull()
        self.assertEqual(len(self.rows("Jour fixe")), 5)
        self.assertTrue(self.marks())

    def test_internal_series_blocks_its_occurrences(self):
        """S1-28: a series that isn't imported blocks time, less what was cancelled or moved."""
        remote = self.adds("Standup", rules=WEEKLY, fields={"attendees": ()})
        self.cancels_occurrence(remote, 14)
        self.occurrence(remote, 7, when=When(self.at(15, 9), self.at(16, 9)))
        self.pull()
        self.assertFalse(self.events("Standup"))
        starts = sorted(self.env["calendar.sync.busy"].search([]).mapped("start"))
        self.assertEqual(len(starts), 5)
        self.assertIn(self.naive(15, 9), starts)
        self.cancels_occurrence(remote, 21)
        self.pull()
        self.assertEqual(len(self.env["calendar.sync.busy"].search([])), 4)

    def test_all_day_series(self):
        """S4-22, S3-12, C9: whole days repeat as whole days."""
        day = self.at(0).date()
        when = When(day, day + timedelta(days=1))
        self.adds("Weekly", rules=WEEKLY, fields={"when": when})
        self.pull()
        rows = self.rows()
        self.assertEqual(len(rows), 6)
        self.assertEqual(rows[1].start_date, day + timedelta(days=7))
        self.assertEqual(rows[1].sync_slot, f"{day + timedelta(days=7):%Y%m%d}")
        self.assertEqual(len(rows.recurrence_id), 1)

    def test_window_moves_on(self):
        """S4-22: later occurrences appear as time goes by; deleted ones don't come back."""
        remote = self.adds("Weekly", rules=ENDLESS)
        self.pull()
        count = len(self.rows())
        self.rows()[2].with_user(self.user).unlink()
        calendar = self.account.events_calendar_id
        old = calendar.window_stop
        calendar.write({"window_stop": old - timedelta(days=30)})
        self.meeting(remote).expanded_until = old - timedelta(days=30)
        extra = self.rows().filtered(lambda e: e.start >= old - timedelta(days=30))
        extra.sudo().unlink()
        self.env["calendar.sync.mark"].search([]).unlink()
        self.pull()
        self.assertEqual(len(self.rows()), count - 1)
