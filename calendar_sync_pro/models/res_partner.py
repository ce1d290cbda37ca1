"""Contacts and companies: their appointments, on one button."""

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_view_appointments(self):
        """All appointments of the contact; a company's include those of its people."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "calendar_sync_pro.calendar_event_action_of_record"
        )
        action["domain"] = [("partner_ids", "child_of", self.ids)]
        action["context"] = {
            "active_test": False,
            "default_partner_ids": (self | self.env.user.partner_id).ids,
        }
        return action
