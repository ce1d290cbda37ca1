"""The Sync tab of an appointment: where it is, and what a sync did to it, in sentences."""

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..providers import port
from ..sync import decisions
from .safe_texts import web_address
from .sync_terms import say

STORY_LIMIT = 40
TEXT_LIMIT = 60


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.readonly
    def get_sync_story(self):
        """{links, entries} for the reader: own calendars and own journal, newest first.

        Entry: {when, from, to, sentence, lines: [{name, old, new}], is_conflict, can_undo,
        can_restore, undo: how undoing went}. Times are naive UTC. Whoever may not read the event
        is refused; other people's journals stay theirs.
        """
        self.ensure_one()
        self.check_access("read")
        own = [("account_id.user_id", "=", self.env.uid)]
        links = self.env["calendar.sync.link"].search(
            [*own, ("id", "in", [link.id for link in self.sudo()._links_by_event()[self.id]])]
        )
        journal = self.env["calendar.sync.journal"].search(
            [*own, "|", ("event_id", "=", self.id), ("link_id", "in", links.ids)],
            limit=STORY_LIMIT,
        )
        return {
            "links": [self._story_of_link(link) for link in links],
            "entries": [self._story_of_entry(entry) for entry in journal],
        }

    @api.model
    def _story_of_link(self, link):
        account = link.account_id
        registration = port.providers().get(account.provider)
        label = registration.label if registration else account.provider
        state = dict(link._fields["state"]._description_selection(self.env))[link.state]
        return {
            "id": link.id,
            "label": label,
            "email": account.email or "",
            "calendar": link.calendar_id.name,
            "state": state,
            "problem": self._sync_reason(link.problem_code, label) if link.problem_code else "",
            "url": web_address(link.web_url),
            "url_label": self._web_label(label) if link.web_url else "",
            "last_read": fields.Datetime.to_string(link.calendar_id.last_read) or "",
        }

    @api.model
    def _story_of_entry(self, entry):
        registration = port.providers().get(entry.account_id.provider)
        label = registration.label if registration else entry.account_id.provider
        rule = decisions.GAVE_WAY if entry.is_conflict else entry.rule
        sentence = decisions.RULES.get(rule or "") or self._action_in_words(entry.action)
        ways = {"in": (label, "Odoo"), "out": ("Odoo", label)}
        came_from, went_to = ways.get(entry.direction, ("", ""))
        return {
            "id": entry.id,
            "when": fields.Datetime.to_string(entry.create_date),
            "from": came_from,
            "to": went_to,
            "sentence": say(self.env, sentence),
            "lines": self._changed_lines(entry.old or {}, entry.new or {}),
            "is_conflict": entry.is_conflict,
            "can_undo": entry._is_undoable(),
            "can_restore": entry._is_restorable(),
            "undo": entry._undo_in_words(),
        }

    @api.model
    def _action_in_words(self, action):
        words = {
            "create": self.env._("Created."),
            "update": self.env._("Changed."),
            "cancel": self.env._("Cancelled."),
            "conflict": self.env._("Changed on both sides."),
            "quarantine": self.env._("Set aside: it could not be synced."),
            "stopped": self.env._("Stopped to ask you: most events would have gone at once."),
        }
        return words.get(action, action)

    @api.model
    def _changed_lines(self, old, new):
        """The fields that differ, in words a person uses."""
        names = {
            "when": self.env._("Time"),
            "title": self.env._("Title"),
            "description": self.env._("Description"),
            "location": self.env._("Place"),
            "recurrence": self.env._("Repetition"),
            "attendees": self.env._("Guests"),
            "show_as": self.env._("Show as"),
            "privacy": self.env._("Privacy"),
            "reminders": self.env._("Reminders"),
            "conference_url": self.env._("Video call"),
        }
        return [
            {
                "name": names[name],
                "field": name,
                "old": self._value_in_words(name, old.get(name)),
                "new": self._value_in_words(name, new.get(name)),
            }
            for name in names
            if (name in old or name in new) and old.get(name) != new.get(name)
        ]

    @api.model
    def _value_in_words(self, name, value):
        """A journal value as short text; times as {start, stop} for the reader's own zone."""
        if value in (None, "", [], False):
            return ""
        match name:
            case "when":
                return {"start": value["start"], "stop": value["stop"]}
            case "attendees":
                people = [value] if isinstance(value, dict) else value
                return ", ".join(person.get("name") or person["email"] for person in people)
            case "recurrence" | "reminders":
                return ", ".join(str(part) for part in value)
        text = html2plaintext(str(value)) if name == "description" else str(value)
        return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"
