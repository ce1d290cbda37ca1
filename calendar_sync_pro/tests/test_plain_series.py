"""Series that Odoo has no rule for stand as plain rows in a window of days. Outside of it there is
no row because it wasn't made, not because somebody deleted it."""

from odoo.tests import tagged

from .pull_case import PullCase

ENDLESS = ("RRULE:FREQ=WEEKLY",)
LAST_WORKDAY = ("RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=40",)


@tagged("post_install", "-at_install")
class TestPlainSeries(PullCase):
    def rows(self):
        return self.events("Weekly").filtered("active")

    def renames_one(self, number):
        self.rows()[number].with_user(self.user).write({"name": "Special"})
        self.turn()

    def assert_only_special(self, before):
        """The series is as it was, one date of it is called otherwise, and none is taken out."""
        there = {event.remote_id: event for event in self.remotes()}
        master = there.pop(before.remote_id)
        self.assertEqual(master.fields, before.fields)
        [part] = there.values()
        self.assertEqual((part.fields.title, part.master_id), ("Special", before.remote_id))
        entries = self.world.calendars[self.account.email].values()
        self.assertFalse([entry.gone for entry in entries if entry.gone])
        self.assertFalse(self.marks())
        self.assert_nobody_heard()

    def test_renaming_a_date_leaves_years_of_a_series_alone(self):
        """S4-30, B-13: given an endless weekly series that began a year ago, when one date gets
        another title in Odoo, then no date of the past year and none of the future goes."""
        remote = self.adds("Weekly", days=-364, rules=ENDLESS)
        self.pull()
        self.renames_one(6)
        self.assert_only_special(remote)

    def test_renaming_a_date_leaves_the_dates_beyond_the_window_alone(self):
        """S4-30, B-13: the same with a series that ends far beyond the days that Odoo shows."""
        remote = self.adds("Weekly", days=-60, rules=LAST_WORKDAY)
        self.pull()
        self.renames_one(1)
        self.assert_only_special(remote)

    def test_deleting_a_date_takes_out_just_this_one(self):
        """S4-25: of a series as plain rows one row is deleted in Odoo: this date goes there, also
        the first or the last one that Odoo shows."""
        remote = self.adds("Weekly", days=-364, rules=ENDLESS)
        self.pull()
        rows = self.rows()
        gone = {rows[0].sync_slot, rows[-1].sync_slot}
        (rows[0] | rows[-1]).with_user(self.user).unlink()
        self.turn()
        entries = self.world.calendars[self.account.email].values()
        self.assertEqual({entry.gone.slot for entry in entries if entry.gone}, gone)
        self.assertEqual(self.remotes()[0].fields, remote.fields)

    def test_another_rule_months_later_keeps_what_took_place(self):
        """S4-22, S1-27: given rows of a time that is over, when the rule changes there, then they
        stay, and only the date ends that the new rule doesn't have."""
        remote = self.adds("Weekly", days=-28, rules=ENDLESS)
        self.pull()
        before = self.rows()
        meeting = self.link(remote).meeting_id
        company = self.user.company_id
        company.sync_days_back = 3  # as if weeks had gone by since
        stop = before[-1].sync_slot
        self.edits(remote, recurrence=(*ENDLESS, f"EXDATE:{stop}"))
        self.pull()
        self.assertEqual(self.rows(), before[:-1])
        self.assertNotIn(stop, self.rows().mapped("sync_slot"))
        self.assertEqual(meeting.form, "materialised")
        self.assert_nobody_heard()
