"""Microsoft as a service of the sandbox: routes, identity of callers, limits, faults."""

import re

from ..service import Service
from . import (
    approval,
    batch,
    calendars,
    consent,
    delta,
    entra,
    events,
    extensions,
    listing,
    mailbox,
    notices,
    schedule,
    subscriptions,
)
from .cursors import Cursors
from .errors import (
    bad,
    entra_error_response,
    graph_error_response,
    sync_state_lost,
    unauthorized,
)
from .grants import Grants, bearer
from .limits import Limits, throttled
from .seed import plant
from .shelf import Shelf

GRAPH = re.compile(r"/(v1\.0|beta)(?=/)")
ME = re.compile(r"/graph/me(?=/|$)")
PARTS = [
    approval,
    schedule,
    calendars,
    delta,
    listing,
    events,
    extensions,
    subscriptions,
    batch,
    mailbox,
    entra,
    consent,
]
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


class MicrosoftService(Service):
    """login.microsoftonline.com and graph.microsoft.com, on one port (and once more with TLS)."""

    name = "microsoft"
    settings = {
        "microsoft.access_token_ttl_s": 4199,
        "microsoft.auto_consent": "",
        "microsoft.invalid_instance": False,
        "microsoft.cancelled_copies_stay": True,
        "microsoft.decline_removes": True,
        "microsoft.duplicate_transaction": "same",
        "microsoft.transaction_ttl_s": 0,
        "microsoft.delta_master": True,
        "microsoft.delta_duplicates": False,
        "microsoft.delta_replay": 0,
        "microsoft.delta_late_s": 0,
        "microsoft.delta_ttl_s": 30 * 86400,
        "microsoft.delta_lost_status": 410,
        "microsoft.delta_page_cap": 0,
        "microsoft.next_link_host": "",
        "microsoft.concurrency": 4,
        "microsoft.quota_per_mailbox": 10_000,
        "microsoft.quota_window_s": 600,
        **notices.SETTINGS,
    }

    def __init__(self, world):
        super().__init__(world)
        for part in PARTS:
            part.add_routes(self.router)
        for method in METHODS:
            self.router.add(method, "/graph/.*", "unknown", unknown)
        self.shelf = Shelf(world)
        self.limits = Limits(world)
        self.dispatcher = notices.Dispatcher(world)

    def path_of(self, request):
        """Graph paths as `/graph/…` with `users/me` for `me`; Entra's as they are."""
        path = request.path.rstrip("/") or "/"
        found = GRAPH.match(path)
        if found:
            return ME.sub("/graph/users/me", "/graph" + path[found.end() :])
        return path

    def user_of(self, request, route):
        """The account whose token, code or refresh token the request carries."""
        grants = Grants(self.world)
        if route.operation == "oauth.token":
            form = request.form()
            code, token = form.get("code", ""), form.get("refresh_token", "")
            facts = grants.refresh.get(token) or grants.codes.get(code)
        else:
            facts = grants.access.get(bearer(request))
        return facts["user"] if facts else None

    def error_response(self, error, operation=""):
        """Entra and Graph speak differently."""
        if operation.startswith("oauth."):
            return entra_error_response(self.world, error)
        return graph_error_response(self.world, error)

    def own_fault(self, fault, request):
        """Faults that only a provider can act out."""
        grants = Grants(self.world)
        facts = grants.access.get(bearer(request)) or {}
        if fault.action == "expire_token":
            grants.access.drop(bearer(request))
            return graph_error_response(self.world, unauthorized())
        if fault.action == "revoke_grant" and facts:
            grants.revoke(facts["user"], facts["client_id"])
        if fault.action == "sync_token_expired" and "$deltatoken" in request.query:
            return graph_error_response(self.world, self._lost(fault))
        if fault.action == "empty_page":
            request.args["empty_page"] = True
        return None

    @staticmethod
    def _lost(fault):
        """410 SyncStateNotFound unless the fault names another status or code."""
        status = 410 if fault.status == 503 else fault.status
        code = "SyncStateNotFound" if fault.reason == "backendError" else fault.reason
        return sync_state_lost(status, code)

    def entered(self, request, operation, user):
        """Four requests of an app for a mailbox at a time; the fifth is told to wait."""
        if not self.limits.enter(user) and user and operation != "batch":
            return graph_error_response(self.world, throttled(1), request)
        return None

    def left(self, user):
        """A request has ended."""
        self.limits.leave(user)

    def finish(self, request, response):
        """Switch: links to the next page name another host, which clients must refuse."""
        host = self.world.setting("microsoft.next_link_host")
        if host and b"@odata.nextLink" in response.body:
            own = f'"@odata.nextLink":"{request.base_url}/'.encode()
            response.body = response.body.replace(own, f'"@odata.nextLink":"{host}/'.encode())
        return response

    def admit(self, request, operation, user):
        """Raise 429 when the mailbox's requests of ten minutes are used up."""
        if user and not operation.startswith("oauth."):
            self.limits.check(user)

    def changed(self, rec, day, kind):
        """Note that an event was created, updated or deleted; subscribers hear of it."""
        self.dispatcher.note(rec, day, kind)

    def expire_sync(self, user=""):
        """Delta links given so far are dead."""
        Cursors(self.world).expire(user)

    def seed(self, name):
        """Fill the empty world."""
        self.shelf.load()
        self.limits.clear()
        plant(self.world, name)

    def stop(self):
        """End the sender of notifications."""
        self.dispatcher.stop()


def unknown(world, request):
    """A path that Graph does not have."""
    segment = request.path.rstrip("/").rsplit("/", 1)[-1]
    raise bad("BadRequest", f"Resource not found for the segment '{segment}'.")
