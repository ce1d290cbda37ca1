"""One meeting of two connected colleagues that nobody was invited to: a copy for each."""

from dataclasses import replace

from odoo.tests import new_test_user, tagged

from ..core.errors import AuthExpired
from ..core.event import Attendee
from ..core.when import When
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestCopies(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bob = new_test_user(
            cls.env, "bob", groups="base.group_user,sales_team.group_sale_salesman",
            email="bob@corp.example", tz="Europe/Berlin",
        )  # fmt: skip
        cls.bobs = cls._connected(cls.bob)

    def setUp(self):
        super().setUp()
        self.world.account(self.bobs.email)

    def together(self, guests=()):
        """Ann books a meeting with Bob without inviting anybody; both calendars have it."""
        people = self.user.partner_id | self.bob.partner_id
        for guest in guests:
            people |= self.env["res.partner"].create({"name": guest, "email": guest})
        event = self.book(partner_ids=[(6, 0, people.ids)])
        self.turn()
        return event, self.remotes()[0], self.remotes(self.bobs)[0]

    def test_backup_from_before_the_meeting_finds_all_copies_again(self):
        """D-05, B-01: given Ann's meeting with Bob, when a backup takes over that knows nothing of
        it and Bob's calendar happens to be read first, then it is one meeting of both again, each
        calendar still shows it once, and nothing was written to either."""
        self.env.cr.execute("SAVEPOINT last_week")
        self.together()
        there = [self.remotes(), self.remotes(self.bobs)]
        self.env.cr.execute("ROLLBACK TO SAVEPOINT last_week")
        self.env.invalidate_all()
        self.env["calendar.sync.calendar"].search([]).cursor = False
        for account in (self.bobs, self.account, self.bobs, self.account):
            self.read(account)
        self.assertEqual([self.remotes(), self.remotes(self.bobs)], there)
        event = self.event("Demo")
        self.assertEqual(event.partner_ids, self.user.partner_id | self.bob.partner_id)
        self.assertTrue(event.active)
        self.assert_nobody_heard()

    def read(self, *accounts):
        """These accounts are read, and what that led to is sent."""
        for account in accounts:
            account._ask_sync()
        self.env.flush_all()
        self.turn()
        self.env.invalidate_all()

    def moved(self, remote, hours=3):
        when = remote.fields.when
        shift = self.at(hours) - self.at(0)
        return When(when.start + shift, when.stop + shift, when.tz)

    def test_the_organizers_move_reaches_the_colleagues_copy(self):
        """S4-14: what Ann changes in her calendar is changed in Bob's as well."""
        event, mine, _theirs = self.together()
        self.edits(mine, when=self.moved(mine), title="Later")
        self.read(self.account)
        copy = self.remotes(self.bobs)[0]
        self.assertEqual(event.name, "Later")
        self.assertEqual(copy.fields.title, "Later")
        self.assertEqual(copy.fields.when.start, self.moved(mine).start)
        self.assertFalse(self.marks())

    def test_the_organizers_deletion_takes_the_copy_away(self):
        """S1-27: deleted in Ann's calendar, it stays in nobody's."""
        event, mine, _theirs = self.together()
        self.deletes(mine)
        self.read(self.account)
        self.assertFalse(event.active)
        self.assertFalse(self.remotes(self.bobs))

    def test_deleting_the_copy_is_a_refusal(self):
        """S1-22: Bob takes it off his calendar: he doesn't come, and the meeting stands."""
        event, _mine, theirs = self.together()
        self.deletes(theirs, self.bobs)
        self.read(self.bobs)
        row = event.attendee_ids.filtered(lambda a: a.partner_id == self.bob.partner_id)
        self.assertTrue(event.active)
        self.assertEqual(row.state, "declined")
        self.assertEqual(len(self.remotes()), 1)
        self.assertFalse(self.remotes(self.bobs))

    def test_moving_the_copy_moves_nobody(self):
        """C14: only the organizer's calendar moves the meeting; Bob's copy is put right again."""
        event, mine, theirs = self.together()
        start = event.start
        self.edits(theirs, self.bobs, when=self.moved(theirs), title="Bob's")
        self.read(self.bobs)
        self.assertEqual((event.start, event.name), (start, "Demo"))
        self.assertEqual(self.remotes()[0].fields, mine.fields)
        self.assertEqual(self.remotes(self.bobs)[0].fields.when.start, theirs.fields.when.start)
        self.assertEqual(self.remotes(self.bobs)[0].fields.title, "Demo")
        self.assertFalse(self.marks())

    def test_without_the_organizers_calendar_one_copy_speaks(self):
        """S4-14: Ann's calendar isn't connected: Bob's copy carries the meeting."""
        self.account.is_sync_on = False
        people = self.user.partner_id | self.bob.partner_id
        event = self.book(partner_ids=[(6, 0, people.ids)])
        self.turn()
        copy = self.remotes(self.bobs)[0]
        self.edits(copy, self.bobs, when=self.moved(copy))
        self.read(self.bobs)
        self.assertEqual(event.start, self.moved(copy).start.replace(tzinfo=None))

    def test_only_the_organizers_calendar_invites(self):
        """S4-25: Ann chooses to invite: the customer gets one invitation, from her calendar, and
        Bob's calendar shows the meeting once."""
        event, _mine, copy = self.together(guests=["mia@fjord.example"])
        event.with_user(self.user).with_context(calendar_sync_notify=True).write({"name": "Talk"})
        self.turn()
        told = [mail.to for mail in self.world.mails]
        self.assertEqual(told.count("mia@fjord.example"), 1)
        self.read(self.account, self.bobs)
        self.read(self.bobs)
        shown = self.remotes(self.bobs)
        self.assertEqual([each.fields.title for each in shown], ["Talk"])
        self.assertNotEqual(shown[0].remote_id, copy.remote_id)
        self.assertEqual(self.link(shown[0], self.bobs).state, "synced")
        self.assertEqual(self.link(shown[0], self.bobs).meeting_id, event.sync_meeting_id)
        self.assertTrue(event.active)
        self.assertFalse(self.marks())

    def test_a_colleague_without_organizer_invites_nobody(self):
        """S4-25: Ann isn't connected, so Odoo invites: Bob's copy stays without guests."""
        self.account.is_sync_on = False
        guest = self.env["res.partner"].create({"name": "Mia", "email": "mia@fjord.example"})
        people = self.user.partner_id | self.bob.partner_id | guest
        context = {"calendar_sync_notify": True, "no_mail_to_attendees": True}
        start = self.tomorrow()
        self.env["calendar.event"].with_user(self.user).with_context(**context).create({
            "name": "Talk", "start": start, "stop": start, "partner_ids": [(6, 0, people.ids)],
        })  # fmt: skip
        self.turn()
        self.assertFalse(self.remotes(self.bobs)[0].fields.attendees)
        self.assertFalse(self.world.mails)

    def test_an_invitation_that_is_read_before_our_answer_makes_one_meeting(self):
        """S4-14: Ann's calendar has sent the invitation, and Bob's is read before her worker
        wrote down that it did: still one event in Odoo."""
        people = self.user.partner_id | self.bob.partner_id
        self.world.fail("create", AuthExpired("invalid_grant"), is_after=True)
        event = self.book(partner_ids=[(6, 0, people.ids)], name="Talk")
        event.with_user(self.user).with_context(calendar_sync_notify=True).write({"name": "Talk"})
        self.save()
        self.bobs.is_sync_on = False
        self.turn()
        self.assertEqual(event.sync_meeting_id.link_ids.state, "creating")
        mine = self.remotes()[0]
        self.bobs.is_sync_on = True
        theirs = replace(
            mine, ical_uid=f"{mine.remote_id}@google.com", is_organizer=False, can_edit=False,
            guid="", organizer_email=self.account.email,
        )  # fmt: skip
        self.put(theirs, self.bobs)
        self.pull(self.bobs)
        self.assertEqual(self.events("Talk"), event)
        self.assertEqual(self.link(theirs, self.bobs).meeting_id, event.sync_meeting_id)

    def test_a_declined_copy_is_not_made_again(self):
        """Bob's refusal holds when Ann edits the meeting later."""
        event, _mine, theirs = self.together()
        self.deletes(theirs, self.bobs)
        self.read(self.bobs)
        event.with_user(self.user).write({"name": "Other"})
        self.turn()
        self.assertFalse(self.remotes(self.bobs))

    def test_guests_answers_travel_between_copies_of_invited_people(self):
        """An answer that comes through the organizer's calendar bothers no copy."""
        _event, mine, theirs = self.together(guests=["mia@fjord.example"])
        self.edits(mine, attendees=(Attendee("mia@fjord.example"),))
        self.read(self.account)
        self.assertEqual(self.remotes(self.bobs)[0].fields.attendees, theirs.fields.attendees)
