"""Saving a meeting with or without inviting its participants: a person chooses, each time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from odoo import api, fields, models

from ..core.settings import ExportPolicy

QUIET, INVITE = "quiet", "invite"
HELD, BY_MAIL = "held", "mail"
SERIES = ("all_events", "future_events")
TOLD_FIELDS = frozenset(
    {
        "name", "description", "location", "start", "stop", "start_date", "stop_date", "allday",
        "duration", "videocall_location", "active", "rrule_type", "count", "until", "interval",
    }
)  # fmt: skip
"""What a guest's calendar shows: a change of anything else is no news."""


@dataclass(slots=True)
class Known:
    """What was known of invitations before a save: ids of the participants' rows, and of a series
    {partner id: invitation} and the name and number of Odoo's mails."""

    row_ids: frozenset[int] = frozenset()
    people: dict[int, str | bool] = field(default_factory=dict)
    uid: str | bool = False
    sequence: int = 0


class CalendarEvent(models.Model):
    """`invite_choice` comes with the values of a save, so that both are one transaction.

    Who is not invited stays off every calendar's guest list (`calendar.attendee.invitation`), and
    nobody hears of the save. Without a choice (imports, other programs) all is as it was.
    """

    _inherit = "calendar.event"

    invite_choice = fields.Selection(
        [(QUIET, "Save without inviting"), (INVITE, "Save and invite participants")],
        store=False,
        copy=False,
        help="What a save does about the participants. It is not kept.",
    )
    invitation_uid = fields.Char(
        copy=False, readonly=True, help="Names the meeting in invitations that Odoo mails."
    )
    invitation_sequence = fields.Integer(
        copy=False, readonly=True, help="Grows with every invitation that Odoo mails."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Invite the participants, or keep them off the calendars, as the person chose."""
        choices = {vals.get("invite_choice") for vals in vals_list}
        vals_list = [_without_choice(vals) for vals in vals_list]
        choice = choices.pop() if len(choices) == 1 else QUIET
        if not choice:
            return super().create(vals_list)
        events = super(CalendarEvent, self._as_chosen(choice)).create(vals_list)
        events = events.with_env(self.env)
        events._with_series()._carry_out(choice, Known(), TOLD_FIELDS)
        return events

    def write(self, vals):
        """Tell the participants of the change, or nobody, as the person chose."""
        choice = vals.get("invite_choice")
        is_series = vals.get("recurrence_update") in SERIES and bool(self.recurrence_id)
        vals = _without_choice(vals)
        if self._is_silent() or not (choice or is_series):
            return super().write(vals)
        known, names = self._invitations(is_series), frozenset(vals)
        result = super(CalendarEvent, self._as_chosen(choice)).write(vals)
        left = self.exists()
        (left._with_series() if is_series else left)._carry_out(choice, known, names)
        return result

    def _as_chosen(self, choice):
        """The events in the context of the choice: Odoo's own invitation mails stay out of it, and
        so do the phone numbers that it would write into the text which is sent to everybody."""
        if not choice:
            return self
        return self.with_context(
            calendar_sync_notify=choice == INVITE,
            no_mail_to_attendees=True,
            skip_contact_description=True,
        )

    def _with_series(self):
        return self | self.recurrence_id.calendar_event_ids

    # What stands about invitations, kept where Odoo makes the rows of a series anew

    def _invitations(self, is_series):
        """What is known before a save: who stands on these events, and of a series, where rows
        may be made anew, how each person was invited and by which number Odoo's mails go."""
        rows = (self._with_series() if is_series else self).attendee_ids
        known = Known(frozenset(rows.ids))
        if is_series:
            own = self.attendee_ids
            for row in (rows - own) | own:
                known.people[row.partner_id.id] = row.invitation
            known.uid, known.sequence = self.invitation_uid, self.invitation_sequence
        return known

    def _carry_out(self, choice, known, names):
        """After the save: who is new waits to be invited, or is invited now."""
        self._keep_invitations(choice, known)
        if choice == INVITE:
            self._invite(names)

    def _keep_invitations(self, choice, known):
        held = {HELD: [], BY_MAIL: []}
        for row in self.attendee_ids.filtered("partner_id"):
            if row.id in known.row_ids or row._is_host_of_event():
                continue
            flag = known.people.get(row.partner_id.id, HELD if choice else False)
            if flag and not row.invitation:
                held[flag].append(row.id)
        for flag, ids in held.items():
            self.env["calendar.attendee"].browse(ids).sudo().write({"invitation": flag})
        if known.uid:
            fresh = self.sudo().filtered(lambda event: not event.invitation_uid)
            said = {"invitation_uid": known.uid, "invitation_sequence": known.sequence}
            fresh.with_context(tracking_disable=True).write(said)

    # Inviting

    def _invite(self, names):
        """Tell everybody who is expected, each once: by the organizer's calendar where it can,
        else by mail. `names` are the fields that this save has changed."""
        for user, events in self.filtered("active").grouped("user_id").items():
            rows = events.attendee_ids.filtered(lambda row: row._is_mailable()).sudo()
            if not user:
                continue
            waiting = rows.filtered(lambda row: row.invitation != BY_MAIL)
            by_calendar = events._invited_by_calendar(user)
            own = waiting.filtered(lambda row, e=by_calendar: row.event_id in e)
            own.filtered("invitation").write({"invitation": False})
            marks = self.env["calendar.sync.mark"].with_context(calendar_sync_notify=True)
            marks._note(by_calendar)
            fresh = waiting - own
            fresh.write({"invitation": BY_MAIL})
            fresh._mail_invitation("invited")
            if names & TOLD_FIELDS:
                (rows - waiting)._mail_invitation("changed")

    def _invited_by_calendar(self, user):
        """Those of these events that the organizer's calendar holds, or is about to, if it mails
        guests when asked to."""
        account = self._organizers_account(user)
        if not account or not account.events_calendar_id.can_invite:
            return self.browse()
        links = self.sudo()._links_by_event()
        policy = account._policy().export_policy
        window = account._window(datetime.now(UTC))
        first, last = (one.replace(tzinfo=None) for one in (window.start, window.stop))

        def is_there(event):
            return any(
                link.account_id == account and link._is_organizers() for link in links[event.id]
            )

        def is_coming(event):
            if policy is ExportPolicy.NOTHING:
                return False
            if event.opportunity_id or policy is ExportPolicy.LEADS:
                return bool(event.opportunity_id)
            return event.stop >= first and event.start < last

        held = self.filtered(lambda event: is_there(event) or is_coming(event))
        return held | (self & held._with_series())

    @api.model
    def _organizers_account(self, user):
        """The account whose calendar holds what this user organizes; none without a sync."""
        accounts = self.env["calendar.sync.account"].sudo()
        domain = [
            ("user_id", "=", user.id),
            ("is_sync_on", "=", True),
            ("status", "!=", "not_connected"),
        ]
        return accounts.search(domain, limit=1)


def _without_choice(vals):
    return {name: value for name, value in vals.items() if name != "invite_choice"}
