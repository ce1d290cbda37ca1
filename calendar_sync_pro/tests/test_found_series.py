"""What the searches found about series (see docs/trust.md), each in the few steps that it takes."""

from datetime import timedelta

from odoo.tests import new_test_user, tagged

from ..core.errors import Malformed
from .pull_case import PullCase

WEEKLY = ("RRULE:FREQ=WEEKLY;COUNT=3",)


@tagged("post_install", "-at_install")
class TestFoundSeries(PullCase):
    def setUp(self):
        super().setUp()
        self.master = self.adds("Weekly", rules=WEEKLY)
        self.pull()
        self.rows = self.events("Weekly").sorted("start")
        self.assertEqual(len(self.rows), 3)

    def renames(self, row, name="Special"):
        values = {"name": name, "recurrence_update": "self_only"}
        row.with_user(self.user).write(values)
        self.save()

    def goes_on(self):
        """The next event that somebody makes there arrives: the sync has not stopped."""
        self.adds("Next", hour=15)
        self.account._ask_sync()
        self.turn()
        self.assertTrue(self.event("Next").active)
        self.assertFalse(self.marks())

    def shown(self):
        """Titles of what takes place in Odoo, in order."""
        return self.events().filtered(lambda e: e.name != "Next").sorted("start").mapped("name")

    def test_series_is_deleted_there_while_a_changed_occurrence_is_unsent(self):
        """S4-14, S4-25: all of it is cancelled, and the account's sync goes on."""
        self.renames(self.rows[1])
        self.deletes(self.master)
        self.goes_on()
        self.assertEqual(self.shown(), [])
        self.assertEqual(set(self.rows.mapped("appointment_state")), {"cancelled"})
        self.assert_nobody_heard()

    def test_occurrence_is_deleted_there_while_its_change_is_unsent(self):
        """S4-14, S4-25: this one is cancelled, the others stay."""
        self.renames(self.rows[1])
        self.cancels_occurrence(self.master, 7)
        self.goes_on()
        self.assertEqual(self.shown(), ["Weekly", "Weekly"])
        self.assertFalse(self.rows[1].active)

    def test_occurrence_is_changed_there_while_its_own_change_waits(self):
        """S4-14, B-06: the calendar names it before our change got through: it is no twin, and
        both edits survive."""
        self.renames(self.rows[1])
        self.world.fail("update", Malformed("malformed"))
        self.turn()
        self.assertTrue(self.marks().not_before, "the change waits")
        place = {"location": "Pier 7"}
        self.occurrence(self.master, 7, **place)
        self.account._ask_sync()
        self.turn()
        self.marks().not_before = False
        self.goes_on()
        self.assertEqual(self.rows[1].name, "Special")
        self.assertEqual(self.rows[1].location, "Pier 7")
        there = self.remote()
        self.assertEqual(there["Special"].fields.location, "Pier 7")
        problems = self.env["calendar.sync.link"].search([("problem_code", "=", "duplicate")])
        self.assertFalse(problems)

    def test_longer_rule_comes_in_although_only_a_changed_occurrence_is_left(self):
        """S4-14, S4-30: the other dates were deleted here; dates that are new there appear."""
        self.rows[0].with_user(self.user).unlink()
        self.rows[2].with_user(self.user).unlink()
        self.turn()
        self.occurrence(self.master, 7, title="Special")
        self.pull()
        self.assertEqual(self.shown(), ["Special"])
        self.edits(self.master, recurrence=("RRULE:FREQ=WEEKLY;COUNT=5",))
        self.pull()
        self.assertEqual(self.shown(), ["Special", "Weekly", "Weekly"])

    def test_what_is_before_a_split_is_deleted_before_it_was_sent(self):
        """S4-14, S4-30: "this and following" renames the last two dates and the first one is
        deleted: both stand in the calendar, where Odoo has them."""
        self.rows[1].with_user(self.user).write(
            {"name": "Rest", "recurrence_update": "future_events"}
        )
        self.rows[0].with_user(self.user).action_mass_deletion("all_events")
        self.turn()
        [there] = self.remotes()
        self.assertEqual(there.fields.title, "Rest")
        self.assertEqual(there.fields.when.start, self.at(10, days=9))
        [rule] = there.fields.recurrence
        self.assertIn("COUNT=2", rule)
        self.goes_on()
        self.assertEqual(len(self.events("Rest").filtered("active")), 2)

    def test_guests_who_are_no_contacts_stay_where_rows_are_made_anew(self):
        """S4-14, S1-22: given a series with a guest whom only the calendar knows, when its last
        two dates are renamed, and then all of them moved, then she and the notes stay on each
        date, none becomes an exception, and nobody is mailed."""
        user, guest = self.user, self.GUEST.email
        self.rows[1].with_user(user).internal_notes = "Knows Dave"
        self.rows[1].with_user(user).write({"name": "Rest", "recurrence_update": "future_events"})
        self.turn()
        first = self.events("Rest").sorted("start")[0]
        later = {
            "start": first.start + timedelta(hours=1), "stop": first.stop + timedelta(hours=1),
            "recurrence_update": "all_events",
        }  # fmt: skip
        first.with_user(user).write(later)
        self.turn()
        rows = (self.events("Rest") | self.events("Weekly")).filtered("active")
        self.assertEqual([guest in row.attendee_ids.mapped("email") for row in rows], [True] * 3)
        rest = self.events("Rest").filtered("active")
        self.assertEqual(rest.mapped("internal_notes"), ["<span>Knows Dave</span>"] * 2)
        self.assertEqual(rest.mapped("appointment_source"), ["import"] * 2)
        self.assertEqual(sorted(e.fields.title for e in self.remotes()), ["Rest", "Weekly"])
        self.assert_nobody_heard()


