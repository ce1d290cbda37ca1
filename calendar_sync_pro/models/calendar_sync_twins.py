from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Datetime
from odoo.tools import is_html_empty

from ..sync.duplicates import Entry, find
from .silent import silent

RULE = "merged"
DAYS_BACK = 90
_FACTS = ("opportunity_id", "location", "videocall_location", "description")


class CalendarSyncTwins(models.AbstractModel):
    """The same appointment twice: found in Odoo and in the calendar, merged without a word.

    What somebody has worked with stays; the others' facts move over, then they are archived. The
    next push takes them out of the calendar by its own rules: silently, or it asks first.
    """

    _name = "calendar.sync.twins"
    _description = "Duplicates of appointments"

    # -- finding ----------------------------------------------------------------------------------
    @api.model
    def _find(self, account):
        """Values of wizard lines for what the account's owner has more than once."""
        events = self._own_events(account.user_id)
        by_id = {event.id: event for event in events}
        groups = find(self._entries(account, events))
        second = self._second_copies(account)
        lines = []
        for kept, *copies in groups:
            lost = events.browse(copy.id for copy in copies)
            links = second.pop(by_id[kept.id].sync_meeting_id, None)
            lines.append(self._line(by_id[kept.id], lost, links))
        for meeting, links in second.items():
            event = meeting._first_event().with_env(self.env)._filtered_access("read")
            if event:
                lines.append(self._line(event, events.browse(), links))
        return lines

    def _own_events(self, user):
        """The user's living appointments that may be merged; of a series its first row. What a
        colleague organizes is the colleague's: nobody else takes it away."""
        since = Datetime.subtract(Datetime.now(), days=DAYS_BACK)
        found = self.env["calendar.event"].search(
            [("partner_ids", "in", user.partner_id.ids), ("stop", ">=", since),
             ("user_id", "in", (user.id, False)), ("active", "=", True)], order="start, id",
        )  # fmt: skip
        firsts, seen = [], set()
        for event in found:
            if event.recurrence_id.id not in seen:
                firsts.append(event.id)
            seen |= set(event.recurrence_id.ids)
        return found.browse(firsts)._filtered_access("write")

    def _entries(self, account, events):
        own, booked = account.sudo()._own_addresses(), self._booked(events)
        return [
            Entry(
                event.id, event.name or "", event.start, event.stop,
                rule=self._rule(event),
                lead_id=0 if event.is_lead_matched else event.opportunity_id.id or 0,
                people=self._people(event) - own,
                has_outcome=event._has_outcome(),
                is_linked=bool(event.sync_meeting_id),
                is_booked=event in booked,
            )
            for event in events
        ]  # fmt: skip

    def _booked(self, events):
        """Those that were booked: a customer was told of them, or they hold somebody's time."""
        here = [("event_id", "in", events.ids)]
        customers = self.env["booking.customer"].sudo().search(here)
        return customers.event_id | self.env["booking.hold"].sudo().search(here).event_id

    def _rule(self, event):
        """How it repeats, without the moment at which its rule was entered."""
        rule = event.sudo().recurrence_id
        lines = (rule.rrule or "").rpartition("RRULE:")[2]
        return f"{lines}/{len(rule.calendar_event_ids)}" if rule else ""

    def _people(self, event):
        rows = event.sudo().attendee_ids
        return frozenset(filter(None, (row._email_key() for row in rows)))

    def _second_copies(self, account):
        """{meeting: links of copies that stand in the calendar beside its own event}."""
        twins = self.env["calendar.sync.link"].sudo().search(
            [("account_id", "=", account.id), ("state", "=", "quarantined"),
             ("problem_code", "=", "duplicate"), ("is_organizer", "=", True)]
        )  # fmt: skip
        found = {}
        for link in twins:
            found[link.meeting_id] = found.get(link.meeting_id, twins.browse()) | link
        return found

    def _line(self, kept, lost, links):
        links = links or self.env["calendar.sync.link"]
        return {
            "kept_id": kept.id,
            "title": kept.display_name,
            "start": kept.start,
            "copies": 1 + len(lost) + len(links),
            "event_ids": lost.ids,
            "link_ids": links.ids,
            "moves": ", ".join(self._moved_words(kept, lost)),
            "goes": ", ".join(self._gone_words(lost, links)),
        }

    def _moved_words(self, kept, lost):
        facts = self._facts(kept, lost)
        names = {
            "opportunity_id": self.env._("Lead"),
            "location": self.env._("Place"),
            "videocall_location": self.env._("Video call"),
            "description": self.env._("Description"),
            "appointment_state": self.env._("Outcome"),
            "partner_ids": self.env._("Participants"),
        }
        return [names[name] for name in names if name in facts]

    def _gone_words(self, lost, links):
        words = []
        if lost:
            words.append(self.env._("%s in Odoo", len(lost)))
        linked = len(lost.filtered("sync_meeting_id")) + len(links)
        if linked:
            words.append(self.env._("%s in the calendar", linked))
        return words

    # -- merging ----------------------------------------------------------------------------------
    def _facts(self, kept, lost):
        """{field: value to write} that the kept event takes over from the others."""
        facts = {}
        for name in _FACTS:
            has = [event for event in lost if not _is_empty(event[name])]
            if _is_empty(kept[name]) and has:
                value = has[0][name]
                facts[name] = value.id if name == "opportunity_id" else value
        told = lost.filtered(lambda event: event._has_outcome())
        if told and not kept._has_outcome():
            facts["appointment_state"] = told[0].appointment_state
        more = lost.partner_ids - kept.partner_ids
        if more:
            facts["partner_ids"] = [Command.link(partner.id) for partner in more]
        return facts

    @api.model
    def _merge(self, account, lines):
        """Merge the groups of these wizard lines; returns how many."""
        rows = []
        for line in lines:
            kept = line.kept_id.exists()
            lost = self.env["calendar.event"].browse(line.event_ids or ()).exists()
            lost = lost.filtered("active")
            (kept | lost).check_access("write")
            if kept.active:
                rows += self._merge_one(account, kept, lost)
                self._remove_copies(account, kept, line.link_ids or ())
        self.env["calendar.sync.journal"]._log(rows)
        account.sudo()._ask_sync()
        return len(lines)

    def _merge_one(self, account, kept, lost):
        """The journal rows of one merge: one for each event that goes."""
        if not lost:
            return []
        facts = self._facts(kept, lost)
        before = {name: _plain(kept[name]) for name in facts}
        silent(self._rows(kept)).write(facts)
        reason = self.env._("Merged with another entry of the same appointment.")
        for event in lost:
            silent(self._rows(event)).write(
                {"active": False, "appointment_state": "cancelled", "cancel_reason": reason}
            )
        after = {name: _plain(kept[name]) for name in facts}
        return [
            {"account_id": account.id, "event_id": event.id, "direction": "none",
             "action": "merge", "rule": RULE,
             "old": {"title": event.name, "kept_id": kept.id, "before": before},
             "new": {"title": kept.name, "after": after}}
            for event in lost
        ]  # fmt: skip

    def _rows(self, event):
        """The event; of a series all its rows."""
        rule = event.sudo().recurrence_id
        return rule.with_context(active_test=False).calendar_event_ids if rule else event

    def _remove_copies(self, account, kept, link_ids):
        """Copies that stand in the calendar alone go by a clean-up, which asks about guests."""
        links = self.env["calendar.sync.link"].sudo().browse(link_ids).exists()
        links = links.filtered(lambda one: one.account_id == account and one.remote_id)
        if not links:
            return
        owner = account.sudo()
        if owner._running_cleanup().state == "undoing":
            raise UserError(
                self.env._("Events are being put back into the calendar. Merge when that is done.")
            )
        run = owner._running_cleanup() or self.env["calendar.sync.cleanup"].sudo().create(
            {"account_id": account.id}
        )
        self.env["calendar.sync.cleanup.item"].sudo().create(
            [{"cleanup_id": run.id, "link_id": link.id, "state": "waiting"} for link in links]
        )
        if not owner._running_cleanup():
            run._start("running")

    # -- undoing ----------------------------------------------------------------------------------
    @api.model
    def _part_again(self, row):
        """Both appointments again: what moved over goes back unless somebody changed it since."""
        event = silent(row.event_id)
        kept = silent(event.browse((row.old or {}).get("kept_id"))).exists()
        if not event:
            return "deleted_for_good"
        before, after = (row.old or {}).get("before", {}), (row.new or {}).get("after", {})
        same = {n: v for n, v in before.items() if kept and _plain(kept[n]) == after.get(n)}
        if "partner_ids" in same:
            same["partner_ids"] = [Command.set(same["partner_ids"])]
        if same:
            silent(self._rows(kept)).write(same)
        rows = silent(self._rows(event))
        rows._restore_appointment()
        self.env["calendar.sync.mark"]._note(rows)
        return ""


def _is_empty(value):
    return not value or (isinstance(value, str) and is_html_empty(value))


def _plain(value):
    """A field's value in a JSON-able form."""
    if isinstance(value, models.BaseModel):
        return value.ids
    return str(value) if value else False
