"""Requests to Graph through our one Sender: JSON in and out, `Prefer` on each, batches of reads.

Nothing is retried here: the engine decides that. Links that Graph hands out are followed only on
the host that the app is configured for.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ...core.errors import Unavailable
from ..http import Answer, Sender
from . import errors

MAX_BATCH = 20
PREFER = 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="html"'
"""Asked for on every request: ids change when an event moves, unless immutable ones are named on
each; times and bodies come in one form."""


class Graph:
    """Requests of one connected account. Raises the errors of `core.errors`."""

    def __init__(self, api_url: str, access_token: str, *, timeout_s: float) -> None:
        parts = urlsplit(api_url)
        self._host = f"{parts.scheme}://{parts.netloc}"
        self._base = parts.path.rstrip("/")
        self._authorization = f"Bearer {access_token}"
        self._sender = Sender(timeout_s=timeout_s)
        self.server_time: datetime | None = None

    def close(self) -> None:
        """Close the kept connections."""
        self._sender.close()

    def ask(
        self,
        method: str,
        path: str,
        operation: str,
        body: Mapping[str, Any] | None = None,
        *,
        etag: str = "",
        prefer: str = "",
        is_write: bool | None = None,
        **query: str,
    ) -> dict[str, Any]:
        """Send once; `{}` for an answer without a body. `path` begins behind the API's address.

        Query names are given with `_` for the `$`. `server_time` is Graph's clock afterwards.
        """
        url = self._host + self._base + located(path, query)
        return self._exchange(method, url, operation, body, etag, prefer, is_write=is_write)

    def follow(self, link: str, operation: str, *, prefer: str = "") -> dict[str, Any]:
        """GET a link that `own_link` gave."""
        return self._exchange("GET", self._host + link, operation, None, "", prefer)

    def own_link(self, link: str, operation: str) -> str:
        """A next or delta link without its host. Raises Unavailable for one to another host: it
        would carry the token there."""
        parts = urlsplit(link)
        if f"{parts.scheme}://{parts.netloc}" != self._host or not parts.path.startswith("/"):
            raise Unavailable("foreign_link", operation=operation)
        return f"{parts.path}?{parts.query}"

    def every(self, path: str, operation: str, **query: str) -> Iterator[Mapping[str, Any]]:
        """All entries of a listing, page by page."""
        answer = self.ask("GET", path, operation, **query)
        while True:
            if not isinstance(answer.get("value"), list):
                raise errors.garbage(operation, False)
            yield from answer["value"]
            link = answer.get("@odata.nextLink")
            if not link:
                return
            answer = self.follow(self.own_link(link, operation), operation)

    def read_many(self, paths: Sequence[str], operation: str) -> list[dict[str, Any] | None]:
        """GET all of `paths`, twenty to a request; None for what is not there.

        Any other refusal of a part is raised for the whole.
        """
        found: list[dict[str, Any] | None] = []
        for first in range(0, len(paths), MAX_BATCH):
            found += self._batch(paths[first : first + MAX_BATCH], operation)
        return found

    def _batch(self, paths: Sequence[str], operation: str) -> list[dict[str, Any] | None]:
        parts = [
            {"id": str(n), "method": "GET", "url": path, "headers": {"Prefer": PREFER}}
            for n, path in enumerate(paths)
        ]
        url = f"{self._host}{self._base}/$batch"
        answer = self._exchange("POST", url, operation, {"requests": parts}, "", "", is_write=False)
        try:
            by_id = {part["id"]: part for part in answer["responses"]}
            return [self._part(by_id[part["id"]], operation) for part in parts]
        except (KeyError, TypeError, AttributeError):
            raise errors.garbage(operation, False) from None

    def _part(self, part: Mapping[str, Any], operation: str) -> dict[str, Any] | None:
        headers = {name.lower(): value for name, value in (part.get("headers") or {}).items()}
        answer = Answer(part["status"], headers, json.dumps(part.get("body")).encode())
        if 200 <= answer.status < 300:
            return dict(part["body"])
        error = errors.refusal(answer, operation, False)
        if isinstance(error, errors.NotFound):
            return None
        raise error

    def _exchange(
        self, method, url, operation, body, etag, prefer, is_write=None
    ) -> dict[str, Any]:
        headers = {
            "Authorization": self._authorization,
            "Prefer": f"{PREFER}, {prefer}" if prefer else PREFER,
            "client-request-id": str(uuid.uuid4()),
        }
        headers |= {"If-Match": etag} if etag else {}
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        content = json.dumps(body).encode() if body is not None else None
        answer = self._sender.send(method, url, headers=headers, body=content, is_write=is_write)
        is_write = method != "GET" if is_write is None else is_write
        if not 200 <= answer.status < 300:
            raise errors.refusal(answer, operation, is_write)
        self.server_time = answer.server_time
        return _object(answer, operation, is_write)


def _object(answer: Answer, operation: str, is_write: bool) -> dict[str, Any]:
    if answer.status in (202, 204) or (is_write and not answer.body):
        return {}
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise errors.garbage(operation, is_write)
    return found


def located(path: str, query: Mapping[str, str]) -> str:
    """The path with its query; `_select` becomes `$select`. Spaces are %20, never `+`."""
    pairs = {f"${name[1:]}" if name[0] == "_" else name: value for name, value in query.items()}
    return f"{path}?{urlencode(pairs, quote_via=quote, safe='$,()')}" if pairs else path


def segment(identifier: str) -> str:
    """An id as one segment of a path."""
    return quote(identifier, safe="=")
