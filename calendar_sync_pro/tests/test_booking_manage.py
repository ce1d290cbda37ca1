"""The customer's own links: what they open, for how long, and what they can't."""

from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .booking_page_case import MIAS_ADDRESS, TEN, BookingPageCase

ELEVEN = TEN + 3600


@tagged("post_install", "-at_install")
class TestBookingManage(BookingPageCase):
    def setUp(self):
        super().setUp()
        self.booking = self.book()
        self.tell()

    def path(self, scope, booking=None):
        """The path of a link."""
        url = (booking or self.booking)._link(scope)
        return url.removeprefix(self.booking.get_base_url())

    def press(self, path, **typed):
        """Send a form; the page after it."""
        answer = self.url_open(path, data=typed or {"go": "1"})
        self.env.invalidate_all()
        return answer.text

    def test_cancelling_asks_first_and_is_done_once(self):
        """S2-66: opening the link changes nothing; the slot is free again, the rep knows."""
        path = self.path("cancel")
        self.assertIn("Cancel this appointment?", self.page(path))
        self.assertFalse(self.booking.is_cancelled)
        self.assertIn("is cancelled", self.press(path, reason="<b>Ill</b>"))
        event = self.booking.event_id
        self.assertEqual((event.active, event.appointment_state), (False, "cancelled"))
        self.assertIn(self.booking.told_user_id.id, self.starts()["10:00"])
        self.assertIn("is cancelled", self.press(path))
        self.assertIn("is cancelled", self.page(path))
        mails, sms = self.tell()
        self.assertEqual([to for _subject, to in mails], [MIAS_ADDRESS])
        self.assertEqual(len(sms), 1)
        notes = event.opportunity_id.message_ids.mapped("body")
        self.assertEqual(len([note for note in notes if "Cancelled" in note]), 1)
        self.assertTrue(any("&lt;b&gt;Ill" in note for note in notes))

    def test_why_somebody_cancels_is_kept_to_a_line(self):
        """S2-66: not pages of text, and nothing that the database can't keep."""
        text = self.press(self.path("cancel"), reason="Ill\x00\n" + "x" * 5000)
        self.assertIn("is cancelled", text)
        reason = self.booking.event_id.cancel_reason
        self.assertIn("Ill", reason)
        self.assertLess(len(reason), 300)

    def test_moving_keeps_the_person_and_the_appointment(self):
        """S2-66: chosen, asked about, then moved; told to the customer at once, once."""
        path, event = self.path("move"), self.booking.event_id
        rep = event.user_id
        self.assertIn("11:00", " ".join(self.times(path)))
        self.assertIn("Move the appointment", self.page(path, start=ELEVEN))
        self.assertEqual(self.booking.start.hour, 9)
        self.assertIn("has a new time", self.press(path, start=ELEVEN))
        self.assertEqual((self.booking.start.hour, event.user_id), (10, rep))
        self.assertEqual(
            event.attendee_ids.filtered(lambda a: a.partner_id == rep.partner_id).state, "accepted"
        )
        mails, sms = self.tell()
        self.assertEqual([to for _subject, to in mails], [MIAS_ADDRESS])
        self.assertIn("New time", mails[0][0])
        self.assertEqual(len(sms), 1)
        self.press(path, start=ELEVEN)
        self.assertEqual(self.tell(), ([], []))

    def test_a_time_that_is_taken_is_refused_politely(self):
        """S2-44, S2-66: the appointment stays, and other times are one press away."""
        self.calendar.member_ids.filtered(lambda one: one.user_id != self.booking.user_id).unlink()
        self.book(ELEVEN, name="Oskar", email="oskar@else.example")
        answer = self.url_open(self.path("move"), data={"start": str(ELEVEN)})
        self.assertEqual(answer.status_code, 409)
        self.assertIn("Your appointment stays as it is", answer.text)
        self.assertIn(f'value="{ELEVEN + 1800}"', answer.text)
        self.assertEqual(self.booking.start.hour, 9)

    def test_a_link_opens_one_thing_of_one_booking(self):
        """S2-66: a file's link cancels nothing, and none is of any use for another booking."""
        other = self.book(ELEVEN, name="Oskar", email="oskar@else.example")
        token = self.path("file").rpartition("/")[2].removesuffix(".ics")
        for path in (f"/booking/cancel/{token}", f"/booking/move/{token}",
                     f"/booking/manage/{token}"):  # fmt: skip
            self.assertIn("no longer valid", self.page(path, status=404))
        mine, theirs = (self.path("cancel", each) for each in (self.booking, other))
        for made_up in (mine[:-1], mine[:-5] + theirs[-5:], mine + "A", "/booking/cancel/1",
                        "/booking/cancel/" + "A" * 3000):  # fmt: skip
            self.assertIn("no longer valid", self.page(made_up, status=404))
        self.press(mine)
        self.assertTrue(self.booking.is_cancelled)
        self.assertFalse(other.is_cancelled)

    def test_a_link_dies_some_time_after_the_appointment(self):
        """S2-66: until then it says that the appointment is over."""
        path = self.path("manage")
        with freeze_time(self.booking.stop + timedelta(days=1)):
            self.assertIn("is over", self.page(path))
        with freeze_time(self.booking.stop + timedelta(days=31)):
            self.page(path, status=404)

    def test_too_late_to_change_says_whom_to_ask(self):
        """S2-66: the notice of the booking calendar."""
        self.calendar.change_notice_min = 120
        self.env.company.phone = "+49 30 555"
        cancel, move = self.path("cancel"), self.path("move")
        with freeze_time(self.booking.start - timedelta(minutes=119)):
            self.assertIn("+49 30 555", self.page(cancel))
            self.assertIn("too soon", self.press(cancel))
            self.assertIn("too soon", self.press(move, start=ELEVEN))
        self.assertFalse(self.booking.is_cancelled)
        self.assertEqual(self.booking.start.hour, 9)

    def test_what_the_rep_cancelled_is_shown_as_it_is(self):
        """S2-66: and can't be moved any more."""
        self.booking.event_id._cancel_appointment("Ill")
        self.assertIn("is cancelled", self.page(self.path("move")))
        self.assertIn("is cancelled", self.press(self.path("move"), start=ELEVEN))
        self.assertFalse(self.booking.event_id.active)

    def test_the_link_of_a_video_call_is_on_the_page_as_soon_as_there_is_one(self):
        """C13: and no address that a browser would run is ever a link."""
        self.calendar.location_kind = "video"
        event, path = self.booking.event_id, self.path("manage")
        self.assertIn("The link will be here", self.page(path))
        event.videocall_location = "https://meet.example/abc"
        self.assertIn('href="https://meet.example/abc"', self.page(path))
        event.videocall_location = "javascript:alert(1)"
        self.assertNotIn("javascript:alert", self.page(path))

    def test_a_page_without_a_booked_time_refers_to_people(self):
        """S2-66: never an error page, whatever became of the booking."""
        path = self.path("move")
        self.env["booking.hold"].search([("event_id", "=", self.booking.event_id.id)]).unlink()
        self.assertIn("contact us", self.page(path))
        self.assertIn("Your appointment", self.press(path, start=ELEVEN))

    def test_the_file_is_for_reading_only(self):
        """S2-66: downloaded, it asks nobody for an answer."""
        answer = self.url_open(self.path("file"))
        self.assertEqual(answer.headers["Content-Type"], "text/calendar; charset=utf-8")
        self.assertIn("METHOD:PUBLISH", answer.text)
        self.assertNotIn("ATTENDEE", answer.text)

    def test_an_appointment_that_was_deleted_is_a_cancelled_one(self):
        """S2-66: its links still say what it was."""
        path = self.path("manage")
        self.booking.event_id.unlink()
        self.assertIn("is cancelled", self.page(path))

    def test_times_of_the_move_page_are_the_same_persons(self):
        """S2-66: a colleague is free at two, it is at ten already: neither is offered."""
        rep = self.booking.user_id
        self.event(rep, "14:00", "15:00")
        times = self.times(self.path("move"))
        self.assertNotIn("2:00 PM", times)
        self.assertIn("3:00 PM", times)
        self.assertNotIn("10:00 AM", times)
        self.assertIn("10:30 AM", times)
