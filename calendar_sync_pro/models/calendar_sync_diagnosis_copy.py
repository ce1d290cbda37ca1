from odoo import api, models, release

from ..sync import diagnosis_words as words
from ..sync.reasons import explain

JOURNAL_ROWS = 10
MODULE = "calendar_sync_pro"


class CalendarSyncDiagnosis(models.AbstractModel):
    """The diagnosis as text, to be sent to whoever helps: ids, causes, times and versions.

    It goes to people outside, in a ticket or a mail. So there is nothing in it that a person has
    written, no address but the part behind the @, and nothing that lets anybody in. It is English
    whatever the reader's language is.
    """

    _inherit = "calendar.sync.diagnosis"

    @api.model
    def _text(self, account, findings, event):
        """The text of one diagnosis."""
        parts = [self._text_versions(), self._text_account(account)]
        if event:
            parts.append(self._text_event(account, event.sudo()))
        parts.append([self._text_finding(finding) for finding in findings])
        parts.append(self._text_journal(account, event))
        return "\n\n".join("\n".join(lines) for lines in parts if lines)

    @api.model
    def _text_versions(self):
        module = self.env.ref(f"base.module_{MODULE}").sudo()
        now = self.env.cr.now().strftime("%Y-%m-%d %H:%M:%S")
        return [
            f"Calendar Sync Pro {module.installed_version or '?'}, Odoo {release.version},"
            f" {now} UTC"
        ]

    @api.model
    def _text_account(self, account):
        if not account:
            return ["No account."]
        domain = (account.email or "").rpartition("@")[2]
        chosen = account.events_calendar_id
        window = account._days()
        return [
            f"Account {account.id} at {account.provider}, …@{domain}, for {account.purpose}",
            f"Status {account.status}, reason {account.reason_code or '-'}"
            f" since {account.reason_since or '-'}, failures {account.failures}",
            f"Sync {'on' if account.is_sync_on else 'off'}, last {account.last_sync or '-'},"
            f" next {account.next_run or '-'}, writes wait until"
            f" {account.wait_writes_until or '-'}, slowed until"
            f" {account.slowed_until or '-'}, app until {account.app_id.paused_until or '-'}",
            f"Calendar for events {chosen.id or '-'} ({chosen.access_role or '-'}"
            f"{', missing' if chosen.is_missing else ''}), {len(account.calendar_ids)} calendars,"
            f" days {window[0]} back and {window[1]} ahead",
            f"Time zones: user {account.user_id.tz or '-'}, calendar {chosen.tz or '-'}",
        ]

    @api.model
    def _text_event(self, account, event):
        lines = [f"Appointment {event.id}, {event.start} to {event.stop} UTC, made as"
                 f" {event.appointment_source or '-'}"]  # fmt: skip
        for link in event._links_by_event()[event.id]:
            whose = "" if link.account_id == account else " (of somebody else)"
            lines.append(
                f"Link {link.id}{whose}: {link.state}, problem {link.problem_code or '-'},"
                f" attempts {link.attempts}, not before {link.not_before or '-'}"
            )
        marks = event._marks_of(account)
        lines += [f"Mark {mark.id}: {mark.kind}, made {mark.marked_at}" for mark in marks]
        return lines

    @api.model
    def _text_finding(self, finding):
        sign = {"ok": "+", "note": "i", "warn": "!", "fail": "X"}[finding.level.value]
        cause = explain(finding.reason).sentence if finding.reason else ""
        codes = "/".join(filter(None, (finding.reason, finding.code)))
        return f"[{sign}] {words.HEADINGS[finding.check]}: {codes}. {cause}".rstrip()

    @api.model
    def _text_journal(self, account, event):
        """The latest steps: when, which way and by which rule. No values of fields."""
        domain = [("account_id", "=", account.id)]
        if event:
            links = [link.id for link in event.sudo()._links_by_event()[event.id]]
            domain += ["|", ("event_id", "=", event.id), ("link_id", "in", links)]
        journal = self.env["calendar.sync.journal"].sudo().search(domain, limit=JOURNAL_ROWS)
        return [
            f"{row.create_date} {row.direction} {row.action} {row.rule or '-'}"
            f" link {row.link_id.id or '-'}"
            for row in journal
        ]
