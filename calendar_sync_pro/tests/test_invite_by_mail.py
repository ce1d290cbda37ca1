"""An organizer without a calendar in sync: Odoo's own mail invites, changes and calls off."""

from datetime import timedelta

import icalendar
from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestInviteByMail(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = new_test_user(
            cls.env, "anna.by.mail", email="anna@rep.example", tz="Europe/Berlin"
        )
        partners = cls.env["res.partner"]
        cls.mia = partners.create({"name": "Mia", "email": "mia@fjord.example"})
        cls.tom = partners.create({"name": "Tom", "email": "tom@fjord.example"})
        cls.uma = partners.create({"name": "Uma"})
        # In the morning, so that it is the same day of the week in Berlin.
        cls.start = (fields.Datetime.now() + timedelta(days=3)).replace(
            hour=9, minute=0, second=0, microsecond=0
        )

    def meeting(self, choice, guests=None, **values):
        guests = self.anna.partner_id | (self.mia if guests is None else guests)
        made = self.env["calendar.event"].with_user(self.anna).create({
            "name": "Talk", "start": self.start, "stop": self.start + timedelta(hours=1),
            "partner_ids": [fields.Command.set(guests.ids)], "invite_choice": choice, **values,
        })  # fmt: skip
        return made

    def mails(self, since=()):
        known = {mail.id for mail in since}
        mails = self.env["mail.mail"].sudo().search([], order="email_to")
        return mails.filtered(lambda mail: mail.id not in known)

    def told(self, mails):
        return sorted((mail.email_to, mail.subject.split(":")[0]) for mail in mails)

    def file(self, mail):
        (attachment,) = mail.attachment_ids
        method = attachment.mimetype.partition("method=")[2]
        calendar = icalendar.Calendar.from_ical(attachment.raw)
        self.assertEqual(str(calendar["METHOD"]), method.upper())
        (event,) = calendar.walk("VEVENT")
        return method.upper(), event

    def test_saving_without_inviting_mails_nobody_and_inviting_later_mails_each_once(self):
        """S3-35, S3-37: stored quietly; later one mail each, and none for a second click."""
        event = self.meeting("quiet", self.mia | self.tom)
        self.assertFalse(self.mails())
        rows = event.attendee_ids.filtered(lambda row: row.partner_id != self.anna.partner_id)
        self.assertEqual(set(rows.mapped("invitation")), {"held"})
        event.write({"invite_choice": "invite"})
        mails = self.mails()
        self.assertEqual(
            [mail.email_to for mail in mails], ["mia@fjord.example", "tom@fjord.example"]
        )
        self.assertFalse(mails.recipient_ids)
        event.write({"invite_choice": "invite"})
        self.assertEqual(self.mails(), mails)

    def test_invitation_carries_a_request_whose_sequence_grows_with_each_change(self):
        """S3-24, S3-37: the guest's calendar adds the entry, then changes the same one."""
        event = self.meeting("invite")
        first = self.mails()
        method, said = self.file(first)
        self.assertEqual((method, int(said["SEQUENCE"]), said["SUMMARY"]), ("REQUEST", 0, "Talk"))
        self.assertEqual(said["DTSTART"].dt.replace(tzinfo=None), event.start)
        self.assertEqual(said["ORGANIZER"], "mailto:anna@rep.example")
        self.assertEqual(said["ATTENDEE"], "mailto:mia@fjord.example")
        later = event.start + timedelta(hours=2)
        event.write({"start": later, "stop": later + timedelta(hours=1), "invite_choice": "quiet"})
        self.assertEqual(self.mails(), first)
        event.write({"location": "Pier 7", "invite_choice": "invite"})
        second = self.mails(first)
        self.assertEqual(self.told(second), [("mia@fjord.example", "Changed")])
        method, news = self.file(second)
        self.assertEqual((method, int(news["SEQUENCE"]), news["UID"]), ("REQUEST", 1, said["UID"]))
        self.assertEqual(news["DTSTART"].dt.replace(tzinfo=None), later)

    def test_participant_who_is_added_is_invited_with_the_next_choice_to_invite(self):
        """S3-35, S3-37: who was there before gets no second invitation, only real changes."""
        event = self.meeting("invite")
        first = self.mails()
        event.write({"partner_ids": [fields.Command.link(self.tom.id)], "invite_choice": "quiet"})
        self.assertEqual(self.mails(), first)
        event.write({"invite_choice": "invite"})
        self.assertEqual([mail.email_to for mail in self.mails(first)], ["tom@fjord.example"])

    def test_participant_without_an_address_blocks_nobody(self):
        """S3-24: there is nowhere to mail her; the others are invited."""
        event = self.meeting("invite", self.mia | self.uma)
        self.assertEqual([mail.email_to for mail in self.mails()], ["mia@fjord.example"])
        self.assertIn(self.uma, event.partner_ids)

    def test_series_is_one_mail_with_its_rule(self):
        """S3-37: a guest of a weekly meeting isn't told of each week."""
        rule = {"recurrency": True, "rrule_type": "weekly", "interval": 1, "count": 4,
                "end_type": "count", "event_tz": "Europe/Berlin"}  # fmt: skip
        day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[self.start.weekday()]
        event = self.meeting("invite", **rule, **{day: True})
        self.assertEqual(len(event.recurrence_id.calendar_event_ids), 4)
        mail = self.mails()
        method, said = self.file(mail)
        self.assertEqual(
            (method, said["RRULE"]["FREQ"], said["RRULE"]["COUNT"]), ("REQUEST", ["WEEKLY"], [4])
        )
        self.assertEqual(said["DTSTART"].params["TZID"], "Europe/Berlin")
        last = event.recurrence_id.calendar_event_ids.sorted("start")[-1]
        last.write(
            {"location": "Pier 7", "invite_choice": "invite", "recurrence_update": "self_only"}
        )
        method, said = self.file(self.mails(mail))
        self.assertEqual(said["RECURRENCE-ID"].dt.replace(tzinfo=None), last.start)
        self.assertNotIn("RRULE", said)
