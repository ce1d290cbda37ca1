"""The frame of every page, and its style sheet and script."""

from pathlib import Path

from ..html import render
from ..http.message import Response, html_response

STATIC = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript"}


def page(title, body, status=200):
    """A whole page around `body`, which is HTML."""
    whole = render("page", title=title, body=body)
    return html_response(whole, status, Cache_Control="no-store")


def static(_world, request):
    """Style sheet and script."""
    path = STATIC / request.args["name"]
    if path.parent != STATIC or path.suffix not in KINDS or not path.is_file():
        return Response(404, b"Not Found", {"Content-Type": "text/plain"})
    kind = KINDS[path.suffix] + "; charset=utf-8"
    return Response(200, path.read_bytes(), {"Content-Type": kind})
