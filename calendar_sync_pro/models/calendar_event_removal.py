"""Deleting and archiving: what becomes of it in the calendars and who hears of it, said before."""

from odoo import api, models

from ..core.settings import LocalDelete
from ..sync import base as stored_base
from .calendar_event_invite import BY_MAIL, SERIES


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def action_ask_removal(self, kind="delete"):
        """The dialog that says what deleting or archiving does, and asks whom to tell."""
        self.check_access("unlink" if kind == "delete" else "write")
        is_delete = kind == "delete"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Delete") if is_delete else self.env._("Archive"),
            "res_model": "calendar.sync.remove",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_event_ids": self.ids,
                "default_kind": "delete" if is_delete else "archive",
                "dialog_size": "medium",
            },
        }

    def _remove(self, kind, scope, *, is_telling):
        """Delete or archive these events with the reader's rights, or the rest or all of the one
        event's series. `is_telling`: the guests hear of it, from whoever has invited them."""
        reached = self._in_scope(scope) if scope in SERIES else self
        reached.check_access("unlink" if kind == "delete" else "write")
        reached = reached._told_of_removal(is_telling)
        if scope in SERIES and self.recurrence_id:
            reached = self.with_env(reached.env)._cut_series(reached, kind)
        if kind == "delete":
            reached.unlink()
        else:
            reached.write({"active": False})

    def _told_of_removal(self, is_telling):
        """The events in a context in which their calendars tell the guests that they go, or not;
        whom Odoo has invited is told here."""
        if is_telling:
            mailed = self.filtered("active").attendee_ids
            mailed = mailed.filtered(lambda row: row.invitation == BY_MAIL)
            mailed.sudo()._mail_invitation("cancelled")
        return self.with_context(calendar_sync_notify=is_telling, no_mail_to_attendees=True)

    def _cut_series(self, reached, kind):
        """End the rule before this event, or altogether, so that a calendar is told once and not
        for each day; returns what is left to remove."""
        rule = self.recurrence_id
        if reached == rule.calendar_event_ids:
            if kind == "delete":
                rule.unlink()
            return reached.exists()
        return rule._stop_at(self) & reached

    @api.model
    def _removal_facts(self, events):
        """What the calendars do when `events` go: labels of those that remove them, of those that
        keep them by setting, whether one belongs to somebody else, {address: name} of who would
        be told, and labels of those that tell of a removal whatever one chooses. Only of events
        that the reader may edit: a private one says nothing to others."""
        events = events._filtered_access("write").filtered("user_can_edit")
        facts = {"removed": set(), "left": set(), "foreign": False, "told": {}, "loud": set()}
        policies = {}
        for links in events.sudo()._links_by_event().values():
            for link in links:
                account = link.account_id
                if account not in policies:
                    policies[account] = account._policy()
                self._add_link_facts(facts, link, policies[account])
        rows = events.attendee_ids.filtered(lambda row: row.invitation == BY_MAIL)
        facts["told"] |= {row._email_key(): row.common_name for row in rows}
        return facts

    @api.model
    def _add_link_facts(self, facts, link, policy):
        if not (link.is_organizer and link.can_edit):
            facts["foreign"] = True
            return
        label = link._provider_label()
        if policy.local_delete is LocalDelete.LEAVE:
            facts["left"].add(label)
            return
        facts["removed"].add(label)
        agreed = stored_base.load(link.base)
        people = {p.email: p.name or p.email for p in (agreed.attendees if agreed else ())}
        told = {email: name for email, name in people.items() if email not in policy.own_addresses}
        facts["told"] |= told
        if told and link._is_loud():
            facts["loud"].add(label)

    def _removal_lines(self, facts):
        """`_removal_facts` in sentences."""
        for label in sorted(facts["removed"]):
            yield self.env._("Removed from %s.", label)
        for label in sorted(facts["left"]):
            yield self.env._("Stays in %s by setting, and is not synced any more.", label)
        if facts["foreign"]:
            yield self.env._(
                "In a calendar to which somebody else invited it stays: only the organizer can"
                " remove it."
            )
        yield self._line_of_people(facts)

    def _line_of_people(self, facts):
        names = sorted(facts["told"].values())
        if not names:
            return self.env._("Nobody is e-mailed.")
        told = {"count": len(names), "names": self._shortly(names)}
        if facts["loud"]:
            told["label"] = ", ".join(sorted(facts["loud"]))
            return self.env._(
                "Invited (%(count)s): %(names)s. %(label)s e-mails them about every removal: if"
                " you tell nobody, it stays there until you decide.",
                **told,
            )
        return self.env._(
            "Invited (%(count)s): %(names)s. They get a cancellation only if you choose so.",
            **told,
        )
