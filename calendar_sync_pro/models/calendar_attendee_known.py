"""A guest who is known by an address only becomes a contact, or a lead, with one click."""

from odoo import models
from odoo.tools import email_domain_extract

from .silent import SILENT


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    def action_create_contact(self):
        """Button: make the guest a contact, on every appointment with that address."""
        self.ensure_one()
        self.event_id.check_access("write")
        self._make_contact()
        return True

    def action_create_lead(self):
        """Button: make the guest a contact and a lead, which the appointment is about."""
        self.ensure_one()
        event = self.event_id
        event.check_access("write")
        partner = self._make_contact()
        has_leads = self.env.user.has_group("crm.group_use_lead")
        lead = self.env["crm.lead"].create(
            {
                "name": event.name,
                "partner_id": partner.id,
                "user_id": self.env.uid,
                "type": "lead" if has_leads else "opportunity",
            }
        )
        event.opportunity_id = lead
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": lead.id,
            "views": [(False, "form")],
        }

    def _make_contact(self):
        """The contact with this guest's address: found, or made with the rights of who asks."""
        address = self.sync_email
        if self.partner_id or not address:
            return self.partner_id
        partners = self.env["res.partner"]
        partner = partners.search([("email_normalized", "=", address)], limit=1)
        if not partner:
            name = self.sync_name or address
            company = self._company_of(address)
            partner = partners.create({"name": name, "email": address, "parent_id": company.id})
        self._become(partner)
        return partner

    def _company_of(self, address):
        """The one company whose people have addresses of the same domain; none for a public one."""
        domain = email_domain_extract(address)
        company = self.env["res.partner"]
        if not domain or domain in self.env["res.company"]._public_mail_domains():
            return company
        found = company.search([("email_normalized", "=like", f"%@{domain}")], limit=50)
        companies = found.commercial_partner_id.filtered("is_company")
        return companies if len(companies) == 1 else company

    def _may_be(self, partner):
        """False for a contact of another company: on an event it would keep out whoever may not
        read it."""
        company = partner.company_id
        shown = self.event_id.sync_meeting_id.link_ids.account_id.company_id
        return not company or not (shown | self.event_id.user_id.company_id) - company

    def _become(self, partner):
        """Every guest with this address is that contact now. Calendars see no change: they know
        guests by address."""
        rows = self.sudo().with_context(**SILENT)
        rows = rows.search([("sync_email", "=", self.sync_email), ("partner_id", "=", False)])
        rows = rows.filtered(lambda row: row._may_be(partner))
        held = (
            self.sudo()
            .search([("event_id", "in", rows.event_id.ids), ("partner_id", "=", partner.id)])
            .event_id
        )
        rows = rows.filtered(lambda row: row.event_id not in held)
        rows.write({"partner_id": partner.id, "sync_email": False, "sync_name": False})
        rows.env.flush_all()
        event_ids = rows.event_id.ids
        self.env["calendar.sync.write"]._relate([(id_, partner.id) for id_ in event_ids])
        self.env["calendar.sync.mark"]._settle(event_ids)
