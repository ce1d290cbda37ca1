"""A customer's own appointment: look at it, move it, cancel it, take it into the calendar.

Opening a link changes nothing, since mail scanners open them all; a button does.
"""

from odoo import http
from odoo.http import content_disposition, request

from ..models.booking_take import SlotTaken
from .booking_page import LARGEST, admitted, show, too_many, with_zone


class BookingManage(http.Controller):
    @http.route("/booking/manage/<string:token>", type="http", auth="public", methods=["GET"],
                website=True, sitemap=False)  # fmt: skip
    def manage(self, token, **asked):
        """The appointment as it is now."""
        booking, refusal = self._booking("manage", token)
        if refusal:
            return refusal
        return page(booking, "manage", embed=asked.get("embed"))

    @http.route("/booking/file/<string:name>", type="http", auth="public", methods=["GET"],
                save_session=False)  # fmt: skip
    def file(self, name, **_more):
        """The calendar's file."""
        booking, refusal = self._booking("file", name.removesuffix(".ics"))
        if refusal:
            return refusal
        headers = [
            ("Content-Type", "text/calendar; charset=utf-8"),
            ("Content-Disposition", content_disposition("appointment.ics")),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(booking._file_to_download(), headers)

    @http.route("/booking/cancel/<string:token>", type="http", auth="public",
                methods=["GET", "POST"], website=True, sitemap=False, csrf=False,
                max_content_length=LARGEST)  # fmt: skip
    def cancel(self, token, **typed):
        """Ask first, then cancel. Done twice it says the same."""
        booking, refusal = self._booking("cancel", token)
        if refusal:
            return refusal
        if request.httprequest.method == "GET":
            return page(booking, "cancel", token)
        done = booking._cancel_by_customer(typed.get("reason", ""))
        return page(booking, "manage", done=done)

    @http.route("/booking/move/<string:token>", type="http", auth="public",
                methods=["GET", "POST"], website=True, sitemap=False, csrf=False,
                max_content_length=LARGEST)  # fmt: skip
    def move(self, token, **asked):
        """Free times of the same people; the chosen one is asked about, then taken."""
        booking, refusal = self._booking("move", token)
        if refusal:
            return refusal
        start = asked.get("start", "")
        if request.httprequest.method == "GET" or not start.isdecimal():
            return page(booking, "move", token, asked=with_zone(asked))
        try:
            done = booking._move_by_customer(int(start[:11]))
        except SlotTaken as taken:
            return page(booking, "move", token, asked=asked, taken=taken, status=409)
        return page(booking, "manage", done=done)

    def _booking(self, scope, token):
        """(the booking of a link, None), or (None, the answer for who may not go on)."""
        if not admitted("look"):
            return None, too_many()
        booking = request.env["booking.customer"]._of_token(scope, token)
        booking = booking.with_context(lang=request.env.lang)
        if booking:
            return booking, None
        return None, show("calendar_sync_pro.booking_page_expired", {}, status=404)


def page(booking, step, token="", asked=None, status=200, **more):
    """A page about one booking."""
    values = booking._page_values(step, token, asked or {}, **more)
    return show(f"calendar_sync_pro.booking_{values['step']}", values, booking.calendar_id, status)
