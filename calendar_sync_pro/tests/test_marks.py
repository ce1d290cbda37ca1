"""Marks: every change that matters leaves one, a pull's own writes leave none, none is lost."""

from contextlib import suppress

from odoo.tests import tagged

from .push_case import PushCase


@tagged("post_install", "-at_install")
class TestMarks(PushCase):
    def ids(self):
        self.save()
        return sorted(set(self.marks().mapped("event_id")))

    def test_every_path_of_creation_leaves_a_mark(self):
        """S4-03: form, import and activity go through the same hook."""
        form = self.book("Form")
        self.env["calendar.event"].load(
            ["name", "start", "stop"],
            [["Import", "2027-03-01 10:00:00", "2027-03-01 11:00:00"]],
        )
        imported = self.env["calendar.event"].search([("name", "=", "Import")])
        self.assertEqual(self.ids(), sorted([form.id, imported.id]))

    def test_a_transaction_leaves_one_mark_for_each_event(self):
        """One commit, many writes: one mark."""
        event = self.book()
        self.marks().unlink()
        for n in range(4):
            event.write({"name": f"Demo {n}"})
        self.assertEqual(len(self.marks()), 0)
        self.save()
        self.assertEqual(self.marks().event_id, event.id)

    def test_marks_survive_savepoints(self):
        """Pre-commit hooks also run at savepoints: what comes after is marked as well."""
        event = self.book()
        self.marks().unlink()
        event.write({"name": "One"})
        with self.env.cr.savepoint():
            event.write({"name": "Two"})
        event.write({"name": "Three"})
        self.save()
        self.assertTrue(self.marks())

    def test_rolled_back_edit_leaves_no_mark(self):
        """What is undone with its savepoint is not sent."""
        event = self.book()
        self.marks().unlink()
        with suppress(ValueError), self.env.cr.savepoint():
            event.write({"name": "Never"})
            raise ValueError
        self.save()
        self.assertFalse(self.marks())

    def test_what_no_calendar_shows_leaves_no_mark(self):
        """Followers, tokens and our own identities are no edits."""
        event = self.book()
        self.marks().unlink()
        event.sudo().write({"show_lead_token": "x", "access_token": "y"})
        event.message_subscribe(self.user.partner_id.ids)
        self.save()
        self.assertFalse(self.marks())

    def test_settled_by_a_pull_leaves_no_mark(self):
        """A pull's write equals its base: no echo. An edit after it is marked."""
        event = self.book()
        self.marks().unlink()
        event.write({"name": "From the calendar"})
        self.env["calendar.sync.mark"]._settle(event.ids)
        self.save()
        self.assertFalse(self.marks())
        event.write({"name": "By a person"})
        self.save()
        self.assertTrue(self.marks())

    def test_guest_answer_is_marked(self):
        """Answers are part of what travels."""
        event = self.book()
        self.marks().unlink()
        event.attendee_ids.do_tentative()
        self.assertEqual(self.ids(), event.ids)

    def test_deleted_event_keeps_what_finds_its_link(self):
        """S4-25: the mark of a deleted event knows the meeting."""
        event = self.book()
        self.turn()
        meeting = event.sync_meeting_id
        event.unlink()
        self.save()
        self.assertEqual((self.marks().kind, self.marks().meeting_id), ("gone", meeting.id))

    def test_nobody_syncs_nothing_is_marked(self):
        """Without a connection the table stays empty."""
        self.account.is_sync_on = False
        self.book()
        self.assertFalse(self.marks())

    def test_dispatch_gives_each_account_its_own(self):
        """Colleagues in one meeting don't wait for each other."""
        event = self.book()
        self.env["calendar.sync.mark"]._dispatch()
        self.env.invalidate_all()
        self.assertEqual(self.marks().account_id, self.account)
        self.assertEqual(self.marks().event_id, event.id)

    def test_saving_wakes_the_workers(self):
        """S4-06: the crons are asked to run as soon as the save is committed."""
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([])
        self.book()
        self.assertEqual(triggers.search_count([]) - before, 2)

    def test_saving_costs_few_statements_more(self):
        """S4-06: the marks of one save are a handful of statements."""
        event = self.book()
        self.env.flush_all()
        event.write({"name": "Other"})
        self.env.flush_all()
        with self.assertQueryCount(8):
            self.save()
