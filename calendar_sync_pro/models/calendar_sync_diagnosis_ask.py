from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytz
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_time

from ..core.changes import Window
from ..core.errors import Malformed, NotFound, ProviderError
from ..core.recurrence import expand
from ..sync import diagnosis, diagnosis_entry
from ..sync.admission import is_in_window
from ..sync.triage import triage

MAX_PAGES = 5
MAX_ENTRIES = 60


class CalendarSyncAccount(models.Model):
    """The calendar itself is asked, because a person wants to know. No transaction is open while
    it answers, and nothing is written there; what it says of its calendars is kept."""

    _inherit = "calendar.sync.account"

    def diagnose_ask(self, event_id=False, device_zone=""):
        """The diagnosis, and what the calendar service answers now about the sign-in, the calendar
        for events and the appointment."""
        self.ensure_one()
        account = self._mine()
        event = self.env["calendar.event"].browse(event_id or ()).exists()
        event.check_access("read")
        answer = account._ask_service(event.sudo()._link_of(account) if event else None)
        self.env.invalidate_all()
        if event:
            findings = event._findings(account, device_zone)
        else:
            facts = account._diagnosis_facts(device_zone)
            findings = diagnosis.whole(facts, account._diagnosis_reader())
        findings.append(diagnosis_entry.asked(answer))
        return self.env["calendar.sync.diagnosis"]._page(account, findings, event)

    def _ask_service(self, link):
        """A `diagnosis_entry.Answer`; a lost sign-in is recorded as always."""
        place, is_busy_only = self.events_calendar_id.remote_id, self.purpose == "busy_only"
        places = self.calendar_ids.mapped("remote_id")
        known = (link.calendar_id.remote_id, link.remote_id) if link else ("", "")
        ask = partial(_times, places=places) if is_busy_only else partial(_told, known=known)
        try:
            listed, stands = self._ask_for_click(ask)
        except ProviderError as error:
            self._why(error)
            verdict = triage(error, attempts=1, now=datetime.now(UTC))
            return diagnosis_entry.Answer(error=verdict.reason_code)
        if is_busy_only:
            return diagnosis_entry.Answer()
        found = next((one for one in listed if one.remote_id == place), None)
        self._held()._apply_calendar_list(listed)
        where = "there" if found and found.role.can_write else "read_only" if found else "gone"
        return diagnosis_entry.Answer(place=where if place else "", event=stands)

    # -- an entry of the calendar that isn't in Odoo ----------------------------------------------
    def diagnose_day(self, day):
        """Why the entries of one day (an ISO date in the owner's zone) of the calendar for events
        are in Odoo or not: {rows, error}. Row: {when, start, event_id, link_id, text, level,
        fixes}. Only times are told; no title leaves the calendar."""
        self.ensure_one()
        account = self._mine()
        if not self.env["calendar.sync.diagnosis"]._has_entries(account):
            raise UserError(
                self.env._("Only the entries of a connected calendar can be looked at.")
            )
        wanted = account._day_window(day)
        place = account.events_calendar_id.remote_id
        try:
            remotes = account._ask_for_click(partial(_entries, place=place, wanted=wanted))
        except ProviderError as error:
            return {"rows": [], "error": account._why(error)}
        self.env.invalidate_all()
        return {"rows": account._entry_rows(remotes, wanted), "error": ""}

    def _day_window(self, asked):
        """From midnight to midnight of an ISO date in the owner's zone."""
        zone = pytz.timezone(self.user_id.tz or "UTC")
        try:
            day = fields.Date.to_date(asked)
            midnights = [datetime.combine(day + timedelta(days=n), time()) for n in (0, 1)]
            return Window(*(zone.localize(each).astimezone(UTC) for each in midnights))
        except (TypeError, ValueError, OverflowError):
            raise UserError(self.env._("Enter the day to look at.")) from None

    def _entry_rows(self, remotes, wanted):
        """A row for each entry: three queries for any number."""
        policy, window = self.events_calendar_id._policy(), self._window(fields.Datetime.now())
        reader = self._diagnosis_reader()
        links = self._links_of_entries(remotes)
        rows = []
        for remote in remotes:
            link = links.get(remote.remote_id, self.env["calendar.sync.link"])
            event = link.meeting_id._first_event() if link else self.env["calendar.event"]
            known = diagnosis_entry.Known(
                is_here=bool(event.active), state=link.state or "",
                problem_code=link.problem_code or "",
            )  # fmt: skip
            finding = diagnosis_entry.entry(remote, known, policy, window, reader)
            row = self.env["calendar.sync.diagnosis"]._row(finding)
            row["when"] = self._span_of(remote.fields, wanted)
            rows.append(row | {"event_id": event.id or False, "link_id": link.id or False})
        return rows

    def _links_of_entries(self, remotes):
        ids = [remote.remote_id for remote in remotes]
        links = self.env["calendar.sync.link"].sudo().search(
            [("calendar_id", "=", self.events_calendar_id.id), ("remote_id", "in", ids),
             ("state", "!=", "closed")]
        )  # fmt: skip
        return {link.remote_id: link for link in links}

    def _span_of(self, entry_fields, wanted):
        """“10:00 – 11:00” in the reader's zone, or that it lasts all day."""
        when = entry_fields.when
        if when.is_all_day:
            return self.env._("All day")
        if entry_fields.recurrence:
            with suppress(Malformed):
                when = next(iter(expand(when, entry_fields.recurrence, wanted, limit=1)), when)
        times = (each.astimezone(UTC).replace(tzinfo=None) for each in (when.start, when.stop))
        zone = self.env.context.get("tz") or self.env.user.tz or "UTC"
        return " – ".join(format_time(self.env, t, tz=zone, time_format="short") for t in times)


def _times(provider, places):
    """Whether an account for availability only answers: the next hour's busy times."""
    now = datetime.now(UTC)
    provider.busy(places, Window(now, now + timedelta(hours=1)))
    return [], ""


def _told(provider, known):
    """(all calendars, whether the event `known` by calendar and id is there: there, gone or "")."""
    listed, stands = provider.calendars(), ""
    if all(known):
        stands = "there"
        try:
            provider.get(*known)
        except NotFound:
            stands = "gone"
    return listed, stands


def _entries(provider, place, wanted):
    """Entries of the calendar that touch the window, by their start."""
    found, cursor = {}, ""
    for _page in range(MAX_PAGES):
        page = provider.changes(place, cursor, wanted)
        found |= {one.remote_id: one for one in page.events if is_in_window(one, wanted)}
        if not page.has_more:
            break
        cursor = page.cursor
    timed = sorted(found.values(), key=lambda one: one.fields.when.slot)
    return timed[:MAX_ENTRIES]
