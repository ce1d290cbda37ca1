from odoo import api, models

from ..core.event import RemoteEvent
from ..sync import base as stored_base
from ..sync import decisions
from ..sync.decide import decide
from ..sync.normalise import canonical
from . import clock
from .pull_types import Item, Outcome, journal_row
from .silent import silent

RULE = "discarded"


class CalendarSyncDiscard(models.AbstractModel):
    """Takes a waiting change back: Odoo says again what the calendar shows, and nothing is sent.

    What is discarded stands in the journal as the old values, from where it can be restored.
    """

    _name = "calendar.sync.discard"
    _description = "Taking waiting changes back"

    @api.model
    def _discard(self, links, *, with_kept=False):
        """Make Odoo equal to the bases of `links`, as their organizers and without any noise.
        `with_kept`: also in what those calendars don't take from Odoo, and Odoo kept therefore."""
        series = links.filtered(lambda link: link.meeting_id._is_series())
        for link in series | links:
            if not link.exists():
                continue  # a changed occurrence that its series has taken back
            run, outcome = self._run_for(link), Outcome()
            is_over = False
            if link.held == "create":
                link.is_silent = True  # it goes out without anybody being invited
            elif not link.base:
                is_over = self._as_its_series(run, link, outcome)
            elif self._revived(link):
                agreed = stored_base.load(link.base)
                self._as_agreed(run, link, agreed, outcome, with_kept=with_kept)
            else:
                self._read_back(link)
            self._tell_journal(run, link, outcome)
            # Equal to its base again, so nothing waits to be sent but to colleagues' copies.
            rows = self._rows(link.meeting_id)
            self.env["calendar.sync.mark"]._settle_for(run.account, rows.ids)
            if is_over:
                link._forget_occurrence()

    def _tell_journal(self, run, link, outcome):
        event_id = link.meeting_id._first_event().id or None
        rows = outcome.journal or [journal_row(run, link, "discard", RULE, event_id=event_id)]
        self.env["calendar.sync.journal"]._log([row | {"direction": "none"} for row in rows])

    def _run_for(self, link):
        window = link.account_id._window(clock.aware())
        return self.env["calendar.sync.pull"]._surroundings(link.calendar_id, None, window)

    # Events that Odoo still has, cancelled ones among them

    def _revived(self, link):
        """True when rows are there; those that were cancelled take place again."""
        meeting = link.meeting_id
        rows = self._rows(meeting)
        living = rows.filtered("active")
        if not living:
            living = self._latest_by_slot(rows) if meeting._is_series() else rows
            self._restore(living)
        return bool(living)

    def _rows(self, meeting):
        """All rows of a meeting, cancelled ones too; occurrences of their own are not its rows."""
        if not meeting._is_series():
            return silent(meeting.event_id)
        domain = [("sync_meeting_id", "=", meeting.id), ("sync_slot", "!=", False)]
        return silent(self.env["calendar.event"]).search(domain, order="id")

    def _latest_by_slot(self, rows):
        by_slot = {row.sync_slot: row for row in rows}
        return rows.browse(sorted(row.id for row in by_slot.values()))

    def _restore(self, events):
        events._restore_appointment()
        events.filtered(lambda event: not event.active).write({"active": True})

    # What Odoo has differently

    def _as_agreed(self, run, link, agreed, outcome, *, with_kept=False):
        """Write what waits as the calendar has it."""
        push = self.env["calendar.sync.push"]
        local = self._local(link)
        found = decide(push._pair(link, agreed, local), run.policy)
        kinds = (decisions.PushUpdate, *((decisions.KeepLocal,) if with_kept else ()))
        names = {n for d in found if isinstance(d, kinds) for n in d.names}
        if not names:
            return
        shown = self._raw(link, agreed)
        values = {name: getattr(shown, name) for name in names}
        item = self._item(link, shown)
        item.side = item.agreed = local
        update = decisions.UpdateLocal(rule=RULE, values=values, base=agreed)
        self.env["calendar.sync.update"]._update(run, [(item, update)], outcome)

    def _local(self, link):
        return self.env["calendar.sync.local"]._for_links(link)[link.id]

    def _raw(self, link, agreed):
        """The agreed fields with a series' rule as its calendar wrote it."""
        meeting = link.meeting_id
        if not (agreed.recurrence and meeting.rules):
            return agreed
        return agreed.replace(recurrence=tuple(meeting.rules))

    def _item(self, link, shown):
        meeting = link.meeting_id
        remote = RemoteEvent(
            link.remote_id or "", link.etag or "", link.ical_uid, shown, slot=link.slot or "",
            master_id=link.master_remote_id or "", organizer_email=link.account_id.email or "",
        )  # fmt: skip
        return Item(remote, link=link, meeting=meeting, guid=meeting.guid or "",
                    organizer_id=link.account_id.user_id.id, rule=RULE)  # fmt: skip

    # Occurrences that were never anything of their own in the calendar

    def _as_its_series(self, run, link, outcome):
        """A changed, cancelled or deleted occurrence becomes what its series says again; True when
        it could."""
        meeting, series = link.meeting_id, link.meeting_id.series_id
        master = self._master(link)
        agreed = stored_base.load(master.base) if master else None
        if agreed is None:
            return False
        when = series._occurrence(link.slot)
        agreed = canonical(agreed.replace(when=when, recurrence=()))
        row = silent(meeting.event_id) or self._lost_row(series, link.slot)
        if row:
            self._restore(row)
            meeting.event_id = row
            self._as_agreed(run, link, agreed, outcome)
        else:
            item = self._item(link, agreed)
            item.meeting = series
            rows = self.env["calendar.sync.series"]
            rows._create_missing(run, item, agreed, [when], series.recurrence_id.id)
        return True

    def _master(self, link):
        return link.meeting_id.series_id.link_ids.filtered(
            lambda one: one.calendar_id == link.calendar_id and one.state != "closed"
        )[:1]

    def _lost_row(self, series, slot):
        domain = [("sync_meeting_id", "=", series.id), ("sync_slot", "=", slot)]
        return silent(self.env["calendar.event"]).search(domain, order="id desc", limit=1)

    # Events that were deleted for good

    def _read_back(self, link):
        """Nothing is left in Odoo: the calendar is read for it, and it is made anew."""
        key = (link.meeting_id.id, link.calendar_id.id)
        parts = link._parts_by_series(link.meeting_id).get(key, ())
        again = link.union(*parts).filtered("remote_id")
        again.write({"base": False})
        again._read_again(clock.now())
        link.account_id._ask_sync()
