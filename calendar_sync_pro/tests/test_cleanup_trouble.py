"""The clean-up in trouble: loud removals, edits meanwhile, refusals, lost answers."""

from dataclasses import replace

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..core.errors import AuthExpired, Conflict, Forbidden, Malformed, RateLimited, Unavailable
from ..core.event import Attendee
from .cleanup_case import CleanupCase, LoudCleanupCase
from .needs_you_case import LoudProvider

GUEST = Attendee("eve@else.example", "Eve")


@tagged("post_install", "-at_install")
class TestLoudCleanup(LoudCleanupCase):
    def test_removal_that_would_be_announced_is_listed(self):
        """S4-11, B-01: not touched by the run; without guests all goes on."""
        event = self.invited("Talk", "carla@customer.example", "dan@customer.example")
        self.book("One")
        self.read()
        plan = self.plan()
        self.assertEqual((plan["is_loud"], plan["asks"], plan["people"]), (True, 1, 2))
        run = self.clean(with_guests=True)
        self.assertEqual(self.titles(), ["Talk"])
        self.assertEqual(self.told(), [])
        event.with_user(self.user).write({"description": "<p>Later</p>"})
        self.assertEqual(self.progress(run)["asks"], 1)

    def test_invitation_that_never_went_out_is_looked_for_by_its_key(self):
        """S4-11: the calendar never gave it an id by which it could be asked for."""
        guest = self.partner("eve@customer.example")
        event = self.book("New", partner_ids=[(6, 0, (self.user.partner_id | guest).ids)])
        event.with_user(self.user).with_context(calendar_sync_notify=True).write({"name": "New"})
        self.world.fail("create", Malformed("too_long", field="title"))
        self.turn()
        self.marks().unlink()
        self.change(event, name="Newer")
        self.assertEqual(event.sync_meeting_id.link_ids.held, "create")
        LoudProvider.asked.clear()
        run = self.clean()
        self.assertNotIn("get", LoudProvider.asked)
        self.assertEqual((run.state, self.told()), ("done", []))

    def test_told_by_a_second_choice(self):
        """S4-11: "remove and tell 2 people" tells exactly those; the appointment stays in Odoo."""
        event = self.invited("Talk", "carla@customer.example", "dan@customer.example")
        self.read()
        run = self.clean()
        self.mine(run).decide([self.progress(run)["asking"][0]["id"]], "tell")
        self.work()
        self.assertFalse(self.remotes())
        self.assertEqual(self.told(), ["carla@customer.example", "dan@customer.example"])
        self.read()
        self.assertTrue(event.active)

    def test_quietly_is_no_choice_there(self):
        """S4-11: nobody can choose what the calendar can't do."""
        self.invited("Talk", "carla@customer.example")
        self.read()
        run = self.clean()
        with self.assertRaises(UserError):
            self.mine(run).decide([], "quiet")

    def test_guests_added_there_meanwhile_are_asked_about(self):
        """S4-11, B-01: edited at the calendar since; looked at again before anything is removed."""
        self.book("One")
        self.read()
        run = self.start()
        self.edits(self.remotes()[0], attendees=(GUEST,))
        self.work()
        self.assertEqual(self.titles(), ["One"])
        self.assertEqual((self.progress(run)["asks"], self.progress(run)["people"]), (1, 1))
        self.assertEqual(self.told(), [])

    def test_put_back_mails_nobody(self):
        """S4-11, B-01: what was called off by mail comes back without guests, in silence."""
        self.invited("Talk", "carla@customer.example")
        self.read()
        run = self.clean()
        self.mine(run).decide([], "tell")
        self.work()
        self.world.mails.clear()
        self.put_back(run)
        self.assertEqual(self.titles(), ["Talk"])
        self.assertEqual(self.told(), [])


