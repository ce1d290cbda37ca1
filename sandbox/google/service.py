"""Google as a service of the sandbox: routes, identity of callers, state of events."""

import re

from ..clock import rfc3339
from ..service import Service
from . import batch, calendarlist, calendars, consent, events, extras, fields, oauth, watch
from .errors import api_error_response, full_sync_required, oauth_error_response, unauthorized
from .grants import Grants, bearer
from .guests import counterpart, spread
from .quota import Quota
from .seed import plant
from .shelf import Shelf

API = re.compile(r"(/calendar/v3)+(?=/|$)")
API_ROOTS = ("/calendars/", "/users/me/", "/freeBusy", "/colors", "/channels/")


class GoogleService(Service):
    """All hosts of Google that a calendar client talks to, on one port."""

    name = "google"
    settings = {
        "google.access_token_ttl_s": 3599,
        "google.auto_consent": "",
        "google.auto_scopes": "",
        "google.rewrite_html": True,
        "google.quota_per_user_per_min": 0,
        "google.quota_per_project_per_min": 0,
        "google.quota_invitations_per_user": 0,
        **watch.SETTINGS,
    }

    def __init__(self, world):
        super().__init__(world)
        for part in (oauth, consent, calendarlist, calendars, events, extras, watch, batch):
            part.add_routes(self.router)
        self.shelf = Shelf(world)
        self.quota = Quota(world)
        self.dispatcher = watch.Dispatcher(world)

    def path_of(self, request):
        """API paths with or without `/calendar/v3`; a bare authorise request at `/` too."""
        path = request.path.rstrip("/") or "/"
        found = API.match(path)
        if found:
            return path[found.end() :] or None
        if path == "/" and "response_type" in request.query:
            return "/o/oauth2/v2/auth"
        return path

    def user_of(self, request, route):
        """The account whose token, code or refresh token the request carries."""
        grants = Grants(self.world)
        if route.operation in ("oauth.token", "oauth.revoke"):
            form = request.form()
            token = form.get("refresh_token") or form.get("token") or ""
            facts = (
                grants.refresh.get(token)
                or grants.codes.get(form.get("code", ""))
                or grants.access.get(token)
            )
        else:
            facts = grants.access.get(bearer(request))
        return facts["user"] if facts else None

    def error_response(self, error, operation=""):
        """OAuth endpoints and the API speak differently."""
        return (oauth_error_response if operation.startswith("oauth.") else api_error_response)(
            error
        )

    def finish(self, request, response):
        """Partial responses: `fields` leaves out what was not asked for."""
        return fields.apply(request, response)

    def admit(self, request, operation, user):
        """Raise 403/429 when a quota is used up."""
        if not operation.startswith("oauth."):
            self.quota.check(request, operation, user)

    def own_fault(self, fault, request):
        """Faults that only a provider can act out."""
        grants = Grants(self.world)
        facts = grants.access.get(bearer(request)) or {}
        if fault.action == "expire_token":
            grants.access.drop(bearer(request))
            return api_error_response(unauthorized())
        if fault.action == "revoke_grant" and facts:
            grants.revoke(facts["user"], facts["client_id"])
        if fault.action == "sync_token_expired" and request.param("syncToken"):
            return api_error_response(full_sync_required())
        if fault.action == "empty_page":
            request.args["empty_page"] = True
        return None

    def changed(self, calendar_id):
        """Note that a calendar changed; its channels hear of it after the request."""
        stamps = self.world.store.table("google.changed")
        stamps.save(calendar_id, rfc3339(self.world.clock.now()))
        self.dispatcher.note(calendar_id)

    def updated_at(self, calendar_id):
        """When the calendar last changed."""
        now = rfc3339(self.world.clock.now())
        return self.world.store.table("google.changed").get(calendar_id, now)

    def settle_conference(self, rec, event):
        """Store a conference that has become ready, in all copies."""
        before = rec["e"]
        rec = self.shelf.put({**rec, "e": event})
        spread(self.world, rec, before)
        return rec

    def move(self, rec, target, mailer):
        """Move an event to another calendar, under the same id; guests keep their copies."""
        before, shelf = rec["e"], self.shelf
        exceptions = list(shelf.exceptions(rec["cal"], before["id"]).values())
        organizer = {"email": target["id"], "displayName": target["summary"]}
        existing = counterpart(shelf, target["id"], rec)
        moved = {**(existing or {}), "cal": target["id"], "maker": rec["maker"], "own": []}
        event_id = existing["e"]["id"] if existing else before["id"]
        moved["e"] = {
            **before,
            "id": event_id,
            "organizer": organizer,
            "sequence": before["sequence"] + 1,
        }
        shelf.cancel(dict(rec))
        moved = shelf.put(moved)
        for exception in exceptions:
            e = {**exception["e"], "organizer": organizer}
            shelf.put(
                {"cal": target["id"], "maker": exception["maker"], "e": e, "own": exception["own"]}
            )
        spread(self.world, moved, before)
        mailer.about_change(before, moved["e"], False)
        return moved

    def seed(self, name):
        """Fill the empty world."""
        self.shelf.load()
        self.quota.clear()
        plant(self.world, name)

    def stop(self):
        """End the sender of notifications."""
        self.dispatcher.stop()
