"""A booking calendar's own texts: its customers get those, and everybody else the general ones."""

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ..models.booking_texts import FIELDS, KINDS
from .booking_case import MONDAY, TUESDAY, utc
from .booking_page_case import MIAS_ADDRESS, BookingPageCase

OSKAR = {"name": "Oskar Dahl", "email": "oskar@else.example", "phone": "+49 30 7654321"}


@tagged("post_install", "-at_install")
class TestBookingTexts(BookingPageCase):
    def own_texts(self):
        """A text of its own for everything that this calendar sends."""
        for kind in KINDS:
            mail = self.calendar._write_own_text("mail", kind)
            mail.write({"subject": f"Own {kind} {{{{ object.name }}}}"})
            self.calendar._write_own_text("sms", kind).body = f"Own {kind}"

    def on(self, day, time):
        """It is that time in Berlin."""
        clock = freeze_time(utc(f"{day} {time}"))
        clock.start()
        self.addCleanup(clock.stop)

    def other_calendar(self):
        """One more with the same people and no texts of its own."""
        other = self.calendar.copy({"page_name": "other", **dict.fromkeys(FIELDS, False)})
        other.member_ids = [(0, 0, {"user_id": self.ben.id, "hours_id": self.hours.id})]
        return other

    def walk(self, booking):
        """Booked, moved, reminded, cancelled: ([subjects], [texts of SMS]) of all that is sent."""
        event = booking.event_id
        sent = [self.tell()]
        event.with_context(no_mail_to_attendees=True).write(
            {"start": utc(f"{TUESDAY} 10:00"), "stop": utc(f"{TUESDAY} 10:30")}
        )
        self.env.cr.precommit.run()
        booking.due_at = fields.Datetime.now()
        sent.append(self.tell())
        self.on(MONDAY, "10:01")
        sent.append(self.tell())
        event._cancel_appointment("Ill")
        self.env.cr.precommit.run()
        booking.due_at = fields.Datetime.now()
        sent.append(self.tell())
        mails = [subject for mails, _sms in sent for subject, _to in mails]
        return mails, [text for _mails, sms in sent for _number, text in sms]

    def test_a_calendar_with_texts_of_its_own_sends_those_and_no_general_one(self):
        """S2-38: booked, changed, reminded, cancelled: each once by mail and once by SMS."""
        self.own_texts()
        mails, sms = self.walk(self.book())
        kinds = ["confirmed", "moved", "reminder", "cancelled"]
        self.assertEqual(mails, [f"Own {kind} Mia Lindqvist" for kind in kinds])
        self.assertEqual(sms, [f"Own {kind}" for kind in kinds])

    def test_a_calendar_without_sends_the_general_ones_although_another_has_its_own(self):
        """S2-38: nothing of the other calendar's texts reaches these customers."""
        self.own_texts()
        self.calendar = self.other_calendar()
        mails, sms = self.walk(self.book(members=self.calendar.member_ids, **OSKAR))
        begins = ["Booked", "New time", "Reminder", "Cancelled"]
        self.assertEqual([mail.partition(":")[0] for mail in mails], begins)
        self.assertEqual([text.startswith("Northwind: ") for text in sms], [True] * 4)

    def test_one_own_text_leaves_the_others_general(self):
        """S2-38: and it carries what is attached to it beside the appointment."""
        mail = self.calendar._write_own_text("mail", "confirmed")
        mail.subject = "See you soon"
        mail.attachment_ids = [(0, 0, {"name": "how to find us.pdf", "raw": b"map"})]
        self.book()
        mails, sms = self.tell()
        self.assertEqual(mails, [("See you soon", MIAS_ADDRESS)])
        self.assertTrue(sms[0][1].startswith("Northwind: booked"))
        sent = self.env["mail.mail"].search([("email_to", "=", MIAS_ADDRESS)])
        names = sorted(sent.attachment_ids.mapped("name"))
        self.assertEqual(names, ["how to find us.pdf", "invite.ics"])

    def test_an_archived_or_deleted_own_text_gives_way_to_the_general_one(self):
        """S2-38: customers are told in any case."""
        self.calendar._write_own_text("mail", "confirmed").active = False
        self.calendar._write_own_text("sms", "confirmed").unlink()
        self.book()
        mails, sms = self.tell()
        self.assertTrue(mails[0][0].startswith("Booked: "))
        self.assertTrue(sms[0][1].startswith("Northwind: booked"))

    def test_a_text_about_something_else_is_refused(self):
        """S2-38: it could name nothing of the booking."""
        lead = self.env["ir.model"]._get_id("crm.lead")
        text = self.env["mail.template"].create({"name": "Lead", "model_id": lead})
        with self.assertRaises(ValidationError):
            self.calendar.mail_moved_id = text

    # -- reading and changing them -----------------------------------------------------------------
    def texts(self, user=None, **chosen):
        """The dialog, as this user sees it."""
        wizards = self.env["booking.texts"].with_user(user or self.env.user)
        form = Form(wizards.with_context(default_calendar_id=self.calendar.id))
        for name, value in chosen.items():
            form[name] = value
        return form

    def test_texts_are_read_as_customers_will_and_nothing_stays_of_the_example(self):
        """S2-38: filled in for a customer of the next free time; nobody is mailed."""
        before = (self.env["booking.customer"].search_count([]), self.outbox())
        form = self.texts(kind="reminder")
        self.assertTrue(form.subject.startswith("Reminder: Consultation"), form.subject)
        self.assertIn("Mia Example", form.body)
        self.assertIn("Northwind: reminder", form.sms)
        self.assertFalse(form.is_own_mail)
        self.assertEqual((self.env["booking.customer"].search_count([]), self.outbox()), before)

    def test_a_text_that_cannot_be_filled_in_says_so(self):
        """S2-38: to whoever wrote it, before a customer waits for it in vain."""
        mail = self.calendar._write_own_text("mail", "confirmed")
        mail.subject = "{{ object.nothing_of_that_name }}"
        self.assertIn("nothing_of_that_name", self.texts().problem)
        self.assertFalse(self.texts(kind="moved").problem)

    def test_changing_a_text_changes_it_for_this_calendar_alone(self):
        """S2-38: the general one is the beginning, and stays as it is."""
        general = self.env.ref("calendar_sync_pro.booking_mail_confirmed")
        action = self.texts().save().action_write_mail()
        own = self.env["mail.template"].browse(action["res_id"])
        self.assertEqual((own.subject, own), (general.subject, self.calendar.mail_confirmed_id))
        own.subject = "Ours"
        self.assertEqual(self.texts().subject, "Ours")
        self.assertTrue(self.texts().is_own_mail)
        self.assertNotEqual(general.subject, "Ours")
        self.assertEqual(self.texts().save().action_write_mail()["res_id"], own.id)

    def test_changing_a_text_that_two_calendars_use_changes_it_for_one(self):
        """S2-38: the other one keeps what its customers are used to."""
        shared = self.calendar._write_own_text("sms", "confirmed")
        shared.body = "Shared"
        other = self.calendar.copy({"page_name": "other"})
        self.assertEqual(other.sms_confirmed_id, shared)
        other._write_own_text("sms", "confirmed").body = "Of the other"
        self.assertEqual(self.calendar._text("sms", "confirmed").body, "Shared")
        self.assertEqual(other._text("sms", "confirmed").body, "Of the other")
        self.assertIn(other.name, other.sms_confirmed_id.name)

    def test_texts_of_another_company_are_not_read(self):
        """S2-38: whatever booking calendar somebody names."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, "eva.texts", company_id=other.id, company_ids=[(6, 0, other.ids)]
        )
        wizard = self.env["booking.texts"].with_user(stranger)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            wizard.create({"calendar_id": self.calendar.id}).read(["subject", "body", "sms"])

    def test_who_may_not_write_texts_reads_them(self):
        """S2-38: texts that are filled in run code, so Odoo lets only some people write them."""
        nils = new_test_user(self.env, "nils.texts")
        nils.group_ids -= self.env.ref("mail.group_mail_template_editor")
        self.calendar.user_id = nils
        form = self.texts(nils)
        self.assertIn("Mia Example", form.body)
        self.assertEqual((form.can_write_mail, form.can_write_sms), (False, False))
        with self.assertRaises(AccessError):
            form.save().action_write_mail()
        self.assertFalse(self.calendar.mail_confirmed_id)
