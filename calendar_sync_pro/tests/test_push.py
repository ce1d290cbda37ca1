"""Sending: what is saved in Odoo arrives in the calendar, once, and nobody is mailed."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from ..core.errors import (
    AuthExpired,
    Forbidden,
    Malformed,
    RateLimited,
    Unavailable,
)
from .push_case import WORLD, PushCase


@tagged("post_install", "-at_install")
class TestPush(PushCase):
    def test_booked_event_arrives_once(self):
        """S4-03, S4-26, S4-28: an appointment appears in the calendar, with title and time."""
        event = self.book("Demo", hour=10)
        self.turn()
        remote = self.remote()["Demo"]
        self.assertEqual(remote.fields.when.start.replace(tzinfo=None), event.start)
        self.assertEqual(remote.guid, event.sync_guid)
        self.assertFalse(self.marks())
        self.assertEqual(event.sync_meeting_id.link_ids.state, "synced")
        self.turn()
        self.assertEqual(len(self.remotes()), 1)

    def test_end_and_zone_arrive(self):
        """S4-29: a longer meeting ends later there too, in the organizer's zone."""
        event = self.book("Demo", hour=10)
        self.turn()
        event.with_user(self.user).write({"stop": event.start + timedelta(hours=3)})
        self.turn()
        when = self.remote()["Demo"].fields.when
        self.assertEqual(when.stop - when.start, timedelta(hours=3))
        self.assertEqual(when.tz, "Europe/Berlin")

    def test_saving_makes_no_request(self):
        """S4-06: the form waits for no provider, not even to open it."""
        before = WORLD["opened"]
        event = self.book()
        event.with_user(self.user).write({"name": "Other"})
        self.save()
        self.assertEqual(WORLD["opened"], before)
        self.assertEqual(self.marks().mapped("event_id"), [event.id, event.id])

    def test_five_fast_edits_are_one_update(self):
        """S4-13: edits are put together, the last state counts."""
        event = self.book()
        self.turn()
        revision = self.world.revision
        for n in range(5):
            event.with_user(self.user).write({"name": f"Demo {n}"})
            self.save()
        self.turn()
        self.assertEqual(self.world.revision - revision, 1)
        self.assertIn("Demo 4", self.remote())

    def test_ten_edits_keep_the_remote_id(self):
        """S2-13, S4-31: the remote event is changed, never replaced."""
        event = self.book()
        self.turn()
        first = self.remotes()[0].remote_id
        for n in range(3):
            event.write({"name": f"Demo {n}", "start": event.start + timedelta(hours=1)})
            self.turn()
        self.assertEqual([remote.remote_id for remote in self.remotes()], [first])

    def test_deleted_event_is_removed_there(self):
        """S4-25: deleting in Odoo removes it from the calendar."""
        event = self.book()
        self.turn()
        event.unlink()
        self.turn()
        self.assertFalse(self.remotes())
        self.assertFalse(self.marks())

    def test_deleted_event_stays_when_the_setting_says_so(self):
        """S3-44: with the other setting the calendar keeps it."""
        self.account.local_delete = "leave"
        self.account.company_id.sync_allow_override = True
        event = self.book()
        self.turn()
        event.unlink()
        self.turn()
        self.assertEqual(len(self.remotes()), 1)

    def test_archiving_removes_and_restoring_brings_back(self):
        """Cancelled in Odoo: off the calendar; planned again: back on it."""
        event = self.book()
        self.turn()
        event.write({"active": False})
        self.turn()
        self.assertFalse(self.remotes())
        event.write({"active": True})
        self.turn()
        self.assertEqual(len(self.remotes()), 1)

    def test_copy_is_an_event_of_its_own(self):
        """A copy gets a new GUID and a remote event of its own."""
        event = self.book()
        self.turn()
        copy = event.copy({"name": "Copy"})
        self.turn()
        self.assertNotEqual(copy.sync_guid, event.sync_guid)
        self.assertEqual(len({remote.guid for remote in self.remotes()}), 2)

    def test_sync_switched_off_sends_nothing(self):
        """S4-10: with the toggle off the calendar is left alone."""
        self.account.is_sync_on = False
        self.book()
        self.turn()
        self.assertFalse(self.remotes())

    def test_event_of_somebody_else_is_not_sent(self):
        """Only meetings that the user attends."""
        other = self.env.ref("base.user_admin")
        self.book(user=other)
        self.turn()
        self.assertFalse(self.remotes())

    def test_guests_stay_off_without_an_invitation(self):
        """Saved without inviting: guests are named in the text, not invited; nobody is mailed."""
        guest = self.env["res.partner"].create({"name": "Cara", "email": "cara@client.example"})
        self.book(partner_ids=[(6, 0, (self.user.partner_id | guest).ids)])
        self.turn()
        remote = self.remotes()[0]
        self.assertFalse(remote.fields.attendees)
        self.assertIn("Cara", remote.fields.description)
        self.assertFalse(self.world.mails)

    def test_guests_are_invited_when_a_person_chose_so(self):
        """Save and invite: the guest stands on the remote event and gets one mail."""
        guest = self.env["res.partner"].create({"name": "Cara", "email": "cara@client.example"})
        event = self.book()
        self.turn()
        event.with_context(calendar_sync_notify=True).write({"partner_ids": [(4, guest.id)]})
        self.turn()
        remote = self.remotes()[0]
        self.assertEqual([a.email for a in remote.fields.attendees], ["cara@client.example"])
        self.assertEqual([mail.to for mail in self.world.mails], ["cara@client.example"])
        self.assertNotIn("Cara", remote.fields.description)

    def test_old_appointment_goes_without_guests(self):
        """S3-10, C10: what is older than the first sync goes out without attendees."""
        guest = self.env["res.partner"].create({"name": "Cara", "email": "cara@client.example"})
        self.account.synced_from = self.tomorrow()
        event = self.book(partner_ids=[(6, 0, (self.user.partner_id | guest).ids)])
        event.with_context(calendar_sync_notify=True).write({"name": "Old"})
        self.turn()
        self.assertFalse(self.remotes()[0].fields.attendees)

    def test_two_colleagues_have_a_copy_each(self):
        """S4-03: saved without inviting, each connected participant gets it once."""
        from odoo.tests import new_test_user

        bob = new_test_user(self.env, "bob", groups="base.group_user", email="bob@corp.example")
        second = self._connected(bob)
        partners = self.user.partner_id | bob.partner_id
        event = self.book(partner_ids=[(6, 0, partners.ids)])
        self.turn()
        self.assertEqual(len(self.remotes()), 1)
        self.assertEqual(len(self.remotes(second)), 1)
        self.assertEqual(len(event.sync_meeting_id.link_ids), 2)

    def test_lead_appointment_beyond_the_window_is_sent(self):
        """C5b: appointments with a lead go out however far ahead they are; others wait."""
        lead = self.env["crm.lead"].create({"name": "Big deal", "user_id": self.user.id})
        self.book("With lead", days=300, opportunity_id=lead.id)
        self.book("Without", days=300)
        self.turn()
        self.assertEqual(list(self.remote()), ["With lead"])

    def test_text_block_appears_once_after_many_edits(self):
        """S4-08: five pushes, one Show Lead link."""
        lead = self.env["crm.lead"].create({"name": "Big deal", "user_id": self.user.id})
        event = self.book(opportunity_id=lead.id)
        self.turn()
        for n in range(3):
            event.write({"description": f"<p>Agenda {n}</p>"})
            self.turn()
        self.assertEqual(self.remotes()[0].fields.description.count("show_lead/"), 1)
        event.write({"opportunity_id": False})
        self.turn()
        self.assertNotIn("show_lead/", self.remotes()[0].fields.description)

    def test_a_deleted_lead_takes_its_link_along(self):
        """S4-08: the appointment stays in the calendar, without a link that leads nowhere."""
        lead = self.env["crm.lead"].create({"name": "Big one", "user_id": self.user.id})
        event = self.book(opportunity_id=lead.id)
        self.turn()
        self.assertIn("show_lead/", self.remotes()[0].fields.description)
        lead.unlink()
        self.turn()
        self.assertTrue(event.active)
        self.assertNotIn("show_lead/", self.remotes()[0].fields.description)

    def test_nothing_is_mailed_or_posted_by_sending(self):
        """A push writes no mail and no message."""
        event = self.book()
        mails = self.env["mail.mail"].search_count([])
        messages = len(event.message_ids)
        self.turn()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(len(event.message_ids), messages)


