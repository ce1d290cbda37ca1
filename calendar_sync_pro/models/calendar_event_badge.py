"""How an appointment stands with the connected calendars, in bulk and without HTTP."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..providers import port
from ..sync import badge as badges
from ..sync import reasons
from .calendar_sync_link_waiting import NEEDS_YOU, WOULD_NOTIFY
from .connect_texts import open_text
from .safe_texts import web_address
from .sync_terms import say

BADGES = [
    ("none", "Not synced"),
    ("synced", "Synced"),
    ("waiting", "Waiting"),
    ("problem", "Needs you"),
    ("former", "In a former calendar"),
]


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    sync_badge = fields.Selection(
        BADGES,
        compute="_compute_sync_badge",
        search="_search_sync_badge",
        string="Calendar sync",
    )
    sync_badge_text = fields.Char(compute="_compute_sync_badge", string="Sync in words")
    sync_web_url = fields.Char(compute="_compute_sync_badge", string="Address in the calendar")
    sync_web_label = fields.Char(compute="_compute_sync_badge")
    sync_is_undecided = fields.Boolean(
        compute="_compute_sync_badge",
        string="Waits for your decision",
        help="A change waits because the calendar would e-mail the guests about it.",
    )

    @api.depends_context("uid")
    @api.depends("sync_meeting_id", "recurrence_id", "partner_ids", "user_id", "active")
    def _compute_sync_badge(self):
        """From links, marks and the participants' accounts: a fixed number of queries."""
        facts = self._origin._sync_facts()
        for event in self:
            links, waiting = facts.get(event._origin.id, ((), ()))
            found = badges.badge(links, waiting)
            url, label = badges.web_url(links)
            event.sync_badge = found.kind
            event.sync_is_undecided = any(
                link.state == NEEDS_YOU and link.account.is_own for link in links
            )
            event.sync_badge_text = event._badge_in_words(found)
            event.sync_web_url = web_address(url)
            event.sync_web_label = label and self._web_label(label)

    def _search_sync_badge(self, operator, value):
        """Events whose badge is 'problem' for the reader; other badges can't be searched."""
        if operator != "in" or set(value) != {"problem"}:
            return NotImplemented
        links = self.env["calendar.sync.link"].sudo()
        own = Domain("account_id.user_id", "=", self.env.uid)
        ill = Domain("state", "=", "quarantined") | Domain(
            "problem_code", "not in", [False, "", *reasons.PASSING]
        )
        ill &= Domain("state", "not in", ["closed", "frozen"])
        meetings = links.search(own & ill).meeting_id
        stuck = own & Domain("account_id.status", "in", [badges.NEEDS_SIGN_IN, badges.PAUSED])
        marks = self.env["calendar.sync.mark"].sudo().search(stuck)
        return (
            Domain("sync_meeting_id", "in", meetings.ids)
            | Domain("recurrence_id", "in", meetings.recurrence_id.ids)
            | Domain("id", "in", marks.mapped("event_id"))
        )

    # Facts, each in one query for all events; as superuser: they become one word of their own

    def _sync_facts(self):
        """{event id: (facts on its links, facts on the accounts that have yet to be told)}."""
        events = self.sudo()
        links = events._links_by_event()
        marks = events._marks_by_event()
        accounts = events._accounts_by_user() if marks else {}
        return {
            event.id: (
                [self._facts_of_link(link, marks.get(event.id, ())) for link in links[event.id]],
                [
                    self._facts_of_account(accounts[user])
                    for user in event.user_id | event.partner_ids.user_ids
                    if user in accounts and marks.get(event.id, set()) & {False, accounts[user].id}
                ]
                if event.id in marks
                else [],
            )
            for event in events
        }

    def _links_by_event(self):
        """{event id: living links}, an occurrence having those of its series."""
        meetings = self.sync_meeting_id
        of_rule = {}
        if self.recurrence_id:
            native = meetings.search([("recurrence_id", "in", self.recurrence_id.ids)])
            of_rule = {meeting.recurrence_id: meeting for meeting in native}
            meetings |= native
        found = defaultdict(list)
        if meetings:
            domain = [("meeting_id", "in", meetings.ids), ("state", "!=", "closed")]
            for link in self.env["calendar.sync.link"].sudo().search(domain):
                found[link.meeting_id].append(link)
        return {
            event.id: found[event.sync_meeting_id or of_rule.get(event.recurrence_id)]
            for event in self
        }

    def _marks_by_event(self):
        """{event id: ids of the accounts that wait for it, False for "not yet known whose"}."""
        firsts = self.recurrence_id.base_event_id
        marks = (
            self.env["calendar.sync.mark"].sudo().search([("event_id", "in", (self | firsts).ids)])
        )
        found = defaultdict(set)
        for mark in marks:
            found[mark.event_id].add(mark.account_id.id)
        waiting = {
            event.id: found.get(event.id, set())
            | found.get(event.recurrence_id.base_event_id.id, set())
            for event in self
        }
        return {event_id: accounts for event_id, accounts in waiting.items() if accounts}

    def _accounts_by_user(self):
        """{user: account with sync on} of all participants."""
        users = self.partner_ids.user_ids | self.user_id
        accounts = (
            self.env["calendar.sync.account"]
            .sudo()
            .search([("user_id", "in", users.ids), ("is_sync_on", "=", True)])
        )
        return {account.user_id: account for account in accounts}

    @api.model
    def _facts_of_link(self, link, waiting):
        return badges.LinkFacts(
            state=link.state,
            account=self._facts_of_account(link.account_id),
            problem_code=link.problem_code or "",
            web_url=link.web_url or "",
            is_marked=bool({False, link.account_id.id} & set(waiting)),
            told=len(link.told_to or ()),
        )

    @api.model
    def _facts_of_account(self, account):
        registration = port.providers().get(account.provider)
        return badges.AccountFacts(
            status=account.status,
            label=registration.label if registration else account.provider,
            reason_code=account.reason_code or "",
            is_own=account.user_id.id == self.env.uid,
            is_former=not account.is_sync_on
            and any(account.user_id.calendar_sync_account_ids.mapped("is_sync_on")),
        )

    # Words

    def _badge_in_words(self, found):
        match found.kind:
            case "synced":
                return self.env._("In %s", found.label)
            case "waiting" if found.reason_code:
                return self._sync_reason(found.reason_code, found.label)
            case "waiting" if not self.active:
                return self.env._("Being removed from %s…", found.label)
            case "waiting":
                return self.env._("On its way to %s…", found.label)
            case "problem" if found.reason_code == WOULD_NOTIFY:
                return self._undecided_in_words(found)
            case "problem":
                return self._sync_reason(found.reason_code, found.label)
            case "former":
                return self.env._("Stays in the former calendar at %s", found.label)
        return self.env._("In no connected calendar")

    def _undecided_in_words(self, found):
        """Who would be told, to the calendar's owner, who decides, and to everybody else."""
        if not self.sync_is_undecided:
            text = self.env._("%s would e-mail the guests: the calendar's owner has to decide.")
            return text % found.label
        match found.told:
            case 0:
                return self.env._("Needs you: %s will tell the guests.", found.label)
            case 1:
                return self.env._("Needs you: %s will tell 1 person.", found.label)
        words = {"label": found.label, "people": found.told}
        return self.env._("Needs you: %(label)s will tell %(people)s people.", **words)

    @api.model
    def _web_label(self, label):
        registration = next(r for r in port.providers().values() if r.label == label)
        return open_text(self.env, registration.web_label, label)

    @api.model
    def _sync_reason(self, code, label):
        """A problem as a sentence and what to do about it."""
        reason = reasons.explain(code)
        texts = (say(self.env, text) for text in reason if text)
        return f"{label}: {' '.join(texts)}"
