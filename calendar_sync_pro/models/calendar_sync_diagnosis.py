from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..booking.reading import FRESH_S
from ..core.timezones import resolve
from ..sync import diagnosis, diagnosis_facts
from . import clock
from .calendar_sync_mass import GONE_HERE
from .calendar_sync_twins import DAYS_BACK
from .calendar_sync_worker import CRONS

# A path is a place on its own server; any other id names a calendar everywhere.
_SHARED = """
    SELECT mine.id, mine.name,
           CASE WHEN one.user_id = other.user_id THEN '' ELSE person.name END,
           COALESCE(mine.is_events AND theirs.is_events, false)
      FROM calendar_sync_calendar mine
      JOIN calendar_sync_account one ON one.id = mine.account_id
      JOIN calendar_sync_account other
        ON other.provider = one.provider AND other.id != one.id AND other.active
       AND other.status != 'not_connected'
      JOIN calendar_sync_calendar theirs
        ON theirs.account_id = other.id AND theirs.remote_id = mine.remote_id
      JOIN res_users login ON login.id = other.user_id
      JOIN res_partner person ON person.id = login.partner_id
     WHERE one.id = %s AND mine.is_missing IS NOT TRUE
       AND theirs.is_missing IS NOT TRUE
       AND (mine.remote_id NOT LIKE '/%%'
            OR split_part(one.remote_id, '/', 3) = split_part(other.remote_id, '/', 3))
       AND ((mine.is_events AND theirs.is_events)
            OR (one.user_id = other.user_id AND (mine.is_events OR mine.blocks_availability)
                AND (theirs.is_events OR theirs.blocks_availability)))
     ORDER BY mine.id
"""
_TWICE = """
    SELECT 1 FROM calendar_event event
      JOIN calendar_attendee guest ON guest.event_id = event.id
     WHERE guest.partner_id = %s AND event.active AND event.stop >= %s
     GROUP BY lower(event.name), event.start, event.stop HAVING count(*) > 1
     UNION ALL
    SELECT 1 FROM calendar_sync_link
     WHERE account_id = %s AND state = 'quarantined' AND problem_code = 'duplicate'
     LIMIT 1
"""


