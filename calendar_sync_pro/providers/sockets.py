"""Connections of our own: bounded in time as a whole, and opened only where a guard lets them.

A socket's time-out starts anew with every byte, so a dripping server could hold a worker for
hours. An answer is therefore read through a file object that gives each read only the time that
is left. (Python bounds a TLS handshake as a whole by itself.)
"""

from __future__ import annotations

import http.client
import io
import logging
import os
import socket
import time
from contextvars import ContextVar

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util.connection import create_connection

from .guard import Guard

deadline: ContextVar[float | None] = ContextVar("calendar_sync_deadline", default=None)
"""When the request under way has to be over, on `time.monotonic`'s clock."""
MOST_ADDRESSES = 4
"""Of one name that are tried: a name may have any number of addresses that never answer."""


def new_session(guard: Guard | None, user_agent: str) -> requests.Session:
    """A session over such connections. With a guard it uses no proxy: a proxy would look names up
    by itself, where nothing can be checked."""
    session = requests.Session()
    adapter = _BoundAdapter(guard)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.headers["User-Agent"] = user_agent
    # Any auth object stops requests from putting a ~/.netrc password over our own.
    session.auth = lambda prepared: prepared
    if guard is not None:
        session.trust_env = False
        session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    return session


class _BoundFile(socket.SocketIO):
    def readinto(self, buffer) -> int | None:
        until = deadline.get()
        if until is not None:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            self._sock.settimeout(left)
        return super().readinto(buffer)


class _BoundResponse(http.client.HTTPResponse):
    def __init__(self, sock, *args, **kwargs) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        sock._io_refs += 1  # socket.makefile() does the same for the file object it returns
        self.fp = io.BufferedReader(_BoundFile(sock, "r"))


class _BoundConnection(urllib3.connection.HTTPConnection):
    response_class = _BoundResponse
    guard: Guard | None = None

    def _new_conn(self) -> socket.socket:
        if self.guard is None:
            return super()._new_conn()
        return _open(self, self.guard, is_tls=False)


class _BoundTlsConnection(urllib3.connection.HTTPSConnection):
    response_class = _BoundResponse
    guard: Guard | None = None

    def _new_conn(self) -> socket.socket:
        if self.guard is None:
            return super()._new_conn()
        return _open(self, self.guard, is_tls=True)


def _open(connection, guard: Guard, *, is_tls: bool) -> socket.socket:
    """A connection to the first address of the name that answers. Name and certificate are
    compared later, by the library, as always: only the lookup is ours."""
    problem: OSError | None = None
    found = guard.addresses(connection._dns_host, connection.port, is_tls=is_tls)
    for address in found[:MOST_ADDRESSES]:
        try:
            return create_connection(
                (address, connection.port),
                connection.timeout,
                source_address=connection.source_address,
                socket_options=connection.socket_options,
            )
        except OSError as error:
            problem = error
    if isinstance(problem, TimeoutError):
        raise urllib3.exceptions.ConnectTimeoutError(connection, "timed out")
    raise urllib3.exceptions.NewConnectionError(connection, "no connection")


class _BoundAdapter(HTTPAdapter):
    def __init__(self, guard: Guard | None) -> None:
        self._guard = guard
        super().__init__(pool_connections=4, pool_maxsize=2, max_retries=0)

    def init_poolmanager(self, *args, **kwargs) -> None:
        """Pools whose connections are ours."""
        super().init_poolmanager(*args, **kwargs)
        own = {"guard": self._guard}
        plain = type("_Connection", (_BoundConnection,), own)
        tls = type("_TlsConnection", (_BoundTlsConnection,), own)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("_Pool", (urllib3.HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_TlsPool", (urllib3.HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }


class _NoAddresses(logging.Filter):
    """Keeps the libraries' own debug lines, which hold addresses with their queries, out."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop what is logged while one of our requests is under way."""
        return deadline.get() is None


logging.getLogger("urllib3.connectionpool").addFilter(_NoAddresses())
