"""The public booking page: choose, fill in, booked. No session is needed, so it can be embedded.

A form is recognised by its own signed token, which books once, instead of by a cookie: a frame on
another site gets no cookies, and nobody has rights here that a forged request could use.
"""

from urllib.parse import urlencode, urlsplit

from odoo import http
from odoo.http import request

from ..models.booking_take import SlotTaken

LARGEST = 64 * 1024
"""Bytes of a form: names, notes and answers have room, and nothing else."""


class BookingPage(http.Controller):
    @http.route("/book", type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def pages(self, **_more):
        """What can be booked here."""
        if not admitted("look"):
            return too_many()
        return show(
            "calendar_sync_pro.booking_page_list", request.env["booking.page"]._list_values()
        )

    @http.route("/book/<string:page_name>", type="http", auth="public", methods=["GET"],
                website=True, sitemap=False)  # fmt: skip
    def choose(self, page_name, **asked):
        """Service, person, day and time."""
        calendar, refusal = self._calendar(page_name)
        if refusal:
            return refusal
        values = request.env["booking.page"]._choose_values(calendar, with_zone(asked))
        return show("calendar_sync_pro.booking_page_choose", values, calendar)

    @http.route("/book/<string:page_name>/details", type="http", auth="public", methods=["GET"],
                website=True, sitemap=False)  # fmt: skip
    def details(self, page_name, **asked):
        """The form for name, address and questions."""
        calendar, refusal = self._calendar(page_name)
        if refusal:
            return refusal
        values = request.env["booking.page"]._details_values(calendar, with_zone(asked))
        if not values["slot"]:
            return request.redirect(values["back_url"])
        return show("calendar_sync_pro.booking_page_details", values, calendar)

    @http.route("/book/<string:page_name>/book", type="http", auth="public", methods=["POST"],
                website=True, sitemap=False, csrf=False, max_content_length=LARGEST)  # fmt: skip
    def book(self, page_name, **typed):
        """Book. Whatever is wrong, the form comes back with what was typed."""
        calendar, refusal = self._calendar(page_name, "book")
        if refusal:
            return refusal
        page = request.env["booking.page"]
        try:
            booked, problems, message = page._book_form(calendar, typed)
        except SlotTaken as taken:
            values = page._taken_values(calendar, typed, taken.alternatives)
            return show("calendar_sync_pro.booking_page_details", values, calendar, 409)
        if booked:
            return request.redirect(with_frame(booked._link("manage"), typed))
        values = page._details_values(calendar, typed, problems, message)
        return show("calendar_sync_pro.booking_page_details", values, calendar, 422)

    def _calendar(self, page_name, kind="look"):
        """(the published calendar, None), or (None, the answer for who may not go on)."""
        if not admitted(kind):
            return None, too_many()
        calendar = request.env["booking.page"]._published(page_name)
        return (calendar, None) if calendar else (None, not_here())


def admitted(kind):
    """Whether this visitor has not asked too often."""
    return request.env["booking.guard"]._admits(request.httprequest.remote_addr, kind)


def with_zone(asked):
    """The address's texts, with the browser's own time zone where none was chosen."""
    return {"tz": request.cookies.get("tz"), **{n: t for n, t in asked.items() if t}}


def with_frame(url, asked):
    """The path of an address of ours, in the visitor's language and still without a frame of its
    own inside somebody's page."""
    path = request.env["ir.http"]._url_for(urlsplit(url).path)
    return f"{path}?{urlencode({'embed': 1})}" if asked.get("embed") else path


def show(template, values, calendar=None, status=200):
    """A page that is never kept, and framed only by whom the calendar allows."""
    response = request.render(template, values, status=status)
    sites = calendar._frame_sites() if calendar else ""
    response.headers["Content-Security-Policy"] = f"frame-ancestors 'self' {sites}".strip()
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def not_here():
    """Nothing to book at this address, whether it never was there or is not public."""
    return show("calendar_sync_pro.booking_page_missing", {}, status=404)


def too_many():
    """Asked too often."""
    response = show("calendar_sync_pro.booking_page_busy", {}, status=429)
    response.headers["Retry-After"] = "60"
    return response
