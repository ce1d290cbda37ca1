"""Series born in Odoo: one remote series, and only what differs is an exception there."""

from dataclasses import replace
from datetime import timedelta

from odoo.tests import tagged

from ..core.changes import Gone
from .push_case import PushCase


@tagged("post_install", "-at_install")
class TestPushSeries(PushCase):
    def series(self, count=4, **values):
        """A weekly series as the form makes it; returns its rows in order."""
        start = self.tomorrow()
        days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        event = (
            self.env["calendar.event"]
            .with_user(self.user)
            .create(
                {
                    "name": "Weekly",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "user_id": self.user.id,
                    "partner_ids": [(6, 0, self.user.partner_id.ids)],
                    "recurrency": True,
                    "rrule_type": "weekly",
                    "interval": 1,
                    "end_type": "count",
                    "count": count,
                    "event_tz": "Europe/Berlin",
                    days[start.weekday()]: True,
                    **values,
                }
            )
        )
        self.turn()
        return event.recurrence_id.calendar_event_ids.sorted("start")

    def masters(self):
        return [remote for remote in self.remotes() if remote.is_series]

    def parts(self):
        return [remote for remote in self.remotes() if remote.slot]

    def cancelled(self):
        entries = self.world.calendars[self.account.email].values()
        return [entry.gone.slot for entry in entries if entry.gone and entry.gone.slot]

    def test_series_arrives_as_one_series(self):
        """S4-30: a series in the calendar, not single events."""
        rows = self.series()
        self.assertEqual(len(self.remotes()), 1)
        [master] = self.masters()
        self.assertIn("COUNT=4", master.fields.recurrence[0])
        self.assertEqual(master.fields.when.tz, "Europe/Berlin")
        self.assertEqual(len(rows.mapped("sync_slot")), 4)
        self.turn()
        self.assertEqual(len(self.remotes()), 1)

    def test_all_rows_have_their_slot_before_anything_moves(self):
        """Slots are the original starts, also of the row that was edited in the form."""
        rows = self.series()
        self.assertEqual(rows.mapped("sync_slot"), [f"{row.start:%Y%m%dT%H%M%SZ}" for row in rows])

    def test_only_this_is_an_exception(self):
        """S4-30: one moved row is a changed occurrence; rule and remote id stay."""
        rows = self.series()
        [before] = self.masters()
        start = rows[1].start + timedelta(hours=2)
        rows[1].with_user(self.user).write(
            {
                "start": start,
                "stop": start + timedelta(hours=1),
                "recurrence_update": "self_only",
            }
        )
        self.turn()
        [master] = self.masters()
        self.assertEqual(master.fields.recurrence, before.fields.recurrence)
        [part] = self.parts()
        self.assertEqual(part.slot, rows[1].sync_slot)
        self.assertEqual(part.fields.when.start.replace(tzinfo=None), start)

    def test_only_this_renamed_is_an_exception(self):
        """S4-30: a new title of one row does not rename the series."""
        rows = self.series()
        rows[2].write({"name": "Special", "recurrence_update": "self_only"})
        self.turn()
        self.assertEqual(self.masters()[0].fields.title, "Weekly")
        self.assertEqual(self.parts()[0].fields.title, "Special")

    def test_deleted_row_is_a_cancelled_occurrence(self):
        """S4-30: deleting one row takes out that occurrence; the rule is not rewritten."""
        rows = self.series()
        [before] = self.masters()
        slot = rows[1].sync_slot
        rows[1].unlink()
        self.turn()
        self.assertEqual(self.masters()[0].fields.recurrence, before.fields.recurrence)
        self.assertEqual(self.cancelled(), [slot])
        self.turn()
        self.assertEqual(self.cancelled(), [slot])

    def test_deleted_first_row_is_a_cancelled_occurrence(self):
        """The series doesn't start later because its first row is gone."""
        rows = self.series()
        [before] = self.masters()
        slot = rows[0].sync_slot
        rows[0].unlink()
        self.turn()
        self.assertEqual(self.masters()[0].fields, before.fields)
        self.assertEqual(self.cancelled(), [slot])

    def test_all_renamed_is_one_update(self):
        """S4-31: "all events" keeps the remote series."""
        rows = self.series()
        [before] = self.masters()
        rows[1].with_user(self.user).write({"name": "New", "recurrence_update": "all_events"})
        self.turn()
        [master] = self.masters()
        self.assertEqual((master.remote_id, master.fields.title), (before.remote_id, "New"))
        self.assertFalse(self.parts())

    def test_all_moved_keeps_the_remote_series(self):
        """S4-31: Odoo archives and makes all rows anew; the remote series is only changed."""
        rows = self.series()
        [before] = self.masters()
        start = rows[1].start + timedelta(hours=3)
        rows[1].with_user(self.user).write(
            {
                "start": start,
                "stop": start + timedelta(hours=1),
                "recurrence_update": "all_events",
            }
        )
        self.turn()
        self.assertEqual(len(self.remotes()), 1)
        [master] = self.masters()
        self.assertEqual(master.remote_id, before.remote_id)
        self.assertEqual(master.fields.when.start, before.fields.when.start + timedelta(hours=3))

    def test_this_and_following_splits(self):
        """S4-30: the first series ends, a second one begins; nothing shows twice."""
        rows = self.series(count=6)
        [before] = self.masters()
        start = rows[3].start + timedelta(hours=1)
        rows[3].with_user(self.user).write(
            {
                "start": start,
                "stop": start + timedelta(hours=1),
                "name": "Later",
                "recurrence_update": "future_events",
            }
        )
        self.turn()
        first, second = sorted(self.masters(), key=lambda m: m.fields.when.start)
        self.assertEqual(first.remote_id, before.remote_id)
        self.assertEqual((first.fields.title, second.fields.title), ("Weekly", "Later"))
        self.assertEqual(self.shown(), 6)

    def renames_the_rest(self, row, name="Later"):
        row.with_user(self.user).write({"name": name, "recurrence_update": "future_events"})
        self.turn()

    def test_this_and_following_of_the_last_occurrence_is_sent(self):
        """S4-30: the first series ends before it; the changed rest is there once, and stays."""
        rows = self.series()
        [before] = self.masters()
        self.renames_the_rest(rows[3])
        first, second = sorted(self.masters(), key=lambda m: m.fields.when.start)
        self.assertEqual(first.remote_id, before.remote_id)
        self.assertEqual((first.fields.title, second.fields.title), ("Weekly", "Later"))
        self.assertEqual(second.fields.when.start.replace(tzinfo=None), rows[3].start)
        self.assertNotEqual(second.guid, first.guid)
        self.assertEqual(self.shown(), 4)
        self.assertFalse(self.marks())
        here = self.env["calendar.event"].search([("user_id", "=", self.user.id)])
        self.assertEqual(sorted(here.mapped("name")), ["Later", "Weekly", "Weekly", "Weekly"])
        self.assertFalse(self.env["mail.mail"].search([]))

    def test_last_occurrence_that_was_changed_before_begins_a_series_of_its_own(self):
        """S4-30: the series' former exception ends with it and takes nothing along."""
        rows = self.series()
        rows[3].write({"name": "Special", "recurrence_update": "self_only"})
        self.turn()
        [part] = self.parts()
        self.renames_the_rest(rows[3])
        self.world.bury(self.account.email, Gone(part.remote_id, part.slot, part.master_id))
        self.turn()
        self.assertEqual(sorted(m.fields.title for m in self.masters()), ["Later", "Weekly"])
        self.assertFalse(self.parts())
        self.assertTrue(rows[3].active)
        self.assertEqual(rows[3].appointment_state, "planned")

    def test_last_occurrence_of_a_series_that_was_lengthened_elsewhere(self):
        """S4-30: rows made by a calendar carry the series' id; what leaves gets one of its own."""
        rows = self.series()
        [master] = self.masters()
        longer = (master.fields.recurrence[0].replace("COUNT=4", "COUNT=5"),)
        changed = replace(master, fields=master.fields.replace(recurrence=longer))
        self.world.put(self.account.email, changed)
        self.account._ask_sync()
        self.turn()
        rows = rows.recurrence_id.calendar_event_ids.sorted("start")
        self.assertEqual(len(rows), 5)
        self.renames_the_rest(rows[4])
        first, second = sorted(self.masters(), key=lambda m: m.fields.when.start)
        self.assertNotEqual(second.guid, first.guid)
        self.assertEqual((second.fields.title, self.shown()), ("Later", 5))

    def test_deleted_series_is_removed(self):
        """S4-25: "all events" deleted: the series goes there too."""
        rows = self.series()
        rows[0].action_mass_deletion("all_events")
        self.turn()
        self.assertFalse(self.remotes())
        self.assertFalse(self.marks())

    def test_deleted_rest_of_a_series(self):
        """Deleting this and following leaves exactly the earlier ones."""
        rows = self.series(count=5)
        rows[2].action_mass_deletion("future_events")
        self.turn()
        self.assertEqual(self.shown(), 2)

    def shown(self):
        """How many occurrences a person sees there."""
        from ..core import recurrence
        from ..models.series_span import whole

        out = set(self.cancelled())
        return sum(
            each.slot not in out
            for master in self.masters()
            for each in recurrence.expand(
                master.fields.when, master.fields.recurrence, whole(master.fields.when)
            )
        )

    def test_outcomes_move_no_occurrence(self):
        """C15, S4-30: what came of two weeks is told; in the calendar all stay where they are."""
        start = self.tomorrow() - timedelta(days=14)
        rows = self.series(start=start, stop=start + timedelta(hours=1))
        rows[0].with_user(self.user).action_completed()
        rows[1].with_user(self.user).action_no_show()
        self.turn()
        self.assertFalse(self.parts())
        self.assertFalse(self.cancelled())
        self.assertEqual(len(self.masters()), 1)

    def test_next_occurrence_moves_although_the_first_was_held(self):
        """C15, S4-30: the move of one is sent, the others stay."""
        start = self.tomorrow() - timedelta(days=14)
        rows = self.series(start=start, stop=start + timedelta(hours=1))
        rows[0].with_user(self.user).action_completed()
        self.turn()
        later = rows[3].start + timedelta(hours=2)
        rows[3].with_user(self.user).write(
            {"start": later, "stop": later + timedelta(hours=1), "recurrence_update": "self_only"}
        )
        self.turn()
        [part] = self.parts()
        self.assertEqual(part.slot, rows[3].sync_slot)
        self.assertEqual(part.fields.when.start.replace(tzinfo=None), later)
