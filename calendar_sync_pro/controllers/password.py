from odoo import http
from odoo.http import request


class PasswordController(http.Controller):
    """The form of providers that are connected with a user name and a password."""

    @http.route("/calendar_sync/password/connect", type="jsonrpc", auth="user", methods=["POST"])
    def connect(self, provider, username, password, address="", purpose="sync", account_id=False):
        """Try the login and connect; answers with the result in words. Nothing is kept of a
        login that does not work."""
        account = request.env["calendar.sync.account"].browse(account_id or ())
        return account._sign_in_with_password(
            provider, address, username, password, purpose=purpose
        )
