"""What the pages of one booking show, and what they do."""

import re

from markupsafe import escape
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..booking.calendar_file import calendar_file
from .booking_page_view import SUGGESTIONS
from .safe_texts import is_web_address, one_line

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_PORT = re.compile(r"(:[0-9]{1,5})?")


class BookingCustomerPage(models.Model):
    _inherit = "booking.customer"

    def _page_values(self, step, token="", asked=None, done="", taken=None, embed=False):
        """Values of the page 'manage', 'move' or 'cancel'; `step` in them is the one that is
        possible: what can no longer be changed is only shown."""
        self.ensure_one()
        state = self._change_state()
        if step == "move" and state == "open" and not self._holds():
            state = "late"  # it is no longer one that can be moved by itself
        is_open = state == "open"
        values = {
            "step": step if is_open else "manage",
            "state": state,
            "done": done,
            "token": token,
            "embed": bool(embed),
            "booking": self._shown(is_open),
            "company": self.company_id.name,
            "logo": f"/logo.png?company={self.company_id.id}",
        }
        if values["step"] == "move":
            values |= self.env["booking.page"]._move_values(self, token, asked or {})
            values["alternatives"] = [
                self.calendar_id._slot_words(slot, values["tz"])
                for slot in (taken.alternatives if taken else ())[:SUGGESTIONS]
            ]
            values["is_taken"] = bool(taken)
        return values

    def _shown(self, is_open):
        """The appointment in words, and its links."""
        return {
            "title": self.title,
            "when": self.when_text,
            "where": self.where_text,
            "person": self.person_text,
            "name": self.name,
            "email": self.email or "",
            "phone": self.phone or "",
            "join_url": self.join_url,
            "is_link_coming": self.calendar_id.location_kind == "video" and not self.join_url,
            "calendars": self._calendar_links() if is_open else [],
            "move_url": is_open and self.move_url,
            "cancel_url": is_open and self.cancel_url,
            "page_url": self.page_url,
            "company_phone": self.company_id.phone or "",
            "company_email": self.company_id.email or "",
        }

    def _file_to_download(self):
        """The calendar's file for whoever follows the link."""
        return calendar_file(self._appointment(self._text_of_file()), is_download=True)


class BookingPageForm(models.AbstractModel):
    _inherit = "booking.page"

    @api.model
    def _book_form(self, calendar, typed):
        """Book what a form asks for: (`booking.customer` or None, {field: problem}, message).

        Raises SlotTaken. Commits.
        """
        choice = self._choice(calendar, typed)
        start = self._start_of(calendar, typed)
        key, doubt = self.env["booking.guard"]._form_key(calendar, typed.get("token") or "")
        if typed.get("website"):  # a field that people don't see
            doubt = "fast"
        customer, problems = calendar._read_customer(self._customer_values(typed, choice, key))
        if problems:
            return None, problems, self.env._("Please look at the marked fields.")
        if not doubt and not self._may_be_told(customer):
            doubt = "often"
        if doubt:
            return None, {}, self._doubt_in_words(doubt)
        members = choice["member"] or None
        return calendar._book_for(choice["service"], start, customer, members), {}, ""

    def _start_of(self, calendar, typed):
        """The wanted start; one that no rule would ever offer when it is none at all."""
        text = typed.get("start") or ""
        return int(text) if text.isdecimal() and len(text) < 12 else 0

    def _customer_values(self, typed, choice, key):
        named = ("name", "email", "phone", "place", "notes")
        questions = {
            int(number): text
            for field, text in typed.items()
            if (number := field.removeprefix("question_")).isdecimal() and len(number) < 12
        }
        return {
            **{name: typed.get(name) for name in named},
            "answers": questions,
            "tz": choice["tz"],
            "lang": self.env.lang,
            "utm": [typed.get(name) for name in ("utm_source", "utm_medium", "utm_campaign")],
            "key": key,
        }

    def _may_be_told(self, customer):
        """Whether mails and SMS may go to this customer: nobody can have a stranger flooded."""
        guard, addresses = self.env["booking.guard"], (customer.email, customer.phone)
        return all([guard._admits(each, "told") for each in addresses if each])

    def _doubt_in_words(self, doubt):
        if doubt == "often":
            return self.env._(
                "There were many bookings with this e-mail address or phone number today. Please"
                " contact us."
            )
        if doubt == "fast":
            return self.env._("That was quick. Please press the button once more.")
        return self.env._(
            "This form had been open for a long time. Please press the button once more."
        )


class BookingCalendarFrame(models.Model):
    _inherit = "booking.calendar"

    embed_sites = fields.Char(
        "Sites that may embed it",
        help="Addresses of web sites that may show the booking page in a frame, separated by"
        " blanks: https://www.example.com",
    )
    embed_code = fields.Text("Code for a web site", compute="_compute_embed_code")

    @api.depends("page_url", "name")
    def _compute_embed_code(self):
        for calendar in self:
            attributes = 'style="width: 100%; height: 44rem; border: 0"'
            source = f'src="{calendar.page_url}?embed=1" title="{escape(calendar.name or "")}"'
            calendar.embed_code = f"<iframe {source} {attributes}></iframe>"

    @api.constrains("embed_sites")
    def _check_embed_sites(self):
        """They become part of a header: addresses of sites, and nothing else."""
        for calendar in self:
            for site in one_line(calendar.embed_sites).split():
                if not _site(site):
                    raise ValidationError(
                        self.env._(
                            "Enter the address of a site, as https://www.example.com: %s", site
                        )
                    )

    def _frame_sites(self):
        """The sites for the header `frame-ancestors`, as browsers compare them."""
        return " ".join(map(_site, one_line(self.embed_sites).split()))


def _site(text):
    """Scheme and host of a web site in ASCII, as they stand in a header; '' for anything else."""
    scheme, _mark, rest = text.partition("://")
    host, colon, port = rest.rstrip("/").partition(":")
    try:
        plain = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    is_whole = _HOST.fullmatch(plain) and _PORT.fullmatch(colon + port)
    return f"{scheme}://{plain}{colon}{port}" if is_web_address(text) and is_whole else ""
