"""What a former sync brought into Odoo is found again and adopted, never made a second time."""

from datetime import UTC, datetime, timedelta

from odoo.tests import tagged

from ..core.event import Attendee
from .pull_case import PullCase

WEEKLY = ("RRULE:FREQ=WEEKLY;COUNT=4",)


@tagged("post_install", "-at_install")
class TestFormer(PullCase):
    def known(self, **values):
        """A row of what the former sync knew."""
        return self.env["calendar.sync.former"].create(
            {"provider": "memory", "is_agreed": True, **values}
        )

    def odoo_event(self, name="Demo", hour=10, days=2, **values):
        """An event as another sync left it: nobody here has marked or linked it."""
        start = self.naive(hour, days)
        event = self.env["calendar.event"].with_user(self.user).create(
            {
                "name": name, "start": start, "stop": start + timedelta(hours=1),
                "user_id": self.user.id, "partner_ids": [(6, 0, self.user.partner_id.ids)],
                **values,
            }
        )  # fmt: skip
        self.save()
        self.marks().unlink()
        return event

    def odoo_series(self, name="Weekly", count=4, days=2):
        start = self.naive(10, days)
        names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        first = self.odoo_event(
            name, days=days, recurrency=True, rrule_type="weekly", interval=1, end_type="count",
            count=count, event_tz="UTC", **{names[start.weekday()]: True},
        )  # fmt: skip
        return first.recurrence_id

    def living(self, name):
        return self.env["calendar.event"].search([("name", "=", name)], order="start")

    def test_an_event_of_a_former_sync_is_linked_and_not_made_again(self):
        """B-03: given an event that another sync had brought in, when the calendar lists it, then
        the same event is linked, also one that would only block time; nothing is sent or mailed."""
        remote = self.adds(fields={"attendees": ()})
        event = self.odoo_event()
        self.known(remote_id=remote.remote_id, event_id=event.id)
        self.pull()
        self.turn()
        self.assertEqual(self.living("Demo"), event)
        self.assertEqual(self.link(remote).meeting_id.event_id, event)
        self.assertEqual(self.remotes(), [remote], "nothing was written there")
        self.assert_nobody_heard()

    def test_what_changed_in_the_calendar_meanwhile_comes_in(self):
        """B-03: Odoo's copy is older in content and younger in time; the calendar's word counts,
        and nothing of Odoo's overwrites it."""
        remote = self.adds("Renamed there", fields={"location": "Hall 3"})
        event = self.odoo_event("Old name")
        self.known(remote_id=remote.remote_id, event_id=event.id)
        self.pull()
        self.turn()
        self.assertEqual((event.name, event.location), ("Renamed there", "Hall 3"))
        self.assertEqual(self.remotes(), [remote])

    def test_an_edit_that_was_never_sent_survives(self):
        """B-06: the former sync still owed the calendar an edit: it is merged, not lost."""
        self.world.now = datetime.now(UTC) - timedelta(days=1)
        remote = self.adds("Same", fields={"location": ""})
        self.world.now = datetime.now(UTC)
        event = self.odoo_event("Same", location="Room 9")
        self.known(remote_id=remote.remote_id, event_id=event.id, is_agreed=False)
        self.pull()
        self.turn()
        self.assertEqual(event.location, "Room 9")

    def test_it_is_found_by_its_icaluid_where_ids_differ_between_people(self):
        """B-03: Outlook gives each attendee's copy another id; the iCalUID is the same."""
        self.adds(ical_uid="uid-of-the-meeting")
        event = self.odoo_event()
        self.known(remote_id="id-of-a-colleague", ical_uid="uid-of-the-meeting", event_id=event.id)
        self.pull()
        self.assertEqual(self.living("Demo"), event)

    def test_a_series_and_its_moved_occurrence_keep_their_rows(self):
        """B-03: given four rows of which the second was moved, when the calendar lists series and
        exception, then the same four rows stay and the exception belongs to its own date."""
        master = self.adds("Weekly", rules=WEEKLY)
        part = self.occurrence(
            master, 7, when=self.remote_event("x", 15, 9, rules=WEEKLY).fields.when
        )
        rule = self.odoo_series()
        rows = rule.calendar_event_ids.sorted("start")
        moved = rows[1]
        self.env.cr.execute(
            "UPDATE calendar_event SET start = %s, stop = %s, sync_slot = NULL,"
            " follow_recurrence = FALSE WHERE id = %s",
            [self.naive(15, 9), self.naive(16, 9), moved.id],
        )
        self.env.invalidate_all()
        self.known(remote_id=master.remote_id, recurrence_id=rule.id)
        self.known(event_id=moved.id, slot=part.slot)
        before = self.remotes()
        self.pull()
        self.turn()
        self.assertEqual(self.living("Weekly"), rows.sorted("start"))
        self.assertEqual(moved.start, self.naive(15, 9))
        self.assertEqual(self.link(part).meeting_id.event_id, moved)
        self.assertEqual(self.remotes(), before)
        self.assert_nobody_heard()

    def test_dates_that_the_former_sync_lacked_are_made_here_and_not_taken_out_there(self):
        """B-03: the other sync had only read two of four weeks: the calendar keeps all four."""
        master = self.adds("Weekly", rules=WEEKLY)
        rule = self.odoo_series()
        rule.calendar_event_ids.sorted("start")[2:].with_context(no_mail_to_attendees=True).unlink()
        self.save()
        self.marks().unlink()
        self.known(remote_id=master.remote_id, recurrence_id=rule.id)
        self.pull()
        self.turn()
        self.assertEqual(len(self.living("Weekly")), 4)
        self.assertEqual(self.remotes(), [master])

    def test_a_rule_that_was_misread_is_set_right_in_odoo_and_never_sent(self):
        """B-13: every other month's last day had become something else in Odoo: the rows follow the
        calendar, whose rule stays byte for byte."""
        rules = ("RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3",)
        master = self.adds("Month end", rules=rules)
        rule = self.odoo_series("Month end", count=3)
        self.known(remote_id=master.remote_id, recurrence_id=rule.id)
        self.pull()
        self.turn()
        wanted = [e.fields for e in self.remotes()]
        self.assertEqual([f.recurrence for f in wanted], [rules])
        self.assertEqual(self.link(master).meeting_id.form, "materialised")
        self.assertEqual(self.remotes(), [master])

    def test_an_event_that_stands_in_a_calendar_not_read_yet_is_not_sent_again(self):
        """B-03: it lies in another calendar of that account: a copy of it would be a double."""
        event = self.odoo_event()
        self.known(remote_id="in-another-calendar", event_id=event.id)
        self.env["calendar.sync.mark"].create({"event_id": event.id})
        self.turn()
        self.assertEqual(self.remotes(), [])

    def test_taken_out_and_put_in_again(self):
        """D-05: given a synced appointment, a series and an imported meeting, when the addon goes
        and comes back and the account is connected anew, then the same events are linked, nothing
        is sent, nothing is made twice."""
        rule, booked = self.odoo_series("Team"), self.book("Booked")
        self.env["calendar.sync.mark"].create({"event_id": rule.base_event_id.id})
        imported = self.adds("Imported")
        self.pull()
        self.turn()
        former = self.env["calendar.sync.former"]
        guid = booked.sync_guid
        there = self.remotes()
        self.assertEqual(len(there), 3)
        former._keep()
        self.forget_everything()
        self.assertEqual(former._take_back(), 2 + 1 + 4)
        self.assertEqual(booked.sync_guid, guid)
        self.account = self._connected(self.user)
        self.account.exported_until = False
        self.pull()
        self.turn()
        self.assertEqual(self.remotes(), there)
        self.assertEqual(len(self.living("Team")), 4)
        self.assertEqual(len(self.living("Imported")), 1)
        self.assertEqual(self.living("Booked"), booked)
        self.assertTrue(self.link(imported))
        self.env.cr.execute("SELECT to_regclass('calendar_sync_kept_ids')")
        self.assertEqual(self.env.cr.fetchone(), (None,), "what was adopted is not kept twice")
        self.assert_nobody_heard()

    def forget_everything(self):
        """What an uninstallation takes from the database."""
        self.env["calendar.sync.account"].search([]).unlink()
        self.env["calendar.sync.meeting"].search([]).unlink()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE calendar_event SET sync_guid = NULL, sync_slot = NULL, show_lead_token = NULL,"
            " sync_meeting_id = NULL, appointment_source = NULL"
        )
        self.env.invalidate_all()

    def test_guests_stay_as_the_calendar_has_them(self):
        """B-01: an adopted meeting with guests is neither rewritten nor announced."""
        guest = Attendee("carla@customer.example", "Carla")
        remote = self.adds(fields={"attendees": (guest,)})
        event = self.odoo_event()
        self.known(remote_id=remote.remote_id, event_id=event.id)
        self.pull()
        self.turn()
        self.assertEqual(self.remotes(), [remote])
        self.assertIn("carla@customer.example", event.attendee_ids.mapped("sync_email"))
        self.assert_nobody_heard()
