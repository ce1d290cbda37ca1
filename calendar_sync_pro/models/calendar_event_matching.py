"""Which lead a meeting from the calendar is about, by the people in it."""

from collections import defaultdict

from odoo import api, fields, models

from .silent import silent

_LEAD_FIELDS = ("partner_id", "email_normalized", "user_id", "create_date")


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    is_lead_matched = fields.Boolean(
        copy=False,
        readonly=True,
        help="The lead was found by a guest's address. Its link does not travel to the calendar"
        " until a person confirms the lead.",
    )
    fitting_lead_count = fields.Integer(compute="_compute_fitting_lead_count")
    unknown_guest_ids = fields.Many2many(
        "calendar.attendee",
        compute="_compute_unknown_guest_ids",
        help="Guests who are known by an address only.",
    )

    def write(self, vals):
        """A lead that a person chooses is no longer a guess."""
        if "opportunity_id" in vals and "is_lead_matched" not in vals:
            vals = {**vals, "is_lead_matched": False}
        return super().write(vals)

    def _show_lead_url(self):
        """No link for a guess: nobody asked to write into a meeting that others made."""
        return "" if self.sudo().is_lead_matched else super()._show_lead_url()

    # -- imported meetings ----
    def _match_leads(self, owner):
        """Give these imported events the open lead of who takes part, as `owner` may see it.

        The owner's own leads come before others, newer before older. A few queries for any number
        of events; events that have a lead keep it.
        """
        open_ones = self.filtered(lambda event: not event.opportunity_id)
        people = open_ones._people_of_events()
        leads = self._fitting_leads(owner, people.values())
        chosen = defaultdict(list)
        for event_id, keys in people.items():
            for best in leads.fitting(keys)[:1]:
                chosen[best.id].append(event_id)
        for lead_id, event_ids in chosen.items():
            silent(self.browse(event_ids)).write(
                {"opportunity_id": lead_id, "is_lead_matched": True}
            )

    def _tell_invitations(self):
        """Tell on the timelines of lead and contacts that a meeting with them came in. A first
        sync tells nothing: it only finds what everybody knows."""
        told = self.filtered(lambda event: event._is_appointment())
        told._log_appointment("booked", is_on_event=False)

    def _people_of_events(self):
        """{event id: keys} of who takes part: ids of contacts and of their companies, addresses.
        Internal users are nobody's customers."""
        if not self:
            return {}
        self.env["calendar.attendee"].flush_model(["event_id", "partner_id", "sync_email"])
        self.env["res.partner"].flush_model(["commercial_partner_id", "email_normalized"])
        self.env.cr.execute(
            """SELECT guest.event_id, person.id, person.commercial_partner_id,
                      coalesce(person.email_normalized, guest.sync_email)
                 FROM calendar_attendee guest
                 LEFT JOIN res_partner person ON person.id = guest.partner_id
                WHERE guest.event_id = ANY(%s)
                  AND NOT EXISTS (SELECT 1 FROM res_users u
                                   WHERE u.partner_id = person.id AND NOT u.share)""",
            [list(self._ids)],
        )
        people = defaultdict(set)
        for event_id, partner_id, company_id, email in self.env.cr.fetchall():
            people[event_id] |= {("contact", partner_id), ("contact", company_id), email}
        return {id_: keys - {None, ("contact", None)} for id_, keys in people.items()}

    @api.model
    def _fitting_leads(self, owner, keys_of_events):
        """The open leads of these people that `owner` may see."""
        keys = set().union(*keys_of_events)
        partner_ids = [key[1] for key in keys if isinstance(key, tuple)]
        emails = [key for key in keys if isinstance(key, str)]
        model = self.env["crm.lead"].with_user(owner).with_context(active_test=True)
        if not keys or not model.has_access("read"):
            return _Leads(model, owner)
        found = model.search_fetch(
            [
                ("won_status", "=", "pending"),
                "|", ("partner_id", "in", partner_ids), ("email_normalized", "in", emails),
            ],
            _LEAD_FIELDS,
        )  # fmt: skip
        return _Leads(found, owner)

    # -- a person's choice ----
    @api.depends("attendee_ids", "opportunity_id", "is_lead_matched")
    @api.depends_context("uid")
    def _compute_fitting_lead_count(self):
        undecided = self.filtered(lambda e: e.is_lead_matched or not e.opportunity_id)
        people = undecided._origin._filtered_access("write")._people_of_events()
        leads = self._fitting_leads(self.env.user, people.values())
        for event in self:
            keys = people.get(event._origin.id)
            event.fitting_lead_count = len(leads.fitting(keys)) if keys else 0

    @api.depends("attendee_ids.partner_id")
    def _compute_unknown_guest_ids(self):
        for event in self:
            event.unknown_guest_ids = event._unknown_guests()

    def action_choose_lead(self):
        """Button: the open leads of who takes part, to choose from."""
        self.ensure_one()
        self.check_access("write")
        people = self._people_of_events()
        leads = self._fitting_leads(self.env.user, people.values())
        found = leads.fitting(people.get(self.id, set()))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What is this appointment about?"),
            "res_model": "crm.lead",
            "views": [(self.env.ref("calendar_sync_pro.crm_lead_view_list_choose").id, "list")],
            "domain": [("id", "in", [lead.id for lead in found])],
            "context": {"calendar_sync_event_id": self.id, "create": False},
            "target": "new",
        }

    def action_confirm_lead(self):
        """Button: the guess is right."""
        for event in self.filtered("is_lead_matched"):
            event.write({"opportunity_id": event.opportunity_id.id})
        return True


class _Leads:
    """Open leads by who they are about."""

    def __init__(self, leads, owner):
        self._owner = owner
        self._by_key = defaultdict(list)
        for lead in leads:
            partner_id = lead.partner_id.id
            if partner_id:
                self._by_key["contact", partner_id].append(lead)
            if lead.email_normalized:
                self._by_key[lead.email_normalized].append(lead)

    def fitting(self, keys):
        """The leads of these people, each once, the best first."""
        found = {lead.id: lead for key in keys for lead in self._by_key.get(key, ())}
        return sorted(found.values(), key=self.rank)

    def rank(self, lead):
        """Small is better: the owner's own, then the newest."""
        return (lead.user_id != self._owner, -lead.create_date.timestamp(), -lead.id)
