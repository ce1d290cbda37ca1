"""Show Lead: the link by which a calendar's event opens its lead for who may see it."""

import secrets

from odoo import fields, models

from ..providers import port
from ..sync import text_block


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    show_lead_token = fields.Char(
        copy=False,
        readonly=True,
        groups=fields.NO_ACCESS,
        index="btree_not_null",
        help="Opaque name of this appointment in its Show Lead link; says nothing by itself.",
    )

    def _show_lead_url(self):
        """Absolute Show Lead link, the same for ever; '' without a lead.

        A series has one link: its occurrences share the token.
        """
        self.ensure_one()
        if not self.sudo().opportunity_id:
            return ""
        return f"{self.get_base_url()}/calendar_sync/show_lead/{self._ensure_show_lead_token()}"

    def _ensure_show_lead_token(self):
        event = self.sudo()
        if not event.show_lead_token:
            siblings = event.recurrence_id.with_context(active_test=False).calendar_event_ids
            known = siblings.filtered("show_lead_token")[:1].show_lead_token
            event.with_context(tracking_disable=True).write(
                {"show_lead_token": known or secrets.token_urlsafe(24)}
            )
        return event.show_lead_token

    def _lead_of_token(self, token):
        """The lead that a link names, as superuser; empty for an unknown token."""
        events = self.sudo().with_context(active_test=False)
        return events.search(
            [("show_lead_token", "=", token), ("opportunity_id", "!=", False)], limit=1
        ).opportunity_id

    def _text_block(self, link=None):
        """Our lines at the end of a remote event's text, or None when there is nothing to say.

        `link` says on which calendar. Once an outsider is invited there, the Show Lead line is
        left out where the provider has a private place for the link (C20). While attendees stay
        off the remote event, their names stand in the block instead, and what was told with a
        booking.
        """
        self.ensure_one()
        event = self.sudo()
        outside = event._outside_names()
        is_silent = bool(link) and link.is_silent
        url = event._show_lead_url()
        if outside and not is_silent and event._has_private_source(link):
            url = ""
        named = outside if is_silent else event._uninvited_names()
        lines = (self.env._("With: %s", ", ".join(named)),) if link and named else ()
        if link and not set(outside) - set(named):
            lines += event._private_lines()
        if not url and not lines:
            return None
        label = self.env._("Show Lead")
        return text_block.TextBlock(link_url=url, link_label=label, lines=lines)

    def _outside_names(self):
        """Names of the participants from outside: contacts, and guests known by address only."""
        names = self._outside_partners().mapped("display_name")
        return names + [one.common_name for one in self._unknown_guests() if one.common_name]

    def _uninvited_names(self):
        """Names of the participants from outside who are on no calendar's guest list."""
        rows = self.attendee_ids.filtered("invitation")
        return (rows.partner_id & self._outside_partners()).mapped("display_name")

    def _has_private_source(self, link):
        """True when the calendar's provider keeps a link where invited people can't read it."""
        if not link:
            return False
        registration = port.provider(link.account_id.provider)
        can = getattr(registration.factory, "can", None)
        return bool(can) and can.has_private_source
