"""What goes wrong between a client and its CalDAV server, once or a few times.

    proxy.fault("hang_after", method="PUT")              # stored, but the answer never comes
    proxy.fault("error", status=429, retry_after=7)      # refused before the server saw it
    proxy.fault("meanwhile", method="PUT", act=edit)     # somebody else is quicker

A fault waits for a request that fits (`method`, `path`: part of the unquoted path, `user`, `body`:
part of the request's body, `create`: a PUT that makes something) and acts `count` times (0: until
it is cleared), after letting `skip` of them pass; with a `probability` not at each of them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

BEFORE = frozenset({"error", "drop", "hang", "redirect", "answer"})
"""Kinds that answer (or don't) without asking the server."""
AFTER = frozenset({"hang_after", "drop_after", "error_after", "cut", "garbage", "endless", "drip"})
"""Kinds that let the server do its work and then spoil the answer."""
OTHER = frozenset({"slow", "meanwhile", "race"})
"""`slow` waits first; `meanwhile` lets `act()` happen first; `race` does so too and then forgets
the precondition, as a server whose If-Match is not atomic."""
KINDS = BEFORE | AFTER | OTHER

WORDS = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    412: "Precondition Failed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
    507: "Insufficient Storage",
}

_DICE = random.Random(1)


@dataclass(slots=True)
class Request:
    """One request as it came in, and what became of it."""

    n: int
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    user: str = ""
    status: int = 0
    fault: str = ""
    at: float = field(default_factory=time.monotonic)
    answer: bytes = field(default=b"", repr=False)

    @property
    def plain_path(self) -> str:
        """The path without escapes."""
        return unquote(self.path)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def is_create(self) -> bool:
        """A PUT that may only make something new."""
        return self.method == "PUT" and "if-none-match" in self.headers


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to the client."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def with_body(self, body: bytes) -> Reply:
        """The same answer with another body."""
        return Reply(self.status, self.headers, body)

    def without(self, *names: str) -> Reply:
        """The same answer without some headers."""
        lower = {name.lower() for name in names}
        kept = {k: v for k, v in self.headers.items() if k.lower() not in lower}
        return Reply(self.status, kept, self.body)

    def header(self, name: str) -> str:
        """A header's value, '' when absent."""
        return next((v for k, v in self.headers.items() if k.lower() == name.lower()), "")


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong; see the module."""

    kind: str
    method: str = ""
    path: str = ""
    user: str = ""
    body: str = ""
    create: bool | None = None
    count: int = 1
    skip: int = 0
    probability: float = 1.0
    status: int = 503
    retry_after: str = ""
    condition: str = ""
    location: str = ""
    seconds: float = 5.0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    act: Callable[[], object] | None = None
    seen: int = 0
    done: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind}")

    def meets(self, request) -> bool:
        """True when it is this request's turn; counts."""
        if (self.count and self.done >= self.count) or not self._fits(request):
            return False
        self.seen += 1
        if self.seen <= self.skip or (self.probability < 1 and _DICE.random() >= self.probability):
            return False
        self.done += 1
        return True

    def _fits(self, request) -> bool:
        return (
            self.method in ("", request.method)
            and self.path in request.plain_path
            and self.user in ("", request.user)
            and self.body in request.text
            and self.create in (None, request.is_create)
        )

    def reply(self) -> Reply:
        """The answer of the kinds that don't ask the server."""
        headers = dict(self.headers)
        if self.retry_after:
            headers["Retry-After"] = str(self.retry_after)
        if self.kind == "redirect":
            return Reply(self.status, {**headers, "Location": self.location})
        if self.status == 401:
            headers.setdefault("WWW-Authenticate", 'Basic realm="calendars"')
        if self.condition:
            return refusal(self.status, self.condition, headers)
        return Reply(self.status, {"Content-Type": "text/plain", **headers}, self.content)


def refusal(status: int, condition: str, headers: dict[str, str] | None = None) -> Reply:
    """A refusal that names its precondition (RFC 4918 §16); a prefix `c:` means CalDAV's."""
    space = "urn:ietf:params:xml:ns:caldav" if condition.startswith("c:") else "DAV:"
    name = condition.removeprefix("c:")
    text = (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<d:error xmlns:d="DAV:"><x:{name} xmlns:x="{space}"/></d:error>'
    )
    return Reply(
        status, {**(headers or {}), "Content-Type": 'application/xml; charset="utf-8"'},
        text.encode(),
    )  # fmt: skip