@tagged("post_install", "-at_install")
class TestFoundWhileOff(PullCase):
    """Deleted in Odoo while the calendar is not synced."""

    def comes_back(self):
        """Switched off and on again, and everything is looked through."""
        self.account.is_sync_on = True
        self.account._started()
        self.turn()

    def test_meeting_deleted_while_sync_is_off_leaves_the_calendar_later(self):
        """S4-25: once it is on again; nobody is told that late, and nothing before that."""
        self.adds("Demo")
        self.pull()
        self.account.is_sync_on = False
        event = self.event("Demo").with_user(self.user)
        event.with_context(calendar_sync_notify=True).unlink()
        self.turn()
        self.assertIn("Demo", self.remote())
        self.comes_back()
        self.assertNotIn("Demo", self.remote())
        self.assertFalse(self.events("Demo"))
        self.assertFalse(self.marks())
        self.assertFalse(self.world.mails)


@tagged("post_install", "-at_install")
class TestFoundOrganizer(PullCase):
    """An organizer whose own calendar does not show the meeting."""

    def test_colleague_has_it_although_the_organizer_declined(self):
        """S4-14, S3-54: nobody else brings it to the colleague, so it stands there as a copy."""
        bob = new_test_user(
            self.env, "bob", groups="base.group_user,sales_team.group_sale_salesman",
            email="bob@corp.example", tz="Europe/Berlin",
        )  # fmt: skip
        bobs = self._connected(bob)
        people = (self.user | bob).partner_id
        event = self.book(partner_ids=[(6, 0, people.ids)]).with_user(self.user)
        event.attendee_ids.filtered(lambda a: a.partner_id == self.user.partner_id).do_decline()
        event.with_context(calendar_sync_notify=True).write({"location": "Pier 7"})
        self.turn()
        self.assertFalse(self.remotes())
        self.assertEqual([one.fields.title for one in self.remotes(bobs)], ["Demo"])
        self.turn()
        self.assertEqual(len(self.remotes(bobs)), 1)
