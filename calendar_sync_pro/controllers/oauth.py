import secrets

from odoo import http
from odoo.http import request

from ..models.calendar_sync_consent import APPROVAL

NONCE = "calendar_sync_nonce"


class OAuthController(http.Controller):
    """The way to a provider's sign-in page and back."""

    @http.route("/calendar_sync/oauth/start", type="jsonrpc", auth="user", methods=["POST"])
    def start(self, provider, purpose="sync", account_id=False, is_popup=True, back_to=""):
        """Begin a sign-in; answers with the address to send the browser to, or with a reason."""
        nonce = request.session.get(NONCE) or secrets.token_urlsafe(24)
        request.session[NONCE] = nonce
        account = request.env["calendar.sync.account"].browse(account_id or ())
        return request.env["calendar.sync.consent"]._start(
            provider, nonce, purpose=purpose, account=account, is_popup=is_popup, back_to=back_to
        )

    @http.route("/calendar_sync/oauth/callback", type="http", auth="user", methods=["GET"])
    def callback(self, state="", code="", error="", error_description="", **_more):
        """The provider sends the browser back here with a code or a refusal."""
        if state == APPROVAL:
            return self._back_from_approval(error)
        consent = request.env["calendar.sync.consent"]._finish(
            request.session.get(NONCE, ""),
            state=state,
            code=code,
            error=error,
            description=error_description,
        )
        if consent and not consent.is_popup:
            return request.redirect(consent.back_to)
        page = {"result": consent._result(), "back_to": consent.back_to or "/odoo"}
        return request.render("calendar_sync_pro.oauth_result", page)

    def _back_from_approval(self, error):
        """An administrator comes back. Anybody could type this address, so it only thanks."""
        code = "not_approved" if error else "approved"
        result = request.env["calendar.sync.consent"]._result(code)
        return request.render(
            "calendar_sync_pro.oauth_result", {"result": result, "back_to": "/odoo"}
        )
