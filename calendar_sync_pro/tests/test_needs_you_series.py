"""Series and their occurrences where a calendar would mail guests anyway."""

from datetime import timedelta

from odoo.tests import tagged

from .needs_you_case import NeedsYouCase


@tagged("post_install", "-at_install")
class TestSeriesWait(NeedsYouCase):
    """Series and single occurrences wait, are sent and are taken back like anything else."""

    DAILY = ("RRULE:FREQ=DAILY;COUNT=4",)

    def discard(self, links):
        """Press Discard in the list of what needs you."""
        action = links.with_user(self.user).action_sync_discard()
        wizard = self.env["calendar.sync.decide"].with_user(self.user)
        wizard.with_context(**action["context"]).create({}).action_confirm()
        self.env.flush_all()
        self.turn()
        self.env.invalidate_all()

    def waiting(self):
        links = self.env["calendar.sync.link"].with_user(self.user)
        return links.search([("needs_attention", "=", True)])

    def series(self):
        remote = self.adds("Daily", rules=self.DAILY, fields={"attendees": (self.CARLA,)})
        self.read()
        return self.events("Daily"), remote

    def test_renamed_series_waits_and_is_taken_back(self):
        """S4-30: all occurrences say the old title again."""
        rows, remote = self.series()
        self.change(rows[0], recurrence_update="all_events", name="Other")
        self.assertEqual(self.state(remote), "needs_you")
        self.discard(self.waiting())
        self.assertEqual(len(self.events("Daily").filtered("active")), 4)
        self.assertEqual((self.state(remote), self.told()), ("synced", []))

    def test_moved_occurrence_waits_alone(self):
        """S4-30: its series stays as it is; sent, it is the only one that moves."""
        rows, remote = self.series()
        row = rows[1]
        self.change(row, recurrence_update="self_only", start=row.start + timedelta(hours=2),
                    stop=row.stop + timedelta(hours=2))  # fmt: skip
        self.assertEqual(self.state(remote), "synced")
        self.assertIn("will tell 1 person", self.badge(row)[1])
        self.assertEqual(self.badge(rows[0])[0], "synced")
        action = row.with_user(self.user).action_sync_send()
        self.env["calendar.sync.decide"].with_user(self.user).with_context(
            **action["context"]
        ).create({}).action_confirm()
        self.turn()
        self.assertEqual(self.told(), [self.CARLA.email])
        self.assertEqual(self.badge(row)[0], "synced")

    def test_moved_occurrence_is_taken_back(self):
        """S4-30: it stands where its series says, and belongs to it again."""
        rows, remote = self.series()
        row, start = rows[1], rows[1].start
        self.change(row, recurrence_update="self_only", start=start + timedelta(hours=2),
                    stop=row.stop + timedelta(hours=2))  # fmt: skip
        self.discard(self.waiting())
        self.assertEqual((row.start, self.badge(row)[0]), (start, "synced"))
        self.assertEqual(row.sync_meeting_id, self.link(remote).meeting_id)
        self.assertFalse(self.told())

    def test_deleted_occurrence_waits_in_the_list_and_comes_back(self):
        """S1-27: one of four was deleted in Odoo; taken back, there are four again."""
        rows, _remote = self.series()
        start = rows[2].start
        rows[2].with_user(self.user).unlink()
        self.turn()
        (waiting,) = self.waiting()
        self.assertEqual((waiting.event_title, waiting.event_start), ("Daily", start))
        self.discard(waiting)
        living = self.events("Daily").filtered("active")
        self.assertEqual(len(living), 4)
        self.assertIn(start, living.mapped("start"))
        self.assertFalse(self.waiting())
        self.assertFalse(self.told())

    def test_cancelled_series_is_planned_again(self):
        """S2-14: all four days were cancelled in Odoo; taken back, they take place."""
        rows, remote = self.series()
        rows.with_user(self.user)._cancel_appointment("Ill")
        self.turn()
        self.assertEqual((self.link(remote).held, self.told()), ("delete", []))
        self.discard(self.waiting())
        living = self.events("Daily").filtered("active")
        self.assertEqual((living, set(living.mapped("appointment_state"))), (rows, {"planned"}))
        self.assertEqual((self.state(remote), self.told()), ("synced", []))

    def test_deleted_series_is_read_back(self):
        """S1-24: nothing is left in Odoo, and the calendar still has it."""
        rows, remote = self.series()
        starts = rows.mapped("start")
        rows.with_user(self.user).unlink()
        self.turn()
        self.assertTrue(self.there(remote))
        self.discard(self.waiting())
        self.assertEqual(self.events("Daily").filtered("active").mapped("start"), starts)
        self.assertEqual((self.state(remote), self.told()), ("synced", []))

    def test_moved_series_is_taken_back(self):
        """S4-30: Odoo makes new rows for another time; they stand at the old one again."""
        rows, remote = self.series()
        starts = rows.mapped("start")
        first = rows[0]
        start, stop = (moment + timedelta(hours=2) for moment in (first.start, first.stop))
        self.change(first, recurrence_update="all_events", start=start, stop=stop)
        self.assertEqual(self.state(remote), "needs_you")
        self.discard(self.waiting())
        self.assertEqual(self.events("Daily").filtered("active").mapped("start"), starts)
        self.assertEqual((self.state(remote), self.told()), ("synced", []))
        self.assertFalse(self.waiting())

    def test_moved_series_is_sent(self):
        """S4-30: aloud, with all its days."""
        rows, remote = self.series()
        first = rows[0]
        start = first.start + timedelta(hours=2)
        stop = first.stop + timedelta(hours=2)
        self.change(first, recurrence_update="all_events", start=start, stop=stop)
        self.waiting()._send_waiting()
        self.turn()
        self.assertEqual(self.there(remote).fields.when.start.replace(tzinfo=None), start)
        self.assertEqual((self.state(remote), self.told()), ("synced", [self.CARLA.email]))

    def test_an_occurrence_waits_for_a_decision_of_its_own(self):
        """S4-30: the renamed series is sent; the day that was moved before still waits."""
        rows, remote = self.series()
        row = rows[1]
        self.change(row, recurrence_update="self_only", start=row.start + timedelta(hours=2),
                    stop=row.stop + timedelta(hours=2))  # fmt: skip
        part = self.waiting()
        self.change(rows[0], recurrence_update="all_events", name="Other")
        self.assertEqual(self.state(remote), "needs_you")
        (self.waiting() - part)._send_waiting()
        self.turn()
        self.env.invalidate_all()
        self.assertEqual(self.there(remote).fields.title, "Other")
        self.assertEqual(self.told(), [self.CARLA.email])
        self.assertEqual(self.waiting(), part, "nobody decided about the moved day")
