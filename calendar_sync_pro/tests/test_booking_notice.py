"""What a customer and a rep hear of a booking: once each, by mail and SMS, and nothing else."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools.translate import code_translations

from ..booking.intervals import moment
from .booking_case import MONDAY, at, utc
from .booking_page_case import MIAS_ADDRESS, MIAS_PHONE, TEN, BookingPageCase

ELEVEN = TEN + 3600


@tagged("post_install", "-at_install")
class TestBookingNotice(BookingPageCase):
    def later(self, minutes):
        """Some minutes on."""
        clock = freeze_time(fields.Datetime.now() + timedelta(minutes=minutes))
        clock.start()
        self.addCleanup(clock.stop)

    def at(self, text):
        """It is that time on the wall in Berlin."""
        clock = freeze_time(utc(text))
        clock.start()
        self.addCleanup(clock.stop)

    def move(self, booking, start=ELEVEN):
        """The rep drags the appointment."""
        times = {name: naive(start + length) for name, length in (("start", 0), ("stop", 1800))}
        event = booking.event_id.with_user(booking.event_id.user_id).sudo()
        event.with_context(no_mail_to_attendees=True).write(times)
        self.env.cr.precommit.run()

    def booked(self, **typed):
        """Mia has booked and knows it."""
        booking = self.book(**typed)
        self.tell()
        return booking

    def test_a_booking_is_confirmed_by_one_mail_and_one_sms(self):
        """S2-38: with the appointment attached; the next run of the cron sends nothing more."""
        booking = self.book()
        self.assertEqual(self.outbox()[1], [])
        mails, sms = self.tell()
        self.assertEqual([to for _subject, to in mails], [MIAS_ADDRESS])
        self.assertIn("Booked: Consultation", mails[0][0])
        self.assertEqual([number for number, _text in sms], [MIAS_PHONE])
        self.assertIn("/booking/manage/", sms[0][1])
        mail = self.env["mail.mail"].search([("email_to", "=", MIAS_ADDRESS)])
        self.assertEqual(mail.attachment_ids.mapped("name"), ["invite.ics"])
        self.assertEqual(set(booking.event_id.attendee_ids.mapped("state")), {"accepted"})
        [file] = self.files(booking)
        [event] = file.walk("VEVENT")
        self.assertEqual((file["method"], event["sequence"]), ("REQUEST", 0))
        self.assertEqual(event.decoded("dtstart"), moment(TEN))
        self.assertEqual(event["attendee"], f"mailto:{MIAS_ADDRESS}")
        self.assertEqual(self.tell(), ([], []))

    def test_a_customer_without_phone_gets_a_mail_and_who_objected_no_sms(self):
        """S2-38: opting out of SMS is respected."""
        self.env["phone.blacklist"].create({"number": MIAS_PHONE})
        self.book()
        self.book(ELEVEN, phone="", email="oskar@else.example", name="Oskar Dahl")
        mails, sms = self.tell()
        self.assertEqual({to for _subject, to in mails}, {MIAS_ADDRESS, "oskar@else.example"})
        self.assertEqual(sms, [])

    def test_what_the_rep_moves_twice_is_told_once(self):
        """S2-66, S2-38: when it has been quiet for a while, with the newest time."""
        booking = self.booked()
        self.move(booking)
        self.assertEqual(self.tell(), ([], []))
        self.move(booking, at(f"{MONDAY} 14:00"))
        self.later(3)
        mails, sms = self.tell()
        self.assertEqual([to for _subject, to in mails], [MIAS_ADDRESS])
        self.assertIn("2:00 PM", mails[0][0])
        self.assertEqual(len(sms), 1)
        [event] = self.files(booking)[-1].walk("VEVENT")
        self.assertEqual(event["sequence"], 1)
        self.assertEqual(event["uid"], self.files(booking)[0].walk("VEVENT")[0]["uid"])
        self.later(10)
        self.assertEqual(self.tell(), ([], []))

    def test_moved_there_and_back_is_nothing_to_tell(self):
        """S2-66: the customer never knew of the other time."""
        booking = self.booked()
        self.move(booking)
        self.move(booking, TEN)
        self.later(3)
        self.assertEqual(self.tell(), ([], []))

    def test_cancelled_in_odoo_or_deleted_is_told_once(self):
        """S2-66: the file takes it out of the customer's calendar too."""
        first, second = self.booked(), self.book(ELEVEN)
        self.tell()
        first.event_id._cancel_appointment("Ill")
        self.env.cr.precommit.run()
        second.event_id.unlink()
        self.later(3)
        self.tell()
        mails = [subject for subject, _to in self.outbox()[0] if "Cancelled" in subject]
        self.assertEqual(len(mails), 2)
        self.assertEqual(self.files(first)[-1]["method"], "CANCEL")
        self.later(10)
        self.assertEqual(self.tell(), ([], []))

    def test_customers_are_not_told_of_changes_where_the_calendar_says_so(self):
        """S2-66: the setting; a reminder still names the time that holds."""
        self.calendar.is_customer_told = False
        booking = self.booked()
        self.move(booking)
        self.later(3)
        self.assertEqual(self.tell(), ([], []))
        self.assertEqual(booking.told_start, naive(ELEVEN))

    def test_reminders_come_once_each_and_follow_the_appointment(self):
        """S2-38: a day and an hour before the new time, none for the old one."""
        booking = self.booked()
        self.move(booking, TEN + 2 * 86400)
        self.later(3)
        self.tell()
        day = str(moment(TEN + 86400).date())
        self.at(f"{MONDAY} 09:30")
        self.assertEqual(self.tell(), ([], []))
        self.at(f"{day} 10:01")
        mails, sms = self.tell()
        self.assertEqual((len(mails), len(sms)), (1, 1))
        self.assertIn("Reminder", mails[0][0])
        self.assertEqual(self.tell(), ([], []))
        self.at(f"{moment(TEN + 2 * 86400).date()} 09:05")
        self.assertEqual(len(self.tell()[0]), 1)
        self.at(f"{moment(TEN + 2 * 86400).date()} 10:30")
        self.assertEqual(self.tell(), ([], []))

    def test_nothing_reminds_of_what_is_cancelled(self):
        """S2-38: neither the day before nor the hour before."""
        booking = self.booked()
        booking.event_id._cancel_appointment("Ill")
        self.env.cr.precommit.run()
        self.later(3)
        self.tell()
        self.at(f"{MONDAY} 09:30")
        self.assertEqual(self.tell(), ([], []))

    def test_the_calendar_that_invites_sends_the_only_file(self):
        """S2-38: the customer is on the calendar's event, so Odoo attaches none."""
        self.calendar.is_customer_invited = True
        booking = self.book()
        self.assertEqual(len(self.tell()[0]), 1)
        self.assertEqual(self.files(booking), [])

    def test_a_confirmation_waits_a_moment_for_the_video_call(self):
        """S2-38: that the calendar is about to make; without one to come it goes at once."""
        booking = self.book()
        booking.calendar_id.location_kind = "video"
        booking.event_id.online_meeting = "yes"
        self.assertEqual(booking._wait_for_link(), timedelta(minutes=1))
        booking.event_id.videocall_location = "https://meet.example/abc"
        self.assertEqual(booking._wait_for_link(), timedelta())

    def test_the_calendar_file_speaks_the_customers_language(self):
        """S2-38, D-06: also where nobody's language is set, as in the cron."""
        self.env["res.lang"]._activate_lang("de_DE")
        german = {"Change or cancel: %s": "Ändern oder absagen: %s"}
        self.patch(
            code_translations, "python_translations", {("calendar_sync_pro", "de_DE"): german}
        )
        booking = self.book(lang="de_DE")
        text = booking.with_context(lang=None)._text_of_file()
        self.assertTrue(text.startswith("Ändern oder absagen: http"), text)

    def test_odoos_own_mail_about_a_new_date_does_not_reach_the_customer_too(self):
        """S2-46: moved in the form by somebody whose calendar is not connected."""
        booking = self.booked()
        event = booking.event_id.with_user(booking.event_id.user_id).sudo()
        before = self.outbox()
        event.write({"start": naive(ELEVEN), "stop": naive(ELEVEN + 1800)})
        self.env.cr.precommit.run()
        new = self.outbox()[0][len(before[0]) :]
        self.assertFalse([to for _subject, to in new if to == MIAS_ADDRESS])

    def test_one_broken_text_holds_up_nobody_else(self):
        """S2-38: the others are told, and this one is tried again."""
        bad = self.book()
        self.book(ELEVEN, email="oskar@else.example", name="Oskar Dahl")
        bad.event_id.videocall_location = "https://meet.example/1"
        template = self.env.ref("calendar_sync_pro.booking_sms_confirmed")
        template.body = "{{ 1 / (object.email != '%s') }}" % MIAS_ADDRESS  # noqa: UP031
        mails, _sms = self.tell()
        self.assertEqual([to for _subject, to in mails], ["oskar@else.example"])
        self.assertEqual((bad.failures, bad.told_state), (1, "nothing"))
        template.body = "Booked"
        self.later(60)
        self.assertEqual([to for _subject, to in self.tell()[0]], [MIAS_ADDRESS])

    def test_open_screens_of_the_team_hear_of_it_at_once(self):
        """S2-40: ids only, on the channel of all salespeople; a failed try says nothing."""
        self.env["bus.bus"].sudo().search([]).unlink()
        booking = self.book()
        self.env.cr.precommit.run()
        sent = self.env["bus.bus"].sudo().search([("message", "like", "calendar_sync_pro/booking")])
        [message] = [json.loads(one.message) for one in sent]
        event = booking.event_id
        facts = {"event_id": event.id, "lead_id": event.opportunity_id.id}
        self.assertEqual(message["payload"], facts)
        group = self.env.ref("sales_team.group_sale_salesman")
        self.assertIn(str(group.id), sent.channel)
        self.assertIn("res.groups", sent.channel)

    # -- the rep ----------------------------------------------------------------------------------
    def heard(self, channel):
        """By which channels Anna heard of a booking, when this one is set."""
        self.anna.write({"booking_channel": channel, "notification_type": "email"})
        self.anna.partner_id.write({"phone": "+4930555", "email": "anna@booked.example"})
        partner = self.anna.partner_id
        chats = self.env["discuss.channel.member"].search_count([("partner_id", "=", partner.id)])
        seen = self.env["mail.notification"].search([("res_partner_id", "=", partner.id)])
        mails, sms = self.outbox()
        self.book(members=self.member(self.anna))
        new = self.env["mail.notification"].search([("res_partner_id", "=", partner.id)]) - seen
        told = [f"notice {each.notification_type}" for each in new]
        told += ["mail"] * (len(self.outbox()[0]) - len(mails))
        told += ["sms"] * (len(self.outbox()[1]) - len(sms))
        members = self.env["discuss.channel.member"]
        told += ["chat"] * (members.search_count([("partner_id", "=", partner.id)]) - chats)
        return told

    def test_the_rep_hears_of_it_in_the_inbox_only(self):
        """S2-39: although all other notices come by mail."""
        self.assertEqual(self.heard("inbox"), ["notice inbox"])

    def test_the_rep_hears_of_it_by_mail_only(self):
        """S2-39: one mail."""
        self.assertEqual(self.heard("email"), ["notice email", "mail"])

    def test_the_rep_hears_of_it_by_sms_only(self):
        """S2-39: one SMS."""
        self.assertEqual(self.heard("sms"), ["sms"])

    def test_the_rep_hears_of_it_in_discuss_only(self):
        """S2-39: one message in a chat."""
        self.assertEqual(self.heard("discuss"), ["chat"])


def naive(seconds):
    """An instant as Odoo keeps it."""
    return moment(seconds).replace(tzinfo=None)
