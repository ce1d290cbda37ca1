"""The booking API: keys, JSON in and out, errors as RFC 9457 has them.

What an operation does is in `models/booking_api.py`.
"""

import functools
import hashlib
import json

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from ..models.booking_api_key import SCOPES
from ..models.booking_guard import LIMITS
from ..models.booking_take import SlotTaken

BASE = "/booking/api/v1"
LONGEST_BODY = 100_000
"""Bytes: some times the longest notes."""
KEY_HEADER = "Idempotency-Key"


class Refusal(Exception):
    """The request gets an error: status, a word to decide by, and what more there is to say."""

    def __init__(self, status, kind, title, headers=None, **more):
        super().__init__(title)
        self.status, self.headers = status, headers or {}
        self.body = {"type": kind, "title": title, "status": status, **more}


def operation(path, method, scope, name, schema=None):
    """Make a method an operation of the API: `name` and `schema` are the document's.

    The method gets its path's values, the checked parameters, and the checked body when there is
    one; it answers with plain data.
    """

    def decorate(function):
        @http.route(
            BASE + path,
            type="http",
            auth="public",
            methods=[method],
            csrf=False,
            save_session=False,
        )
        @functools.wraps(function)
        def run(self, **path_values):
            try:
                _sign_in(scope)
                values = _values(name, path_values)
                if schema:
                    values["body"] = _body(schema)
                return _answer(function(self, request.env["booking.api"], **values))
            except Refusal as refusal:
                return _problem(refusal)
            except SlotTaken as taken:
                return _problem(_taken(taken))
            except (MissingError, AccessError) as error:
                return _problem(Refusal(404, "not_found", str(error)))
            except UserError as error:
                return _problem(Refusal(409, "refused", str(error)))

        return run

    return decorate


class BookingApiController(http.Controller):
    """One method per operation of `booking/api/openapi.json`."""

    @http.route(f"{BASE}/openapi.json", type="http", auth="public", methods=["GET"], readonly=True)
    def document(self):
        """The contract, for people and for programs that are made from it."""
        return _answer(request.env["booking.api"]._contract())

    @operation("/calendars", "GET", "read", "listCalendars")
    def calendars(self, api):
        return api._calendars()

    @operation("/calendars/<calendar>/services", "GET", "read", "listServices")
    def services(self, api, **asked):
        return api._services(**asked)

    @operation("/calendars/<calendar>/slots", "GET", "read", "findSlots")
    def slots(self, api, **asked):
        return api._slots(**asked)

    @operation("/calendars/<calendar>/explanation", "GET", "read", "explainTime")
    def explanation(self, api, **asked):
        return api._explanation(**asked)

    @operation("/holds", "POST", "book", "holdSlot", "SlotChoice")
    def hold(self, api, body):
        return 201, api._hold(**body)

    @operation("/holds/<hold>", "DELETE", "book", "releaseHold")
    def release(self, api, hold):
        return 204, api._release(hold)

    @operation("/bookings", "POST", "book", "book", "NewBooking")
    def book(self, api, body, **headers):
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        return 201, api._book(body, headers[KEY_HEADER], digest)

    @operation("/bookings/<booking>", "GET", "book", "getBooking")
    def booking(self, api, **asked):
        return api._booking(**asked)

    @operation("/bookings/<booking>/reschedule", "POST", "book", "reschedule", "Move")
    def reschedule(self, api, booking, body):
        return api._reschedule(booking, **body)

    @operation("/bookings/<booking>/cancel", "POST", "book", "cancel", "Cancellation")
    def cancel(self, api, booking, body):
        return api._cancel(booking, **body)


def _sign_in(scope):
    """Go on as the key's owner, in the language that was asked for."""
    scheme, _space, key = request.httprequest.headers.get("Authorization", "").partition(" ")
    user_id, may = None, False
    if scheme.lower() == "bearer" and key.strip():
        user_id, may = request.env["res.users.apikeys"]._booking_user(key.strip(), SCOPES[scope])
    if not user_id:
        raise Refusal(
            401,
            "unauthorized",
            request.env._("A valid API key is needed."),
            {"WWW-Authenticate": "Bearer"},
        )
    request.update_env(user=user_id)
    guard = request.env["booking.guard"]
    if not guard._admits(f"key of {user_id}", "api"):
        seconds = str(LIMITS["api"][1])
        title = request.env._("Too many requests. Please wait a minute.")
        raise Refusal(429, "too_many", title, {"Retry-After": seconds})
    request.session.can_save = False
    known = {code for code, _name in request.env["res.lang"].get_installed()}
    wanted = request.best_lang
    request.update_context(lang=wanted if wanted in known else request.env.user.lang)
    if not may:
        raise Refusal(403, "forbidden", request.env._("This API key may only look for times."))


def _values(name, path_values):
    """The checked values of path, query and headers."""
    given = dict(request.httprequest.args.items()) | path_values
    if KEY_HEADER in request.httprequest.headers:
        given[KEY_HEADER] = request.httprequest.headers[KEY_HEADER]
    found, problems = request.env["booking.api"]._read_parameters(name, given)
    if any(problem.at in path_values for problem in problems):
        raise Refusal(404, "not_found", request.env._("There is no such thing."))
    if problems:
        raise _wrong(400, problems)
    return found


def _body(schema):
    """The checked JSON body."""
    sent = request.httprequest
    is_unmeasured = "Transfer-Encoding" in sent.headers
    if is_unmeasured or (sent.content_length or 0) > LONGEST_BODY:
        raise Refusal(413, "too_long", request.env._("The request is too long."))
    try:
        body = json.loads(sent.get_data() or b"{}")
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "no_json", request.env._("The request is no JSON.")) from error
    if problems := request.env["booking.api"]._check_body(schema, body):
        raise _wrong(422, problems)
    return body


def _wrong(status, problems):
    title = request.env._("A value is not what it has to be.")
    return Refusal(status, "invalid", title, errors=[each._asdict() for each in problems])


def _taken(taken):
    """Politely: sorry, and what is free instead."""
    slots = request.env["booking.api"]._told_slots(taken.alternatives, taken.tz)
    return Refusal(409, "taken", str(taken), next_slots=slots)


def _answer(answer):
    status, body = answer if isinstance(answer, tuple) else (200, answer)
    if status == 204:
        return request.make_response("", status=204)
    return _json(body, status, {"Content-Type": "application/json"})


def _problem(refusal):
    headers = {"Content-Type": "application/problem+json", **refusal.headers}
    return _json(refusal.body, refusal.status, headers)


def _json(body, status, headers):
    data = json.dumps(body, ensure_ascii=False).encode()
    return request.make_response(data, headers=list(headers.items()), status=status)
