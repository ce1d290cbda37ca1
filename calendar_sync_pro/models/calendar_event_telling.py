"""Who would hear of a change, and from whom: said before a person decides."""

from odoo import api, fields, models

from .calendar_event_invite import BY_MAIL, HELD, QUIET


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    invite_hint = fields.Char(
        compute="_compute_invite_hint",
        string="Invitations",
        help="Who is invited, who is not yet, and who sends the invitations.",
    )
    invite_waiting = fields.Boolean(
        compute="_compute_invite_hint", help="Somebody is not invited yet who could be."
    )

    def web_save(self, vals, specification, next_id=None):
        """Saved in a form or list without a choice: nobody is invited by that."""
        if not vals.get("invite_choice"):
            vals = {**vals, "invite_choice": QUIET}
        return super().web_save(vals, specification, next_id=next_id)

    def action_save_quietly(self):
        """Button: save without inviting. The form saves; nothing is left to do here."""
        return True

    def action_save_and_invite(self):
        """Button: invite everybody who is not invited yet."""
        self.check_access("write")
        for event in self:
            event.write({"invite_choice": "invite"})
        return True

    @api.depends(
        "partner_ids", "attendee_ids.invitation", "user_id", "active", "stop", "sync_meeting_id"
    )
    @api.depends_context("uid")
    def _compute_invite_hint(self):
        for event in self:
            people = event.partner_ids._origin - event._host_partner()
            is_ours = bool(event.user_id) and event.active and not event.is_past
            if not (people and is_ours and event.user_can_edit):
                event.invite_hint, event.invite_waiting = False, False
                continue
            facts = event._telling(people)
            event.invite_waiting = bool(facts["waiting"])
            event.invite_hint = " ".join(event._hints(facts, people))

    def _host_partner(self):
        return self.user_id.partner_id

    def _hints(self, facts, people):
        """Sentences about who is invited and who is not."""
        nameless = people.filtered(lambda partner: not partner.email_normalized)
        if facts["waiting"]:
            yield self.env._("Not invited yet: %s.", self._shortly(facts["waiting"]))
            if facts["is_by_odoo"]:
                yield self.env._("Odoo mails the invitations when you choose to invite.")
            else:
                yield self.env._(
                    "%s mails the invitations when you choose to invite.", facts["sender"]
                )
        if facts["invited"]:
            yield self.env._("Invited: %s.", self._shortly(facts["invited"]))
            if facts["is_loud"]:
                yield self.env._(
                    "%s e-mails them about every change, so a change that is saved without"
                    " inviting waits for your decision.",
                    facts["sender"],
                )
        if nameless:
            yield self.env._(
                "Without an e-mail address, so not invited: %s.",
                self._shortly(nameless.mapped("display_name")),
            )

    @api.model
    def _shortly(self, names):
        return self.env["calendar.sync.link"]._shortly(names)

    def _telling(self, people=None):
        """Facts on one event: names of those who are `invited` and would be told of a change, of
        those who are `waiting`, who is the `sender`, whether that is Odoo itself, and whether the
        sender tells of every change whatever one chooses (`is_loud`).

        `people` are the participants of a form that may not be saved yet.
        """
        event = self._origin or self
        account = self._organizers_account(self.user_id)
        link = event._organizers_link(account)
        is_by_calendar = bool(event._invited_by_calendar(self.user_id)) if event else bool(account)
        rows = event.attendee_ids.filtered(lambda row: row._is_mailable())
        known = {row.partner_id: row for row in rows if row.partner_id}
        invited = rows.filtered(lambda row: row._is_invited(link, is_by_calendar))
        fresh = (people or rows.partner_id) - invited.partner_id
        fresh = fresh.filtered("email_normalized")
        gone = known.keys() - set(people) if people is not None else ()
        return {
            "invited": [row.common_name for row in invited if row.partner_id not in gone],
            "waiting": fresh.mapped("name"),
            "sender": account._provider_label() if is_by_calendar else self.env._("Odoo"),
            "is_by_odoo": not is_by_calendar,
            "is_loud": bool(is_by_calendar and link and link._is_loud() and not link.is_silent),
        }

    def _organizers_link(self, account):
        """The living link on the organizer's calendar; none without one."""
        links = self.env["calendar.sync.link"].sudo()
        if not self or not account:
            return links
        found = self.sudo()._links_by_event()[self.id]
        return links.union(*(link for link in found if link.account_id == account))[:1]

    def telling_facts(self):
        """What a dialog says before it asks whom to tell of a change of this one event. Nobody is
        named to whoever may not edit it: it may be private."""
        self.ensure_one()
        self.check_access("read")
        if not self.user_can_edit:
            return {"count": 0, "names": ""}
        facts = self._telling()
        return facts | {
            "count": len(facts["invited"]),
            "names": self._shortly(facts["invited"]),
        }


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    def _is_invited(self, link, is_by_calendar):
        """True for a guest who has an invitation and would expect to hear of changes."""
        self.ensure_one()
        if self.invitation == HELD or not self._email_key():
            return False
        if self.invitation == BY_MAIL:
            return True
        if link:
            return not link.is_silent
        return is_by_calendar or self.event_id.appointment_source != "import"
