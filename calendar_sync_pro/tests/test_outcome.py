"""After the meeting: dates stay, the outcome is told once, and a follow-up carries everything."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .appointment_case import AppointmentCase
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestOutcome(AppointmentCase):
    def _held(self, **values):
        """An appointment that ended an hour ago."""
        start = fields.Datetime.now().replace(minute=0, second=0, microsecond=0) - timedelta(
            hours=3
        )
        return self._book(start=start, stop=start + timedelta(hours=1), **values)

    def _outcomes(self, record):
        words = ("Completed", "Not completed", "No-show")
        messages = record.sudo().message_ids
        return [text for text in messages.mapped("preview") if text.startswith(words)]

    # Dates

    def test_a_past_appointment_keeps_its_time(self):
        """S3-41, C15: date and time are fixed once it has passed, over RPC as well."""
        event = self._held()
        before = event.start
        for values in (
            {"start": before + timedelta(days=1), "stop": before + timedelta(days=1, hours=1)},
            {"stop": fields.Datetime.to_string(event.stop + timedelta(hours=9))},
            {"duration": 5.0},
            {"allday": True},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                event.with_context(tracking_disable=True).write(values)
        self.assertEqual(event.start, before)
        self.assertTrue(event.is_time_locked)

    def test_everything_else_of_it_can_still_be_told(self):
        """S3-41: notes after the meeting are no change of time, nor is a form that sends the
        same dates again."""
        event = self._held()
        event.write(
            {
                "description": "They want an offer.",
                "start": fields.Datetime.to_string(event.start),
                "stop": fields.Datetime.to_string(event.stop),
            }
        )
        self.assertIn("offer", event.description)

    def test_what_lies_ahead_can_be_changed_in_every_respect(self):
        """S3-39: date, time, place, agenda, lead, participants and title."""
        event = self._book()
        later = event.start + timedelta(days=1)
        other = self._new_lead("Another")
        event.write(
            {
                "start": later, "stop": later + timedelta(hours=2), "location": "Pier 7",
                "description": "Agenda", "opportunity_id": other.id, "name": "Visit",
                "partner_ids": [(4, self.company.id)],
            }
        )  # fmt: skip
        self.assertEqual((event.start, event.location), (later, "Pier 7"))
        self.assertEqual((event.opportunity_id, event.name), (other, "Visit"))
        self.assertIn(self.company, event.partner_ids)

    def test_a_colleagues_chat_is_no_appointment(self):
        """S3-41: what has no lead and nobody from outside stays an ordinary calendar entry."""
        start = fields.Datetime.now() - timedelta(hours=3)
        event = self.env["calendar.event"].with_user(self.anna).create(
            {
                "name": "Lunch", "start": start, "stop": start + timedelta(hours=1),
                "partner_ids": [(6, 0, (self.anna | self.ben).partner_id.ids)],
            }
        )  # fmt: skip
        event.write({"start": start + timedelta(minutes=30)})
        self.assertFalse(event.is_time_locked)

    def test_the_calendar_itself_may_correct_the_past(self):
        """C15: what a sync brings is applied; only people are refused."""
        event = self._held()
        moved = event.start + timedelta(minutes=15)
        event.sudo().write({"start": moved})
        self.assertEqual(event.start, moved)

    # Outcome

    def test_the_outcome_is_on_every_timeline_once(self):
        """S3-42: told on lead and contact, once, and nobody is mailed."""
        event = self._held()
        mails = self.env["mail.mail"].search_count([])
        event.action_not_completed()
        event.action_not_completed()
        self.assertEqual(event.appointment_state, "not_completed")
        self.assertEqual(len(self._outcomes(self.lead)), 1)
        self.assertEqual(len(self._outcomes(self.mia)), 1)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_each_outcome_can_be_told_and_taken_back(self):
        """S3-42: completed, not completed, no-show; a slip is undone."""
        for name in ("completed", "not_completed", "no_show"):
            event = self._held()
            getattr(event, f"action_{name}")()
            self.assertEqual(event.appointment_state, name)
            event.action_clear_outcome()
            self.assertEqual(event.appointment_state, "planned")
            self.assertTrue(event.active)

    def test_there_is_no_outcome_before_it_began(self):
        """S3-42: an outcome is for a meeting that has begun."""
        event = self._book()
        with self.assertRaises(UserError):
            event.action_completed()
        self.assertEqual(event.appointment_state, "planned")

    def test_only_who_may_edit_tells_the_outcome(self):
        """S3-42: a stranger to the meeting does not."""
        event = self._held(privacy="private")
        with self.assertRaises(AccessError):
            event.with_user(self.ben).action_completed()
        self.assertEqual(event.appointment_state, "planned")

    def test_what_waits_for_an_outcome_is_found(self):
        """S3-42: the filter shows what is over and untold."""
        untold, told, ahead = self._held(name="Untold"), self._held(name="Told"), self._book()
        told.action_completed()
        view = self.env["calendar.event"].get_view(view_type="search")["arch"]
        self.assertIn('name="without_outcome"', view)
        found = self.env["calendar.event"].search(
            [
                ("appointment_state", "=", "planned"), ("active", "=", True),
                ("stop", "<", fields.Datetime.now()), ("opportunity_id", "!=", False),
            ]
        )  # fmt: skip
        self.assertIn(untold, found)
        self.assertFalse((told | ahead) & found)

    # Follow-up

    def test_a_follow_up_carries_everything(self):
        """S3-43: people, lead and agenda; a new time in the future; both know each other."""
        event = self._held(description="<p>Budget</p>", location="Pier 7")
        event.action_not_completed()
        action = event.action_follow_up()
        model = self.env["calendar.event"].with_user(self.anna).with_context(**action["context"])
        with Form(model, view=action["views"][0][0]) as form:
            form.name = "Second try"
        follow_up = form.record
        self.assertEqual(follow_up.follow_up_of_id, event)
        self.assertEqual(event.follow_up_ids, follow_up)
        self.assertEqual(follow_up.partner_ids, event.partner_ids)
        self.assertEqual((follow_up.opportunity_id, follow_up.location), (self.lead, "Pier 7"))
        self.assertIn("Budget", follow_up.description)
        self.assertGreater(follow_up.start, fields.Datetime.now())
        self.assertEqual(follow_up.duration, event.duration)

    def test_a_follow_up_of_a_private_one_is_private(self):
        """S3-43: colleagues don't read its title in the follow-up either."""
        context = self._held(privacy="private").action_follow_up()["context"]
        follow_up = self.env["calendar.event"].with_user(self.anna).with_context(**context)
        self.assertEqual(follow_up.create({}).privacy, "private")

    def test_a_follow_up_is_a_new_appointment(self):
        """S3-43: with a GUID of its own; the old one stays as it is."""
        event = self._held()
        action = event.action_follow_up()
        follow_up = self.env["calendar.event"].with_user(self.anna)
        follow_up = follow_up.with_context(**action["context"]).create({})
        self.assertTrue(follow_up.sync_guid)
        self.assertNotEqual(follow_up.sync_guid, event.sync_guid)
        self.assertEqual(follow_up.appointment_state, "planned")
        self.assertEqual(event.follow_up_count, 1)


