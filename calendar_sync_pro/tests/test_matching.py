"""An invitation finds its lead, and a stranger becomes a contact with one click."""

from dataclasses import replace

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..core.event import Attendee, Response
from .pull_case import PullCase

SALES = "sales_team.group_sale_salesman,crm.group_use_lead,base.group_partner_manager"


KARL = "karl@sthlm.exempel.example"
JOHANNA = "johanna.svensson@exempel.example"


@tagged("post_install", "-at_install")
class TestSeveralDomains(PullCase):
    """Karl has a user at exempel.example and further addresses; Johanna has none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user.partner_id.email = "karl.andersson@exempel.example"
        cls.user.sync_addresses = f"karl@exempel.example, {KARL}"
        cls.johanna = cls.env["res.partner"].create({"name": "Johanna", "email": JOHANNA})

    def _invites(self, *addresses, **said):
        guests = tuple(Attendee(address, response=Response.ACCEPTED) for address in addresses)
        remote = self.remote_event("Meeting", fields={"attendees": guests}, **said)
        self.put(remote)
        self.pull()
        return remote

    def test_a_colleague_without_a_user_is_not_listed(self):
        """S3-49, C21: a customer invites Karl and Johanna: it is synced, she is not among the
        participants, and our next write leaves her invited."""
        remote = self._invites("karl@exempel.example", JOHANNA, "carla@customer.example")
        event = self.event("Meeting")
        self.assertNotIn(self.johanna, event.partner_ids)
        self.assertEqual(event.unknown_guest_ids.mapped("email"), ["carla@customer.example"])
        event.with_user(self.user).write({"location": "Pier 7"})
        self.turn()
        there = self.world.calendars[self.account.email][remote.remote_id].event.fields
        self.assertEqual(there.location, "Pier 7")
        self.assertEqual({p.email for p in there.attendees} & {JOHANNA}, {JOHANNA})
        self.assertEqual(len(there.attendees), 3)

    def test_the_company_may_show_them(self):
        """C21: the other value of the setting."""
        self.user.company_id.sync_show_colleagues = True
        self._invites("karl@exempel.example", JOHANNA, "carla@customer.example")
        self.assertIn(self.johanna, self.event("Meeting").partner_ids)

    def test_somebody_of_another_domain_is_external(self):
        """S3-50: Johanna's address at gbg.exempel.example is no colleague's: it is synced, and
        stands on her timeline."""
        self.johanna.email = "johanna@gbg.exempel.example"
        self._invites(KARL, "johanna@gbg.exempel.example")
        event = self.event("Meeting")
        self.assertIn(self.johanna, event.partner_ids)
        notes = self.johanna.message_ids.mapped("preview")
        self.assertEqual(len([text for text in notes if text.startswith("Booked")]), 1)

    def test_unless_that_domain_is_a_registered_colleagues(self):
        """S3-51, S3-52: Lucas has a user at gbg.exempel.example, so she is a colleague: no
        appointment, the time is blocked."""
        new_test_user(
            self.env, "lucas@gbg.exempel.example", groups="base.group_user",
            email="lucas@gbg.exempel.example",
        )  # fmt: skip
        remote = self._invites(KARL, "johanna@gbg.exempel.example")
        self.assertFalse(self.events("Meeting"))
        busy = self.env["calendar.sync.busy"].search(
            [("calendar_id", "=", self.account.events_calendar_id.id)]
        )
        self.assertEqual(busy.mapped("remote_id"), [remote.remote_id])


@tagged("post_install", "-at_install")
class TestMatching(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user.group_ids += cls.env.ref("sales_team.group_sale_salesman")
        cls.user.group_ids += cls.env.ref("crm.group_use_lead")
        cls.user.group_ids += cls.env.ref("base.group_partner_manager")
        cls.company = cls.env["res.partner"].create({"name": "Customer Ltd", "is_company": True})
        cls.carla = cls.env["res.partner"].create(
            {"name": "Carla", "email": "carla@customer.example", "parent_id": cls.company.id}
        )

    def _lead(self, name, user=None, **values):
        leads = self.env["crm.lead"].with_context(mail_auto_subscribe_no_notify=True)
        return leads.create(
            {"name": name, "partner_id": self.carla.id, "user_id": user and user.id, **values}
        )

    def _imported(self, name="Visit", **said):
        remote = self.adds(name, **said)
        self.pull()
        return remote, self.event(name)

    def _notes(self, record):
        return [t for t in record.sudo().message_ids.mapped("preview") if t.startswith("Booked")]

    # -- which lead ----
    def test_an_invitation_is_about_the_contacts_open_lead(self):
        """S3-46: e-mail, then contact, then company and open lead; the owner's own first."""
        stranger = new_test_user(self.env, "other.rep", groups=SALES)
        self._lead("Somebody else's", stranger)
        own = self._lead("Own", self.user)
        self._lead("Nobody's, and newer")
        _remote, event = self._imported()
        self.assertEqual(event.opportunity_id, own)
        self.assertTrue(event.is_lead_matched)
        self.assertIn(self.carla, event.partner_ids)

    def test_a_closed_lead_or_anothers_is_not_taken(self):
        """S3-46: neither a won one, nor one that this rep may not see."""
        stranger = new_test_user(self.env, "other.rep", groups=SALES)
        self._lead("Somebody else's", stranger)
        self._lead("Won", self.user).action_set_won()
        self._lead("Lost", self.user).action_set_lost()
        _remote, event = self._imported()
        self.assertFalse(event.opportunity_id)

    def test_the_companys_lead_fits_too(self):
        """S3-46: the contact has none, the company has."""
        lead = self._lead("Of the company", self.user, partner_id=self.company.id)
        _remote, event = self._imported()
        self.assertEqual(event.opportunity_id, lead)

    def test_a_lead_without_contact_is_found_by_its_address(self):
        """S3-47: unknown address; no contact is made of it."""
        lead = self.env["crm.lead"].create(
            {"name": "Web form", "email_from": "new@else.example", "user_id": self.user.id}
        )
        before = self.env["res.partner"].search_count([])
        guest = Attendee("new@else.example", "New", Response.ACCEPTED)
        _remote, event = self._imported(fields={"attendees": (guest,)})
        self.assertEqual(event.opportunity_id, lead)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_several_fit_and_one_is_chosen(self):
        """S3-46: a choice is offered; what a person chose stays and may travel."""
        first, second = self._lead("First", self.user), self._lead("Second", self.user)
        _remote, event = self._imported()
        self.assertEqual(event.opportunity_id, second)
        event = event.with_user(self.user)
        self.assertEqual(event.fitting_lead_count, 2)
        action = event.action_choose_lead()
        offered = self.env["crm.lead"].with_user(self.user).search(action["domain"])
        self.assertEqual(offered, first | second)
        first.with_user(self.user).with_context(**action["context"]).action_use_for_appointment()
        self.assertEqual(event.opportunity_id, first)
        self.assertFalse(event.is_lead_matched)

    def test_a_guess_is_not_written_into_the_meeting(self):
        """C20: nothing is sent until the rep says that the lead is right."""
        self._lead("Own", self.user)
        remote, event = self._imported()
        self.turn()
        there = self.world.calendars[self.account.email][remote.remote_id].event
        self.assertEqual(there.fields, remote.fields)
        self.assertFalse(event._show_lead_url())
        event.with_user(self.user).action_confirm_lead()
        self.assertTrue(event._show_lead_url())
        self.assert_nobody_heard()

    def test_who_invites_takes_part(self):
        """S3-46: the host whom the calendar lists nowhere is matched and shown; nothing of it is
        sent back, and a later listing makes no second guest."""
        lead = self._lead("Own", self.user)
        me = Attendee(self.account.email, "Ann", Response.NEEDS_ACTION)
        invitation = replace(
            self.remote_event("Visit", fields={"attendees": (me,)}, is_organizer=False),
            organizer_email="carla@customer.example", organizer_name="Carla",
        )  # fmt: skip
        self.put(invitation)
        self.pull()
        event = self.event("Visit")
        self.assertEqual(event.opportunity_id, lead)
        self.assertEqual(event.partner_ids, self.user.partner_id | self.carla)
        self.turn()
        there = self.world.calendars[self.account.email][invitation.remote_id].event
        self.assertEqual(there.fields.attendees, (me,))
        self.edits(invitation, attendees=(me, self.GUEST), title="Visit, second floor")
        self.pull()
        self.assertEqual(event.name, "Visit, second floor")
        self.assertEqual(len(event.attendee_ids), 2)
        self.assertFalse(any(event.attendee_ids.mapped("is_host")))

    # -- where it shows ----
    def test_an_invitation_is_on_the_timelines_once(self):
        """S3-19, S3-21: lead and contact tell it once; later syncs tell nothing more."""
        lead = self._lead("Own", self.user)
        self.assertTrue(self.account.first_sync_done)
        remote, event = self._imported()
        self.assertEqual(len(self._notes(lead)), 1)
        self.assertEqual(len(self._notes(self.carla)), 1)
        self.edits(remote, title="Visit, second floor")
        self.pull()
        self.assertEqual(len(self._notes(lead)), 1)
        self.assertFalse(self.env["mail.mail"].search([]))
        self.assertEqual(event.name, "Visit, second floor")

    def test_a_first_sync_fills_no_timeline(self):
        """S3-19: what was there before is found, not told."""
        lead = self._lead("Own", self.user)
        self.account.first_sync_done = False
        _remote, event = self._imported()
        self.assertEqual(event.opportunity_id, lead)
        self.assertFalse(self._notes(lead))
        self.assertFalse(self._notes(self.carla))

    def test_fifty_meetings_cost_the_queries_of_five(self):
        """S3-46: no query for each event."""
        self._lead("Own", self.user)

        def cost(names):
            for name in names:
                self.adds(name)
            before = self.env.cr.sql_log_count
            self.pull()
            return self.env.cr.sql_log_count - before

        cost(["warm"])
        few, many = cost([f"a{n}" for n in range(5)]), cost([f"b{n}" for n in range(50)])
        self.assertLessEqual(many, few + 3)

    # -- strangers ----
    def _with_stranger(self):
        guest = Attendee("sue@stranger.example", "Sue", Response.ACCEPTED)
        _remote, event = self._imported(fields={"attendees": (guest,)})
        return event

    def test_a_stranger_becomes_a_contact_with_one_click(self):
        """C22: no contact by itself; the click makes one, and the calendar sees no change."""
        event = self._with_stranger()
        [remote_id] = self.world.calendars[self.account.email]
        before = self.world.calendars[self.account.email][remote_id].event
        [guest] = event.unknown_guest_ids
        self.assertEqual((guest.email, guest.common_name), ("sue@stranger.example", "Sue"))
        guest.with_user(self.user).action_create_contact()
        [partner] = self.env["res.partner"].search([("email", "=", "sue@stranger.example")])
        self.assertEqual(guest.partner_id, partner)
        self.assertIn(partner, event.partner_ids)
        self.assertFalse(event.unknown_guest_ids)
        self.turn()
        self.assertEqual(self.world.calendars[self.account.email][remote_id].event, before)

    def test_a_new_contact_joins_the_company_of_its_domain(self):
        """S3-46: the company is matched by the mail domain."""
        guest = Attendee("dora@customer.example", "Dora", Response.ACCEPTED)
        _remote, event = self._imported(fields={"attendees": (guest,)})
        event.unknown_guest_ids.with_user(self.user).action_create_contact()
        partner = self.env["res.partner"].search([("email", "=", "dora@customer.example")])
        self.assertEqual(partner.parent_id, self.company)

    def test_a_stranger_becomes_a_lead_with_one_click(self):
        """C22: contact and lead; the appointment is about it, and it is the rep's."""
        event = self._with_stranger()
        action = event.unknown_guest_ids.with_user(self.user).action_create_lead()
        lead = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual(event.opportunity_id, lead)
        self.assertEqual((lead.user_id, lead.partner_id.email), (self.user, "sue@stranger.example"))
        self.assertFalse(event.is_lead_matched)

    def test_a_stranger_to_the_meeting_makes_nothing(self):
        """C22: whoever may not edit the meeting can't."""
        event = self._with_stranger()
        event.sudo().privacy = "private"
        other = new_test_user(self.env, "other.rep", groups=SALES)
        with self.assertRaises(AccessError):
            event.unknown_guest_ids.with_user(other).action_create_contact()
        self.assertFalse(self.env["res.partner"].search([("email", "=", "sue@stranger.example")]))

    def test_a_private_meeting_tells_others_no_lead(self):
        """C22: whoever takes part in a private meeting is not to be found out by its leads."""
        other = new_test_user(self.env, "other.rep", groups=SALES)
        self._lead("Others", other)
        _remote, event = self._imported(fields={"attendees": (self.GUEST,)})
        event.sudo().write({"privacy": "private", "opportunity_id": False})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(event.with_user(other).fitting_lead_count, 0)
        with self.assertRaises(AccessError):
            event.with_user(other).action_choose_lead()

    def test_a_contact_of_another_company_stays_off(self):
        """C22: it becomes no guest of an event whose people may not read it."""
        event = self._with_stranger()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["res.partner"].create(
            {"name": "Sue", "email": "sue@stranger.example", "company_id": company.id}
        )
        self.user.company_ids |= company
        rep = self.user.with_context(allowed_company_ids=(self.user.company_id | company).ids)
        event.unknown_guest_ids.with_user(rep).with_context(
            allowed_company_ids=(self.user.company_id | company).ids
        ).action_create_contact()
        self.assertEqual(event.unknown_guest_ids.email, "sue@stranger.example")

    # -- several addresses ----
    def test_an_invitation_to_a_further_address_is_mine(self):
        """S3-48: the second address is recognised; it is no guest of its own."""
        self.user.with_user(self.user).sync_addresses = "Ann@sthlm.corp.example; a@corp.example"
        me = Attendee("ann@sthlm.corp.example", "Ann", Response.ACCEPTED)
        _remote, event = self._imported(fields={"attendees": (me, self.GUEST)})
        self.assertEqual(event.attendee_ids.partner_id, self.user.partner_id | self.carla)
        self.assertEqual(len(event.attendee_ids), 2)

    def test_further_addresses_are_addresses_and_nobody_elses(self):
        """S3-48: a colleague's address can't be claimed."""
        other = new_test_user(self.env, "other.rep", groups=SALES, email="other@corp.example")
        other.sync_addresses = "o@gmail.example"
        claims = ("no address", "x@y.example, other@corp.example", other.login + ", ;")
        for text in (*claims, "o@gmail.example"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.user.with_user(self.user).sync_addresses = text

    def test_the_form_offers_what_is_undecided(self):
        """S3-46: the rep's form opens with a guess and a stranger on it."""
        self._lead("Own", self.user)
        guest = Attendee("sue@stranger.example", "Sue", Response.ACCEPTED)
        _remote, event = self._imported(fields={"attendees": (guest, self.GUEST)})
        view = "calendar.view_calendar_event_form"
        with Form(event.with_user(self.user), view=view) as form:
            self.assertTrue(form.is_lead_matched)
            self.assertEqual(len(form.unknown_guest_ids), 1)
