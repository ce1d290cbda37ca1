"""The booking API's answers. What they look like is written in `booking/api/openapi.json`."""

import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import MissingError, UserError

from ..booking import api_schema
from ..booking.days import DAY
from ..booking.intervals import instant, moment


class BookingHoldReference(models.Model):
    _inherit = "booking.hold"

    reference = fields.Char(
        index="btree_not_null",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="How whoever holds the time by the API names it; the rows of several people share it.",
    )


class BookingCustomerReference(models.Model):
    _inherit = "booking.customer"

    reference = fields.Char(
        index="btree",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        default=lambda self: uuid.uuid4().hex,
        help="How the API names this booking.",
    )
    api_user_id = fields.Many2one("res.users", "Booked with a key of", readonly=True)
    api_request = fields.Char(
        readonly=True, copy=False, groups=fields.NO_ACCESS, help="Digest of the request's body."
    )

    def _is_same_request(self, user, digest):
        """Remember which request has made this booking; False when it was another one."""
        self.ensure_one()
        if not self.api_request:
            self.write({"api_user_id": user.id, "api_request": digest})
        return self.api_user_id == user and self.api_request == digest


class BookingApi(models.AbstractModel):
    """What a key's owner may see and book. Every method answers with plain data.

    Raises MissingError for what there isn't or what the owner may not see, SlotTaken for a time
    that is not free. `zone` is the name of the zone that times are written in.
    """

    _name = "booking.api"
    _description = "Booking API"

    # -- the contract ----------------------------------------------------------------------------
    @api.model
    def _contract(self):
        """The OpenAPI document."""
        return api_schema.document()

    @api.model
    def _read_parameters(self, operation, given):
        """(values, problems) of an operation's path, query and headers."""
        return api_schema.read_parameters(operation, given)

    @api.model
    def _check_body(self, schema, body):
        """What is wrong with a body, by a schema of the document."""
        return api_schema.check(schema, body)

    # -- to look for -----------------------------------------------------------------------------
    @api.model
    def _calendars(self):
        """The booking calendars with their people and questions."""
        calendars = self.env["booking.calendar"].search([("active", "=", True)])
        return {
            "calendars": [
                {
                    "id": calendar.id,
                    "name": calendar.name,
                    "time_zone": calendar.tz,
                    "people": _people(calendar.sudo().member_ids.user_id),
                    "questions": [_question(each) for each in calendar.question_ids],
                }
                for calendar in calendars
            ]
        }

    @api.model
    def _services(self, calendar):
        """What can be booked there."""
        return {
            "services": [
                {"id": one.id, "name": one.name, "duration_minutes": one.duration_min}
                for one in self._calendar(calendar).service_ids
            ]
        }

    @api.model
    def _slots(self, calendar, service, days, limit, person=0, time_zone="", **times):
        """Free times from `from` (RFC 3339) on, for some days."""
        found, offered = self._offer(calendar, service)
        start = _instant(times["from"]) if times.get("from") else instant(fields.Datetime.now())
        members = self._members(found, person)
        if not found._is_near(start):
            return {"slots": []}
        slots = found.sudo()._slots(offered, start, start + days * DAY, members)
        return {"slots": self._told_slots(slots[:limit], time_zone or found.tz)}

    @api.model
    def _explanation(self, calendar, service, start, person=0, time_zone=""):
        """Who is free at a time, and what stands against the others."""
        found, offered = self._offer(calendar, service)
        at, members = _instant(start), self._members(found, person)
        told = found.sudo()._explain(offered, at, members) if found._is_near(at) else {}
        users = self.env["res.users"].sudo().browse(told)
        people = [
            {
                "id": user.id,
                "name": user.name,
                "is_free": not told[user.id],
                "reasons": self._told_reasons(found, offered, told[user.id], time_zone),
            }
            for user in users
        ]
        return {"start": _local(at, time_zone or found.tz), "people": people}

    # -- to hold ---------------------------------------------------------------------------------
    @api.model
    def _hold(self, calendar, service, start, person=0):
        """Keep a time. Commits."""
        found, offered = self._offer(calendar, service)
        members = self._members(found, person)
        holds = found._secure(offered, _instant(start), members)
        holds.reference = uuid.uuid4().hex
        first = holds._start()
        return {
            "hold": holds[0].reference,
            "start": _local(first, found.tz),
            "end": _local(first + found._rules(offered).duration_s, found.tz),
            "people": _people(holds.user_id),
            "expires_at": _local(instant(holds[0].expires_at), found.tz),
        }

    @api.model
    def _rows_of(self, reference):
        """The rows of a hold of the key's owner, booked or not. They are gone some time after
        they expired."""
        mine = [("reference", "=", reference), ("create_uid", "=", self.env.uid)]
        rows = self.env["booking.hold"].sudo().search(mine)
        if not rows:
            raise MissingError(self.env._("This time is no longer held."))
        return rows

    @api.model
    def _release(self, reference):
        """Give a held time back; an expired one is free already."""
        self._rows_of(reference).filtered(lambda row: row.state == "held").unlink()

    # -- to book ---------------------------------------------------------------------------------
    @api.model
    def _book(self, wanted, key, digest):
        """Book what was held, or a time directly. Commits.

        Raises UserError when the key was used for another request, or what the calendar asks for
        is missing.
        """
        found, offered, start, members, holds = self._wanted(wanted)
        key = f"api-{self.env.uid}-{key}"
        customer = self._customer(found, wanted, key)
        booking = self.env["booking.customer"]._of_key(key)
        if not booking:
            if "hold" in wanted and not holds:
                raise found._taken(offered, start, members)
            booking = found._book_for(offered, start, customer, members, "api", holds)
        if not booking._is_same_request(self.env.user, digest):
            raise UserError(self.env._("This Idempotency-Key was used for another request."))
        return self._told(booking)

    @api.model
    def _wanted(self, wanted):
        """(calendar, service, start, members, held rows) of a new booking."""
        if "slot" in wanted:
            slot = wanted["slot"]
            found, offered = self._offer(slot["calendar"], slot["service"])
            members = self._members(found, slot.get("person"))
            return found, offered, _instant(slot["start"]), members, None
        rows = self._rows_of(wanted["hold"])
        calendar = self._calendar(rows.calendar_id.id)
        members = calendar.sudo().member_ids.filtered(lambda one: one.user_id in rows.user_id)
        held = rows.filtered(lambda row: row.state == "held")
        return calendar, rows.service_id, rows._start(), members, held

    @api.model
    def _customer(self, calendar, wanted, key):
        """The checked customer of a request."""
        answers = {each["question"]: each["answer"] for each in wanted.get("answers", ())}
        values = {
            **wanted["customer"],
            "notes": wanted.get("notes"),
            "transcript_url": wanted.get("transcript_url"),
            "answers": answers,
            "key": key,
        }
        customer, problems = calendar.sudo()._read_customer(values, is_email_needed=False)
        if problems:
            raise UserError(" ".join(problems.values()))
        return customer

    @api.model
    def _booking(self, booking, time_zone=""):
        """A booking as it is now."""
        return self._told(self._booked(booking), time_zone)

    @api.model
    def _reschedule(self, booking, start):
        """Move a booking. Commits. Raises UserError when it is too late for that."""
        found = self._booked(booking)
        return self._changed(found, found._move_by_customer(_instant(start)), "moved")

    @api.model
    def _cancel(self, booking, reason=""):
        """Cancel a booking; again is no error."""
        found = self._booked(booking)
        return self._changed(found, found._cancel_by_customer(reason), "cancelled")

    @api.model
    def _changed(self, booking, state, wanted):
        """The booking after a change, or why there was none."""
        if state != wanted:
            words = {
                "cancelled": self.env._("This appointment was cancelled."),
                "past": self.env._("This appointment is over."),
                "late": self.env._("It is too late to change this appointment."),
            }
            raise UserError(words[state])
        booking.invalidate_recordset()
        return self._told(booking)

    # -- what is asked about ---------------------------------------------------------------------
    @api.model
    def _calendar(self, calendar):
        found = self.env["booking.calendar"].search([("id", "=", calendar)])
        if not found:
            raise MissingError(self.env._("There is no such booking calendar."))
        return found

    @api.model
    def _offer(self, calendar, service):
        """(calendar, service) as records."""
        found = self._calendar(calendar)
        offered = found.service_ids.filtered(lambda one: one.id == service)
        if not offered:
            raise MissingError(self.env._("There is no such service in this booking calendar."))
        return found, offered

    @api.model
    def _members(self, calendar, person):
        """The one person who is asked for; None for anybody."""
        if not person:
            return None
        found = calendar.sudo().member_ids.filtered(lambda one: one.user_id.id == person)
        if not found:
            raise MissingError(self.env._("There is no such person in this booking calendar."))
        return found

    @api.model
    def _booked(self, reference):
        """A booking that was made with a key of the same person."""
        mine = [("reference", "=", reference), ("api_user_id", "=", self.env.uid)]
        found = self.env["booking.customer"].with_user(SUPERUSER_ID).search(mine)
        if not found:
            raise MissingError(self.env._("There is no such booking."))
        return found

    @api.model
    def _told(self, booking, zone=""):
        """A booking as the API tells it."""
        zone = zone or booking.calendar_id.tz
        now = fields.Datetime.now()
        state = "cancelled" if booking.is_cancelled else "over" if booking.stop < now else "booked"
        people = booking._holds().user_id or booking.user_id
        return {
            "booking": booking.reference,
            "state": state,
            "service": (booking.service_id or booking.calendar_id).name,
            "start": _local(instant(booking.start), zone),
            "end": _local(instant(booking.stop), zone),
            "people": _people(people),
            "customer": {"name": booking.name},
            "manage_url": booking._link("manage"),
        }

    @api.model
    def _told_reasons(self, calendar, service, reasons, zone):
        """Each reason as a word to decide by and a sentence."""
        return [
            {"code": why.reason.value, "text": words}
            for why in reasons
            for words in calendar.sudo()._reasons_in_words([why], zone or calendar.tz, service)
        ]

    @api.model
    def _told_slots(self, slots, zone):
        """Slots as the API tells them."""
        everybody = {person for slot in slots for person in slot.free}
        users = self.env["res.users"].sudo().browse(everybody)
        names = {user.id: user.name for user in users}
        return [
            {
                "start": _local(slot.start, zone),
                "end": _local(slot.stop, zone),
                "people": [{"id": person, "name": names[person]} for person in slot.free],
            }
            for slot in slots
        ]


def _instant(text):
    return api_schema.instant(text)


def _local(seconds, zone):
    """A moment with the offset that the zone has then; in UTC where no clock can show it."""
    try:
        return moment(seconds).astimezone(ZoneInfo(zone)).isoformat()
    except OverflowError:
        return datetime.fromtimestamp(seconds, UTC).isoformat()


def _people(users):
    return [{"id": user.id, "name": user.name} for user in users]


def _question(question):
    told = {"id": question.id, "text": question.name, "required": question.is_required}
    choices = question._choices() if question.kind == "choice" else []
    return told | ({"choices": choices} if choices else {})
