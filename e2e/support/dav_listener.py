"""The sockets of the CalDAV proxy: reads requests, sends answers, and spoils the sending."""

from __future__ import annotations

import http.client
import socket
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .dav_faults import Request, refusal


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go out apart: 40 ms per answer otherwise

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self._any
        raise AttributeError(name)

    def _any(self):
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        request = Request(0, self.command, self.path, headers, body)
        try:
            reply, fault = self.server.proxy.answer(request)
        except (OSError, http.client.HTTPException):
            reply, fault = refusal(502, "upstream"), None
        with suppress(OSError):
            self._send(reply, fault.kind if fault else "", fault)

    def _send(self, reply, kind, fault):
        if reply is None:
            self._hang_up()
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if kind == "endless":
            self._endless()
            return
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if kind == "cut":
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self._hang_up()
        elif kind == "drip":
            self._drip(reply.body, fault.seconds)
        else:
            self.wfile.write(reply.body)

    def _endless(self):
        self.end_headers()
        self.close_connection = True
        while True:  # until the client has enough
            self.wfile.write(b"<a>" * 100_000)

    def _drip(self, body, seconds):
        for number in range(len(body)):
            self.wfile.write(body[number : number + 1])
            self.wfile.flush()
            time.sleep(seconds)

    def _hang_up(self):
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_arguments):
        """Nothing on the terminal; the proxy keeps a log of its own."""


class Listener(ThreadingHTTPServer):
    """The sockets of a proxy: one thread per connection."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address, proxy):
        super().__init__(address, _Handler)
        self.proxy = proxy
