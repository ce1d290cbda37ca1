"""The application: finds the operation, strikes faults, does the work, keeps the log."""

import logging

from ..clock import http_date
from ..faults import FOREVER_S
from ..service import ApiError
from .message import Response

_logger = logging.getLogger(__name__)
SECRET_OPERATIONS = ("oauth",)
NOT_FOUND = Response(404, b"Not Found", {"Content-Type": "text/plain"})


class Application:
    """Callable `request -> Response` over all services of a world."""

    def __init__(self, world):
        self.world = world

    def __call__(self, request):
        override = request.header("x-http-method-override").upper()
        if request.method == "POST" and override:
            apply_override(request, override)
        response = self.dispatch(request)
        response.headers.setdefault("Date", http_date(self.world.clock.now()))
        return response

    def dispatch(self, request):
        """Answer one request, or one part of a batch."""
        service, route, allowed = self._find(request)
        if route is None:
            if allowed:
                return Response(405, b"Method Not Allowed", {"Allow": ", ".join(sorted(allowed))})
            return Response(NOT_FOUND.status, NOT_FOUND.body, dict(NOT_FOUND.headers))
        if not service.observed:
            return self._work(service, route, request)
        return self._observed(service, route, request)

    def _find(self, request):
        allowed = set()
        for service in self.world.services.values():
            path = service.path_of(request)
            if path is None:
                continue
            route, request.args, others = service.router.match(request.method, path)
            if route is not None:
                return service, route, set()
            allowed |= others
        return None, None, allowed

    def _observed(self, service, route, request):
        world, operation = self.world, f"{service.name}.{route.operation}"
        with world.lock:
            user = service.user_of(request, route)
        secret = route.operation.partition(".")[0] in SECRET_OPERATIONS
        entry = world.log.begin(request, service.name, operation, user, secret)
        fault = world.faults.take(user, operation, request)
        try:
            response = service.entered(request, route.operation, user)
            response = response or before(fault, service, route.operation, request)
            if response is None:
                response = self._work(service, route, request, entry)
                response = after(fault, service, route.operation, response)
        finally:
            service.left(user)
        world.log.end(entry, response, fault)
        return response

    def _work(self, service, route, request, entry=None):
        if getattr(route.handler, "unlocked", False):
            response = route.handler(self.world, request)
            if entry is not None and route.writes and response.status < 300:
                self.world.log.committed(entry)
            return response
        with self.world.lock:
            self.world.agent = request.header("user-agent") or ""
            response = self._guarded(service, route, request, entry)
            if entry is not None and route.writes and response.status < 300:
                self.world.log.committed(entry)
            self.world.store.flush()
        return response

    def _guarded(self, service, route, request, entry):
        try:
            if entry is not None:
                service.admit(request, route.operation, entry["user"])
            return service.finish(request, route.handler(self.world, request))
        except ApiError as error:
            return service.error_response(error, route.operation)
        except Exception:  # a bug must answer 500, as a provider would, and name itself in the log
            _logger.exception("sandbox bug in %s", route.operation)
            return service.error_response(ApiError(500, "sandboxBug", "See the sandbox's log"))


def apply_override(request, method):
    """Long GETs come as POST with a form body (X-HTTP-Method-Override)."""
    request.method = method
    if "form-urlencoded" in request.header("content-type"):
        for name, value in request.form_pairs():
            request.query.setdefault(name, []).append(value)
        request.body = b""


def before(fault, service, operation, request):
    """What a fault does instead of, or ahead of, the work; None: go on."""
    match fault.action if fault else None:
        case "error":
            return service.error_response(error_of(fault), operation)
        case "hang":
            fault.wait(FOREVER_S)
            return Response(cut="drop")
        case "drop":
            return Response(cut="drop")
        case "delay":
            fault.wait(1.0)
        case "expire_token" | "revoke_grant" | "sync_token_expired" | "empty_page":
            return service.own_fault(fault, request)
    return None


def after(fault, service, operation, response):
    """What a fault does with the answer of finished work."""
    match fault.action if fault else None:
        case "error_after":
            return service.error_response(error_of(fault), operation)
        case "hang_after":
            fault.wait(FOREVER_S)
            response.cut = "drop"
        case "drop_after":
            response.cut = "drop"
        case "truncate":
            response.cut = "truncate"
        case "garbage":
            response.body = b'<html><body>upstream connect error</body></html>{"items": ['
            response.status = 200
    return response


def error_of(fault):
    """The error that a fault describes."""
    extra = {} if fault.retry_after is None else {"retry_after": fault.retry_after}
    return ApiError(fault.status, fault.reason, fault.message or fault.reason, **extra)


def unlocked(handler):
    """Mark a handler that must not hold the world's lock (it dispatches or waits itself)."""
    handler.unlocked = True
    return handler
