"""Where an appointment shows: lists, timelines and figures, for whom, and at which cost."""

from datetime import timedelta

from lxml import etree
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .appointment_case import SALESMAN, AppointmentCase
from .push_case import PushCase

SEEN = "name", "start", "user_id", "partner_ids", "appointment_state", "sync_badge", "room_names"


@tagged("post_install", "-at_install")
class TestWhereItShows(AppointmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = new_test_user
        cls.people = {
            "rep": cls.anna,
            "colleague": cls.ben,
            "leader": make(cls.env, "lena.leader", groups=SALESMAN),
            "manager": make(
                cls.env, "mona.manager", groups="sales_team.group_sale_salesman_all_leads"
            ),
            "admin": make(cls.env, "ada.admin", groups="base.group_system,base.group_user"),
            "portal": make(cls.env, "petra.portal", groups="base.group_portal"),
            "public": cls.env.ref("base.public_user"),
        }
        cls.team = cls.env["crm.team"].create({"name": "N", "user_id": cls.people["leader"].id})
        cls.env["crm.team.member"].create({"crm_team_id": cls.team.id, "user_id": cls.anna.id})
        cls.lead.team_id = cls.team

    def _may(self, user, record, name):
        """What `user` can do with a record: 'all', 'read' or '' (nothing)."""
        record = record.with_user(user)
        record.invalidate_recordset()
        try:
            record.read([name])
        except AccessError:
            return ""
        return "all" if record.has_access("write") else "read"

    def test_who_may_do_what(self):
        """S3-18, S0-33: one table for the appointment and every model of ours beside it."""
        calendar = self._connect(self.anna)
        event = self._book()
        link = self._link(event, calendar)
        room = self.env["calendar.sync.room"].create({"name": "Attic"})
        journal = self.env["calendar.sync.journal"].create(
            {"account_id": calendar.account_id.id, "direction": "in", "action": "update"}
        )
        busy = self.env["calendar.sync.busy"].create(
            {"calendar_id": calendar.id, "user_id": self.anna.id, "start": self.hour,
             "stop": self.hour + timedelta(hours=1)}
        )  # fmt: skip
        self.env.flush_all()
        report = self.env["calendar.appointment.report"].search([("event_id", "=", event.id)])
        people = ("rep", "colleague", "leader", "manager", "admin", "portal", "public")
        table = (
            # record, field, and what each of `people` may do with it
            (event, "name", ("all", "all", "all", "all", "all", "", "")),
            (report, "state", ("read", "", "read", "read", "", "", "")),
            (calendar.account_id, "email", ("all", "", "", "", "all", "", "")),
            (calendar, "name", ("all", "", "", "", "all", "", "")),
            (link, "state", ("read", "", "", "", "read", "", "")),
            (link.meeting_id, "ical_uid", ("read", "", "", "", "read", "", "")),
            (journal, "action", ("read", "", "", "", "", "", "")),
            (busy, "start", ("read", "", "", "", "read", "", "")),
            (room, "name", ("read", "read", "read", "read", "all", "", "")),
        )
        for record, name, wanted in table:
            for who, what in zip(people, wanted, strict=True):
                with self.subTest(model=record._name, who=who):
                    self.assertEqual(self._may(self.people[who], record, name), what)

    def test_a_private_appointment_says_busy_to_everybody_else(self):
        """S3-18, S0-33: its title and internal notes are its people's, not even the manager's."""
        event = self._book(name="Secret talk", privacy="private")
        event.internal_notes = "<p>Secret too</p>"
        self.env.flush_all()
        for who in ("colleague", "leader", "manager", "admin"):
            event.invalidate_recordset()
            mine = event.with_user(self.people[who])
            with self.subTest(who=who):
                self.assertNotIn("Secret", repr(mine.read(["name", "internal_notes"])))
                with self.assertRaises(AccessError):
                    mine.write({"name": "Mine"})
        event.invalidate_recordset()
        self.assertEqual(event.with_user(self.anna).name, "Secret talk")

    def _cost(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - before

    def test_list_and_board_cost_the_same_for_any_number(self):
        """S3-18: one appointment or twelve, a fixed number of queries."""
        events = self.env["calendar.event"].with_user(self.anna)

        def read():
            events.search([("opportunity_id", "=", self.lead.id)]).read(SEEN)

        for n in range(2):
            self._book(
                start=self.hour + timedelta(hours=n), stop=self.hour + timedelta(hours=n + 1)
            )
        read()
        few = self._cost(read)
        for n in range(10):
            start = self.hour + timedelta(days=1 + n)
            self._book(start=start, stop=start + timedelta(hours=1))
        self.assertEqual(self._cost(read), few)

    def test_the_timeline_costs_the_same_for_any_number(self):
        """S3-19: the contact's page with one appointment or eleven on it."""
        mia = self.mia.with_user(self.anna)

        def read():
            found = self.env["mail.message"].with_user(self.anna)
            domain = [("model", "=", mia._name), ("res_id", "=", mia.id)]
            found.search(domain).read(["body", "date", "author_id"])
            action = mia.action_view_appointments()
            self.env["calendar.event"].with_user(self.anna).with_context(
                **action["context"]
            ).search(action["domain"]).read(SEEN)

        self._book()
        read()
        few = self._cost(read)
        for n in range(10):
            start = self.hour + timedelta(days=1 + n)
            self._book(start=start, stop=start + timedelta(hours=1))
        self.assertEqual(self._cost(read), few)

    def test_each_thing_is_told_once_on_lead_contact_and_company(self):
        """S3-19, S3-20: booked, moved, outcome, cancelled; a sync's own writes tell nothing."""
        event = self._book()
        event.start = self.hour + timedelta(hours=2)
        self._settle_marks()
        event.with_context(tracking_disable=True).write({"location": "Pier 7"})
        self._settle_marks()
        event._cancel_appointment("Ill")
        for record in (self.lead, self.mia, self.company):
            told = [text.split(":")[0] for text in self._notes(record)]
            self.assertEqual(sorted(told), ["Booked", "Cancelled", "Moved"], record)
        company = self.company.action_view_appointments()
        found = self.env["calendar.event"].with_context(active_test=False).search(company["domain"])
        self.assertIn(event, found)

    def test_filters_find_mine_the_teams_todays_untold_and_troubled(self):
        """S3-18: each filter of the list finds its own, and not the others'."""
        now = fields.Datetime.now()
        today = self._book(start=now, stop=now + timedelta(minutes=30))
        later = self._book()
        untold = self._book(start=now - timedelta(days=2), stop=now - timedelta(days=2, hours=-1))
        foreign = self._book(self._new_lead("B", user=self.ben), user=self.ben)
        self.env["crm.team.member"].create({"crm_team_id": self.team.id, "user_id": self.ben.id})
        everything = today | later | untold | foreign
        for name, wanted in (
            ("mymeetings", today | later | untold),
            ("my_team", everything),
            ("today", today),
            ("without_outcome", untold),
            ("sync_problem", everything.browse()),
        ):
            with self.subTest(name):
                found = everything.with_user(self.anna).search(self._filter(name))
                self.assertEqual(found & everything, wanted)

    def _filter(self, name):
        """The domain behind a button of the search view, as its user gets it."""
        view = self.env.ref("calendar.view_calendar_event_search")
        found = self.env["calendar.event"].with_user(self.anna).get_view(view.id, "search")
        [button] = etree.fromstring(found["arch"]).xpath(f"//filter[@name='{name}']")
        return safe_eval(button.get("domain"), {"uid": self.anna.id})


@tagged("post_install", "-at_install")
class TestJoin(AppointmentCase):
    def test_without_a_calendar_odoos_own_call_is_there(self):
        """S3-30: for an appointment with somebody outside and without a place; else none."""
        self.assertIn("/calendar/join_videocall/", self._book().videocall_location)
        later = {"start": self.hour + timedelta(days=1), "stop": self.hour + timedelta(days=1)}
        self.assertFalse(self._book(location="Pier 7", **later).videocall_location)
        alone = self._book(partner_ids=[(6, 0, self.anna.partner_id.ids)], **later)
        self.assertFalse(alone.videocall_location)
        self.anna.company_id.sync_video_calls = "never"
        self.assertFalse(self._book(**later).videocall_location)
        self.anna.company_id.sync_video_calls = "outsiders"
        self._connect(self.anna)
        self.assertFalse(self._book(**later).videocall_location)

    def test_a_reminder_knows_the_way_in(self):
        """S3-30: the link as it is when the reminder shows; none without a call, nor for whom the
        appointment is private."""
        event = self._book(privacy="private")
        mine = event.with_user(self.anna)
        self.assertEqual(mine.join_address(), event.videocall_location)
        event.videocall_location = "https://meet.example/later"
        self.assertEqual(mine.join_address(), "https://meet.example/later")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(event.with_user(self.ben).join_address(), "")
        self.env.invalidate_all()
        event.videocall_location = False
        self.assertEqual(mine.join_address(), "")


@tagged("post_install", "-at_install")
class TestNotesStay(PushCase):
    def test_internal_notes_never_leave_odoo(self):
        """S3-25: the agenda goes to the calendar; nothing that any provider is given, nor what is
        kept to compare with, holds the notes."""
        event = self.book("Visit", description="<p>1. Budget</p>")
        event.with_user(self.user).internal_notes = "<p>Canary: wants a discount</p>"
        self.save()
        self.turn()
        news = {"internal_notes": "<p>Canary two</p>", "location": "Pier"}
        event.with_user(self.user).write(news)
        self.save()
        self.turn()
        [there] = self.remotes()
        self.assertIn("Budget", there.fields.description)
        self.assertEqual(there.fields.location, "Pier")
        self.assertNotIn("Canary", repr(there))
        kept = self.env["calendar.sync.link"].search([]).mapped("base")
        journal = self.env["calendar.sync.journal"].search([]).mapped("new")
        self.assertNotIn("Canary", repr((kept, journal)))
