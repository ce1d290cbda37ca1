from odoo import api, fields, models
from odoo.tools import SQL, plaintext2html

from ..booking.handover import is_elsewhere


class BookingHandoverItem(models.Model):
    """One appointment of a handover."""

    _name = "booking.handover.item"
    _description = "Appointment of a handover"
    _order = "handover_id, id"

    handover_id = fields.Many2one("booking.handover", required=True, index=True, ondelete="cascade")
    event_id = fields.Many2one(
        "calendar.event", "Appointment", required=True, index=True, ondelete="cascade"
    )
    hold_id = fields.Many2one("booking.hold", readonly=True, ondelete="set null")
    calendar_id = fields.Many2one("booking.calendar", readonly=True, ondelete="set null")
    start = fields.Datetime(related="event_id.start")
    lead_id = fields.Many2one(related="event_id.opportunity_id")
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids")
    taker_id = fields.Many2one(
        "res.users", "Goes to", ondelete="set null", domain="[('id', 'in', candidate_ids)]"
    )
    reason = fields.Text("Why nobody", readonly=True)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("moved", "Handed over"),
            ("kept", "Stayed"),
            ("undone", "Taken back"),
        ],
        required=True,
        readonly=True,
        default="planned",
    )

    @api.depends("calendar_id", "handover_id.user_id")
    def _compute_candidate_ids(self):
        for item in self:
            item.candidate_ids = item.calendar_id.member_ids.user_id - item.handover_id.user_id

    # -- there -----------------------------------------------------------------------------------
    def _hand_over(self):
        """Give each to its taker, unless that one has something else by now."""
        planned = self.filtered(lambda one: one.state == "planned")
        lost = planned._elsewhere()
        for item in planned:
            away, taker = item.handover_id.user_id, item.taker_id & item.candidate_ids
            is_open = taker and item not in lost and item._is_as_planned(away)
            if is_open and item._give(away, taker):
                item.state = "moved"
            else:
                item._stays()

    def _elsewhere(self):
        """Those whose taker has another appointment, booking or busy time then."""
        lost = self.browse()
        for calendar, items in self.sudo().filtered("taker_id").grouped("calendar_id").items():
            members = calendar.member_ids.filtered(lambda m, t=items.taker_id: m.user_id in t)
            run = items.handover_id[:1]
            wanted = {one: run._as_upcoming(one.event_id, one.hold_id) for one in items}
            search = run._around(calendar, members, wanted.values())
            people = {person.person_id: person for person in search.people}
            for item, each in wanted.items():
                person = people.get(item.taker_id.id)
                if person and is_elsewhere(each, person, search.now):
                    lost |= item
        return lost.with_env(self.env)

    def _is_as_planned(self, owner):
        """Whether the appointment is still this person's and still to come."""
        event, hold = self.event_id.sudo(), self.hold_id.sudo()
        is_owners = owner.partner_id in event.partner_ids and event.active
        is_booked = not hold or (hold.event_id == event and hold.user_id == owner)
        return is_owners and is_booked and event.start > fields.Datetime.now()

    def _stays(self):
        self.state = "kept"
        if self.taker_id and not self.reason:
            self.reason = self.env._("%s was given something else meanwhile.", self.taker_id.name)

    def _give(self, giver, taker):
        """Move booking and appointment from one to the other; False when the time is taken.

        As superuser: neither of the two may be the one who hands over.
        """
        hold, event = self.hold_id.sudo(), self.event_id.sudo()
        if hold and not hold._pass_to(taker):
            return False
        is_told, is_organizer = self.handover_id.is_told, event.user_id == giver
        event = event.with_user(taker).sudo().with_context(no_mail_to_attendees=True)
        values = {
            "partner_ids": [(3, giver.partner_id.id), (4, taker.partner_id.id)],
            "user_id": (taker if is_organizer else event.user_id).id,
        }
        invited = event._invited_outsiders()
        if invited and is_organizer:
            values["invite_choice"] = "invite" if is_told else "quiet"
        event.write(values)
        event._log_handover(giver, taker)
        self._tell_customer(giver, taker, is_told, is_invited=bool(invited))
        return True

    def _tell_customer(self, giver, taker, is_told, is_invited):
        """One message to each customer, or none: what they know counts as told then."""
        known = self.env["booking.customer"].sudo().search([("event_id", "=", self.event_id.id)])
        told = known.filtered(lambda one: one.told_state == "booked")
        if is_told and not is_invited:
            told.is_own_change = True
            told._tell_soon()
            if not known:
                self.event_id.sudo()._mail_handover(giver, taker)
        else:
            told.told_user_id = taker.id

    # -- and back --------------------------------------------------------------------------------
    def _take_back(self):
        """Each goes back, unless somebody changed its people or its time is taken."""
        for item in self.filtered(lambda one: one.state == "moved"):
            owner, taker = item.handover_id.user_id, item.taker_id
            if item._is_as_planned(taker) and item._give(taker, owner):
                item.state = "undone"
            else:
                item.reason = self.env._("It was changed since, or the time is taken.")

    def _notify_takers(self):
        """One notice to each colleague, by the channel of their choice."""
        moved = self.filtered(lambda one: one.state == "moved")
        for taker, items in moved.grouped("taker_id").items():
            text = self.env._(
                "%(count)s appointments of %(name)s are yours now, the first one %(when)s.",
                count=len(items),
                name=items.handover_id.user_id.name,
                when=items[:1].event_id.sudo()._time_in_words(items[:1].start),
            )
            items[:1].event_id.sudo()._notify_of_booking(taker, text)


class BookingHoldHandover(models.Model):
    _inherit = "booking.hold"

    def _pass_to(self, user):
        """Another person has this booked time from now on: False when it is not free there."""
        self.flush_model()
        query = SQL(
            "UPDATE booking_hold SET user_id = %s, assigned_at = %s WHERE id IN %s RETURNING id",
            user.id, fields.Datetime.now(), tuple(self.ids),
        )  # fmt: skip
        return bool(self._unless_taken(query))


class CalendarEventHandover(models.Model):
    _inherit = "calendar.event"

    def _log_handover(self, giver, taker):
        """Tell the timelines who has it now."""
        reason = self.env._(
            "Handed over from %(giver)s to %(taker)s.", giver=giver.name, taker=taker.name
        )
        self._log_appointment("handed_over", reason=reason)

    def _invited_outsiders(self):
        """Participants from outside whom a calendar has invited to this appointment."""
        links = self.env["calendar.sync.link"].sudo()
        is_invited = links.search_count(
            [
                ("meeting_id.event_id", "=", self.id),
                ("state", "!=", "closed"),
                ("is_ours", "=", True),
                ("is_silent", "=", False),
            ]
        )
        rows = self.attendee_ids.filtered(lambda row: not row.invitation)
        return rows.partner_id & self._outside_partners() if is_invited else rows.partner_id[:0]

    def _mail_handover(self, giver, taker):
        """One mail to each participant from outside: who comes instead of whom."""
        people = self._outside_partners().filtered("email")
        for person in people:
            event = self.with_context(lang=person.lang or self.env.lang)
            text = event.env._(
                "%(taker)s will meet you instead of %(giver)s: %(title)s, %(when)s.",
                taker=taker.name,
                giver=giver.name,
                title=self.name,
                when=event._time_in_words(self.start),
            )
            self.env["mail.mail"].sudo().create(
                {
                    "subject": self.name,
                    "body_html": plaintext2html(text),
                    "recipient_ids": [(4, person.id)],
                    "email_from": taker.email_formatted,
                    "reply_to": taker.email_formatted,
                    "auto_delete": True,
                }
            )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
