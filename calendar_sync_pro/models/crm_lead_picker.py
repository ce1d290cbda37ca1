"""What the slot picker of a lead's card asks: calendars, a week's times, why not, and booking."""

from datetime import date

from odoo import api, models
from odoo.exceptions import UserError

from ..booking import days
from ..booking.intervals import IntervalSet
from ..booking.slots import slots
from .booking_content import BookingDetails
from .booking_take import SlotTaken

WEEK = 7


class CrmLeadPicker(models.Model):
    _inherit = "crm.lead"

    def action_book_appointment(self):
        """The slot picker where there is a booking calendar, else the dialog for any time."""
        by_hand = self.action_book_by_hand()
        if not self._pickable_calendars():
            return by_hand
        return {
            "type": "ir.actions.client",
            "tag": "calendar_sync_pro.slot_picker",
            "name": self.env._("Book appointment"),
            "target": "new",
            "params": {"lead_id": self.id},
            "context": by_hand["context"],
        }

    @api.model
    def _pickable_calendars(self):
        """Booking calendars that have people; those with oneself first."""
        found = self.env["booking.calendar"].search(
            [("member_ids", "!=", False), ("company_id", "in", self.env.companies.ids)]
        )
        return found.sorted(lambda one: self.env.user not in one.member_ids.user_id)

    def slot_picker(self):
        """What the picker opens with."""
        self.ensure_one()
        self.check_access("read")
        partner = self.partner_id
        return {
            "lead": {
                "id": self.id,
                "name": self.name,
                "customer": self._customer_name(),
                "email": partner.email_normalized or self.email_normalized or "",
                "tz": partner.tz or "",
            },
            "tz": self.env.user.tz or "UTC",
            "user_id": self.env.uid,
            "calendars": [self._picker_calendar(one) for one in self._pickable_calendars()],
        }

    def _picker_calendar(self, calendar):
        kinds = dict(calendar._fields["location_kind"]._description_selection(self.env))
        return {
            "id": calendar.id,
            "name": calendar.name,
            "is_collective": calendar.mode == "collective",
            "location_kind": calendar.location_kind,
            "location_kinds": [[value, label] for value, label in kinds.items()],
            "services": [
                {"id": each.id, "name": each.name, "minutes": each.duration_min}
                for each in calendar.service_ids
            ],
            "people": [
                {"id": member.user_id.id, "name": member.user_id.name, "is_out": member._is_out()}
                for member in calendar.member_ids
                if member.user_id.active
            ],
        }

    def _customer_name(self):
        return self.partner_id.name or self.contact_name or self.partner_name or ""

    # -- times -----------------------------------------------------------------------------------
    def slot_picker_week(self, calendar_id, service_id, user_id, first_day):
        """The times of seven local days of the reader from `first_day` (YYYY-MM-DD) on.

        Each has `start` in UTC seconds and `free`, the ids of who is free then; only times on the
        grid in somebody's working hours. `next_start` is the next free one from that day on.
        """
        calendar, service, members = self._picked(calendar_id, service_id, user_id)
        tz = self.env.user.tz or "UTC"
        ordinal = date.fromisoformat(first_day).toordinal()
        start = days.day_span(date.fromordinal(ordinal), tz)[0]
        stop = days.day_span(date.fromordinal(ordinal + WEEK), tz)[0]
        search = self.env["booking.search"]._search_of(calendar, service, start, stop, members)
        free = {slot.start: slot.free for slot in slots(search, start, stop)}
        able = (each for each in search.people if search.rules.required_skills <= each.skills)
        hours = IntervalSet.of(span for person in able for span in person.hours)
        grid = days.grid(start, stop, search.rules.step_min * 60, search.rules.tz)
        points = [at for part in grid for at in part if at in hours]
        found = calendar._next_free(service, 1, members, max(start, search.now))
        return {
            "times": [{"start": at, "free": list(free.get(at, ()))} for at in points],
            "minutes": search.rules.duration_min,
            "next_start": found[0].start if found else False,
        }

    def slot_picker_why(self, calendar_id, service_id, user_id, start):
        """Why a time isn't free: [{name, reasons}] of each person, in words."""
        calendar, service, members = self._picked(calendar_id, service_id, user_id)
        reasons = calendar._explain(service, start, members)
        names = {member.user_id.id: member.user_id.name for member in members}
        tz = self.env.user.tz or calendar.tz
        return [
            {"name": names[person_id], "reasons": calendar._reasons_in_words(each, tz, service)}
            for person_id, each in reasons.items()
        ]

    def _picked(self, calendar_id, service_id, user_id):
        """The records behind a choice, each of which must belong to the booking calendar."""
        self.ensure_one()
        self.check_access("read")
        calendar = self.env["booking.calendar"].browse(calendar_id)
        calendar.check_access("read")
        service = calendar.service_ids.filtered(lambda one: one.id == service_id)
        members = calendar.member_ids.filtered(
            lambda one: one.user_id.active and user_id in (0, one.user_id.id)
        )
        if not members or (service_id and not service):
            raise UserError(self.env._("This booking calendar has changed. Open it once more."))
        return calendar, service, members

    # -- booking ---------------------------------------------------------------------------------
    def slot_picker_book(self, calendar_id, service_id, user_id, start, wishes):
        """Book a time for this lead: {"event_id", "who"}, or {"taken", "alternatives", "why"}.

        `wishes`: agenda, notes, location_kind, place, is_invited. The calendars are asked with no
        transaction open, so this commits.
        """
        calendar, service, members = self._picked(calendar_id, service_id, user_id)
        details = self._booking_details(wishes)
        try:
            holds = calendar._book(
                service,
                start,
                lambda users: calendar._make_appointment(service, start, users, details),
                members,
                self.user_id,
            )
        except SlotTaken as taken:
            return {
                "taken": str(taken),
                "alternatives": [slot.start for slot in taken.alternatives],
                "why": self.slot_picker_why(calendar_id, service_id, user_id, start),
            }
        names = ", ".join(holds.sudo().user_id.mapped("name"))
        return {"event_id": holds.event_id.id, "who": names}

    def _booking_details(self, wishes):
        """What the rep entered, with what the lead says of the customer."""
        partner = self.partner_id or self._find_matching_partner()
        return BookingDetails(
            customer_name=self._customer_name() or self.name,
            phone=partner.phone or self.phone or "",
            partner_id=partner.id or 0,
            lead_id=self.id,
            agenda=wishes.get("agenda") or "",
            notes=wishes.get("notes") or "",
            location_kind=wishes.get("location_kind") or "",
            place=wishes.get("place") or "",
            is_invited=bool(wishes.get("is_invited")),
            source="rep",
        )
