import hashlib

from odoo import models

from ..providers.port import EventDraft
from ..sync import base as stored_base
from ..sync import text_block
from ..sync.normalise import canonical
from .push_task import Send, Task

BESIDE = ("guid", "source")
"""What is written beside the merged fields: it says whose event this is."""


class CalendarSyncPush(models.AbstractModel):
    """What a task sends: the merged fields, and beside them our text block and identity."""

    _inherit = "calendar.sync.push"

    def _update_task(self, subject, decision, draft):
        digest = self._digest(subject)
        is_beside = digest != (subject.link.sent_block or "") and subject.link.is_ours
        names = set(decision.names) | ({"description", *BESIDE} if is_beside else set())
        return self._task(
            subject, Send.UPDATE, draft=draft, names=tuple(sorted(names)), agreed=decision.base,
            rule=decision.rule, block=digest if is_beside else subject.link.sent_block or "",
        )  # fmt: skip

    def _beside(self, plan, subject, local):
        """Nothing to merge, but our text block or link changed (a lead was set, a guest came)."""
        link = subject.link
        if local is None or not (link.is_ours and link.can_edit and link.state == "synced"):
            return []
        draft = self._draft(subject, local)
        digest = self._digest(subject)
        if digest == (link.sent_block or ""):
            return []
        # Guests are not told that a copy has another id; without one there is no text of ours.
        is_id_only = not digest and bool(local.attendees)
        names = ("guid",) if is_id_only else ("description", *BESIDE)
        return [self._task(
            subject, Send.UPDATE, draft=draft, names=names,
            agreed=stored_base.load(link.base), rule="text_block", block=digest,
        )]  # fmt: skip

    def _create_task(self, plan, subject):
        local = self._local(plan, subject)
        draft = self._draft(subject, local)
        link = subject.link
        return self._task(
            subject, Send.CREATE, draft=draft, agreed=canonical(local), rule="new_local",
            block=self._digest(subject), is_uncertain=link.has_unknown_outcome or link.attempts > 0,
            is_again=not subject.is_new,
        )  # fmt: skip

    def _task(self, subject, send, **more):
        link = subject.link
        is_notifying = subject.is_notifying and not link.is_silent
        return Task(
            send=send,
            link_id=link.id,
            calendar=link.calendar_id.remote_id,
            remote_id=link.remote_id or "",
            etag=link.etag or "",
            is_notifying=is_notifying and not _goes_on(subject, send),
            mark_ids=subject.mark_ids,
            event_id=subject.event.id or 0,
            **more,
        )

    def _draft(self, subject, fields):
        """`fields` with our text block, our GUID and the way back to the lead."""
        event, link = subject.event, subject.link
        if not link.is_ours:
            return EventDraft(fields=fields)
        block = event._text_block(link)
        described = text_block.compose(fields.description, block or text_block.TextBlock())
        url = event._show_lead_url()
        return EventDraft(
            fields=fields.replace(description=described),
            guid=event.sync_guid or "",
            ical_uid=subject.meeting.ical_uid,
            source_url=url,
            source_title=self.env._("Show Lead") if url else "",
        )

    def _digest(self, subject):
        """Tells whether what is sent beside the merged fields was sent already."""
        event = subject.event
        block, url = event._text_block(subject.link), event._show_lead_url()
        if not block and not url:
            return ""
        told = "\0".join((repr(block), event.sync_guid or "", url))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def _goes_on(subject, send):
    """True for a removal from the calendar of somebody who has handed the meeting over: it takes
    place, so nobody is told that it is cancelled."""
    event, owner = subject.event, subject.link.account_id.user_id
    return send is Send.DELETE and bool(event.active and event.user_id) and event.user_id != owner
