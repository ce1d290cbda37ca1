"""What a booked appointment holds, in Odoo and in the calendar."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..booking.intervals import instant
from ..models.booking_content import BookingDetails
from .booking_case import BookingMixin
from .push_case import PushCase

TRANSCRIPT = "https://calls.example/t/7"


@tagged("post_install", "-at_install")
class TestBookingContent(BookingMixin, PushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_booking()
        cls.account = cls._connected(cls.anna)
        cls.mia = cls.env["res.partner"].create(
            {"name": "Mia Lind", "email": "mia@customer.example", "street": "Strandgaten 18"}
        )

    def make(self, users=None, **details):
        """The appointment of a booking for tomorrow at ten."""
        given = {
            "customer_name": "Mia Lind",
            "phone": "+47 22 00 00 00",
            "partner_id": self.mia.id,
            "notes": "Wants\na demo of the planner",
            "transcript_url": TRANSCRIPT,
            "answers": (("How many vessels?", "Twelve"), ("Anything else?", "")),
            **details,
        }
        start = instant(self.tomorrow())
        event = self.calendar._make_appointment(
            self.service, start, users or self.anna, BookingDetails(**given)
        )
        self.turn()
        return event

    def body(self):
        (there,) = self.remotes()
        return there.fields

    def test_colleagues_read_everything_in_the_calendar(self):
        """S2-33, S2-34, S2-35: customer, phone and service stand in title and text."""
        mails = self.env["mail.mail"].search_count([])
        self.make()
        there = self.body()
        self.assertEqual(there.title, "Consultation – Mia Lind")
        for text in ("Customer: Mia Lind", "Phone: +47 22 00 00 00", "Service: Consultation"):
            self.assertIn(text, there.description)
        self.assertIn("How many vessels?: Twelve", there.description)
        self.assertNotIn("Anything else?", there.description)
        self.assertEqual(there.attendees, ())
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_what_is_for_colleagues_goes_when_the_customer_is_invited(self):
        """S2-36, S2-37: notes and transcript are there while no outsider is on the event."""
        event = self.make()
        self.assertIn("Notes: Wants a demo of the planner", self.body().description)
        self.assertIn(f'<a href="{TRANSCRIPT}">', self.body().description)
        event.write({"location": "Bergen", "invite_choice": "invite"})
        self.turn()
        there = self.body()
        self.assertIn("mia@customer.example", [person.email for person in there.attendees])
        for text in ("Notes", "planner", TRANSCRIPT, "+47", "Twelve"):
            self.assertNotIn(text, there.description)
        self.assertEqual(event.conversation_notes, "Wants\na demo of the planner")

    def test_an_invited_customer_never_reads_the_notes(self):
        """S2-36: also when invited at once; the agenda is for everybody."""
        self.make(is_invited=True, agenda="Prices\nDates")
        there = self.body()
        self.assertIn("Prices", there.description)
        self.assertNotIn("planner", there.description)
        self.assertNotIn(TRANSCRIPT, there.description)

    def test_only_an_https_link_is_taken_for_a_transcript(self):
        """S2-37: nothing that runs when clicked."""
        for url in ("javascript:alert(1)", "http://calls.example", "https://", "//calls.example"):
            with self.assertRaises(ValidationError):
                self.make(transcript_url=url)

    def test_long_notes_are_cut_at_words_and_come_off_whole(self):
        """S2-36: nothing of them stays in the agenda when the event comes back."""
        event = self.make(notes="word " * 300, agenda="Prices")
        self.assertEqual(self.body().description.count("word"), 300)
        self.assertEqual(event.description, "<p>Prices</p>")

    def test_place_and_call_follow_the_booking_calendar(self):
        """C13: a video call only where nobody meets or telephones."""
        self.calendar.write({"location_kind": "address", "address": "Main Street 1"})
        here = self.make()
        self.assertEqual((here.location, here.videocall_location), ("Main Street 1", False))
        there = self.make(location_kind="customer")
        self.assertIn("Strandgaten 18", there.location)
        self.assertEqual(self.make(location_kind="customer", place="Pier 4").location, "Pier 4")
        phone = self.make(location_kind="phone")
        self.assertEqual((phone.location, phone.online_meeting), (False, "no"))

    def test_the_calendar_makes_the_call_where_it_can(self):
        """C13: Google is asked for a Meet; Ben has connected nothing, so he gets Odoo's own."""
        event = self.make(self.ben)
        self.assertIn("/calendar/join_videocall/", event.videocall_location)
        self.assertFalse(event.online_meeting)
        self.account.provider = "google"
        start = instant(self.tomorrow(14))
        asked = self.calendar._make_appointment(self.service, start, self.anna, BookingDetails())
        self.assertEqual((asked.online_meeting, asked.videocall_location), ("yes", False))
        self.calendar.video_kind = "discuss"
        own = self.calendar._make_appointment(self.service, start, self.anna, BookingDetails())
        self.assertIn("/calendar/join_videocall/", own.videocall_location)

    def test_several_people_stand_on_one_appointment(self):
        """S2-25: the first organizes, all take part, the time is the service's."""
        self.service.duration_min = 45
        event = self.make(self.anna + self.ben)
        people = self.anna.partner_id + self.ben.partner_id + self.mia
        self.assertEqual((event.user_id, event.partner_ids), (self.anna, people))
        self.assertEqual(event.stop - event.start, timedelta(minutes=45))
        self.assertEqual(event.booking_service_id, self.service)

    def test_the_source_is_kept_and_the_appointment_has_its_guid(self):
        """C17: rep, page or assistant."""
        for source in ("rep", "page", "api"):
            event = self.make(source=source)
            self.assertEqual(event.appointment_source, source)
            self.assertTrue(event.sync_guid)
        self.assertGreater(event.start, fields.Datetime.now())