@tagged("post_install", "-at_install")
class TestCleanupTrouble(CleanupCase):
    def test_edited_there_since_and_still_ours(self):
        """S4-11: another version is read, it is ours, it goes."""
        self.book("One")
        self.read()
        self.start()
        self.edits(self.remotes()[0], location="Pier 9")
        self.work()
        self.assertFalse(self.remotes())

    def test_edited_this_very_moment(self):
        """S4-11: the removal meets a newer version; it looks again and goes on."""
        self.book("One")
        self.read()
        self.start()
        self.world.fail("delete", Conflict("etag"))
        self.work()
        self.assertFalse(self.remotes())

    def test_somebody_elses_by_now_is_kept(self):
        """S4-11: handed over to another organizer at the calendar."""
        self.book("One")
        self.read()
        run = self.start()
        [remote] = self.remotes()
        self.put(replace(remote, is_organizer=False, can_edit=False))
        self.work()
        self.assertEqual(self.titles(), ["One"])
        self.assertEqual(self.progress(run)["counts"], {"kept": 1})

    def test_copy_that_a_person_made_is_kept(self):
        """S4-11, S3-14: it carries our GUID, but it was made in the calendar."""
        self.book("One")
        self.read()
        [remote] = self.remotes()
        when = remote.fields.when
        later = replace(when, start=self.at(20), stop=self.at(21))
        fields = remote.fields.replace(title="My copy", when=later, attendees=(self.GUEST,))
        self.put(replace(remote, remote_id="copied", ical_uid="copied@there", fields=fields))
        self.read()
        self.clean(with_guests=True)
        self.assertEqual(self.titles(), ["My copy"])

    def test_moved_to_another_calendar_there(self):
        """S4-11: the same event, found in the account's other calendar."""
        self.book("One")
        self.read()
        self.world.account("team@corp.example")
        self.account.calendar_ids.copy(
            {"remote_id": "team@corp.example", "name": "Team", "is_primary": False,
             "is_events": False}
        )  # fmt: skip
        self.start()
        [remote] = self.remotes()
        self.world.put("team@corp.example", remote)
        self.deletes(remote)
        self.work()
        team_has = self.world.calendars["team@corp.example"].values()
        self.assertFalse([entry for entry in team_has if entry.event])

    def test_deleted_there_by_its_owner_counts_as_done(self):
        """S4-11: already gone; what that means in Odoo is the policy's business as ever."""
        event = self.book("One")
        self.read()
        run = self.start()
        self.deletes(self.remotes()[0])
        self.work()
        self.assertEqual(self.progress(run)["counts"], {"gone": 1})
        self.read()
        self.assertFalse(event.active, "cancelled, as after any deletion by its owner")

    def test_one_bad_event_does_not_stop_the_rest(self):
        """S4-11: refused for one, with a reason; the others go."""
        self.book("One")
        self.book("Two", hour=12)
        self.read()
        run = self.start()
        self.world.fail("delete", Forbidden("forbidden"))
        self.work()
        self.assertEqual(len(self.remotes()), 1)
        self.assertEqual(self.progress(run)["counts"], {"removed": 1, "failed": 1})
        self.assertTrue(self.progress(run)["trouble"][0]["reason"])

    def test_kept_event_syncs_on(self):
        """S4-11: what could not be removed is a synced appointment as before."""
        event = self.book("One")
        self.read()
        self.start()
        self.world.fail("delete", Forbidden("forbidden"))
        self.work()
        event.with_user(self.user).write({"name": "Renamed"})
        self.work()
        self.assertEqual(self.titles(), ["Renamed"])

    def test_throttled_waits_and_goes_on(self):
        """S4-11: 429 with Retry-After: the account waits, nothing fails."""
        self.book("One")
        self.read()
        run = self.start()
        self.world.fail("delete", RateLimited("slow", retry_after_s=600))
        self.work()
        self.assertEqual(self.titles(), ["One"])
        self.assertEqual(self.account.reason_code, "rate_limited")
        self.assertTrue(self.progress(run)["waits"])
        self.account._ask_sync()
        self.work()
        self.assertEqual(self.titles(), ["One"], "nobody's click undercuts what was asked for")
        self.pause_is_over()
        self.work()
        self.assertFalse(self.remotes())
        self.assertEqual(run.state, "done")

    def test_outage_of_one_event_ends(self):
        """S4-11: an event at which the calendar always breaks down fails after five times."""
        self.book("One")
        self.book("Two", hour=12)
        self.read()
        run = self.start()
        for _time in range(5):
            self.world.fail("delete", Unavailable("http_500"))
            self.account._ask_sync()
            self.work()
        counts = self.progress(run)["counts"]
        self.assertEqual(sum(counts.values()), 2)
        self.account._ask_sync()
        self.work()
        self.assertLessEqual(len(self.remotes()), 1)

    def test_lost_answer_counts_once(self):
        """S4-11: removed there, the answer was lost: looked at again, no cancellation in Odoo."""
        event = self.book("One")
        self.read()
        run = self.start()
        self.world.fail("delete", Unavailable("timeout", has_unknown_outcome=True), is_after=True)
        self.work()
        self.account._ask_sync()
        self.work(2)
        self.assertEqual(self.progress(run)["counts"], {"removed": 1})
        self.assertTrue(event.active)

    def test_refused_token_is_the_accounts_trouble(self):
        """S4-11: it stops until the owner signs in, and goes on then."""
        self.book("One")
        self.read()
        run = self.start()
        self.world.fail("delete", AuthExpired("invalid_grant"))
        self.work()
        self.assertEqual(self.account.status, "reconnect_required")
        self.assertTrue(self.progress(run)["waits"])
        self.account._set_status("active")
        self.account._ask_sync()
        self.work()
        self.assertFalse(self.remotes())

    def test_event_of_another_connected_rep_stays(self):
        """S4-11: a colleague's copy of the same meeting is the colleague's."""
        ben = self._colleague()
        self.book("Together", partner_ids=[(6, 0, (self.user | ben.user_id).partner_id.ids)])
        self.work()
        self.assertIn("Together", self.remote(ben))
        self.clean(with_guests=True)
        self.work(2)
        self.assertFalse(self.remotes())
        self.assertIn("Together", self.remote(ben))

    def _colleague(self):
        from odoo.tests import new_test_user

        user = new_test_user(
            self.env, "ben", groups="base.group_user", email="ben@corp.example", tz="Europe/Berlin"
        )
        return self._connected(user)
