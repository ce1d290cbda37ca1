"""Sockets: HTTP/1.1 with keep-alive, one thread per connection, and ways to break an answer."""

import socket
import ssl
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .message import Request, Response, compress

MAX_BODY = 64 * 1024 * 1024
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with RST, the peer sees "connection reset"


class Handler(BaseHTTPRequestHandler):
    """Reads one request, asks the application, writes one answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    timeout = 120

    def handle_any(self):
        """Serve whatever method was used."""
        body = self._read_body()
        if body is None:
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        request.base_url = f"{self.server.scheme}://{headers.get('host') or self.server.netloc}"
        self.send(request, self.server.application(request))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = handle_any

    def _read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks()
        size = int(self.headers.get("Content-Length") or 0)
        if size > MAX_BODY:
            self.send_error(413)
            self.close_connection = True
            return None
        return self.rfile.read(size) if size else b""

    def _read_chunks(self):
        parts = []
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(parts)

    def send(self, request, response):
        """Write the answer, or break it: cut is `drop` (no byte) or `truncate` (half of it)."""
        if response.cut == "drop":
            self._reset()
            return
        compress(request, response)
        body = b"" if request.method == "HEAD" else response.body
        self.send_response_only(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if "Content-Length" not in response.headers:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if response.cut == "truncate" else body)
        self.wfile.flush()
        if response.cut == "truncate":
            self._reset(linger=False)

    def _reset(self, linger=True):
        self.close_connection = True
        if linger:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        try:
            self.connection.shutdown(socket.SHUT_RDWR) if not linger else self.connection.close()
        except OSError:
            pass

    def log_message(self, *_args):
        """The sandbox keeps its own request log; stderr stays quiet."""


class Server(ThreadingHTTPServer):
    """Listens on loopback and hands requests to `application(request) -> Response`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host, port, application, tls=None):
        self.application = application
        self.scheme = "https" if tls else "http"
        super().__init__((host, port), Handler)
        if tls:  # the handshake is the connection's thread's work, not the listener's
            self.socket = tls.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        self.netloc = f"{host}:{self.server_address[1]}"

    def start(self):
        """Serve in a background thread; returns at once."""
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def handle_error(self, request, client_address):
        """A client that went away is an everyday event here; anything else is shown."""
        everyday = (ConnectionError, TimeoutError, ValueError, ssl.SSLError)
        if not isinstance(sys.exc_info()[1], everyday):
            super().handle_error(request, client_address)


__all__ = ["Request", "Response", "Server"]
