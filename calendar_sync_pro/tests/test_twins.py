"""The same appointment twice is found on both sides and merged without a word."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .cleanup_case import CleanupCase


@tagged("post_install", "-at_install")
class TestTwins(CleanupCase):
    def wizard(self):
        """Ann opens Find Duplicates."""
        self.env.flush_all()
        self.env.invalidate_all()
        action = self.env["calendar.sync.merge"].with_user(self.user).action_open()
        return self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])

    def merge(self):
        self.wizard().action_merge()
        self.work(2)

    def test_duplicates_are_shown_and_merged_on_both_sides(self):
        """B-11, S1-09: one entry stays in Odoo and in the calendar, with everything; 0 mails."""
        lead = self.env["crm.lead"].create({"name": "Deal", "type": "opportunity"})
        guest = self.env["res.partner"].create({"name": "Gus", "email": "gus@customer.example"})
        kept = self.book("Demo", hour=9, opportunity_id=lead.id)
        copy = self.book("demo ", hour=9, location="Annex")
        copy.with_context(no_mail_to_attendees=True).partner_ids = [Command.link(guest.id)]
        self.book("Other", hour=9)
        self.read()
        self.assertEqual(self.titles(), ["Demo", "Other", "demo "])
        wizard = self.wizard()
        [line] = wizard.line_ids
        self.assertEqual((line.kept_id, line.copies), (kept, 2))
        self.assertEqual(line.moves, "Place, Participants")
        self.assertIn("1 in Odoo, 1 in the calendar", line.goes)
        self.assertEqual(len(self.here("demo ") | self.here("demo")), 1, "only shown")
        wizard.action_merge()
        self.work(2)
        self.assertEqual(self.titles(), ["Demo", "Other"])
        self.assertEqual((kept.location, kept.opportunity_id), ("Annex", lead))
        self.assertIn(guest, kept.partner_ids)
        self.assertFalse(copy.active)
        self.assertFalse(self.wizard().line_ids)
        self.assertFalse(self.world.mails)
        self.assertFalse(self.env["mail.mail"].search([]))

    def test_merge_is_undone_from_the_journal(self):
        """B-11, B-07: both are there again on both sides, each with what was its own."""
        kept, copy = self.book("Demo", hour=9), self.book("Demo", hour=9, location="Annex")
        self.read()
        self.merge()
        self.assertEqual((self.titles(), kept.location), (["Demo"], "Annex"))
        row = self.env["calendar.sync.journal"].search([("action", "=", "merge")])
        self.assertEqual(self.mine(row).action_undo()["params"]["type"], "success")
        self.work(2)
        self.assertEqual(self.titles(), ["Demo", "Demo"])
        self.assertTrue(copy.active)
        self.assertFalse(kept.location)
        self.assertEqual(copy.location, "Annex")
        self.assertFalse(self.world.mails)

    def test_a_second_copy_in_the_calendar_alone_is_taken_away(self):
        """B-11, S1-07: the twin that is set aside goes, the linked one and Odoo's stay."""
        event = self.book("Demo", hour=9)
        self.read()
        first = self.remotes()[0]
        self.adds("Demo", 9, days=1, remote_id="twin", guid=event.sync_guid,
                  ical_uid=first.ical_uid, fields={"attendees": ()})  # fmt: skip
        self.read()
        self.assertEqual(self.titles(), ["Demo", "Demo"])
        [line] = self.wizard().line_ids
        self.assertEqual((line.kept_id, line.goes), (event, "1 in the calendar"))
        self.merge()
        self.assertEqual([r.remote_id for r in self.remotes()], [first.remote_id])
        self.assertTrue(event.active)
        self.read()
        self.assertEqual(len(self.here("Demo")), 1)

    def test_series_that_stand_twice_are_one(self):
        """B-11: a former sync's second copy of a series goes with all its occurrences."""
        for _time in range(2):
            self.series()
        self.read()
        self.assertEqual(self.titles(), ["Weekly", "Weekly"])
        [line] = self.wizard().line_ids
        self.assertEqual(line.copies, 2)
        self.merge()
        self.assertEqual(self.titles(), ["Weekly"])
        self.assertEqual(len(self.here("Weekly")), 3)
        self.assertFalse(self.world.mails)

    def series(self):
        """Three weeks of one meeting of Ann's."""
        start = self.tomorrow(9)
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        self.env["calendar.event"].with_user(self.user).create(
            {"name": "Weekly", "start": start, "stop": self.tomorrow(10), "user_id": self.user.id,
             "partner_ids": [Command.set(self.user.partner_id.ids)], "recurrency": True,
             "rrule_type": "weekly", "interval": 1, "end_type": "count", "count": 3,
             **{day: start.weekday() == n for n, day in enumerate(days)}}
        )  # fmt: skip
        self.save()

    def test_nobody_merges_for_others(self):
        """B-11, D-04: a colleague sees none of these and can't press the button for them."""
        self.book("Demo", hour=9)
        self.book("Demo", hour=9)
        self.read()
        wizard = self.wizard()
        eve = new_test_user(self.env, "eve", groups="base.group_user")
        self._connected(eve)
        self.env.invalidate_all()
        self.assertFalse(self.env["calendar.sync.merge"].with_user(eve).create({}).line_ids)
        with self.assertRaises(AccessError):
            wizard.with_user(eve).action_merge()
        self.assertEqual(len(self.here("Demo")), 2)