class CalendarSyncAccount(models.Model):
    """Why isn't it synced? What the checks of `sync.diagnosis` look at, in a fixed number of
    queries; no request is made."""

    _inherit = "calendar.sync.account"

    def diagnose(self, device_zone=""):
        """Every check of this connection in order, in words and with buttons; see `_page` of
        `calendar.sync.diagnosis`. `device_zone` is the time zone of the reader's device."""
        self.ensure_one()
        account = self._readable()
        facts = account._diagnosis_facts(device_zone)
        findings = diagnosis.whole(facts, account._diagnosis_reader())
        return self.env["calendar.sync.diagnosis"]._page(account, findings)

    def action_diagnose(self):
        """Button: the dialog with the checks of this connection."""
        self.ensure_one()
        self._readable()
        return {
            "type": "ir.actions.client",
            "tag": "calendar_sync_pro.diagnosis",
            "params": {"model": self._name, "id": self.id},
        }

    def _readable(self):
        """This account as superuser, after the check that the reader may see it."""
        self.check_access("read")
        return self.sudo()

    def _diagnosis_reader(self):
        return diagnosis_facts.Reader(
            is_owner=self.user_id == self.env.user,
            is_admin=self.env.user.has_group("calendar_sync_pro.group_admin"),
            may_choose=self.company_id.sync_allow_override,
        )

    def _diagnosis_facts(self, device_zone=""):
        now = clock.now()
        events, attention = self.events_calendar_id, self._page_attention()
        trouble = events._unusable_code() if events else ""
        return diagnosis_facts.Connection(
            now=now,
            label=self._provider_label(),
            email=self.email or "",
            status=self.status,
            reason_code=self.reason_code or "",
            retry_at=self.next_run if self.failures else None,
            slowed_until=self._ahead_of(now, self.slowed_until, self.app_id.paused_until),
            is_busy_only=self.purpose == "busy_only",
            is_sync_on=self.is_sync_on,
            other_email=self._other_with_sync().email or "",
            has_former_sync=self.user_id._has_any_active_synchronization(),
            calendar=events.name or "",
            trouble=trouble,
            usable=len(self._usable_calendars() - events),
            read_only=tuple(self._read_only_calendars().mapped("name")),
            has_preview=self.preview_id.state in ("reading", "ready"),
            is_first_sync=self._is_first_sync(),
            is_cron_on=self._is_cron_on(),
            due_since=self._due_since(now),
            last_sync=self.last_sync or None,
            wait_writes_until=self._ahead_of(now, self.wait_writes_until),
            asked_about_many=self._asked_about_many(),
            undecided=attention["decide"],
            set_aside=attention["other"],
            shared=self._shared_calendars(),
            duplicates=self._duplicate_count(),
            zones=self._zones(device_zone),
            has_hours=bool(self._hours()),
            grant_ends_at=self.grant_ends_at if self._is_grant_ending() else None,
            **self._blocking_names(now),
        )

    def _read_only_calendars(self):
        return self.calendar_ids.filtered(
            lambda one: one._unusable_code() in ("read_only", "free_busy")
        )

    def _is_cron_on(self):
        """False when one of the workers is switched off: some accounts may never get a turn."""
        crons = (self.env.ref(xmlid, raise_if_not_found=False) for xmlid in CRONS)
        return all(cron and cron.sudo().active for cron in crons)

    def _due_since(self, now):
        """Since when a worker should have come; None while one is here or nothing is due."""
        is_worked_on = self.lease_until and self.lease_until > now
        return self.next_run if self.next_run and self.next_run < now and not is_worked_on else None

    def _ahead_of(self, now, *moments):
        """The last of these moments that lies ahead, or None."""
        return max((moment for moment in moments if moment and moment > now), default=None)

    def _asked_about_many(self):
        code = GONE_HERE if self.holds_removals else self.reason_code
        return code if code in diagnosis.ASKS_ABOUT_MANY else ""

    def _shared_calendars(self):
        self.env["calendar.sync.calendar"].flush_model()
        rows = self.env.execute_query(SQL(_SHARED, self.id))
        return tuple(diagnosis_facts.Shared(*row) for row in rows)

    def _duplicate_count(self):
        """How many appointments of the owner are there more than once. Looked for in earnest only
        where a quick look finds some."""
        self.env["calendar.event"].flush_model(["name", "start", "stop", "active"])
        since = fields.Datetime.now() - timedelta(days=DAYS_BACK)
        partner = self.user_id.partner_id.id
        if not self.env.execute_query(SQL(_TWICE, partner, since, self.id)):
            return 0
        as_owner = self.with_user(self.user_id)
        return len(as_owner.env["calendar.sync.twins"]._find(as_owner))

    def _zones(self, device_zone):
        members = self.env["booking.member"].sudo()
        booked_in = members.search([("user_id", "=", self.user_id.id)]).calendar_id
        return diagnosis_facts.Zones(
            user=self.user_id.tz or "",
            calendar=resolve(self.events_calendar_id.tz or ""),
            device=resolve(device_zone) if self.user_id == self.env.user else "",
            booking=tuple((each.id, each.name, each.tz) for each in booked_in.filtered("active")),
        )

    def _hours(self):
        user = self.user_id
        return user.resource_calendar_id or user.company_id.resource_calendar_id

    def _blocking_names(self, now):
        """Names of the calendars that count for availability, and of those not read lately."""
        oldest = now - timedelta(seconds=FRESH_S)
        blocking = self.calendar_ids.filtered("blocks_availability")
        unread = blocking.filtered(lambda one: not any(
            moment and moment >= oldest for moment in (one.last_read, one.busy_read)
        ))  # fmt: skip
        is_due = not self.next_run or self.next_run <= now
        return {
            "blocking": tuple(blocking.mapped("name")),
            "unread": () if is_due else tuple(unread.mapped("name")),
        }
