"""The public booking page, as a visitor's browser without scripts meets it."""

import re
import time
from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from ..models import booking_guard
from .booking_case import MONDAY, TUESDAY, at
from .booking_page_case import MIA, MIAS_ADDRESS, TEN, BookingPageCase

ELEVEN = TEN + 3600
SERVER_TIME_S = 0.150


@tagged("post_install", "-at_install")
class TestBookingPage(BookingPageCase):
    def test_a_visitor_books_with_links_and_a_form_alone(self):
        """S0-03, S2-66: service, day, time, details, booked; the frame of the page stays."""
        text = self.page(day=MONDAY, tz="Europe/Berlin", utm_source="autumn")
        link = re.search(rf'href="([^"]*start={TEN}[^"]*)"', text)[1].replace("&amp;", "&")
        text = self.page(link)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
        answer = self.url_open("/book/sales/book", data={**hidden, **MIA}, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        text = self.page(answer.headers["Location"])
        self.assertIn("Your appointment is booked", text)
        [booking] = self.bookings()
        self.assertEqual((booking.email, booking.tz), (MIAS_ADDRESS, "Europe/Berlin"))
        self.assertEqual(booking.event_id.opportunity_id.source_id.name, "autumn")

    def test_what_is_not_public_looks_like_what_never_was(self):
        """S2-66: the answer does not tell whether there is such a calendar."""
        self.calendar.is_published = False
        closed, unknown = (self.page(f"/book/{name}", status=404) for name in ("sales", "nobody"))
        self.assertEqual(_without_noise(closed), _without_noise(unknown))
        self.assertEqual(self.url_open("/book/sales/book", data=MIA).status_code, 404)
        self.assertIn("Nothing can be booked", self.page("/book"))
        self.calendar.is_published = True
        self.assertIn('href="/book/sales"', self.page("/book"))

    def test_times_are_the_visitors_and_days_begin_there(self):
        """D-06, D-07: ten in Berlin is four in New York; the zone can be changed."""
        self.assertIn("10:00 AM", self.times())
        self.assertIn("4:00 AM", self.times(tz="America/New_York"))
        tokyo = self.times(tz="Asia/Tokyo")
        self.assertEqual((tokyo[0], tokyo[-1]), ("5:00 PM", "11:30 PM"))
        self.assertEqual(self.times(tz="Nowhere/<b>")[0], "9:00 AM")

    def test_a_person_can_be_chosen_who_can_do_the_service(self):
        """S2-29, S2-27: or whoever is free; nobody else is named."""
        self.event(self.anna, "10:00", "10:30")
        self.assertIn("10:00 AM", self.times())
        self.assertNotIn("10:00 AM", self.times(person=self.member(self.anna).id))
        self.assertIn(self.ben.name, self.page())
        skill = self.env["booking.skill"].create({"name": "Repairs"})
        self.service.skill_ids = skill
        self.member(self.anna).skill_ids = skill
        self.assertNotIn(self.ben.name, self.page())
        self.assertNotIn("10:00 AM", self.times())
        self.calendar.is_person_chosen = False
        self.assertNotIn(self.anna.name, self.page())

    def test_an_empty_week_leads_to_the_next_free_time(self):
        """S2-44: and without any free time at all the page says so."""
        with freeze_time(f"{MONDAY} 06:00:00"):
            self.calendar.advance_days = 20
            off = {"calendar_id": self.calendar.id, "name": "Fair", "is_all_day": True}
            week = fields.Date.to_date(MONDAY) + timedelta(days=8)
            blocked = self.env["booking.blocked.time"].create(
                {**off, "start_date": MONDAY, "stop_date": week}
            )
            text = self.page(day=MONDAY, tz="Europe/Berlin")
            self.assertIn("Nothing is free in these seven days", text)
            self.assertIn(f"day={week + timedelta(days=1)}", text)
            self.assertIn("9:00 AM", self.page())
            blocked.stop_date = week + timedelta(days=30)
            self.assertIn("At the moment no time is free", self.page())

    def test_a_time_that_was_just_taken_is_answered_with_the_next_ones(self):
        """S2-43, S2-44, S2-45: politely, with what was typed; one press books another."""
        self.calendar.member_ids[1:].unlink()
        token = self.token()
        self.book(name="Oskar", email="oskar@else.example")
        answer = self.post(token=token, notes="Gate <2>")
        self.assertEqual(answer.status_code, 409)
        self.assertIn("was just taken", answer.text)
        self.assertIn(f'value="{MIA["name"]}"', answer.text)
        self.assertIn("Gate &lt;2&gt;", answer.text)
        offered = re.findall(r'name="start" class="btn btn-primary" value="(\d+)"', answer.text)
        self.assertEqual(offered, [str(TEN + minutes * 60) for minutes in (30, 60, 90)])
        again = re.search(r'name="token" value="([^"]+)"', answer.text)[1]
        self.assertEqual(self.post(int(offered[0]), token=again).status_code, 303)
        self.assertEqual(len(self.bookings()), 2)

    def test_forged_times_are_refused_like_lost_ones(self):
        """S2-48, S2-49, S2-50: outside hours, off the grid, in the past, too far, no number."""
        token = self.token()
        past = at("2020-03-02 10:00")
        for start in (at(f"{MONDAY} 07:00"), TEN + 60, past, TEN + 9 * 365 * 86400, 0, 10**11):
            self.assertEqual(self.post(start, token=token).status_code, 409, start)
        self.assertEqual(self.post("<b>", token=token).status_code, 409)
        self.assertFalse(self.bookings())

    def test_problems_are_said_at_the_field_and_nothing_is_lost(self):
        """S2-45, D-09: in words, and tied to the field for who can't see it."""
        answer = self.post(email="mia@", phone="12", notes="Gate 2")
        self.assertEqual(answer.status_code, 422)
        for field in ("email", "phone"):
            self.assertIn(f'aria-describedby="problem_{field}"', answer.text)
            self.assertIn(f'id="problem_{field}"', answer.text)
        self.assertIn("Gate 2", answer.text)
        self.assertFalse(self.bookings())

    def test_a_form_books_once_however_often_it_is_sent(self):
        """S2-46: sent again it leads to the same appointment, also at another time."""
        token = self.token()
        first = self.post(token=token)
        self.assertEqual(self.post(token=token).headers["Location"], first.headers["Location"])
        self.assertEqual(self.post(ELEVEN, token=token).status_code, 303)
        self.assertEqual(len(self.bookings()), 1)

    def test_programs_are_kept_out(self):
        """S2-66: no form of ours, one of another calendar, filled in at once or in the trap."""
        other = self.calendar.copy({"page_name": "other", "is_published": True})
        strange = self.env["booking.guard"]._form_token(other)
        for token in ("", "x" * 500, strange, self.token()[:-2] + "AA"):
            self.assertEqual(self.post(token=token).status_code, 422)
        self.assertEqual(self.post(website="http://spam.example").status_code, 422)
        self.patch(booking_guard, "FASTEST_S", 5)
        answer = self.post()
        self.assertIn("press the button once more", answer.text)
        self.assertFalse(self.bookings())

    def test_nothing_typed_becomes_markup_or_a_header(self):
        """S2-66, S2-46: names with HTML are shown as text; those with links are refused, since
        mails greet by them."""
        evil = '<img src=x onerror=alert(1)> "Mia"\r\nBcc: all@else.example'
        answer = self.url_open("/book/sales/book", data={
            "service": self.service.id, "start": TEN, "token": self.token(), **MIA, "name": evil,
        })  # fmt: skip
        self.assertNotIn("<img src=x", answer.text)
        [booking] = self.bookings()
        self.assertNotIn("\n", booking.name)
        self.tell()
        mail = self.env["mail.mail"].search([("email_to", "=", MIAS_ADDRESS)])
        self.assertNotIn("<img src=x", mail.body_html)
        self.assertNotIn("\n", mail.subject)
        refused = self.post(ELEVEN, name="Win at https://spam.example")
        self.assertEqual(refused.status_code, 422)
        self.assertEqual(self.post(ELEVEN, notes="x" * 70000).status_code, 413)
        self.assertEqual(self.post(ELEVEN, email="a@b.example, c@d.example").status_code, 422)
        self.assertEqual(len(self.bookings()), 1)

    def test_who_asks_too_often_has_to_wait_and_leaves_no_trace(self):
        """S2-66: nothing that is kept says which address it was."""
        self.env["ir.config_parameter"].set_param("calendar_sync_pro.booking_limit_book", "2")
        token = self.token()
        codes = [self.post(at(f"{MONDAY} 07:00"), token=token).status_code for _try in range(4)]
        self.assertEqual(codes, [409, 409, 429, 429])
        callers = self.env["booking.guard"].search([]).mapped("caller")
        self.assertFalse([one for one in callers if "127.0.0.1" in one])
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.assertEqual(self.post(at(f"{MONDAY} 07:00"), token=token).status_code, 409)
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self.env["booking.guard"]._forget()
        self.assertFalse(self.env["booking.guard"].search([]))

    def test_another_address_of_the_same_connection_is_the_same_visitor(self):
        """S2-66: whoever has one IPv6 connection can choose among 2^64 addresses of it."""
        self.env["ir.config_parameter"].set_param("calendar_sync_pro.booking_limit_look", "2")
        guard = self.env["booking.guard"]
        mine = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2::3")
        self.assertEqual([guard._admits(one, "look") for one in mine], [True, True, False])
        self.assertTrue(guard._admits("2001:db8:1:3::1", "look"))
        several = [guard._admits(one, "look") for one in ("::ffff:192.0.2.1", "::ffff:192.0.2.2")]
        self.assertEqual(several, [True, True])
        self.assertTrue(guard._admits("192.0.2.3", "look"))

    def test_nobody_can_have_a_stranger_flooded_with_messages(self):
        """S2-66: from however many connections; no booking is made, and nothing is sent."""
        self.env["ir.config_parameter"].set_param("calendar_sync_pro.booking_limit_told", "1")
        self.assertEqual(self.post().status_code, 303)
        self.tell()
        answer = self.post(ELEVEN)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("many bookings with this e-mail address", answer.text)
        self.assertEqual(self.post(ELEVEN, email="else@fjordline.example").status_code, 422)
        self.assertEqual((len(self.bookings()), self.tell()), (1, ([], [])))
        other = {"email": "oskar@else.example", "phone": ""}
        self.assertEqual(self.post(ELEVEN, **other).status_code, 303)

    def test_only_named_sites_may_embed_it(self):
        """S2-66: and what they need to do it stands in the calendar's form."""
        policy = self.url_open("/book/sales").headers["Content-Security-Policy"]
        self.assertEqual(policy, "frame-ancestors 'self'")
        self.calendar.embed_sites = "https://www.fjordline.example  http://localhost:8080"
        policy = self.url_open("/book/sales").headers["Content-Security-Policy"]
        self.assertEqual(
            policy, "frame-ancestors 'self' https://www.fjordline.example http://localhost:8080"
        )
        self.calendar.embed_sites = "https://Bücher.example:8443/"
        policy = self.url_open("/book/sales").headers["Content-Security-Policy"]
        self.assertEqual(policy, "frame-ancestors 'self' https://xn--bcher-kva.example:8443")
        self.assertIn("/book/sales?embed=1", self.calendar.embed_code)
        self.assertNotIn("o_booking_head", self.page(embed=1))
        for wrong in (
            "fjordline.example",
            "https://a.example; script-src *",
            "javascript:alert(1)",
            "https://a.example:80;",
            "https://ä..example",
            "https://",
        ):
            with self.assertRaises(ValidationError):
                self.calendar.embed_sites = wrong
            self.env.invalidate_all()

    def test_the_page_speaks_the_visitors_language(self):
        """D-06: the address says which; dates and the mail are in it too."""
        self.env["res.lang"]._activate_lang("de_DE")
        text = self.page("/de/book/sales", day=MONDAY, tz="Europe/Berlin")
        self.assertIn('lang="de-DE"', text)
        self.assertIn("Montag", text)
        self.assertIn("10:00", self.times("/de/book/sales"))
        link = re.search(rf'href="([^"]*start={TEN}[^"]*)"', text)[1]
        self.assertTrue(link.startswith("/de/book/sales/details"))

    def test_a_disconnected_person_is_not_offered(self):
        """S2-64, S2-26: without a calendar that can be read nobody is booked."""
        self.calendar.is_odoo_enough = False
        self.assertIn("At the moment no time is free", self.page())
        self.assertEqual(self.post().status_code, 409)
        self.assertFalse(self.bookings())

    def test_changed_hours_show_at_the_next_look(self):
        """S2-54: nothing is kept between two looks."""
        self.assertEqual(len(self.times(day=TUESDAY)), 16)
        self.hours.attendance_ids.hour_to = 12
        self.assertEqual(len(self.times(day=TUESDAY)), 6)

    def test_a_page_asks_the_database_no_more_for_more_people_and_times(self):
        """S2-54: one answer takes 150 ms of the processor at most, and queries don't grow."""
        few = self.queries()
        users = [self._person(f"p{number}") for number in range(8)]
        self.calendar.member_ids = [
            (0, 0, {"user_id": user.id, "hours_id": self.hours.id}) for user in users
        ]
        for user in users:
            self.event(user, "10:00", "10:30")
        self.calendar.step_min = 10
        self.assertLessEqual(self.queries(), few + 2)
        page, calendar = self.env["booking.page"], self.calendar
        taken = []
        for _round in range(3):
            self.env.invalidate_all()
            began = time.process_time()
            page._choose_values(calendar, {"day": MONDAY, "tz": "Europe/Berlin"})
            taken.append(time.process_time() - began)
        self.assertLess(min(taken), SERVER_TIME_S)

    def queries(self):
        """How many queries the values of one page take."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["booking.page"]._choose_values(self.calendar, {"day": MONDAY})
        return self.env.cr.sql_log_count - before


def _without_noise(text):
    """A page without what differs between any two answers."""
    text = re.sub(r"csrf_token: [^,]+,", "", text)
    return re.sub(r"/book/\w+", "", text)
