"""Where providers tell of changes. Anybody can send something here: nothing is done but to raise a
flag, and only for whoever knows the channel's secret."""

from html import escape

from odoo import http
from odoo.addons.web.controllers.home import Home
from odoo.http import request

from ..models.calendar_sync_channel import ADDRESS

LONGEST_BODY = 256 * 1024
"""Bytes: some hundred notices of Graph's; others have no body."""
LONGEST_GREETING = 2048
_PLAIN = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
]


class NoticeController(http.Controller):
    """One address for each channel."""

    @http.route(
        f"{ADDRESS}/<string:key>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def notice(self, key, **_query):
        """Take in notices, or answer a provider that tries the address."""
        sent = request.httprequest
        is_unmeasured = "Transfer-Encoding" in sent.headers
        if is_unmeasured or (sent.content_length or 0) > LONGEST_BODY:
            return request.make_response("", status=413)
        channels = request.env["calendar.sync.channel"].sudo()
        greeting = channels._greet(key, sent.args)
        if greeting:
            is_sane = len(greeting) <= LONGEST_GREETING
            text = escape(greeting, quote=False) if is_sane else ""
            return request.make_response(text, headers=_PLAIN, status=200 if is_sane else 400)
        headers = {name.lower(): value for name, value in sent.headers.items()}
        is_ours = channels._take_in(key, headers, sent.get_data())
        return request.make_response("", status=202 if is_ours else 404)


class NoticeHome(Home):
    """Some providers send nothing to an address that the site's robots.txt forbids, and Odoo's own
    forbids all."""

    def _get_allowed_robots_routes(self):
        return [*super()._get_allowed_robots_routes(), f"{ADDRESS}/"]
