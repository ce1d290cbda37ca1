"""A meeting's life in the browser: it comes in, is prepared, held, found again and removed; after
each walk it is asked who was mailed."""

from datetime import timedelta

from odoo import fields
from odoo.addons.bus.models import bus
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..core.event import Attendee, Response
from .meetings_case import MeetingsCase

KARL, KARL_STHLM = "karl@exempel.example", "karl@sthlm.exempel.example"
JOHANNA, JOHANNA_GBG = "johanna.svensson@exempel.example", "johanna@gbg.exempel.example"
ALL_LEADS = "sales_team.group_sale_salesman_all_leads"
MIA, TOM = "mia@customer.example", "tom@customer.example"


@tagged("post_install", "-at_install")
class TestMeetingsWeb(MeetingsCase):
    # -- it comes in ----
    def _settings(self):
        """Ann's type of imported meetings and further addresses, the company's domains: set on
        their screens, of which she sees the last as an administrator."""
        visit = self.env["calendar.event.type"].create({"name": "Visit"})
        admins = self.env.ref("base.group_system")
        self.user.group_ids += admins
        self.walk("/odoo/calendar-connections", "meetings_settings")
        self.user.group_ids -= admins
        self.assertEqual(self.account.import_type_id, visit)
        self.assertEqual(self.user._sync_addresses(), {KARL, KARL_STHLM})
        self.assertEqual(self.env.company.sync_own_domains, "partner.example")
        return visit

    def _colleagues(self):
        """Ann is Karl here. Johanna has no user, an address at the company and one elsewhere."""
        self.user.partner_id.email = "karl.andersson@exempel.example"
        people = (("Johanna", JOHANNA), ("Johanna of Gothenburg", JOHANNA_GBG))
        rows = [{"name": name, "email": email} for name, email in people]
        return self.env["res.partner"].create(rows)

    def _invited(self, name, *addresses, hour):
        guests = tuple(Attendee(one, response=Response.ACCEPTED) for one in addresses)
        return self.adds(name, hour, fields={"attendees": guests})

    def test_which_meetings_come_and_with_whom_by_addresses_and_domains(self):
        """S3-48, S3-49, S3-51: all is set on its screens; of two meetings with Johanna the one at
        her foreign domain names her; the domain of a registered colleague, or one that the
        company lists, makes a meeting internal."""
        self._colleagues()
        visit = self._settings()
        self._invited("Carla and Johanna", KARL, JOHANNA, self.GUEST.email, hour=8)
        self._invited("Johanna in Gothenburg", KARL_STHLM, JOHANNA_GBG, hour=9)
        self._invited("Our partner", KARL, "bo@partner.example", hour=11)
        self.pull()
        lucas = "lucas@gbg.exempel.example"
        new_test_user(self.env, lucas, groups="base.group_user", email=lucas)
        self._invited("Colleague's domain", KARL, JOHANNA_GBG, hour=12)
        self.pull()
        came, gone = (
            ("Carla and Johanna", "Johanna in Gothenburg"),
            ("Our partner", "Colleague's domain"),
        )
        self.walk("/odoo/appointments", "meetings_which_came")
        for name in came:
            self.assertEqual(self.event(name).categ_ids, visit)
        self.assertFalse([name for name in gone if self.events(name)])
        busy = self.env["calendar.sync.busy"].search([("user_id", "=", self.user.id)])
        self.assertEqual(len(busy.filtered("remote_id")), 2, "they block their times")
        self.turn()
        there = {name: event.fields.attendees for name, event in self.remote().items()}
        self.assertIn(JOHANNA, [guest.email for guest in there["Carla and Johanna"]])
        self.heard()

    def test_an_invitation_gets_its_type_its_lead_and_its_people(self):
        """S3-07, S3-46, C22: the account's type; one of two leads is chosen; one stranger becomes
        a contact and another a lead, each with one click."""
        visit = self.env["calendar.event.type"].create({"name": "Visit"})
        self.account.import_type_id = visit
        first, second = self.lead("Fleet"), self.lead("Harbour")
        remote = self.adds("Round table", fields={"attendees": (self.GUEST, self.SUE, self.TIM)})
        self.pull()
        event = self.event("Round table")
        self.assertEqual((event.categ_ids, event.opportunity_id), (visit, second))
        strangers = [("email", "in", (self.SUE.email, self.TIM.email))]
        self.assertFalse(self.env["res.partner"].search(strangers))

        self.walk(f"/odoo/calendar.event/{event.id}", "meetings_incoming")
        made = self.env["res.partner"].search(strangers)
        self.assertEqual(sorted(made.mapped("name")), ["Sue", "Tim"])
        self.assertEqual(event.partner_ids, self.user.partner_id | self.carla | made)
        self.assertEqual(event.opportunity_id.partner_id, made.filtered(lambda p: p.name == "Tim"))
        self.assertNotIn(event.opportunity_id, first | second)
        self.assertFalse(event.is_lead_matched or event.unknown_guest_ids)
        self.turn()
        there = self.world.calendars[self.account.email][remote.remote_id].event.fields
        self.assertEqual(there.attendees, remote.fields.attendees)
        self.heard()

    # -- it is prepared ----
    def _with_a_reminder(self):
        """Values of an appointment about which its people are reminded right now. The browser
        hears of it when it comes, however long it takes to start."""
        self.patch(bus, "TIMEOUT", 180)
        self.user.partner_id.calendar_last_notif_ack = fields.Datetime.now() - timedelta(days=1)
        minutes = {"alarm_type": "notification", "duration": 30, "interval": "minutes"}
        alarm = self.env["calendar.alarm"].create({"name": "Now", **minutes})
        start = fields.Datetime.now() + timedelta(minutes=20)
        return {
            "start": start, "stop": start + timedelta(hours=1),
            "alarm_ids": [Command.set(alarm.ids)],
        }  # fmt: skip

    def _at_bens(self, lead):
        """Ben has no calendar: from the lead's card his appointment gets Odoo's own call."""
        ben = new_test_user(self.env, "ben.rep", groups=ALL_LEADS, email="ben@corp.example")
        people = [Command.set((ben | self.user).partner_id.ids + self.carla.ids)]
        context = lead.with_user(ben).action_book_appointment()["context"]
        values = {"start": self.tomorrow(9, 2), "stop": self.tomorrow(10, 2)}
        events = self.env["calendar.event"].with_user(ben).with_context(**context)
        return events.create({"name": "At Ben's", "partner_ids": people, **values})

    def test_the_agenda_travels_the_internal_notes_stay_and_join_opens_the_call(self):
        """S3-25, S3-30, S3-39: both texts are written side by side and participants read one of
        them; the call opens from reminder, card and form. Carla was invited once."""
        lead = self.lead("Fleet", type="opportunity")
        people = [Command.set((self.user.partner_id | self.carla).ids)]
        event = self.book(
            "Prepared", opportunity_id=lead.id, partner_ids=people, invite_choice="invite",
            **self._with_a_reminder(),
        )  # fmt: skip
        self.book("Alone", hour=12)
        self._at_bens(lead)
        self.turn()
        self.edits(self.remote()["Prepared"], conference_url="https://meet.example/x")
        self.pull()
        self.walk("/odoo/appointments?view_type=kanban", "meetings_prepare")
        self.assertIn("Budget of the fleet", event.description)
        self.assertIn("Wants a discount", event.internal_notes)
        self.turn()
        there = self.remote()["Prepared"].fields
        self.assertIn("Budget of the fleet", there.description)
        self.assertNotIn("discount", repr(self.remote()["Prepared"]))
        self.heard(self.carla.email)

    # -- it was held ----
    def test_a_meeting_that_did_not_happen_is_met_again(self):
        """S3-41, S3-42, S3-43: its dates are locked; "Not completed" offers a follow-up with
        everything on it; the guests were not told of either."""
        lead = self.lead("Fleet")
        start = fields.Datetime.now() - timedelta(hours=3)
        event = self.book(
            "Missed", opportunity_id=lead.id, description="<p>Budget</p>", location="Pier 7",
            start=start, stop=start + timedelta(hours=1),
            partner_ids=[Command.set((self.user.partner_id | self.carla).ids)],
        )  # fmt: skip
        self.turn()
        self.walk(f"/odoo/calendar.event/{event.id}", "meetings_follow_up")
        self.assertEqual((event.appointment_state, event.start), ("not_completed", start))
        self.assertEqual(len(self.notes(lead, "Not completed")), 1)
        self.assertEqual(len(self.notes(self.carla, "Not completed")), 1)
        again = event.follow_up_ids
        self.assertEqual(len(again), 1)
        self.assertEqual((again.opportunity_id, again.location), (lead, "Pier 7"))
        self.assertEqual(again.partner_ids, event.partner_ids)
        self.assertIn("Budget", again.description)
        self.assertGreater(again.start, fields.Datetime.now())
        self.turn()
        self.heard()

    # -- it is found ----
    def _diary(self):
        """Of Ann: one ahead that her calendar refused, one under way, one that was held. Of her
        colleague Ben: one under way. All with Carla, about one lead."""
        lead = self.lead("Fleet")
        ben = new_test_user(
            self.env, "ben.rep", groups="sales_team.group_sale_salesman", email="ben@corp.example"
        )
        now = fields.Datetime.now()
        held = now - timedelta(hours=30)
        times = {
            "Untold": (self.user, held, held + timedelta(hours=1)),
            "Right now": (self.user, now, now + timedelta(minutes=30)),
            "Ahead": (self.user, self.tomorrow(12, 3), self.tomorrow(13, 3)),
            "Of Ben": (ben, now, now + timedelta(minutes=30)),
        }
        for name, (user, start, stop) in times.items():
            people = [Command.set((user.partner_id | self.carla).ids)]
            self.book(
                name, user=user, start=start, stop=stop, opportunity_id=lead.id,
                partner_ids=people, invite_choice="quiet",
            )  # fmt: skip
        self.turn()
        link = self.event("Ahead").sync_meeting_id.link_ids
        link.write({"state": "quarantined", "problem_code": "refused"})
        return lead, ben

    def test_it_is_found_by_the_rep_and_by_the_manager(self):
        """S3-02, S3-18, S3-19: lead and contact tell of each meeting once; the company leads to
        those of its people; each filter shows what it says and nothing else; the manager sees a
        column for each salesperson, and the figures."""
        lead, ben = self._diary()
        self.assertEqual([len(self.notes(record)) for record in (lead, self.carla)], [4, 4])
        manager = new_test_user(
            self.env,
            "mona.boss",
            groups=ALL_LEADS,
            email="mona@corp.example",
        )
        members = [Command.set((self.user | ben).ids)]
        self.env["crm.team"].create({"name": "North", "user_id": manager.id, "member_ids": members})
        self.walk(f"/odoo/crm.lead/{lead.id}", "meetings_found")
        self.walk("/odoo/appointments", "meetings_filters")
        self.walk("/odoo/team-appointments", "meetings_board", login="mona.boss")
        self.heard()

    # -- it is removed ----
    def test_removing_from_the_list_says_what_happens_and_whom_it_tells(self):
        """S2-14, S4-25: one quietly, one with a cancellation to each guest; both leave Odoo and
        the calendar."""
        guests = self.guests()
        for name in ("Quiet one", "Told one"):
            self.meet(guests, "invite", name=name, hour=12, days=3)
        self.turn()
        self.heard(MIA, MIA, TOM, TOM)
        self.world.mails.clear()
        self.walk("/odoo/appointments", "meetings_remove_from_list")
        self.assertFalse(self.events("Quiet one") | self.events("Told one"))
        self.turn()
        self.assertEqual(self.remotes(), [])
        self.heard(MIA, TOM)

    def test_removing_from_the_calendar_view_leaves_it_there_by_setting(self):
        """S3-44: the dialog says that the calendar keeps it; nobody is told; it doesn't come
        back."""
        self.account.company_id.sync_local_delete = "leave"
        self.meet(self.guests(), "invite", name="Left there", hour=12, days=7)
        self.turn()
        self.world.mails.clear()
        self.walk("/odoo/calendar", "meetings_remove_from_calendar")
        self.turn()
        self.account._ask_sync()
        self.turn()
        self.assertFalse(self.events("Left there"))
        self.assertEqual([one.fields.title for one in self.remotes()], ["Left there"])
        self.heard()
