"""A proxy in front of a real CalDAV server: passwords, a request log, faults, other manners.

    with DavProxy(server) as proxy:
        proxy.url                              # what a client is told
        proxy.fault("drop_after", method="PUT")      # see dav_faults.py
        proxy.manners.has_sync = False         # a server of another kind, see dav_manners.py
        proxy.scheduling.is_on = True          # invitations, see dav_scheduling.py
        proxy.forget_tokens()                  # every sync token handed out so far is lost
        proxy.requests(method="PUT")           # what was asked, oldest first
        proxy.calm()                           # everything as at the beginning; the log stays

It lives in a thread of the process that made it and ends with it. Both sides may use it: a request
with the header `X-Other-Side: yes` meets no fault and no manner, and is not in the log.
"""

from __future__ import annotations

import base64
import http.client
import itertools
import threading
import time
from collections import namedtuple
from contextlib import suppress
from dataclasses import replace

from .dav_faults import AFTER, BEFORE, Fault, Reply, Request
from .dav_listener import Listener
from .dav_manners import Manners
from .dav_scheduling import Scheduling
from .processes import free_port

OTHER_SIDE = "X-Other-Side"
NOT_PASSED_ON = {"host", "connection", "accept-encoding", "content-length", "x-remote-user"}
NOT_PASSED_BACK = {"connection", "transfer-encoding", "content-length", "keep-alive", "date"}
UPSTREAM_PATIENCE_S = 60
Credentials = namedtuple("Credentials", "name password")


