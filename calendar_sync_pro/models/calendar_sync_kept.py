from odoo import api, models

from ..sync.cleanup import CLEANED_UP

TABLE = "calendar_sync_kept_ids"
_DROP = f"DROP TABLE {TABLE}"
_CREATE = f"""
    CREATE TABLE IF NOT EXISTS {TABLE} (
        provider varchar, account_key varchar, remote_id varchar, ical_uid varchar,
        master_id varchar, slot varchar, event_id integer, recurrence_id integer,
        guid varchar, source varchar, show_lead_token varchar, kept_at timestamp)
"""
_STANDS = f"""link.state != 'closed' AND link.slot = ''
       AND link.problem_code IS DISTINCT FROM 'duplicate'
       AND (link.problem_code IS DISTINCT FROM '{CLEANED_UP}'
            OR EXISTS (SELECT 1 FROM calendar_sync_cleanup_item item
                        WHERE item.link_id = link.id AND item.state = 'removing'))"""  # nosec B608 # names of ours, no values
"""A link whose event is in its calendar, as far as we know: a finished clean-up took it away."""

_KEEP_HEADS = f"""
    INSERT INTO {TABLE}
    SELECT account.provider, account.remote_id, link.remote_id, link.ical_uid, NULL, NULL,
           meeting.event_id, meeting.recurrence_id, event.sync_guid, event.appointment_source,
           event.show_lead_token, now() AT TIME ZONE 'UTC'
      FROM calendar_sync_link link
      JOIN calendar_sync_meeting meeting ON meeting.id = link.meeting_id
      JOIN calendar_sync_account account ON account.id = link.account_id
      LEFT JOIN calendar_event event ON event.id = meeting.event_id
     WHERE {_STANDS}
"""  # nosec B608 # names of ours, no values
_KEEP_ROWS = f"""
    INSERT INTO {TABLE}
    SELECT account.provider, account.remote_id, NULL, NULL, link.remote_id, event.sync_slot,
           event.id, NULL, event.sync_guid, event.appointment_source, event.show_lead_token,
           now() AT TIME ZONE 'UTC'
      FROM calendar_sync_link link
      JOIN calendar_sync_meeting meeting ON meeting.id = link.meeting_id
      JOIN calendar_sync_account account ON account.id = link.account_id
      JOIN calendar_sync_meeting part ON part.id = meeting.id OR part.series_id = meeting.id
      JOIN calendar_event event ON event.sync_meeting_id = part.id
     WHERE meeting.form IN ('native', 'materialised') AND {_STANDS}
"""  # nosec B608 # names of ours, no values
_KEEP_FORMER = f"""
    INSERT INTO {TABLE}
    SELECT former.provider, former.account_key, former.remote_id, former.ical_uid,
           former.master_id, former.slot, former.event_id, former.recurrence_id, event.sync_guid,
           event.appointment_source, event.show_lead_token, now() AT TIME ZONE 'UTC'
      FROM calendar_sync_former former
      LEFT JOIN calendar_event event ON event.id = former.event_id
"""  # nosec B608 # names of ours, no values
_ADOPT = f"""
    INSERT INTO calendar_sync_former (provider, account_key, remote_id, ical_uid, master_id, slot,
                                      event_id, recurrence_id, is_agreed)
    SELECT kept.provider, kept.account_key, kept.remote_id, kept.ical_uid, kept.master_id,
           kept.slot, kept.event_id, kept.recurrence_id, FALSE
      FROM {TABLE} kept
      LEFT JOIN calendar_event event ON event.id = kept.event_id
      LEFT JOIN calendar_recurrence series ON series.id = kept.recurrence_id
     WHERE (kept.event_id IS NULL OR event.id IS NOT NULL)
       AND (kept.recurrence_id IS NULL OR series.id IS NOT NULL)
"""  # nosec B608 # names of ours, no values
_GIVE_BACK = f"""
    UPDATE calendar_event event
       SET sync_guid = coalesce(kept.guid, event.sync_guid),
           appointment_source = coalesce(kept.source, event.appointment_source),
           show_lead_token = coalesce(kept.show_lead_token, event.show_lead_token)
      FROM {TABLE} kept WHERE kept.event_id = event.id
"""  # nosec B608 # names of ours, no values


class CalendarSyncFormer(models.Model):
    """Taken out of a database and put in again, the addon knows which event is which.

    The ids wait in a table that no module owns, so that no uninstallation drops it. It holds ids
    and nothing else: no title, no address, no credentials.
    """

    _inherit = "calendar.sync.former"

    @api.model
    def _keep(self):
        """Write down the identity of everything that is linked; at uninstall."""
        self.env.flush_all()
        for statement in (_CREATE, _KEEP_HEADS, _KEEP_ROWS, _KEEP_FORMER):
            self.env.cr.execute(statement)

    @api.model
    def _take_back(self):
        """Know again what was kept, as far as it is still there; at install. Returns how many."""
        self.env.cr.execute("SELECT to_regclass(%s)", [TABLE])
        if not self.env.cr.fetchone()[0]:
            return 0
        self.env.flush_all()
        self.env.cr.execute(_GIVE_BACK)
        self.env.cr.execute(_ADOPT)
        adopted = self.env.cr.rowcount
        self.env.cr.execute(_DROP)
        self.env.invalidate_all(flush=False)
        return adopted
