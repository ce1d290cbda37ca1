"""A WebDAV server that answers by a script: what other servers were seen to say while a client
looks for the calendars."""

from __future__ import annotations

import base64
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NS = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
HTML = b"<!doctype html><html><body>Please sign in</body></html>"


def found(href, properties):
    """A multistatus about one resource; `properties` is XML."""
    return 207, {}, (
        f'<?xml version="1.0"?><multistatus {NS}><response><href>{href}</href><propstat><prop>'
        f"{properties}</prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
    ).encode()  # fmt: skip


def principal_is(href):
    """RFC 5397."""
    return f"<current-user-principal><href>{href}</href></current-user-principal>"


def home_is(href, *addresses):
    """RFC 4791 §6.2.1, RFC 6638 §2.4.1."""
    people = "".join(f"<href>{one}</href>" for one in addresses)
    return (
        f"<C:calendar-home-set><href>{href}</href></C:calendar-home-set>"
        f"<C:calendar-user-address-set>{people}</C:calendar-user-address-set>"
        "<displayname>Ada Lovelace</displayname>"
    )


FOLDER = "<resourcetype><collection/></resourcetype>"
CALENDAR = "<resourcetype><collection/><C:calendar/></resourcetype>"


def moved(to, status=301):
    """A redirect."""
    return status, {"Location": to}, b""


@dataclass
class Script:
    """`answers` by path: (status, headers, body); every other path is 404. `password` is asked for
    by every path but `open_paths`."""

    host: str = "127.0.0.1"
    answers: dict = field(default_factory=dict)
    password: str = ""
    open_paths: set = field(default_factory=set)
    asked: list = field(default_factory=list)
    port: int = 0

    @property
    def url(self):
        """Where it answers."""
        return f"http://{self.host}:{self.port}"

    @property
    def trusted(self):
        """Its name for an administrator's list."""
        return f"{self.host}:{self.port}"

    @property
    def passwords(self):
        """Every password that arrived."""
        said = (headers.get("Authorization", "") for _m, _p, headers, _b in self.asked)
        return [base64.b64decode(one.split()[1]).decode() for one in said if one]

    def answer(self, path, headers):
        """What to say."""
        expected = base64.b64encode(f"ada:{self.password}".encode()).decode()
        is_known = headers.get("Authorization") == f"Basic {expected}"
        if self.password and path not in self.open_paths and not is_known:
            return 401, {"WWW-Authenticate": 'Basic realm="calendars"'}, b""
        return self.answers.get(path, (404, {}, b"nothing here"))


@contextmanager
def running(script):
    """The script, answering on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            script.asked.append((self.command, self.path, dict(self.headers), body))
            status, headers, content = script.answer(self.path, self.headers)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_PROPFIND = do_GET = do_REPORT = do_OPTIONS = answer

        def log_message(self, *_arguments):
            """Tests read `asked` instead."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
