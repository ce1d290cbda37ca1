import logging
import uuid
from dataclasses import replace

import psycopg2.errors
from odoo import api, models

from ..core.changes import Gone, Unreadable
from ..core.errors import Malformed
from ..core.event import RemoteEvent
from ..sync import admission, text_block
from ..sync.match import MatchKind, match
from .busy_times import busy_times, slot_instant
from .lease import LeaseLost
from .pull_types import Item, Outcome, Run, journal_row

_logger = logging.getLogger(__name__)

RESTART = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.UniqueViolation,
    LeaseLost,
)
"""Nobody's data is wrong: somebody else was faster. The page starts again in a new transaction,
where a meeting that a colleague's account just made is adopted."""


class CalendarSyncApply(models.AbstractModel):
    """Brings a chunk of a page into Odoo: look up, match, admit, decide, write, record."""

    _name = "calendar.sync.apply"
    _description = "Inbound changes"

    # -- one bad event never stops the rest ----
    @api.model
    def _apply(self, run: Run, entries) -> Outcome:
        """Apply `entries` in one savepoint; on an error of the data find the culprit by halves
        and put it into quarantine. Raises only `RESTART` and what a provider says."""
        if not entries:
            return Outcome()
        try:
            with self.env.cr.savepoint():
                outcome = self._apply_all(run, entries)
                self.env["calendar.sync.journal"]._log(outcome.journal)
            return outcome
        except RESTART as error:
            if not (run.is_alone and isinstance(error, psycopg2.errors.UniqueViolation)):
                raise
            culprit = error
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            raise
        except Exception as error:  # an odd event may raise anything; it is set aside and logged
            culprit = error
        if len(entries) == 1:
            return self._quarantine(run, entries[0], culprit)
        middle = len(entries) // 2
        outcome = self._apply(run, entries[:middle])
        outcome.add(self._apply(run, entries[middle:]))
        return outcome

    def _quarantine(self, run: Run, entry, error) -> Outcome:
        """Set one event aside with a reason; it is tried again when it changes, and by and by."""
        reason = error.reason if isinstance(error, Malformed) else "rejected_by_odoo"
        _logger.info(
            "quarantine calendar=%s remote=%s error=%s reason=%s",
            run.calendar.id,
            entry.remote_id,
            type(error).__name__,
            reason,
        )
        outcome = Outcome()
        with self.env.cr.savepoint():
            link = self.env["calendar.sync.quarantine"]._put(run, entry, reason or "unreadable")
            outcome.counts["quarantine"] += 1
            outcome.journal.append(
                journal_row(run, link, "quarantine", reason, new={"reason": reason})
            )
            self.env["calendar.sync.journal"]._log(outcome.journal)
        return outcome

    # -- one chunk ----
    def _apply_all(self, run: Run, entries) -> Outcome:
        outcome = Outcome()
        for entry in entries:
            if isinstance(entry, Unreadable):
                raise entry.error
        remotes = [as_written(e) for e in entries if isinstance(e, RemoteEvent)]
        known = self.env["calendar.sync.known"]._load(run, entries)
        alone = [r for r in remotes if not r.slot]
        parts = [r for r in remotes if r.slot]
        gone = [e for e in entries if isinstance(e, Gone)]
        taken = _slots_by_master(parts, gone, known)
        self._apply_remotes(run, known, alone, taken, outcome)
        override = self.env["calendar.sync.override"]
        override._adopt_parts(run, known, alone)
        if parts:
            ready = override._prepare(run, known, parts)
            self._apply_remotes(run, known, ready, taken, outcome)
        if gone:
            self.env["calendar.sync.gone"]._apply(run, known, gone, outcome)
        return outcome

    def _apply_remotes(self, run: Run, known, remotes, taken, outcome: Outcome):
        """Events and series masters, or occurrences whose series is settled."""
        items, fresh, quiet = [], {}, self.env["calendar.sync.link"]
        busy: list = []
        for remote in remotes:
            link = known.by_remote.get(remote.remote_id)
            if link and not self._is_due(run, link, remote):
                quiet |= link
                continue
            item = self._matched(run, known, remote, link, fresh, busy, outcome)
            if item:
                items.append(item)
        quiet._stamp(run.calendar.listing_run)
        met = {item.remote.remote_id for item in items if not item.link}
        self._settle(run, known, items, taken, outcome)
        self.env["calendar.sync.write"]._take_comments(items, met)
        self._block(run, remotes, busy, taken)

    def _is_due(self, run: Run, link, remote) -> bool:
        """False for an event that is as we left it, for instance our own echo, and for one in
        quarantine that was not mended and whose time has not come."""
        if link.state in ("frozen", "closed"):
            return False
        is_same = link.etag == remote.etag and bool(remote.etag)
        if link.state == "quarantined":
            return not is_same or not link.not_before or link.not_before <= run.now
        if not is_same or link.state in ("creating", "waiting_master", "cancelled"):
            return True
        meeting = link.meeting_id
        return bool(
            meeting.form == "materialised"
            and meeting.expanded_until
            and meeting.expanded_until < run.window.stop.replace(tzinfo=None)
        )

    def _matched(self, run: Run, known, remote, link, fresh, busy, outcome):
        """The item of an event that Odoo has or gets; None when it only blocks time or not even
        that."""
        if remote.remote_id in known.early:
            self.env["calendar.sync.quarantine"]._put_early(run, remote, link)
            outcome.counts["early"] += 1
            return None
        if link:
            self._restore_identity(link, remote)
            return Item(remote, link=link, meeting=link.meeting_id, guid=remote.guid)
        found = match(remote, known.index)
        if remote.key in fresh or found.kind is MatchKind.TWIN:
            self._set_twin_aside(run, known, remote, outcome)
            return None
        left = known.closed.get(remote.remote_id)
        is_left = bool(left) and left._is_left_alone()
        if found.kind is MatchKind.ADOPT and not is_left:
            meeting = self.env["calendar.sync.meeting"].sudo().browse(found.meeting_id)
            fresh[remote.key] = True
            return Item(remote, meeting=meeting, rule="adopted", guid=remote.guid)
        admitted = admission.admit(remote, run.policy, run.window)
        if is_left or admitted.kind is admission.AdmissionKind.BUSY:
            busy.append(remote)
            outcome.counts["busy"] += 1
            return None
        if admitted.kind is admission.AdmissionKind.NONE:
            return None
        fresh[remote.key] = True
        # A copy that somebody made carries our GUID too: it is an event of its own.
        guid = str(uuid.uuid4()) if found.kind is MatchKind.COPY else remote.guid
        return Item(remote, rule="new_remote", guid=guid)

    def _restore_identity(self, link, remote):
        """An event that was unreadable when it was met gets its real identity once it is mended."""
        meeting = link.meeting_id
        if link.ical_uid == remote.ical_uid and link.slot == remote.slot:
            return
        if link.state == "creating":
            # Its answer was lost; colleagues' invitations are recognised by what it said.
            self.env["calendar.sync.push"]._record_identity(link, remote)
        elif link.state == "quarantined" and not meeting.event_id:
            key = {"ical_uid": remote.ical_uid, "slot": remote.slot}
            twin = meeting.search([("ical_uid", "=", remote.ical_uid), ("slot", "=", remote.slot)])
            (meeting if not twin else meeting.browse()).write(key)
            link.write(key | ({"meeting_id": twin.id} if twin else {}))

    def _set_twin_aside(self, run: Run, known, remote, outcome: Outcome):
        """A second copy of an event that is linked: listed, never imported. When the first goes,
        the link moves to it."""
        if remote.remote_id in known.twins:
            known.twins[remote.remote_id]._stamp(run.calendar.listing_run)
            return
        link = self.env["calendar.sync.quarantine"]._put(run, remote, "duplicate")
        outcome.counts["duplicate"] += 1
        outcome.journal.append(journal_row(run, link, "duplicate", "twin"))
        if not remote.is_organizer:
            # The organizer's invitation has come: a copy of ours beside it makes way for it.
            self.env["calendar.sync.mark"]._note(link.meeting_id._first_event())

    # -- time that is only blocked ----
    def _block(self, run: Run, remotes, busy, taken):
        """Times of what was not imported replace what these entries blocked before."""
        if not remotes:
            return
        times, slots = [], []
        for remote in busy:
            cut = taken.get(remote.remote_id, set())
            times += [(remote.remote_id, t) for t in busy_times(remote.fields, run.window, cut)]
        slots = [
            (r.master_id, slot_time)
            for r in remotes
            if r.slot and r.master_id
            for slot_time in [slot_instant(r.slot)]
        ]
        ids = {remote.remote_id for remote in remotes}
        self.env["calendar.sync.busy"].sudo()._replace(run.calendar, ids, times, slots)


def as_written(remote: RemoteEvent) -> RemoteEvent:
    """The event as people wrote it: our own lines in its text are no news to Odoo."""
    text = remote.fields.description
    words = text_block.strip(text)
    if words == text:
        return remote
    return replace(remote, fields=remote.fields.replace(description=words))


def _slots_by_master(parts, gone, known):
    """{series' remote id: slots} that stand on their own or were cancelled."""
    taken = {master: set(slots) for master, slots in known.waiting.items()}
    for part in parts:
        taken.setdefault(part.master_id, set()).add(part.slot)
    for entry in gone:
        if entry.slot and entry.master_id:
            taken.setdefault(entry.master_id, set()).add(entry.slot)
    return taken
