"""Texts that want to be more than text: markup, links, lines of a header, formulas, templates."""

from odoo.tests import tagged

from ..core.event import Attendee
from .booking_page_case import MIAS_ADDRESS, BookingPageCase
from .pull_case import PullCase

MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
TEMPLATE = "{{ object.env.user.login }} <t t-out='object.env.user.login'/> ${object.id} %(x)s"
FORMULA = '=HYPERLINK("https://evil.example";"pay")'
LINES = "Demo\r\nATTENDEE:mailto:evil@else.example\r\nEND:VEVENT"
HOSTILE = (MARKUP, TEMPLATE, FORMULA, LINES)


@tagged("post_install", "-at_install")
class TestTextsFromCalendars(PullCase):
    def test_titles_and_places_stay_the_text_that_they_are(self):
        """S1-26: on the event, and back in the calendar after an edit; nobody is added by them."""
        for number, text in enumerate(HOSTILE):
            with self.subTest(text[:12]):
                remote = self.adds(
                    f"Event {number}", 8 + number, fields={"title": text, "location": text}
                )
                self.pull()
                event = self.env["calendar.event"].search([], order="id desc", limit=1)
                flat = " ".join(text.split())
                self.assertEqual(" ".join(event.name.split()), flat)
                self.assertEqual(" ".join(event.location.split()), flat)
                self.assertNotIn("evil@else.example", event.attendee_ids.mapped("email"))
                event.with_user(self.user).show_as = "free"
                self.turn()
                self.assertEqual(self.world_title(remote), text)

    def test_no_timeline_shows_markup_of_a_title_or_a_name(self):
        """S1-26: on the contact and on the event."""
        guest = Attendee("carla@customer.example", MARKUP)
        remote = self.adds("Demo", fields={"title": MARKUP, "attendees": (guest,)})
        self.pull()
        event = self.env["calendar.event"].search([], order="id desc", limit=1)
        self.deletes(remote)
        self.pull()
        people = event.attendee_ids.partner_id
        bodies = [str(one.body) for one in (*event.message_ids, *people.message_ids)]
        self.assertTrue(bodies)
        self.assertFalse([body for body in bodies if "<img" in body or "<script" in body])

    def test_texts_keep_harmless_markup_alone(self):
        """S1-26: no script, no handler, no address that runs something."""
        text = (
            "<p>Hi <b>you</b></p><a href='javascript:alert(1)'>a</a><svg onload=alert(2)></svg>"
            "<iframe src='https://evil.example'></iframe><form action='//evil.example'></form>"
            "<p style=\"background:url('javascript:x')\" onclick='x()'>b</p>"
        )
        self.adds("Demo", fields={"description": text})
        self.pull()
        kept = self.env["calendar.event"].search([("name", "=", "Demo")]).description
        self.assertIn("<b>you</b>", kept)
        for word in ("javascript", "onload", "onclick", "<iframe", "<form"):
            self.assertNotIn(word, kept)

    def world_title(self, remote):
        return self.world.calendars[self.account.email][remote.remote_id].event.fields.title


@tagged("post_install", "-at_install")
class TestTextsFromVisitors(BookingPageCase):
    def test_a_name_is_no_template_and_no_line_of_a_file(self):
        """S2-66: neither in the mail nor in its calendar file nor in the SMS."""
        booking = self.book(name=TEMPLATE[:60])
        mails, sms = self.tell()
        self.assertTrue(mails)
        login = self.env.ref("base.user_root").login
        sent = self.env["mail.mail"].search([("email_to", "=", MIAS_ADDRESS)])
        self.assertIn("{{ object.env.user.login }}", sent.body_html)
        for text in (sent.subject, sent.body_html, *(body for _number, body in sms)):
            self.assertNotIn(f"Hello {login}", text)
        [file] = self.files(booking)
        self.assertEqual(len(file.walk("VEVENT")), 1)
