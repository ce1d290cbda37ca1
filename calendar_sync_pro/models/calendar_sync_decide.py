from odoo import api, models
from odoo.exceptions import AccessError

from .calendar_sync_link_waiting import NEEDS_YOU

FEW = 5


class CalendarSyncLink(models.Model):
    """A person decides about what waits: tell the guests, or take the change back."""

    _inherit = "calendar.sync.link"

    def _check_may_decide(self):
        """Only the owner of the calendar decides, and only about events that owner may change."""
        links = self.sudo()
        if any(link.account_id.user_id != self.env.user for link in links):
            raise AccessError(
                self.env._("Only the owner of the calendar decides who is told of a change.")
            )
        events = links.meeting_id.event_id | links.meeting_id.recurrence_id.base_event_id
        events.with_env(self.env).check_access("write")

    def _waiting(self):
        """Those of these links on which something waits for a person, read as superuser."""
        links = self.sudo().exists()
        return links.filtered(lambda link: link.state == NEEDS_YOU)

    def _people_to_tell(self):
        """How many different people the calendars would mail about what waits on these links."""
        return len(self._told_addresses())

    def _told_addresses(self):
        return sorted({email for link in self._waiting() for email in link.told_to or ()})

    @api.model
    def _shortly(self, names):
        """A few names in a row, and how many more there are."""
        shown = ", ".join(names[:FEW])
        return shown if len(names) <= FEW else f"{shown} … (+{len(names) - FEW})"

    def _send_waiting(self):
        """Send what waits, once and aloud. The reader must be allowed to decide."""
        self._check_may_decide()
        waiting = self._waiting()
        waiting._log_approval()
        waiting._release()
        waiting._look_again(is_approved=True)
        waiting._tell_pages()

    def _discard_waiting(self):
        """Take back what waits: Odoo says again what the calendar shows; nobody is told."""
        self._check_may_decide()
        waiting = self._waiting()
        uninvited = waiting.filtered(lambda link: link.held == "create")
        self.env["calendar.sync.discard"].sudo()._discard(waiting)
        left = waiting.exists()
        left._release()
        uninvited._look_again()  # it goes out, without its guests
        left._tell_pages()

    def _log_approval(self):
        self.env["calendar.sync.journal"]._log(
            [
                {
                    "account_id": link.account_id.id,
                    "calendar_id": link.calendar_id.id,
                    "link_id": link.id,
                    "event_id": link.meeting_id._first_event().id or False,
                    "direction": "none",
                    "action": "approve",
                    "rule": "chosen_to_tell",
                    "new": {"told": len(link.told_to or ())},
                }
                for link in self
            ]
        )

    def _tell_pages(self):
        """Open pages of the owner show the decision."""
        for account in self.account_id:
            links = self.filtered(lambda link, a=account: link.account_id == a)
            events = [link.meeting_id._first_event().id for link in links]
            self.env["calendar.sync.push"]._tell(account, events)
            account._tell_owner()

    # The dialog

    def action_sync_send(self):
        """List action: ask, then send what waits here."""
        return self._ask_decision("send")

    def action_sync_discard(self):
        """List action: ask, then take back what waits here."""
        return self._ask_decision("discard")

    def _ask_decision(self, choice):
        """The dialog that says what will happen before it does."""
        titles = {"send": self.env._("Tell the guests"), "discard": self.env._("Take it back")}
        return {
            "type": "ir.actions.act_window",
            "name": titles[choice],
            "res_model": "calendar.sync.decide",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_link_ids": self._waiting().ids,
                "default_choice": choice,
                "dialog_size": "medium",
            },
        }


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def action_sync_send(self):
        """Button and list action: ask, then send what waits on these events to the calendar."""
        return self._ask_decision("send")

    def action_sync_discard(self):
        """Button and list action: ask, then take back what waits on these events."""
        return self._ask_decision("discard")

    def _ask_decision(self, choice):
        return self._own_waiting_links()._ask_decision(choice)

    def _own_waiting_links(self):
        """The reader's links of these events on which something waits."""
        found = self.sudo()._links_by_event()
        links = self.env["calendar.sync.link"].browse(
            sorted({link.id for event in self for link in found[event.id]})
        )
        return links._waiting().filtered(lambda link: link.account_id.user_id == self.env.user)
