"""A rep with a lead and a connected calendar, for the tests of appointments."""

from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user
from odoo.tests.common import HttpCase

from ..models.silent import SILENT

SALESMAN = "sales_team.group_sale_salesman,crm.group_use_lead"


class AppointmentMixin:
    @classmethod
    def _set_up_team(cls):
        cls.anna = new_test_user(
            cls.env, "anna.rep", groups=SALESMAN, email="anna@rep.example", tz="Europe/Berlin"
        )
        cls.ben = new_test_user(cls.env, "ben.rep", groups=SALESMAN, email="ben@rep.example")
        cls.company = cls.env["res.partner"].create({"name": "Fjordline", "is_company": True})
        cls.mia = cls.env["res.partner"].create(
            {"name": "Mia", "email": "mia@fjordline.example", "parent_id": cls.company.id}
        )
        cls.lead = cls._new_lead("Fleet planning")
        cls.hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0) + timedelta(
            days=3
        )

    @classmethod
    def _new_lead(cls, name, kind="lead", user=None):
        return cls.env["crm.lead"].create(
            {
                "name": name,
                "type": kind,
                "partner_id": cls.mia.id,
                "user_id": (user or cls.anna).id,
            }
        )

    @classmethod
    def _book(cls, lead=None, user=None, **values):
        """Book as the dialog does: its defaults, saved."""
        lead = (lead or cls.lead).with_user(user or cls.anna)
        action = lead.action_book_appointment()
        events = lead.env["calendar.event"].with_context(**action["context"])
        return events.create(
            {"start": cls.hour, "stop": cls.hour + timedelta(minutes=30), **values}
        )

    @classmethod
    def _connect(cls, user, status="active"):
        """An account with sync on, and its calendar for events. No provider is asked."""
        account = cls.env["calendar.sync.account"].create(
            {
                "user_id": user.id,
                "company_id": user.company_id.id,
                "provider": "google",
                "remote_id": user.login,
                "email": user.email,
                "status": status,
            }
        )
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE calendar_sync_account SET is_sync_on = true WHERE id = %s", [account.id]
        )
        account.invalidate_recordset()
        return cls.env["calendar.sync.calendar"].create(
            {
                "account_id": account.id,
                "remote_id": user.login,
                "name": user.email,
                "access_role": "owner",
                "can_write": True,
                "is_events": True,
            }
        )

    @classmethod
    def _link(cls, event, calendar, **values):
        """Put `event` on `calendar`, as a finished push does."""
        event = event.sudo().with_context(**SILENT)
        meeting = event.sync_meeting_id or cls.env["calendar.sync.meeting"].create(
            {"ical_uid": f"uid-{event.id}", "event_id": event.id}
        )
        event.sync_meeting_id = meeting
        return cls.env["calendar.sync.link"].create(
            {
                "meeting_id": meeting.id,
                "calendar_id": calendar.id,
                "ical_uid": meeting.ical_uid,
                "remote_id": f"r{event.id}",
                "web_url": f"https://calendar.example/r{event.id}",
                **values,
            }
        )

    def _settle_marks(self):
        """Commit's hooks run, and the worker sends what they marked."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env["calendar.sync.mark"].search([]).unlink()

    def _notes(self, record):
        """Texts of the timeline's notes about appointments, newest first."""
        words = ("Booked", "Moved", "Cancelled", "Planned again", "Meeting scheduled")
        messages = record.sudo().message_ids
        return [text for text in messages.mapped("preview") if text.startswith(words)]


class AppointmentCase(AppointmentMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_team()


class AppointmentHttpCase(AppointmentMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_team()
