"""The Show Lead link: from a calendar's event to the lead, for who may see it."""

from odoo import http
from odoo.http import request


class ShowLead(http.Controller):
    @http.route(
        "/calendar_sync/show_lead/<string:token>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def show_lead(self, token, **kw):
        """Open the lead that `token` names.

        A visitor signs in first. An unknown token and a lead that this user may not read get the
        same answer, so that the link tells a stranger nothing.
        """
        lead = request.env["calendar.event"]._lead_of_token(token)
        user = request.env.user
        mine = request.env["crm.lead"].with_context(allowed_company_ids=user.company_ids.ids)
        lead = mine.browse(lead.id)
        if not (user._is_internal() and lead.id and lead.has_access("read")):
            page = {"login": user.login}
            return request.render("calendar_sync_pro.lead_not_shown", page, status=404)
        return request.redirect(f"/odoo/crm.lead/{lead.id}")
