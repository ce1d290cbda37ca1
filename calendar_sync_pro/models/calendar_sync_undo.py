from odoo import api, models
from odoo.fields import Command
from odoo.tools import is_html_empty

from ..core.event import FIELD_NAMES
from ..sync import base as stored_base
from ..sync import decisions, odoo_values
from ..sync.cleanup import CLEANED_UP
from ..sync.normalise import canonical
from .calendar_sync_cleanup_account import LEFT
from .pull_types import Outcome
from .silent import silent

LIVING = ("synced", "needs_you")
RULE = "undone"


class CalendarSyncUndo(models.AbstractModel):
    """Takes back what one journal row says was done, on both sides and without telling anybody.

    Odoo's side is written here; what the calendar needs is left to the push and to a clean-up, so
    every rule of theirs about guests holds. Each handler returns a code of why it can't, or ''.
    """

    _name = "calendar.sync.undo"
    _description = "Undoing what a sync did"

    @api.model
    def _undo(self, row):
        """Undo one journal row; returns '' or the code of what stands against it."""
        handler = {
            ("in", "create"): self._undo_import,
            ("in", "update"): self._write_back,
            ("out", "update"): self._write_back,
            ("in", "cancel"): self._plan_again,
            ("out", "delete"): self._plan_again,
            ("out", "create"): self._undo_export,
            ("out", "cleanup"): self._put_back,
            ("none", "merge"): self.env["calendar.sync.twins"]._part_again,
            ("in", "decline"): lambda _row: "declined",
        }.get((row.direction, row.action))
        return handler(row) if handler else "nothing_written"

    # -- new in Odoo ------------------------------------------------------------------------------
    def _undo_import(self, row):
        """Out of Odoo again; the calendar keeps its event and it is not imported again."""
        link = self._link(row)
        if not link or link.state == "closed":
            return "gone"
        meeting = link.meeting_id
        others = meeting.link_ids.filtered(lambda o: o != link and o.state != "closed")
        if others:
            return "shared"
        gone = self.env["calendar.sync.gone"]
        events = gone._events_of(link)
        reason = self._was_used(row, events)
        if reason:
            return reason
        rule = meeting.recurrence_id
        row.old = {"was": events[:1].name}  # the journal still says what it was
        gone._end(link, LEFT)
        events.unlink()
        silent(rule).unlink()
        return ""

    def _was_used(self, row, events):
        """Why these imported events stay: somebody has worked with them since."""
        if any(event._has_outcome() for event in events):
            return "has_outcome"
        if events.filtered(lambda e: e.opportunity_id and not e.is_lead_matched):
            return "has_lead"
        if any(map(self._has_work, events)):
            return "has_work"
        edited = [("event_id", "in", events.ids), ("direction", "=", "out"),
                  ("action", "=", "update"), ("id", ">", row.id)]  # fmt: skip
        return "edited" if row.search_count(edited, limit=1) else ""

    def _has_work(self, event):
        """True where something hangs on the event that stands in Odoo alone."""
        said = event.message_ids.filtered(lambda message: message.message_type == "comment")
        is_noted = not is_html_empty(event.internal_notes)
        return bool(is_noted or said or event.activity_ids or event.follow_up_ids)

    # -- changed ----------------------------------------------------------------------------------
    def _write_back(self, row):
        """The values of before, in Odoo at once and in the calendar by the next push."""
        if row.run_id.kind == "first" and row.direction == "out":
            return "was_on_both"  # Odoo had its value all along; only the calendar got another
        link = self._link(row)
        if not link or link.state not in LIVING:
            return "not_linked"
        if not link.can_edit or not (link._is_organizers() or link._is_elected()):
            return "not_organizer"
        names = [n for n in FIELD_NAMES if n in (row.old or {}) and n in (row.new or {})]
        if names == ["attendees"]:
            return "guests"
        local = self.env["calendar.sync.local"]._for_links(link).get(link.id)
        if local is None:
            return "gone"
        values = {
            name: stored_base.load_value(name, row.old[name])
            for name in names
            if name != "attendees" and self._is_as_left(row, local, name)
        }
        if not values:
            return "changed_since"
        self._write(link, local, values)
        return ""

    def _is_as_left(self, row, local, name):
        """True when nobody has changed that field since."""
        was = local.replace(**{name: stored_base.load_value(name, row.new[name])})
        return getattr(canonical(local), name) == getattr(canonical(was), name)

    def _write(self, link, local, values):
        discard = self.env["calendar.sync.discard"]
        shown = local.replace(**values)
        item = discard._item(link, shown)
        item.side = item.agreed = local
        decision = decisions.UpdateLocal(rule=RULE, values=values, base=shown)
        update = self.env["calendar.sync.update"]
        update._update(discard._run_for(link), [(item, decision)], Outcome())
        link._look_again()

    # -- gone -------------------------------------------------------------------------------------
    def _plan_again(self, row):
        """The appointment takes place again and goes to the calendar anew, without its guests:
        inviting them stays a person's choice."""
        link = self._link(row)
        events = self._cancelled_of(row, link)
        if events:
            events._restore_appointment()
            events.filtered(lambda event: not event.active).write({"active": True})
            if link.slot:
                self._stand_alone(link, events)
        elif row.old and "when" in row.old:
            events = self._made_again(row)
        else:
            return "deleted_for_good"
        self.env["calendar.sync.mark"]._note(events)
        return ""

    def _stand_alone(self, link, events):
        """One date of a series leaves it and becomes an event of its own: hardly a calendar lets
        a date come back that was taken out of its series."""
        link.meeting_id.event_id = False
        self.env["calendar.sync.series"]._follow(events, None)
        events.write({"sync_meeting_id": False, "sync_slot": False, "sync_guid": False})

    def _cancelled_of(self, row, link):
        """Rows of the appointment that were cancelled, of a series all."""
        event = silent(row.event_id)
        meeting = (link or event).exists() and (link.meeting_id or event.sync_meeting_id)
        if not meeting or not meeting._is_series() or (link and link.slot):
            return event.filtered(lambda one: not one.active)
        rows = self.env["calendar.sync.discard"]._rows(meeting)
        return rows.filtered(lambda one: not one.active)

    def _made_again(self, row):
        """A single appointment that Odoo no longer has, from what was agreed."""
        agreed = stored_base.load(row.old)
        if agreed.recurrence:
            return self.env["calendar.event"]
        owner = row.user_id
        values = odoo_values.event_values(agreed.replace(attendees=()))
        values.pop("event_tz", None)
        events = silent(self.env["calendar.event"].with_user(owner))
        return events.create(
            values | {"user_id": owner.id, "partner_ids": [Command.set(owner.partner_id.ids)]}
        )

    # -- in the calendar --------------------------------------------------------------------------
    def _undo_export(self, row):
        """Out of the calendar again, by a clean-up; Odoo keeps the appointment."""
        link = self._link(row)
        if not link or link.state in ("closed", "frozen") or not link.remote_id:
            return "gone"
        if link.slot or not link.is_ours:
            return "part_of_series"
        account = row.account_id
        if account._running_cleanup().state == "undoing":
            return "cleanup_running"
        run = account._running_cleanup() or self.env["calendar.sync.cleanup"].sudo().create(
            {"account_id": account.id}
        )
        guests = account._guests_on(link)[link.id]
        self.env["calendar.sync.cleanup.item"].sudo().create(
            {"cleanup_id": run.id, "link_id": link.id, "told_to": sorted(guests),
             "state": "asks" if guests else "waiting"}
        )  # fmt: skip
        if not account._running_cleanup():
            run._start("running")
        return "has_guests" if guests else ""

    def _put_back(self, row):
        """What a clean-up removed stands in the calendar again: this event, not its whole run."""
        found = self.env["calendar.sync.cleanup.item"].sudo().search(
            [("link_id", "=", row.link_id.id), ("state", "=", "removed")], limit=1
        )  # fmt: skip
        if not row.link_id or not found:
            return "put_back_before" if row.rule == CLEANED_UP else "gone"
        account = row.account_id
        current = account._running_cleanup()
        if current.state == "running":
            return "cleanup_running"
        run = current or found.cleanup_id.create({"account_id": account.id, "state": "stopped"})
        found.cleanup_id = run
        if not current:
            run._start("undoing")
        return ""

    def _link(self, row):
        """The link that the row is about: a new one was not there yet when it was written."""
        links = self.env["calendar.sync.link"].sudo()
        if row.link_id:
            return row.link_id.sudo()
        meeting = row.event_id.sudo().sync_meeting_id
        if not meeting:
            return links
        here = [("meeting_id", "=", meeting.id), ("calendar_id", "=", row.calendar_id.id)]
        return links.search(here, order="id desc", limit=1)
