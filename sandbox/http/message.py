"""Request and response values that every service of the sandbox speaks."""

import gzip
import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, parse_qsl, urlsplit


@dataclass(slots=True)
class Request:
    """One HTTP request; `headers` has lower-case names, `query` keeps repeated values."""

    method: str
    target: str
    headers: dict
    body: bytes = b""
    path: str = ""
    query: dict = field(default_factory=dict)
    args: dict = field(default_factory=dict)
    base_url: str = ""

    def __post_init__(self):
        parts = urlsplit(self.target)
        self.path = self.path or parts.path
        self.query = self.query or parse_qs(parts.query, keep_blank_values=True)

    def param(self, name, default=None):
        """First value of a query parameter."""
        values = self.query.get(name)
        return values[0] if values else default

    def form(self):
        """Body of an HTML form as a dictionary (the last of repeated values wins)."""
        return dict(self.form_pairs())

    def form_pairs(self):
        """Body of an HTML form as a list of pairs."""
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    def json(self):
        """Body as JSON; an empty body is an empty object. Raises ValueError."""
        return json.loads(self.body) if self.body.strip() else {}

    def header(self, name, default=""):
        """Value of a header; `name` in lower case."""
        return self.headers.get(name, default)


@dataclass(slots=True)
class Response:
    """One HTTP answer. `cut` asks the server to break it: see `server.Handler.send`."""

    status: int = 200
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    cut: str = ""


def json_response(value, status=200, **headers):
    """An answer with a JSON body; header names are given with underscores."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(status, body, {"Content-Type": "application/json; charset=UTF-8", **named})


def html_response(text, status=200, **headers):
    """An answer with an HTML page."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, text.encode(), {"Content-Type": "text/html; charset=utf-8", **named})


def redirect(url, status=302):
    """Send the browser elsewhere."""
    return Response(status, b"", {"Location": url, "Content-Length": "0"})


def compress(request, response):
    """Gzip a body of some size for clients that ask for it, as Google does."""
    if len(response.body) < 1024 or "gzip" not in request.header("accept-encoding"):
        return
    if "Content-Encoding" not in response.headers:
        response.body = gzip.compress(response.body, compresslevel=1)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