@tagged("post_install", "-at_install")
class TestOutcomeAndCalendar(PullCase):
    def _took_place(self):
        """A meeting of two days ago that came from the calendar, and was read again since."""
        remote = self.adds("Visit", days=-2)
        self.pull()
        return remote, self.event("Visit")

    def test_the_calendar_corrects_a_past_meeting(self):
        """C15: moved there after it took place: applied, and told in the journal."""
        remote, event = self._took_place()
        self.edits(remote, when=remote.fields.when.__class__(self.at(12, -2), self.at(13, -2)))
        self.pull()
        self.assertEqual(event.start, self.naive(12, -2))
        rows = self.env["calendar.sync.journal"].search([("event_id", "=", event.id)])
        self.assertIn("when", rows[0].new)

    def test_never_after_its_outcome_was_told(self):
        """C15: with an outcome the time stays here, and nothing is written back there."""
        remote, event = self._took_place()
        event.with_user(self.user).action_completed()
        self.save()
        moved = remote.fields.when.__class__(self.at(12, -2), self.at(13, -2))
        self.edits(remote, when=moved, title="Visit, second floor")
        self.pull()
        self.turn()
        self.assertEqual(event.start, self.naive(10, -2))
        self.assertEqual(event.name, "Visit, second floor")
        there = self.world.calendars[self.account.email][remote.remote_id].event.fields
        self.assertEqual(there.when.start, moved.start)
        self.assertFalse(self.marks())

    def test_never_a_changed_occurrence_after_its_outcome(self):
        """C15: moved there again after its outcome was told: both sides stay as they are."""
        rule = ("RRULE:FREQ=WEEKLY;COUNT=4",)
        remote = self.adds("Visit", days=-10, fields={"recurrence": rule})
        self.pull()
        second = self.at(12, -3), self.at(13, -3)
        self.occurrence(remote, 7, when=remote.fields.when.__class__(*second))
        self.pull()
        event = self.events("Visit").filtered(lambda e: e.start == self.naive(12, -3))
        event.with_user(self.user).action_completed()
        self.save()
        third = self.at(14, -3), self.at(15, -3)
        moved = self.occurrence(remote, 7, when=remote.fields.when.__class__(*third))
        self.pull()
        event.with_user(self.user).write({"location": "Pier 7", "recurrence_update": "self_only"})
        self.turn()
        self.assertEqual(event.start, self.naive(12, -3))
        there = self.world.calendars[self.account.email][moved.remote_id].event.fields
        self.assertEqual((there.when.start, there.location), (third[0], "Pier 7"))

    def test_never_with_its_series_after_its_outcome(self):
        """C15: the series moves in the calendar; the date whose outcome was told stays as it took
        place, the others follow, and nothing is written back."""
        rule = ("RRULE:FREQ=WEEKLY;COUNT=4",)
        remote = self.adds("Visit", days=-10, fields={"recurrence": rule})
        self.pull()
        rows = self.events("Visit")
        rows[0].with_user(self.user).action_completed()
        self.save()
        later = remote.fields.when.__class__(self.at(13, -10), self.at(14, -10))
        moved = self.edits(remote, when=later)
        self.pull()
        self.turn()
        starts = [self.naive(10, -10), *(self.naive(13, days) for days in (-3, 4, 11))]
        self.assertEqual(self.events("Visit"), rows)
        self.assertEqual(rows.mapped("start"), starts)
        self.assertEqual(self.remotes(), [moved])

    def test_an_edit_of_all_dates_leaves_alone_what_is_over(self):
        """C15, S3-41: "all events" at another time moves those to come, on both sides; the two
        that took place keep time and outcome."""
        rule = ("RRULE:FREQ=WEEKLY;COUNT=4",)
        self.adds("Visit", days=-10, fields={"recurrence": rule})
        self.pull()
        rows = self.events("Visit")
        rows[:2].with_user(self.user).action_completed()
        self.save()
        last = rows[3]
        last.with_user(self.user).with_context(no_mail_to_attendees=True).write(
            {
                "start": last.start + timedelta(hours=2),
                "stop": last.stop + timedelta(hours=2),
                "recurrence_update": "all_events",
            }
        )
        self.turn()
        self.assertEqual(rows[:2].mapped("start"), [self.naive(10, -10), self.naive(10, -3)])
        self.assertEqual(set(rows[:2].mapped("appointment_state")), {"completed"})
        living = self.env["calendar.event"].search([("name", "=", "Visit")], order="start")
        self.assertEqual(living[:2], rows[:2])
        self.assertEqual(living[2:].mapped("start"), [self.naive(12, 4), self.naive(12, 11)])
        there = sorted(event.fields.when.start for event in self.remotes())
        self.assertEqual(there, [self.at(10, -10), self.at(12, 4)], "two series, at both times")
        self.assert_nobody_heard()

    def test_a_series_that_is_over_stays_as_it_was(self):
        """C15: nothing of it lies ahead: its dates can't be changed, its title can."""
        rule = ("RRULE:FREQ=WEEKLY;COUNT=2",)
        self.adds("Visit", days=-10, fields={"recurrence": rule})
        self.pull()
        self.events("Visit").with_user(self.user).action_completed()
        row = self.events("Visit")[0].with_user(self.user)
        values = {"stop": row.stop + timedelta(hours=1), "recurrence_update": "all_events"}
        with self.assertRaisesRegex(UserError, "are over"):
            row.write(values)
        row.write({"name": "Visit of May", "recurrence_update": "all_events"})
        self.assertEqual(len(self.events("Visit of May")), 2)
