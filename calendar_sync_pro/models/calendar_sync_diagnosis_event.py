from odoo import models

from ..providers import port
from ..sync import diagnosis_event
from ..sync.diagnosis_facts import Finding, Level


class CalendarEvent(models.Model):
    """Why isn't this appointment in my calendar?"""

    _inherit = "calendar.event"

    def diagnose(self, device_zone=""):
        """Every check of this appointment for the reader's own connection; for an administrator
        who doesn't take part, for the organizer's. See `_page` of `calendar.sync.diagnosis`."""
        self.ensure_one()
        self.check_access("read")
        account = self._diagnosed_account()
        if account:
            findings = self._findings(account, device_zone)
        else:
            findings = [Finding("connection", Level.FAIL, "no_account", ("connect",))]
        return self.env["calendar.sync.diagnosis"]._page(account, findings, self)

    def _diagnosed_account(self):
        """The connection that the reader asks about, as superuser; empty where there is none."""
        event = self.sudo()
        people = event.partner_ids.user_ids | event.user_id
        everybody = people | self.env.user
        found = self.env["calendar.sync.account"].search([("user_id", "in", everybody.ids)])
        return found.sudo().sorted(
            lambda one: (
                one.user_id not in people,
                one.user_id != self.env.user,
                one.user_id != event.user_id,
                not one.is_sync_on,
                one.id,
            )
        )[:1]

    def _findings(self, account, device_zone=""):
        facts = account._diagnosis_facts(device_zone)
        reader = account._diagnosis_reader()
        return diagnosis_event.appointment(self._diagnosis_facts(account, facts.now), facts, reader)

    def _diagnosis_facts(self, account, now):
        """This appointment as `account` sees it."""
        event, policy, window = self.sudo(), account._policy(), account._window(now)
        me = event.attendee_ids.filtered(lambda row: row.partner_id == account.user_id.partner_id)
        links = event._links_by_event()[event.id]
        link = event._link_of(account, links)
        marks = event._marks_of(account)
        tries = [moment for moment in (*marks.mapped("not_before"), link.not_before) if moment]
        inviter = event._inviting(links, policy.own_addresses, account)
        missing = port.provider(account.provider).missing_invitations if inviter else ""
        waiting = {mark.account_id.id for mark in marks}
        return diagnosis_event.Appointment(
            start=event.start,
            stop=event.stop,
            synced=tuple(at.replace(tzinfo=None) for at in (window.start, window.stop)),
            is_attending=bool(me),
            is_declined=me[:1].state == "declined",
            is_cancelled=not event.active or event.appointment_state == "cancelled",
            is_editable=self.has_access("write") and self.user_can_edit,
            has_lead=bool(event.opportunity_id),
            export_policy=policy.export_policy,
            inviter=inviter,
            missing_invitations=missing,
            link=self._facts_of_link(link, waiting) if link else None,
            calendar=link.calendar_id.name or "",
            problem_until=max(tries, default=None),
            marked_at=min(marks.mapped("marked_at"), default=None),
        )

    def _link_of(self, account, links=None):
        """The link of this appointment, or of its series, in that connection's calendars; where
        there are several the one in the calendar for events. Empty for none."""
        links = self._links_by_event()[self.id] if links is None else links
        own = [link for link in links if link.account_id == account]
        own.sort(key=lambda link: (not link.calendar_id.is_events, link.id))
        return own[0] if own else self.env["calendar.sync.link"].sudo()

    def _marks_of(self, account):
        """What waits to be sent to that connection, and what nobody knows yet whom it concerns."""
        events = self | self.recurrence_id.base_event_id
        domain = [("event_id", "in", events.ids), ("account_id", "in", [account.id, False])]
        return self.env["calendar.sync.mark"].sudo().search(domain)

    def _inviting(self, links, own_addresses, account):
        """Whose calendar invites the owner of that connection, "" for nobody's."""
        others = (link for link in links if link.account_id != account and not link.is_silent)
        inviting = (link for link in others if link._invites(own_addresses))
        return next((link.account_id.user_id.name for link in inviting), "")
