"""Routes: an HTTP method and a path pattern lead to one named operation."""

import re
from dataclasses import dataclass
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of a service. `writes`: a success counts as a committed write."""

    method: str
    regex: re.Pattern
    operation: str
    handler: object
    writes: bool = False


class Router:
    """Ordered list of routes; the first that matches wins."""

    def __init__(self):
        self.routes = []

    def add(self, method, pattern, operation, handler, writes=False):
        """Register `handler(world, request)`; `{name}` in the pattern is one path segment."""
        source = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
        self.routes.append(Route(method, re.compile(source), operation, handler, writes))

    def match(self, method, path):
        """The route and its decoded path arguments, or (None, {}, allowed methods)."""
        allowed = set()
        for route in self.routes:
            found = route.regex.fullmatch(path)
            if found is None:
                continue
            if route.method == method:
                args = {name: unquote(value) for name, value in found.groupdict().items()}
                return route, args, allowed
            allowed.add(route.method)
        return None, {}, allowed
