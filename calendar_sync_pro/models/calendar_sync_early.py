"""Invitations that arrive before it is written down here that their meeting was created."""

from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..core.changes import Gone
from ..core.event import RemoteEvent
from ..sync.match import MatchKind, match
from .pull_types import Run
from .silent import silent

BEING_CONNECTED = "already_exists"
PATIENCE = timedelta(hours=1)
"""So long an invitation waits; a creation whose outcome is unknown is settled long before."""
_NAMED = "early:"


class CalendarSyncKnown(models.AbstractModel):
    """Some providers choose all ids themselves. A colleague's worker that was killed right after
    it created a meeting knows none of them, so nothing in the invitation tells that it is the same
    meeting. It waits until the next worker has found out; brought in now it would be a second one.
    """

    _inherit = "calendar.sync.known"

    @api.model
    def _load(self, run: Run, entries):
        """As before; `early` are the remote ids of invitations that have to wait."""
        invitations = [e for e in entries if _is_invitation(e)]
        awaited = self._awaited(run, invitations)
        waiting, let_in = self._let_in(run, entries, awaited)
        known = super()._load(run, entries)
        known.early = {
            e.remote_id
            for e in invitations
            if e.organizer_email.lower() in awaited
            and e.remote_id not in let_in
            and (e.remote_id in waiting or match(e, known.index).kind is MatchKind.NEW)
        }
        return known

    def _awaited(self, run: Run, invitations):
        """Addresses of colleagues for whom a meeting with this calendar's owner, or one that was
        deleted again meanwhile, is being created."""
        if not invitations:
            return set()
        pending = self.env["calendar.sync.link"].sudo().search(
            [
                ("state", "=", "creating"), ("slot", "=", ""), ("is_silent", "=", False),
                ("calendar_id", "!=", run.calendar.id), ("account_id.status", "=", "active"),
                ("account_id.is_sync_on", "=", True),
                "|", ("attempts", "=", 0), ("has_unknown_outcome", "=", True),
            ]
        )  # fmt: skip
        if not pending:
            return set()
        events = silent(self.env["calendar.event"]).with_context(active_test=False)
        events = events.search([("sync_meeting_id", "in", pending.meeting_id.ids)])
        guest = run.owner.partner_id
        shared = events.filtered(lambda event: guest in event.attendee_ids.partner_id)
        meetings = shared.sync_meeting_id | (pending.meeting_id - events.sync_meeting_id)
        pending = pending.filtered(lambda link: link.meeting_id in meetings)
        return set().union(*(account._own_addresses() for account in pending.account_id))

    def _let_in(self, run: Run, entries, awaited):
        """Forget that these invitations waited, where their meeting is known or expected no more.
        Returns the remote ids of those that go on waiting, and of these."""
        found = (
            self.env["calendar.sync.link"]
            .sudo()
            ._early(
                Domain("calendar_id", "=", run.calendar.id)
                & Domain("remote_id", "in", [entry.remote_id for entry in entries])
            )
        )
        if not found:
            return set(), set()
        by_id = {e.remote_id: e for e in entries if not isinstance(e, Gone)}
        uids = [e.ical_uid for e in by_id.values() if isinstance(e, RemoteEvent)]
        meetings = self.env["calendar.sync.meeting"].sudo().search([("ical_uid", "in", uids)])
        settled = set(meetings.mapped("ical_uid"))
        staying = found.filtered(
            lambda link: (
                link.create_date > run.now - PATIENCE
                and _is_invitation(entry := by_id.get(link.remote_id))
                and entry.organizer_email.lower() in awaited
                and entry.ical_uid not in settled
            )
        )
        let_in = set((found - staying).mapped("remote_id"))
        (found - staying).meeting_id.unlink()  # and with them these links
        return set(staying.mapped("remote_id")), let_in


class CalendarSyncQuarantine(models.AbstractModel):
    _inherit = "calendar.sync.quarantine"

    @api.model
    def _put_early(self, run: Run, remote, link):
        """Let an invitation wait, known by its remote id alone and read again in each run."""
        if link:
            link._stamp(run.calendar.listing_run)
            return
        uid = f"{_NAMED}{run.calendar.id}:{remote.remote_id}"
        meeting = self.env["calendar.sync.meeting"].sudo().create({"ical_uid": uid})
        self.env["calendar.sync.link"].sudo().create(
            {
                "meeting_id": meeting.id, "calendar_id": run.calendar.id, "ical_uid": uid,
                "remote_id": remote.remote_id, "is_organizer": False, "state": "quarantined",
                "problem_code": BEING_CONNECTED, "not_before": run.now,
                "seen_run": run.calendar.listing_run,
            }
        )  # fmt: skip


class CalendarSyncLink(models.Model):
    _inherit = "calendar.sync.link"

    @api.model
    def _early(self, domain=Domain.TRUE):
        """Links of invitations that wait for their meeting."""
        return self.search(
            domain
            & Domain("state", "=", "quarantined")
            & Domain("problem_code", "=", BEING_CONNECTED)
            & Domain("ical_uid", "=like", f"{_NAMED}%")
        )

    @api.model
    def _record_agreed_many(self, agreements):
        """A creation that is settled lets the invitations in that waited for it: at once."""
        is_settled = any(link.state == "creating" for link, _remote, _agreed in agreements)
        super()._record_agreed_many(agreements)
        if is_settled:
            self.sudo()._early().account_id._ask_sync()


def _is_invitation(entry) -> bool:
    return isinstance(entry, RemoteEvent) and not entry.is_organizer and not entry.slot
