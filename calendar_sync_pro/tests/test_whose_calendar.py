"""Where an appointment with a customer stands, what of it travels, and what late guests bring."""

from odoo import fields
from odoo.tests import tagged

from ..providers import port
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestWhoseCalendar(PullCase):
    def carla(self):
        values = {"name": "Carla", "email": self.GUEST.email}
        return self.env["res.partner"].create(values)

    def mine(self):
        """What Odoo's calendar shows to the rep who opens it."""
        events = self.env["calendar.event"].with_user(self.user)
        return events.search([("partner_ids", "in", self.user.partner_id.ids)]).mapped("name")

    def test_a_meeting_with_a_customer_is_in_the_own_calendar_on_both_sides(self):
        """S3-17: booked here or invited there, it is in Odoo's calendar and in the connected one,
        each once."""
        people = self.user.partner_id | self.carla()
        self.book("Booked", partner_ids=[(6, 0, people.ids)])
        self.adds("Invited", 14)
        self.account._ask_sync()
        self.turn()
        self.assertEqual(sorted(self.mine()), ["Booked", "Invited"])
        self.assertEqual(
            sorted(event.fields.title for event in self.remotes()), ["Booked", "Invited"]
        )
        self.assertFalse(self.world.mails)

    def test_place_agenda_and_people_travel_and_the_lead_stays(self):
        """C16: the calendar's side may change all that it shows; lead and company are Odoo's."""
        lead = self.env["crm.lead"].create({"name": "Big deal", "user_id": self.user.id})
        event = self.book(
            "Demo",
            location="Pier 7",
            description="<p>Prices</p>",
            opportunity_id=lead.id,
            partner_ids=[(6, 0, (self.user.partner_id | self.carla()).ids)],
        )
        self.turn()
        there = self.remote()["Demo"]
        self.assertEqual(there.fields.location, "Pier 7")
        self.assertIn("Prices", there.fields.description)
        self.assertIn("Carla", there.fields.description, "not invited, so named in the text")
        self.edits(there, title="Demo in town", location="Town hall")
        self.account._ask_sync()
        self.turn()
        self.env.invalidate_all()
        self.assertEqual((event.name, event.location), ("Demo in town", "Town hall"))
        self.assertEqual(event.opportunity_id, lead)
        self.assertEqual(lead.name, "Big deal")

    def test_a_colleagues_shared_calendar_is_listed_ticked_and_blocks(self):
        """S2-60: further calendars come by the provider's own sharing; only times are known."""
        self.world.account("bob@corp.example")
        self.world.put("bob@corp.example", self.remote_event("Dentist", fields={"attendees": ()}))
        own, shared = self.account.email, "bob@corp.example"
        self.account._apply_calendar_list(
            [
                port.RemoteCalendar(own, own, port.AccessRole.OWNER, is_primary=True),
                port.RemoteCalendar(shared, "Bob", port.AccessRole.READER, is_own=False),
            ]
        )
        row = next(c for c in self.account._page_card()["calendars"] if c["name"] == "Bob")
        self.assertEqual((row["blocks"], row["can_choose"]), (False, False))
        busy = self.env["calendar.sync.busy"].search([("calendar_id", "=", row["id"])])
        self.assertFalse(busy, "nothing of it counts before it is ticked")
        self.account.with_user(self.user).set_blocking(row["id"], True)
        self.turn()
        busy = self.env["calendar.sync.busy"].search([("calendar_id", "=", row["id"])])
        self.assertEqual(busy.mapped("start"), [self.naive(10)])
        self.assertFalse(self.events("Dentist"))

    def test_an_invitation_that_appears_late_comes_once(self):
        """S3-23: kept back by its provider until its sender was known, then an ordinary event."""
        guests = (self.GUEST, type(self.GUEST)(self.account.email))
        late = self.remote_event(
            "Long sent", fields={"attendees": guests}, is_organizer=False, can_edit=False
        )
        self.account._ask_sync()
        self.turn()
        self.assertFalse(self.events("Long sent"))
        self.put(late)
        for _again in range(2):
            self.account.next_run = fields.Datetime.now()
            self.turn()
        self.env.invalidate_all()
        self.assertEqual(len(self.event("Long sent")), 1)
        self.assertFalse(self.world.mails)
