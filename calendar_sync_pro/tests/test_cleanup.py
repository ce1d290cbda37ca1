"""The clean-up: what we created leaves the calendar, Odoo keeps everything, nobody is mailed."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..core.errors import RateLimited, Unavailable
from .cleanup_case import CleanupCase


@tagged("post_install", "-at_install")
class TestCleanup(CleanupCase):
    # -- the dry run ------------------------------------------------------------------------------
    def test_dry_run_counts_and_touches_nothing(self):
        """S4-11: how many of ours are on which calendar, how many of others are kept."""
        self.book("One")
        self.book("Two", hour=12)
        self.adds("Theirs")
        self.read()
        revision = self.world.revision
        plan = self.plan()
        self.assertEqual((plan["total"], plan["asks"], plan["kept"]), (2, 0, 1))
        [calendar] = plan["calendars"]
        self.assertEqual((calendar["name"], calendar["count"]), (self.account.email, 2))
        self.assertEqual(plan["blocked"], "")
        self.work()
        self.assertEqual(self.world.revision, revision)

    def test_nothing_of_ours_is_said_so(self):
        """S4-11: the empty state has no run."""
        self.adds("Theirs")
        self.read()
        self.assertEqual((self.plan()["total"], self.plan()["kept"]), (0, 1))
        with self.assertRaises(UserError):
            self.mine().cleanup_start()

    # -- the run ----------------------------------------------------------------------------------
    def test_ours_go_and_everything_else_stays(self):
        """S4-11, B-01: imported events and all of Odoo's stay; 0 mails; no request in the click."""
        events = self.book("One") | self.book("Two", hour=12)
        self.adds("Theirs")
        self.read()
        revision = self.world.revision
        run = self.start()
        self.assertEqual(self.world.revision, revision, "the click makes no request")
        self.work()
        self.assertEqual(self.titles(), ["Theirs"])
        self.assertEqual(self.progress(run)["state"], "done")
        self.assertEqual(self.progress(run)["counts"], {"removed": 2})
        self.assertTrue(all(events.mapped("active")))
        self.assertEqual(len(self.here("Theirs")), 1)
        self.assertFalse(self.world.mails)
        self.assert_nobody_heard()

    def test_what_was_removed_is_not_sent_again(self):
        """S4-11: neither an edit, nor a full check, nor switching sync on again brings it back."""
        event = self.book("One")
        self.read()
        self.clean()
        event.with_user(self.user).write({"name": "Edited"})
        self.read()
        self.account.events_calendar_id._relist()
        self.read()
        self.account.with_user(self.user).set_sync(False)
        self.account.with_user(self.user).set_sync(True)
        self.work(2)
        self.assertFalse(self.remotes())
        self.assertTrue(event.active, "the removal is not taken for the owner's")
        self.assertEqual(event.with_user(self.user).sync_badge, "none")

    def test_new_appointments_go_out_as_before(self):
        """S4-11: the clean-up does not switch anything off."""
        self.book("One")
        self.read()
        self.clean()
        self.book("New", hour=12)
        self.work()
        self.assertEqual(self.titles(), ["New"])

    def test_sync_can_be_switched_off_with_it(self):
        """S4-10, S4-11: off first, and the clean-up still runs while connected."""
        self.book("One")
        self.read()
        run = self.clean(turn_off=True)
        self.assertFalse(self.account.is_sync_on)
        self.assertFalse(self.remotes())
        self.assertEqual(run.state, "done")

    def test_switching_off_alone_leaves_everything(self):
        """S4-10: without the clean-up all events stay in the calendar."""
        self.book("One")
        self.read()
        self.mine().set_sync(False)
        self.work(2)
        self.assertEqual(self.titles(), ["One"])

    def test_series_goes_with_its_changed_occurrences(self):
        """S4-11: one removal for the series; nothing is cancelled in Odoo."""
        self.weekly()
        self.read()
        rows = self.here("Weekly")
        self.assertEqual(self.plan()["total"], 1)
        self.clean()
        self.read()
        self.assertFalse(self.remotes())
        self.assertEqual(self.here("Weekly"), rows)

    def test_every_removal_is_in_the_journal(self):
        """S4-11: what, when and why, with the values that were there."""
        event = self.book("One", location="Pier 3")
        self.read()
        self.clean()
        [row] = self.env["calendar.sync.journal"].search([("rule", "=", "cleaned_up")])
        self.assertEqual((row.event_id, row.direction, row.action), (event, "out", "cleanup"))
        self.assertEqual((row.old["title"], row.old["location"]), ("One", "Pier 3"))
        entry = event.with_user(self.user).get_sync_story()["entries"][0]
        self.assertIn("Removed from the calendar by a clean-up", entry["sentence"])

    def test_former_calendars_of_the_account_are_cleaned_too(self):
        """S4-11: an appointment that was sent to the calendar that was chosen before."""
        self.book("Old one")
        self.read()
        self.world.account("team@corp.example")
        team = self.account.calendar_ids.copy(
            {"remote_id": "team@corp.example", "name": "Team", "is_primary": False}
        )
        team._choose_for_events()
        self.book("New one", hour=12)
        self.work()
        self.assertEqual(
            {row["name"]: row["count"] for row in self.plan()["calendars"]},
            {self.account.email: 1, "Team": 1},
        )
        self.clean()
        self.assertFalse(self.remotes())
        team_has = self.world.calendars["team@corp.example"].values()
        self.assertFalse([entry for entry in team_has if entry.event])

    def test_event_left_in_the_calendar_goes_too(self):
        """S4-11, S3-44: deleted in Odoo and left there by setting; it can be put back alone."""
        self.account.company_id.sync_allow_override = True
        self.account.local_delete = "leave"
        event = self.book("Left")
        self.read()
        event.unlink()
        self.work()
        self.assertEqual(self.titles(), ["Left"])
        run = self.clean()
        self.assertFalse(self.remotes())
        self.put_back(run)
        self.assertEqual(self.titles(), ["Left"])
        self.read()
        self.assertFalse(self.here("Left"))

    def test_stopped_and_gone_on(self):
        """S4-11: stopped by the user, nothing more is removed until it goes on."""
        self.book("One")
        self.read()
        run = self.start()
        self.mine(run).stop()
        self.work()
        self.assertEqual(self.titles(), ["One"])
        self.mine(run).go_on()
        self.work()
        self.assertFalse(self.remotes())

    def test_undo_stopped_and_gone_on(self):
        """S4-11: going on with a stopped undo puts back, and removes nothing more."""
        for hour in range(8, 12):
            self.book(f"At {hour}", hour=hour)
        self.read()
        run = self.clean()
        self.mine(run).put_back()
        self.world.fail("create", RateLimited("slow", retry_after_s=600))
        self.work()
        self.mine(run).stop()
        self.mine(run).go_on()
        self.pause_is_over()
        self.work()
        self.assertEqual(run.state, "undone")
        self.assertEqual(len(self.remotes()), 4)

    def test_stopped_in_the_middle_leaves_nothing_set_aside(self):
        """S4-11: what was begun but not removed when it was stopped syncs on as before."""
        event = self.book("One")
        self.book("Two", hour=12)
        self.read()
        run = self.start()
        self.world.fail("delete", RateLimited("slow", retry_after_s=600))
        self.work()
        self.mine(run).stop()
        self.pause_is_over()
        self.read()
        self.assertEqual(self.titles(), ["One", "Two"], "nothing is removed after the click")
        event.with_user(self.user).write({"name": "Edited"})
        self.work()
        self.assertEqual(self.titles(), ["Edited", "Two"])
        self.assertEqual(self.progress(run)["counts"], {"waiting": 2})

    def test_stopped_in_the_middle_knows_its_own_removal(self):
        """S4-11: removed there, the answer lost, stopped: no cancellation in Odoo, and undone."""
        event = self.book("One")
        self.read()
        run = self.start()
        self.world.fail("delete", Unavailable("timeout", has_unknown_outcome=True), is_after=True)
        self.work()
        self.mine(run).stop()
        self.read()
        self.assertTrue(event.active)
        self.assertEqual(self.progress(run)["counts"], {"removed": 1})
        self.put_back(run)
        self.assertEqual(self.titles(), ["One"])

    def test_stopped_at_its_last_event(self):
        """S4-11: a stop while the worker is at the last one is no error; going on ends the run."""
        self.book("One")
        self.read()
        run = self.clean()
        self.mine(run).put_back()
        self.mine(run).stop()
        run._end()
        self.assertEqual(run.state, "stopped")

    # -- undo -------------------------------------------------------------------------------------
    def test_put_back_restores_each_once(self):
        """S4-11: same number, same GUIDs, no doubles, nobody mailed."""
        self.book("One")
        self.book("Two", hour=12)
        self.adds("Theirs")
        self.read()
        before = {r.fields.title: (r.guid, r.remote_id) for r in self.remotes()}
        run = self.clean()
        self.put_back(run)
        after = {r.fields.title: (r.guid, r.remote_id) for r in self.remotes()}
        self.assertEqual(self.titles(), ["One", "Theirs", "Two"])
        self.assertEqual({t: g for t, (g, _id) in after.items()},
                         {t: g for t, (g, _id) in before.items()})  # fmt: skip
        self.assertNotEqual(after["One"][1], before["One"][1], "the old key stays taken")
        self.read()
        self.assertEqual(len(self.here("One")), 1)
        self.assertEqual(self.progress(run)["counts"], {"restored": 2})
        self.assertFalse(self.world.mails)
        self.assert_nobody_heard()

    def test_put_back_syncs_again_both_ways(self):
        """S4-11: afterwards edits travel as before the clean-up."""
        event = self.book("One")
        self.read()
        self.put_back(self.clean())
        event.with_user(self.user).write({"name": "Renamed here"})
        self.work()
        self.assertEqual(self.titles(), ["Renamed here"])
        self.edits(self.remotes()[0], title="Renamed there")
        self.read()
        self.assertEqual(event.name, "Renamed there")

    def test_put_back_with_sync_off(self):
        """S4-11: what was removed when sync was switched off comes back, and only that."""
        self.book("One")
        self.read()
        run = self.clean(turn_off=True)
        self.book("Never sent", hour=12)
        self.put_back(run)
        self.assertEqual(self.titles(), ["One"])

    def test_put_back_says_what_odoo_says_now(self):
        """S4-11: an edit since the clean-up is not lost."""
        event = self.book("One")
        self.read()
        run = self.clean()
        event.with_user(self.user).write({"name": "Edited"})
        self.work()
        self.put_back(run)
        self.assertEqual(self.titles(), ["Edited"])

    def test_put_back_leaves_out_what_odoo_no_longer_has(self):
        """S4-11: deleted in Odoo since: it is told, not resurrected."""
        event = self.book("One")
        self.book("Two", hour=12)
        self.read()
        run = self.clean()
        event.unlink()
        self.work()
        self.put_back(run)
        self.assertEqual(self.titles(), ["Two"])
        self.assertEqual(self.progress(run)["counts"], {"lost": 1, "restored": 1})

    def test_put_back_series_has_its_exceptions(self):
        """S4-11: the series with the moved occurrence and without the deleted one, once."""
        self.weekly()
        self.read()
        run = self.clean()
        self.put_back(run)
        self.read()
        parts = [remote for remote in self.remotes() if remote.slot]
        self.assertEqual([part.fields.location for part in parts], ["Annex"])
        self.assertEqual(len([r for r in self.remotes() if not r.slot]), 1)
        self.assertEqual(len(self.here("Weekly")), 3)

    def test_put_back_from_the_journal(self):
        """S4-11: the restore button of a journal row puts the run back, and writes nothing here."""
        event = self.book("One")
        self.read()
        self.clean()
        [row] = self.env["calendar.sync.journal"].search([("rule", "=", "cleaned_up")])
        stamp = event.write_date
        self.mine(row).action_restore()
        self.work()
        self.assertEqual(self.titles(), ["One"])
        self.assertEqual(event.write_date, stamp)

    def test_reminders_of_the_calendar_survive(self):
        """S4-11: what Odoo has no place for comes back as it was agreed."""
        self.book("One")
        self.read()
        self.edits(self.remotes()[0], reminders=(15,))
        self.read()
        self.put_back(self.clean())
        self.assertEqual(self.remotes()[0].fields.reminders, (15,))

    # -- guests, where the calendar can be silent -------------------------------------------------
    def test_events_with_guests_wait_for_a_decision(self):
        """S4-11, B-01: they are listed with the number of people, and not touched."""
        self.invited("Talk", "carla@customer.example", "dan@customer.example")
        self.book("One")
        self.read()
        plan = self.plan()
        self.assertEqual((plan["total"], plan["asks"], plan["people"]), (2, 1, 2))
        self.assertEqual(plan["asking"][0]["title"], "Talk")
        run = self.clean()
        self.assertEqual(self.titles(), ["Talk"])
        self.assertEqual((self.progress(run)["asks"], self.progress(run)["people"]), (1, 2))

    def test_decided_quietly(self):
        """S4-11, B-01: removed for everybody, nobody is mailed; comes back without guests."""
        self.invited("Talk", "carla@customer.example")
        self.read()
        run = self.clean()
        self.mine(run).decide([], "quiet")
        self.work()
        self.assertFalse(self.remotes())
        self.put_back(run)
        [remote] = self.remotes()
        self.assertEqual((remote.fields.title, remote.fields.attendees), ("Talk", ()))
        self.assertFalse(self.world.mails)

    def test_decided_from_the_start(self):
        """S4-11: where nobody is told, the wizard's tick takes those with guests along."""
        self.invited("Talk", "carla@customer.example")
        self.read()
        self.clean(with_guests=True)
        self.assertFalse(self.remotes())
        self.assertFalse(self.world.mails)

    # -- accounts that are not connected ----------------------------------------------------------
    def test_not_without_a_connection(self):
        """S4-11, S2-63: a disconnected account can't clean up, and says so."""
        self.book("One")
        self.read()
        self.mine().disconnect()
        self.assertIn("not connected", self.plan()["blocked"])
        with self.assertRaises(UserError):
            self.mine().cleanup_start()

    def test_card_of_a_disconnected_account_can_be_removed(self):
        """S2-63, S1-31: off the page; appointments, links and journal stay."""
        event = self.book("One")
        self.read()
        with self.assertRaises(UserError):
            self.mine().remove_card()
        self.mine().disconnect()
        rows = self.env["calendar.sync.journal"].search_count(
            [("account_id", "=", self.account.id)]
        )
        self.mine().remove_card()
        page = self.mine(self.env["calendar.sync.account"]).connections_page()
        self.assertFalse(page["accounts"])
        self.assertTrue(event.active)
        self.assertEqual(self.titles(), ["One"])
        journal = self.mine(self.env["calendar.sync.journal"])
        self.assertEqual(journal.search_count([("account_id", "=", self.account.id)]), rows)
        self.assertTrue(event.sync_meeting_id.link_ids)
