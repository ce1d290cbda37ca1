"""What the public booking page shows: plain values for its templates, never records."""

from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from markupsafe import Markup, escape
from odoo import api, models
from odoo.addons.base.models.res_partner import _tz_get

from ..booking.slots import Slot

STATE = ("service", "person", "week", "day", "tz", "embed")
UTM = ("utm_source", "utm_medium", "utm_campaign")
SUGGESTIONS = 3


class BookingPage(models.AbstractModel):
    """The steps of the page. `asked` are the texts of an address or a form, trusted in nothing."""

    _name = "booking.page"
    _description = "Public booking page"

    @api.model
    def _published(self, page_name):
        """The booking calendar behind an address, as superuser; none when it is not public.

        In the visitor's language: only names of services and people and free times leave here.
        """
        calendars = self.env["booking.calendar"].sudo()
        found = calendars.search(
            [("page_name", "=", page_name), ("is_published", "=", True)], limit=1
        )
        return found.with_company(found.company_id)

    @api.model
    def _list_values(self):
        """Every published page of the company, for `/book`."""
        calendars = self.env["booking.calendar"].sudo()
        pages = calendars.search(
            [("is_published", "=", True), ("company_id", "=", self.env.company.id)]
        )
        return {
            "company": self.env.company.sudo().name,
            "pages": [
                {
                    "name": page.name,
                    "introduction": page.introduction or "",
                    "url": f"/book/{page.page_name}",
                }
                for page in pages
            ],
        }

    # -- which service, with whom, when -----------------------------------------------------------
    @api.model
    def _choose_values(self, calendar, asked):
        """The step in which service, person and time are chosen."""
        choice = self._choice(calendar, asked)
        services = self._service_values(calendar, choice)
        chosen = [each for each in services if each["id"] == choice["service"].id]
        values = {
            **self._frame(calendar, choice),
            "services": services,
            "chosen_service": chosen[0] if chosen else None,
            "other_service_url": self._url(
                calendar, choice, service="", person="", week="", day=""
            ),
            "is_service_open": bool(services and not chosen),
        }
        if values["is_service_open"]:
            return values
        return values | {"people": self._people_values(calendar, choice)} | self._times(
            calendar, choice, self._offered(calendar, choice), "/details"
        )  # fmt: skip

    @api.model
    def _details_values(self, calendar, asked, problems=None, message=""):
        """The step with the customer's details; what was typed already is kept."""
        choice = self._choice(calendar, asked)
        start = _whole_number(asked.get("start"))
        return {
            **self._frame(calendar, choice),
            "slot": self._slot(calendar, choice, start),
            "service_name": choice["service"].name or calendar.name,
            "minutes": calendar._rules(choice["service"]).duration_min,
            "person_name": choice["member"].user_id.name or "",
            "typed": {name: asked.get(name) or "" for name in ("name", "email", "phone", "place",
                                                               "notes")},
            "questions": self._question_values(calendar, asked),
            "needs": {"phone": calendar.location_kind == "phone",
                      "place": calendar.location_kind == "customer"},
            "problems": problems or {},
            "message": message,
            "token": self.env["booking.guard"]._form_token(calendar),
            "hidden": {**choice["state"], **choice["utm"], "start": start},
            "back_url": self._url(calendar, choice),
        }  # fmt: skip

    @api.model
    def _taken_values(self, calendar, asked, alternatives):
        """The details again, with times that are still free; nothing has to be typed anew."""
        choice = self._choice(calendar, asked)
        lost = self._slot(calendar, choice, _whole_number(asked.get("start")))
        values = self._details_values(calendar, asked)
        return values | {
            "lost": lost,
            "alternatives": [
                calendar._slot_words(slot, choice["tz"]) for slot in alternatives[:SUGGESTIONS]
            ],
        }

    # -- parts ------------------------------------------------------------------------------------
    def _choice(self, calendar, asked):
        """What has been chosen so far, with everything unknown left out."""
        services = calendar.service_ids.filtered("active")
        service = services.filtered(lambda one: str(one.id) == asked.get("service"))
        if not service and len(services) == 1:
            service = services
        people = self._people(calendar, service)
        member = people.filtered(lambda one: str(one.id) == asked.get("person"))
        known = {**asked, "service": str(service.id or ""), "person": str(member.id or "")}
        known["tz"] = calendar._known_tz(asked.get("tz"))
        return {
            "service": service,
            "member": member,
            "people": people,
            "tz": known["tz"],
            "week": _day(asked.get("week")),
            "day": _day(asked.get("day")),
            "embed": bool(asked.get("embed")),
            "state": {name: known[name] for name in STATE if known.get(name)},
            "utm": {name: asked[name][:64] for name in UTM if asked.get(name)},
        }

    def _people(self, calendar, service):
        """Who can be chosen: those who can do the service, where customers choose at all."""
        if not calendar.is_person_chosen or calendar.mode == "collective":
            return calendar.member_ids.browse()
        able = calendar.member_ids.filtered(
            lambda one: one.user_id.active and service.skill_ids <= one.skill_ids
        )
        return able if len(able) > 1 else able.browse()

    def _frame(self, calendar, choice):
        """What every step shows around itself."""
        company = calendar.company_id
        return {
            "name": calendar.name,
            "introduction": calendar.introduction or "",
            "company": company.name,
            "logo": f"/logo.png?company={company.id}",
            "page": f"/book/{calendar.page_name}",
            "embed": choice["embed"],
            "tz": choice["tz"],
            "tz_options": _zone_options(choice["tz"]),
            "hidden_for_tz": {
                name: text for name, text in {**choice["state"], **choice["utm"]}.items()
                if name not in ("tz", "week", "day")
            },
        }  # fmt: skip

    def _service_values(self, calendar, choice):
        return [
            {
                "name": service.name,
                "minutes": calendar._rules(service).duration_min,
                "id": service.id,
                "url": self._url(calendar, choice, service=service.id, person="", week="", day=""),
            }
            for service in calendar.service_ids.filtered("active")
        ]

    def _people_values(self, calendar, choice):
        """First "anyone", then each; nothing when there is nobody to choose."""
        if not choice["people"]:
            return []
        anyone = {"name": self.env._("First available"), "is_chosen": not choice["member"]}
        anyone["url"] = self._url(calendar, choice, person="", week="", day="")
        return [anyone] + [
            {
                "name": member.user_id.name,
                "is_chosen": member == choice["member"],
                "url": self._url(calendar, choice, person=member.id, week="", day=""),
            }
            for member in choice["people"]
        ]

    def _offered(self, calendar, choice):
        first = choice["week"] or choice["day"]
        members = choice["member"] or None
        return calendar._offer(choice["service"], first, choice["tz"], members)

    def _times(self, calendar, choice, offer, target):
        """The week, and the times of the chosen day or of the first one that has any."""
        begin = offer.days[0].day
        chosen = next((each for each in offer.days if each.day == choice["day"]), None)
        chosen = chosen or next((each for each in offer.days if each.slots), offer.days[0])
        week = {"week": str(begin)}
        return {
            "days": [
                {
                    **calendar._day_words(each),
                    "is_chosen": each.day == chosen.day,
                    "url": self._url(calendar, choice, day=str(each.day), **week),
                }
                for each in offer.days
            ],
            "day_long": calendar._day_words(chosen)["long"],
            "slots": [
                {
                    **(words := calendar._slot_words(slot, choice["tz"])),
                    "url": self._url(
                        calendar, choice, target, day=words["day"], start=slot.start, **week
                    ),
                }
                for slot in chosen.slots
            ],
            "is_empty": offer.is_empty,
            "next": self._next_values(calendar, choice, offer),
            "earlier_url": offer.has_earlier and self._week_url(calendar, choice, begin, -7),
            "later_url": offer.has_later and self._week_url(calendar, choice, begin, 7),
        }

    def _next_values(self, calendar, choice, offer):
        if not offer.next:
            return None
        words = calendar._slot_words(offer.next, choice["tz"])
        day = words["day"]
        return {**words, "url": self._url(calendar, choice, week=day, day=day)}

    def _week_url(self, calendar, choice, begin, step):
        return self._url(
            calendar, choice, week=str(date.fromordinal(begin.toordinal() + step)), day=""
        )

    def _slot(self, calendar, choice, start):
        """A start in words; None for what is no time at all."""
        if not start or not calendar._is_near(start):
            return None
        words = calendar._slot_words(Slot(start, start, ()), choice["tz"])
        return {**words, "tz": choice["tz"].replace("_", " ")}

    def _question_values(self, calendar, asked):
        return [
            {
                "field": f"question_{question.id}",
                "name": question.name,
                "kind": question.kind,
                "choices": question._choices(),
                "is_required": question.is_required,
                "typed": asked.get(f"question_{question.id}") or "",
            }
            for question in calendar.question_ids
        ]

    def _url(self, calendar, choice, target="", **changes):
        """Address of a step with the choice so far, changed where `changes` say so."""
        base = choice.get("path") or f"/book/{calendar.page_name}{target}"
        asked = {**choice["state"], **choice["utm"], **changes}
        return f"{base}?{urlencode({name: text for name, text in asked.items() if text})}"

    # -- another time for an appointment ----------------------------------------------------------
    @api.model
    def _move_values(self, booking, token, asked):
        """The times to which a booking can be moved: of the same people, itself not in the way."""
        calendar, holds = booking.calendar_id, booking._holds()
        tz = calendar._known_tz(asked.get("tz") or booking.tz)
        state = {name: asked[name] for name in ("week", "day") if asked.get(name)}
        choice = {
            "tz": tz,
            "day": _day(asked.get("day")),
            "state": {**state, "tz": tz},
            "utm": {},
            "path": f"/booking/move/{token}",
        }
        members = calendar.member_ids.filtered(lambda one: one.user_id in holds.user_id)
        first = _day(asked.get("week")) or choice["day"]
        own = holds._own()
        offer = calendar._offer(holds.service_id[:1], first, tz, members, own).without(own.start)
        return {
            "tz": tz,
            "tz_options": _zone_options(tz),
            "hidden_for_tz": {},
            "page": choice["path"],
            **self._times(calendar, choice, offer, ""),
            "slot": self._slot(calendar, choice, _whole_number(asked.get("start"))),
        }


def _whole_number(text):
    return int(text) if (text or "").isdecimal() and len(text) < 12 else 0


def _day(text):
    """A date of an address, None for anything else."""
    try:
        found = date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None


@lru_cache(maxsize=1)
def _all_options():
    names = [name for name, _label in _tz_get(None) if "/" in name or name == "UTC"]
    return Markup("").join(
        Markup('<option value="%s">%s</option>') % (name, name.replace("_", " ")) for name in names
    )


def _zone_options(tz):
    """The choice of time zones, the current one first; made once, since there are hundreds."""
    current = Markup('<option value="%s" selected="selected">%s</option>')
    return current % (tz, escape(tz.replace("_", " "))) + _all_options()
