"""Who a customer is: contacts and leads are found, made, and never overwritten."""

from dataclasses import replace

import psycopg2
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.booking_take import SlotTaken
from .booking_case import MONDAY, at
from .booking_page_case import MIA, MIAS_ADDRESS, MIAS_PHONE, TEN, BookingPageCase


@tagged("post_install", "-at_install")
class TestBookingCustomer(BookingPageCase):
    def lead(self, **values):
        """An open lead of Mia."""
        mia = {"name": "Fleet", "type": "opportunity", "email_from": MIAS_ADDRESS}
        return self.env["crm.lead"].create({**mia, **values})

    def contact(self, **values):
        """Mia as she is known."""
        return self.env["res.partner"].create(
            {"name": "Mia L.", "email": "MIA@fjordline.example", **values}
        )

    def test_somebody_new_becomes_a_contact_with_a_lead_of_whoever_got_the_booking(self):
        """S0-03, C17: with where they came from, and the appointment on the lead."""
        utm = ("newsletter", "e-mail", "autumn")
        booking = self.book(utm=utm, lang="en_US", tz="Europe/Oslo")
        partner, event = booking.partner_id, booking.event_id
        lead = event.opportunity_id
        self.assertEqual((partner.name, partner.email), (MIA["name"], MIAS_ADDRESS))
        self.assertEqual((partner.phone, partner.tz), (MIAS_PHONE, "Europe/Oslo"))
        self.assertEqual((lead.partner_id, lead.user_id), (partner, event.user_id))
        names = (lead.source_id.name, lead.medium_id.name, lead.campaign_id.name)
        self.assertEqual(names, utm)
        self.assertEqual(lead.email_from, MIAS_ADDRESS)
        self.assertEqual(event.name, f"Consultation – {MIA['name']}")
        self.assertEqual(event.appointment_source, "page")
        self.assertEqual(event.partner_ids, event.user_id.partner_id | partner)

    def test_a_known_contact_stays_as_it_is(self):
        """S0-03: nothing from a public form overwrites what is known."""
        known = self.contact(phone="+47 1", tz="Europe/Oslo", lang="en_US")
        booking = self.book(name="MIA!! <b>", phone="+49 30 999999", tz="Asia/Tokyo")
        self.assertEqual(booking.partner_id, known)
        self.assertEqual((known.name, known.phone, known.tz), ("Mia L.", "+47 1", "Europe/Oslo"))

    def test_her_open_lead_and_its_salesperson_come_first(self):
        """S2-27, S0-03: no second lead; its salesperson, name and source stay."""
        lead = self.lead(user_id=self.ben.id)
        booking = self.book(utm=("newsletter", "", ""))
        self.assertEqual(booking.event_id.opportunity_id, lead)
        self.assertEqual((booking.user_id, lead.user_id), (self.ben, self.ben))
        self.assertEqual((lead.name, lead.source_id.name), ("Fleet", False))

    def test_a_lead_that_is_lost_or_won_gets_no_new_appointment(self):
        """S0-03: then it is a new one."""
        lost, won = self.lead(), self.lead(name="Won")
        lost.action_set_lost()
        won.action_set_won()
        lead = self.book().event_id.opportunity_id
        self.assertNotIn(lead, lost | won)

    def test_a_colleagues_address_makes_no_appointment_of_the_colleague(self):
        """S2-47: whoever types it blocks nobody's calendar with it."""
        booking = self.book(email=self.ben.email, members=self.member(self.anna))
        self.assertNotIn(self.ben.partner_id, booking.event_id.partner_ids)
        self.assertEqual(self.starts()["10:00"], (self.ben.id,))

    def test_a_phone_number_alone_is_no_proof_of_who_it_is(self):
        """S0-03: families and offices share one; under the same name it is."""
        shared = self.contact(name="Jon", email="jon@fjordline.example", phone=MIAS_PHONE)
        self.assertNotEqual(self.book().partner_id, shared)
        again = self.book(TEN + 3600, name="JON", email="jons.new@else.example")
        self.assertEqual(again.partner_id, shared)

    def test_the_same_request_twice_is_one_booking(self):
        """S2-46: a double click, or a page that was loaded again."""
        first = self.book(key="a" * 20)
        again = self.book(key="a" * 20)
        other = self.book(TEN + 3600, key="b" * 20)
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)
        self.assertEqual(self.env["calendar.event"].search_count([("name", "like", "Mia")]), 2)

    def test_a_failed_try_leaves_nothing(self):
        """S2-46, S2-48: no hold, no contact, no lead, no mail; the next try gets the time."""
        counts = self.counts()
        with self.assertRaises(ValidationError):
            self.book(transcript_url="javascript:alert(1)")
        self.assertEqual(self.counts(), counts)
        with self.assertRaises(SlotTaken):
            self.book(at(f"{MONDAY} 07:00"))
        self.assertEqual(self.counts(), counts)
        self.assertEqual(self.book().start.hour, 9)

    @mute_logger("odoo.sql_db")
    def test_what_fails_at_the_very_end_leaves_nothing_either(self):
        """S2-46: the appointment was made already; it goes, and the time is free for the next."""
        counts = self.counts()
        customer, _problems = self.calendar._read_customer(MIA)
        with self.assertRaises(psycopg2.errors.NotNullViolation), self.committing() as env:
            calendar, service = self.calendar.with_env(env), self.service.with_env(env)
            calendar._book_for(service, TEN, replace(customer, tz=None))
        self.env.invalidate_all()
        self.assertEqual(self.counts(), counts)
        self.assertEqual(len(self.starts()["10:00"]), 2)

    def counts(self):
        """How many there are of all that a booking makes."""
        models = (
            "booking.hold",
            "res.partner",
            "crm.lead",
            "calendar.event",
            "mail.mail",
            "sms.sms",
        )
        return [self.env[model].search_count([]) for model in models]

    def test_questions_are_answered_and_colleagues_read_them(self):
        """S2-36, S2-33: in their order, with a choice that is one."""
        for name, kind in (("How many?", "choice"), ("Why?", "long")):
            self.calendar.question_ids.create(
                {
                    "calendar_id": self.calendar.id,
                    "name": name,
                    "kind": kind,
                    "choices": "One\nTwo",
                    "is_required": kind == "choice",
                }
            )
        number, why = self.calendar.question_ids.ids
        _customer, problems = self.calendar._read_customer({**MIA, "answers": {number: "Three"}})
        self.assertEqual(list(problems), [f"question_{number}"])
        _customer, problems = self.calendar._read_customer(MIA)
        self.assertEqual(list(problems), [f"question_{number}"])
        event = self.book(answers={number: "Two", why: "a\nb"}, notes="Gate 2").event_id
        self.assertEqual(event.booking_answers, [["How many?", "Two"], ["Why?", "a\nb"]])
        self.assertEqual(event.conversation_notes, "Gate 2")
