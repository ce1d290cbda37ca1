"""The process of the stub: counters, faults, the server. Prints the port that it took."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from . import google, microsoft
from .shelf import Request, Shelf

SERVICES = {
    "google": (google.GoogleShelf, google.answer),
    "microsoft": (microsoft.MicrosoftShelf, microsoft.answer),
}
BIG = 2500


class World:
    """All calendars, faults and counters of the running stub."""

    def __init__(self) -> None:
        self.shelves: dict[tuple[str, str], Shelf] = {}
        self.lock = threading.Lock()
        self.latency_s = 0.0
        self.max_page = BIG
        self.late_inserts = 0
        self.late_s = 0.0
        self.reset()

    def reset(self) -> None:
        """Zero the counters."""
        self.stats = {"requests": 0, "connections": 0, "bytes_out": 0, "by": {}}

    def shelf(self, service: str, token: str) -> Shelf:
        """The calendar of this token, made on first use."""
        with self.lock:
            if (service, token) not in self.shelves:
                self.shelves[service, token] = SERVICES[service][0](token)
            return self.shelves[service, token]

    def count(self, kind: str) -> None:
        """Count one request."""
        with self.lock:
            self.stats["requests"] += 1
            self.stats["by"][kind] = self.stats["by"].get(kind, 0) + 1

    def delay_s(self, kind: str) -> float:
        """How long this answer is held back, in seconds."""
        with self.lock:
            if kind == "insert" and self.late_inserts:
                self.late_inserts -= 1
                return self.latency_s + self.late_s
        return self.latency_s

    def control(self, order: dict) -> dict:
        """What `/_ctl` does."""
        if order.get("reset"):
            self.reset()
        for name in ("latency_s", "late_inserts", "late_s", "max_page"):
            setattr(self, name, order.get(name, getattr(self, name)))
        answer: dict = {"stats": self.stats}
        if "token" in order:
            shelf = self.shelf(order["service"], order["token"])
            shelf.has_masters = order.get("has_masters", shelf.has_masters)
            if order.get("touch"):
                shelf.touch(order["touch"])
            answer["inserted"] = list(shelf.inserted)
        return answer


WORLD = World()


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with keep-alive and one write per answer."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True

    def log_message(self, *_args) -> None:
        """Say nothing: only counters matter here."""

    def setup(self) -> None:
        """Count connections."""
        super().setup()
        with WORLD.lock:
            WORLD.stats["connections"] += 1

    def answer(self, code: int, text: str) -> None:
        """Send one JSON answer."""
        body = text.encode()
        head = (
            f"HTTP/1.1 {code} OK\r\nContent-Type: application/json\r\n"
            f"Date: {self.date_time_string()}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with WORLD.lock:
            WORLD.stats["bytes_out"] += len(body)
        try:
            self.connection.sendall(head.encode() + body)
        except OSError:
            self.close_connection = True

    def handle_any(self) -> None:
        """Route every method."""
        started = time.perf_counter()
        url = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if url.path == "/_ctl":
            self.answer(200, json.dumps(WORLD.control(json.loads(raw or b"{}"))))
            return
        code, text, kind = route(self.request_of(url, raw))
        WORLD.count(kind)
        time.sleep(max(0.0, WORLD.delay_s(kind) - (time.perf_counter() - started)))
        self.answer(code, text)

    def request_of(self, url, raw: bytes) -> Request:
        """What was asked for."""
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        is_json = raw[:1] == b"{"
        return Request(
            method=self.command,
            path=unquote(url.path),
            query=query,
            body=json.loads(raw) if is_json else {},
            token=bearer or query.get("access_token", ""),
            etag=self.headers.get("If-Match") or "",
            prefer=self.headers.get("Prefer") or "",
            site=f"http://{self.headers.get('Host')}",
        )

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any


def route(request: Request) -> tuple[int, str, str]:
    """Answer one call: status, JSON text, kind of call."""
    if request.path.endswith("/token"):
        return 200, json.dumps({"access_token": request.token or "x", "expires_in": 3600}), "token"
    service = "microsoft" if request.path.startswith("/v1.0/") else "google"
    return SERVICES[service][1](WORLD.shelf(service, request.token), request, WORLD.max_page)


class Server(ThreadingHTTPServer):
    """One thread a connection."""

    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
