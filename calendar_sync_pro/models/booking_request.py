"""A customer's request: checked, matched with contact and lead, and booked once."""

import hashlib
from contextlib import contextmanager
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..booking import customer as texts
from ..booking.customer import Customer
from .booking_content import BookingDetails
from .silent import SILENT

LONGEST_EMAIL = 254
QUIET_LEAD = {"mail_auto_subscribe_no_notify": True, "mail_create_nosubscribe": True}
UTM = ("utm.source", "utm.medium", "utm.campaign")


class Match(NamedTuple):
    """Whom a request is of: contact and lead, each of them empty when new; its source, and where a
    new lead comes from ({field: id})."""

    contact: object
    lead: object
    source: str
    origin: dict


class BookingCalendarRequest(models.Model):
    """From what a customer typed, or an assistant heard, to one booking."""

    _inherit = "booking.calendar"

    # -- what was typed ---------------------------------------------------------------------------
    def _read_customer(self, values, is_email_needed=True):
        """(Customer, {field: what is wrong in words}) of texts from outside.

        `values` has name, email, phone, place, notes, `answers` {question id: text}, lang, tz,
        utm (three texts), transcript_url and key, each of which may be missing. Nothing in it is
        trusted: it is cut to a length, and what nobody sees is taken out.
        """
        self.ensure_one()
        answers, problems = self._read_answers(values.get("answers") or {})
        email = email_normalize((values.get("email") or "")[: LONGEST_EMAIL + 1]) or ""
        found = Customer(
            name=texts.one_line(values.get("name"), texts.LONGEST_NAME),
            email=email if len(email) <= LONGEST_EMAIL else "",
            phone=self._read_phone(values.get("phone") or ""),
            place=texts.one_line(values.get("place")),
            notes=texts.plain_text(values.get("notes")),
            answers=answers,
            transcript_url=values.get("transcript_url") or "",
            lang=self._known_lang(values.get("lang")),
            tz=self._known_tz(values.get("tz")),
            utm=tuple(texts.one_line(each, 64) for each in (values.get("utm") or ("", "", ""))),
            key=(values.get("key") or "")[:100],
        )
        return found, self._problems_of(found, values, is_email_needed) | problems

    def _problems_of(self, customer, values, is_email_needed):
        problems = {}
        if not texts.is_name(customer.name):
            problems["name"] = self.env._("Please enter your name.")
        if not customer.email and (is_email_needed or (values.get("email") or "").strip()):
            problems["email"] = self.env._(
                "Please enter an e-mail address, such as mia@example.com."
            )
        is_phone_needed = self.location_kind == "phone" or not (is_email_needed or customer.email)
        if not customer.phone and (is_phone_needed or (values.get("phone") or "").strip()):
            problems["phone"] = self.env._(
                "Please enter a phone number with its country code: +49 30 123456"
            )
        if self.location_kind == "customer" and not customer.place:
            problems["place"] = self.env._("Please enter where we shall come to.")
        return problems

    def _read_answers(self, given):
        """The answers to this calendar's questions, in its order, and what is wrong with them."""
        answers, problems = [], {}
        for question in self.question_ids:
            text = given.get(question.id) or ""
            is_long = question.kind == "long"
            text = texts.plain_text(text) if is_long else texts.one_line(text, 500)
            if question.kind == "choice" and text and text not in question._choices():
                problems[f"question_{question.id}"] = self.env._("Please choose one of these.")
            elif question.is_required and not text:
                problems[f"question_{question.id}"] = self.env._("Please answer this question.")
            answers.append((question.name, text))
        return tuple(answers), problems

    def _read_phone(self, text):
        """International where that is possible, '' otherwise. Odoo's own check comes first."""
        if not text.strip():
            return ""
        country = self.company_id.country_id
        checked = self.env["res.partner"]._phone_format(number=text[:40], country=country)
        return texts.international(checked or text[:40], country.phone_code)

    def _known_lang(self, code):
        """A language that is installed."""
        known = {each for each, _name in self.env["res.lang"].get_installed()}
        company = self.company_id.partner_id.lang
        return next((each for each in (code, self.env.lang, company) if each in known), "en_US")

    def _known_tz(self, name):
        """A time zone that exists."""
        return name if name in dict(_tz_get(self)) else self.tz

    # -- who it is --------------------------------------------------------------------------------
    def _contact_of(self, customer):
        """The contact whom these details mean, or none. A colleague's is never a customer's.

        Found by e-mail address; by phone number only under the same name or when there is no
        address to compare, since families and offices share a number.
        """
        found = self.env["res.partner"].sudo()
        mine = Domain("company_id", "in", [False, self.company_id.id])
        outside = mine & Domain("partner_share", "=", True) & Domain("is_company", "=", False)
        if customer.email:
            found = found.search(outside & Domain("email_normalized", "=", customer.email))
        if not found and customer.phone:
            by_phone = found.search(outside & Domain("phone_sanitized", "=", customer.phone))
            found = by_phone.filtered(
                lambda one: (
                    texts.is_same_name(one.name, customer.name)
                    or not (one.email_normalized and customer.email)
                )
            )
        same = found.filtered(lambda one: texts.is_same_name(one.name, customer.name))
        return (same or found).sorted("id")[:1]

    def _lead_of(self, customer, contact):
        """The newest open lead of this customer, or none."""
        same = [Domain("partner_id", "=", contact.id)] if contact else []
        if customer.email:
            same.append(Domain("email_normalized", "=", customer.email))
        elif customer.phone:
            same.append(Domain("phone_sanitized", "=", customer.phone))
        leads = self.env["crm.lead"].sudo()
        if not same:
            return leads
        is_open = Domain("won_status", "=", "pending")
        mine = Domain("company_id", "in", [False, self.company_id.id])
        return leads.search(Domain.OR(same) & is_open & mine, order="id desc", limit=1)

    def _make_contact(self, customer):
        values = {
            "name": customer.name,
            "email": customer.email or False,
            "phone": customer.phone or False,
            "lang": customer.lang,
            "tz": customer.tz,
            "company_id": False,
        }
        return self.env["res.partner"].sudo().with_context(**SILENT).create(values)

    def _make_lead(self, customer, contact, service, salesperson, origin):
        """A new opportunity of whoever got the booking. Its assignment is told with the booking.

        Address and number are the contact's: those of a lead would be written into the contact.
        """
        title = (service or self).with_context(lang=salesperson.lang).name
        values = {
            "name": f"{title} – {customer.name}",
            "type": "opportunity",
            "partner_id": contact.id,
            "user_id": salesperson.id,
            "team_id": salesperson.sale_team_id.id,
            "company_id": self.company_id.id,
            **origin,
        }
        return self.env["crm.lead"].sudo().with_context(**QUIET_LEAD).create(values)

    def _origin_of(self, customer, source):
        """{field: id} of where the customer came from; the page itself when nothing says so.

        Two customers at once may bring the same new name, which the database lets be made once: so
        one waits for the other, before anything is held. Commits.
        """
        names = dict(zip(UTM, customer.utm, strict=True))
        if source == "page":
            names["utm.source"] = names["utm.source"] or "Booking page"
        values = {}
        for model, name in names.items():
            records = self.env[model].sudo().with_context(active_test=False)
            same = [("name", "=", name)]
            record = records.search(same, limit=1) if name else records
            if name and not record:
                with self._one_at_a_time(f"{model} {name}"):
                    record = records.search(same, limit=1) or records.create({"name": name})
            if record:
                values[f"{model.partition('.')[2]}_id"] = record.id
        return values

    # -- the booking ------------------------------------------------------------------------------
    def _book_for(self, service, start, customer, members=None, source="page", holds=None):
        """Book a time for a checked `Customer`: the `booking.customer`. `holds` are rows of
        `booking.hold` that were held for it earlier.

        Contact and lead are found or made with the appointment, the lead's own salesperson comes
        first where the calendar says so, and confirmations go out after it: a failed try leaves
        nothing. A request whose key has booked already gets that booking again.

        Raises SlotTaken with the next free slots. Commits, as `_book` does.
        """
        calendar = self.with_env(self.env(user=SUPERUSER_ID, su=True))
        service = service.with_env(calendar.env) if service else service
        with calendar._one_at_a_time(customer.key):
            known = calendar.env["booking.customer"]._of_key(customer.key)
            if known:
                return known
            contact = calendar._contact_of(customer)
            lead = calendar._lead_of(customer, contact)
            origin = {} if lead else calendar._origin_of(customer, source)
            match = Match(contact, lead, source, origin)
            return calendar._book_once(service, start, customer, match, members, holds)

    def _book_once(self, service, start, customer, match, members, holds):
        """The `booking.customer`. It is committed in here, where a late refusal still gives the
        time back: nothing stays held for the next try of the same request."""

        def make_event(users):
            partner = match.contact or self._make_contact(customer)
            lead = match.lead or self._make_lead(customer, partner, service, users[0], match.origin)
            details = self._details_of(customer, partner, lead, match.source)
            return self._make_appointment(service, start, users, details)

        if holds:
            booked = self._book_held(holds, make_event)
        else:
            booked = self._book(service, start, make_event, members, match.lead.user_id)
        with booked._given_back_on_failure():
            made = self.env["booking.customer"]._confirmed(booked, customer)
            self.env.cr.commit()  # pylint: disable=invalid-commit  # as the holds were
        return made

    def _details_of(self, customer, partner, lead, source):
        return BookingDetails(
            customer_name=customer.name,
            phone=customer.phone,
            partner_id=partner.id,
            lead_id=lead.id,
            notes=customer.notes,
            transcript_url=customer.transcript_url,
            answers=customer.answers,
            place=customer.place,
            source=source,
            is_invited=self.is_customer_invited and bool(customer.email),
        )

    @api.model
    @contextmanager
    def _one_at_a_time(self, key):
        """The same request twice at once, as by a double click: the second waits for the first.

        A lock of the session, since booking commits in between; the commit after it lets the
        second see what the first has made.
        """
        if not key:
            yield
            return
        number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)
        self.env.cr.execute("SELECT pg_advisory_lock(%s)", [number])
        self.env.cr.commit()  # pylint: disable=invalid-commit  # see above
        try:
            yield
            self.env.flush_all()
            self.env.cr.commit()  # pylint: disable=invalid-commit  # before the next one looks
        except Exception:  # whatever it was: it goes on to the caller, who logs it
            self.env.cr.rollback()  # a failed transaction could not unlock
            raise
        finally:
            self.env.cr.execute("SELECT pg_advisory_unlock(%s)", [number])
