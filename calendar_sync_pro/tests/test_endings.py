"""Nothing loops for ever, nothing is lost on the way, and nobody reads it in a log."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..core.changes import Gone
from ..core.errors import AuthExpired, Conflict, RateLimited, Unavailable
from ..core.event import Attendee
from .pull_case import PullCase

GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


@tagged("post_install", "-at_install")
class TestEndings(PullCase):
    def read(self):
        """The account's turn with reading and sending."""
        self.account._ask_sync()
        self.env.flush_all()
        self.turn()
        self.env.invalidate_all()

    def test_an_event_that_always_changes_is_left_for_a_while(self):
        """S4-25: the calendar refuses the etag again and again: three merges, then it waits."""
        event = self.book()
        self.turn()
        for _ in range(30):
            self.world.fail("update", Conflict("conditionNotMet"))
        event.write({"name": "Other"})
        self.turn()
        self.assertGreater(len(self.world.faults), 20)
        self.assertEqual(event.sync_meeting_id.link_ids.problem_code, "conflict")
        self.assertTrue(self.marks().not_before)
        self.assertEqual(event.name, "Other")

    def test_deleted_there_before_we_knew_that_it_arrived(self):
        """S1-27: created, the answer got lost, and a person deleted it meanwhile: cancelled."""
        self.world.fail("create", Unavailable("timeout", has_unknown_outcome=True), is_after=True)
        event = self.book()
        self.turn()
        key = self.remotes()[0].remote_id
        self.world.bury(self.account.email, Gone(key))
        self.env.cr.execute("UPDATE calendar_sync_mark SET not_before = NULL")
        self.env.cr.execute("UPDATE calendar_sync_account SET failures = 0")
        self.env.invalidate_all()
        self.turn()
        self.assertFalse(self.remotes())
        self.assertFalse(self.marks())
        self.assertFalse(event.active)

    def test_switched_off_while_the_grant_is_refused(self):
        """Disconnected during a run that meets a refused grant: the worker goes on to others."""
        self.account._ask_sync()
        self.env.flush_all()
        with self.committing() as env:
            [lease] = env["calendar.sync.account"]._claim_due()
            account = env["calendar.sync.account"].browse(self.account.id)
            self.world.fail("changes", AuthExpired("invalid_grant"))
            account._set_status("paused", "")
            env.cr.commit()
            env["calendar.sync.account"]._work(lease)
            self.assertEqual(account.status, "paused")

    def test_reading_goes_on_while_nothing_may_be_written(self):
        """S4-25: the quota of writes is used up: edits wait, what changes there still comes in."""
        self.world.fail("create", RateLimited("quotaExceeded", is_write_quota=True))
        self.book("Mine")
        self.adds("Theirs")
        self.read()
        self.assertTrue(self.event("Theirs"))
        self.assertEqual(self.account.reason_code, "write_quota")
        self.adds("Later")
        self.read()
        self.assertTrue(self.event("Later"))
        self.assertNotIn("Mine", self.remote())
        self.assertEqual(self.account.reason_code, "write_quota")
        self.account.wait_writes_until = fields.Datetime.now() - timedelta(minutes=1)
        self.env.flush_all()
        self.turn()
        self.assertIn("Mine", self.remote())

    def test_edit_goes_to_the_first_one_although_it_has_a_twin(self):
        """S1-07: a copy that is set aside doesn't take the edits of the appointment."""
        first = self.adds("Demo", guid=GUID)
        self.pull()
        second = self.adds("Demo", remote_id="copy", guid=GUID, ical_uid="copy@other")
        self.pull()
        self.event("Demo").with_user(self.user).write({"location": "Room 1"})
        self.turn()
        shown = self.world.calendars[self.account.email]
        self.assertEqual(shown[first.remote_id].event.fields.location, "Room 1")
        self.assertEqual(shown[second.remote_id].event.fields.location, "")
        self.assertFalse(self.marks())

    def test_adopted_event_gets_what_only_odoo_knows(self):
        """S0-30: known on both sides, with another title there and one more guest here: both
        arrive."""
        remote = self.adds("Demo", guid=GUID)
        self.pull()
        event = self.event("Demo")
        leo = self.env["res.partner"].create({"name": "Leo", "email": "leo@customer.example"})
        event.with_context(no_mail_to_attendees=True).partner_ids += leo
        self.env["calendar.sync.link"].search([]).unlink()
        self.save()
        self.env["calendar.sync.mark"].search([]).unlink()
        self.account.events_calendar_id.write({"cursor": False})
        self.edits(remote, title="Talk")
        self.account.conflict_winner = "calendar"
        self.pull()
        self.turn()
        self.assertEqual(event.name, "Talk")
        guests = {person.email for person in self.remotes()[0].fields.attendees}
        self.assertIn("leo@customer.example", guests)

    def test_edit_that_is_lost_with_a_deletion_is_kept_in_the_journal(self):
        """S1-27: deleted in Odoo while somebody edits it there: it goes, the edit can be read."""
        event = self.book()
        self.turn()
        self.edits(self.remotes()[0], location="Room 1")
        event.unlink()
        self.turn()
        self.assertFalse(self.remotes())
        self.assertFalse(self.marks())
        lost = self.env["calendar.sync.journal"].search([("is_conflict", "=", True)])
        self.assertEqual(lost.old, {"location": "Room 1"})

    def test_many_vanished_events_are_all_looked_at(self):
        """S1-27: more than one run can look at vanished while the cursor was lost: all are found,
        and later listings reach as far ahead as ever."""
        for number in range(130):
            self.adds(f"Good {number}", 10, remote_id=f"g{number:03}")
        self.world.page_size = 500
        self.pull()
        for number in range(60):
            del self.world.calendars[self.account.email][f"g{number:03}"]
        self.world.expire_cursors()
        for _ in range(3):
            self.pull()
        self.assertEqual(len(self.events()), 70)
        self.assertFalse(self.account.events_calendar_id.is_listing)

    def test_mass_deletion_is_journaled_once(self):
        """S1-27: the question waits for its answer; each poll doesn't ask it again."""
        remotes = [self.adds(f"Good {n}", 10, remote_id=f"g{n}") for n in range(8)]
        self.pull()
        for remote in remotes[:7]:
            self.deletes(remote)
        self.pull()
        self.pull()
        stopped = self.env["calendar.sync.journal"].search([("action", "=", "stopped")])
        self.assertEqual(len(stopped), 1)

    def test_a_refused_statement_shows_no_title_in_any_log(self):
        """S1-28: neither the database's complaint nor the traceback repeats what it was about."""
        self.adds("Canary-8812 \x00", remote_id="null")
        self.adds("Canary-8813", fields={"description": "Canary-8814"})
        self.env.cr.execute(
            "ALTER TABLE calendar_event ADD CONSTRAINT no_canary CHECK (name NOT LIKE 'Canary%%')"
        )
        with (
            self.assertNoLogs("odoo.sql_db", "ERROR"),
            self.assertLogs("odoo.addons.calendar_sync_pro", "DEBUG") as logs,
        ):
            self.read()
        self.assertIn("quarantine", "\n".join(logs.output))
        self.assertNotIn("Canary", "\n".join(logs.output))

    def test_a_failing_turn_logs_where_but_not_what(self):
        """S1-28: an error of our own code is told by its place and type."""
        self.world.fail("changes", KeyError("Canary-8815"))
        with self.assertLogs("odoo.addons.calendar_sync_pro", "ERROR") as logs:
            self.read()
        self.assertIn("KeyError", "\n".join(logs.output))
        self.assertNotIn("Canary", "\n".join(logs.output))

    def test_nobody_attaches_an_own_event_to_anothers_meeting(self):
        """S0-33: not through the defaults of a request either."""
        event = self.book()
        self.turn()
        events = self.env["calendar.event"].with_user(self.user)
        start = self.tomorrow()
        with self.assertRaises(AccessError):
            events.with_context(default_sync_meeting_id=event.sync_meeting_id.id).create(
                {"name": "Mine", "start": start, "stop": start}
            )

    def test_what_came_in_is_not_sent_back(self):
        """S4-14: a guest whom somebody invites there comes in, and nothing goes out again."""
        event = self.book(description="<p>One</p>")
        self.turn()
        self.edits(self.remotes()[0], attendees=(Attendee("x@customer.example"),))
        self.read()
        etag = self.remotes()[0].etag
        self.read()
        self.assertIn("x@customer.example", event.attendee_ids.mapped("sync_email"))
        self.assertEqual(self.remotes()[0].etag, etag)
