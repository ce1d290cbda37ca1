from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL, plaintext2html

from ..booking.handover import NOBODY, is_elsewhere
from ..booking.intervals import instant


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
    def _hand_over(self, answers):
        """Give each to its taker, unless that one has something else by now."""
        planned = self.filtered(lambda one: one.state == "planned")
        against = planned._against({item: item.taker_id for item in planned}, answers)
        for item in planned:
            away, taker = item.handover_id.user_id, item.taker_id & item.candidate_ids
            given = planned.filtered(
                lambda one, to=taker: one.state == "moved" and one.taker_id == to
            )
            is_free = item not in against and not item._meets(given)
            if taker and is_free and item._is_as_planned(away) and item._give(away, taker):
                item.state = "moved"
            else:
                item._stays(against.get(item))

    def _against(self, receivers, answers):
        """{item: why its receiver can't have it now, in words}, for those for whom that is so."""
        found = {}
        for calendar, items in self.grouped("calendar_id").items():
            users = items.env["res.users"].union(*(receivers[item] for item in items)).sudo()
            if not (calendar and users):
                continue
            live = answers.get(calendar.sudo(), NOBODY)
            people = items.handover_id._people_around(calendar.sudo(), users, items.event_id.sudo())
            there = items._still_in_calendars_of(users)
            for item in items.filtered(lambda one: receivers[one]):
                user = receivers[item]
                person, own = people[user.id], there.get((item.event_id.id, user.id), ())
                now_busy = replace(person, layers=live.layers_of(person, own))
                why = item._why_not(user, now_busy, is_silent=live.is_silent(user.id))
                if why:
                    found[item] = why
        return found

    def _meets(self, others):
        """Whether one of the others is at the same time: a plan may have been changed by hand."""
        mine = self.event_id.sudo()
        return any(
            mine.start < each.stop and each.start < mine.stop for each in others.event_id.sudo()
        )

    def _why_not(self, user, person, *, is_silent):
        """What stands against this person, in words; '' for nothing."""
        if is_silent:
            return self.env._("The calendar of %s doesn't answer. Try again later.", user.name)
        each = self.handover_id._as_upcoming(self.event_id.sudo(), self.hold_id.sudo())
        if is_elsewhere(each, person, instant(fields.Datetime.now())):
            return self.env._("%s was given something else meanwhile.", user.name)
        return ""

    def _still_in_calendars_of(self, users):
        """{(event id, user id): [its time]} of appointments that stand in these users' calendars
        still, or already: there they are busy by the appointment itself."""
        links = self.env["calendar.sync.link"].sudo()
        there = links.search(
            [
                ("meeting_id.event_id", "in", self.event_id.ids),
                ("account_id.user_id", "in", users.ids),
                ("state", "!=", "closed"),
            ]
        )
        events = [(row.meeting_id.event_id, row.account_id.user_id) for row in there]
        return {
            (event.id, user.id): [(instant(event.start), instant(event.stop))]
            for event, user in events
        }

    def _is_as_planned(self, owner):
        """Whether the appointment is still this person's and still to come."""
        event, hold = self.event_id.sudo(), self.hold_id.sudo()
        is_owners = owner.partner_id in event.partner_ids and event.active
        is_booked = not hold or (hold.event_id == event and hold.user_id == owner)
        return is_owners and is_booked and event.start > fields.Datetime.now()

    def _stays(self, why):
        self.state = "kept"
        if self.taker_id and not self.reason:
            self.reason = why or self.env._(
                "%s was given something else meanwhile.", self.taker_id.name
            )

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
    def _take_back(self, answers):
        """Each goes back, unless somebody changed its people or its owner has something else."""
        moved = self.filtered(lambda one: one.state == "moved")
        against = moved._against({item: item.handover_id.user_id for item in moved}, answers)
        for item in moved:
            owner, taker = item.handover_id.user_id, item.taker_id
            is_open = item not in against and item._is_as_planned(taker)
            if is_open and item._give(taker, owner):
                item.state = "undone"
            else:
                item.reason = against.get(item) or self.env._(
                    "It was changed since, or the time is taken."
                )

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
