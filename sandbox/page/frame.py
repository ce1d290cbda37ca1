"""The frame of every page, and small pieces of HTML."""

from html import escape
from pathlib import Path
from urllib.parse import quote

from ..http.message import Response, html_response

STATIC = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript"}


def e(value):
    """Text made safe for HTML, attributes included."""
    return escape(str(value), quote=True)


def page(title, body, status=200):
    """A whole page."""
    return html_response(
        f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{e(title)}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page/static/page.css"><script src="/page/static/page.js" defer></script>
</head><body>{body}</body></html>""",
        status,
        Cache_Control="no-store",
    )


def static(_world, request):
    """Style sheet and script."""
    path = STATIC / request.args["name"]
    if path.parent != STATIC or path.suffix not in KINDS or not path.is_file():
        return Response(404, b"Not Found", {"Content-Type": "text/plain"})
    return Response(200, path.read_bytes(), {"Content-Type": KINDS[path.suffix] + "; charset=utf-8"})


def user_url(email, rest=""):
    """Address of an account's pages."""
    return f"/page/google/{quote(email)}{rest}"