class DavProxy:
    """See the module. A user's name is the e-mail address."""

    def __init__(self, server, port: int = 0):
        self.server = server
        self.port = free_port(port or None)
        self.manners = Manners()
        self.scheduling = Scheduling(self)
        self._numbers = itertools.count(1)
        self._faults: list[Fault] = []
        self._log: list[Request] = []
        self.refused: list[str] = []
        """User names of requests that were turned away, oldest first; '' for none."""
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._server = Listener(("127.0.0.1", self.port), self)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> DavProxy:
        return self

    def __exit__(self, *_error) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    # -- for tests --------------------------------------------------------------------------------
    def fault(self, kind: str, **values) -> Fault:
        """Let something go wrong, once unless `count` says otherwise."""
        made = Fault(kind, **values)
        self._faults.append(made)
        return made

    def calm(self) -> None:
        """No faults, the server's own manners, no scheduling."""
        self._faults.clear()
        self.manners = Manners()
        self.scheduling = Scheduling(self)

    def forget_tokens(self, answer: int | str = 0) -> None:
        """The server no longer knows any sync token that was handed out so far, and says so as
        `answer` tells (see `Manners.lost_token`); by default as the server itself would."""
        own = {"radicale": 403, "xandikos": 412}[self.server.name]
        self.manners.forget_tokens(answer or own)

    def requests(self, method: str = "", user: str = "", since: int = 0, body: str = ""):
        """What was asked, oldest first."""
        return [
            one
            for one in list(self._log)
            if method in ("", one.method) and user in ("", one.user) and one.n > since
            and body in one.text
        ]  # fmt: skip

    @property
    def last(self) -> int:
        """The number of the newest request."""
        return self._log[-1].n if self._log else 0

    def ask(self, method: str, path: str, user: str, body: bytes | str = b"", **headers) -> Reply:
        """A request of the other side, straight to the server."""
        return self.forward(_request(method, path, user, body, headers))

    def hand(self, method: str, path: str, user: str, body: bytes | str = b"", **headers) -> Reply:
        """A request of a person's own client: no faults, no manners, but people are told of it."""
        request = _request(method, path, user, body, headers)
        if not self.scheduling.is_on or method not in ("PUT", "DELETE"):
            return self.forward(request)
        with self._writing:
            return self.scheduling.write(request)

    # -- a request's way --------------------------------------------------------------------------
    def answer(self, request: Request) -> tuple[Reply | None, Fault | None]:
        """The reply (None: hang up) and the fault that spoils its sending, if any."""
        if not self._signs_in(request):
            self.refused.append(request.user)
            return _who_are_you(), None
        if request.headers.pop(OTHER_SIDE.lower(), ""):
            return self.forward(request), None
        with self._lock:
            request.n = next(self._numbers)
            self._log.append(request)
            fault = next((one for one in self._faults if one.meets(request)), None)
        reply = self._reply_with(request, fault)
        request.fault = fault.kind if fault else ""
        request.status = reply.status if reply else 0
        request.answer = reply.body if reply else b""
        return reply, fault

    def _reply_with(self, request: Request, fault: Fault | None) -> Reply | None:
        if fault and fault.kind in BEFORE:
            return self._before(fault)
        if fault and fault.kind == "slow":
            time.sleep(fault.seconds)
        if fault and fault.act:
            fault.act()
        is_race = bool(fault) and fault.kind == "race"
        reply = self._served(request, forgets_precondition=is_race)
        if fault and fault.kind in AFTER:
            return self._after(fault, reply)
        return reply

    def _before(self, fault: Fault) -> Reply | None:
        if fault.kind == "hang":
            time.sleep(fault.seconds)
        return None if fault.kind in ("hang", "drop") else fault.reply()

    def _after(self, fault: Fault, reply: Reply) -> Reply | None:
        match fault.kind:
            case "hang_after":
                time.sleep(fault.seconds)
                return None
            case "drop_after":
                return None
            case "error_after":
                return fault.reply()
            case "garbage":
                return Reply(200, {"Content-Type": "text/html"}, b"<html><p>Please sign in &nbsp")
        return reply

    def _served(self, request: Request, forgets_precondition: bool = False) -> Reply:
        """What the server answers, after its manners."""
        asked = replace(request, headers=dict(request.headers))  # the log keeps what was sent
        if forgets_precondition:
            asked.headers.pop("if-match", None)
        early = self.manners.instead(asked, self)
        if early is not None:
            return early
        if request.method in ("PUT", "DELETE") and self.scheduling.is_on:
            with self._writing:
                reply = self.scheduling.write(asked)
        else:
            reply = self.forward(self.manners.request(asked))
        if self.scheduling.is_on:
            reply = self.scheduling.advertised(request, reply)
        return self.manners.reply(request, reply)

    def forward(self, request: Request) -> Reply:
        """Ask the server itself."""
        headers = {k: v for k, v in request.headers.items() if k not in NOT_PASSED_ON}
        headers.setdefault("content-type", _kind_of(request))
        headers["accept-encoding"] = "identity"
        if self.server.asks_passwords:
            headers["authorization"] = self._authorization(request.user)
        else:
            headers["x-remote-user"] = request.user
            headers.pop("authorization", None)
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.port, timeout=UPSTREAM_PATIENCE_S
        )
        try:
            connection.request(request.method, request.path, request.body or None, headers)
            got = connection.getresponse()
            body = got.read()
        finally:
            connection.close()
        kept = {k: self._here(v) for k, v in got.getheaders() if k.lower() not in NOT_PASSED_BACK}
        return Reply(got.status, kept, body)

    def _here(self, value: str) -> str:
        """A header that names the server's own address names ours."""
        return value.replace(self.server.url, self.url)

    def _authorization(self, user: str) -> str:
        pair = f"{user}:{self.server.passwords.get(user, '')}"
        return "Basic " + base64.b64encode(pair.encode()).decode()

    def _signs_in(self, request: Request) -> bool:
        """Whether name and password are right. Also without them the way in may be asked."""
        if request.plain_path.rstrip("/") == "/.well-known/caldav":
            return True
        given = _credentials(request.headers.get("authorization", ""))
        request.user = given.name
        return bool(given.name) and self.server.passwords.get(given.name) == given.password


def _request(method, path, user, body, headers) -> Request:
    content = body.encode() if isinstance(body, str) else body
    names = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return Request(0, method, path, names, content, user)


def _credentials(header: str) -> Credentials:
    with suppress(ValueError):
        kind, _space, text = header.partition(" ")
        if kind.lower() == "basic":
            name, _colon, password = base64.b64decode(text).decode("utf-8").partition(":")
            return Credentials(name, password)
    return Credentials("", "")


def _who_are_you() -> Reply:
    return Reply(401, {"WWW-Authenticate": 'Basic realm="calendars"'}, b"")


def _kind_of(request: Request) -> str:
    return "text/calendar; charset=utf-8" if request.method == "PUT" else "application/xml"