@tagged("post_install", "-at_install")
class TestPushFaults(PushCase):
    def test_lost_answer_leaves_one_copy(self):
        """S4-25: a time-out after the provider created the event leads to no second one."""
        self.world.fail("create", Unavailable("timeout", has_unknown_outcome=True), is_after=True)
        event = self.book()
        self.turn()
        self.assertEqual(event.sync_meeting_id.link_ids.state, "creating")
        self._let_time_pass()
        self.turn()
        self.assertEqual(len(self.remotes()), 1)
        self.assertEqual(event.sync_meeting_id.link_ids.state, "synced")

    def test_edit_on_both_sides_is_merged(self):
        """S4-14: the etag no longer fits: read it again, merge field by field, send the rest."""
        event = self.book("Demo")
        self.turn()
        self._edit_there(location="Room 1")
        event.write({"name": "Demo moved"})
        self.turn()
        remote = self.remotes()[0]
        self.assertEqual((remote.fields.title, remote.fields.location), ("Demo moved", "Room 1"))
        self.assertEqual(event.location, "Room 1")
        self.assertFalse(self.marks())

    def test_text_block_never_comes_back_to_odoo(self):
        """S4-08: changed there while it bears our lines: Odoo takes the change, not the lines."""
        lead = self.env["crm.lead"].create({"name": "Big deal", "user_id": self.user.id})
        event = self.book("Demo", opportunity_id=lead.id)
        self.turn()
        self.assertIn("show_lead/", self.remotes()[0].fields.description)
        self._edit_there(location="Room 1")
        self.account._ask_sync()
        self.turn()
        self.assertEqual(event.location, "Room 1")
        self.assertNotIn("Show Lead", event.description or "")
        self.assertEqual(self.remotes()[0].fields.description.count("show_lead/"), 1)

    def test_one_bad_event_among_many_does_not_stop_the_rest(self):
        """One event is refused as senseless: it waits with its reason, the others go."""
        self.world.fail("create", Malformed("too_long", field="title"))
        events = [self.book(f"Demo {n}", hour=n) for n in range(8, 13)]
        self.turn()
        self.assertEqual(len(self.remotes()), 4)
        bad = [e for e in events if e.sync_meeting_id.link_ids.problem_code]
        self.assertEqual(len(bad), 1)
        self.assertEqual(len(self.marks()), 1)
        self._let_time_pass()
        self.turn()
        self.assertEqual(len(self.remotes()), 5)

    def test_gone_there_cancels_here(self):
        """S1-27: an update meets nothing: the policy decides, nothing is created again."""
        event = self.book()
        self.turn()
        remote = self.remotes()[0]
        self.world.account(self.account.email).delete(self.account.email, remote.remote_id, "")
        event.write({"name": "Other"})
        self.turn()
        self.assertFalse(self.remotes())
        self.assertFalse(self.marks())

    def test_forbidden_keeps_the_edit_and_stops_trying(self):
        """Not writable there: the edit stays in Odoo, is journaled, and nothing loops."""
        event = self.book()
        self.turn()
        self.world.fail("update", Forbidden("not_organizer"))
        event.write({"name": "Other"})
        self.turn()
        self.assertEqual(event.name, "Other")
        self.assertEqual(event.sync_meeting_id.link_ids.state, "read_only")
        self.assertFalse(self.marks())
        journal = self.env["calendar.sync.journal"].search([("action", "=", "update_refused")])
        self.assertEqual(len(journal), 1)

    def test_a_change_that_would_mail_the_guests_says_so(self):
        """S1-06 S1-10: not sent behind anybody's back, and the badge names it until then."""
        event = self.book()
        self.turn()
        self.world.fail("update", Forbidden("would_notify"))
        event.write({"name": "Other"})
        self.turn()
        self.assertNotEqual(self.remotes()[0].fields.title, "Other")
        self.assertEqual(event.sync_meeting_id.link_ids.problem_code, "would_notify")
        event.invalidate_recordset()
        mine = event.with_user(self.user)
        self.assertEqual(mine.sync_badge, "problem")
        self.assertIn("will tell the guests", mine.sync_badge_text)

    def test_rate_limit_makes_the_whole_account_wait(self):
        """Too fast: nothing more is sent before the time the provider gave."""
        self.world.fail("create", RateLimited("rateLimitExceeded", retry_after_s=600))
        self.book("One", hour=9)
        self.book("Two", hour=11)
        self.turn()
        self.assertFalse(self.remotes())
        self.assertEqual(len(self.marks()), 2)
        self.assertGreater(self.account.next_run, datetime.now() + timedelta(minutes=9))
        self.turn()
        self.assertFalse(self.remotes())
        self._let_time_pass()
        self.turn()
        self.assertEqual(len(self.remotes()), 2)

    def test_revoked_grant_asks_to_reconnect_and_sends_later(self):
        """S0-29: the status says so once; what waits is sent after the next sign-in."""
        self.world.fail("create", AuthExpired("invalid_grant"))
        self.book()
        self.turn()
        self.assertEqual(self.account.status, "reconnect_required")
        notices = len(self.account.activity_ids)
        self.turn()
        self.assertEqual(len(self.account.activity_ids), notices)
        self.assertTrue(self.marks())
        from ..providers import port

        self.account._store_grant(port.Grant(access_token=self.account.email))
        self.turn()
        self.assertEqual(len(self.remotes()), 1)
        self.assertEqual(self.account.status, "active")

    def _let_time_pass(self):
        """Everything that waits is due now."""
        self.env.cr.execute("UPDATE calendar_sync_mark SET not_before = NULL")
        self.env.cr.execute("UPDATE calendar_sync_account SET failures = 0, slowed_until = NULL")
        self.env.invalidate_all()

    def _edit_there(self, **changes):
        remote = self.remotes()[0]
        from dataclasses import replace

        self.world.put(self.account.email, replace(remote, fields=remote.fields.replace(**changes)))
