from datetime import datetime

from odoo import api, fields, models
from odoo.tools.misc import format_date, format_datetime, format_time

from ..providers import port
from ..sync import diagnosis
from ..sync import diagnosis_words as words
from ..sync.reasons import explain
from ..sync.triage import NEEDS_APPROVAL
from .calendar_sync_connections import _iso
from .safe_texts import web_address
from .sync_terms import say

DAYS = frozenset({"first", "last", "day"})
"""Values that are days, not moments."""


class CalendarSyncDiagnosis(models.AbstractModel):
    """What the dialog "Why isn't it synced?" shows: findings in the reader's words."""

    _name = "calendar.sync.diagnosis"
    _description = "Why isn't it synced?"

    @api.model
    def _page(self, account, findings, event=None):
        """{rows, main, …} of `findings` about `account` (maybe empty), or an `event` of it.

        Row: {check, heading, level, text, fixes: [{code, label, value}]}. `main` is the number of
        the row to begin with, -1 when all is well. `text` is to be copied for somebody who helps.
        """
        event = event if event is not None else self.env["calendar.event"]
        is_own = not account or account.user_id == self.env.user
        is_admin = self.env.user.has_group("calendar_sync_pro.group_admin")
        may_press = is_own or is_admin
        return {
            "account_id": account.id or False,
            "event_id": event.id or False,
            "is_own": is_own,
            "who": self._who(account),
            "subject": event.display_name or "",
            "rows": [self._row(finding) for finding in findings],
            "main": diagnosis.main_trouble(findings),
            "calendars": [
                {"id": each.id, "name": each.name, "color": each.color or ""}
                for each in account._usable_calendars() - account.events_calendar_id
            ],
            "approval": self._approval(account),
            "sign_in": self._sign_in(account) if account and is_own else False,
            "web_url": self._web_url(account, event),
            "can_ask": bool(account) and may_press and account.status == "active",
            "can_look": not event and may_press and self._has_entries(account),
            "text": self._text(account, findings, event),
            "checked_at": _iso(fields.Datetime.now()),
        }

    @api.model
    def _offered_rows(self, user, zone):
        """Whether the right calendar of somebody is read at all, for a booking calendar in `zone`:
        connected, ticked, in the same time zone. Nothing personal is told."""
        accounts = self.env["calendar.sync.account"].sudo()
        found = accounts.search([("user_id", "=", user.id)], order="is_sync_on desc, id", limit=1)
        facts = found._diagnosis_facts() if found else None
        return [self._row(finding) for finding in diagnosis.offered(facts, zone)]

    @api.model
    def _who(self, account):
        """Whose connection it is; "" where there is none."""
        parts = (account.user_id.name, account.email, account and account._provider_label())
        return " · ".join(part for part in parts if part)

    @api.model
    def _row(self, finding):
        return {
            "check": finding.check,
            "heading": say(self.env, words.HEADINGS[finding.check]),
            "level": finding.level.value,
            "text": self._sentence(finding),
            "fixes": [self._button(code, finding.values) for code in finding.fixes],
        }

    @api.model
    def _sentence(self, finding):
        """What was found and what to do, in the reader's language, zone and way of writing."""
        texts = []
        if finding.reason:
            reason = explain(finding.reason)
            texts.append(say(self.env, reason.sentence))
            if reason.next_step and not finding.code:
                texts.append(say(self.env, reason.next_step))
        if finding.code:
            sentence = say(self.env, words.WORDS[finding.code])
            texts.append(sentence % self._in_words(finding.values))
        return " ".join(texts)

    @api.model
    def _in_words(self, values):
        return {name: self._value(name, value) for name, value in values.items()}

    @api.model
    def _value(self, name, value):
        if name == "hint":
            return say(self.env, value)
        if not isinstance(value, datetime):
            return value
        # Not the zone that the open page began with: it may have been changed right here.
        zone = self.env.user.tz or self.env.context.get("tz") or "UTC"
        here = self.with_context(tz=zone)
        day = fields.Datetime.context_timestamp(here, value).date()
        if name in DAYS:
            return format_date(self.env, day)
        if day == fields.Datetime.context_timestamp(here, fields.Datetime.now()).date():
            return format_time(self.env, value, tz=zone, time_format="short")
        return format_datetime(self.env, value, tz=zone, dt_format="short")

    @api.model
    def _button(self, code, values):
        label = say(self.env, words.FIXES[code])
        value = values.get("value", False)
        return {"code": code, "label": label % {"value": value}, "value": value}

    @api.model
    def _approval(self, account):
        """What an organisation's administrator needs to allow the app, False where that isn't what
        is missing."""
        if account.reason_code != NEEDS_APPROVAL or not account.app_id:
            return False
        app = account.app_id
        url = self.env["calendar.sync.consent"].sudo()._approval_url_of(account.provider, app)
        return {"client_id": app.client_id or "", "url": url, "label": account._provider_label()}

    @api.model
    def _sign_in(self, account):
        """What the page of connections needs to let the owner sign in again, here."""
        registration = port.provider(account.provider)
        return {
            "provider": {
                "name": account.provider,
                "label": registration.label,
                "form": account._password_form(registration),
            },
            "card": {
                "id": account.id,
                "email": account.email or "",
                "login": account._page_login(),
                "provider": account.provider,
                "purpose": account.purpose,
            },
        }

    @api.model
    def _web_url(self, account, event):
        """Where the owner opens the appointment in the calendar itself."""
        if not event or account.user_id != self.env.user:
            return ""
        link = event.sudo()._link_of(account)
        return web_address(link.web_url) if link else ""

    @api.model
    def _has_entries(self, account):
        """True where the entries of a calendar may be read in full."""
        is_full = account.purpose == "sync" and account.status == "active"
        return bool(is_full and account.events_calendar_id)
