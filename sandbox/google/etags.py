"""Etags: quoted text that changes with every change of the thing."""

from .errors import condition_not_met

BASE = 3_500_000_000_000_000


def etag_of(rev):
    """The etag of a revision number, looking like Google's."""
    return f'"{BASE + rev * 2}"'


def check_if_match(request, etag):
    """412 when the request names another state than the current one."""
    wanted = request.header("if-match")
    if wanted and wanted.strip() != "*" and etag not in [t.strip() for t in wanted.split(",")]:
        raise condition_not_met()


def is_unchanged(request, etag):
    """Whether a GET with If-None-Match may be answered 304."""
    wanted = request.header("if-none-match")
    return bool(wanted) and etag in [t.strip() for t in wanted.split(",")]
