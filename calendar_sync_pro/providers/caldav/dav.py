"""Requests of one connected account through our one Sender. Raises the errors of `core.errors`.

The password goes to the host of the account's calendars and nowhere else, with the first request
already (some servers answer strangers politely instead of asking who they are). Redirects are not
followed. Nothing is retried here: the engine decides that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from ...core.errors import Forbidden, Malformed, NotFound, ProviderError, Unavailable
from ..guard import Guard
from ..http import Answer, Sender
from . import bodies, errors, multistatus
from .multistatus import Multistatus, Row, path_of
from .reach import basic

MAX_GET = 50
"""Resources asked for in one multiget."""

_XML = "application/xml; charset=utf-8"
_ICAL = "text/calendar; charset=utf-8"


class Dav:
    """One account's server. `home_url` is where discovery found the calendars."""

    def __init__(
        self,
        home_url: str,
        username: str,
        password: str,
        *,
        trusted_hosts: frozenset[str] = frozenset(),
        timeout_s: float = 20.0,
    ) -> None:
        parts = urlsplit(home_url)
        self.home = path_of(home_url)
        self._origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        self._authorization = basic(username, password)
        self._sender = Sender(timeout_s=timeout_s, guard=Guard(trusted_hosts))
        self.server_time: datetime | None = None

    def close(self) -> None:
        """Close the kept connections."""
        self._sender.close()

    def own_path(self, href: str) -> str:
        """The path of an href on this very server, '' for another one: it would get the
        password."""
        if "://" in href or href.startswith("//"):
            parts = urlsplit(href)
            scheme = parts.scheme or self._origin.partition(":")[0]
            if _origin(f"{scheme}://{parts.netloc}") != _origin(self._origin):
                return ""
        return path_of(href)

    def ask(
        self,
        method: str,
        path: str,
        operation: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        is_write: bool = False,
    ) -> Answer:
        """Send once. `server_time` is the server's clock afterwards."""
        own = {"Authorization": self._authorization, **(headers or {})}
        if body is not None:
            own.setdefault("Content-Type", _XML)
        answer = self._sender.send(
            method, self._origin + path, headers=own, body=body, is_write=is_write
        )
        if not 200 <= answer.status < 300:
            raise errors.refusal(answer, operation, is_write)
        self.server_time = answer.server_time
        return answer

    # -- reading -----------------------------------------------------------------------------------

    def multistatus(
        self, method: str, path: str, operation: str, body: bytes, depth: str
    ) -> Multistatus:
        """PROPFIND or REPORT. Raises Unavailable when something else than 207 comes back."""
        answer = self.ask(method, path, operation, body=body, headers={"Depth": depth})
        if answer.status != 207:
            raise errors.not_dav(operation)
        try:
            return multistatus.read(answer.body)
        except Malformed:
            raise errors.not_dav(operation) from None

    def properties(self, path: str, operation: str, *names: str) -> Row:
        """Properties of one resource. Raises NotFound also when the 404 is inside of the answer."""
        found = self.multistatus("PROPFIND", path, operation, bodies.propfind(*names), "0")
        row = next(iter(found.rows), None)
        if row is None or row.status >= 400:
            raise NotFound("notFound", operation=operation)
        return row

    def members(self, path: str, operation: str, *names: str) -> list[Row]:
        """Properties of a collection and of what is in it."""
        return self.multistatus("PROPFIND", path, operation, bodies.propfind(*names), "1").rows

    def report(self, path: str, operation: str, body: bytes, depth: str = "1") -> Multistatus:
        """A REPORT on a collection."""
        return self.multistatus("REPORT", path, operation, body, depth)

    def features(self, path: str, operation: str) -> set[str]:
        """What the server says it can (DAV header of OPTIONS)."""
        answer = self.ask("OPTIONS", path, operation)
        return {one.strip().lower() for one in answer.headers.get("dav", "").split(",")}

    def get(self, path: str, operation: str) -> tuple[str, str]:
        """A resource's text and version. Raises NotFound, Malformed for bytes that are no text."""
        answer = self.ask("GET", path, operation)
        try:
            text = answer.body.decode("utf-8")
        except UnicodeDecodeError:
            text = answer.body.decode("latin-1")
        etag = strong(answer.headers.get("etag", ""))
        return text, etag or self.etag(path, operation)

    def etag(self, path: str, operation: str) -> str:
        """A resource's version."""
        return strong(self.properties(path, operation, "D:getetag").text("D:getetag"))

    def get_many(
        self, calendar: str, paths: Sequence[str], operation: str
    ) -> dict[str, tuple[str, str]]:
        """{path: (text, version)} of those that are there.

        What a multiget leaves out or spoils is asked for one by one, so that one bad resource
        never hides the others; one that cannot be read at all has the text ''. Where nothing at
        all can be read it is not the resources: raises Unavailable.
        """
        found: dict[str, tuple[str, str]] = {}
        gone: set[str] = set()
        for row in self._multiget(calendar, paths, operation):
            if row.text("C:calendar-data"):
                found[row.path] = row.raw("C:calendar-data"), strong(row.text("D:getetag"))
            elif row.status in (404, 410):
                gone.add(row.path)
        problem = None
        for path in paths:
            if path not in found and path not in gone:
                problem = self._take(path, operation, found) or problem
        if problem and len(paths) > 1 and not any(text for text, _etag in found.values()):
            raise problem
        return {path: found[path] for path in paths if path in found}

    def _multiget(self, calendar: str, paths: Sequence[str], operation: str) -> list[Row]:
        """The rows of a multiget; none where one resource spoils the whole answer."""
        try:
            return self.report(calendar, operation, bodies.multiget(paths)).rows
        except (Malformed, Forbidden):
            return []
        except Unavailable as error:
            if not _may_be_one(error):
                raise
            return []

    def _take(self, path: str, operation: str, found: dict) -> Unavailable | None:
        """Read one resource into `found`; returns why it cannot be read."""
        try:
            found[path] = self.get(path, operation)
        except NotFound:
            return None
        except Unavailable as error:
            if not _may_be_one(error):
                raise
            found[path] = "", ""
            return error
        return None

    # -- writing -----------------------------------------------------------------------------------

    def put(self, path: str, operation: str, text: str, *, etag: str = "") -> str:
        """Store a text: over the version `etag`, or as a new one. Returns the new version, ''
        when the server did not tell it."""
        condition = {"If-Match": strong(etag)} if etag else {"If-None-Match": "*"}
        headers = {"Content-Type": _ICAL, **condition}
        answer = self.ask(
            "PUT", path, operation, body=text.encode(), headers=headers, is_write=True
        )
        return strong(answer.headers.get("etag", ""))

    def delete(self, path: str, operation: str, *, etag: str = "", is_quiet: bool = True) -> None:
        """Remove a resource. `is_quiet`: a guest's copy goes without an answer being sent."""
        headers = {"If-Match": strong(etag)} if etag else {}
        if is_quiet:
            headers["Schedule-Reply"] = "F"
        self.ask("DELETE", path, operation, headers=headers, is_write=True)


def _may_be_one(error: ProviderError) -> bool:
    """True for a failure that one bad resource can cause: broken XML, a server's own error."""
    return error.reason in ("not_dav", "status_500", "answer_too_large")


def strong(etag: str) -> str:
    """A version in the form that every server takes: quoted, not weak, one."""
    etag = etag.strip().removeprefix("W/").removeprefix("w/").strip()
    if not etag:
        return ""
    return etag if etag.startswith('"') else f'"{etag}"'


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").rstrip("."), port
