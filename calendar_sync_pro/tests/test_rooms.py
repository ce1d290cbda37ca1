"""Rooms of the calendar and of Odoo on an appointment: offered, booked, refused, given back."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..core.errors import Forbidden, Unavailable
from ..core.event import Attendee, Response
from ..providers.port import RemoteRoom
from .pull_case import PullCase

ELBE = RemoteRoom("elbe@rooms.example", "Elbe", 8, "House 1")
ALSTER = RemoteRoom("alster@rooms.example", "Alster", 4)


@tagged("post_install", "-at_install")
class TestRooms(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enable(has_rooms=True, has_busy_of_others=True)

    def setUp(self):
        super().setUp()
        self.world.rooms = [ELBE, ALSTER]
        for room in self.world.rooms:
            self.world.account(room.address)
        self.mails = self.env["mail.mail"].search_count([])

    def tearDown(self):
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails, "somebody was mailed")
        self.assertFalse(self.world.mails, "somebody was mailed")
        super().tearDown()

    def _turn_now(self):
        """The account is due, and the worker comes."""
        self.account.next_run = fields.Datetime.now() - timedelta(minutes=1)
        self.turn()
        self.env.invalidate_all()

    def _listed(self):
        with self.committing() as env:
            env["calendar.sync.account"].browse(self.account.id).with_user(
                self.user
            ).refresh_rooms()
        return self.env["calendar.sync.room"].search([("provider", "!=", False)])

    def _at(self, event, user=None):
        """The Rooms tab as the person sees it: {name: state}, and what was booked."""
        with self.committing() as env:
            mine = env["calendar.event"].with_user(user or self.user).browse(event.id)
            found = mine.rooms_at(*(str(event[name]) for name in ("start", "stop")))
        return {row["name"]: row["state"] for row in found["rooms"]}, found["booked"]

    def _room(self, name):
        return self.env["calendar.sync.room"].search([("name", "=", name)])

    def _occupy(self, address, event):
        """Somebody else has the room at that time, in its own calendar."""
        self.world.put(address, self.remote_event("Theirs", event.start.hour, days=1))

    def test_the_calendars_rooms_are_listed_free_ones_first(self):
        """S3-32: with seats and place; a taken one stands last, and its time comes from it."""
        rooms = self._listed()
        self.assertEqual(
            [(r.name, r.capacity, r.place or "") for r in rooms],
            [("Alster", 4, ""), ("Elbe", 8, "House 1")],
        )
        event = self.book()
        self._occupy(ALSTER.address, event)
        states, booked = self._at(event)
        self.assertEqual(list(states.items()), [("Elbe", "free"), ("Alster", "busy")])
        self.assertFalse(booked)

    def test_a_new_room_comes_when_its_organizer_refreshes_the_list(self):
        """S3-32: the tab offers it to whose calendar lists the rooms; a colleague can't."""
        self._listed()
        event = self.book()
        self.world.rooms = [*self.world.rooms, RemoteRoom("spree@rooms.example", "Spree", 12)]
        self.world.account("spree@rooms.example")
        with self.committing() as env:
            times = [str(event[name]) for name in ("start", "stop")]
            mine = env["calendar.event"].with_user(self.user).browse(event.id)
            found = mine.rooms_at(*times)
            self.assertNotIn("Spree", [row["name"] for row in found["rooms"]])
            accounts = env["calendar.sync.account"].with_user(self.user)
            said = accounts.browse(found["list_of"]).refresh_rooms()
            self.assertEqual(said, {"rooms": 3})
            self.assertIn("Spree", [row["name"] for row in mine.rooms_at(*times)["rooms"]])
        other = new_test_user(self.env, "bob", groups="base.group_user", email="bob@corp.example")
        event.partner_ids += other.partner_id
        with self.committing() as env:
            theirs = env["calendar.event"].with_user(other).browse(event.id)
            self.assertFalse(theirs.rooms_at(*times)["list_of"])

    def test_booking_puts_the_room_on_the_calendars_event(self):
        """S3-31, S3-35: as a resource, its name is the place; guests stay off, nobody is mailed."""
        self._listed()
        customer = self.env["res.partner"].create({"name": "Mia", "email": "mia@out.example"})
        event = self.book(partner_ids=[(6, 0, [self.user.partner_id.id, customer.id])])
        self.turn()
        event.with_user(self.user).book_room(self._room("Elbe").id)
        self.turn()
        there = self.remote()["Demo"].fields
        self.assertEqual(there.location, "Elbe")
        [guest] = there.attendees
        self.assertEqual((guest.email, guest.is_resource), (ELBE.address, True))
        self.assertEqual(event.room_names, "Elbe")
        self.assertEqual(event.partner_ids, self.user.partner_id | customer)
        event.with_user(self.user).book_room(self._room("Elbe").id)
        self.assertEqual(len(event.attendee_ids.filtered("is_room")), 1)

    def test_a_room_given_back_leaves_the_calendar(self):
        """S3-31: the room and the place that it gave are gone on both sides."""
        self._listed()
        event = self.book().with_user(self.user)
        event.book_room(self._room("Elbe").id)
        self.turn()
        event.release_room(event.attendee_ids.filtered("is_room").id)
        self.turn()
        there = self.remote()["Demo"].fields
        self.assertFalse(there.attendees)
        self.assertFalse(there.location)
        self.assertFalse(event.room_names)

    def test_a_room_that_says_no_needs_the_organizer(self):
        """S3-32: flagged on the event, in the filter, and only for the organizer; then it is
        replaced."""
        self._listed()
        event = self.book().with_user(self.user)
        event.book_room(self._room("Elbe").id)
        self.turn()
        refusal = Attendee(ELBE.address, "Elbe", Response.DECLINED, is_resource=True)
        self.edits(self.remote()["Demo"], attendees=(refusal,))
        self._turn_now()
        event.invalidate_recordset()
        self.assertEqual(event.declined_rooms, "Elbe")
        self.assertEqual(event.sync_badge, "problem")
        self.assertIn("Elbe", event.sync_badge_text)
        problems = [("sync_badge", "in", ["problem"])]
        events = self.env["calendar.event"]
        self.assertIn(event, events.with_user(self.user).search(problems))
        other = new_test_user(self.env, "bob", groups="base.group_user", email="bob@corp.example")
        self.assertNotIn(event, events.with_user(other).search(problems))
        self.assertNotEqual(event.with_user(other).sync_badge, "problem")
        _states, [booked] = self._at(event)
        self.assertEqual(booked["state"], "declined")

    def test_a_room_of_odoo_is_booked_once(self):
        """S3-31: it never reaches the calendar's guest list; a second booking is refused."""
        room = self.env["calendar.sync.room"].create({"name": "Attic", "capacity": 3})
        first, second = self.book("First").with_user(self.user), self.book("Second")
        self.assertEqual(self._at(first)[0]["Attic"], "free")
        first.book_room(room.id)
        self.turn()
        self.assertFalse(self.remote()["First"].fields.attendees)
        self.assertEqual(self.remote()["First"].fields.location, "Attic")
        self.assertEqual(self._at(second)[0]["Attic"], "busy")
        with self.assertRaisesRegex(UserError, "taken"):
            second.with_user(self.user).book_room(room.id)
        later = self.book("Later", hour=13).with_user(self.user)
        later.book_room(room.id)
        self.assertEqual(later.room_names, "Attic")

    def test_a_silent_calendar_leaves_rooms_unknown(self):
        """S3-32: what can't be read is not called free, and says why."""
        self._listed()
        event = self.book()
        self.world.fail("busy_of", Unavailable("timeout"))
        with self.committing() as env:
            mine = env["calendar.event"].with_user(self.user).browse(event.id)
            found = mine.rooms_at(str(event.start), str(event.stop))
        self.assertEqual({row["state"] for row in found["rooms"]}, {"unknown"})
        self.assertTrue(all(row["why"] for row in found["rooms"]))

    def test_rooms_are_read_once_a_day_and_vanish_with_the_permission(self):
        """S3-32: by the worker; trouble with rooms never stops a sync."""
        self.account.rooms_read = False
        self._turn_now()
        self.assertEqual(len(self._room("Elbe")), 1)
        self.assertTrue(self.account.rooms_read)
        self.account.rooms_read = False
        self.world.fail("rooms", Forbidden("rooms_not_allowed"))
        self._turn_now()
        self.assertEqual(self.account.status, "active")
        self.assertFalse(self._room("Elbe"))
        self.assertIn("permission", self.account._rooms_text())

    def test_only_colleagues_and_participants_book(self):
        """S3-31: who may not change the appointment books nothing; a portal user sees no rooms."""
        self._listed()
        event = self.book()
        other = new_test_user(self.env, "bob", groups="base.group_user", email="bob@corp.example")
        event.privacy = "private"
        event.invalidate_recordset()
        with self.assertRaises(AccessError):
            event.with_user(other).book_room(self._room("Elbe").id)
        portal = new_test_user(self.env, "visitor", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self._at(event, portal)
        with self.assertRaises(AccessError):
            self._room("Elbe").with_user(self.user).write({"name": "Mine"})

    def test_a_room_counts_as_nobody(self):
        """S3-31: neither a guest that is unknown, nor an answer that was given."""
        self._listed()
        event = self.book().with_user(self.user)
        event.book_room(self._room("Elbe").id)
        event.attendee_ids.filtered("is_room").sudo().state = "accepted"
        event.invalidate_recordset()
        self.assertFalse(event.unknown_guest_ids)
        self.assertEqual((event.attendees_count, event.accepted_count), (1, 1))
        self.assertEqual(event.awaiting_count, 0)
