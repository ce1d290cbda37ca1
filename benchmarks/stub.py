"""A fast loopback Google for benchmarks only: it costs about 12 ms per 1,000 events.

The sandbox is the faithful one; this one exists so that the provider's own time does not blur the
comparison. A token `acct-<name>-n<N>` stands for a calendar with N generated events. `/_ctl`
touches events, sets latency, makes answers late, and returns counters.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

import requests

from .workload import entry, owner, stamp, to_google

EVENTS = re.compile(r"/calendar/v3/calendars/[^/]+/events(?:/([^/]+))?$")


class Calendar:
    """One account's calendar: rendered events and a revision counter."""

    def __init__(self, token: str) -> None:
        self.account, count = re.match(r"acct-(\w+)-n(\d+)$", token).groups()
        self.lock = threading.Lock()
        self.revision = 1
        self.entries = [entry(self.account, number) for number in range(int(count))]
        self.singles = [item for item in self.entries if not item.is_series]
        self.changed_at: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        self.inserted: list[str] = []
        self.next_touch = 0
        for item in self.entries:
            self._store(item.key, to_google(self.account, item))

    def _store(self, key: str, payload: dict) -> None:
        self.texts[key] = json.dumps(payload)
        self.changed_at[key] = self.revision

    def touch(self, count: int) -> None:
        """Change `count` single events, half of them in title and half in time."""
        with self.lock:
            self.revision += 1
            updated = stamp(datetime.now(UTC) + timedelta(seconds=1))
            for position in range(count):
                item = self.singles[(self.next_touch + position) % len(self.singles)]
                if position % 2:
                    item.title += f" v{self.revision}"
                else:
                    item.start += timedelta(minutes=30)
                    item.stop += timedelta(minutes=30)
                self._store(item.key, to_google(self.account, item, updated))
            self.next_touch += count

    def since(self, revision: int) -> list[str]:
        """Everything that changed after `revision`, as JSON texts."""
        return [self.texts[key] for key, at in self.changed_at.items() if at > revision]

    def insert(self, payload: dict) -> dict | None:
        """Create; None when the chosen id exists."""
        with self.lock:
            key = payload.get("id") or f"stub{self.revision}"
            if key in self.texts:
                return None
            self.revision += 1
            now = stamp(datetime.now(UTC))
            payload = {
                **payload,
                "id": key,
                "etag": f'"{key}-{self.revision}"',
                "status": payload.get("status", "confirmed"),
                "created": now,
                "updated": now,
                "organizer": {"email": owner(self.account), "self": True},
                "creator": {"email": owner(self.account), "self": True},
                "iCalUID": payload.get("iCalUID") or f"{key}@google.example",
                "sequence": 0,
            }
            for edge in ("start", "end"):
                payload[edge] = {name: value for name, value in payload[edge].items() if value}
            self._store(key, payload)
            self.inserted.append(payload.get("summary", ""))
            return payload

    def patch(self, key: str, changes: dict) -> dict | None:
        """Merge `changes`; None when there is no such event."""
        with self.lock:
            if key not in self.texts:
                return None
            self.revision += 1
            payload = json.loads(self.texts[key]) | changes
            payload |= {"updated": stamp(datetime.now(UTC)), "etag": f'"{key}-{self.revision}"'}
            self._store(key, payload)
            return payload


class World:
    """All calendars, faults and counters of the running stub."""

    def __init__(self) -> None:
        self.calendars: dict[str, Calendar] = {}
        self.lock = threading.Lock()
        self.latency_s = 0.0
        self.late_inserts = 0
        self.late_s = 0.0
        self.reset()

    def reset(self) -> None:
        """Zero the counters."""
        self.stats = {"requests": 0, "connections": 0, "bytes_out": 0, "by": {}}

    def calendar(self, token: str) -> Calendar:
        """The calendar of this token, made on first use."""
        with self.lock:
            if token not in self.calendars:
                self.calendars[token] = Calendar(token)
            return self.calendars[token]

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
        self.latency_s = order.get("latency_s", self.latency_s)
        self.late_inserts = order.get("late_inserts", self.late_inserts)
        self.late_s = order.get("late_s", self.late_s)
        answer: dict = {"stats": self.stats}
        if "token" in order:
            calendar = self.calendar(order["token"])
            if order.get("touch"):
                calendar.touch(order["touch"])
            answer["inserted"] = list(calendar.inserted)
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
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if url.path == "/_ctl":
            self.answer(200, json.dumps(WORLD.control(json.loads(body or b"{}"))))
            return
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        token = bearer or query.get("access_token", "")
        code, text, kind = route(self.command, unquote(url.path), query, body, token)
        WORLD.count(kind)
        time.sleep(max(0.0, WORLD.delay_s(kind) - (time.perf_counter() - started)))
        self.answer(code, text)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any


def route(method: str, path: str, query: dict, body: bytes, token: str) -> tuple[int, str, str]:
    """Answer one API call: status, JSON text, kind of call."""
    if path.endswith("/token"):
        return 200, json.dumps({"access_token": token or "x", "expires_in": 3600}), "token"
    found = EVENTS.match(path)
    if not found:
        return 404, "{}", "other"
    calendar, key = WORLD.calendar(token), found.group(1)
    if method == "GET" and not key:
        return 200, listing(calendar, query), "list"
    if method == "GET":
        return (200, calendar.texts[key], "get") if key in calendar.texts else (404, "{}", "get")
    if method == "POST":
        made = calendar.insert(json.loads(body))
        return (200, json.dumps(made), "insert") if made else (409, DUPLICATE, "insert")
    changed = calendar.patch(key, json.loads(body))
    return (200, json.dumps(changed), "patch") if changed else (404, "{}", "patch")


DUPLICATE = json.dumps(
    {"error": {"code": 409, "errors": [{"domain": "global", "reason": "duplicate"}]}}
)


def listing(calendar: Calendar, query: dict) -> str:
    """One page of events; the last one carries the sync token."""
    size = min(int(query.get("maxResults", 250)), 2500)
    base, offset = int(query.get("syncToken", 0)), 0
    if query.get("pageToken"):
        base, offset = (int(part) for part in query["pageToken"].split("."))
    items = calendar.since(base)
    tail = f'"nextSyncToken":"{calendar.revision}"'
    if offset + size < len(items):
        tail = f'"nextPageToken":"{base}.{offset + size}"'
    page = ",".join(items[offset : offset + size])
    reminders = '"defaultReminders":[{"method":"popup","minutes":30}]'
    return (
        '{"kind":"calendar#events","timeZone":"UTC","accessRole":"owner",'
        f'{reminders},"items":[{page}],{tail}}}'
    )


class Server(ThreadingHTTPServer):
    """One thread a connection."""

    daemon_threads = True
    request_queue_size = 128


class StubProcess:
    """The stub in a process of its own, so that its work is not counted as ours."""

    def __enter__(self) -> Self:
        root = Path(__file__).resolve().parent.parent
        command = [sys.executable, "-m", "benchmarks.stub"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        self.session = requests.Session()
        self.session.trust_env = False
        return self

    def control(self, **order) -> dict:
        """Give an order; returns counters."""
        return self.session.post(f"{self.url}/_ctl", json=order, timeout=120).json()

    def __exit__(self, *_exc) -> None:
        self.process.terminate()
        self.process.wait()


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
