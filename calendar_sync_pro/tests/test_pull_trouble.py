"""What goes wrong while reading, what it costs, and what must not happen."""

from collections import deque
from dataclasses import replace
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..core.changes import Unreadable
from ..core.errors import Malformed, SyncTokenExpired, Unavailable
from ..core.when import When
from .pull_case import PullCase


class SecondTime(deque):
    """Faults that wait for the second request they fit."""

    asked = 0

    def __bool__(self):
        self.asked += 1
        return len(self) > 0 and self.asked > 2


BAD_RULE = ("RRULE:FREQ=SECONDLY",)


@tagged("post_install", "-at_install")
class TestPullTrouble(PullCase):
    def bad_ones(self):
        return self.env["calendar.sync.link"].search([("state", "=", "quarantined")])

    def test_one_poisonous_event_among_many(self):
        """S1-09: one series nobody can read: the others come in, it waits with a reason."""
        for number in range(40):
            self.adds(f"Good {number}", 10, remote_id=f"g{number}")
        self.adds("Bad", rules=BAD_RULE)
        with mute_logger("odoo.sql_db"):
            result = self.pull()
        self.assertEqual(result.counts["create"], 40)
        self.assertEqual(len(self.events()), 40)
        bad = self.bad_ones()
        self.assertEqual(bad.mapped("remote_id"), ["r-bad"])
        self.assertTrue(bad.problem_code)
        self.assertTrue(bad.not_before)

    def test_mended_event_comes_in_by_itself(self):
        """S1-09: once corrected in the calendar it is imported, without anybody's help."""
        remote = self.adds("Bad", rules=BAD_RULE)
        self.pull()
        self.assertEqual(self.pull().changed, 0)
        self.edits(remote, recurrence=())
        self.pull()
        self.assertTrue(self.event("Bad").active)
        self.assertFalse(self.bad_ones())
        self.assertEqual(self.link(remote).state, "synced")

    def test_quarantine_is_tried_again_later(self):
        """S1-09: by and by it is read again although nobody changed it; the wait grows."""
        self.adds("Bad", rules=BAD_RULE)
        self.pull()
        bad = self.bad_ones()
        first = bad.not_before
        bad.not_before = first - timedelta(hours=1)
        self.pull()
        self.assertEqual(bad.attempts, 2)
        self.assertGreater(bad.not_before, first)

    def test_linked_event_turns_bad(self):
        """S1-09: what Odoo already has stays as it is."""
        remote = self.adds("Demo")
        self.pull()
        self.edits(remote, recurrence=BAD_RULE)
        self.pull()
        self.assertEqual(self.bad_ones(), self.link(remote))
        self.assertTrue(self.event("Demo").active)
        self.edits(remote, recurrence=(), title="Demo")
        self.pull()
        self.assertFalse(self.bad_ones())

    def test_database_refuses_one_event(self):
        """S1-09: an error of the database is found by halves like any other."""
        for number in range(8):
            self.adds(f"Good {number}", 10, remote_id=f"g{number}")
        self.adds("Null \x00 byte", remote_id="null")
        with mute_logger("odoo.sql_db"):
            self.pull()
        self.assertEqual(len(self.events()), 8)
        self.assertEqual(self.bad_ones().mapped("remote_id"), ["null"])

    def test_no_title_in_log_or_quarantine(self):
        """S1-28: logs and journal of blocked time and quarantine never show a title."""
        self.adds("Canary-7431", fields={"attendees": ()})
        self.adds("Canary-7432", rules=BAD_RULE)
        with self.assertLogs("odoo.addons.calendar_sync_pro", "DEBUG") as logs:
            self.pull()
        self.assertNotIn("Canary", "\n".join(logs.output))
        rows = self.env["calendar.sync.journal"].search([])
        self.assertNotIn("Canary", str(rows.read()))
        self.assertNotIn("Canary", str(self.bad_ones().read()))

    def test_refused_cursor(self):
        """S1-17: the cursor is refused: listed in full once, nothing deleted, nothing doubled."""
        remote = self.adds("Demo")
        self.pull()
        self.world.expire_cursors()
        self.edits(remote, title="Demo 2")
        result = self.pull()
        self.assertEqual(result.counts["update"], 1)
        self.assertEqual(len(self.events()), 1)
        self.world.fail("changes", SyncTokenExpired("x"))
        self.world.fail("changes", SyncTokenExpired("x"))
        self.assertEqual(self.pull_failing(), "x")

    def test_interrupted_listing_goes_on(self):
        """S1-17: the second page fails: what was read is kept, the rest follows."""
        self.world.page_size = 5
        for number in range(12):
            self.adds(f"Good {number}", 10, remote_id=f"g{number:02}")
        self.world.fail("changes", Unavailable("backendError"), is_after=True)
        pages = self.world.faults
        self.world.faults = SecondTime(pages)
        self.assertEqual(self.pull_failing(), "backendError")
        self.assertEqual(len(self.events()), 5)
        self.pull()
        self.assertEqual(len(self.events()), 12)

    def test_vanished_while_the_cursor_was_lost(self):
        """S1-27: only a complete listing, and a second look, make an event gone."""
        remote = self.adds("Demo")
        other = self.adds("Other")
        self.pull()
        del self.world.calendars[self.account.email][remote.remote_id]
        self.world.expire_cursors()
        self.pull()
        self.assertFalse(self.event("Demo").active)
        self.assertTrue(self.event("Other").active)
        self.assertTrue(self.link(other))

    def test_past_event_that_is_no_longer_listed(self):
        """S1-27: what left the window is not gone."""
        remote = self.adds("Demo", days=-20)
        self.pull()
        link = self.link(remote)
        calendar = self.account.events_calendar_id
        self.env.company.sync_days_back = 5
        calendar.write({"cursor": False})
        self.pull()
        self.assertTrue(self.event("Demo").active)
        self.assertEqual(link.state, "synced")

    def test_mass_deletion_asks_first(self):
        """S1-27: more than five and more than half at once: nothing happens until confirmed."""
        remotes = [self.adds(f"Good {n}", 10, remote_id=f"g{n}") for n in range(8)]
        self.pull()
        for remote in remotes[:7]:
            self.deletes(remote)
        result = self.pull()
        self.assertTrue(result.is_stopped)
        self.assertEqual(len(self.events()), 8)
        self.assertEqual(self.account.reason_code, "mass_delete")
        self.account.events_calendar_id.with_user(self.user).action_confirm_deletions()
        self.pull()
        self.assertEqual(len(self.events()), 1)

    def test_five_of_six_is_no_alarm(self):
        """S1-27: up to five deletions are just carried out."""
        remotes = [self.adds(f"Good {n}", 10, remote_id=f"g{n}") for n in range(6)]
        self.pull()
        for remote in remotes[:5]:
            self.deletes(remote)
        self.assertFalse(self.pull().is_stopped)
        self.assertEqual(len(self.events()), 1)

    def test_lead_hears_of_cancel_once(self):
        """S1-27: the reason stands in the lead's chatter, once."""
        lead = self.env["crm.lead"].create({"name": "Deal", "type": "opportunity"})
        remote = self.adds("Demo")
        self.pull()
        self.event("Demo").with_user(self.user).opportunity_id = lead
        self.save()
        before = len(lead.message_ids)
        self.deletes(remote)
        self.pull()
        self.pull()
        notes = lead.message_ids - lead.message_ids[before * -1 :] if before else lead.message_ids
        self.assertEqual(len(notes), 1)
        self.assertIn("Deleted in the calendar", notes.body)
        self.assert_nobody_heard()

    def test_changes_cost_the_same_for_one_and_hundred(self):
        """S0-20: no query inside a loop over events."""
        remotes = [self.adds(f"Good {n}", 10, remote_id=f"g{n:03}") for n in range(111)]
        self.world.page_size = 500
        self.pull()
        costs, at = [], 0
        for count in (1, 10, 100):
            for remote in remotes[at : at + count]:
                self.edits(remote, title=remote.fields.title + "!", when=When(
                    self.at(12), self.at(13)))  # fmt: skip
            at += count
            before = self.cr.sql_log_count
            result = self.pull()
            self.assertEqual(result.counts["update"], count)
            costs.append(self.cr.sql_log_count - before)
        self.assertLess(costs[2], costs[0] + 100, costs)
        self.assertLess(costs[2] - costs[1], 60, costs)

    def test_first_listing_costs_the_same_for_one_and_hundred(self):
        """S0-20: creating is bulk: rules, rows, guests and links, each in a statement."""
        self.world.page_size = 500
        costs, at = [], 0
        for count in (1, 10, 100):
            for number in range(at, at + count):
                rules = ("RRULE:FREQ=WEEKLY;COUNT=3",) if number % 10 == 0 else ()
                self.adds(f"Good {number}", 10, remote_id=f"g{number:03}", rules=rules)
            at += count
            before = self.cr.sql_log_count
            self.assertEqual(self.pull().counts["create"], count)
            costs.append(self.cr.sql_log_count - before)
        self.assertLess(costs[2] - costs[0], 40, costs)

    def test_unreadable_item(self):
        """S1-09: an item that makes no sense is set aside; the page goes on."""
        self.adds("Demo")
        page = self.world.account(self.account.email)
        original = type(page).changes

        def changes(provider, *args):
            found = original(provider, *args)
            bad = Unreadable("odd", Malformed("bad_time", field="start"))
            return replace(found, unreadable=(bad,))

        type(page).changes = changes
        try:
            self.pull()
        finally:
            type(page).changes = original
        self.assertTrue(self.event("Demo"))
        self.assertEqual(self.bad_ones().mapped("remote_id"), ["odd"])
        mended = self.adds("Odd", remote_id="odd")
        self.pull()
        self.assertTrue(self.event("Odd"))
        self.assertEqual(self.link(mended).meeting_id.ical_uid, mended.ical_uid)
