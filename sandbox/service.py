"""What a service of the sandbox is; providers, the admin API and the page are services."""

from .http.message import Response
from .http.router import Router


class ApiError(Exception):
    """An answer other than success, in the words of a provider."""

    def __init__(self, status, reason, message="", **extra):
        super().__init__(message or reason)
        self.status = status
        self.reason = reason
        self.message = message or reason
        self.extra = extra


class Service:
    """Base of all services: a name, routes, settings with defaults, a seed."""

    name = ""
    observed = True  # False: neither logged nor struck by faults
    settings = {}

    def __init__(self, world):
        self.world = world
        self.router = Router()

    def path_of(self, request):
        """The path by which routes are looked up, or None when it is not this service's."""
        return request.path

    def user_of(self, request, route):
        """Address of the account that a request acts for, or None."""
        return None

    def error_response(self, error, operation=""):
        """Put an ApiError into the provider's words."""
        return Response(error.status, error.message.encode())

    def finish(self, request, response):
        """Last touch to a successful answer."""
        return response

    def admit(self, request, operation, user):
        """Raise an ApiError when a quota is used up."""

    def entered(self, request, operation, user):
        """A request begins; a Response (too many at a time) ends it at once."""
        return None

    def left(self, user):
        """That request has ended."""

    def own_fault(self, fault, request):
        """Act out a fault that only this service understands; a Response ends the request."""
        return None

    def seed(self, name):
        """Fill the empty world with the named seed."""

    def stop(self):
        """End background work."""
