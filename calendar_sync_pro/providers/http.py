"""The only place that sends: time-outs, a byte cap, TLS, and nothing secret in logs or errors.

Offered as a plain method (`Sender.send`) and as the transport object that
google-api-python-client expects (`Transport`). Answers come back as they are; what a status means
is decided by each adapter's `errors.py`. Nothing is ever repeated here: the engine decides that.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import urllib3

from ..core.errors import Unavailable
from . import meter
from .guard import Guard
from .sockets import deadline, new_session

CONNECT_TIMEOUT_S = 5.0
MAX_BYTES = 32 * 1024 * 1024
USER_AGENT = "calendar-sync-pro (gzip)"
TOO_MANY = 429
LONGEST_WAIT_S = 24 * 3600.0
"""A Retry-After beyond that is a mistake, or bad will: after a day it is asked again."""
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. Header names are in lower case. The body stays out of the repr."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Answer(status={self.status}, bytes={len(self.body)})"

    @property
    def server_time(self) -> datetime | None:
        """The server's clock (Date header), aware UTC, or None."""
        return _http_date(self.headers.get("date", ""))

    @property
    def retry_after_s(self) -> float | None:
        """How long the server wants us to wait (RFC 9110 §10.2.3), in seconds, or None."""
        return retry_after_s(self.headers.get("retry-after", ""), self.server_time)

    def json(self) -> Any:
        """The body as JSON. Raises ValueError when it is something else."""
        return json.loads(self.body)


def retry_after_s(text: str, server_time: datetime | None = None) -> float | None:
    """Seconds to wait by a Retry-After of either form; None when absent or senseless.

    A date is counted from the server's own clock when the answer carried one.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT_S)
    until = _http_date(text)
    if until is None:
        return None
    wait_s = (until - (server_time or datetime.now(UTC))).total_seconds()
    return min(max(0.0, wait_s), LONGEST_WAIT_S)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


class Sender:
    """Sends requests over kept-alive connections; one per run, not shared between threads.

    `timeout_s` bounds a whole request from the first byte sent to the last byte read, also with
    a server that drips. Redirects are not followed: a moved API is not followed with a token.
    `guard` is for addresses that a user typed in: it decides at every connection.
    """

    def __init__(
        self,
        *,
        timeout_s: float = 20.0,
        max_bytes: int = MAX_BYTES,
        guard: Guard | None = None,
    ) -> None:
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._session = new_session(guard, USER_AGENT)

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | str | None = None,
        form: Mapping[str, str] | None = None,
        is_write: bool | None = None,
    ) -> Answer:
        """Send once and return whatever status comes.

        Raises Unavailable when nothing usable came back; `has_unknown_outcome` then says whether
        a write may have happened. By default everything but GET and HEAD is a write. What the
        guard refuses is Unavailable too (`address_not_allowed`): nothing was sent.
        """
        if is_write is None:
            is_write = method not in _READS
        meter.note("sign_ins" if form is not None else "writes" if is_write else "reads")
        started = deadline.set(time.monotonic() + self._timeout_s)
        try:
            return self._exchange(method, url, headers, form if form is not None else body)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            problem, was_sent = _problem(error)
        finally:
            deadline.reset(started)
        # Raised outside of the handler: the library's message holds the address and its query.
        raise Unavailable(problem, has_unknown_outcome=is_write and was_sent)

    def _exchange(self, method, url, headers, content) -> Answer:
        response = self._session.request(
            method,
            url,
            headers=headers,
            data=content,
            timeout=(min(CONNECT_TIMEOUT_S, self._timeout_s), self._timeout_s),
            allow_redirects=False,
            stream=True,
        )
        try:
            body = self._read(response)
        except BaseException:  # passed on; only the connection must not stay open
            response.close()
            raise
        names = {name.lower(): value for name, value in response.headers.items()}
        if response.status_code == TOO_MANY:
            meter.note("throttled")
        return Answer(response.status_code, names, body)

    def _read(self, response: requests.Response) -> bytes:
        parts, size = [], 0
        for part in response.iter_content(_CHUNK_BYTES):
            size += len(part)
            if size > self._max_bytes:
                raise _TooLarge("too_large")
            parts.append(part)
        return b"".join(parts)


class _TooLarge(requests.RequestException):
    """The answer is longer than the cap."""


def _problem(error: Exception) -> tuple[str, bool]:
    """A safe reason for a failed exchange, and whether the request may have reached the server."""
    match error:
        case _TooLarge():
            return "answer_too_large", True
        case requests.ConnectTimeout():
            return "connect_timeout", False
        case requests.exceptions.SSLError():
            return "tls", False
        case requests.Timeout() | TimeoutError() | urllib3.exceptions.TimeoutError():
            return "timeout", True
        case requests.exceptions.InvalidURL() | requests.exceptions.MissingSchema():
            return "bad_address", False
    if _chain_has(error, (urllib3.exceptions.NewConnectionError,)):
        return "connect", False
    if _chain_has(error, (TimeoutError, urllib3.exceptions.TimeoutError)):
        return "timeout", True
    return "connection_lost", True


def _chain_has(error: BaseException | None, kinds: tuple[type, ...], depth: int = 6) -> bool:
    """True when `error`, what it wraps or what it came from is one of `kinds`."""
    if error is None or depth == 0:
        return False
    if isinstance(error, kinds):
        return True
    inner = [a for a in error.args if isinstance(a, BaseException)]
    inner += [getattr(error, "reason", None), error.__context__]
    return any(_chain_has(one, kinds, depth - 1) for one in inner if isinstance(one, BaseException))


class Transport:
    """The transport object (httplib2's calling form) for google-api-python-client.

    Adds the access token, and hands every answer that is not a success to `refuse`, which raises
    the adapter's typed error: so error bodies never reach the client library, which logs them.
    """

    def __init__(
        self, sender: Sender, access_token: str, refuse: Callable[[Answer, bool], Exception]
    ) -> None:
        self._sender = sender
        self._authorization = f"Bearer {access_token}"
        self._refuse = refuse

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        **_httplib2_options: Any,
    ) -> tuple[Any, bytes]:
        """Send once. Returns httplib2's pair of response and content; raises provider errors."""
        from httplib2 import Response  # only this provider's client library needs it

        own = {**(headers or {}), "authorization": self._authorization}
        is_write = own.get("x-http-method-override", method) not in _READS
        answer = self._sender.send(method, uri, headers=own, body=body, is_write=is_write)
        if not 200 <= answer.status < 300:
            raise self._refuse(answer, is_write)
        return Response({**answer.headers, "status": str(answer.status)}), answer.body

    def close(self) -> None:
        """Close the kept connections."""
        self._sender.close()
