"""The slot picker on a lead's card: what it shows, why not, and booking from it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import HttpCase

from ..booking.intervals import instant
from .booking_case import MONDAY, BookingMixin, at
from .push_case import PushCase

TEN = at(f"{MONDAY} 10:00")


class PickerMixin(BookingMixin):
    @classmethod
    def _set_up_lead(cls):
        cls.env.company.sync_days_ahead = 600
        cls._set_up_booking()
        for user in (cls.anna, cls.ben):
            user.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.mia = cls.env["res.partner"].create(
            {"name": "Mia", "email": "mia@customer.example", "phone": "+47 22 00 00 00"}
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Fleet",
                "type": "opportunity",
                "partner_id": cls.mia.id,
                "user_id": cls.anna.id,
            }
        )


@tagged("post_install", "-at_install")
class TestBookingPicker(PickerMixin, PushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_lead()
        cls.choice = (cls.calendar.id, cls.service.id, 0)

    def ask(self, method, *args, user=None):
        """The picker's request of that user, Ben unless another is named."""
        self.env.flush_all()
        self.env.invalidate_all()
        with self.committing() as env:
            lead = self.lead.with_env(env).with_user(user or self.ben)
            answer = getattr(lead, method)(*args)
        self.env.invalidate_all()
        return answer

    def book(self, start=TEN, user_id=0, **wishes):
        choice = (*self.choice[:2], user_id)
        return self.ask("slot_picker_book", *choice, start, wishes)

    def events(self):
        return self.env["calendar.event"].search([("opportunity_id", "=", self.lead.id)])

    def test_it_opens_with_the_calendars_of_the_company(self):
        """S2-25, D-06: people, services, and both time zones."""
        self.mia.tz = "America/New_York"
        given = self.ask("slot_picker")
        (calendar,) = [one for one in given["calendars"] if one["id"] == self.calendar.id]
        self.assertEqual([one["id"] for one in calendar["people"]], (self.anna + self.ben).ids)
        self.assertEqual(calendar["services"][0]["name"], "Consultation")
        self.assertEqual((given["lead"]["tz"], given["tz"]), ("America/New_York", "Europe/Berlin"))
        self.assertEqual(given["lead"]["email"], "mia@customer.example")

    def test_without_a_booking_calendar_the_dialog_for_any_time_opens(self):
        """S0-03, D-02: nothing has to be set up to book."""
        lead = self.lead.with_user(self.anna)
        self.assertEqual(lead.action_book_appointment()["tag"], "calendar_sync_pro.slot_picker")
        by_hand = lead.action_book_by_hand()
        self.assertEqual(by_hand["res_model"], "calendar.event")
        self.calendar.active = False
        self.env["booking.calendar"].search([]).active = False
        self.assertEqual(lead.action_book_appointment()["res_model"], "calendar.event")

    def test_a_week_shows_what_is_free_and_what_is_not(self):
        """S0-26, S2-27: only times in working hours, each with who is free."""
        self.event(self.anna, "10:00", "11:00")
        week = self.ask("slot_picker_week", *self.choice, MONDAY)
        free = {time["start"]: time["free"] for time in week["times"]}
        self.assertEqual(free[TEN], self.ben.ids)
        self.assertEqual(free[at(f"{MONDAY} 09:00")], (self.anna + self.ben).ids)
        self.assertNotIn(at(f"{MONDAY} 08:30"), free)
        self.assertEqual(len(free), 5 * 16)
        self.assertEqual(week["next_start"], at(f"{MONDAY} 09:00"))

    def test_it_says_why_a_time_is_not_free_and_nothing_more(self):
        """B-08, S0-32: each person in words, without the title of anything."""
        self.event(self.anna, "10:00", "11:00")
        self.env["booking.blocked.time"].create(
            {
                "name": "Dentist", "user_id": self.ben.id, "tz": "Europe/Berlin",
                "start": "2020-01-01 08:00:00", "stop": "2020-01-01 11:00:00", "repeat": "daily",
            }
        )  # fmt: skip
        told = self.ask("slot_picker_why", *self.choice, TEN, user=self.anna)
        words = {row["name"]: " ".join(row["reasons"]) for row in told}
        self.assertIn("An appointment in Odoo: 10:00", words[self.anna.name].replace("AM", ""))
        self.assertIn("Blocked", words[self.ben.name])
        for secret in ("Secret", "Dentist"):
            self.assertNotIn(secret, str(told))

    def test_booking_gives_it_to_the_salesperson_of_the_lead(self):
        """S0-03, S2-33, S2-46: one appointment on the lead, and nobody is mailed."""
        mails = self.env["mail.mail"].search_count([])
        answer = self.book(agenda="Prices", notes="Likes blue")
        event = self.events()
        self.assertEqual((answer["event_id"], answer["who"]), (event.id, self.anna.name))
        self.assertEqual(event.name, "Consultation – Mia")
        self.assertEqual(event.partner_ids, self.anna.partner_id + self.mia)
        self.assertEqual(event.customer_phone, "+47 22 00 00 00")
        self.assertIn("Prices", event.description)
        self.assertNotIn("Likes blue", event.description)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_who_is_chosen_gets_it(self):
        """S2-26: a specific person, not the lead's own."""
        self.assertEqual(self.book(user_id=self.ben.id)["who"], self.ben.name)

    def test_a_lost_time_is_answered_with_the_next_ones(self):
        """S2-43, S2-44, S2-46: politely, and nothing was made."""
        for user in (self.anna, self.ben):
            self.event(user, "10:00", "10:30")
        answer = self.book()
        self.assertIn("Sorry", answer["taken"])
        self.assertEqual(answer["alternatives"], [TEN + n * 1800 for n in (1, 2, 3)])
        self.assertEqual({row["name"] for row in answer["why"]}, {self.anna.name, self.ben.name})
        self.assertFalse(self.events())
        self.assertEqual(self.book(answer["alternatives"][0])["who"], self.anna.name)

    def test_a_booking_that_fails_leaves_the_time_free(self):
        """S2-46, S2-48: nothing stays held, so the second try gets it and the same person."""
        with self.assertRaises(ValueError):
            self.book(user_id=self.ben.id, notes="\x00")
        self.assertFalse(self.env["booking.hold"].search([("user_id", "=", self.ben.id)]))
        self.assertEqual(self.book(user_id=self.ben.id).get("who"), self.ben.name)

    def test_a_forged_choice_is_refused(self):
        """S2-48, S2-49: another calendar's service or person, a time outside the hours."""
        other = self.env["booking.service"].create({"name": "Other"})
        with self.assertRaises(UserError):
            self.ask("slot_picker_week", self.calendar.id, other.id, 0, MONDAY)
        with self.assertRaises(UserError):
            self.ask("slot_picker_week", self.calendar.id, self.service.id, self.env.uid, MONDAY)
        self.assertIn("taken", self.book(at(f"{MONDAY} 07:00")))

    def test_who_may_not_see_the_lead_learns_nothing(self):
        """B-05: neither by the week nor by booking."""
        clerk = new_test_user(self.env, "clerk.booked")
        for method, args in (
            ("slot_picker", ()),
            ("slot_picker_week", (*self.choice, MONDAY)),
            ("slot_picker_why", (*self.choice, TEN)),
            ("slot_picker_book", (*self.choice, TEN, {})),
        ):
            with self.assertRaises(AccessError):
                self.ask(method, *args, user=clerk)
        self.assertFalse(self.events())


@tagged("post_install", "-at_install")
class TestBookingPickerWeb(PickerMixin, HttpCase):
    def test_book_with_the_keyboard(self):
        """S0-03, B-08, D-09: next free, why not, another one, with Ben, booked."""
        self._set_up_lead()
        for user in (self.anna, self.ben):
            self.event(user, "09:30", "10:00")
        until = at(f"{MONDAY} 08:30") - int(self.env.cr.now().timestamp())
        self.calendar.notice_min = until // 60
        self.start_tour(
            f"/odoo/crm.lead/{self.lead.id}?debug=1",
            "calendar_sync_pro_book_with_keyboard",
            login="anna.booked",
        )
        event = self.env["calendar.event"].search([("opportunity_id", "=", self.lead.id)])
        self.assertEqual(event.user_id, self.ben)
        self.assertEqual(at(f"{MONDAY} 10:00"), instant(event.start))
        self.assertIn("Prices and dates", event.description)
